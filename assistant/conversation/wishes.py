"""Filters in the plain words of a turn."""

from __future__ import annotations

import re

from assistant.conversation.fragments import split_lead
from assistant.conversation.turns import Shelf
from assistant.filters import Filter, parse_filter
from assistant.qa.inference import infer_filters

_CATEGORY = re.compile(r"\b(?:in |of |from )?(?:the )?category (?P<value>[a-z][\w-]*(?:\.[a-z]+)?)\b", re.IGNORECASE)
_LONE_YEAR = re.compile(r"^(?:only |just )?(?:in |from )?(?P<value>(?:19|20)\d\d)$", re.IGNORECASE)
_STANDING = re.compile(
    r"^(?:please )?(?:(?:from now on|from here on|in all answers|for the rest(?: of (?:the|this) \w+)?),?\s+(?P<now>.+)"
    r"|(?:restrict|limit|narrow)\b.{0,40}?\bto\s+(?P<to>.+)"
    r"|(?:only|just) (?:search|use|consider|look at)\s+(?P<use>.+))$",
    re.IGNORECASE,
)
_DROPPED = re.compile(
    r"^(?:please )?(?:(?:remove|clear|drop|reset|delete|forget|lift|take off)(?: (?:the|all|my|any))* filters?"
    r"|no (?:more )?filters?|(?:search|use) (?:everything|all (?:the )?papers)(?: again)?)[.!]*$",
    re.IGNORECASE,
)
# Words that may stand around a filter without saying anything else.
_SCAFFOLD = frozenset(
    [
        "only",
        "just",
        "and",
        "but",
        "what",
        "how",
        "about",
        "papers",
        "paper",
        "one",
        "ones",
        "those",
        "the",
        "works",
        "published",
        "show",
        "me",
        "from",
        "by",
        "in",
        "with",
        "use",
        "search",
        "consider",
    ]
)


def filters_in(text: str, shelf: Shelf) -> tuple[str, Filter]:
    """Return `text` without the words that are filters, and the filters they mean.

    On top of what any question may say: a category of any form.
    """
    found_filters = Filter()
    found = _CATEGORY.search(text)
    if found is not None:
        found_filters = parse_filter(f"category:{found['value']}")
        text = text[: found.start()] + text[found.end() :]
    inferred = infer_filters(text, shelf.has_author, is_word=shelf.knows)
    return " ".join(inferred.question.split()), found_filters & inferred.filters


def only_filters(text: str, shelf: Shelf) -> Filter:
    """Return the filters that `text` consists of ("only before 2018", "what about 2021?"), none where it says more."""
    rest, _ = split_lead(text)
    lone = _LONE_YEAR.match(rest)
    if lone is not None:
        return parse_filter(f"year:{lone['value']}")
    more, filters = filters_in(
        re.sub(r"^which (?:of (?:them|these|those)|ones?) (?:are|is|were|was)\b", "", text, flags=re.I), shelf
    )
    says_more = any(word not in _SCAFFOLD for word in re.findall(r"[\w'-]+", more.lower()))
    return Filter() if says_more else filters


def standing_filters(text: str, shelf: Shelf) -> Filter:
    """Return the filters of words that set them for good ("from now on only papers since 2020"), else none."""
    found = _STANDING.match(" ".join(text.split()).rstrip(".!"))
    return only_filters(found["now"] or found["to"] or found["use"], shelf) if found is not None else Filter()


def drops_filter(text: str) -> bool:
    """Return whether `text` asks to search all papers again."""
    return _DROPPED.match(" ".join(text.split())) is not None


def narrowed(before: Filter, wish: Filter) -> Filter:
    """Return both filters; a field that `wish` sets takes the place of what `before` said of it."""
    fields = {term.field for term in wish.terms}
    return Filter(tuple(term for term in before.terms if term.field not in fields)) & wish
