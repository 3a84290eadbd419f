"""A summary as Markdown that reads well as plain text too."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from assistant.answers import Claim, Coverage, Observation, Summary, Table, YearCount
from assistant.export import cite_in_style
from assistant.papers import Paper
from assistant.report.view import counts_of, doubt, evidence_of, flags_of, numbers, parts_of, years_of

_BAR = 30  # characters of the longest bar of the timeline; a shorter one has a block a paper
_SPECIAL = re.compile(r"([\\`*_\[\]<>|~#])")
_START = re.compile(r"^(\s*)([-+]|\d+[.)])(?=\s)")


def escape(text: str) -> str:
    """Return `text` as Markdown that shows exactly it: one line, no markup, no HTML."""
    line = " ".join(text.split()).replace("&", "&amp;")
    return _START.sub(r"\1\\\2", _SPECIAL.sub(r"\\\1", line))


def to_markdown(summary: Summary, papers: Mapping[str, Paper], style: str = "short") -> str:
    """Return the report as Markdown; `style` is that of the references."""
    blocks = [f"# {escape(summary.topic)}"]
    if summary.refused:
        return "\n\n".join([*blocks, f"No summary: {escape(summary.reason or 'no paper is about it')}."]) + "\n"
    blocks += _opening(summary)
    blocks += _overview(summary)
    for section in summary.sections:
        blocks.append(f"## {escape(section.title)}")
        for label, claims in parts_of(section):
            lead = f"**{escape(label)}.** " if label else ""
            blocks.append(lead + _sentences(claims))
        if section.common:
            blocks.append(f"*Phrases that several of these papers use: {escape(_with_keys(section.common))}*")
        if section.differing:
            apart = ". ".join(f"{aspect.aspect}: {_with_keys(aspect.values)}" for aspect in section.differing)
            blocks.append(f"*Where these papers differ – {escape(apart)}*")
        blocks.append(f"*Papers of this theme: {', '.join(escape(key) for key in section.keys)}*")
    blocks += _table(summary.table)
    blocks += _timeline(summary)
    blocks += _gaps(summary)
    blocks += _references(summary, style)
    blocks += _ledger(summary, papers)
    return "\n\n".join(blocks) + "\n"


def _with_keys(items: Sequence[Observation]) -> str:
    return "; ".join(item.told for item in items)


def _opening(summary: Summary) -> Iterator[str]:
    facts = [
        counts_of(summary),
        years_of(summary),
        f"filter: {escape(summary.filters)}" if summary.filters else "",
        f"written with {escape(summary.model)}"
        if summary.mode == "llm" and summary.model
        else "written without a model",
    ]
    yield f"*{' · '.join(fact for fact in facts if fact)}.*"
    if summary.lead:
        yield escape(summary.lead)
    for warning in summary.warnings:
        yield f"> {escape(warning.message)}"


def _overview(summary: Summary) -> Iterator[str]:
    if summary.overview:
        yield "## At a glance"
        yield "\n".join(f"- {_sentence(claim)}" for claim in summary.overview)


def _sentence(claim: Claim) -> str:
    """Return a claim with its numbers and, where it is not verified, its verdict."""
    marker = f" \\[{', '.join(map(str, numbers(claim)))}\\]" if claim.citations else ""
    warning = f" **({escape(doubt(claim))})**" if doubt(claim) else ""
    return escape(claim.text) + marker + warning


def _sentences(claims: Iterable[Claim]) -> str:
    return " ".join(_sentence(claim) for claim in claims)


def _table(table: Table) -> Iterator[str]:
    if table.rows:
        yield "## Side by side"
        yield _grid(
            ("paper", *table.columns),
            [(row.key, *(cell.value or "not in the abstract" for cell in row.cells)) for row in table.rows],
        )


def _grid(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head)]
    body = [[escape(cell) for cell in row] for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in ([escape(cell) for cell in lines[0]], lines[1], *body))


def _timeline(summary: Summary) -> Iterator[str]:
    if not summary.timeline:
        return
    yield "## Timeline"
    yield "```text\n" + "\n".join(_bars(summary.timeline)) + "\n```"
    if summary.milestones:
        yield "\n".join(f"- {escape(item.text)} ({', '.join(map(escape, item.keys))})" for item in summary.milestones)


def _bars(timeline: Sequence[YearCount]) -> Iterator[str]:
    most = max(entry.papers for entry in timeline) or 1
    for entry in timeline:
        bar = "█" * max(1, round(entry.papers * min(1.0, _BAR / most))) if entry.papers else ""
        yield f"{entry.year or 'no year':>7}  {bar} {entry.papers}".rstrip()


def _gaps(summary: Summary) -> Iterator[str]:
    if not (summary.gaps or summary.contradictions or summary.observations):
        return
    yield "## Gaps"
    if summary.gaps:
        yield "**What the abstracts leave open.** " + _sentences(summary.gaps)
    if summary.contradictions:
        yield "**Sentences that seem to oppose each other.**"
        yield "\n".join(
            f"- {_sentence(pair.first)}\n  {_sentence(pair.second)} ({escape(pair.reason)})"
            for pair in summary.contradictions
        )
    if summary.observations:
        yield "**Counted over the records, not said by any paper.**"
        yield "\n".join(f"- {escape(item.text)}" for item in summary.observations)
    if summary.coverage.rows:
        yield _coverage(summary.coverage)


def _coverage(coverage: Coverage) -> str:
    rows = [(name, *map(str, line)) for name, line in zip(coverage.rows, coverage.counts, strict=True)]
    return _grid(("papers that speak of both", *coverage.columns), rows)


def _references(summary: Summary, style: str) -> Iterator[str]:
    if not summary.references:
        return
    yield "## References"
    evidence = evidence_of(summary)
    lines = []
    for reference in summary.references:
        flags = f" *({escape(flags_of(reference))})*" if flags_of(reference) else ""
        lines.append(f"{reference.number}. {escape(cite_in_style(reference, style))} `{reference.key}`{flags}")
        lines += [f"   - “{escape(quote)}”" for quote in evidence[reference.key]]
    yield "\n".join(lines)


def _ledger(summary: Summary, papers: Mapping[str, Paper]) -> Iterator[str]:
    if summary.ledger.unused:
        yield "## In scope and not cited"
        yield "\n".join(
            f"- {escape(_title(papers, entry.key))} `{entry.key}`: {escape(entry.reason)}"
            for entry in summary.ledger.unused
        )
    if summary.borderline:
        yield "## Just outside the scope"
        yield "\n".join(
            f"- {escape(_title(papers, entry.key))} `{entry.key}` (relevance {entry.score:.2f})"
            for entry in summary.borderline
        )


def _title(papers: Mapping[str, Paper], key: str) -> str:
    return papers[key].title if key in papers else key
