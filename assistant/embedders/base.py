"""What every embedder promises, and the shapes of what goes in and comes out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class WindowText:
    """The text of one window: the paper's title, then a run of whole sentences of its abstract (empty without one)."""

    title: str
    sentences: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WindowVectors:
    """The vectors of one window, all of length one.

    `vector` has shape (d,) and stands for the window; `sentences` has shape (s, d), one row a sentence.
    """

    vector: FloatArray
    sentences: FloatArray


class Embedder(Protocol):
    """Turns texts into vectors of length one, so that a dot product is a cosine.

    `name` identifies the vectors: a library stores it, and refuses vectors of another name.
    """

    @property
    def name(self) -> str:
        """Identity of the vectors."""
        ...

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        ...

    def embed_queries(self, texts: Sequence[str]) -> FloatArray:
        """Return one row a text, shape (n, d)."""
        ...

    def embed_windows(self, windows: Sequence[WindowText]) -> list[WindowVectors]:
        """Return the vectors of each window, in the order given."""
        ...

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return how many tokens each text takes, without the marks at its start and end."""
        ...


def unit_rows(vectors: FloatArray) -> FloatArray:
    """Return `vectors` with each row scaled to length one; a zero row stays zero."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    scaled: FloatArray = np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0)
    return scaled
