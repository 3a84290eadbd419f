"""Papers from public APIs: records by address, and the record that completes a paper of the library."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from assistant.errors import SourceError
from assistant.fetch import Fetcher, Page
from assistant.identity import family_name, same_paper, same_person
from assistant.papers import Flag, Paper
from assistant.readers import Record, Rejection, read_bytes
from assistant.text import STOP_WORDS, fold

_TITLE_WORDS = 10
_ABSTRACT_WORDS = 12


def fetched_records(fetcher: Fetcher, sources: Sequence[str], maximum: int = 100) -> Iterator[Record]:
    """Yield the records that `sources` (arxiv:ID, arxiv:search:QUERY, doi:ID) name; an unknown one is a rejection.

    Raises:
        UsageError: an address that cannot be read.
        SourceError: a service cannot be reached or refuses.
    """
    for page in fetcher.pages(sources, maximum):
        yield from _records(page)
        for address in page.missing:
            yield Record(None, Rejection(address, None, f"there is no record of {address}"), None)


def completing_records(fetcher: Fetcher, papers: Iterable[Paper]) -> Iterator[Record]:
    """Yield the public record of each paper that lacks something, where one agrees with it.

    Raises:
        SourceError: a service cannot be reached or refuses.
    """
    for paper in papers:
        found = find_record(fetcher, paper) if is_incomplete(paper) else None
        if found is not None:
            yield Record(found, None, None)


def is_incomplete(paper: Paper) -> bool:
    """Return whether a paper lacks its title, authors, year or abstract."""
    lacking = not paper.authors or paper.year is None or not paper.abstract
    return lacking or paper.has(Flag.TITLE_INFERRED) or paper.has(Flag.OWN_SUMMARY)


def find_record(fetcher: Fetcher, paper: Paper) -> Paper | None:
    """Return the public record of `paper`, or None where none agrees with it.

    By its identifiers, else by its title and first author, else (an untitled record) by the words of its abstract. A
    record found by words counts only where title and first author agree, or the abstracts are equal.

    Raises:
        SourceError: a service cannot be reached or refuses.
    """
    for page in _candidates(fetcher, paper):
        for record in _records(page):
            if record.paper is not None and agrees(paper, record.paper):
                return record.paper
    return None


def agrees(paper: Paper, found: Paper) -> bool:
    """Return whether `found` is the record of `paper`: the same paper, and not for a shared identifier alone."""
    if not same_paper(paper, found):
        return False
    if paper.has(Flag.TITLE_INFERRED) or not paper.authors or not found.authors:
        return True
    return same_person(paper.authors[0], found.authors[0])


def _candidates(fetcher: Fetcher, paper: Paper) -> Iterator[Page]:
    if paper.arxiv_id:
        yield from fetcher.arxiv.by_ids([paper.arxiv_id])
    if paper.doi:
        yield fetcher.crossref.by_doi(paper.doi)
    if paper.has(Flag.TITLE_INFERRED):
        yield from fetcher.arxiv.search(_query("abs", paper.abstract, _ABSTRACT_WORDS), 5)
        return
    author = _words(family_name(paper.authors[0]), 1) if paper.authors else []
    query = _query("ti", paper.title, _TITLE_WORDS)
    yield from fetcher.arxiv.search(" AND ".join([query, *(f"au:{name}" for name in author)]), 5)
    yield fetcher.crossref.matching(" ".join([paper.title, *author]))


def _query(field: str, text: str, count: int) -> str:
    """Return a search for the first words of a text, in arXiv's query language."""
    return " AND ".join(f"{field}:{word}" for word in _words(text, count))


def _words(text: str, count: int) -> list[str]:
    words = "".join(char if char.isalnum() else " " for char in fold(text)).split()
    return list(dict.fromkeys(word for word in words if word not in STOP_WORDS and len(word) > 1))[:count]


def _records(page: Page) -> Iterator[Record]:
    if not page.data:
        return
    try:
        yield from read_bytes(page.data, name=page.address, format=page.format)
    except SourceError as error:
        yield Record(None, Rejection(page.address, None, str(error)), None)
