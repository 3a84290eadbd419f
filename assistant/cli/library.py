"""`library`: the state of the store, and what keeps it sound."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli.frame import DONE, FAILED, Frame, with_globals
from assistant.cli.options import FilterOption, JsonOption, WaitOption
from assistant.cli.output import notify, print_json, print_screen, say
from assistant.cli.progress import ingest_progress, papers_progress
from assistant.errors import StoreError, UsageError

if TYPE_CHECKING:
    from assistant.settings import Settings


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    library = typer.Typer(help="The library itself: its place, its size, its state.", no_args_is_help=True)
    for function in (status, doctor, reindex, backup, restore, enrich):
        library.command(function.__name__)(with_globals(function))
    app.add_typer(library, name="library")


def status(frame: Frame, as_json: JsonOption = False) -> int:
    """Show the library's place, size and state."""
    from assistant.render import Line

    with frame.assistant() as assistant:
        state = assistant.status()
    if as_json:
        print_json(state)
    else:
        print_screen(
            frame, (Line.of(_words(value), first=f"{name.replace('_', ' '):<16}") for name, value in state.items())
        )
    return DONE


def doctor(
    frame: Frame,
    repair: Annotated[bool, typer.Option("--repair", help="Mend what can be mended.")] = False,
    wait: WaitOption = None,
    as_json: JsonOption = False,
) -> int:
    """Look for damage; exit code 1 where there is any."""
    from assistant import upkeep
    from assistant.reembedding import complete
    from assistant.windows import WINDOW_RECIPE

    with frame.assistant(wait=wait) as assistant:
        store, embedder = assistant.store, assistant.embedder
        done = upkeep.repair(store, partial(complete, embedder=embedder), assistant.settings.wait) if repair else []
        for line in done:
            say(frame, line)
        findings = upkeep.examine(store, (embedder.name, WINDOW_RECIPE))
    if as_json:
        print_json(*({"code": found.code, "message": found.message, "mend": found.mend} for found in findings))
        return DONE
    if findings:
        for found in findings[1:]:
            say(frame, f"{found.message} ({found.mend})")
        raise StoreError(findings[0].message, findings[0].mend)
    sys.stdout.write(f"the library in {store} is sound\n")
    return DONE


def reindex(
    frame: Frame,
    embed: Annotated[bool, typer.Option("--embed", help="Compute every vector anew too.")] = False,
    embedder: Annotated[
        str | None,
        typer.Option("--embedder", metavar="SPEC", help="Compute every vector anew with this embedder."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before a run that costs money.")] = False,
    wait: WaitOption = None,
) -> int:
    """Build both indexes anew from the library, and give the bytes of removed papers back."""
    from assistant import upkeep
    from assistant.reembedding import reembed

    with frame.assistant(wait=wait, embedder=embedder) as assistant:
        seconds = assistant.settings.wait
        if embed or embedder:
            if not _pays(frame, assistant.store, assistant.settings, yes=yes):
                return FAILED
            with papers_progress(frame) as progress:
                reembed(assistant.store, assistant.embedder, wait=seconds, progress=progress)
        else:
            upkeep.reindex(assistant.store, lambda part: say(frame, f"building the index of {part}"), seconds)
        configured = frame.settings().embedder
    sys.stdout.write(f"both indexes of {assistant.store} are new\n")
    if embedder and embedder != configured:
        say(
            frame, f'from now on this library needs embedder = "{embedder}" in the configuration, or ASSISTANT_EMBEDDER'
        )
    return DONE


def _pays(frame: Frame, store: Path, settings: Settings, *, yes: bool) -> bool:
    """Say what embedding the library through a server means, and return whether the user wants it."""
    from assistant.embedding import embedding_cost
    from assistant.reembedding import tokens_to_embed

    cost = embedding_cost(settings.embedder, settings, lambda: tokens_to_embed(store))
    if cost is None:
        return True
    say(frame, cost)
    if yes:
        return True
    if not sys.stdin.isatty():
        raise UsageError("embedding through a paid server wants a yes", "say --yes")
    return typer.confirm("Go on?", err=True)


def backup(
    frame: Frame, file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to; must not exist.")]
) -> int:
    """Write the library into one file, even while papers are being added."""
    from assistant import upkeep

    upkeep.backup(frame.settings().store_path, file)
    sys.stdout.write(f"{file} holds the library\n")
    return DONE


def restore(
    frame: Frame,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file that backup wrote.")],
    wait: WaitOption = None,
) -> int:
    """Put a backup in the library's place; the library before is kept beside it."""
    from assistant import upkeep

    settings = frame.settings(wait=wait)
    papers = upkeep.restore(settings.store_path, file, settings.wait)
    sys.stdout.write(f"the library in {settings.store_path} holds {papers:,} papers\n")
    return DONE


def _words(value: object) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def enrich(frame: Frame, filter: FilterOption = "", as_json: JsonOption = False) -> int:
    """Complete papers that lack title, authors, year or abstract, from arXiv and Crossref.

    Asks these two public services about each such paper, at the pace they want; answers are kept for a day.
    """
    from assistant.render import ingest_lines

    with frame.assistant() as assistant, ingest_progress(frame) as progress:
        report = assistant.enrich(filters=filter, progress=progress)
        notify(frame, assistant)
    if as_json:
        print_json(report.to_json())
    else:
        print_screen(frame, ingest_lines(report))
    return DONE
