"""Embedders that only turn whole texts into vectors: windows and sentences are each a text of their own."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from functools import cached_property

import numpy as np

from assistant.embedders.base import FloatArray, WindowText, WindowVectors, unit_rows
from assistant.embedders.onnx import local_token_counts
from assistant.errors import EmbedderError


class PlainEmbedder(ABC):
    """The part of an embedder that is the same whatever makes the vectors.

    Windows are cut by the local model's tokenizer, so that a library is cut alike whoever embeds it. A window of one
    sentence under no title is that sentence, and embedded once.

    Args:
        name: identity of the vectors.
    """

    def __init__(self, name: str) -> None:
        self.name = name

    @cached_property
    def dimension(self) -> int:
        """Length of a vector; found out by embedding a word."""
        return int(self.embed_queries(["paper"]).shape[1])

    @abstractmethod
    def _embed(self, texts: Sequence[str], *, question: bool) -> FloatArray:
        """Return one row a text, shape (n, d), of any length; no text is empty."""

    def embed_queries(self, texts: Sequence[str]) -> FloatArray:
        """Return one row a text, shape (n, d)."""
        return self._rows(texts, question=True)

    def embed_windows(self, windows: Sequence[WindowText]) -> list[WindowVectors]:
        """Return the vectors of each window, in the order given."""
        texts = [[" ".join(part for part in (w.title, *w.sentences) if part), *w.sentences] for w in windows]
        distinct = {text: place for place, text in enumerate(dict.fromkeys(text for part in texts for text in part))}
        rows = self._rows(list(distinct), question=False)
        made = [rows[[distinct[text] for text in part]] for part in texts]
        return [WindowVectors(vectors[0], vectors[1:]) for vectors in made]

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return how many tokens each text takes, by the local model's tokenizer."""
        return local_token_counts(texts)

    def _rows(self, texts: Sequence[str], *, question: bool) -> FloatArray:
        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        rows = np.asarray(self._embed([text or " " for text in texts], question=question), np.float32)
        if rows.ndim != 2 or len(rows) != len(texts) or not np.isfinite(rows).all():
            raise EmbedderError(f"{self.name} gave no usable vectors", "use another embedder")
        return unit_rows(rows)
