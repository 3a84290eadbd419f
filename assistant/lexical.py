"""The word index: BM25 over titles and abstracts. The only module that knows tantivy."""

from __future__ import annotations

import json
import os
import shutil
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from assistant.errors import StoreError

if TYPE_CHECKING:
    import tantivy

IntArray = NDArray[np.int64]

RECIPE = "simple-lower-fold-stop-english-1"  # another analysis means another index
STOP_WORDS = """
a an and are as at be but by can did do does for from has have how in into is it its of on or that the their these
they this to was were what when where which who why will with
"""
ID_LIST = 2_000  # up to this many allowed papers the index itself is restricted; above it, hits are thrown away

_STATE = "state.json"
_ANALYZER = "english"
_HEAP = 64_000_000  # bytes of the writer; one thread keeps one segment a commit


@dataclass(frozen=True, slots=True)
class LexicalHit:
    """A paper and its BM25 score (above 0; k1 1.2, b 0.75)."""

    paper_id: int
    score: float


class LexicalIndex:
    """An index of papers' words under one folder, made from the library and rebuilt from it at will.

    `generation` is the library's generation that the index holds, and -1 where there is no index or
    none that can be read. Writing the same change twice does no harm, so that a crash between the
    commit and the note of its generation costs a repetition only.
    """

    def __init__(self, path: Path, index: tantivy.Index | None, generation: int) -> None:
        self._path = path
        self._index = index
        self._writer: tantivy.IndexWriter | None = None
        self.generation = generation

    @classmethod
    def open(cls, path: Path, *, write: bool = False) -> LexicalIndex:
        """Open the index under `path`; `write` prepares an empty one where none can be read."""
        generation = _read_generation(path)
        index = _open_index(path) if generation >= 0 else None
        if index is None:
            generation = -1
            if write:
                index = _create_index(path)
        return cls(path, index, generation)

    def close(self) -> None:
        """Let go of the writer's lock."""
        if self._writer is not None:
            self._writer.wait_merging_threads()
            self._writer = None

    def __len__(self) -> int:
        """Return the number of papers in the index."""
        return int(self._index.searcher().num_docs) if self._index is not None else 0

    def refresh(self) -> None:
        """Take up what another process has committed since this index was opened."""
        generation = _read_generation(self._path)
        if generation == self.generation:
            return
        self._index = _open_index(self._path) if generation >= 0 else None
        self.generation = generation if self._index is not None else -1

    def apply(self, removed: Sequence[int], texts: Iterable[tuple[int, str]], generation: int) -> None:
        """Take out the papers `removed`, write the (paper id, text) pairs over older ones, and note `generation`."""
        if self._index is None:
            self._index = _create_index(self._path)
        if self._writer is None:
            self._writer = self._index.writer(_HEAP, num_threads=1)
        for paper_id in removed:
            self._writer.delete_documents_by_term("id", paper_id)
        for paper_id, text in texts:
            self._writer.delete_documents_by_term("id", paper_id)
            self._writer.add_document(_document(paper_id, text))
        self._writer.commit()
        self._index.reload()
        _write_generation(self._path, generation)
        self.generation = generation

    def rebuild(self, texts: Iterable[tuple[int, str]], generation: int) -> None:
        """Replace the index by one of exactly these (paper id, text) pairs.

        Nothing is trusted and nothing kept of the old one; until the end it counts as missing.
        """
        self.close()
        self._index, self.generation = _create_index(self._path), -1
        self.apply((), texts, generation)

    def search(self, query: str, limit: int, allowed: IntArray | None = None) -> list[LexicalHit]:
        """Return the best `limit` papers by BM25, of those in `allowed` (sorted ids) where it is given.

        The query is plain text: nothing in it is an operator.
        """
        terms = Counter(self.terms(query))
        if self._index is None or not terms or limit < 1 or (allowed is not None and not len(allowed)):
            return []
        parsed = self._any_of(terms)
        if allowed is None:
            return self._top(parsed, limit)
        if len(allowed) <= ID_LIST:
            return self._top(self._restricted(parsed, allowed), limit)
        return self._top_allowed(parsed, limit, allowed)

    def terms(self, text: str) -> list[str]:
        """Return the terms the index makes of `text`: lower case, accents folded, stop words out, stemmed."""
        return list(_analyzer().analyze(text))

    def document_frequency(self, term: str) -> int:
        """Return in how many papers an analysed term stands."""
        return int(self._index.searcher().doc_freq("text", term)) if self._index is not None else 0

    def word_frequency(self, word: str) -> int:
        """Return in how many papers a stemmed word of `assistant.text` stands; of a compound the rarest part counts."""
        if word.isalnum():
            return self.document_frequency(word)
        return min((self.document_frequency(term) for term in self.terms(word)), default=0)

    def _any_of(self, terms: Counter[str]) -> tantivy.Query:
        import tantivy

        schema = _schema()
        clauses = []
        for term, count in terms.items():
            clause = tantivy.Query.term_query(schema, "text", term)
            if count > 1:
                clause = tantivy.Query.boost_query(clause, float(count))
            clauses.append((tantivy.Occur.Should, clause))
        return tantivy.Query.boolean_query(clauses)

    def _restricted(self, query: tantivy.Query, allowed: IntArray) -> tantivy.Query:
        import tantivy

        papers = tantivy.Query.term_set_query(_schema(), "id", allowed.tolist())
        return tantivy.Query.boolean_query(
            [
                (tantivy.Occur.Must, query),
                (tantivy.Occur.Must, tantivy.Query.boost_query(papers, 0.0)),
            ]
        )

    def _top(self, query: tantivy.Query, limit: int) -> list[LexicalHit]:
        assert self._index is not None  # noqa: S101 - the callers have looked
        searcher = self._index.searcher()
        hits = searcher.search(query, limit, count=False).hits
        papers = searcher.fast_field_values("id", [address for _, address in hits])
        pairs = zip(hits, papers, strict=True)
        return [LexicalHit(int(paper), float(score)) for (score, _), paper in pairs if paper is not None]

    def _top_allowed(self, query: tantivy.Query, limit: int, allowed: IntArray) -> list[LexicalHit]:
        """Fetch more hits than wanted until enough of them are allowed or there are no more."""
        share = min(1.0, len(allowed) / max(1, len(self)))
        fetch = int(limit / share * 1.5) + 50
        while True:
            hits = self._top(query, fetch)
            papers = np.fromiter((hit.paper_id for hit in hits), np.int64, len(hits))
            kept = np.flatnonzero(_is_in(papers, allowed))
            if len(kept) >= limit or len(hits) < fetch:
                return [hits[index] for index in kept[:limit]]
            fetch *= 4


def _is_in(values: IntArray, allowed: IntArray) -> NDArray[np.bool_]:
    """Return which values stand in the sorted array `allowed`."""
    places = np.searchsorted(allowed, values)
    places[places == len(allowed)] = 0
    found: NDArray[np.bool_] = allowed[places] == values
    return found


@cache
def _schema() -> tantivy.Schema:
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("id", stored=False, indexed=True, fast=True)
    builder.add_text_field("text", stored=False, tokenizer_name=_ANALYZER, index_option="position")
    return builder.build()


@cache
def _analyzer() -> tantivy.TextAnalyzer:
    import tantivy

    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    for step in (
        tantivy.Filter.remove_long(60),
        tantivy.Filter.lowercase(),
        tantivy.Filter.ascii_fold(),
        tantivy.Filter.custom_stopword(STOP_WORDS.split()),
        tantivy.Filter.stemmer("english"),
    ):
        builder = builder.filter(step)
    return builder.build()


def _document(paper_id: int, text: str) -> tantivy.Document:
    import tantivy

    document = tantivy.Document()
    document.add_integer("id", paper_id)
    document.add_text("text", text)
    return document


def _create_index(path: Path) -> tantivy.Index:
    """Return an empty index under `path`, in place of whatever was there."""
    import tantivy

    try:
        shutil.rmtree(path, ignore_errors=True)
        path.mkdir(parents=True, exist_ok=True)
        index = tantivy.Index(_schema(), str(path))
    except (OSError, ValueError) as error:
        raise StoreError(f"The word index cannot be written under {path}: {error}") from error
    index.register_tokenizer(_ANALYZER, _analyzer())
    return index


def _open_index(path: Path) -> tantivy.Index | None:
    """Return the index under `path`, or None where it is missing or damaged."""
    import tantivy

    try:
        index = tantivy.Index.open(str(path))
        index.register_tokenizer(_ANALYZER, _analyzer())
        index.searcher()
    except (OSError, ValueError):
        return None
    return index


def _read_generation(path: Path) -> int:
    try:
        state = json.loads((path / _STATE).read_text("utf-8"))
        return int(state["generation"]) if state["recipe"] == RECIPE else -1
    except (OSError, ValueError, KeyError, TypeError):
        return -1


def _write_generation(path: Path, generation: int) -> None:
    fresh = path / f"{_STATE}.new"
    fresh.write_text(json.dumps({"recipe": RECIPE, "generation": generation}), "utf-8")
    os.replace(fresh, path / _STATE)
