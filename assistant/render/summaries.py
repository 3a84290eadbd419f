"""Summaries, their tables and their years as lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.cells import cell_len

from assistant.answers import Observation, Section, Summary, Table, YearCount
from assistant.render.answers import claim_line, claims_under, reference_lines
from assistant.render.lines import BLANK, Line

_BAR = 30  # columns of the longest bar of a timeline


def summary_lines(summary: Summary) -> Iterator[Line]:
    """Yield a summary: overview, themes, table, years, gaps, contradictions, papers, and the papers left out."""
    yield Line.of((summary.topic, "bold"))
    if summary.filters:
        yield Line.of((f"filter: {summary.filters}", "dim"))
    if summary.status == "refused":
        yield Line.of(("No summary: ", "bold yellow"), summary.reason or "no paper is about it")
        return
    yield Line.of((summary.lead or f"{len(summary.scope)} papers in scope", "dim"))
    if summary.fallback:
        yield Line.of((f"Written without the model: {summary.fallback}", "yellow"))
    yield from claims_under("At a glance", summary.overview)
    for section in summary.sections:
        yield from _section_lines(section)
    if summary.table.rows:
        yield from _heading("Side by side")
        yield from table_lines(summary.table)
    yield from _timeline_lines(summary.timeline, summary.milestones)
    yield from claims_under("Open questions", summary.gaps)
    yield from _observed("Counted over these papers", summary.observations)
    for contradiction in summary.contradictions:
        yield from claims_under(f"Opposed: {contradiction.reason}", (contradiction.first, contradiction.second))
    yield from reference_lines(summary.references)
    yield from _ledger_lines(summary)


def table_lines(table: Table) -> Iterator[Line]:
    """Yield a comparison table, one block a paper, so that it can be read at any width."""
    width = max((cell_len(column) for column in table.columns), default=0)
    for row in table.rows:
        yield Line.of((row.key, "cyan"), first="  ")
        for column, cell in zip(table.columns, row.cells, strict=True):
            value = cell.value if cell.value is not None else "not in the abstract"
            style = "" if cell.value is not None else "dim"
            yield Line.of((value, style), first=f"    {column:<{width}}  ")


def _section_lines(section: Section) -> Iterator[Line]:
    yield from _heading(section.title)
    labels = {part.start: part.label for part in section.parts}
    for place, claim in enumerate(section.claims):
        if label := labels.get(place):
            yield Line.of((label, "italic"), first="  ")
        yield claim_line(claim, first="    " if labels else "  ")
    yield Line.of((f"papers: {', '.join(section.keys)}", "dim"), first="  ")


def _timeline_lines(timeline: Sequence[YearCount], milestones: Sequence[Observation]) -> Iterator[Line]:
    if not timeline:
        return
    yield from _heading("By year")
    most = max(entry.papers for entry in timeline)
    for entry in timeline:
        bar = "█" * max(1, round(_BAR * entry.papers / most)) if entry.papers else ""
        yield Line.of((bar, "cyan"), f" {entry.papers}", first=f"  {entry.year or 'no year':>7} ")
    for milestone in milestones:
        yield Line.of(milestone.text, first="  ")


def _observed(heading: str, observations: Sequence[Observation]) -> Iterator[Line]:
    if observations:
        yield from _heading(heading)
        for observation in observations:
            yield Line.of(observation.text, first="  ")


def _ledger_lines(summary: Summary) -> Iterator[Line]:
    if summary.ledger.unused:
        yield from _heading("In scope and not cited")
        for entry in summary.ledger.unused:
            yield Line.of((entry.key, "cyan"), f": {entry.reason}", first="  ")
    if summary.borderline:
        yield from _heading("Just outside the scope")
        for paper in summary.borderline:
            yield Line.of((paper.key, "cyan"), (f" {paper.score:.2f}", "dim"), first="  ")


def _heading(text: str) -> Iterator[Line]:
    yield BLANK
    yield Line.of((text, "bold"))
