"""`answers`: what was answered before, and why."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.cli.frame import DONE, Frame, with_globals
from assistant.cli.options import JsonOption
from assistant.cli.output import print_json, print_screen, say

if TYPE_CHECKING:
    from assistant.app import Assistant
    from assistant.render import Line

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
    """List the last answers, stances, comparisons and overviews, newest first."""
    from assistant.render import Line

    with frame.assistant() as assistant:
        rows = assistant.answers(limit)
    if as_json:
        names = ("answer_id", "time", "question", "kind")
        print_json(*(dict(zip(names, row, strict=True)) for row in rows))
    else:
        width = max((len(kind) for *_, kind in rows), default=0)
        lines = (Line.of(asked, first=f"{name}  {time[:16]}  {kind:<{width}}  ") for name, time, asked, kind in rows)
        print_screen(frame, lines)
    return DONE


def show_answer(frame: Frame, answer_id: AnswerArgument, as_json: JsonOption = False) -> int:
    """Show an answer with its question."""
    from assistant.render import BLANK, Line

    with frame.assistant() as assistant:
        saved = json.loads(assistant.library.journal.answer(answer_id))
        removed, changed = _outdated(frame, assistant, saved)
    if as_json:
        print_json({**saved, "removed": removed, "changed": changed})
    else:
        print_screen(frame, [Line.of((saved["question"], "bold")), BLANK, *_printed(saved)])
    return DONE


def explain_answer(
    frame: Frame,
    answer_id: AnswerArgument,
    paper: Annotated[str, typer.Argument(metavar="N|KEY", help="The number or the key of a paper in the answer.")],
    as_json: JsonOption = False,
) -> int:
    """Say why an answer cites a paper: its quotes, its rank, and what ranked just below."""
    with frame.assistant() as assistant:
        why = assistant.why(answer_id, int(paper) if paper.isdecimal() else paper)
        _outdated(frame, assistant, json.loads(assistant.library.journal.answer(answer_id)))
    if as_json:
        print_json(why.to_json())
    else:
        from assistant.render import why_lines

        print_screen(frame, why_lines(why))
    return DONE


def replay_answer(frame: Frame, answer_id: AnswerArgument) -> int:
    """Print an answer exactly as it was printed, without a model."""
    with frame.assistant() as assistant:
        saved = json.loads(assistant.library.journal.answer(answer_id))
        _outdated(frame, assistant, saved)
    print_screen(frame, _printed(saved))
    return DONE


def _printed(saved: Mapping[str, Any]) -> Iterator[Line]:
    """Return the lines that were printed of what was saved, of whatever kind."""
    from pydantic import TypeAdapter

    from assistant.answers import Answer, Summary, Table
    from assistant.history import Kind
    from assistant.render import answer_lines, stance_lines, summary_lines, table_lines
    from assistant.stance import StanceReport

    kind = saved.get("kind", Kind.ANSWER)
    if kind == Kind.STANCE:
        return stance_lines(TypeAdapter(StanceReport).validate_python(saved["result"]))
    if kind == Kind.COMPARISON:
        return table_lines(TypeAdapter(Table).validate_python(saved["result"]))
    if kind == Kind.SUMMARY:
        return summary_lines(TypeAdapter(Summary).validate_python(saved["result"]))
    return answer_lines(TypeAdapter(Answer).validate_python(saved))


def _outdated(frame: Frame, assistant: Assistant, saved: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    from assistant.history import outdated

    removed, changed = outdated(saved, assistant.find)
    _warn(frame, removed, changed)
    return removed, changed


def _warn(frame: Frame, removed: list[str], changed: list[str]) -> None:
    """Say which citations of an answer no longer hold."""
    for key in removed:
        say(frame, f"{key} was removed from the library since: it can no longer be cited")
    for key in changed:
        say(frame, f"the abstract of {key} has changed since: its quotes no longer stand in it")
