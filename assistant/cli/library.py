"""`library` and `answers`: the state of the store, and what was answered from it."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from assistant.cli.frame import DONE, Frame, with_globals
from assistant.cli.options import JsonOption
from assistant.cli.output import known_paper, print_json, print_screen, say
from assistant.errors import StoreError


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    library = typer.Typer(help="The library itself: its place, its size, its state.", no_args_is_help=True)
    for function in (status, doctor, reindex, backup, restore):
        library.command(function.__name__)(with_globals(function))
    app.add_typer(library, name="library")
    answers = typer.Typer(help="Answers given before.", no_args_is_help=True)
    answers.command("list")(with_globals(list_answers))
    answers.command("show")(with_globals(show_answer))
    app.add_typer(answers, name="answers")


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


def list_answers(
    frame: Frame,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, metavar="N", help="How many.")] = 20,
    as_json: JsonOption = False,
) -> int:
    """List the last answers, newest first."""
    from assistant.render import Line

    with frame.assistant() as assistant:
        rows = assistant.answers(limit)
    if as_json:
        print_json(*({"answer_id": name, "time": time, "question": question} for name, time, question in rows))
    else:
        print_screen(frame, (Line.of(question, first=f"{name}  {time[:16]}  ") for name, time, question in rows))
    return DONE


def show_answer(
    frame: Frame,
    answer_id: Annotated[str, typer.Argument(metavar="ID", help="The answer's id, or how it begins.")],
    as_json: JsonOption = False,
) -> int:
    """Show an answer as it was given."""
    with frame.assistant() as assistant:
        saved = assistant.library.journal.answer(answer_id)
        if as_json:
            print_json(json.loads(saved))
        else:
            from pydantic import TypeAdapter

            from assistant.answers import Answer
            from assistant.render import BLANK, Line, answer_lines

            answer = TypeAdapter(Answer).validate_json(saved)
            lines = answer_lines(answer, lambda key: known_paper(assistant, key))
            print_screen(frame, [Line.of((answer.question, "bold")), BLANK, *lines])
    return DONE


def _words(value: object) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)
