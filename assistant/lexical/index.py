"""The word index: ranking by BM25, under filters, from plain-text queries."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from assistant.errors import StoreError
from assistant.lexical.analysis import analyzer, make_document, schema
from assistant.lexical.files import (
    State,
    as_store_error,
    create_index,
    last_opstamp,
    open_index,
    read_state,
    write_state,
)

if TYPE_CHECKING:
    import tantivy

IntArray = NDArray[np.int64]

ID_LIST = 1_000  # up to this many allowed papers the index itself is restricted; above it, hits are thrown away

_TRIES = 5  # to open an index that a writer is changing
_HEAP = 64_000_000  # bytes of the writer; one thread keeps one segment a commit


class LexicalHit(NamedTuple):
    """A paper and its BM25 score (above 0; k1 1.2, b 0.75)."""

    paper_id: int
    score: float


class LexicalIndex:
    """An index of papers' words under one folder, made from the library and rebuilt from it at will.

    `generation` is the library's generation that the index holds, and -1 where there is no index or
    none that can be read. Writing the same change twice does no harm, so that a crash between the
    commit and the note of its generation costs a repetition only; until then the index is not `settled`:
    it holds at least `generation`, and a reader must wait. An open index does not move on by itself.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._state = State()
        self._index: tantivy.Index | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._writer: tantivy.IndexWriter | None = None
        self.settled = True

    @classmethod
    def open(cls, path: Path, *, write: bool = False) -> LexicalIndex:
        """Open the index under `path`; `write` makes the folder."""
        if write:
            with as_store_error(path):
                path.mkdir(parents=True, exist_ok=True)
        index = cls(path)
        index._take()
        return index

    def close(self) -> None:
        """Let go of the writer's lock."""
        if self._writer is not None:
            self._writer.wait_merging_threads()
            self._writer = None

    @property
    def generation(self) -> int:
        """The library's generation that the index holds, -1 where it is missing or damaged."""
        return self._state.generation

    def __len__(self) -> int:
        """Return the number of papers in the index."""
        return int(self._index.searcher().num_docs) if self._index is not None else 0

    def holds(self, paper_ids: Sequence[int]) -> bool:
        """Return whether the index has exactly these papers."""
        import tantivy

        if self._index is None:
            return False
        searcher = self._index.searcher()
        if searcher.num_docs != len(paper_ids):
            return False
        hits = searcher.search(tantivy.Query.all_query(), max(1, len(paper_ids)), count=False).hits
        found = searcher.fast_field_values("id", [address for _, address in hits])
        return {int(number) for number in found if number is not None} == set(paper_ids)

    def refresh(self) -> None:
        """Take up what another process has committed since this index was opened, once its generation is noted."""
        state = read_state(self._path)
        if state == self._state and self.settled:
            return
        if self._index is None or not state.folder or last_opstamp(self._path / state.folder) == state.opstamp:
            self._take()

    def apply(self, removed: Sequence[int], texts: Iterable[tuple[int, str]], generation: int) -> None:
        """Take out the papers `removed`, write the (paper id, text) pairs over older ones, and note `generation`.

        Raises:
            StoreError: the index could not be written; it is as it was.
        """
        with as_store_error(self._path):
            if self._index is None:
                self._start_folder()
            self._write(removed, texts, generation)

    def rebuild(self, texts: Iterable[tuple[int, str]], generation: int) -> None:
        """Build an index of exactly these (paper id, text) pairs beside the old one, then switch to it.

        Raises:
            StoreError: the index could not be written; the old one stays.
        """
        self.close()
        kept = (self._state, self._index, self.settled)
        try:
            with as_store_error(self._path):
                self._start_folder()
                self._write((), texts, generation)
        except StoreError:
            self._state, self._index, self.settled = kept
            raise
        for folder in self._path.glob("index-*"):
            if folder.name != self._state.folder:
                shutil.rmtree(folder, ignore_errors=True)

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

    def search_wording(self, text: str, limit: int) -> list[LexicalHit]:
        """Return the best `limit` papers by BM25 of the pairs of words that stand side by side in `text`.

        In a paper one word may stand between them. Of a text of one word, that word counts.
        """
        import tantivy

        pairs = self.pairs(text)
        if self._index is None or not pairs or limit < 1:
            return []
        if len(pairs[0]) == 1:
            return self._top(self._any_of(Counter(pairs[0])), limit)
        phrases = [tantivy.Query.phrase_query(schema(), "text", list(pair), slop=1) for pair in pairs]
        return self._top(tantivy.Query.boolean_query([(tantivy.Occur.Should, phrase) for phrase in phrases]), limit)

    def terms(self, text: str) -> list[str]:
        """Return the terms the index makes of `text`: lower case, accents folded, stop words out, stemmed."""
        return list(analyzer().analyze(text))

    def pairs(self, text: str) -> list[tuple[str, ...]]:
        """Return the terms that stand side by side in `text`, each pair once; of a text of one term, that one alone."""
        terms = self.terms(text)
        return [tuple(terms)] if len(terms) == 1 else list(dict.fromkeys(pairwise(terms)))

    def document_frequency(self, term: str) -> int:
        """Return in how many papers an analysed term stands."""
        return int(self._index.searcher().doc_freq("text", term)) if self._index is not None else 0

    def word_frequency(self, word: str) -> int:
        """Return in how many papers a stemmed word of `assistant.text` stands; of a compound the rarest part counts."""
        if word.isalnum():
            return self.document_frequency(word)
        return min((self.document_frequency(term) for term in self.terms(word)), default=0)

    def _take(self) -> None:
        """Open what the state file names, unless it changes all the while."""
        for _ in range(_TRIES):
            state = read_state(self._path)
            opened = open_index(self._path / state.folder) if state.folder else None
            settled = not state.folder or last_opstamp(self._path / state.folder) == state.opstamp
            if settled and read_state(self._path) == state:
                break
        self._index, self._folder = (opened.index, opened.folder) if opened is not None else (None, None)
        self._state, self.settled = (state if opened is not None else State()), settled

    def _start_folder(self) -> None:
        numbers = [int(folder.name.rpartition("-")[2]) for folder in self._path.glob("index-*")]
        folder = f"index-{1 + max(numbers, default=0)}"
        self._index = create_index(self._path / folder)
        self._state = State(folder)

    def _write(self, removed: Sequence[int], texts: Iterable[tuple[int, str]], generation: int) -> None:
        assert self._index is not None  # noqa: S101 - the callers have looked
        if self._writer is None:
            self._writer = self._index.writer(_HEAP, num_threads=1)
            # A writer that was killed leaves files of a commit that never was, and the next one of their name fails.
            self._writer.garbage_collect_files()
        try:
            for paper_id in removed:
                self._writer.delete_documents_by_term("id", paper_id)
            for paper_id, text in texts:
                self._writer.delete_documents_by_term("id", paper_id)
                self._writer.add_document(make_document(paper_id, text))
            opstamp = self._writer.commit()
        except BaseException:
            self._writer = None  # with it goes whatever was not committed
            raise
        state = State(self._state.folder, opstamp, generation)
        write_state(self._path, state)
        self._index.reload()
        self._state, self.settled = state, True

    def _any_of(self, terms: Counter[str]) -> tantivy.Query:
        import tantivy

        fields = schema()
        clauses = []
        for term, count in terms.items():
            clause = tantivy.Query.term_query(fields, "text", term)
            if count > 1:
                clause = tantivy.Query.boost_query(clause, float(count))
            clauses.append((tantivy.Occur.Should, clause))
        return tantivy.Query.boolean_query(clauses)

    def _restricted(self, query: tantivy.Query, allowed: IntArray) -> tantivy.Query:
        import tantivy

        # A query of the ids one by one: a term set takes three times as long up to some 500 of them.
        fields, occur = schema(), tantivy.Occur.Should
        papers = tantivy.Query.boolean_query(
            [(occur, tantivy.Query.term_query(fields, "id", number)) for number in allowed.tolist()]
        )
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
