"""When the papers of a scope appeared."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answers import YearCount
from assistant.summaries.members import Member


def count_years(members: Sequence[Member]) -> tuple[YearCount, ...]:
    """Return the years from the first to the newest, empty ones too; papers without a year come last."""
    years: dict[int, list[str]] = {}
    unknown: list[str] = []
    for member in sorted(members, key=lambda member: (member.paper.date or "", member.key)):
        if member.paper.year is None:
            unknown.append(member.key)
        else:
            years.setdefault(member.paper.year, []).append(member.key)
    found = [
        YearCount(year, len(years.get(year, ())), tuple(years.get(year, ())))
        for year in (range(min(years), max(years) + 1) if years else ())
    ]
    return (*found, *([YearCount(None, len(unknown), tuple(unknown))] if unknown else []))
