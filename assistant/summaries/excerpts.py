"""One part of a summary on its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.answers import Claim, Contradiction, Summary
from assistant.errors import UsageError

PARTS = ("overview", "table", "timeline", "gaps")


def excerpt(summary: Summary, part: str) -> Summary:
    """Return the summary with `part` alone; its papers are numbered anew, in order of first use.

    Raises:
        UsageError: the part is none of PARTS.
    """
    if part not in PARTS:
        raise UsageError(f"unknown part {part!r} of a summary", f"known parts are {', '.join(PARTS)}")
    bare = Summary(
        summary.topic,
        summary.status,
        summary.mode,
        filters=summary.filters,
        reason=summary.reason,
        model=summary.model,
        fallback=summary.fallback,
        lead=summary.lead,
        scope=summary.scope,
        warnings=summary.warnings,
        usage=summary.usage,
        timing=summary.timing,
    )
    if part == "table":
        return replace(bare, table=summary.table)
    if part == "timeline":
        return replace(bare, timeline=summary.timeline, milestones=summary.milestones)
    if part == "overview":
        return _numbered_anew(replace(bare, overview=summary.overview, references=summary.references))
    return _numbered_anew(
        replace(
            bare,
            gaps=summary.gaps,
            contradictions=summary.contradictions,
            observations=summary.observations,
            coverage=summary.coverage,
            references=summary.references,
        )
    )


def _numbered_anew(summary: Summary) -> Summary:
    """Return the summary with its cited papers numbered from 1 and no other reference."""
    keys = dict.fromkeys(citation.key for claim in summary.claims for citation in claim.citations)
    numbers = {key: number for number, key in enumerate(keys, start=1)}
    kept = [replace(found, number=numbers[found.key]) for found in summary.references if found.key in numbers]

    def renumbered(claim: Claim) -> Claim:
        return replace(claim, citations=tuple(replace(c, number=numbers[c.key]) for c in claim.citations))

    def all_of(claims: Sequence[Claim]) -> tuple[Claim, ...]:
        return tuple(renumbered(claim) for claim in claims)

    return replace(
        summary,
        overview=all_of(summary.overview),
        gaps=all_of(summary.gaps),
        contradictions=tuple(
            Contradiction(renumbered(pair.first), renumbered(pair.second), pair.reason)
            for pair in summary.contradictions
        ),
        references=tuple(sorted(kept, key=lambda reference: reference.number)),
    )
