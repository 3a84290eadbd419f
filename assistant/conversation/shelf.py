"""The library as the reading of a turn sees it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Protocol

from assistant.filters import Filter
from assistant.library import Library
from assistant.papers import Paper
from assistant.retrieval import Searcher
from assistant.text import content_words

_NEAREST = 5
_FEW = 3  # papers, or half a percent of a large library, may share a rare name


class Opened(Protocol):
    """A store whose parts are opened when they are first asked for."""

    @property
    def library(self) -> Library:
        """The papers."""

    @property
    def searcher(self) -> Searcher:
        """Their retrieval."""


class LibraryShelf:
    """What `read_turn` needs to know about a library. Nothing is opened before it is asked."""

    def __init__(self, store: Opened) -> None:
        self._store = store

    def paper(self, key: str) -> Paper | None:
        """Return the paper with that key or alias, None where there is none."""
        if not key or any(letter.isspace() for letter in key):
            return None
        return self._store.library.find(key)

    def nearest(self, question: str, filters: Filter) -> Sequence[Paper]:
        """Return the papers that retrieval ranks first for `question`."""
        return [
            ranked.paper for ranked in self._store.searcher.retrieve(question, filters=filters, limit=_NEAREST).papers
        ]

    def weight(self, word: str) -> float:
        """Return the inverse document frequency of a stemmed word."""
        return self._store.searcher.idf(word)

    def knows(self, word: str) -> bool:
        """Return whether a word stands in any paper; a stop word does."""
        return self._store.searcher.knows(word)

    def is_rare(self, name: str) -> bool:
        """Return whether at most a handful of papers use `name`: its rarest word decides."""
        count = self._store.library.count()
        few = max(_FEW, count // 200)
        limit = math.log(1 + (count - few + 0.5) / (few + 0.5)) if count > few else 0.0
        return any(self._store.searcher.idf(word) >= limit for word in content_words(name))

    def has_author(self, name: str) -> bool:
        """Return whether a paper has an author of that name."""
        return self._store.library.has_author(name)
