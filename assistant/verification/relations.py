"""Directions, comparisons, and which name or number stands for what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.verification.lexicon import lexicon
from assistant.verification.licence import Licence, context_of, overlap
from assistant.verification.polarity import negated
from assistant.verification.quantities import Quantity
from assistant.verification.words import Word, Words

_MARGIN = 0.15  # by which a context must fit another word better before a swap is claimed
_BEATS = frozenset(
    {"outperform", "beat", "surpass", "exceed", "outdo", "outstrip", "underperform", "supersed", "domin"}
)
_AGAINST = frozenset({"than", "versus", "vs"})
_PASSIVE = frozenset({"is", "are", "was", "were", "be", "been", "being", "get", "gets", "got"})


def flipped_direction(licence: Licence) -> str:
    """Return the claim's word that says the opposite of the evidence, such as "increases"; empty where none does."""
    lexical = lexicon()
    denied, denied_there = negated(licence.claim), negated(licence.evidence)
    for word in licence.claim.all:
        if word.stem not in lexical.opposites:
            continue
        same = [other for other in licence.evidence.all if lexical.same(word.stem, other.stem)]
        against = [other for other in licence.evidence.all if lexical.opposed(word.stem, other.stem)]
        against = [other for other in against if (word in denied) == (other in denied_there)]
        if not against:
            continue
        around = context_of(word, licence.claim)
        fits = max((overlap(around, context_of(other, licence.evidence)) for other in same), default=0.0)
        opposite = max(overlap(around, context_of(other, licence.evidence)) for other in against)
        if (opposite > fits + _MARGIN) if same else (opposite > 0):
            return word.text
    return ""


def swapped_names(licence: Licence) -> str:
    """Return two names of the claim that changed places against the evidence; empty where none did."""
    names = [word for word in licence.claim.content if licence.matches[word] and not word.number]
    for at, left in enumerate(names):
        for right in names[at + 1 :]:
            if left.stem != right.stem and (left.name or right.name) and _changed_places(left, right, licence):
                return f"{left.text} and {right.text}"
    return ""


def swapped_numbers(licence: Licence, claimed: Sequence[Quantity], known: Sequence[Quantity]) -> str:
    """Return a number of the claim that the evidence gives for something else; empty where there is none."""
    for quantity in claimed:
        equal = [other for other in known if quantity.equals(other)]
        rivals = [other for other in known if other.unit == quantity.unit and not quantity.equals(other)]
        if not equal or not rivals or quantity.loose:
            continue
        around = context_of(quantity.word, licence.claim)
        fits = max(_fit(around, other.word, licence) for other in equal)
        rival = max(rivals, key=lambda other: _fit(around, other.word, licence))
        if _fit(around, rival.word, licence) > fits + 2 * _MARGIN and not _coordinated(
            equal[0].word, rival.word, licence.evidence
        ):
            return f"{quantity.shown}, where the paper has {rival.shown}"
    return ""


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


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two sides of a comparison: content words before and after what compares them."""

    cue: Word
    left: tuple[Word, ...]
    right: tuple[Word, ...]


def turned_comparison(licence: Licence) -> str:
    """Return the claim's comparing word where its sides are the evidence's sides the other way round; else empty."""
    claimed, known = _comparisons(licence.claim), _comparisons(licence.evidence)
    for mine in claimed:
        scored = [(_sides(mine, theirs), theirs) for theirs in known]
        if not scored:
            continue
        (straight, crossed), theirs = max(scored, key=lambda pair: sum(pair[0]))
        if crossed > straight and not _opposed_cues(mine, theirs):
            return mine.cue.text
        if straight > crossed and _opposed_cues(mine, theirs):
            return mine.cue.text
    return ""


def unfounded_comparison(licence: Licence) -> str:
    """Return "than" and the like where the evidence compares nothing; else empty."""
    claimed = [mine for mine in _comparisons(licence.claim) if mine.cue.folded in _AGAINST]
    if claimed and not _comparisons(licence.evidence):
        return claimed[0].cue.text
    return ""


def _changed_places(left: Word, right: Word, licence: Licence) -> bool:
    """Whether each of two words stands in the claim where the other one stands in the evidence."""
    pairs = [
        (here, there)
        for here in licence.matches[left]
        for there in licence.matches[right]
        if here.sentence == there.sentence
    ]
    pairs = [(here, there) for here, there in pairs if here is not there and here.stem != there.stem]
    if not pairs or any(_coordinated(here, there, licence.evidence) for here, there in pairs):
        return False
    skip = {left.stem, right.stem}
    mine_left, mine_right = (_context(word, licence.claim, skip) for word in (left, right))
    for sided in (True, False):
        straight = max(
            overlap(mine_left, _context(here, licence.evidence, skip), sided=sided)
            + overlap(mine_right, _context(there, licence.evidence, skip), sided=sided)
            for here, there in pairs
        )
        crossed = max(
            overlap(mine_left, _context(there, licence.evidence, skip), sided=sided)
            + overlap(mine_right, _context(here, licence.evidence, skip), sided=sided)
            for here, there in pairs
        )
        if crossed <= straight + (_MARGIN if sided else -_MARGIN):
            return False
    return True


def _context(word: Word, words: Words, skip: set[str]) -> dict[Word, float]:
    """Return a word's context without the words that may have been swapped, passive verbs turned to the active."""
    around = {other: weight for other, weight in context_of(word, words).items() if other.stem not in skip}
    return {other: -weight if _passive(other, words) else weight for other, weight in around.items()}


def _passive(verb: Word, words: Words) -> bool:
    """Whether a verb is passive with its agent named: "is outperformed by"."""
    at = words.all.index(verb)
    before = any(word.folded in _PASSIVE for word in words.all[max(0, at - 3) : at])
    after = any(word.folded == "by" and word.sentence == verb.sentence for word in words.all[at + 1 : at + 4])
    return after and (before or verb.folded.endswith(("ed", "en", "wn", "un")))


def _coordinated(left: Word, right: Word, words: Words) -> bool:
    """Whether two words stand in one list: "A, B and C"."""
    if left.sentence != right.sentence:
        return False
    low, high = sorted((left, right), key=lambda word: word.start)
    between = words.texts[low.sentence][low.end : high.start]
    inner = words.between(low, high)
    if len(inner) > 8 or any(
        word.folded not in ("and", "or", "the", "a", "an", "as", "well", "both") and not word.content for word in inner
    ):
        return False
    return not between.strip(" -/") or "," in between or any(word.folded in ("and", "or") for word in inner)


def _fit(around: dict[Word, float], word: Word, licence: Licence) -> float:
    return overlap(around, context_of(word, licence.evidence))


def _comparisons(words: Words) -> list[Comparison]:
    found: list[Comparison] = []
    for at, word in enumerate(words.all):
        if word.folded in _AGAINST or word.stem in ("compar with", "compar to", "rel to"):
            found.append(_around_cue(word, words))
        elif word.stem in _BEATS:
            sides = _around_cue(word, words)
            found.append(Comparison(word, sides.right, sides.left) if _passive(word, words) else sides)
        elif word.folded in ("over", "to", "of") and at and words.all[at - 1].folded in _OVER:
            found.append(_around_cue(word, words))
    return found


_OVER_TEXT = """
    superior inferior ahead improvement improvements advantage gain gains speedup speedups preferred improves improve
    improved reduction increase prior
"""
_OVER = frozenset(_OVER_TEXT.split())


def _around_cue(cue: Word, words: Words) -> Comparison:
    """Return what stands before and after a comparing word; "compared with B, A ..." names B first."""
    before = [word for word in words.content if word.sentence == cue.sentence and word.start < cue.start]
    after = [word for word in words.content if word.sentence == cue.sentence and word.start > cue.start]
    if not before and after:
        first = after[0].clause
        return Comparison(
            cue,
            tuple(word for word in after if word.clause != first)[:8],
            tuple(word for word in after if word.clause == first),
        )
    right = [word for word in after if word.clause == after[0].clause][:6] if after else []
    return Comparison(cue, tuple(before[-8:]), tuple(right))


def _sides(mine: Comparison, theirs: Comparison) -> tuple[float, float]:
    """Return how much of the right-hand sides agrees straight, and crosswise."""
    return (
        _shared(mine.left, theirs.left) + _shared(mine.right, theirs.right),
        _shared(mine.left, theirs.right) + _shared(mine.right, theirs.left),
    )


def _shared(left: Sequence[Word], right: Sequence[Word]) -> float:
    lexical = lexicon()
    return float(sum(any(lexical.same(word.stem, other.stem) for other in right) for word in left))


def _opposed_cues(mine: Comparison, theirs: Comparison) -> bool:
    """Whether the comparing words, or the adjectives before "than", are opposites."""
    lexical = lexicon()
    here = [mine.cue, *mine.left[-2:]]
    there = [theirs.cue, *theirs.left[-2:]]
    return any(lexical.opposed(left.stem, right.stem) for left in here for right in there)
