"""`answers`: what was answered before, and why."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli.frame import DONE, Frame, with_globals
from assistant.cli.options import JsonOption
from assistant.cli.output import known_paper, print_json, print_screen, say

if TYPE_CHECKING:
    from assistant.answers import Answer
    from assistant.app import Assistant

AnswerArgument = Annotated[str, typer.Argument(metavar="ID", help="The answer's id, or how it begins.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    answers = typer.Typer(help="Answers given before.", no_args_is_help=True)
    answers.command("list")(with_globals(list_answers))
    for name, function in (("show", show_answer), ("why", explain_answer), ("replay", replay_answer)):
        answers.command(name)(with_globals(function))
    app.add_typer(answers, name="answers")


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


def show_answer(frame: Frame, answer_id: AnswerArgument, as_json: JsonOption = False) -> int:
    """Show an answer with its question."""
    from assistant.render import BLANK, Line, answer_lines

    with frame.assistant() as assistant:
        saved = assistant.library.journal.answer(answer_id)
        if as_json:
            print_json(json.loads(saved))
        else:
            answer = _read(saved)
            lines = answer_lines(answer, lambda key: known_paper(assistant, key))
            print_screen(frame, [Line.of((answer.question, "bold")), BLANK, *lines])
    return DONE


def explain_answer(
    frame: Frame,
    answer_id: AnswerArgument,
    number: Annotated[int, typer.Argument(metavar="N", help="The number of a paper in the answer.")],
    as_json: JsonOption = False,
) -> int:
    """Say why an answer cites a paper: its quotes, its rank, and what ranked just below."""
    with frame.assistant() as assistant:
        why = assistant.why(answer_id, number)
    if as_json:
        print_json(why.to_json())
    else:
        from assistant.render import why_lines

        print_screen(frame, why_lines(why))
    return DONE


def replay_answer(frame: Frame, answer_id: AnswerArgument) -> int:
    """Print an answer exactly as it was printed, without a model."""
    from assistant.render import answer_lines

    with frame.assistant() as assistant:
        answer = _read(assistant.library.journal.answer(answer_id))
        for key in _changed(answer, assistant):
            say(frame, f"the abstract of {key} has changed since: its quotes no longer stand in it")
        print_screen(frame, answer_lines(answer, lambda key: known_paper(assistant, key)))
    return DONE


def _read(saved: str) -> Answer:
    from pydantic import TypeAdapter

    from assistant.answers import Answer

    return TypeAdapter(Answer).validate_json(saved)


def _changed(answer: Answer, assistant: Assistant) -> list[str]:
    """Return the keys of cited papers whose abstracts no longer hold the quotes."""
    changed: dict[str, None] = {}
    for claim in answer.claims:
        for citation in claim.citations:
            paper = known_paper(assistant, citation.key)
            if paper is None or paper.abstract[citation.start : citation.end] != citation.quote:
                changed[citation.key] = None
    return list(changed)
