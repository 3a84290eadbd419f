"""Abbreviations in a topic, spelled out as the library's papers spell them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

READ = 100  # papers in which one is looked up
SPELLED = 0.5  # share of those that have it which spell it out
# Words of a topic that may be abbreviations. Short ones may be typed in small letters: there the papers decide.
WORDS = re.compile(r"\b(?:[A-Za-z]{2,4}|[A-Z]{5,6})s?\b")


def spelled_out(word: str, texts: Iterable[str]) -> str:
    """Return what `texts` say that `word` is short for: "reinforcement learning" for RL; "" where they do not say.

    It is what stands most often right before the abbreviation in brackets and has its letters at the beginnings of its
    words. A word that the texts write in small letters more often than in capitals is no abbreviation, and one that
    fewer than `SPELLED` of them spell out is better known than what it is short for (GPU, TCP).
    """
    short = (word[:-1] if re.search(r"[^sS]s$", word) and len(word) > 2 else word).upper()
    found: Counter[str] = Counter()
    capitals = small = 0
    bracketed = re.compile(rf"((?:[\w'’-]+\s+){{1,{len(short) + 2}}})\(\s*{short}s?\s*[),;]")
    for text in texts:
        capitals += bool(re.search(rf"\b{short}s?\b", text))
        small += bool(re.search(rf"\b{short.lower()}s?\b", text))
        found.update({long for match in bracketed.finditer(text) if (long := _initials(match[1], short))})
    long, count = found.most_common(1)[0] if found else ("", 0)
    return long if capitals > small and count >= SPELLED * capitals else ""


def _initials(before: str, short: str) -> str:
    """Return the last words of `before` that have the letters of `short` at their beginnings, "" where none do."""
    words = before.split()
    for count in range(1, len(words) + 1):
        run = words[-count:]
        begins = [part[:1].upper() for part in re.split(r"[\s-]+", " ".join(run))]
        if "".join(begins) == short:
            return _singular(" ".join(run).lower())
    return ""


def _singular(phrase: str) -> str:
    return re.sub(r"(?<=[^su])s$", "", phrase)
