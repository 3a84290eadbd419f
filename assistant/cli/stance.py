"""`stance`: which papers support a claim, and which contradict it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli.frame import DONE, REFUSED, Frame, with_globals
from assistant.cli.options import FilterOption, JsonOption
from assistant.cli.output import notify, print_json, print_screen
from assistant.errors import UsageError

if TYPE_CHECKING:
    from assistant.render import Line
    from assistant.stance import StanceReport

_COLOURS = {"supports": "green", "contradicts": "red", "mixed": "yellow"}


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command("stance")(with_globals(stance))


def stance(
    frame: Frame,
    claim: Annotated[str, typer.Argument(metavar="CLAIM", help="One sentence, in quotes.")],
    filter: FilterOption = "",
    as_json: JsonOption = False,
) -> int:
    """Show where papers stand on a claim, each with the sentence that proves it."""
    if not claim.strip():
        raise UsageError("the claim is empty", "write one sentence in quotes")
    with frame.assistant() as assistant:
        report = assistant.stance(claim, filters=filter)
        notify(frame, assistant)
        if as_json:
            print_json(report.to_json())
        else:
            print_screen(frame, _lines(report))
    return DONE if any(paper.quotes for paper in report.papers) else REFUSED


def _lines(report: StanceReport) -> Iterator[Line]:
    from assistant.render import BLANK, Line

    yield Line.of((report.verdict, "bold"))
    for name in ("supports", "contradicts", "mixed"):
        for paper in report.papers:
            if paper.stance != name:
                continue
            yield BLANK
            yield Line.of((name, _COLOURS[name]), f"  {paper.title} ({paper.year or 'no year'}) {paper.key}")
            for side, quote in paper.quotes:
                yield Line.of(f"“{quote.quote}”", first="  + " if side == "supports" else "  - ")
    years = report.by_year()
    if len(years) > 1:
        yield BLANK
        for year, counts in years.items():
            said = ", ".join(f"{count} {name}" for name, count in counts.items())
            yield Line.of(said, first=f"  {year or 'no year'}  ")
