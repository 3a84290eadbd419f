"""Which number stands for what: numbers that changed places, and numbers given for something else."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from assistant.verification.lexicon import lexicon
from assistant.verification.licence import Licence, context_of, overlap
from assistant.verification.quantities import Quantity
from assistant.verification.relations import coordinated
from assistant.verification.words import Word, Words

_OTHER_WAY = {"to": "by", "by": "to"}
_CHANGE = 6  # words before a number that may say what moves to it or by it
_MARGIN = 0.4  # by which a context must fit another number better before a swap is claimed


def swapped_numbers(licence: Licence, claimed: Sequence[Quantity], known: Sequence[Quantity]) -> str:
    """Return a number of the claim that the evidence gives for something else; empty where there is none."""
    for quantity in claimed:
        equal = [other for other in known if quantity.equals(other)]
        rivals = [other for other in known if other.unit == quantity.unit and not quantity.equals(other)]
        rivals = [other for other in rivals if not other.loose]
        if not equal or not rivals or quantity.loose:
            continue
        for rival in rivals:
            if _better_fit(quantity, rival, equal, licence) <= _MARGIN:
                continue
            # Of two numbers that the claim has both, either stands in the other's place, or neither does.
            exchanged = [other for other in claimed if other.equals(rival)]
            in_place = any(_better_fit(other, equal[0], [rival], licence, numbers=False) < 0 for other in exchanged)
            if not in_place and not coordinated(equal[0].word, rival.word, licence.evidence):
                return f"{quantity.shown}, where the paper has {rival.shown}"
    return ""


def _better_fit(
    quantity: Quantity, rival: Quantity, equal: Sequence[Quantity], licence: Licence, *, numbers: bool = True
) -> float:
    """Return by how much what surrounds a number of the claim fits a rival better than its equals in the evidence."""
    around = context_of(quantity.word, licence.claim)
    around = {word: weight for word, weight in around.items() if numbers or not word.number}
    return _fit(around, rival.word, licence) - max(_fit(around, other.word, licence) for other in equal)


def turned_change(licence: Licence, claimed: Sequence[Quantity], known: Sequence[Quantity]) -> str:
    """Return "from A to B" where the evidence has it from B to A; else empty."""
    there = _changes(licence.evidence, known)
    for start, end in _changes(licence.claim, claimed):
        straight = any(start.equals(one) and end.equals(other) for one, other in there)
        if not straight and any(start.equals(other) and end.equals(one) for one, other in there):
            return f"from {start.shown} to {end.shown}, where the paper has it the other way round"
    return ""


def _changes(words: Words, quantities: Sequence[Quantity]) -> list[tuple[Quantity, Quantity]]:
    """Return the pairs of quantities that a text ties by "from" and "to"."""
    return [
        (start, end)
        for start, end in pairwise(quantities)
        if start.word.index
        and words.all[start.word.index - 1].folded == "from"
        and words.all[end.word.index - 1].folded == "to"
        and start.word.sentence == end.word.sentence
    ]


def _fit(around: dict[Word, float], word: Word, licence: Licence) -> float:
    there = context_of(word, licence.evidence)
    return overlap(around, there) + overlap(around, there, sided=True)


def level_for_difference(licence: Licence, claimed: Sequence[Quantity], known: Sequence[Quantity]) -> str:
    """Return a number that something is raised to in one text and raised by in the other; else empty."""
    for quantity in claimed:
        mine = _reached_or_added(quantity, licence.claim)
        theirs = {_reached_or_added(other, licence.evidence) for other in known if quantity.equals(other)}
        if mine and theirs == {_OTHER_WAY[mine]}:
            return quantity.shown
    return ""


def _reached_or_added(quantity: Quantity, words: Words) -> str:
    """Return "to" for a level ("raised to 3%"), "by" for a difference ("by 3%", "a gain of 3%"); else empty."""
    before = words.all[max(0, quantity.word.index - _CHANGE) : quantity.word.index]
    last = before[-1].folded if before else ""
    moved = any(word.stem in lexicon().opposites for word in before)
    if last == "to" and moved and not any(word.number or word.folded in ("from", "up") for word in before):
        return "to"
    return "by" if moved and last in ("by", "of") else ""
