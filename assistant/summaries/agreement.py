"""Where papers of a scope say the same, and where they say opposite things."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.answers import Support
from assistant.summaries.members import Member
from assistant.summaries.roles import Role, read_role
from assistant.verification import OPPOSE, opposition, verify

AGREE = 0.75  # cosine from which two sentences may say the same
COMPARED = 1200  # sentences compared at most
MOST = 5  # contradictions shown
_SPOKEN = (Role.RESULT, Role.PROBLEM, Role.LIMIT, Role.OTHER)


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
    differ in a negation or a direction.
    """
    places = list(itertools.islice(_spoken(members), COMPARED))
    if len(places) < 2:
        return ()
    vectors = np.stack([place.member.vectors[place.index] for place in places])
    near = np.triu(vectors @ vectors.T, 1)
    rows, columns = np.nonzero(near >= OPPOSE)
    order = np.argsort(-near[rows, columns], kind="stable").tolist()
    found: list[Opposition] = []
    for at in order:
        first, second = places[int(rows[at])], places[int(columns[at])]
        if first.member.key == second.member.key or len(found) == MOST:
            continue
        if reason := opposition(first.text, second.text, float(near[rows[at], columns[at]])):
            found.append(Opposition(first, second, reason))
    return tuple(found)


def _spoken(members: Sequence[Member]) -> Iterator[Place]:
    for member in members:
        last = max(len(member.sentences) - 1, 1)
        for index, sentence in enumerate(member.sentences):
            if read_role(sentence.text, index / last).role in _SPOKEN:
                yield Place(member, index)
