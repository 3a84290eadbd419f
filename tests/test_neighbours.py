"""The nearest papers by stored vectors."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from assistant.library import Library, PaperWrite, StoredWindow
from assistant.neighbours import nearest_papers
from assistant.papers import Paper
from assistant.vectors import VectorIndex

DIMENSION = 8


def unit(*values: float) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    vector = np.zeros(DIMENSION, np.float32)
    vector[: len(values)] = values
    return (vector / np.linalg.norm(vector)).astype(np.float32)


def write(library: Library, key: str, *vectors: np.ndarray[tuple[int], np.dtype[np.float32]]) -> int:
    windows = tuple(StoredWindow(0, 0, bytes([place]), vector) for place, vector in enumerate(vectors))
    with library.transaction() as writer:
        empty = np.zeros((0, DIMENSION), np.float32)
        return writer.write(PaperWrite(replace(Paper("T"), key=key), (), windows, empty, ()))


def test_the_best_pair_of_windows_decides_and_crowds_of_windows_hide_nobody(store: Path) -> None:
    with Library.open(store, create=True) as library:
        library.remember("dimension", str(DIMENSION))
        asked = write(library, "asked", unit(1), unit(0, 1))
        write(library, "long", *[unit(1, 0, 0.01 * step) for step in range(50)])  # fills every list of nearest windows
        write(library, "second", unit(0, 0, 1), unit(0, 1, 0.2))
        write(library, "third", unit(1, 0, 0, 0.9))
        write(library, "far", unit(0, 0, 0, 0, 1))
        table = library.window_vectors()
        index = VectorIndex.open(store / "chroma", DIMENSION, write=True)
        index.rebuild(table.window_ids, table.paper_ids, table.vectors, library.generation)
        found = nearest_papers(library, index, asked, 3)
        index.close()
    assert [neighbour.paper.key for neighbour in found] == ["long", "second", "third"]
    assert [round(neighbour.score, 2) for neighbour in found] == [1.0, 0.98, 0.74]


def test_an_only_paper_has_no_neighbours(store: Path) -> None:
    with Library.open(store, create=True) as library:
        library.remember("dimension", str(DIMENSION))
        number = write(library, "only", unit(1), unit(1, 1))
        table = library.window_vectors()
        index = VectorIndex.open(store / "chroma", DIMENSION, write=True)
        index.rebuild(table.window_ids, table.paper_ids, table.vectors, library.generation)
        assert nearest_papers(library, index, number, 5) == []
        index.close()
