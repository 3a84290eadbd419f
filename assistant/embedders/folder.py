"""Embedding with any sentence-transformers model that was exported to ONNX into a folder."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from assistant.embedders.base import FloatArray
from assistant.embedders.engines import BATCH, OnnxRuntime, run_by_length
from assistant.embedders.onnx import load_tokenizer
from assistant.embedders.plain import PlainEmbedder
from assistant.errors import EmbedderError

_MODELS = ("model.onnx", "onnx/model.onnx", "onnx/model_quantized.onnx", "model_quantized.onnx")
_LONGEST = 512  # tokens, where the folder says nothing
_QUERY, _PASSAGE = ("query",), ("document", "passage")  # names under which models keep what goes in front of a text


class FolderEmbedder(PlainEmbedder):
    """Embeds with the model of a folder that holds model.onnx (or onnx/model.onnx) and tokenizer.json.

    Pooling (mean or first token), the longest input and the words in front of questions and texts are read from the
    folder's own files, as sentence-transformers writes them: 1_Pooling/config.json, sentence_bert_config.json and
    config_sentence_transformers.json.

    Raises:
        EmbedderError: a file is missing or cannot be used.
    """

    def __init__(self, folder: Path) -> None:
        model = model_in(folder)
        with model.open("rb") as content:
            digest = hashlib.file_digest(content, "sha256").hexdigest()[:12]
        super().__init__(f"onnx/{folder.resolve().name}-{digest}")
        pooling = _read(folder / "1_Pooling" / "config.json")
        self._first_token = bool(pooling.get("pooling_mode_cls_token", False))
        if not self._first_token and not pooling.get("pooling_mode_mean_tokens", True):
            raise EmbedderError(f"the pooling of {folder} is neither mean nor first token", "use another model")
        prompts = _read(folder / "config_sentence_transformers.json").get("prompts") or {}
        self._before = {
            True: next((str(prompts[name]) for name in _QUERY if name in prompts), ""),
            False: next((str(prompts[name]) for name in _PASSAGE if name in prompts), ""),
        }
        self._tokenizer = load_tokenizer(folder / "tokenizer.json")
        self._tokenizer.enable_truncation(
            int(_read(folder / "sentence_bert_config.json").get("max_seq_length") or _LONGEST)
        )
        self._runtime = OnnxRuntime(model)

    def _embed(self, texts: Sequence[str], *, question: bool) -> FloatArray:
        before = self._before[question]
        inputs = [encoding.ids for encoding in self._tokenizer.encode_batch([before + text for text in texts])]
        rows: dict[int, FloatArray] = {}

        def take(number: int, states: FloatArray) -> None:
            if states.ndim != 2:
                raise EmbedderError(f"{self.name} does not give the states of tokens", "export it without pooling")
            rows[number] = states[0] if self._first_token else states.mean(axis=0)

        run_by_length(self._runtime, inputs, BATCH, take)
        return np.stack([rows[place] for place in range(len(texts))])


def model_in(folder: Path) -> Path:
    """Return the model file of a folder that also holds a tokenizer.json.

    Raises:
        EmbedderError: one of them is missing.
    """
    model = next((folder / name for name in _MODELS if (folder / name).is_file()), None)
    if model is None or not (folder / "tokenizer.json").is_file():
        raise EmbedderError(f"{folder} holds no model.onnx with a tokenizer.json", "export one with optimum-cli")
    return model


def _read(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise EmbedderError(f"cannot read {path}: {error}", "copy the model again") from error
    return found if isinstance(found, dict) else {}
