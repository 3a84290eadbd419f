"""Crossref's REST API: the record of a DOI, and works that match a reference.

https://www.crossref.org/documentation/retrieve-metadata/rest-api/
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote

from assistant.fetch.client import NotFound, PoliteClient, Service
from assistant.fetch.pages import Page

URL = "https://api.crossref.org"
PAUSE = 0.2  # until the first answer names the pace in its x-rate-limit headers


class Crossref:
    """Records of Crossref in its JSON, which is close to CSL-JSON."""

    def __init__(self, cache: Path | None = None, *, url: str = URL, pause: float = PAUSE, **options: Any) -> None:
        self._client = PoliteClient(Service("Crossref", url.rstrip("/"), pause), cache, **options)

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def by_doi(self, doi: str) -> Page:
        """Return the record of a DOI; an unknown one is `missing` in the page."""
        address = f"doi:{doi}"
        try:
            return Page(address, "csl-json", self._client.get(f"/works/{quote(doi, safe='')}", {}))
        except NotFound:
            return Page(address, "csl-json", b"", missing=(address,))

    def matching(self, reference: str, rows: int = 5) -> Page:
        """Return the works that match a reference best: its title, with an author where one is known."""
        parameters = {"query.bibliographic": reference, "rows": str(rows)}
        return Page(f"crossref:{reference}", "csl-json", self._client.get("/works", parameters))
