"""Which number stands for what: numbers that changed places, and numbers given for something else."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from assistant.verification.lexicon import lexicon
from assistant.verification.licence import Licence, context_of, overlap
from assistant.verification.quantities import Quantity
from assistant.verification.relations import coordinated
from assistant.verification.statements import statements
from assistant.verification.words import Word, Words

_OTHER_WAY = {"to": "by", "by": "to"}
_CHANGED = frozenset({"less", "more", "fewer", "lower", "higher", "cheaper", "faster", "slower", "better", "worse"})
_TURNING = frozenset({"and", "by", "for", "from", "on", "than", "to", "while", "with"})
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


def misplaced_number(licence: Licence, claimed: Sequence[Quantity], known: Sequence[Quantity]) -> str:
    """Return a number that the claim gives with a name beside which the evidence has another number; else empty.

    The evidence must say both numbers in statements of their own, and the claim must not name what stands with the
    number there: "on A from 1 to 2, and on B from 3 to 4".
    """
    places = {word: at for at, run in enumerate(statements(licence.evidence)) for word in run}
    said = {match for matches in licence.matches.values() for match in matches}
    own = {places[word] for quantity in known for word in quantity.words}
    for run in statements(licence.claim):
        names = [word for word in run if word.name and not word.number]
        homes = [{places[match] for match in licence.matches.get(name, ()) if match in places} & own for name in names]
        for quantity in (quantity for quantity in claimed if quantity.word in run and not quantity.loose):
            here = {places[other.word] for other in known if quantity.equals(other)}
            rivals = [other for other in known if other.unit == quantity.unit and places[other.word] not in here]
            rivals = [other for other in rivals if not any(other.equals(mine) for mine in claimed)]
            unnamed = [word for word in licence.evidence.content if places[word] in here and word.name]
            for home in homes:
                rival = next((other for other in rivals if home == {places[other.word]}), None)
                if rival is not None and any(word not in said for word in unnamed):
                    return f"{quantity.shown}, where the paper has {rival.shown}"
    return ""


def share_for_change(licence: Licence, claimed: Sequence[Quantity], known: Sequence[Quantity]) -> str:
    """Return a share in the claim ("50% of") that the evidence gives as a change ("50% less"); else empty."""
    for quantity in claimed:
        theirs = [_next(other, licence.evidence) for other in known if quantity.equals(other)]
        if theirs and _next(quantity, licence.claim) == "of" and all(word in _CHANGED for word in theirs):
            return f"{quantity.shown} of something, where the paper has {quantity.shown} {theirs[0]}"
    return ""


def _next(quantity: Quantity, words: Words) -> str:
    last = max((word.index for word in quantity.words), default=quantity.word.index)
    return next((word.folded for word in words.all[last + 1 : last + 2]), "")


def number_of_other(licence: Licence, claimed: Sequence[Quantity], known: Sequence[Quantity]) -> str:
    """Return a number of the claim that stands before what the evidence gives another number for; else empty.

    "It gained 10% in satisfaction" beside "it gained 10% in revenue, improved satisfaction by 11.5%": each number of a
    sentence has its own piece, from the mark or conjunction before it to the next one.
    """
    pieces = _number_pieces(licence.evidence, known)
    for quantity in (quantity for quantity in claimed if not quantity.loose):
        here = {pieces[other.word] for other in known if quantity.equals(other) and other.word in pieces}
        rivals = [other for other in known if other.unit == quantity.unit and not quantity.equals(other)]
        there = {pieces[other.word] for other in rivals if other.word in pieces} - here
        measured = _measured(quantity, licence.claim)
        homes = [{pieces.get(match) for match in licence.matches.get(word, ())} for word in measured]
        if here and len(homes) > 1 and all(home and not home & here and home & there for home in homes):
            return f"{quantity.shown} of {measured[-1].text!r}, where the paper says so of something else"
    return ""


def _measured(quantity: Quantity, words: Words) -> list[Word]:
    """Return what a number is of: the content words behind it up to the next preposition but one."""
    after: list[Word] = []
    for word in words.all[quantity.word.index + 1 :]:
        if word.clause != quantity.word.clause or word.number or word.folded in _TURNING:
            break
        if word.content and word not in quantity.words:
            after.append(word)
    return after[:3]


def _number_pieces(words: Words, known: Sequence[Quantity]) -> dict[Word, int]:
    """Return for each word the number of its piece: pieces end at a comma or "and" behind a number."""
    numbers = {quantity.word for quantity in known}
    pieces: dict[Word, int] = {}
    piece, counted = 0, False
    for word, before in zip(words.all, (None, *words.all), strict=False):
        apart = before is not None and (word.sentence != before.sentence or word.clause != before.clause)
        if counted and (apart or word.folded == "and"):
            piece, counted = piece + 1, False
        pieces[word] = piece
        counted = counted or word in numbers
    return pieces


def stranded_number(licence: Licence, claimed: Sequence[Quantity], known: Sequence[Quantity]) -> str:
    """Return a number of the claim whose surroundings have nothing in common with those in the evidence; else empty."""
    for quantity in claimed:
        equal = [other for other in known if quantity.equals(other)]
        around = context_of(quantity.word, licence.claim)
        if quantity.loose or not equal or not around:
            continue
        if max(overlap(around, context_of(other.word, licence.evidence)) for other in equal) <= 0:
            return quantity.shown
    return ""


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
