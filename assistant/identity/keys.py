"""Citation keys: `naumov2019deep`."""

from __future__ import annotations

import itertools
import string
from collections.abc import Iterator

from assistant.identity.people import family_name
from assistant.identity.titles import WORD
from assistant.papers import Paper
from assistant.text import STOP_WORDS, fold

_TITLE_STOP_WORDS = STOP_WORDS | frozenset(("towards", "toward", "via", "using", "based"))


def citation_key_stem(paper: Paper) -> str:
    """Return the citation key without a suffix; `anon` and `nd` stand for what is unknown."""
    family = _ascii(fold(family_name(paper.authors[0]))) if paper.authors else ""
    words = (_ascii(word) for word in WORD.findall(fold(paper.title)) if word not in _TITLE_STOP_WORDS)
    return f"{family[:40] or 'anon'}{paper.year or 'nd'}{next(filter(None, words), '')[:30]}"


def key_suffixes() -> Iterator[str]:
    """Yield "", "a", "b", ... "z", "aa", "ab", ..."""
    yield ""
    for length in itertools.count(1):
        for letters in itertools.product(string.ascii_lowercase, repeat=length):
            yield "".join(letters)


def _ascii(text: str) -> str:
    return "".join(char for char in text if char.isascii() and char.isalnum())
