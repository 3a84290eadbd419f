"""Engines that run an ONNX model over batches of token ids: onnxruntime, and OpenVINO where it is installed."""

from __future__ import annotations

import importlib.util
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from assistant.embedders.base import FloatArray
from assistant.errors import EmbedderError

if TYPE_CHECKING:
    import onnxruntime as ort

IdArray = NDArray[np.int64]
_T = TypeVar("_T")
Take = Callable[[int, FloatArray], None]  # number of a batch, its token states (n, t, d)

SESSIONS = 2  # sessions of one thread for bulk: on two cores a quarter faster than one session of two threads
THREADS = 2  # of the session for a single batch, such as a question: a quarter faster than one thread

BATCH = 4  # onnxruntime is equally fast with 1 to 4 inputs of near-equal length, slower with 8 and more


class Engine(Protocol):
    """Runs batches through the model; `take` gets each batch's states, in any order, one call at a time."""

    def run(self, batches: Sequence[Sequence[Sequence[int]]], take: Take) -> None:
        """Run batches of token ids; the ids of one batch may differ in length."""
        ...


class OnnxRuntime:
    """The engine that is always there. A single batch has a session of two threads, more batches two of one thread."""

    def __init__(self, model: Path) -> None:
        self._model = model
        self._lock = threading.Lock()
        self._alone: ort.InferenceSession | None = None
        self._bulk: list[ort.InferenceSession] = []

    def run(self, batches: Sequence[Sequence[Sequence[int]]], take: Take) -> None:
        """Run batches of token ids, on two sessions where there is work for both."""
        pending, taking = iter(enumerate(batches)), threading.Lock()

        def drain(session: ort.InferenceSession) -> None:
            inputs = {value.name for value in session.get_inputs()}
            for number, batch in _shared(pending, taking):
                states = self._states(session, _feed(batch, inputs))
                with taking:
                    take(number, states)

        sessions = self._sessions(len(batches))
        if len(sessions) == 1:
            drain(sessions[0])
            return
        with ThreadPoolExecutor(len(sessions)) as pool:
            for future in [pool.submit(drain, session) for session in sessions]:
                future.result()

    def _states(self, session: ort.InferenceSession, feed: dict[str, IdArray]) -> Any:
        try:
            return session.run(None, feed)[0]
        except Exception as error:
            hint = "use a sentence-transformers model in ONNX form"
            raise EmbedderError(f"The embedding model {self._model.name} failed: {error}", hint) from error

    def _sessions(self, batches: int) -> list[ort.InferenceSession]:
        """Return the sessions for so many batches; each kind is loaded when it is first needed."""
        with self._lock:
            if batches <= 1:
                self._alone = self._alone or load_session(self._model, THREADS)
                return [self._alone]
            self._bulk = self._bulk or [load_session(self._model, 1) for _ in range(SESSIONS)]
            return self._bulk


def load_session(model: Path, threads: int) -> ort.InferenceSession:
    """Return onnxruntime's session over a model file.

    Raises:
        EmbedderError: the file cannot be used.
    """
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # waiting threads leave the core alone
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        return ort.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
    except Exception as error:
        raise EmbedderError(f"The embedding model {model.name} cannot be loaded: {error}") from error


class OpenVino:
    """Intel's engine for the same file: about twice as fast on bulk, with vectors equal to 0.999 cosine.

    It takes over a second to load and compile, so it serves ingest and not questions.
    """

    def __init__(self, model: Path) -> None:
        self._model = model
        self._compiled: Any = None

    @staticmethod
    def installed() -> bool:
        """Return whether the extra [fast] is there."""
        return importlib.util.find_spec("openvino") is not None

    def run(self, batches: Sequence[Sequence[Sequence[int]]], take: Take) -> None:
        """Run batches of token ids on two streams."""
        compiled, queue = self._load()
        inputs = {name for port in compiled.inputs for name in port.get_names()}
        taking = threading.Lock()

        def done(request: Any, number: int) -> None:
            with taking:
                take(number, np.array(request.get_output_tensor(0).data))

        queue.set_callback(done)
        for number, batch in enumerate(batches):
            queue.start_async(_feed(batch, inputs), number)
        queue.wait_all()

    def _load(self) -> tuple[Any, Any]:
        # OpenVINO reports its use to its makers through this package, and does without where it cannot be imported.
        sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
        import openvino

        try:
            if self._compiled is None:
                options = {"PERFORMANCE_HINT": "THROUGHPUT", "NUM_STREAMS": "2"}
                self._compiled = openvino.Core().compile_model(str(self._model), "CPU", options)
            return self._compiled, openvino.AsyncInferQueue(self._compiled, 2)
        except RuntimeError as error:
            raise EmbedderError(f"OpenVINO cannot load {self._model.name}: {error}", "remove openvino") from error


def run_by_length(engine: Engine, inputs: Sequence[list[int]], size: int, take: Take) -> None:
    """Give `take` the states (t, d) of every input, in batches of near-equal length, longest first."""
    order = sorted(range(len(inputs)), key=lambda number: -len(inputs[number]))
    batches = [order[start : start + size] for start in range(0, len(order), size)]

    def take_batch(batch: int, states: FloatArray) -> None:
        for row, number in enumerate(batches[batch]):
            take(number, states[row, : len(inputs[number])])

    engine.run([[inputs[number] for number in batch] for batch in batches], take_batch)


def _feed(batch: Sequence[Sequence[int]], inputs: set[str]) -> dict[str, IdArray]:
    """Return the model's inputs for a batch, padded to its longest text."""
    longest = max(len(ids) for ids in batch)
    ids = np.zeros((len(batch), longest), np.int64)
    mask = np.zeros((len(batch), longest), np.int64)
    for row, tokens in enumerate(batch):
        ids[row, : len(tokens)] = tokens
        mask[row, : len(tokens)] = 1
    feed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
    return {name: value for name, value in feed.items() if name in inputs}


def _shared(items: Iterator[_T], lock: threading.Lock) -> Iterator[_T]:
    """Yield from an iterator that several threads share."""
    while True:
        with lock:
            item = next(items, None)
        if item is None:
            return
        yield item
