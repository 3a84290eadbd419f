"""Sections of a summary: the sentences that speak for a theme, in an order that reads well."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.summaries.members import Member, centroid
from assistant.summaries.roles import Role, stands_alone
from assistant.summaries.selection import Pick, Said, candidates, first_new
from assistant.summaries.themes import Theme

SENTENCES = 14  # of one section
_SECOND = (Role.RESULT, Role.LIMIT, Role.METHOD)


@dataclass(frozen=True, slots=True)
class Draft:
    """The sentences chosen for a theme in reading order, and why each other paper has none."""

    theme: Theme
    picks: tuple[Pick, ...]
    unused: dict[str, str]


def draft_section(theme: Theme, said: Said) -> Draft:
    """Return the sentences of a theme: one of each paper, then a second one where there is room.

    Papers stand in the order of their years, so that a section tells what came after what.
    """
    centre = centroid(theme.members)
    chosen: dict[str, list[Pick]] = {}
    unused: dict[str, str] = {}
    ranked = {member.key: candidates(member, centre) for member in theme.members}
    for member in theme.members:
        if not member.sentences:
            unused[member.key] = "it has no abstract"
        elif len(chosen) == SENTENCES:
            unused[member.key] = f"the section shows the {SENTENCES} most relevant papers of its theme"
        elif (pick := first_new(ranked[member.key], said)) is None:
            unused[member.key] = "other papers say the same"
        else:
            said.add(pick)
            chosen[member.key] = [pick]
    room = SENTENCES - len(chosen)
    for member in theme.members:
        if room and member.key in chosen and (pick := _second(ranked[member.key], chosen[member.key][0], said)):
            said.add(pick)
            chosen[member.key].append(pick)
            room -= 1
    ordered = sorted((m for m in theme.members if m.key in chosen), key=_age)
    picks = [pick for member in ordered for pick in sorted(chosen[member.key], key=lambda pick: pick.index)]
    return Draft(theme, tuple(picks), unused)


def _second(picks: list[Pick], first: Pick, said: Said) -> Pick | None:
    """Return another sentence worth saying of the same paper."""
    after = [pick for pick in picks if stands_alone(pick.sentence.text) or pick.index == first.index + 1]
    return first_new(after, said, _SECOND)


def _age(member: Member) -> tuple[int, str, str]:
    return (member.paper.year or 9999, member.paper.date or "", member.key)
