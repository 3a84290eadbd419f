"""Whether two sentences say opposite things of the same matter."""

from __future__ import annotations

from assistant.text import content_words
from assistant.verification.licence import license_words
from assistant.verification.polarity import changed_negation
from assistant.verification.relations import flipped_direction
from assistant.verification.words import read_words

OPPOSE = 0.7  # cosine from which two sentences may speak of the same thing
SHARED = 0.5  # share of the shorter sentence's words that opposed sentences have in common
_DIRECTIONS_TEXT = """
    improve degrade increase reduce outperform underperform faster slower better worse higher lower benefit harm
    effective ineffective superior inferior raise decrease gain loss enhance worsen hurt help strengthen weaken beat lag
"""
_DIRECTIONS = frozenset(content_words(_DIRECTIONS_TEXT))


def opposition(first: str, second: str, similarity: float) -> str:
    """Return what two sentences oppose, seen from either side; empty where they do not.

    They must be near in meaning (`similarity` is their cosine), share half their words, and differ in a negation or
    a direction.
    """
    if similarity < OPPOSE or _common(first, second) < SHARED:
        return ""
    there = _turned(first, second)
    return there if there and _turned(second, first) else ""


def _common(first: str, second: str) -> float:
    one, other = set(content_words(first)), set(content_words(second))
    return len(one & other) / max(min(len(one), len(other)), 1)


def _turned(claim: str, evidence: str) -> str:
    licence = license_words(read_words([claim]), read_words([evidence]), read_words([]))
    word = flipped_direction(licence)
    if word and set(content_words(word)) & _DIRECTIONS:
        return f"“{word}” against its opposite"
    return "a negation" if changed_negation(licence) else ""
