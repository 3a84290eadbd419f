"""Which sentences speak for a group of papers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from assistant.embedders import FloatArray
from assistant.papers import Sentence
from assistant.summaries.members import Member
from assistant.summaries.roles import Role, has_figure, role_of, stands_alone
from assistant.text import content_words

REPEAT = 0.5  # share of common words from which a sentence says the same as another
SHORTEST, LONGEST = 40, 420  # characters of a sentence worth showing
_WORTH = {
    Role.CONTRIBUTION: 0.5,
    Role.RESULT: 0.35,
    Role.METHOD: 0.15,
    Role.PROBLEM: 0.1,
    Role.LIMIT: 0.15,
    Role.OTHER: 0,
}


@dataclass(frozen=True, slots=True)
class Pick:
    """A sentence chosen from a paper, with its place in the abstract."""

    member: Member
    index: int
    role: Role
    score: float

    @property
    def sentence(self) -> Sentence:
        """The sentence itself."""
        return self.member.sentences[self.index]


@dataclass(slots=True)
class Said:
    """What a summary has said so far, so that nothing is said twice."""

    words: list[frozenset[str]] = field(default_factory=list)
    places: set[tuple[str, int]] = field(default_factory=set)

    def repeats(self, pick: Pick) -> bool:
        """Return whether the sentence, or one that says the same, was said."""
        if (pick.member.key, pick.index) in self.places:
            return True
        words = frozenset(content_words(pick.sentence.text))
        return any(len(words & other) > REPEAT * len(words | other) for other in self.words)

    def add(self, pick: Pick) -> None:
        """Take note of the sentence."""
        self.places.add((pick.member.key, pick.index))
        self.words.append(frozenset(content_words(pick.sentence.text)))


def candidates(member: Member, centre: FloatArray) -> list[Pick]:
    """Return the sentences of a paper, the most telling for a group around `centre` first."""
    near = member.vectors @ centre
    picks = []
    for index, sentence in enumerate(member.sentences):
        role = role_of(sentence, index, len(member.sentences))
        score = float(near[index]) + _WORTH[role]
        score += 0.1 if has_figure(sentence.text) else 0.0
        score -= 0.0 if stands_alone(sentence.text) else 0.4
        score -= 0.0 if SHORTEST <= len(sentence.text) <= LONGEST else 0.4
        picks.append(Pick(member, index, role, score))
    return sorted(picks, key=lambda pick: (-pick.score, pick.index))


def first_new(picks: Iterable[Pick], said: Said, roles: Sequence[Role] = tuple(Role)) -> Pick | None:
    """Return the first pick of one of `roles` that says something new."""
    return next((pick for pick in picks if pick.role in roles and not said.repeats(pick)), None)
