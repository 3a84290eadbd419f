"""Titles with their authors glued to them: `...Recommender SystemsTunhou Zhang, Dehua Cheng, Yuchen He et al.`.

Every place where one word could end and a name begin is scored: by the kind of boundary, by the shape of the names
behind it, and by what the abstract below shows to be ordinary words. No list of names is involved.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.text import STOP_WORDS, fold

_TAGS = re.compile(r"\s*·\s*([a-z0-9][\w.+&'-]*(?:[ ,]+[a-z0-9][\w.+&'-]*)*)\s*$")
_ET_AL = re.compile(r",?\s*\bet al\.?\s*$|(?<=[a-z]),? et al\.?\s*$")
_PARTICLES = frozenset(
    [
        "van",
        "von",
        "der",
        "den",
        "de",
        "del",
        "della",
        "dello",
        "di",
        "da",
        "dos",
        "das",
        "do",
        "du",
        "la",
        "le",
        "el",
        "al",
        "bin",
        "ibn",
        "ben",
        "ter",
        "ten",
        "te",
        "zu",
        "zur",
        "y",
        "e",
        "af",
        "av",
    ]
    + ["d'", "'t", "st.", "abu", "ould", "vom", "zum", "op", "in't", "i"]
)
_SUFFIXES = frozenset(("Jr.", "Jr", "Sr.", "Sr", "II", "III", "IV"))
_UPPER = "A-ZÀ-ÖØ-ÞĀ-Ž"
_NAME_WORD = re.compile(r"(?:[^\W\d_a-z][^\W\d_]*)(?:['’`-][^\W\d_]+)*\.?")
_INITIALS = re.compile(r"(?:[^\W\d_]\.?-?){1,3}\.")
_MAX_NAME_WORDS = 7


@dataclass(frozen=True, slots=True)
class Byline:
    """A title line taken apart; `complete` is false where the list of authors ends in "et al."."""

    title: str
    authors: tuple[str, ...]
    complete: bool
    tags: tuple[str, ...]


def split_byline(line: str, abstract: str = "") -> Byline:
    """Return title, authors and tags of a glued line; without a plausible author the line is the title.

    Args:
        line: title and authors without anything between them, "et al." and "· tag, tag" optional.
        abstract: the text below, which tells ordinary words from names.
    """
    tags: tuple[str, ...] = ()
    match = _TAGS.search(line)
    if match:
        tags = tuple(tag.strip() for tag in match.group(1).split(","))
        line = line[: match.start()]
    match = _ET_AL.search(line)
    if match:
        line = line[: match.start()]
    line = " ".join(line.split())
    position = _best_boundary(line, _Words(line, abstract), listed=bool(match))
    if position is None:
        return Byline(line, (), not match, tags)
    authors = tuple(name.strip() for name in line[position:].split(", "))
    return Byline(line[:position].rstrip(), authors, not match, tags)


class _Words:
    """The words that a listing's abstract uses: lower-case ones are not names."""

    def __init__(self, line: str, abstract: str) -> None:
        found = re.findall(r"[^\W_]+", abstract)
        self.lower = {word for word in found if word[0].islower()}
        self.all = {fold(word) for word in found}

    def common(self, word: str) -> bool:
        """Whether the abstract uses `word` (or its singular or plural) as an ordinary word."""
        low = word.casefold()
        return low in self.lower or low in STOP_WORDS or low + "s" in self.lower or low.removesuffix("s") in self.lower

    def seen(self, word: str) -> bool:
        low = fold(word)
        return low in self.all or low + "s" in self.all or (low.endswith("s") and low[:-1] in self.all)


def _best_boundary(line: str, words: _Words, *, listed: bool) -> int | None:
    """Return where the first author begins, or None."""
    best: tuple[float, int] | None = None
    behind = 0.0  # the score of the names right of the segment at hand
    end = len(line)
    while end > 0:
        start = line.rfind(", ", 0, end)
        first = start + 2 if start >= 0 else 0
        for position in _boundaries(line, first, end):
            score = behind + _name_score(line[position:end], words) + _boundary_score(line, position, words)
            if best is None or score > best[0]:
                best = (score, position)
        segment = _name_score(line[first:end], words)
        if start < 0 or segment < -4:
            break
        behind += segment + 1.0
        end = start
    threshold = 0.0 if listed else 0.5
    return best[1] if best and best[0] > threshold else None


def _boundaries(line: str, first: int, end: int) -> list[int]:
    """Return the places in a segment where a capital stands directly behind another character."""
    found = []
    for position in range(max(first, 1), end):
        left, right = line[position - 1], line[position]
        if (
            (right.isupper() and not left.isspace() and left not in "-'’(/[{.`&" and position > first)
            or (
                right.isupper()
                and left == "."
                and position > first
                and line[max(0, position - 3) : position - 1].islower()
            )
            or (right == "d" and line.startswith(("d'", "d’"), position) and left.islower())
        ):
            found.append(position)
    return found


def _boundary_score(line: str, position: int, words: _Words) -> float:
    left = line[position - 1]
    begin = max(line.rfind(" ", 0, position), line.rfind("-", 0, position), line.rfind("/", 0, position)) + 1
    word = line[begin:position].strip("()[]\"'“”‘’?!:;,.")
    rest = re.match(r"[^\W\d_]*", line[position:])
    right = rest.group() if rest else ""
    score = 0.0
    if left.islower():
        score += 2.0
    elif left in "?!)]\"”’'$%*+":
        score += 3.0
    elif left.isdigit():
        score += 1.0
    elif left.isupper():
        score += -0.5 if len(right) > 1 else -1.5
    elif left == ".":
        score += 0.5
    if word:
        if words.common(word):
            score += 3.0
        elif words.seen(word):
            score += 2.0
        elif len(word) == 1 and left.isalpha():
            score -= 2.0
        inner = re.search(r"[a-z](?=[A-Z])", word)
        if inner and not words.seen(word):
            score -= 2.0
    if word in ("Mc", "Mac", "De", "Di", "La", "Le", "Van", "Du", "Da", "O", "Fitz", "Mac", "El", "Al", "St"):
        score -= 4.0
    if words.common(right) and len(right) > 2:
        score -= 2.5
    whole = (re.match(r"[^\W_]*", line[begin:]) or [""])[0]
    if whole != word and words.seen(whole):
        score -= 5.0
    return score


def _name_score(name: str, words: _Words) -> float:
    """Return how much `name` looks like one person's name rather than words of a title."""
    tokens = name.split()
    if not tokens or len(tokens) > _MAX_NAME_WORDS:
        return -9.0
    if tokens[-1] in _SUFFIXES and len(tokens) > 2:
        tokens.pop()
    score = {1: -2.5, 2: 2.0, 3: 1.5, 4: 0.0}.get(len(tokens), -1.5)
    last = len(tokens) - 1
    for index, token in enumerate(tokens):
        score += _token_score(token, words, first=index == 0, last=index == last)
    return score


def _token_score(token: str, words: _Words, *, first: bool, last: bool) -> float:
    if _INITIALS.fullmatch(token):
        return -0.5 if last else 1.5
    if token.casefold() in _PARTICLES and not last:
        return 0.0 if token.islower() else 0.3
    if len(token) == 1:
        return 0.5 if token.isupper() and not last else -2.0
    if any(char.isdigit() for char in token) or not _NAME_WORD.fullmatch(token):
        return -1.5 if token[:1].islower() and token.isalpha() and not words.common(token) and len(token) > 2 else -6.0
    score = 0.5
    if token.endswith("."):
        score -= 0.5
    if token.isupper() and len(token) > 3:
        score -= 1.0
    if words.common(token) and len(token) > 2:
        score -= 2.5
    elif words.seen(token):
        score -= 0.8
    if re.search(r"[a-z][A-Z]", token):
        score -= 1.0
    return score
