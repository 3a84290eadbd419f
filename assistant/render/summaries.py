"""Summaries, their tables and their years as lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.cells import cell_len

from assistant.answers import Summary, Table, YearCount
from assistant.render.answers import claims_under, reference_lines
from assistant.render.lines import BLANK, Line

_BAR = 30  # columns of the longest bar of a timeline


def summary_lines(summary: Summary) -> Iterator[Line]:
    """Yield a summary: overview, themes, table, years, gaps, papers, and the papers left out."""
    yield Line.of((summary.topic, "bold"))
    if summary.filters:
        yield Line.of((f"filter: {summary.filters}", "dim"))
    if summary.status == "refused":
        yield Line.of(("No summary: ", "bold yellow"), summary.reason or "no paper is about it")
        return
    yield Line.of((f"{len(summary.scope)} papers in scope, {len(summary.references)} cited", "dim"))
    yield from claims_under("At a glance", summary.overview)
    for section in summary.sections:
        yield from claims_under(section.title, section.claims)
        yield Line.of((f"papers: {', '.join(section.keys)}", "dim"), first="  ")
    yield from table_lines(summary.table)
    yield from _timeline_lines(summary.timeline)
    yield from claims_under("Open questions", summary.gaps)
    yield from reference_lines(summary.references)
    if summary.ledger.unused:
        yield BLANK
        yield Line.of(("In scope and not cited", "bold"))
        for entry in summary.ledger.unused:
            yield Line.of((entry.key, "cyan"), f": {entry.reason}", first="  ")


def table_lines(table: Table) -> Iterator[Line]:
    """Yield a comparison table, one block a paper, so that it can be read at any width."""
    if not table.rows:
        return
    yield BLANK
    yield Line.of(("Side by side", "bold"))
    width = max(cell_len(column) for column in table.columns)
    for row in table.rows:
        yield Line.of((row.key, "cyan"), first="  ")
        for column, cell in zip(table.columns, row.cells, strict=True):
            value = cell.value if cell.value is not None else "not in the abstract"
            style = "" if cell.value is not None else "dim"
            yield Line.of((value, style), first=f"    {column:<{width}}  ")


def _timeline_lines(timeline: Sequence[YearCount]) -> Iterator[Line]:
    if not timeline:
        return
    yield BLANK
    yield Line.of(("By year", "bold"))
    most = max(entry.papers for entry in timeline)
    for entry in timeline:
        bar = "█" * max(1, round(_BAR * entry.papers / most)) if entry.papers else ""
        yield Line.of((bar, "cyan"), f" {entry.papers}", first=f"  {entry.year or 'no year':>7} ")
