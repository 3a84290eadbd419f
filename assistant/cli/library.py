"""`library`: the state of the store, and what keeps it sound."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from assistant.cli.frame import DONE, Frame, with_globals
from assistant.cli.options import JsonOption
from assistant.cli.output import print_json, print_screen, say
from assistant.errors import StoreError


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    library = typer.Typer(help="The library itself: its place, its size, its state.", no_args_is_help=True)
    for function in (status, doctor, reindex, backup, restore):
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
    as_json: JsonOption = False,
) -> int:
    """Look for damage; exit code 1 where there is any."""
    from assistant import upkeep

    store = frame.settings().store_path
    done = upkeep.repair(store) if repair else []
    findings = upkeep.examine(store)
    if as_json:
        print_json(*({"code": found.code, "message": found.message, "mend": found.mend} for found in findings))
        return DONE
    for line in done:
        say(frame, line)
    if findings:
        first = findings[0]
        more = f"; {len(findings) - 1} more, --json lists them" if len(findings) > 1 else ""
        raise StoreError(f"{first.message}{more}", first.mend)
    sys.stdout.write(f"the library in {store} is sound\n")
    return DONE


def reindex(frame: Frame) -> int:
    """Build both indexes anew from the library; no embedding is computed."""
    from assistant import upkeep

    store = frame.settings().store_path
    upkeep.reindex(store, lambda part: say(frame, f"building the index of {part}"))
    sys.stdout.write(f"both indexes of {store} are new\n")
    return DONE


def backup(
    frame: Frame, file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to; must not exist.")]
) -> int:
    """Write the library into one file, even while papers are being added."""
    from assistant import upkeep

    upkeep.backup(frame.settings().store_path, file)
    sys.stdout.write(f"{file} holds the library\n")
    return DONE


def restore(
    frame: Frame, file: Annotated[Path, typer.Argument(metavar="FILE", help="A file that backup wrote.")]
) -> int:
    """Put a backup in the library's place; the library before is kept beside it."""
    from assistant import upkeep

    store = frame.settings().store_path
    papers = upkeep.restore(store, file)
    sys.stdout.write(f"the library in {store} holds {papers:,} papers\n")
    return DONE


def _words(value: object) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)
