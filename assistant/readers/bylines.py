"""Titles with their authors glued to them: `...Recommender SystemsTunhou Zhang, Dehua Cheng, Yuchen He et al.`.

Every place where one word could end and a name begin is scored: by the kind of boundary, by the shape of the names
behind it, and by what the abstract below shows to be ordinary words. No list of people's names is involved. The
weights were set by hand on entries built from arXiv records; tests/benchmarks/bench_bylines.py measures the result.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.text import STOP_WORDS, fold, word_set

_TAGS = re.compile(r"\s*·\s*([a-z0-9][\w.+&'-]*(?:[ ,]+[a-z0-9][\w.+&'-]*)*)\s*$")
_ET_AL = re.compile(r",?\s*\bet al\.?\s*$|(?<=[a-z]),? et al\.?\s*$")
_PARTICLES = word_set("""
    van von der den de del dei della delle dello di da dal das dos do du des la las le les li lo los el al bin bint
    ibn ben ter ten te zu zur zum vom im am av af y e i und ul ur het in't 't d' op st. abu ould san santa
""")
_SUFFIXES = frozenset(("Jr.", "Jr", "Sr.", "Sr", "II", "III", "IV"))
# Capitalised words of titles that are no one's name; "An", "He", "Will", "May", "Can", "So" are somebody's.
_FUNCTION_WORDS = word_set("""
    the of and for with from on to via using by at as or is are
    through into its their towards toward
""")
_NAME_WORD = re.compile(r"[^\W\d_]+(?:['’`-][^\W\d_]+)*\.?")
_INITIALS = re.compile(r"-?[^\W\d_]\.(?:-?[^\W\d_]\.){0,3}")
_JOINED_INITIALS = re.compile(r"[^\W\d_]{2,3}\.")
_CAMEL = re.compile(r"[a-z][A-Z]")
_CAMEL_WORD = re.compile(r"[a-z](?=[A-Z][a-z])")
_CAPITALS = re.compile(r"[A-Z]{2,}[a-z]")  # "RAbhay": the first letter belongs to the title
_NOUN = re.compile(r".{3,}(?:ing|tions?|ments?|ness|ity|ics|ware|sis|data)$")
_ADORNMENT = "'\"()‘’“”*†‡§¶0123456789"
_WORD = re.compile(r"[^\W_]+")
_LETTERS = re.compile(r"[^\W\d_]*")
_MAX_NAME_WORDS = 7
_LEFT_SCORES = ((str.islower, 2.0), (str.isdigit, 1.0), (str.isupper, -0.5))


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
    position = _best_boundary(line, _Words(abstract))
    if position is None:
        return Byline(line, (), not match, tags)
    authors = tuple(name.strip() for name in line[position:].split(", "))
    return Byline(line[:position].rstrip(), authors, not match, tags)


class _Words:
    """The words that a paper's abstract uses: lower-case ones are hardly names."""

    def __init__(self, abstract: str) -> None:
        found = set(_WORD.findall(abstract))
        self.lower = {word for word in found if word[0].islower()}
        self.all = {word.lower() if word.isascii() else fold(word) for word in found}

    def common(self, word: str) -> bool:
        """Whether `word` (or its singular or plural) is an ordinary word here."""
        low = word.casefold()
        if low in STOP_WORDS or low in self.lower or low + "s" in self.lower or low.removesuffix("s") in self.lower:
            return True
        return bool(_NOUN.match(low))

    def seen(self, word: str) -> bool:
        """Whether the abstract has `word`, or its singular or plural, in any case."""
        low = fold(word)
        return low in self.all or low + "s" in self.all or (low[-1:] == "s" and low[:-1] in self.all)


def _best_boundary(line: str, words: _Words) -> int | None:
    """Return where the first author begins, or None where no place is plausible."""
    best: tuple[float, int] | None = None
    behind = 0.0  # the score of the names right of the segment at hand
    end = len(line)
    while end > 0:
        comma = line.rfind(", ", 0, end)
        first = comma + 2 if comma >= 0 else 0
        for position in _boundaries(line, first, end):
            score = behind + _name_score(line[position:end], words) + _boundary_score(line, position, words)
            if best is None or score > best[0]:
                best = (score, position)
        segment = _name_score(line[first:end], words)
        if comma < 0 or segment < -4:
            break
        behind += segment + 1.0
        end = comma
    return best[1] if best and best[0] > 0 else None


def _boundaries(line: str, first: int, end: int) -> list[int]:
    """Return the places in a segment where a name could begin directly behind another character."""
    found = []
    for position in range(first + 1, end):
        left, right = line[position - 1], line[position]
        if left.isspace():
            continue
        if right.isupper():
            if _may_end_title(left, line[max(first, position - 3) : position - 1]):
                found.append(position)
        elif right == "d" and left.islower() and line.startswith(("d'", "d’"), position):
            found.append(position)
    return found


def _may_end_title(left: str, before: str) -> bool:
    """Whether a title can end in `left`, rather than a name or a word have it inside (O'Brien, Jean-Luc, J.R.)."""
    if left in "'’.":
        return (before[-2:].isalpha() and before[-2:].islower()) or before[-1:] in ("?", "!", ")")
    if left == "-":
        return bool(before) and not before[-1].isalnum() and not before[-1].isspace() and before[-1] != "."
    return left not in "/[({&`:;,~"


def _boundary_score(line: str, position: int, words: _Words) -> float:
    """Return how well a title ends and a name begins at `position`."""
    left = line[position - 1]
    begin = max(line.rfind(mark, 0, position) for mark in (" ", "-", "/")) + 1
    word = line[begin:position].strip("()[]\"'“”‘’?!:;,.")
    right = _letters(line, position)
    score = next((value for test, value in _LEFT_SCORES if test(left)), 0.5 if left in ".-" else 3.0)
    score += _ending_score(word, words)
    if len(right) == 1 and left.isupper() and line[position + 1 : position + 2] != ".":
        score -= 1.0
    if right.casefold() in words.lower and len(right) > 2:
        score -= 1.5
    if left.isalnum() and words.seen(_run(line, position)):
        score -= 5.0
    return score


def _ending_score(word: str, words: _Words) -> float:
    """Return how well `word` ends a title."""
    if not word:
        return 0.0
    if len(word) == 1 and word.isalpha():
        return -2.0
    if words.common(word):
        return 3.0
    if words.seen(word) and not word.isdecimal():
        return 2.5
    if _CAMEL_WORD.search(word.removesuffix("s")):
        part = _parts(word)[-1]
        return 1.5 if len(part) > 3 and words.common(part) else -1.0
    return -2.0 if word in ("Mc", "Mac", "De", "Di", "La", "Le", "Van", "Du", "Da", "Fitz", "El", "Al") else 0.0


def _parts(word: str) -> list[str]:
    """Return the words of a camel-case word."""
    return re.sub(r"([a-z])([A-Z])", r"\1 \2", word).split(" ")


def _letters(line: str, position: int) -> str:
    match = _LETTERS.match(line, position)
    return match.group() if match else ""


def _run(line: str, position: int) -> str:
    """Return the letters and digits around `position`."""
    begin = position
    while begin > 0 and line[begin - 1].isalnum():
        begin -= 1
    match = _WORD.match(line, begin)
    return match.group() if match else ""


def _name_score(name: str, words: _Words) -> float:
    """Return how much `name` looks like one person's name rather than words of a title."""
    tokens = name.split()
    if not tokens or len(tokens) > _MAX_NAME_WORDS:
        return -9.0
    if tokens[-1] in _SUFFIXES and len(tokens) > 2:
        tokens.pop()
    last = len(tokens) - 1
    score = {1: -2.5, 2: 2.0, 3: 1.5, 4: 0.0}.get(len(tokens), -1.5)
    if name.isupper():
        score -= 3.0
    return score + sum(_token_score(token, words, last=index == last) for index, token in enumerate(tokens))


def _token_score(token: str, words: _Words, *, last: bool) -> float:
    """Return how much one word looks like a part of a name."""
    token = token.strip(_ADORNMENT)
    if _INITIALS.fullmatch(token):
        return -0.5 if last else 1.5
    if _JOINED_INITIALS.fullmatch(token):
        return -1.5 if token.isupper() else 0.3
    low = token.casefold()
    if low in _PARTICLES and not last:
        return 0.2
    if len(token) == 1:
        return 0.5 if token.isupper() and not last else -2.0
    if not _NAME_WORD.fullmatch(token):
        return -6.0
    if token[0].islower():
        return -6.0 if words.common(token) or _CAMEL.search(token) else -1.5
    score = 0.0 if token.endswith(".") or (token.isupper() and len(token) > 3) else 0.5
    if low in _FUNCTION_WORDS:
        score -= 4.0
    elif low in words.lower and len(token) > 2:
        score -= 2.0
    elif words.seen(token):
        score -= 0.8
    return score - _camel_cost(token, words)


def _camel_cost(token: str, words: _Words) -> float:
    """Return the cost of capitals inside a word: "SimBenjamin", "ViewA", "RAbhay" hold the end of a title."""
    if not token.isascii():
        token = "".join("A" if char.isupper() else "a" if char.isalpha() else char for char in token)
    if _CAPITALS.match(token):
        return 4.0
    if not _CAMEL.search(token):
        return 0.0
    return 4.0 if token[-1].isupper() or words.common(_parts(token)[0]) else 1.5
