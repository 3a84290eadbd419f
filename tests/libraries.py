"""Small libraries for tests of retrieval: papers in, a searcher out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from assistant.embedders import Embedder
from assistant.indexes import Indexes
from assistant.ingest import Ingester
from assistant.library import Library
from assistant.papers import Paper
from assistant.readers.records import Record
from assistant.retrieval import Searcher
from tests.fakes import HashEmbedder


def paper(title: str, abstract: str = "", author: str = "Ann Lee", year: int = 2020, **more: object) -> Paper:
    """Return a paper whose source id is its title."""
    return Paper(title=title, abstract=abstract, authors=(author,), year=year, source_ids=(title,), **more)  # type: ignore[arg-type]


@contextmanager
def searching(store: Path, papers: Sequence[Paper], embedder: Embedder | None = None) -> Iterator[Searcher]:
    """Give a searcher over a new library of `papers`, each of them kept apart from the others."""
    embedder = embedder or HashEmbedder()
    with Library.open(store, create=True) as library:
        library.remember("dimension", str(embedder.dimension))
        records = (Record(each, None, number) for number, each in enumerate(papers, start=1))
        Ingester(library, embedder, separate=True).run(records)
        indexes = Indexes.open(library, write=True)
        indexes.sync()
        yield Searcher(library, indexes.vectors, indexes.lexical, embedder)
        indexes.close()


def titles(searcher: Searcher, question: str, limit: int = 10, **options: object) -> list[str]:
    """Return the titles of the papers found, best first."""
    from assistant.filters import Filter

    found = searcher.retrieve(question, filters=Filter(), limit=limit, **options)  # type: ignore[arg-type]
    return [ranked.paper.title for ranked in found.papers]
