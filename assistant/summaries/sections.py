"""Sections of a summary: the sentences that speak for a theme, in an order that reads well."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assistant.summaries.members import Member, centroid
from assistant.summaries.roles import Role
from assistant.summaries.selection import Pick, Said, alone, best_new, picks_of, speaks_of_its_paper
from assistant.summaries.themes import Theme

PROBLEMS, PROPOSALS, RESULTS, LIMITS = 2, 10, 6, 2  # sentences of each part of a section
PLAIN = 0.5  # strength from which a sentence states a result, a problem or a limit plainly enough
READ = 80  # papers of a theme whose sentences are looked at; of a larger theme these are sampled
_LIKE = 0.5  # how much a paper loses for being like one already chosen
_TWIN = 0.95  # cosine from which a paper is chosen only when all others are


@dataclass(frozen=True, slots=True)
class DraftPart:
    """A run of sentences of a section under its label."""

    label: str
    picks: tuple[Pick, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """The sentences chosen for a theme, part by part, and why each other paper has none."""

    theme: Theme
    parts: tuple[DraftPart, ...]
    unused: dict[str, str]

    @property
    def picks(self) -> tuple[Pick, ...]:
        """All sentences in reading order."""
        return tuple(pick for part in self.parts for pick in part.picks)


def draft_section(theme: Theme, said: Said) -> Draft:
    """Return what the papers of a theme say: the problem, what is proposed, results, limits.

    Within a part papers stand in the order of their years, so that it tells what came after what.
    """
    readable = representatives([member for member in theme.members if member.sentences], READ)
    if not readable:
        return Draft(theme, (), dict.fromkeys((m.key for m in theme.members), "it has no abstract"))
    centre = centroid(readable)
    picks = {member.key: picks_of(member, centre) for member in readable}
    shown = representatives(readable, PROPOSALS)
    proposals = _proposals(shown, picks, said)
    results = _results(readable, picks, said)
    problems = _few(readable, picks, said, Role.PROBLEM, PROBLEMS)
    limits = _few(readable, picks, said, Role.LIMIT, LIMITS)
    labelled = (
        ("The problem", problems),
        ("What is proposed", proposals),
        ("Results", results),
        ("Limits and open points", limits),
    )
    parts = tuple(DraftPart(label, tuple(sorted(chosen, key=_order))) for label, chosen in labelled if chosen)
    return Draft(theme, parts, _reasons(theme.members, {member.key for member in shown}))


def representatives(members: Sequence[Member], limit: int) -> list[Member]:
    """Return at most `limit` papers: relevant and central ones that differ from each other."""
    if len(members) <= limit:
        return list(members)
    vectors = np.stack([member.vector for member in members])
    scores = np.array([member.score for member in members])
    worth = _stretched(scores) + _stretched(vectors @ centroid(members))
    chosen: list[int] = []
    nearest = np.zeros(len(members))
    for _ in range(limit):
        value = worth - _LIKE * nearest - 10 * (nearest > _TWIN)
        value[chosen] = -np.inf
        chosen.append(int(np.argmax(value)))
        nearest = np.maximum(nearest, vectors @ vectors[chosen[-1]])
    return [members[place] for place in sorted(chosen)]


def _proposals(members: Sequence[Member], picks: dict[str, tuple[Pick, ...]], said: Said) -> list[Pick]:
    """Return what each paper proposes, and where there is room how."""
    chosen: list[Pick] = []
    for member in members:
        of = alone(picks[member.key])
        methods = [pick for pick in of if pick.role is Role.METHOD and speaks_of_its_paper(pick)]
        found = best_new(of, said, (Role.PROPOSAL,)) or best_new(methods, said, (Role.METHOD,))
        if found is not None:
            said.add(found)
            chosen.append(found)
    for first in list(chosen):
        if len(chosen) >= PROPOSALS:
            break
        later = [pick for pick in picks[first.member.key] if pick.index > first.index]
        near = [pick for pick in later if pick.index == first.index + 1 or (pick.alone and speaks_of_its_paper(pick))]
        after = best_new(near, said, (Role.METHOD, Role.PROPOSAL))
        if after is not None:
            said.add(after)
            chosen.append(after)
    return chosen


def _results(members: Sequence[Member], picks: dict[str, tuple[Pick, ...]], said: Said) -> list[Pick]:
    """Return the best result of each paper, the most telling papers first."""
    found = [pick for member in members if (pick := best_new(alone(picks[member.key]), said, (Role.RESULT,)))]
    return _taken([pick for pick in found if pick.reading.strength >= PLAIN], RESULTS, said)


def _few(
    members: Sequence[Member], picks: dict[str, tuple[Pick, ...]], said: Said, role: Role, limit: int
) -> list[Pick]:
    """Return a few sentences of one role from different papers."""
    found = [pick for member in members if (pick := best_new(alone(picks[member.key]), said, (role,)))]
    return _taken([pick for pick in found if pick.reading.strength >= PLAIN], limit, said)


def _taken(found: Sequence[Pick], limit: int, said: Said) -> list[Pick]:
    chosen: list[Pick] = []
    for pick in sorted(found, key=lambda pick: (-pick.score, pick.member.key)):
        if len(chosen) < limit and not said.repeats(pick):
            said.add(pick)
            chosen.append(pick)
    return chosen


def _order(pick: Pick) -> tuple[int, str, str, int]:
    paper = pick.member.paper
    return (paper.year or 9999, paper.date or "", paper.key, pick.index)


def _reasons(members: Sequence[Member], shown: set[str]) -> dict[str, str]:
    """Return why a paper is not cited, should it not be."""
    reasons = {}
    for member in members:
        if not member.sentences:
            reasons[member.key] = "it has no abstract"
        elif member.key in shown:
            reasons[member.key] = "no sentence of its abstract says something new and can be read on its own"
        else:
            reasons[member.key] = f"its theme has {len(members):,} papers; others speak for it"
    return reasons


def _stretched(values: np.ndarray) -> np.ndarray:
    spread = float(values.max() - values.min())
    stretched: np.ndarray = (values - values.min()) / spread if spread else np.zeros_like(values)
    return stretched
