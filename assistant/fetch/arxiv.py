"""arXiv's query API: records by id and by search, page by page, at one request in three seconds.

https://info.arxiv.org/help/api/user-manual.html, https://info.arxiv.org/help/api/tou.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from assistant.errors import SourceError
from assistant.fetch.client import PoliteClient, Service
from assistant.fetch.pages import Page

URL = "https://export.arxiv.org/api"
PAUSE = 3.0
PAGE = 100  # entries a request; the API allows 2,000, and slows down long before
MOST = 30_000  # results of one search that the API gives out
_TOTAL = re.compile(rb"<(?:\w+:)?totalResults[^>]*>\s*(\d{1,9})")
_ENTRY = re.compile(rb"<(?:\w+:)?entry[\s>]")
_NAMED = re.compile(r"<(?:\w+:)?id>\s*https?://(?:[\w.-]+/)?abs/(.+?)(?:v\d+)?\s*</")
_EMPTY_TRIES = 3


class Arxiv:
    """Records of arXiv as Atom feeds."""

    def __init__(self, cache: Path | None = None, *, url: str = URL, pause: float = PAUSE, **options: Any) -> None:
        self._client = PoliteClient(Service("arXiv", url.rstrip("/"), pause), cache, **options)

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def by_ids(self, identifiers: Sequence[str]) -> Iterator[Page]:
        """Yield the feeds of the records with these ids (without versions)."""
        for start in range(0, len(identifiers), PAGE):
            some = identifiers[start : start + PAGE]
            page = self._page({"id_list": ",".join(some), "max_results": str(len(some))}, f"arxiv:{','.join(some)}")
            named = set(_NAMED.findall(page.data.decode("utf-8", "replace")))
            yield replace(page, missing=tuple(f"arxiv:{name}" for name in some if name not in named))

    def search(self, query: str, maximum: int) -> Iterator[Page]:
        """Yield the feeds of a search in arXiv's query language, newest records first.

        Raises:
            SourceError: arXiv cannot be reached, or refuses the query.
        """
        maximum, start = min(maximum, MOST), 0
        while start < maximum:
            size = min(PAGE, maximum - start)
            page = self._full_page(query, start, size)
            found = len(_ENTRY.findall(page.data))
            total = _total(page.data)
            if found:
                yield page
            start += found
            if not found or start >= total:
                return

    def _full_page(self, query: str, start: int, size: int) -> Page:
        """Return a page of a search; arXiv now and then answers an empty one although there is more."""
        parameters = {
            "search_query": query,
            "start": str(start),
            "max_results": str(size),
            "sortBy": "submittedDate",
            "sortOrder": "descending",
        }
        page = self._page(parameters, f"arxiv:search:{query}")
        for _ in range(_EMPTY_TRIES):
            if _ENTRY.search(page.data) or start >= _total(page.data):
                return page
            page = self._page(parameters, page.address, fresh=True)
        self._client.forget("/query", parameters)
        raise SourceError(
            f"arXiv gave an empty page at result {start} of {_total(page.data)}",
            "run the command again later: what has arrived is not fetched again",
        )

    def _page(self, parameters: dict[str, str], address: str, *, fresh: bool = False) -> Page:
        data = self._client.get("/query", parameters, fresh=fresh)
        if b"<feed" not in data[:4096]:
            self._client.forget("/query", parameters)
            raise SourceError(f"{address}: the answer is not arXiv's", "check the address of the service")
        return Page(address, "atom", data)


def _total(feed: bytes) -> int:
    match = _TOTAL.search(feed)
    return int(match.group(1)) if match else 0
