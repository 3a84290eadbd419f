"""Names of people: family names, and whether two names can be one person."""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

from assistant.text import fold

_SUFFIXES = frozenset(("jr", "sr", "ii", "iii", "iv", "phd", "md"))
_PARTS = re.compile(r"[^\w]+")


def family_name(name: str) -> str:
    """Return the family name of "Given Family", without suffixes such as Jr."""
    words = name.replace(",", " ").split()
    while len(words) > 1 and fold(words[-1]).strip(".") in _SUFFIXES:
        words.pop()
    return words[-1] if words else ""


@lru_cache(maxsize=16384)
def same_person(a: str, b: str) -> bool:
    """Return whether two names can be one person's: "Maxim Naumov", "M. Naumov", "Naumov Maxim", "Maksim Naumov"."""
    left, right = _parts(a), _parts(b)
    if not left or not right:
        return False
    if sorted(left) == sorted(right) or "".join(left) == "".join(right):
        return True
    if _family_agrees(left, right) and _given_agree(left[:-1], right[:-1]):
        return True
    return any(_reordered(x, y) for x, y in ((left, right), (right, left)))


@lru_cache(maxsize=16384)
def same_family(a: str, b: str) -> bool:
    """Return whether two names share their family name, first or last."""
    left, right = _parts(a), _parts(b)
    return bool(left and right) and (_family_agrees(left, right) or left[-1] == right[0] or left[0] == right[-1])


@lru_cache(maxsize=16384)
def _parts(name: str) -> tuple[str, ...]:
    text = fold(name).replace("'", "").replace("`", "")
    if "," in text:
        family, _, given = text.partition(",")
        text = f"{given} {family}"
    parts = [part for part in _PARTS.split(text) if part and not part.isdecimal()]
    while len(parts) > 2 and parts[-1] in _SUFFIXES:
        parts.pop()
    return tuple(parts)


def _family_agrees(left: tuple[str, ...], right: tuple[str, ...]) -> bool:
    a, b = left[-1], right[-1]
    if a == b:
        return True
    return min(len(a), len(b)) > 5 and Levenshtein.distance(a, b, score_cutoff=1) <= 1


def _reordered(x: tuple[str, ...], y: tuple[str, ...]) -> bool:
    """Whether `y` has the family name of `x` first, or written as two words, or followed by a second one."""
    if len(x) > 1 and x[-1] == y[0] and _given_agree(x[:-1], y[1:]) and len(y) > 1:
        return True
    if len(y) > 2 and x[-1] == "".join(y[-2:]):
        return _given_agree(x[:-1], y[:-2])
    return len(y) > 2 and len(x) > 1 and x[-1] == y[-2] and len(x[-1]) > 3 and _given_agree(x[:-1], y[:-2])


def _given_agree(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """Whether two runs of given names do not contradict each other: one may be initials, or missing."""
    if not a or not b or "".join(a) == "".join(b):
        return True
    x, y = a[0], b[0]
    if x == y:
        return _middle_agree(a[1:], b[1:])
    if len(x) <= 2 or len(y) <= 2:
        initials_a, initials_b = "".join(part[0] for part in a), "".join(part[0] for part in b)
        return x[0] == y[0] or x == initials_b or y == initials_a
    if min(len(x), len(y)) >= 4 and (x.startswith(y) or y.startswith(x)):
        return True
    return min(len(x), len(y)) > 4 and Levenshtein.distance(x, y, score_cutoff=1) <= 1


def _middle_agree(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """Whether second names agree where both have one: "Wei A. Li" is not "Wei B. Li"."""
    return not a or not b or a[0][0] == b[0][0] or len(a) != len(b)
