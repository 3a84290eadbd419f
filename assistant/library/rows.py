"""The values that go into and come out of the library, and their form in SQLite."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.embedders import TokenBits
from assistant.papers import Flag, Paper, Provenance, Sentence

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float32]

RECORD_COLUMNS = "key, title, abstract, year, date, venue, doi, arxiv_id, pmid, url, lists, sentences"


@dataclass(frozen=True, slots=True)
class StoredPaper:
    """A paper under its row id, with the sentences of its abstract."""

    id: int
    paper: Paper
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class StoredWindow:
    """Sentences `first <= i < last` of an abstract with the vector of their window, shape (d,), and its tokens."""

    first: int
    last: int
    hash: bytes
    vector: FloatArray
    tokens: TokenBits | None = None


@dataclass(frozen=True, slots=True)
class PaperWrite:
    """One paper to write: a new one where `id` is None, else the replacement of a row.

    `sentence_vectors` has shape (number of sentences, d). `identifiers` are the (kind, value) pairs the
    paper is recognised by.
    """

    paper: Paper
    sentences: tuple[Sentence, ...]
    windows: tuple[StoredWindow, ...]
    sentence_vectors: FloatArray
    identifiers: tuple[tuple[str, str], ...]
    id: int | None = None


@dataclass(frozen=True, slots=True)
class WindowTable:
    """All window vectors: ids (n,), the papers they belong to (n,), vectors (n, d) float32."""

    window_ids: IntArray
    paper_ids: IntArray
    vectors: FloatArray


@dataclass(frozen=True, slots=True)
class Changes:
    """What an index that holds generation `since` lacks to hold generation `until`."""

    since: int
    until: int
    removed_papers: tuple[int, ...]
    removed_windows: tuple[int, ...]
    written_papers: tuple[int, ...]
    written_windows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """A record as one source says it: the hash of its content and its name there.

    `current` is false once the same source replaced it by another text.
    """

    hash: bytes
    name: str
    paper_id: int
    current: bool


def record_values(paper: Paper, sentences: Iterable[Sentence]) -> tuple[Any, ...]:
    """Return the values of RECORD_COLUMNS for a paper."""
    lists = {
        "authors": paper.authors,
        "categories": paper.categories,
        "source_ids": paper.source_ids,
        "aliases": paper.aliases,
        "notes": paper.notes,
        "flags": paper.flags,
        "details": paper.details,
        "provenance": [[p.file, p.line, p.format, p.time] for p in paper.provenance],
    }
    offsets = [edge for sentence in sentences for edge in (sentence.start, sentence.end)]
    return (
        paper.key, paper.title, paper.abstract, paper.year, paper.date, paper.venue, paper.doi, paper.arxiv_id,
        paper.pmid, paper.url, json.dumps(lists, ensure_ascii=False), json.dumps(offsets),
    )  # fmt: skip


def stored_paper(row: Sequence[Any]) -> StoredPaper:
    """Return the paper of a row of `id` and RECORD_COLUMNS."""
    number, key, title, abstract, year, date, venue, doi, arxiv_id, pmid, url, lists, offsets = row
    values = json.loads(lists)
    edges = json.loads(offsets)
    paper = Paper(
        key=key,
        title=title,
        abstract=abstract,
        authors=tuple(values["authors"]),
        year=year,
        date=date,
        venue=venue,
        categories=tuple(values["categories"]),
        doi=doi,
        arxiv_id=arxiv_id,
        pmid=pmid,
        url=url,
        source_ids=tuple(values["source_ids"]),
        aliases=tuple(values["aliases"]),
        notes=tuple(values["notes"]),
        flags=tuple(Flag(flag) for flag in values["flags"]),
        details=tuple((name, value) for name, value in values.get("details", ())),
        provenance=tuple(Provenance(*origin) for origin in values["provenance"]),
    )
    spans = zip(edges[::2], edges[1::2], strict=True)
    return StoredPaper(number, paper, tuple(Sentence(abstract[start:end], start, end) for start, end in spans))


def pack_window(vector: FloatArray) -> bytes:
    """Return a window vector as float16 bytes."""
    return vector.astype(np.float16).tobytes()


def unpack_windows(rows: Iterable[bytes], dimension: int) -> FloatArray:
    """Return window vectors, shape (n, dimension)."""
    parts = list(rows)  # their number is the shape's, also while a library has no vectors and no dimension
    return np.frombuffer(b"".join(parts), dtype=np.float16).reshape(len(parts), dimension).astype(np.float32)


def pack_sentences(vectors: FloatArray) -> bytes:
    """Return sentence vectors as int8 rows, each scaled so that its largest component is 127."""
    largest = np.maximum(np.abs(vectors).max(axis=1, keepdims=True, initial=0.0), 1e-12)
    packed: bytes = np.rint(vectors / largest * 127).astype(np.int8).tobytes()
    return packed


def unpack_sentences(packed: bytes, dimension: int) -> FloatArray:
    """Return sentence vectors, shape (s, dimension), normalised; the scale of a row is not needed for that."""
    shape = (len(packed) // dimension if dimension else 0, dimension)
    rows = np.frombuffer(packed, dtype=np.int8).reshape(shape).astype(np.float32)
    norms: FloatArray = np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
    return rows / norms
