"""Words that move something up or down a scale, and the things of which more is better or worse."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from assistant.text import word_set
from assistant.verification.lexicon import LIGHT, stem
from assistant.verification.words import Word


class Scale(StrEnum):
    """On what something is moved."""

    AMOUNT = "amount"  # more or less of it
    WORTH = "worth"  # better or worse
    SPEED = "speed"
    RESISTANCE = "resistance"  # robust or vulnerable to it


def stems(text: str) -> frozenset[str]:
    """Return the stems of the words of a text."""
    return frozenset(stem(word) for word in text.split())


_CUES_TEXT = {
    (Scale.AMOUNT, 1): """
        increase raise rise grow growth boost gain lift elevate enlarge expand extend prolong lengthen more higher
        greater larger longer amplify enhance strengthen promote add stronger""",
    (Scale.AMOUNT, -1): """
        reduce reduction decrease lower drop decline fall cut shrink diminish lessen fewer less shorten shorter smaller
        curb alleviate mitigate minimize prevent eliminate suppress inhibit attenuate lose weaken weaker save limit
        restrict hinder hamper""",
    (Scale.AMOUNT, 0): "keep preserve maintain retain",
    (Scale.WORTH, 1): "improve improvement help benefit better superior outperform beat surpass exceed",
    (Scale.WORTH, -1): """
        worsen degrade degradation deteriorate deterioration harm hurt impair worse inferior underperform damage
        undermine compromise sacrifice""",
    (Scale.SPEED, 1): "faster quicker accelerate speedup speed_up",
    (Scale.SPEED, -1): "slower slow slow_down slowdown",
    (Scale.RESISTANCE, 1): "robust resistant withstand insensitive",
    (Scale.RESISTANCE, -1): "vulnerable sensitive susceptible prone",
}
_CUES = {
    " ".join(stem(part) for part in word.split("_")): place
    for place, text in _CUES_TEXT.items()
    for word in text.split()
}
# Levels, not changes, although they have a change's stem.
_LEVELS = word_set("""
    high highly great greatly large largely long strong strongly weak weakly small good well bad badly low short slow
    fast
""")
_OTHER_ENDINGS = ("tion", "ment", "or", "al", "ive", "able")  # prevention, inhibitor, promotional
_COMPARATIVES = stems(
    """more higher greater larger longer fewer less lower shorter smaller better worse stronger weaker faster quicker
    slower superior inferior"""
)
BEATING = stems("outperform beat surpass exceed underperform")  # their object is what they are compared with
NOUNS = stems(
    """increase rise growth boost gain benefit reduction decrease drop decline improvement degradation deterioration
    loss"""
)
# Of these more is better, and of those less; of others neither is known, so that "improve" and "reduce" do not compare.
_GOOD = stems(
    """quality accuracy performance throughput efficiency effectiveness stability robustness recall precision
    engagement reliability relevance satisfaction diversity novelty coverage trust transparency explainability
    usefulness utility trustworthiness revenue sales conversion metrics ndcg auc survival cognition health outcome
    success speed scalability generalization productivity experience usability fairness privacy security convergence
    capability ability recommendation retrieval ranking result prediction similarity modularity lifespan"""
)
_BAD = stems(
    """latency error cost time overhead loss delay risk mortality death incidence disease cancer recurrence failure
    consumption complexity sparsity bias noise overfitting energy bubble straggler hallucination toxicity attack
    vulnerability disparity discrimination fracture bandwidth footprint storage perplexity rmse mae problem issue
    challenge runtime size morbidity"""
)


def place_of(word: Word) -> tuple[Scale | None, int]:
    """Return the scale that a word speaks of and its way on it, 1 up, -1 down, 0 kept; no scale for most words."""
    if word.folded in _LEVELS or word.folded.endswith("est") or word.joined:
        return None, 0  # "privacy-preserving" says what a thing is, not what it does
    if word.folded.endswith(_OTHER_ENDINGS) and word.stem not in NOUNS:
        return None, 0
    scale, way = _CUES.get(word.stem, (None, 0))
    return (None, 0) if scale is Scale.RESISTANCE and word.folded.endswith(("ness", "ity")) else (scale, way)


def is_comparative(word: Word) -> bool:
    """Return whether a word compares: "lower", not "lowers"."""
    return word.stem in _COMPARATIVES and (word.folded == "less" or not word.folded.endswith(("s", "ed", "ing")))


def is_good(word: Word) -> bool:
    """Return whether a word names something of which more is better."""
    return word.stem in _GOOD


def moves(word: Word) -> bool:
    """Return whether a word moves something, which being robust or vulnerable does not."""
    return place_of(word)[0] not in (None, Scale.RESISTANCE)


def as_worth(scale: Scale, way: int, measured: Sequence[Sequence[Word]]) -> tuple[Scale, int]:
    """Return scale and way as better or worse where it is known which of what is measured is better, else as given."""
    good = _worth(measured[0]) if measured else 0
    if not good or scale not in (Scale.AMOUNT, Scale.WORTH):
        return scale, way
    return Scale.WORTH, way if scale is Scale.WORTH else way * good


def _worth(group: Sequence[Word]) -> int:
    """Return 1 where more of a thing is better, -1 where less is, and 0 where neither is known."""
    known = next((word.stem for word in reversed(group[-2:]) if word.stem in _GOOD | _BAD), None)
    return 0 if known is None else 1 if known in _GOOD else -1


def is_light(word: Word) -> bool:
    """Return whether a head says little by itself: the amount of, the level of."""
    return word.stem in LIGHT and not word.folded.endswith("ness")
