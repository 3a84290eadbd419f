"""Sections of a summary: the sentences that speak for a theme, in an order that reads well."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assistant.answers import Observation
from assistant.summaries.agreement import ALIKE, SPOKEN, Place, alike
from assistant.summaries.members import Member, centroid
from assistant.summaries.phrases import read_text, says
from assistant.summaries.roles import Role
from assistant.summaries.selection import (
    PLAIN,
    Pick,
    Said,
    alone,
    best_new,
    introduces_its_paper,
    is_own,
    names_something,
    picks_of,
    speaks_of_its_paper,
)
from assistant.summaries.themes import Theme
from assistant.summaries.voice import leaning, speaks_of_itself
from assistant.text import content_words, counted, fold

PROBLEMS, LIMITS = 2, 2  # sentences of the opening and the end of a section
TOLD = 7  # papers of a theme that have a paragraph
SENTENCES = 3  # of one paper's paragraph
COMMON = 3  # phrases that a section says to be common to several papers
NAMED = 10  # further papers that have one sentence each
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
    """Return what the papers of a theme say: the problem, then paper by paper what it does and finds, then limits.

    The papers stand in the order of their years, so that the section tells what came after what.
    """
    versions = _versions(theme.members)
    readable = representatives([m for m in theme.members if m.sentences and m.key not in versions], READ)
    if not readable:
        return Draft(theme, (), dict.fromkeys((m.key for m in theme.members), "it has no abstract"))
    centre = centroid(readable)
    picks = {member.key: picks_of(member, centre) for member in readable}
    agreed = _agreed(picks, said)
    problems = _few(readable, picks, said, Role.PROBLEM, PROBLEMS)
    shown = representatives(readable, TOLD)
    paragraphs = [_paragraph(picks[member.key], said) for member in shown]
    limits = _few(readable, picks, said, Role.LIMIT, LIMITS)
    rest = representatives([member for member in readable if member not in shown], NAMED)
    named = [pick for member in rest for pick in _paragraph(picks[member.key], said)[:1]]
    parts = [DraftPart("The problem", tuple(sorted(problems, key=_order)))] if problems else []
    parts += [DraftPart("Where papers agree", agreed)] if agreed else []
    parts += [DraftPart("", paragraph) for paragraph in _joined(paragraphs)]
    parts += [DraftPart("Also in this theme", tuple(sorted(named, key=_order)))] if named else []
    parts += [DraftPart("Limits and open points", tuple(sorted(limits, key=_order)))] if limits else []
    reasons = _reasons(theme.members, {member.key for member in shown})
    return Draft(
        theme,
        tuple(parts),
        {**reasons, **{key: f"it is another version of {other}" for key, other in versions.items()}},
    )


def _versions(members: Sequence[Member]) -> dict[str, str]:
    """Return the papers that bear the title of one before them and have an author in common, with its key."""
    first: dict[str, Member] = {}
    found: dict[str, str] = {}
    for member in members:
        known = first.setdefault(fold(member.paper.title), member)
        if known is not member and not set(known.paper.authors).isdisjoint(member.paper.authors):
            found[member.key] = known.key
    return found


def _agreed(picks: dict[str, tuple[Pick, ...]], said: Said) -> tuple[Pick, ...]:
    """Return sentences in which papers of different teams say alike of the world; none where one of them was said."""
    general = [
        pick
        for found in picks.values()
        for pick in alone(found)
        if pick.role in SPOKEN and pick.reading.strength >= PLAIN
        if not leaning(pick.sentence.text) and not speaks_of_itself(pick.sentence.text)
    ]
    places = {(place.member.key, place.index) for place in alike([Place(p.member, p.index) for p in general])}
    found = [pick for pick in general if (pick.member.key, pick.index) in places]
    if any(said.repeats(pick) for pick in found):
        return ()
    for pick in found:
        said.add(pick)
    return tuple(sorted(found, key=_order))


def common_phrases(theme: Theme) -> tuple[Observation, ...]:
    """Return phrases that several papers of a theme use and not all, each with the papers, the most telling first."""
    versions = _versions(theme.members)
    texts = {member.key: read_text(member) for member in theme.members if member.key not in versions}
    found: list[Observation] = []
    for phrase in theme.phrases:
        keys = tuple(key for key, text in texts.items() if says(text, phrase))
        new = not any(set(phrase.words) & set(content_words(other.text)) for other in found)
        if len(phrase.words) > 1 and 1 < len(keys) < len(texts) and new and len(found) < COMMON:
            found.append(Observation(phrase.text, keys))
    return tuple(found)


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


def _paragraph(picks: Sequence[Pick], said: Said) -> tuple[Pick, ...]:
    """Return what a paper proposes, how it works and what came out, in the abstract's order; empty where unclear."""
    first = _opening(picks, said)
    if first is None:
        return ()
    said.add(first)
    chosen = [first]
    for roles in ((Role.RESULT,), (Role.METHOD, Role.PROPOSAL)):
        places = {pick.index for pick in chosen}
        later = [pick for pick in picks if _goes_on(pick, first, places)]
        found = best_new([pick for pick in later if is_own(pick)], said, roles)
        if found is not None and len(chosen) < SENTENCES:
            said.add(found)
            chosen.append(found)
    return tuple(sorted(chosen, key=lambda pick: pick.index))


def _opening(picks: Sequence[Pick], said: Said) -> Pick | None:
    """Return the sentence that says best what a paper proposes, else how it works, else what it found."""
    first = alone(picks)
    plain = [pick for pick in first if not leaning(pick.sentence.text)]
    return (
        best_new([pick for pick in first if introduces_its_paper(pick)], said, (Role.PROPOSAL, Role.METHOD, Role.OTHER))
        or best_new([pick for pick in plain if names_something(pick)], said, (Role.PROPOSAL,))
        or best_new(plain, said, (Role.PROPOSAL,))
        or best_new([pick for pick in plain if speaks_of_itself(pick.sentence.text)], said, (Role.METHOD,))
        or best_new([pick for pick in first if names_something(pick)], said, (Role.PROPOSAL,))
        or best_new([pick for pick in plain if is_own(pick)], said, (Role.RESULT,))
        or best_new(first, said, (Role.PROPOSAL,))
        or best_new([pick for pick in first if speaks_of_its_paper(pick)], said, (Role.METHOD,))
        or best_new([pick for pick in first if is_own(pick)], said, (Role.RESULT,))
    )


def _goes_on(pick: Pick, first: Pick, places: set[int]) -> bool:
    """Return whether a sentence can be read after the first one and those at `places`."""
    return pick.index > first.index and (pick.follows or pick.index - 1 in places)


def _joined(paragraphs: Sequence[tuple[Pick, ...]]) -> list[tuple[Pick, ...]]:
    """Return the paragraphs by year; papers with one sentence each that follow each other share one."""
    joined: list[tuple[Pick, ...]] = []
    brief = False
    for paragraph in sorted((found for found in paragraphs if found), key=lambda found: _order(found[0])):
        if brief and len(paragraph) == 1:
            joined[-1] += paragraph
        else:
            joined.append(paragraph)
        brief = len(paragraph) == 1
    return joined


def _few(
    members: Sequence[Member], picks: dict[str, tuple[Pick, ...]], said: Said, role: Role, limit: int
) -> list[Pick]:
    """Return a few sentences of one role from different papers; none that points back."""
    clear = {key: [pick for pick in alone(found) if not leaning(pick.sentence.text)] for key, found in picks.items()}
    found = [pick for member in members if (pick := best_new(clear[member.key], said, (role,)))]
    return _taken([pick for pick in found if pick.reading.strength >= PLAIN], limit, said)


def _taken(found: Sequence[Pick], limit: int, said: Said) -> list[Pick]:
    chosen: list[Pick] = []
    for pick in sorted(found, key=lambda pick: (-pick.score, pick.member.key)):
        if len(chosen) < limit and not said.repeats(pick) and all(_near(pick, other) < ALIKE for other in chosen):
            said.add(pick)
            chosen.append(pick)
    return chosen


def _near(first: Pick, second: Pick) -> float:
    return float(first.member.vectors[first.index] @ second.member.vectors[second.index])


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
            reasons[member.key] = f"its theme has {counted(len(members), 'paper')}; others speak for it"
    return reasons


def _stretched(values: np.ndarray) -> np.ndarray:
    spread = float(values.max() - values.min())
    stretched: np.ndarray = (values - values.min()) / spread if spread else np.zeros_like(values)
    return stretched
