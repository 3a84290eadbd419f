"""Where papers of a scope say the same, and where they say opposite things."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.answers import Support
from assistant.summaries.members import Member
from assistant.summaries.roles import Role, read_role
from assistant.text import content_words
from assistant.verification import verify
from assistant.verification.licence import license_words
from assistant.verification.polarity import changed_negation
from assistant.verification.relations import flipped_direction
from assistant.verification.words import read_words

AGREE = 0.75  # cosine from which two sentences may say the same
OPPOSE = 0.7  # cosine from which two sentences may speak of the same thing
SHARED = 0.5  # share of the shorter sentence's words that opposed sentences have in common
COMPARED = 1200  # sentences compared at most
MOST = 5  # contradictions shown
_DIRECTIONS_TEXT = """
    improve degrade increase reduce outperform underperform faster slower better worse higher lower benefit harm
    effective ineffective superior inferior raise decrease gain loss enhance worsen hurt help strengthen weaken beat lag
"""
_DIRECTIONS = frozenset(content_words(_DIRECTIONS_TEXT))
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
        if _common(first.text, second.text) >= SHARED and (reason := _opposed(first.text, second.text)):
            found.append(Opposition(first, second, reason))
    return tuple(found)


def _spoken(members: Sequence[Member]) -> Iterator[Place]:
    for member in members:
        last = max(len(member.sentences) - 1, 1)
        for index, sentence in enumerate(member.sentences):
            if read_role(sentence.text, index / last).role in _SPOKEN:
                yield Place(member, index)


def _common(first: str, second: str) -> float:
    one, other = set(content_words(first)), set(content_words(second))
    return len(one & other) / max(min(len(one), len(other)), 1)


def _opposed(first: str, second: str) -> str:
    """Return what two sentences oppose, seen from either side; empty where they do not."""
    there = _turned(first, second)
    return there if there and _turned(second, first) else ""


def _turned(claim: str, evidence: str) -> str:
    licence = license_words(read_words([claim]), read_words([evidence]), read_words([]))
    word = flipped_direction(licence)
    if word and set(content_words(word)) & _DIRECTIONS:
        return f"“{word}” against its opposite"
    return "a negation" if changed_negation(licence) else ""
