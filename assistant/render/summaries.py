"""Summaries, their tables and their years as lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.cells import cell_len

from assistant.answers import Claim, Coverage, Summary, Support, Table, YearCount
from assistant.render.answers import citation_numbers, claims_under, reference_lines
from assistant.render.lines import BLANK, Line
from assistant.text import counted

_BAR = 30  # columns of the longest bar of a timeline; a shorter one has a block a paper
_DOUBT = {Support.WEAK: "yellow", Support.UNSUPPORTED: "bold red"}


def summary_lines(summary: Summary) -> Iterator[Line]:
    """Yield a summary: overview, themes, table, years, gaps, papers, and the papers left out."""
    yield Line.of((summary.topic, "bold"))
    if summary.filters:
        yield Line.of((f"filter: {summary.filters}", "dim"))
    if summary.status == "refused":
        yield Line.of(("No summary: ", "bold yellow"), summary.reason or "no paper is about it")
        return
    yield from _opening_lines(summary)
    yield from claims_under("At a glance", summary.overview)
    for section in summary.sections:
        yield BLANK
        yield Line.of((section.title, "bold"))
        parts = [(part.label, section.claims[part.start : part.end]) for part in section.parts]
        for label, claims in parts or [("", section.claims)]:
            yield _paragraph(label, claims)
        for item in section.common:
            yield Line.of((item.told, "dim"), first="  in common - ")
        for aspect in section.differing:
            values = "; ".join(item.told for item in aspect.values)
            yield Line.of((f"{aspect.aspect}: {values}", "dim"), first="  they differ - ")
        yield Line.of((f"papers: {', '.join(section.keys)}", "dim"), first="  ")
    yield from table_lines(summary.table)
    yield from _timeline_lines(summary)
    yield from _gap_lines(summary)
    yield from reference_lines(summary.references)
    yield from _ledger_lines(summary)


def table_lines(table: Table) -> Iterator[Line]:
    """Yield a comparison table, one block a paper, so that it can be read at any width."""
    if not table.rows:
        return
    yield BLANK
    yield Line.of(("Side by side", "bold"))
    width = max((cell_len(column) for column in table.columns), default=0)
    for row in table.rows:
        yield Line.of((row.key, "cyan"), first="  ")
        for column, cell in zip(table.columns, row.cells, strict=True):
            if cell.value is not None:
                yield Line.of(cell.value, first=f"    {column:<{width}}  ")
        silent = [column for column, cell in zip(table.columns, row.cells, strict=True) if cell.value is None]
        if silent:
            yield Line.of((f"not in the abstract: {', '.join(silent)}", "dim"), first="    ")


def _opening_lines(summary: Summary) -> Iterator[Line]:
    cited = f", {len(summary.references)} cited" if summary.references else ""
    facts = [f"{counted(len(summary.scope), 'paper')} in scope{cited}"]
    facts += [f"written with {summary.model}"] if summary.mode == "llm" and summary.model else []
    claims = summary.claims
    if claims and all(claim.support is Support.VERIFIED for claim in claims):
        facts.append(f"{counted(len(claims), 'sentence')}, {'each ' if len(claims) > 1 else ''}verified")
    yield Line.of((" · ".join(facts), "dim"))
    if summary.lead:
        yield Line.of((summary.lead, "dim"))
    for warning in summary.warnings:
        yield Line.of((warning.message, "yellow"))


def _paragraph(label: str, claims: Sequence[Claim]) -> Line:
    """Return claims as running text, each with its numbers; one that is not verified says so in words."""
    parts: list[str | tuple[str, str]] = [(f"{label}. ", "bold")] if label else []
    for place, claim in enumerate(claims):
        parts.append((" " if place else "") + claim.text)
        if numbers := citation_numbers(claim):
            parts.append((f" {numbers}", "cyan"))
        if claim.support is not Support.VERIFIED:
            reason = f": {claim.verdict_reason}" if claim.verdict_reason else ""
            parts.append((f" ({claim.support.value}{reason})", _DOUBT[claim.support]))
    return Line.of(*parts, first="  ")


def _timeline_lines(summary: Summary) -> Iterator[Line]:
    if not summary.timeline:
        return
    yield BLANK
    yield Line.of(("By year", "bold"))
    most = max(entry.papers for entry in summary.timeline)
    for entry in summary.timeline:
        yield Line.of((_bar(entry, most), "cyan"), f" {entry.papers}", first=f"  {entry.year or 'no year':>7} ")
    for item in summary.milestones:
        yield Line.of(item.text, (f" {', '.join(item.keys)}", "cyan"), first="  - ")


def _bar(entry: YearCount, most: int) -> str:
    """Return a bar with one block a paper, shortened alike for all where the longest would not fit."""
    return "█" * max(1, round(entry.papers * min(1.0, _BAR / most))) if entry.papers else ""


def _gap_lines(summary: Summary) -> Iterator[Line]:
    yield from claims_under("Open questions", summary.gaps)
    if summary.contradictions:
        yield BLANK
        yield Line.of(("Sentences that seem to oppose each other", "bold"))
        for pair in summary.contradictions:
            yield _paragraph("", (pair.first,))
            yield _paragraph("", (pair.second,))
            yield Line.of((f"opposed: {pair.reason}", "dim"), first="    ")
    if summary.observations:
        yield BLANK
        yield Line.of(("Counted, not said by any paper", "bold"))
        for item in summary.observations:
            yield Line.of(item.text, first="  - ")
    yield from _coverage_lines(summary.coverage)


def _coverage_lines(coverage: Coverage) -> Iterator[Line]:
    """Yield how many papers speak of each pair of a method and a task."""
    if not coverage.rows:
        return
    yield BLANK
    yield Line.of(("Papers that speak of both", "bold"))
    for row, counts in zip(coverage.rows, coverage.counts, strict=True):
        parts: list[str | tuple[str, str]] = [f"{row}: "]
        for place, (column, number) in enumerate(zip(coverage.columns, counts, strict=True)):
            parts.append((f"{', ' if place else ''}{column} {number}", "" if number else "yellow"))
        yield Line.of(*parts, first="  ")


def _ledger_lines(summary: Summary) -> Iterator[Line]:
    if summary.ledger.unused:
        yield BLANK
        yield Line.of(("In scope and not cited", "bold"))
        for entry in summary.ledger.unused:
            yield Line.of((entry.key, "cyan"), f": {entry.reason}", first="  ")
    if summary.borderline:
        yield BLANK
        yield Line.of(("Just outside the scope", "bold"))
        yield Line.of((", ".join(entry.key for entry in summary.borderline), "cyan"), first="  ")
