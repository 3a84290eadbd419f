"""Which words go together: a claim that pairs A with Y and B with X where its evidence pairs A with X and B with Y."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, takewhile

from assistant.verification.licence import Licence
from assistant.verification.statements import statements
from assistant.verification.words import Word, Words

_DETERMINERS = frozenset({"the", "a", "an", "its", "their", "this", "these", "both", "all", "such"})
_ADJECTIVE = 2  # content words from an adjective to its noun
Places = dict[Word, frozenset[int]]  # the runs of the evidence in which a word of the claim is said


def crossed_pairs(licence: Licence) -> str:
    """Return the words of a claim that are paired the other way round in the evidence; else empty."""
    runs = _said(licence.evidence)
    sentences = range(len(licence.evidence.texts))
    found = (_crossed_in([run for run in runs if run[0].sentence == sentence], licence) for sentence in sentences)
    return next(filter(None, found), "")


def turned_of(licence: Licence) -> str:
    """Return "A of B" where the evidence has B of A and nowhere A of B; else empty."""
    there = _possessions(licence.evidence)
    for whole, parts in _possessions(licence.claim):
        mine, theirs = _said_by(whole, licence), _said_by(parts, licence)
        straight = any(mine & {*left} and theirs & {*right} for left, right in there)
        if not straight and any(mine & {*right} and theirs & {*left} for left, right in there):
            return f"{whole[-1].text} of {parts[-1].text}"
    return ""


def _possessions(words: Words) -> list[tuple[list[Word], list[Word]]]:
    """Return what stands on both sides of each "of": the word, with those that a hyphen ties to it."""
    found = []
    for word in words.all:
        before = words.all[word.index - 1] if word.index else None
        after = next((other for other in words.all[word.index + 1 : word.index + 4] if other.content), None)
        if word.folded == "of" and before is not None and before.content and after is not None:
            found.append((_hyphenated(before, words), _hyphenated(after, words)))
    return found


def other_complement(licence: Licence) -> str:
    """Return of or for what the evidence says that the claim says of something else ("a benchmark for X"); else empty.

    Head and preposition must be the evidence's, and what the claim puts behind them must stand elsewhere there.
    """
    known = _complements(licence.evidence)
    for head, preposition, complement in _complements(licence.claim):
        mine = {match for word in complement for match in licence.matches.get(word, ())}
        same = [(there, rest) for there, tie, rest in known if tie == preposition and _same_group(head, there, licence)]
        if not mine or not same or any(_behind(mine, there, licence.evidence) for there, _ in same):
            continue
        return " ".join(word.text for word in same[0][1])
    return ""


def _complements(words: Words) -> list[tuple[list[Word], str, list[Word]]]:
    """Return (noun group, preposition, content words behind it) for each "A B of C", "A B for C"."""
    found = []
    for word in words.all:
        if word.folded not in ("of", "for"):
            continue
        clause = word.clause
        before = (other for other in reversed(words.all[: word.index]) if other.clause == clause)
        head = list(takewhile(lambda other: other.content, before))
        rest = [other for other in words.all[word.index + 1 : word.index + 5] if other.clause == clause]
        behind = list(takewhile(lambda other: other.content or other.folded in _DETERMINERS, rest))
        behind = [other for other in behind if other.content]
        if head and behind and not any(other.number for other in (*head[:1], *behind)):
            found.append((head[:2], word.folded, behind))
    return found


def _same_group(head: Sequence[Word], there: Sequence[Word], licence: Licence) -> bool:
    """Whether two heads are the same words, both of them where the claim has two."""
    return len(there) >= len(head) and all(
        other in licence.matches.get(mine, ()) for mine, other in zip(head, there, strict=False)
    )


def _behind(matches: set[Word], head: Sequence[Word], words: Words) -> bool:
    """Whether one of the words stands behind a head in its statement, or beside it in its noun group."""
    first = head[0]
    run = next(run for run in statements(words) if first in run)
    return any(
        word in run and (word.index > first.index or abs(word.index - first.index) <= len(head)) for word in matches
    )


def _hyphenated(word: Word, words: Words) -> list[Word]:
    first = last = word.index
    while words.all[first].joined:
        first -= 1
    while last + 1 < len(words.all) and words.all[last + 1].joined:
        last += 1
    return list(words.all[first : last + 1])


def _said_by(words: Sequence[Word], licence: Licence) -> set[Word]:
    return {match for word in words for match in licence.matches.get(word, ())}


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
