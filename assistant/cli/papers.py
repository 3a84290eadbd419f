"""`ingest`, `papers`, `show`, `remove`, `export`: papers in, looked at, and out."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli.frame import DONE, FAILED, Frame, with_globals
from assistant.cli.options import FilterOption, JsonOption, KeyArgument, OutOption, complete_key
from assistant.cli.output import lines_into, notify, print_json, print_screen, say, write_text
from assistant.cli.progress import ingest_progress
from assistant.errors import StoreError, UsageError

if TYPE_CHECKING:
    from assistant.app import Assistant
    from assistant.library import Order
    from assistant.papers import Paper


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    for function in (ingest, papers, show, remove, export):
        app.command(function.__name__)(with_globals(function))


def ingest(
    frame: Frame,
    sources: Annotated[
        list[str] | None,
        typer.Argument(metavar="SOURCE...", help="Files, folders, globs, - for stdin, arxiv:ID, doi:ID."),
    ] = None,
    sample: Annotated[bool, typer.Option("--sample", help="Add the sample library that comes along.")] = False,
    format: Annotated[str | None, typer.Option("--format", metavar="NAME", help="Read sources as this format.")] = None,
    rejections: Annotated[
        Path | None, typer.Option("--rejections", metavar="FILE", help="Write every rejection there, a JSON line each.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen, write nothing.")] = False,
    maximum: Annotated[int, typer.Option("--max", min=1, metavar="N", help="Records of an arxiv:search:QUERY.")] = 100,
    as_json: JsonOption = False,
) -> int:
    """Add papers to the library, or bring them up to date."""
    from assistant.render import ingest_lines

    if not sources and not sample:
        raise UsageError("nothing to ingest", "name a file or a folder, or say --sample")
    with frame.assistant() as assistant, ingest_progress(frame) as progress, lines_into(rejections) as note:
        if cost := assistant.ingest_cost(sources or [], format=format, sample=sample, maximum=maximum):
            say(frame, cost)
        report = assistant.ingest(
            sources or [],
            sample=sample,
            format=format,
            dry_run=dry_run,
            maximum=maximum,
            progress=progress,
            on_rejection=lambda rejection: note(asdict(rejection)),
        )
        notify(frame, assistant)
    if as_json:
        print_json(report.to_json())
    else:
        print_screen(frame, ingest_lines(report, dry_run=dry_run))
    return DONE


def papers(
    frame: Frame,
    filter: FilterOption = "",
    sort: Annotated[
        str, typer.Option("--sort", metavar="FIELD", help="added, key, year, title or author (first one).")
    ] = "added",
    reverse: Annotated[bool, typer.Option("--reverse", help="The other way round.")] = False,
    limit: Annotated[int | None, typer.Option("--limit", "-n", min=1, metavar="N", help="At most so many.")] = None,
    offset: Annotated[int, typer.Option("--offset", min=0, metavar="N", help="Pass over the first ones.")] = 0,
    as_json: JsonOption = False,
) -> int:
    """List the papers of the library."""
    from assistant.library import Order
    from assistant.render import paper_line

    order = Order(sort, reverse, offset, limit)
    with frame.assistant() as assistant:
        found = assistant.papers(filter, order)
        if as_json:
            for paper in found:
                print_json(paper.to_json())
        else:
            print_screen(frame, (paper_line(paper, first="") for paper in found))
        if limit or offset:
            _say_page(frame, order, assistant.count(filter))
    return DONE


def _say_page(frame: Frame, order: Order, total: int) -> None:
    """Say which part of the list this was, and how to get the next one."""
    end = min(total, order.offset + (order.limit or total))
    where = f"papers {order.offset + 1:,} to {end:,} of {total:,}" if order.offset < end else f"only {total:,} papers"
    say(frame, f"{where}; the next ones: --offset {end}" if end < total else where)


def show(frame: Frame, key: KeyArgument, as_json: JsonOption = False) -> int:
    """Show one paper: its record, its abstract, where it was read, and the papers nearest to it."""
    from assistant.render import BLANK, Line, neighbour_lines, paper_lines

    with frame.assistant() as assistant:
        paper = assistant.get(key)
        try:
            neighbours = assistant.nearest(paper.key)
        except StoreError as error:  # the record can be read where the indexes cannot
            neighbours = []
            assistant.notices.append(f"no neighbours: {error}")
        notify(frame, assistant)
    if as_json:
        print_json({**paper.to_json(), "neighbours": [neighbour.to_json() for neighbour in neighbours]})
    else:
        heading = (BLANK, Line.of(("Nearest papers", "bold"))) if neighbours else ()
        print_screen(frame, (*paper_lines(paper), *heading, *neighbour_lines(neighbours)))
    return DONE


def remove(
    frame: Frame,
    key: KeyArgument,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    as_json: JsonOption = False,
) -> int:
    """Remove a paper from the library."""
    from assistant.render import Line

    with frame.assistant() as assistant:
        paper = assistant.get(key)
        if not yes:
            if not sys.stdin.isatty():
                raise UsageError(f"removing {paper.key} needs a yes", "say --yes")
            if not typer.confirm(f"Remove {paper.key}, {Line.of(paper.title).plain!r}?", err=True):
                say(frame, f"{paper.key} stays")
                return FAILED
        assistant.remove([paper.key])
    if as_json:
        print_json({"removed": paper.key})
    else:
        print_screen(frame, [Line.of(f"removed {paper.key}")])
    return DONE


def export(
    frame: Frame,
    keys: Annotated[
        list[str] | None,
        typer.Argument(metavar="KEY...", help="Papers to export; all without any.", autocompletion=complete_key),
    ] = None,
    filter: FilterOption = "",
    answer: Annotated[
        str | None, typer.Option("--answer", metavar="ID", help="The papers that this answer cites.")
    ] = None,
    format: Annotated[str, typer.Option("--format", metavar="NAME", help="bibtex, ris, csl-json or jsonl.")] = "bibtex",
    out: OutOption = None,
) -> int:
    """Write papers as a bibliography."""
    from assistant.export import export as exported

    with frame.assistant() as assistant:
        chosen = _chosen(assistant, keys or [], filter, answer)
        text = "".join(exported(chosen, format))
        notify(frame, assistant)
    write_text(text, out)
    return DONE


def _chosen(assistant: Assistant, keys: list[str], filter: str, answer: str | None) -> Iterable[Paper]:
    """Return the papers named by keys or cited by an answer, all without either, that the filter lets pass."""
    if not keys and answer is None:
        return assistant.papers(filter)
    papers = {paper.key: paper for paper in map(assistant.get, keys)}
    if answer is not None:
        from assistant.history import as_answer

        saved = as_answer(json.loads(assistant.library.journal.answer(answer)))
        for key in (reference["key"] for reference in saved["references"]):
            paper = assistant.find(key)
            if paper is None:
                assistant.notices.append(f"{key} was removed from the library since")
            else:
                papers.setdefault(paper.key, paper)
    wanted = assistant.filter(filter)
    return (paper for paper in papers.values() if wanted.matches(paper))
