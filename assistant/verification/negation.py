"""Negators and what they negate."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from assistant.text import fold
from assistant.verification.lexicon import NEGATORS, SOFT_NEGATORS
from assistant.verification.words import Word, Words

_SCOPE = 3  # content words after a negator that it surely negates
_NO_NEGATION = re.compile(
    r"\bnot (?:only|just|merely|necessarily only)\b|\bno (?:doubt|less than|more than|fewer than|longer than)\b"
    r"|\bwhether or not\b|\bwhether\b.{1,60}\bor not\b|\bnot to mention\b"
)


@dataclass(frozen=True, slots=True)
class Negation:
    """A negator and the content words it negates; a soft one (instead of, unlike) demands no counterpart."""

    word: Word
    scope: tuple[Word, ...]
    soft: bool


@functools.lru_cache(maxsize=64)
def negations(words: Words) -> tuple[Negation, ...]:
    """Return the negations of a text."""
    found: list[Negation] = []
    spans = [[match.span() for match in _NO_NEGATION.finditer(fold(text))] for text in words.texts]
    for word in words.all:
        if word.folded == "free" and word.joined:  # "latency-free" is free of latency
            found.append(Negation(word, words.all[word.index - 1 : word.index], True))
        if not (_is_negator(word, words) or _free_of(word, words)):
            continue
        if any(start <= word.start < end for start, end in spans[word.sentence]):
            continue
        found.append(
            Negation(
                word, tuple(following(word, words, _SCOPE) or _preceding(word, words)), word.folded in SOFT_NEGATORS
            )
        )
    return tuple(found)


def _is_negator(word: Word, words: Words) -> bool:
    """Whether a word, or a part of a phrase read as one word ("needs no"), negates; "heart failure" does not."""
    if word.folded == "failure":
        return _precedes(word, words, ("to", "of"))
    return any(part in NEGATORS or part.endswith("n't") for part in word.folded.split())


def _free_of(word: Word, words: Words) -> bool:
    """Whether "free" says that something is absent: "free of latency"."""
    return word.folded == "free" and _precedes(word, words, ("of", "from"))


def _precedes(word: Word, words: Words, others: tuple[str, ...]) -> bool:
    """Whether one of `others` stands right behind a word."""
    return any(other.folded in others for other in words.all[word.index + 1 : word.index + 2])


def negated(words: Words) -> frozenset[Word]:
    """Return the content words that a hard negator negates."""
    return frozenset(word for negation in negations(words) if not negation.soft for word in negation.scope)


def _preceding(word: Word, words: Words) -> list[Word]:
    """Return the content words before a soft negator that ends its clause: "they matter little"."""
    before = [other for other in words.content if other.clause == word.clause and other.start < word.start]
    return before[-_SCOPE:] if word.folded in SOFT_NEGATORS else []


def following(word: Word, words: Words, count: int) -> list[Word]:
    """Return the next content words of the same clause."""
    after = (other for other in words.content if other.sentence == word.sentence and other.start > word.start)
    return [other for other in after if other.clause == word.clause][:count]
