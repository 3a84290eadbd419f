"""Filters read from the plain words of a question, only where they can mean nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from assistant.filters import Filter, parse_filter

_YEAR = r"((?:19|20)\d\d)"
_PUBLISHED = r"(?:(?:that (?:were|was) )?(?:published|released|written|appeared|from|made)\s+)?"
_NAME = r"((?:(?:van|von|de|der|la|el|al)\s+)*[A-ZÀ-Þ][\w'’-]+(?:\s+[A-ZÀ-Þ][\w'’-]+)?)"
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
    (re.compile(rf"\b{_PUBLISHED}(?:after|later than) {_YEAR}\b", re.I), lambda m: f"year:{int(m[1]) + 1}.."),
    (re.compile(rf"\b{_PUBLISHED}(?:before|earlier than) {_YEAR}\b", re.I), lambda m: f"year:..{int(m[1]) - 1}"),
    (re.compile(rf"\b{_PUBLISHED}(?:until|up to|by the end of) {_YEAR}\b", re.I), lambda m: f"year:..{m[1]}"),
    (re.compile(r"\b(?:in|from|under) (?:the category )?([a-z][a-z-]+\.[A-Z]{2})\b"), lambda m: f"category:{m[1]}"),
)
# "in 2020" may belong to the matter of a question ("the election in 2020"): beside a word for papers it is a filter
_IN_YEAR = re.compile(rf"(?:{_PLURAL}\s+{_PUBLISHED}in|\b(?:published|released|appeared) in) {_YEAR}\b", re.I)
_PUBLISHES = (
    r"(?:publish|write|wrote|written|say|said|report|work(?:ed)? on|stud(?:y|ied)|propose|show|find|found|done)"
)
_DOES = re.compile(
    rf"^(?:[Ww]hat|[Ww]hich papers?)\s+(?:did|do|does|has|have)\s+{_NAME}(?: et al\.?)?\s+{_PUBLISHES}(?:ed|d|s)?\b"
)
# a list without some of its papers: each word left out stands in the filter as it is and in the singular
_BUT_NOT = re.compile(
    r",?\s+\b(?:but not(?: (?:on|about|for))?|excluding|except(?: for)?|other than)\s+([^?.!,]{3,40})", re.I
)
_BY_AUTHOR = re.compile(rf"\b(?:written |published |co-?authored )?by {_NAME}")


def infer_filters(question: str, is_author: Callable[[str], bool]) -> Inferred:
    """Return the filters that the words of `question` mean, and the question without those words.

    Args:
        question: as the user wrote it.
        is_author: whether the library has an author of that family (or whole) name; "by" before any other
            name is left alone ("by Bayesian optimisation").
    """
    found: list[str] = []
    text = question
    for pattern, expression in _RULES:
        match = pattern.search(text)
        if match and (term := expression(match)):
            found.append(term)
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
    match = _DOES.search(text)
    if match and is_author(match[1]):
        found.append(f'author:"{match[1]}"')
        text = f"Which papers{text[match.end() :]}"
    match = _BY_AUTHOR.search(text)
    if match and (name := next((name for name in (match[1], match[1].split()[-1]) if is_author(name)), None)):
        found.append(f'author:"{name}"')
        text = text[: match.start()] + text[match.end() :]
    filters = parse_filter(" ".join(found))
    return Inferred(_tidied(text), filters) if filters else Inferred(question, Filter())


def _tidied(text: str) -> str:
    text = re.sub(r"\s+([?.!,;])", r"\1", " ".join(text.split()))
    return re.sub(r"[,;]\s*([?.!]|$)", r"\1", text)
