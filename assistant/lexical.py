"""The word index: BM25 over titles and abstracts. The only module that knows tantivy."""

from __future__ import annotations

import json
import os
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
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
_TRIES = 5  # to open an index that a writer is changing
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
    commit and the note of its generation costs a repetition only; until then the index is not `settled`:
    it holds at least `generation`, and a reader must wait. An open index does not move on by itself.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._state = _State()
        self._index: tantivy.Index | None = None
        self._writer: tantivy.IndexWriter | None = None
        self.settled = True

    @classmethod
    def open(cls, path: Path, *, write: bool = False) -> LexicalIndex:
        """Open the index under `path`; `write` makes the folder."""
        if write:
            with _writing(path):
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
        state = _read_state(self._path)
        if state == self._state and self.settled:
            return
        if self._index is None or not state.folder or _opstamp(self._path / state.folder) == state.opstamp:
            self._take()

    def apply(self, removed: Sequence[int], texts: Iterable[tuple[int, str]], generation: int) -> None:
        """Take out the papers `removed`, write the (paper id, text) pairs over older ones, and note `generation`.

        Raises:
            StoreError: the index could not be written; it is as it was.
        """
        with _writing(self._path):
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
            with _writing(self._path):
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

    def _take(self) -> None:
        """Open what the state file names, unless it changes all the while."""
        for _ in range(_TRIES):
            state = _read_state(self._path)
            index = _open_index(self._path / state.folder) if state.folder else None
            settled = not state.folder or _opstamp(self._path / state.folder) == state.opstamp
            if settled and _read_state(self._path) == state:
                break
        self._index, self.settled = index, settled
        self._state = state if index is not None else _State()

    def _start_folder(self) -> None:
        numbers = [int(folder.name.rpartition("-")[2]) for folder in self._path.glob("index-*")]
        folder = f"index-{1 + max(numbers, default=0)}"
        self._index = _create_index(self._path / folder)
        self._state = _State(folder)

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
                self._writer.add_document(_document(paper_id, text))
            opstamp = self._writer.commit()
        except BaseException:
            self._writer = None  # with it goes whatever was not committed
            raise
        state = _State(self._state.folder, opstamp, generation)
        _write_state(self._path, state)
        self._index.reload()
        self._state, self.settled = state, True

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


@dataclass(frozen=True, slots=True)
class _State:
    """What the state file says: the folder in use, its last noted commit, and the generation that commit holds."""

    folder: str = ""
    opstamp: int = -1
    generation: int = -1


def _create_index(path: Path) -> tantivy.Index:
    """Return an empty index in the new folder `path`."""
    import tantivy

    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(parents=True, exist_ok=True)
    index = tantivy.Index(_schema(), str(path))
    index.register_tokenizer(_ANALYZER, _analyzer())
    return index


def _open_index(path: Path) -> tantivy.Index | None:
    """Return the index under `path`, or None where it is missing or damaged."""
    import tantivy

    try:
        index = tantivy.Index.open(str(path))
        index.config_reader(reload_policy="manual")  # else it follows a writer by itself, half a second later
        index.reload()
        index.register_tokenizer(_ANALYZER, _analyzer())
        index.searcher()
    except (OSError, ValueError):
        return None
    return index


def _opstamp(folder: Path) -> int:
    """Return the number of the last commit in an index folder."""
    try:
        return int(json.loads((folder / "meta.json").read_text("utf-8"))["opstamp"])
    except (OSError, ValueError, KeyError, TypeError):
        return -1


def _read_state(path: Path) -> _State:
    try:
        state = json.loads((path / _STATE).read_text("utf-8"))
        if state["recipe"] != RECIPE:
            return _State()
        return _State(str(state["folder"]), int(state["opstamp"]), int(state["generation"]))
    except (OSError, ValueError, KeyError, TypeError):
        return _State()


def _write_state(path: Path, state: _State) -> None:
    fresh = path / f"{_STATE}.new"
    fresh.write_text(json.dumps({"recipe": RECIPE, **asdict(state)}), "utf-8")
    os.replace(fresh, path / _STATE)


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError) as error:
        raise StoreError(f"The word index cannot be written under {path}: {error}", "free some space") from error
