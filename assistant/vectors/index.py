"""One index of window vectors over two engines: which one answers is decided here."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import numpy as np

from assistant.embedders import FloatArray
from assistant.errors import StoreError
from assistant.library import IntArray, WindowTable
from assistant.vectors.flat import FlatVectors
from assistant.vectors.hnsw import HnswVectors

# Exact search takes 4 ms over 72,000 windows and grows with them; Chroma takes 1.4 ms once its 0.7 s import and the
# opening are paid. Up to this many windows exact search is therefore used always, above it where Chroma is not open.
EXACT_WINDOWS = 150_000

_log = logging.getLogger(__name__)


class WindowHit(NamedTuple):
    """A window, its paper, and the cosine of its vector to the query's."""

    window_id: int
    paper_id: int
    score: float


class VectorIndex:
    """The window vectors under one folder, made from the library and rebuilt from it at will.

    `generation` is the library's generation that the index holds, -1 where it is missing or damaged.
    A flat file holds every vector and answers exactly: for small libraries, under every filter, and in
    a short-lived process, for which Chroma's import alone is too slow. Chroma answers searches without
    a filter over more than EXACT_WINDOWS windows once `warm` has opened it.
    """

    def __init__(self, path: Path, dimension: int) -> None:
        self._path = path
        self._flat = FlatVectors(path, dimension)
        self._hnsw = HnswVectors(path)
        self._dimension = dimension

    @classmethod
    def open(cls, path: Path, dimension: int, *, write: bool = False) -> VectorIndex:
        """Open the index under `path`; `write` makes the folder."""
        index = cls(path, dimension)
        if write:
            with index._writing():
                path.mkdir(parents=True, exist_ok=True)
        return index

    @property
    def generation(self) -> int:
        """The library's generation that the index holds, -1 where it is missing or damaged."""
        return self._flat.generation

    def __len__(self) -> int:
        """Return the number of windows."""
        return len(self._flat)

    def close(self) -> None:
        """Close Chroma, where it is open."""
        self._hnsw.close()

    def refresh(self) -> None:
        """Take up what another process has written since this index was opened."""
        if self._flat.changed():
            self._flat.refresh()

    def warm(self) -> None:
        """Open Chroma where a search would use it; takes about a second, and may run in a thread."""
        if len(self._flat) > EXACT_WINDOWS and self._hnsw.generation == self.generation:
            self._hnsw.open()

    @property
    def approximate(self) -> bool:
        """Whether Chroma is at the same generation, and so may answer; without it every search is exact."""
        return self._hnsw.generation == self.generation

    def holds(self, window_ids: IntArray, paper_ids: IntArray, vectors: FloatArray) -> bool:
        """Return whether the index has exactly these windows, and Chroma too where it is in use."""
        wanted = _by_window(self._table(window_ids, paper_ids, vectors))
        kept = _by_window(self._flat.table)
        same = np.array_equal(kept.window_ids, wanted.window_ids) and np.array_equal(kept.paper_ids, wanted.paper_ids)
        if not same or not np.allclose(kept.vectors, wanted.vectors, atol=1e-3):
            return False
        if not self.approximate:
            return True
        if not self._hnsw.ready:
            self._hnsw.open()
        if not self._hnsw.ready:
            return not _writable(self._path)  # Chroma opens no store that it cannot write; searches are exact there
        return self._hnsw.holds(wanted)

    def apply(
        self,
        removed: Sequence[int],
        window_ids: Sequence[int] | IntArray,
        paper_ids: Sequence[int] | IntArray,
        vectors: FloatArray,
        generation: int,
    ) -> None:
        """Take out the windows `removed`, write the others over older ones of their ids, and note `generation`.

        Raises:
            StoreError: the index could not be written; it is as it was.
        """
        before = self.generation
        gone = np.asarray(removed, np.int64)
        table = self._table(window_ids, paper_ids, vectors)
        with self._writing():
            self._flat.apply(gone, table, generation)
        self._follow(before, gone, table, generation)

    def rebuild(
        self,
        window_ids: Sequence[int] | IntArray,
        paper_ids: Sequence[int] | IntArray,
        vectors: FloatArray,
        generation: int,
    ) -> None:
        """Build the index anew from exactly these windows beside the old one, then switch to it.

        Raises:
            StoreError: the index could not be written; the old one stays.
        """
        table = self._table(window_ids, paper_ids, vectors)
        with self._writing():
            self._flat.rebuild(table, generation)
        self._follow(-1, np.zeros(0, np.int64), table, generation)

    def settle(self) -> bool:
        """Build Chroma anew where a writer died in it or lost it, and return whether that was done."""
        if self.generation < 0 or self.approximate or not self._hnsw.known:
            return False
        self._follow(-1, np.zeros(0, np.int64), self._flat.table, self.generation)
        return self.approximate

    def search(self, vector: FloatArray, limit: int, allowed: IntArray | None = None) -> list[WindowHit]:
        """Return the `limit` windows nearest to `vector`, best first, of papers in `allowed` where it is given."""
        if limit < 1 or len(self) == 0:
            return []
        found = None
        if allowed is None and len(self) > EXACT_WINDOWS and self._hnsw.ready and self.approximate:
            found = self._hnsw.search(vector, limit)
        if found is not None and self.approximate:  # still: no writer has begun meanwhile
            windows, scores = found
            papers = self._flat.papers_of(windows)
        else:
            windows, papers, scores = self._flat.search(vector, limit, allowed)
        rows = zip(windows.tolist(), papers.tolist(), scores.tolist(), strict=True)
        return [WindowHit(window, paper, score) for window, paper, score in rows if paper >= 0]

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            message = f"The vector index cannot be written under {self._path}: {error}"
            raise StoreError(message, "free some space") from error

    def _table(
        self, window_ids: Sequence[int] | IntArray, paper_ids: Sequence[int] | IntArray, vectors: FloatArray
    ) -> WindowTable:
        rows = np.asarray(vectors, np.float32).reshape(len(window_ids), self._dimension)
        return WindowTable(np.asarray(window_ids, np.int64), np.asarray(paper_ids, np.int64), rows)

    def _follow(self, before: int, removed: IntArray, table: WindowTable, generation: int) -> None:
        """Bring Chroma to the flat file's state: by the change, or anew where it was not at `before`.

        A failure leaves it marked as not to be trusted; searches stay exact and the next write builds it anew.
        """
        try:
            if self._hnsw.generation == before >= 0:
                if not self._hnsw.ready:
                    self._hnsw.open()
                if self._hnsw.ready:
                    self._hnsw.apply(removed, table, generation)
                    return
            self._hnsw.rebuild(self._flat.table, generation)
        except Exception as error:  # noqa: BLE001  Chroma lets any kind of error through
            _log.warning("Chroma could not be written (%s); searching exactly", error)
            self._hnsw.close()


def _by_window(table: WindowTable) -> WindowTable:
    order = np.argsort(table.window_ids)
    return WindowTable(table.window_ids[order], table.paper_ids[order], table.vectors[order])


def _writable(folder: Path) -> bool:
    try:
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False
