"""`stance`: which papers support a claim, and which contradict it."""

from __future__ import annotations

from typing import Annotated

import typer

from assistant.cli.frame import DONE, REFUSED, Frame, with_globals
from assistant.cli.given import given_text
from assistant.cli.options import FilterOption, JsonOption
from assistant.cli.output import notify, print_json, print_screen


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command("stance")(with_globals(stance))


def stance(
    frame: Frame,
    claim: Annotated[str, typer.Argument(metavar="CLAIM", help="One sentence, in quotes; - reads it from stdin.")],
    filter: FilterOption = "",
    as_json: JsonOption = False,
) -> int:
    """Show where papers stand on a claim, each with the sentence that proves it."""
    claim = given_text(claim, "CLAIM")
    with frame.assistant() as assistant:
        from assistant.history import Kind

        report = assistant.stance(claim, filters=filter)
        answer_id = assistant.remember(Kind.STANCE, claim, report, filters=filter)
        notify(frame, assistant)
        if as_json:
            print_json({"answer_id": answer_id, **report.to_json()})
        else:
            from assistant.render import stance_lines

            print_screen(frame, stance_lines(report))
    return DONE if any(paper.quotes for paper in report.papers) else REFUSED
