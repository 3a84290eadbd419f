"""Misspelt words of a question, put right by the words of papers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from rapidfuzz import process
from rapidfuzz.distance import OSA

from assistant.text import STOP_WORDS, fold

SHORTEST = 4  # letters; shorter words are near too many others
LONG = 8  # letters from which a word may have two slips; else one

_OPENERS = ("what", "which", "where", "when", "why", "who", "how", "does", "compare", "show", "list", "summarize")
_WORD = re.compile(rf"[^\W\d_]{{{SHORTEST},}}")


def corrected(text: str, known: Callable[[str], bool], papers: Iterable[str]) -> str | None:
    """Return `text` with its unknown words replaced by the nearest ones of `papers`; None where no word is.

    A slip is a letter wrong, missing, too many, or swapped with its neighbour.

    Args:
        text: a question as it was typed.
        known: whether the library has a word; stop words count as known.
        papers: texts whose words, as they are written there, may be meant.
    """
    meant = {fold(word): word for paper in papers for word in _WORD.findall(paper)}
    meant |= {word: word for word in STOP_WORDS if len(word) >= SHORTEST}

    def right(found: re.Match[str]) -> str:
        word = fold(found[0])
        if word in meant or known(word):
            return found[0]
        slips = 2 if len(word) >= LONG else 1
        near = process.extractOne(word, list(meant), scorer=OSA.distance, score_cutoff=slips)
        return meant[near[0]] if near is not None else found[0]

    changed = _WORD.sub(right, text)
    return changed if changed != text else None


def beyond_doubt(text: str, meant: str) -> bool:
    """Return whether every word that `corrected` changed is long and no name, so that nothing else can be meant."""
    changed = [old for old, new in zip(text.split(), meant.split(), strict=True) if old != new]
    return all(word.islower() and len(word) >= LONG for word in changed)


def with_opener(text: str, known: Callable[[str], bool]) -> str:
    """Return `text` with a misspelt first word ("Waht is ...") put right, where it is near a word that opens questions.

    Args:
        text: what was typed.
        known: whether the library has a word; stop words count as known.
    """
    first, blank, rest = text.partition(" ")
    if not blank or not first.isalpha() or not first[1:].islower() or known(first):
        return text
    near = [word for word in _OPENERS if OSA.distance(first.lower(), word) == 1]
    if len(near) != 1:
        return text
    return f"{near[0].capitalize() if first[0].isupper() else near[0]}{blank}{rest}"
