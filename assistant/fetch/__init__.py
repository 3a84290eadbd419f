"""Records from public APIs, on request only: `arxiv:ID`, `arxiv:search:QUERY`, `doi:ID`.

Answers come as pages of bytes with the name of their format; the readers make papers of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from assistant.errors import SourceError, UsageError
from assistant.fetch.arxiv import URL as ARXIV_URL
from assistant.fetch.arxiv import Arxiv
from assistant.fetch.crossref import URL as CROSSREF_URL
from assistant.fetch.crossref import Crossref
from assistant.fetch.pages import Page

__all__ = ["Fetcher", "Page", "is_address"]

_ARXIV_ID = re.compile(r"(\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:v\d+)?")
_DOI = re.compile(r"10\.\d{4,9}/\S+")
_SEARCH = "arxiv:search:"


def is_address(source: str) -> bool:
    """Return whether a source names a record of a public API rather than a file."""
    return source.casefold().startswith(("arxiv:", "doi:"))


class Fetcher:
    """The public APIs together. Nothing is asked before a method is called.

    Args:
        cache: folder for answers; None keeps none.
        arxiv_url: address of arXiv's API.
        crossref_url: address of Crossref's API.
        options: of `PoliteClient`: contact, timeout, sleep.
    """

    def __init__(
        self,
        cache: Path | None = None,
        *,
        arxiv_url: str = ARXIV_URL,
        crossref_url: str = CROSSREF_URL,
        **options: Any,
    ) -> None:
        self.arxiv = Arxiv(cache, url=arxiv_url, **options)
        self.crossref = Crossref(cache, url=crossref_url, **options)

    def close(self) -> None:
        """Close the connections."""
        self.arxiv.close()
        self.crossref.close()

    def __enter__(self) -> Fetcher:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def pages(self, sources: Sequence[str], maximum: int = 100) -> Iterator[Page]:
        """Yield the answers to `sources`: arXiv ids in as few requests as possible first, then the rest in order.

        Args:
            sources: addresses; each is checked before the first request.
            maximum: of records that a search may give.

        Raises:
            UsageError: an address that cannot be read.
            SourceError: a service cannot be reached or refuses.
        """
        identifiers, others = _sorted_addresses(sources)
        yield from self.arxiv.by_ids(identifiers)
        for kind, value in others:
            if kind == "search":
                yield from self.arxiv.search(value, maximum)
            else:
                yield self.crossref.by_doi(value)


def _sorted_addresses(sources: Sequence[str]) -> tuple[list[str], list[tuple[str, str]]]:
    """Return the arXiv ids, and the searches and DOIs as (kind, value)."""
    identifiers: dict[str, None] = {}
    others: list[tuple[str, str]] = []
    for source in sources:
        if source.casefold().startswith(_SEARCH):
            query = source[len(_SEARCH) :].strip()
            if not query:
                raise UsageError(f"{source!r} has no query", 'as in "arxiv:search:cat:cs.IR AND ti:recommendation"')
            others.append(("search", query))
        elif source.casefold().startswith("arxiv:"):
            identifiers.update(dict.fromkeys(_arxiv_ids(source)))
        elif source.casefold().startswith("doi:"):
            others.append(("doi", _doi(source)))
        else:
            raise SourceError(f"{source!r} is not an address", "arxiv:ID, arxiv:search:QUERY or doi:ID")
    return list(identifiers), others


def _arxiv_ids(source: str) -> Iterator[str]:
    for part in source[len("arxiv:") :].split(","):
        match = _ARXIV_ID.fullmatch(part.strip())
        if match is None:
            raise UsageError(f"{part.strip()!r} is not an arXiv id", "as in arxiv:2402.17152")
        yield match.group(1)


def _doi(source: str) -> str:
    match = _DOI.fullmatch(source[len("doi:") :].strip())
    if match is None:
        raise UsageError(f"{source!r} is not a DOI", "as in doi:10.1145/3534678.3539081")
    return match.group()
