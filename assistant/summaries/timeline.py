"""When the papers of a scope appeared, and where that changed."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answers import Observation, YearCount
from assistant.summaries.members import Member
from assistant.summaries.themes import Theme
from assistant.text import counted

_TURN = 3  # papers more than the years before, from which a year counts as a turn
_NAMED = 3  # papers that an observation names


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


def milestones(timeline: Sequence[YearCount], themes: Sequence[Theme]) -> tuple[Observation, ...]:
    """Return the first papers, where each theme begins, the year of the steepest rise, and the newest papers."""
    dated = [entry for entry in timeline if entry.year is not None and entry.papers]
    if len(dated) < 2:
        return ()
    first, newest = dated[0], dated[-1]
    found = [_noted(f"{first.year}: {counted(first.papers, 'paper')} in scope, the first", first)]
    found += _beginnings(themes, after=first.year or 0)
    last = "the newest"
    if turn := _turn([entry for entry in timeline if entry.year is not None]):
        entry, usual = turn
        rise = f"up from {round(usual, 1):g} a year just before"
        if entry.year == newest.year:
            last = f"{rise}, {last}"
        else:
            found.append(_noted(f"{entry.year}: {counted(entry.papers, 'paper')}, {rise}", entry))
    found.append(_noted(f"{newest.year}: {counted(newest.papers, 'paper')}, {last}", newest))
    return tuple(sorted(found, key=lambda observation: observation.text[:4]))


def _beginnings(themes: Sequence[Theme], after: int) -> list[Observation]:
    found = []
    for theme in themes if len(themes) > 1 else ():
        years = sorted(member.paper.year for member in theme.members if member.paper.year)
        if years and years[0] > after and not theme.mixed:
            keys = [member.key for member in theme.members if member.paper.year == years[0]]
            found.append(Observation(f"{years[0]}: first paper of the theme “{theme.title}”", tuple(keys[:_NAMED])))
    return found


def _turn(years: Sequence[YearCount]) -> tuple[YearCount, float] | None:
    """Return the year that rises most over the mean of the three before it, and that mean."""
    best: tuple[float, YearCount, float] | None = None
    for place in range(2, len(years)):
        before = [entry.papers for entry in years[max(0, place - 3) : place]]
        usual = sum(before) / len(before)
        rise = years[place].papers - usual
        if rise >= _TURN and years[place].papers >= 2 * usual and (best is None or rise > best[0]):
            best = (rise, years[place], usual)
    return None if best is None else (best[1], best[2])


def _noted(text: str, entry: YearCount) -> Observation:
    return Observation(text, entry.keys[:_NAMED])
