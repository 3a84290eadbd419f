"""What every embedder promises, and the shapes of what goes in and comes out."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float32]
ByteArray = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class WindowText:
    """The text of one window: the paper's title, then a run of whole sentences of its abstract (empty without one)."""

    title: str
    sentences: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TokenBits:
    """The signs of token states: one bit a dimension, for late interaction.

    `counts` has one entry for the title and one a sentence, the number of their rows in `bits`, which
    has shape (tokens, d / 8). Marks and stop words have no row.
    """

    counts: NDArray[np.uint16]
    bits: ByteArray

    def pack(self) -> bytes:
        """Return the bits as bytes: the number of parts, their counts, the rows."""
        return np.uint16(len(self.counts)).tobytes() + self.counts.tobytes() + self.bits.tobytes()

    @classmethod
    def unpack(cls, packed: bytes, dimension: int) -> TokenBits:
        """Return the bits that `pack` made of vectors of `dimension`; none of an empty string."""
        if not packed:
            return cls(np.zeros(0, np.uint16), np.zeros((0, dimension // 8), np.uint8))
        parts = int.from_bytes(packed[:2], sys.byteorder)
        counts = np.frombuffer(packed, np.uint16, parts, offset=2)
        bits = np.frombuffer(packed, np.uint8, offset=2 + 2 * parts).reshape(int(counts.sum()), dimension // 8)
        return cls(counts, bits)

    @classmethod
    def join(cls, windows: Sequence[TokenBits]) -> TokenBits:
        """Return the bits of an abstract from those of its windows in order; the first one's title stands for all."""
        if len(windows) == 1:
            return windows[0]
        counts = [windows[0].counts, *(window.counts[1:] for window in windows[1:])]
        bits = [windows[0].bits, *(window.bits[int(window.counts[0]) :] for window in windows[1:])]
        return cls(np.concatenate(counts), np.concatenate(bits))


@dataclass(frozen=True, slots=True)
class WindowVectors:
    """The vectors of one window, all of length one.

    `vector` has shape (d,) and stands for the window; `sentences` has shape (s, d), one row a sentence.
    `tokens` are the signs of its token states where the embedder knows them.
    """

    vector: FloatArray
    sentences: FloatArray
    tokens: TokenBits | None = None


@dataclass(frozen=True, slots=True)
class QuestionVectors:
    """A question as one vector, shape (d,), and as tokens.

    `bits` has one row a token, shape (t, d / 8), `words` the word each token belongs to, and `shares`
    the part of the word that it is: 1 for a word of one token, a half each for one of two.
    """

    vector: FloatArray
    words: tuple[str, ...]
    shares: FloatArray
    bits: ByteArray


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


@runtime_checkable
class TokenEmbedder(Protocol):
    """An embedder that also knows the states of single tokens; its windows come with `tokens`."""

    def embed_question(self, text: str) -> QuestionVectors:
        """Return a question as one vector and as tokens."""
        ...


def sign_bits(states: FloatArray) -> ByteArray:
    """Return the signs of token states (t, d) as bits, shape (t, d / 8).

    On SciFact late interaction over signs ranks as well as over the states themselves (nDCG@10 0.754 and
    0.753), at a thirty-second of their size.
    """
    bits: ByteArray = np.packbits(states > 0, axis=-1)
    return bits


def unit_rows(vectors: FloatArray) -> FloatArray:
    """Return `vectors` with each row scaled to length one; a zero row stays zero."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    scaled: FloatArray = np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0)
    return scaled
