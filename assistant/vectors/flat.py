"""Vectors in a file that only grows: the exact side of the vector index."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import numpy as np

from assistant.embedders import FloatArray
from assistant.library import IntArray, WindowTable

RECIPE = "flat-float32-1"
GATHER_SHARE = 0.15  # below this share of the rows, copying them out is cheaper than multiplying all

SLACK = 1_000  # removed rows that are tolerated, besides as many as there are live ones, before the file is rewritten

_STATE = "state.json"
_IDS = "ids.i64"
_TRIES = 5  # to map rows that a writer is replacing
_DEAD = -1  # the paper id of a removed window


class FlatVectors:
    """Window vectors in row order, memory-mapped, with the ids of their windows and papers.

    The rows that count are those of the state file, which is replaced in one step after the rows are
    on disk: a crash leaves rows that nobody reads and that the next write overwrites. Removals make a
    new file of ids, so that a reader of the generation before keeps what it has.
    """

    def __init__(self, path: Path, dimension: int) -> None:
        self._path = path
        self._dimension = dimension
        self.generation = -1
        self._folder = path / "flat-0"
        self._ids_file = _IDS
        self._sorted: IntArray | None = None  # (window, paper) by window, made when it is first needed
        self._forget()
        self.refresh()

    @property
    def table(self) -> WindowTable:
        """All windows that have not been removed."""
        live = self._ids[:, 1] != _DEAD
        return WindowTable(self._ids[live, 0], self._ids[live, 1], np.asarray(self._vectors[live]))

    def __len__(self) -> int:
        """Return the number of windows that have not been removed."""
        return self._live

    def refresh(self) -> None:
        """Map the rows that the state file names; a missing or damaged file is an empty index of generation -1."""
        for _ in range(_TRIES):
            state = self._read_state()
            try:
                if state["recipe"] != RECIPE or state["dimension"] != self._dimension:
                    raise ValueError(state)
                folder, count, names = self._path / str(state["folder"]), int(state["count"]), str(state["ids"])
                ids = _map(folder / names, np.int64, (count, 2))
                vectors = _map(folder / "vectors.f32", np.float32, (count, self._dimension))
                generation = int(state["generation"])
            except (OSError, ValueError, KeyError, TypeError):
                if state == self._read_state():
                    break
                continue  # a writer has moved on meanwhile
            self._folder, self._ids_file, self.generation = folder, names, generation
            self._take(ids, vectors)
            return
        self._forget()

    def changed(self) -> bool:
        """Return whether another process has written since the rows were mapped."""
        return bool(self._read_state().get("generation", -1) != self.generation)

    def apply(self, removed: IntArray, table: WindowTable, generation: int) -> None:
        """Take out windows, append others (over older ones of the same id), and note `generation`."""
        if self.generation < 0:
            self._start_folder()
        gone = np.isin(self._ids[:, 0], np.concatenate([removed, table.window_ids]))
        count, names = len(self._ids), self._ids_file
        if gone.any():
            ids = np.array(self._ids)
            ids[gone, 1] = _DEAD
            names = f"ids-{generation}.i64"
            _write_rows(self._folder / names, ids, 0)
        _write_rows(self._folder / names, np.column_stack([table.window_ids, table.paper_ids]), count)
        _write_rows(self._folder / "vectors.f32", table.vectors, count)
        self._write_state(names, count + len(table.window_ids), generation)
        for file in self._folder.glob("ids*.i64"):
            if file.name != names:
                file.unlink(missing_ok=True)
        if len(self._ids) > 2 * self._live + SLACK:
            self.rebuild(self.table, generation)

    def rebuild(self, table: WindowTable, generation: int) -> None:
        """Write exactly these windows beside the old rows, then switch to them."""
        self._start_folder()
        _write_rows(self._folder / _IDS, np.column_stack([table.window_ids, table.paper_ids]), 0)
        _write_rows(self._folder / "vectors.f32", table.vectors, 0)
        self._write_state(_IDS, len(table.window_ids), generation)
        for other in self._path.glob("flat-*"):
            if other != self._folder:
                shutil.rmtree(other, ignore_errors=True)

    def search(self, vector: FloatArray, limit: int, allowed: IntArray | None) -> tuple[IntArray, IntArray, FloatArray]:
        """Return window ids, paper ids and cosines of the best `limit` windows, best first."""
        papers = self._ids[:, 1]
        rows = np.flatnonzero(papers != _DEAD if allowed is None else _member(papers, allowed))
        if len(rows) < GATHER_SHARE * len(papers):
            scores = self._vectors[rows] @ vector
        else:
            scores = (self._vectors @ vector)[rows]
        best = _top(scores, limit)
        return self._ids[rows[best], 0], self._ids[rows[best], 1], scores[best]

    def papers_of(self, window_ids: IntArray) -> IntArray:
        """Return the papers of windows, -1 for those that are gone."""
        if self._sorted is None:
            live = self._ids[self._ids[:, 1] != _DEAD]
            self._sorted = live[np.argsort(live[:, 0])]
        known, papers = self._sorted[:, 0], self._sorted[:, 1]
        places = np.minimum(np.searchsorted(known, window_ids), len(known) - 1)
        found: IntArray = np.where(known[places] == window_ids, papers[places], _DEAD)
        return found

    def _forget(self) -> None:
        self.generation = -1
        self._take(np.zeros((0, 2), np.int64), np.zeros((0, self._dimension), np.float32))

    def _take(self, ids: IntArray, vectors: FloatArray) -> None:
        self._ids, self._vectors = np.asarray(ids), np.asarray(vectors)  # plain views of what is mapped are faster
        self._live = int(np.count_nonzero(ids[:, 1] != _DEAD))
        self._sorted = None

    def _start_folder(self) -> None:
        """Make the folder for a fresh set of rows, beside the one in use."""
        number = int(self._folder.name.rpartition("-")[2]) + 1
        self._folder, self._ids_file = self._path / f"flat-{number}", _IDS
        shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.mkdir(parents=True)
        self._forget()

    def _read_state(self) -> dict[str, Any]:
        try:
            state = json.loads((self._path / _STATE).read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return state if isinstance(state, dict) else {}

    def _write_state(self, names: str, count: int, generation: int) -> None:
        state = {
            "recipe": RECIPE,
            "dimension": self._dimension,
            "folder": self._folder.name,
            "ids": names,
            "count": count,
            "generation": generation,
        }
        fresh = self._path / f"{_STATE}.new"
        fresh.write_text(json.dumps(state), "utf-8")
        os.replace(fresh, self._path / _STATE)
        self.refresh()


def _map(file: Path, kind: type[np.int64] | type[np.float32], shape: tuple[int, int]) -> np.ndarray:
    """Map the first rows of a file.

    Raises:
        ValueError: the file is shorter than `shape`.
        OSError: the file cannot be read.
    """
    if shape[0] == 0:
        return np.zeros(shape, kind)
    return np.memmap(file, dtype=kind, mode="r", shape=shape)


def _write_rows(file: Path, rows: np.ndarray, first: int) -> None:
    """Write rows at row `first` of a file and wait until they are on disk."""
    data = np.ascontiguousarray(rows)
    mode = "r+b" if file.exists() else "wb"
    with file.open(mode) as stream:
        stream.seek(first * data.shape[1] * data.itemsize)
        stream.write(data.tobytes())
        stream.flush()
        os.fsync(stream.fileno())


def _member(papers: IntArray, allowed: IntArray) -> np.ndarray:
    """Return which papers stand in `allowed`, by a table over all ids: they are dense row ids."""
    top = int(max(papers.max(initial=0), allowed.max(initial=0))) + 1
    table = np.zeros(top + 1, bool)  # the last place answers for -1
    table[allowed] = True
    found: np.ndarray = table[papers]
    return found


def _top(scores: FloatArray, limit: int) -> IntArray:
    """Return the places of the highest scores, best first, ties in order of place."""
    if limit < len(scores):
        places = np.argpartition(scores, len(scores) - limit)[len(scores) - limit :]
        places.sort()
    else:
        places = np.arange(len(scores))
    order: IntArray = places[np.argsort(-scores[places], kind="stable")]
    return order
