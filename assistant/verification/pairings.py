"""Which words go together: a claim that pairs A with Y and B with X where its evidence pairs A with X and B with Y."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from assistant.verification.licence import Licence
from assistant.verification.statements import statements
from assistant.verification.words import Word, Words

_ADJECTIVE = 2  # content words from an adjective to its noun
Places = dict[Word, frozenset[int]]  # the runs of the evidence in which a word of the claim is said


def crossed_pairs(licence: Licence) -> str:
    """Return the words of a claim that are paired the other way round in the evidence; else empty."""
    runs = _said(licence.evidence)
    sentences = range(len(licence.evidence.texts))
    found = (_crossed_in([run for run in runs if run[0].sentence == sentence], licence) for sentence in sentences)
    return next(filter(None, found), "")


def _crossed_in(there: Sequence[Sequence[Word]], licence: Licence) -> str:
    """Return the words that the runs of one sentence pair the other way round."""
    here = _said(licence.claim)
    places = {word: at for at, run in enumerate(there) for word in run}
    known = {
        word: frozenset(places[match] for match in licence.matches[word] if match in places)
        for run in here
        for word in run
        if not word.number
    }
    for first, second in combinations(here, 2):
        shared = {word.stem for word in first} & {word.stem for word in second}
        one, other = ([word for word in run if word.stem not in shared and known.get(word)] for run in (first, second))
        if found := _crossing(one, other, known):
            return found
        heads = [word for word in (*first, *second) if word.stem in shared]
        if found := _misgiven(one, other, heads, known) or _misgiven(other, one, heads, known):
            return found
    return ""


def _crossing(one: Sequence[Word], other: Sequence[Word], known: Places) -> str:
    """Return words A and B where the claim says A with X and B with Y, the evidence A with Y and B with X."""
    for a, x in combinations(one, 2):
        if known[a] & known[x]:
            continue
        for b, y in combinations(other, 2):
            if known[b] & known[y] or not (known[a] & known[y] and known[x] & known[b]):
                continue
            if not (known[a] & known[b] or known[x] & known[y]):
                return f"{a.text!r} and {b.text!r}"
    return ""


def _misgiven(one: Sequence[Word], other: Sequence[Word], heads: Sequence[Word], known: Places) -> str:
    """Return adjectives A and B of one noun ("fast model", "deep model") where A is said with what is B's."""
    for a in (word for word in one if _describes(word, heads)):
        for b in (word for word in other if _describes(word, heads) and not known[a] & known[word]):
            for x in one:
                if x.index > a.index + _ADJECTIVE and known[b] & known[x] and not known[a] & known[x]:
                    return f"{a.text!r} and {b.text!r}"
    return ""


def _describes(word: Word, heads: Sequence[Word]) -> bool:
    return any(0 < head.place - word.place <= _ADJECTIVE and head.clause == word.clause for head in heads)


def _said(words: Words) -> list[list[Word]]:
    content = ([word for word in statement if word.content] for statement in statements(words))
    return [statement for statement in content if statement]
