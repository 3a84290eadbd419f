"""`ingest`, `papers`, `show`, `remove`, `export`: papers in, looked at, and out."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli.frame import DONE, Frame, with_globals
from assistant.cli.options import FilterOption, JsonOption, KeyArgument, OutOption
from assistant.cli.output import notify, print_json, print_screen, write_text
from assistant.cli.progress import ingest_progress
from assistant.errors import UsageError

if TYPE_CHECKING:
    from assistant.app import Assistant
    from assistant.papers import Paper


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    for function in (ingest, papers, show, remove, export):
        app.command(function.__name__)(with_globals(function))


def ingest(
    frame: Frame,
    sources: Annotated[
        list[str] | None, typer.Argument(metavar="SOURCE", help="Files, folders, globs, - for stdin, arxiv:ID, doi:ID.")
    ] = None,
    sample: Annotated[bool, typer.Option("--sample", help="Add the sample library that comes along.")] = False,
    format: Annotated[str | None, typer.Option("--format", metavar="NAME", help="Read sources as this format.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen, write nothing.")] = False,
    maximum: Annotated[int, typer.Option("--max", min=1, metavar="N", help="Records of an arxiv:search:QUERY.")] = 100,
    as_json: JsonOption = False,
) -> int:
    """Add papers to the library, or bring them up to date."""
    from assistant.render import ingest_lines

    if not sources and not sample:
        raise UsageError("nothing to ingest", "name a file or a folder, or say --sample")
    with frame.assistant() as assistant, ingest_progress(frame) as progress:
        report = assistant.ingest(
            sources or [], sample=sample, format=format, dry_run=dry_run, maximum=maximum, progress=progress
        )
        notify(frame, assistant)
    if as_json:
        print_json(report.to_json())
    else:
        print_screen(frame, ingest_lines(report, dry_run=dry_run))
    return DONE


def papers(frame: Frame, filter: FilterOption = "", as_json: JsonOption = False) -> int:
    """List the papers of the library."""
    from assistant.render import paper_line

    with frame.assistant() as assistant:
        found = list(assistant.papers(filter))
    if as_json:
        print_json(*(paper.to_json() for paper in found))
    else:
        print_screen(frame, (paper_line(paper, first="") for paper in found))
    return DONE


def show(frame: Frame, key: KeyArgument, as_json: JsonOption = False) -> int:
    """Show one paper: its record, its abstract, and where it was read."""
    from assistant.render import paper_lines

    with frame.assistant() as assistant:
        paper = assistant.get(key)
    if as_json:
        print_json(paper.to_json())
    else:
        print_screen(frame, paper_lines(paper))
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
            typer.confirm(f"Remove {paper.key}, {Line.of(paper.title).plain!r}?", abort=True, err=True)
        assistant.remove([paper.key])
    if as_json:
        print_json({"removed": paper.key})
    else:
        print_screen(frame, [Line.of(f"removed {paper.key}")])
    return DONE


def export(
    frame: Frame,
    keys: Annotated[list[str] | None, typer.Argument(metavar="KEY", help="Papers to export; all without any.")] = None,
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
    write_text(text, out)
    return DONE


def _chosen(assistant: Assistant, keys: list[str], filter: str, answer: str | None) -> Iterable[Paper]:
    """Return the papers named by keys or cited by an answer, all without either, that the filter lets pass."""
    if answer is not None:
        saved = json.loads(assistant.library.journal.answer(answer))
        keys = [*keys, *(reference["key"] for reference in saved["references"])]
    if not keys and answer is None:
        return assistant.papers(filter)
    wanted = assistant.filter(filter)
    papers = {paper.key: paper for paper in map(assistant.get, keys)}
    return (paper for paper in papers.values() if wanted.matches(paper))
