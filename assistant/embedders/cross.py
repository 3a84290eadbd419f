"""Cross-encoders: models that read a question and a text together and say how well the text answers."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from assistant.embedders.base import FloatArray
from assistant.embedders.engines import BATCH, THREADS, load_session
from assistant.embedders.folder import model_in
from assistant.embedders.onnx import load_tokenizer
from assistant.errors import EmbedderError

if TYPE_CHECKING:
    from tokenizers import Encoding

_LONGEST = 512  # tokens of a question and a text together; the longer of the two is cut


class CrossEncoder:
    """Orders texts by the model of a folder that holds model.onnx (or onnx/model.onnx) and tokenizer.json.

    The model gives one figure a pair, higher for a better answer, as the rerankers of sentence-transformers do.

    Args:
        folder: where the model is.
        seconds: time for one question; the texts of a question are scored within it or not at all.

    Raises:
        EmbedderError: a file is missing or cannot be used.
    """

    def __init__(self, folder: Path, seconds: float) -> None:
        self._name = folder.name
        self._seconds = seconds
        model = model_in(folder)
        self._tokenizer = load_tokenizer(folder / "tokenizer.json")
        self._tokenizer.enable_truncation(_LONGEST)
        self._session = load_session(model, THREADS)
        self._inputs = {value.name for value in self._session.get_inputs()}

    def order(self, question: str, texts: Sequence[str]) -> list[int]:
        """Return the places of `texts`, the best answer to `question` first.

        Raises:
            EmbedderError: the model is no cross-encoder, fails, or takes too long.
        """
        until = time.monotonic() + self._seconds
        pairs = self._tokenizer.encode_batch([(question, text) for text in texts])
        by_length = sorted(range(len(pairs)), key=lambda place: -len(pairs[place].ids))
        scores = np.zeros(len(pairs), np.float32)
        for start in range(0, len(pairs), BATCH):
            if time.monotonic() > until:
                raise EmbedderError(f"the cross-encoder {self._name} took longer than {self._seconds:g} s")
            places = by_length[start : start + BATCH]
            scores[places] = self._scores([pairs[place] for place in places])
        order: list[int] = np.argsort(-scores, kind="stable").tolist()
        return order

    def _scores(self, pairs: Sequence[Encoding]) -> FloatArray:
        """Return one figure a pair, shape (n,)."""
        longest = max(len(pair.ids) for pair in pairs)
        feed = {name: np.zeros((len(pairs), longest), np.int64) for name in self._inputs}
        for row, pair in enumerate(pairs):
            given = {"input_ids": pair.ids, "attention_mask": pair.attention_mask, "token_type_ids": pair.type_ids}
            for name in feed.keys() & given.keys():
                feed[name][row, : len(pair.ids)] = given[name]
        try:
            found: Any = np.asarray(self._session.run(None, feed)[0], np.float32)
        except Exception as error:
            raise EmbedderError(f"the cross-encoder {self._name} failed: {error}") from error
        if found.size != len(pairs) or not np.isfinite(found).all():
            raise EmbedderError(f"the cross-encoder {self._name} does not give one figure a text", "use another model")
        scores: FloatArray = found.reshape(len(pairs))
        return scores
