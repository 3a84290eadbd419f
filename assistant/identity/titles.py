"""Titles: what tells one from its neighbours, and when two name one paper."""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

from assistant.text import STOP_WORDS, fold

WORD = re.compile(r"[^\W_]+")
_BEHIND = r"(?:[:(\[.–—]|\s-\s)\s*(?:an? |the |some |authors?'? )?"  # before a word on the title, as in "...: A Reply"
# A document about another one: erratum, reply, comment, supplement, review of a book, ...
_ABOUT = {
    "erratum": re.compile(
        r"\b(?:errat(?:um|a)|corrigend(?:um|a)|corrections? (?:to|of)|publisher'?s? note|addend(?:um|a))\b"
    ),
    "correction": re.compile(r"\b(?:author|publisher) correction\b|^correction\b" rf"|{_BEHIND}corrections?\W*$"),
    "reply": re.compile(
        r"\b(?:reply|response|rejoinder|rebuttal|answer) (?:to|on)\b|^(?:authors?'? )?(?:reply|rejoinder|response)\b"
        rf"|{_BEHIND}(?:reply|response|rejoinder|rebuttal)\W*$"
    ),
    "comment": re.compile(
        r"\b(?:comments?|commentary|discussion|critique|remarks?|notes?|notice) (?:on|to|of|about)\b|^comment\b"
        rf"|{_BEHIND}(?:comments?|commentary|discussion|critique)\W*$"
    ),
    "retraction": re.compile(r"\bretraction\b"),
    "supplement": re.compile(r"\b(?:supplement(?:ary|al)?|appendix|additional (?:material|notes?))\b"),
    "revisited": re.compile(r"\brevisit(?:ed|ing)?\b|\bsecond look\b|\brefut"),
    "editorial": re.compile(r"\b(?:editorial|preface|foreword|book review|proceedings|guest editor)"),
    "slides": re.compile(r"\b(?:poster|tutorial|slides|thesis|dissertation)\b"),
}
_ROMAN_TEXT = "i ii iii iv v vi vii viii ix x xi xii"
_ROMAN = {name: str(value) for value, name in enumerate(_ROMAN_TEXT.split(), start=1)}
_ORDINALS_TEXT = """
    first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth
"""
_ORDINALS = {name: str(value) for value, name in enumerate(_ORDINALS_TEXT.split(), start=1)}
_COUNTS_TEXT = "one two three four five six seven eight nine ten"
_COUNTS = {name: str(value) for value, name in enumerate(_COUNTS_TEXT.split(), start=1)}
_NUMBERED = re.compile(r"(\d+)(?:st|nd|rd|th)")
_SERIES = frozenset(
    ("part", "pt", "volume", "vol", "chapter", "paper", "book", "lecture", "section", "phase", "no", "number")
)
_VERSION_NOTE = re.compile(
    r"[\s:.,–—-]{0,5}[(\[]?\b(?:an? |the )?"
    r"(?:extended|full|long|longer|short|expanded|revised|complete|preliminary|journal|conference|technical|arxiv"
    r"|preprint|draft|updated|corrected)[ -](?:version|abstract|report|paper|draft|edition)\b[)\]]?[\s:.–—-]{0,5}",
    re.I,
)
_NEGATIONS_TEXT = """
    a un non in im ir il dis anti semi multi sub super over under pre post bi co de hyper inter intra mono meta pseudo
    quasi
"""
_NEGATIONS = tuple(_NEGATIONS_TEXT.split())
_SPELLINGS = (
    ("isation", "ization"),
    ("ise", "ize"),
    ("ising", "izing"),
    ("our", "or"),
    ("tre", "ter"),
    ("ogue", "og"),
    ("ae", "e"),
    ("lled", "led"),
    ("lling", "ling"),
)


@lru_cache(maxsize=8192)
def bare(title: str) -> str:
    """Return the title's letters and digits without a leading article and without "(extended version)" and its kin."""
    text = re.sub(r"^(?:the|an?)\s+", "", fold(without_version_note(title)).replace("&", " and "))
    return "".join(WORD.findall(text))


@lru_cache(maxsize=8192)
def without_version_note(title: str) -> str:
    """Return the title without a note on the version, wherever more than three words are left."""
    shorter = _VERSION_NOTE.sub(" ", title).strip()
    return shorter if len(shorter.split()) > 3 else title


@lru_cache(maxsize=8192)
def signature(title: str) -> tuple[str, ...]:
    """Return what tells a title from its neighbours: numbers, parts of a series, "erratum", "reply to" and the like."""
    text = fold(title)
    marks = [kind for kind, pattern in _ABOUT.items() if pattern.search(text)]
    words = WORD.findall(text)
    numbers: list[str] = []
    for index, word in enumerate(words):
        before = words[index - 1] if index else ""
        numbered = _NUMBERED.fullmatch(word)
        if word.isdecimal() or numbered:
            numbers.append((numbered.group(1) if numbered else word).lstrip("0") or "0")
        elif word in _ORDINALS:
            numbers.append(_ORDINALS[word])
        elif before in _SERIES:
            found = _ROMAN.get(word) or _COUNTS.get(word) or (word if len(word) == 1 else None)
            numbers.extend([found] if found else [])
        elif index and word in _ROMAN and re.search(_last_numeral(word), title):
            numbers.append(_ROMAN[word])
    return (*marks, *sorted(numbers))


def _last_numeral(word: str) -> str:
    """Return the pattern of a Roman numeral at the end of a title or of its main part; "i" and "x" must be capitals."""
    flags = "(?i)" if len(word) > 1 else ""
    return rf"{flags}\b{word.upper()}\b(?=\W*$|\s*[:.(—–-])"


def words_of(title: str) -> list[str]:
    """Return the folded words of a title without stop words and notes on the version."""
    return [word for word in WORD.findall(fold(without_version_note(title))) if word not in STOP_WORDS]


def differs_by_spelling(a: str, b: str) -> bool:
    """Return whether two titles are equal but for misspelt, joined, parted or differently spelt words."""
    x, y = words_of(a), words_of(b)
    if "".join(x) == "".join(y):
        return bool(x)
    if min(len(x), len(y)) < 3:
        return False
    odd = 0
    for step in Levenshtein.opcodes(x, y):
        if step.tag == "equal":
            continue
        left, right = x[step.src_start : step.src_end], y[step.dest_start : step.dest_end]
        if "".join(left) == "".join(right):
            continue
        if len(left) != len(right):
            left, right = ["".join(left)], ["".join(right)]
        if not all(_misspelt(p, q) for p, q in zip(left, right, strict=True)):
            return False
        odd += sum(not _same_spelling(p, q) for p, q in zip(left, right, strict=True))
    return odd <= max(1, len(x) // 4)


def is_main_title(a: str, b: str) -> bool:
    """Return whether one title is the other without its subtitle or its closing bracket."""
    x, y = bare(a), bare(b)
    short, whole = (x, b) if len(x) < len(y) else (y, a)
    return bool(short) and bare(re.split(r"\s*[:(—–?]\s*|\s+-+\s+", whole, maxsplit=1)[0]) == short


def shared_words(a: str, b: str) -> float:
    """Return the share of words that two titles have in common, 0 to 1."""
    x, y = set(words_of(a)), set(words_of(b))
    return len(x & y) / len(x | y) if x or y else 0.0


def similarity(a: str, b: str) -> float:
    """Return how alike the letters of two titles are, 0 to 1."""
    return Levenshtein.normalized_similarity(bare(a), bare(b))


def _same_spelling(a: str, b: str) -> bool:
    """Whether two words differ by number, or by British and American spelling, only."""
    if a == b or a + "s" == b or b + "s" == a:
        return True
    return any(a.replace(british, american) == b.replace(british, american) for british, american in _SPELLINGS)


def _misspelt(a: str, b: str) -> bool:
    """Whether one word is the other with one letter wrong, missing or swapped; "un-", "non-" and the like are not."""
    if _same_spelling(a, b):
        return True
    if min(len(a), len(b)) < 5 or any(a == prefix + b or b == prefix + a for prefix in _NEGATIONS):
        return False
    if (a[0] != b[0] and a[1:] == b[1:]) or any(char.isdigit() for char in a + b):
        return False
    if len(a) == len(b) and sorted(a) == sorted(b):
        return True
    return Levenshtein.distance(a, b, score_cutoff=1) <= 1
