"""`answers`: what was answered before, and why."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli.frame import DONE, Frame, with_globals
from assistant.cli.options import JsonOption
from assistant.cli.output import print_json, print_screen, say

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
        answer = _read(saved)
        removed, changed = _outdated(answer, assistant)
        _warn(frame, removed, changed)
        if as_json:
            print_json({**json.loads(saved), "removed": removed, "changed": changed})
        else:
            lines = answer_lines(answer)
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
        _warn(frame, *_outdated(answer, assistant))
        print_screen(frame, answer_lines(answer))
    return DONE


def _read(saved: str) -> Answer:
    from pydantic import TypeAdapter

    from assistant.answers import Answer

    return TypeAdapter(Answer).validate_json(saved)


def _outdated(answer: Answer, assistant: Assistant) -> tuple[list[str], list[str]]:
    """Return the keys of cited papers that were removed since, and of those whose abstracts lost a quote."""
    papers = {reference.key: assistant.find(reference.key) for reference in answer.references}
    removed = [key for key, paper in papers.items() if paper is None]
    changed: dict[str, None] = {}
    for claim in answer.claims:
        for quote in claim.citations:
            paper = papers.get(quote.key)
            if paper is not None and paper.abstract[quote.start : quote.end] != quote.quote:
                changed[quote.key] = None
    return removed, list(changed)


def _warn(frame: Frame, removed: list[str], changed: list[str]) -> None:
    """Say which citations of an answer no longer hold."""
    for key in removed:
        say(frame, f"{key} was removed from the library since: it can no longer be cited")
    for key in changed:
        say(frame, f"the abstract of {key} has changed since: its quotes no longer stand in it")
