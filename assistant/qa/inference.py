"""Filters read from the plain words of a question, only where they can mean nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from assistant.filters import Filter, parse_filter
from assistant.phrasing import names_topic

_YEAR = r"((?:19|20)\d\d)"
# "written" belongs to the question in "what was written in 2020"
_PUBLISHED = (
    r"(?:(?:that (?:were|was) )?(?<!what was )(?<!what were )(?<!has been )"
    r"(?:published|released|written|appeared|from|made)\s+)?"
)
_NAME = r"((?:(?:van|von|de|der|la|el|al)\s+)*[A-ZÀ-Þ][\w'’-]+(?:\s+[A-ZÀ-Þ][\w'’-]+)?)"
_COUNTS = {"couple of": 2, "two": 2, "few": 3, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "ten": 10}
_COUNT = rf"(\d{{1,2}}|{'|'.join(_COUNTS)})"
RECENT = 3  # years before this one that "recent" goes back
_PLURAL = r"\b(?:papers?|articles?|work|works|stud(?:y|ies)|publications?|approaches|methods|research)\b"


@dataclass(frozen=True, slots=True)
class Inferred:
    """A question without the words that were read as filters, and the filter they mean."""

    question: str
    filters: Filter


_RULES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (
        re.compile(rf"\b{_PUBLISHED}(?:between {_YEAR} and|from {_YEAR} (?:to|until|through|till)) {_YEAR}\b", re.I),
        lambda m: f"year:{m[1] or m[2]}..{m[3]}" if int(m[1] or m[2]) <= int(m[3]) else "",
    ),
    (
        re.compile(rf"\b{_PUBLISHED}(?:since {_YEAR}|from {_YEAR} (?:on|onwards?))\b|\b{_YEAR} or later\b", re.I),
        lambda m: f"year:{m[1] or m[2] or m[3]}..",
    ),
    (re.compile(rf"\b{_PUBLISHED}from {_YEAR}\b", re.I), lambda m: f"year:{m[1]}"),
    (
        re.compile(rf"\b{_PUBLISHED}(?:after|(?:later|newer|more recent) than) {_YEAR}\b", re.I),
        lambda m: f"year:{int(m[1]) + 1}..",
    ),
    (
        re.compile(rf"\b{_PUBLISHED}(?:before|(?:earlier|older) than) {_YEAR}\b", re.I),
        lambda m: f"year:..{int(m[1]) - 1}",
    ),
    (re.compile(rf"\b{_PUBLISHED}(?:until|up to|by the end of) {_YEAR}\b", re.I), lambda m: f"year:..{m[1]}"),
    (re.compile(r"\b(?:in|from|under) (?:the category )?([a-z][a-z-]+\.[A-Z]{2})\b"), lambda m: f"category:{m[1]}"),
)
_PROGRESS = r"(?:advances?|progress|developments?|results?|trends?|findings)"
# as above, with this year's number put in
_FROM_TODAY: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], int], str]], ...] = (
    (
        re.compile(rf"\b{_PUBLISHED}(?:in|during|over|within|from|of) the (?:last|past) (?:a )?{_COUNT} years\b", re.I),
        lambda m, year: f"year:{year - (_COUNTS.get(m[1].lower()) or int(m[1]))}..",
    ),
    (
        re.compile(rf"\b{_PUBLISHED}(?:in|during|over|within|from|of) the (?:last|past) (year|decade)\b", re.I),
        lambda m, year: f"year:{year - (1 if m[1].lower() == 'year' else 10)}..",
    ),
    (re.compile(r"\bsince last year\b", re.I), lambda _, year: f"year:{year - 1}.."),
    (
        re.compile(r"\b(?:published|released|written|appeared|from|of) (?:in )?(this|last) year\b(?!['’]s)", re.I),
        lambda m, year: f"year:{year if m[1].lower() == 'this' else year - 1}",
    ),
    (
        re.compile(rf"(?<!most )\b(?:more )?recent\s+(?={_PLURAL[2:]}|{_PROGRESS}\b)", re.I),
        lambda _, year: f"year:{year - RECENT}..",
    ),
    (
        re.compile(r"\b(?:(?:published|released|appeared) (?:more )?recently|recently (?=published|released))\b", re.I),
        lambda _, year: f"year:{year - RECENT}..",
    ),
)
# "in 2020" may belong to the matter of a question ("the election in 2020"): beside a word for papers it is a filter
_IN_YEAR = re.compile(rf"(?:{_PLURAL}\s+{_PUBLISHED}in|\b(?:published|released|appeared|written) in) {_YEAR}\b", re.I)
_WRITTEN = r"what (?:was|were|has been|is) (?:written|published|done|said|reported|known|new)\b"
_OPENING_YEAR = re.compile(
    rf"^(?:and )?in {_YEAR},?\s+(?=which\b|what {_PLURAL[2:]}|{_WRITTEN}|list\b|show\b|find\b)", re.I
)
_CLOSING_YEAR = re.compile(rf"(?<=\w) in {_YEAR}(?=\W*$)", re.I)
_PUBLISHES = (
    r"(?:publish|write|wrote|written|say|said|report|work(?:ed)? on|stud(?:y|ied)|propose|show|find|found|done)"
)
_DOES = re.compile(
    rf"^(?:[Ww]hat|[Ww]hich papers?)\s+(?:did|do|does|has|have)\s+{_NAME}(?: et al\.?| and {_NAME})?\s+"
    rf"{_PUBLISHES}(?:ed|d|s)?\b"
)
# a list without some of its papers: each word left out stands in the filter as it is and in the singular
_BUT_NOT = re.compile(
    r",?\s+\b(?:but not(?: (?:on|about|for))?|excluding|except(?: for)?|other than)\s+([^?.!,]{3,40})", re.I
)
_OF = frozenset(["of", "for", "in", "on", "to", "with", "and", "or", "vs", "versus"])  # never behind an author's name
_BY_AUTHOR = re.compile(rf"\b(?:written |published |co-?authored )?by {_NAME}")


def infer_filters(
    question: str,
    is_author: Callable[[str], bool],
    this_year: int | None = None,
    is_word: Callable[[str], bool] = lambda _: True,
) -> Inferred:
    """Return the filters that the words of `question` mean, and the question without those words.

    Years are whole: "the last three years" are this one and the three before it.

    Args:
        question: as the user wrote it.
        is_author: whether the library has an author of that family (or whole) name; "by" before any other
            name is left alone ("by Bayesian optimisation").
        this_year: what "recent" is counted from; without one, the clock says it.
        is_word: whether any paper uses a word: a name among keywords that none uses is an author's.
    """
    found: list[str] = []
    text = question
    for pattern, expression in _RULES:
        match = pattern.search(text)
        if match and (term := expression(match)):
            found.append(term)
            text = text[: match.start()] + text[match.end() :]
    this_year = this_year or datetime.now(UTC).year
    for pattern, counted in _FROM_TODAY:
        match = pattern.search(text)
        if match:
            found.append(counted(match, this_year))
            text = text[: match.start()] + text[match.end() :]
    match = _OPENING_YEAR.search(text) or (_CLOSING_YEAR.search(text) if re.match(_WRITTEN, text, re.I) else None)
    if match:
        found.append(f"year:{match[1]}")
        text = text[: match.start()] + text[match.end() :]
    match = _IN_YEAR.search(text)
    if match:
        found.append(f"year:{match[1]}")
        kept = re.match(_PLURAL, match[0], re.I)
        text = text[: match.start()] + (kept[0] if kept else "") + text[match.end() :]
    match = _BUT_NOT.search(text)
    if match:
        word = match[1].strip()
        found.append(f'-"{word}","{word.removesuffix("s")}"')
        text = text[: match.start()] + text[match.end() :]
    authors, text = _authors(text, is_author, is_word if not found else lambda _: True)
    found += [f'author:"{name}"' for name in authors]
    filters = parse_filter(" ".join(found))
    return Inferred(_tidied(text), filters) if filters else Inferred(question, Filter())


def _authors(text: str, is_author: Callable[[str], bool], is_word: Callable[[str], bool]) -> tuple[list[str], str]:
    """Return the authors whose papers a question asks for, and the question without them."""
    names: list[str] = []
    match = _DOES.search(text)
    if match and is_author(match[1]) and (match[2] is None or is_author(match[2])):
        names += [name for name in match.groups() if name]
        text = f"Which papers{text[match.end() :]}"
    match = _BY_AUTHOR.search(text)
    if match and (name := next((name for name in (match[1], match[1].split()[-1]) if is_author(name)), None)):
        names.append(name)
        text = text[: match.start()] + text[match.end() :]
    if not names and (name := _keyword_author(text, is_author, is_word)):
        names.append(name)
        text = re.sub(rf"^{re.escape(name)}\b|\b{re.escape(name)}$", "", text).strip()
    return names, text


def _keyword_author(text: str, is_author: Callable[[str], bool], is_word: Callable[[str], bool]) -> str:
    """Return the author's name that keywords begin or end with ("naumov embedding tables"), empty where none does."""
    words = text.split()
    if not names_topic(text) or not all(map(str.isalpha, (words[0], words[-1]))):
        return ""
    ends = words[-1:] if words[1].lower() in _OF else (words[0], words[-1])
    return next((word for word in ends if len(word) > 2 and is_author(word) and not is_word(word)), "")


def _tidied(text: str) -> str:
    text = re.sub(r"\s+([?.!,;])", r"\1", " ".join(text.split()))
    text = re.sub(r"^([Ww]hich papers) (?:about|on)(?=\W*$)", r"\1", text)
    return re.sub(r"[,;]\s*([?.!]|$)", r"\1", text)
