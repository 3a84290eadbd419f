"""`library` and `answers`: the state of the store, and what was answered from it."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from assistant.cli.frame import DONE, Frame, with_globals
from assistant.cli.options import JsonOption
from assistant.cli.output import known_paper, print_json, print_screen


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    library = typer.Typer(help="The library itself: its place, its size, its state.", no_args_is_help=True)
    library.command("status")(with_globals(status))
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
