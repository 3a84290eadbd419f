"""Where papers of a scope say the same, and where they say opposite things."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.answers import Support
from assistant.summaries.members import Member
from assistant.summaries.roles import Role, read_role
from assistant.text import content_words, fold
from assistant.verification import OPPOSE, opposition, verify

AGREE = 0.75  # cosine from which two sentences may say the same
COMPARED = 1200  # sentences compared at most
MOST = 5  # contradictions shown
ALIKE = (
    0.70  # cosine from which two sentences of different teams may say alike; of 19 of 63 themes 16 then do, when read
)
SHARED = 0.4  # share of the shorter one's words that they must have in common
VOICES = 3  # sentences that are shown to agree
SAME_BUT = 0.7  # share of all words that two sentences have in common of which one denies the other
SPOKEN = (Role.RESULT, Role.PROBLEM, Role.LIMIT, Role.OTHER)


@dataclass(frozen=True, slots=True)
class Place:
    """Sentence `index` of a paper."""

    member: Member
    index: int

    @property
    def text(self) -> str:
        """The sentence."""
        return self.member.sentences[self.index].text


@dataclass(frozen=True, slots=True)
class Opposition:
    """Two sentences that say opposite things, and what is opposed."""

    first: Place
    second: Place
    reason: str


def supporters(place: Place, members: Sequence[Member], idf: Callable[[str], float]) -> list[Place]:
    """Return sentences of other papers that say all that one sentence says, one a paper."""
    vector = place.member.vectors[place.index]
    found: list[Place] = []
    for member in members:
        if member.key == place.member.key or not len(member.vectors):
            continue
        near = member.vectors @ vector
        index = int(np.argmax(near))
        other = Place(member, index)
        if near[index] >= AGREE and verify(place.text, [other.text], idf=idf).support is Support.VERIFIED:
            found.append(other)
    return found


def oppositions(members: Sequence[Member]) -> tuple[Opposition, ...]:
    """Return pairs of sentences of different papers that say opposite things of the same, the nearest first.

    Only results, problems and limits are compared; sentences must be near in meaning, share half their words, and
    differ in a direction or, where they hardly differ otherwise, in a negation: of 19 pairs on 22 topics of information
    retrieval that a negation told apart while half of the shorter one's words were common, three were opposed.
    """
    places = list(itertools.islice(_spoken(members), COMPARED))
    found: list[Opposition] = []
    for first, second, cosine in _near_pairs(places, OPPOSE):
        if first.member.key == second.member.key or len(found) == MOST:
            continue
        reason = opposition(first.text, second.text, cosine)
        if reason and (reason != "a negation" or _common(first, second, max) >= SAME_BUT):
            found.append(Opposition(first, second, reason))
    return tuple(found)


def _near_pairs(places: Sequence[Place], least: float) -> Iterator[tuple[Place, Place, float]]:
    """Yield the pairs of sentences whose cosine is at least `least`, with it, the nearest first."""
    if len(places) < 2:
        return
    vectors = np.stack([place.member.vectors[place.index] for place in places])
    near = np.triu(vectors @ vectors.T, 1)
    rows, columns = np.nonzero(near >= least)
    for at in np.argsort(-near[rows, columns], kind="stable").tolist():
        yield places[int(rows[at])], places[int(columns[at])], float(near[rows[at], columns[at]])


def alike(places: Sequence[Place]) -> tuple[Place, ...]:
    """Return two or three sentences of different teams that say alike, near in meaning and in words, the oldest first.

    Where no two do, there are none.
    """
    chosen: list[Place] = []
    for *pair, _ in _near_pairs(places, ALIKE):
        if not _agree(*pair) or (chosen and not any(place in chosen for place in pair)):
            continue
        chosen += [place for place in pair if all(_agree(place, other) for other in chosen)]
        if len(chosen) >= VOICES:
            break
    return tuple(sorted(chosen[:VOICES], key=lambda place: (place.member.paper.year or 9999, place.member.key)))


def _agree(first: Place, second: Place) -> bool:
    """Return whether sentences of teams without a common author share enough words."""
    teams = [{fold(author) for author in place.member.paper.authors} or {place.member.key} for place in (first, second)]
    return teams[0].isdisjoint(teams[1]) and _common(first, second, min) >= SHARED


def _common(first: Place, second: Place, whole: Callable[[int, int], int]) -> float:
    """Return the share of common words, of the shorter sentence with `min`, of the longer one with `max`."""
    one, other = set(content_words(first.text)), set(content_words(second.text))
    return len(one & other) / max(whole(len(one), len(other)), 1)


def _spoken(members: Sequence[Member]) -> Iterator[Place]:
    for member in members:
        last = max(len(member.sentences) - 1, 1)
        for index, sentence in enumerate(member.sentences):
            if read_role(sentence.text, index / last).role in SPOKEN:
                yield Place(member, index)
