"""A model file served by llama.cpp's own server on loopback, started with the first question and stopped at the end."""

from __future__ import annotations

import atexit
import contextlib
import functools
import gc
import os
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from assistant.errors import ModelError
from assistant.llms.catalog import KnownModel, model_path, note_speed, read_speeds
from assistant.llms.client import ChatClient, ChatModel, ChatStream, Message, RelayedStream
from assistant.llms.deadline import Deadline
from assistant.llms.endpoints import Endpoint

CONTEXT = 8192  # tokens of prompt and answer together
_MEASURING = 60.0  # seconds that measuring may take
_LEAST_MEASURED = 20  # tokens of an answer that tell a speed


def open_chat(endpoint: Endpoint, *, seed: int = 0) -> ChatModel:
    """Return the chat model at `endpoint`; one file is served once, however often it is asked for.

    Raises:
        ModelError: a model file is not there or is none.
    """
    return _serve_once(endpoint, seed) if endpoint.is_local_file else ChatClient(endpoint, seed=seed)


@functools.lru_cache(maxsize=1)  # another file takes the place of the one before, and its memory
def _serve_once(endpoint: Endpoint, seed: int) -> LocalModel:
    model = LocalModel(endpoint, seed=seed)
    atexit.register(model.close)  # before the interpreter takes the server's threads apart
    return model


def measure_speed(model: KnownModel) -> float:
    """Return the tokens a second that a fetched model writes here; `models list` shows them from then on.

    Raises:
        ModelError: llama.cpp is not installed, or cannot load the model.
    """
    local = LocalModel(Endpoint(f"gguf:{model.name}", model.name, ""))
    try:
        request = [{"role": "user", "content": "Tell a long story about the sea."}]
        list(local.stream(request, deadline=Deadline(_MEASURING), max_tokens=3 * _LEAST_MEASURED))
    finally:
        local.close()
    return read_speeds().get(model.file, 0.0)


class LocalModel:
    """A GGUF file behind the same client as every other endpoint.

    Args:
        endpoint: a `gguf:` endpoint.
        seed: sent with each request.
        threads: of the server; by default as many as there are idle cores.
    """

    def __init__(self, endpoint: Endpoint, *, seed: int = 0, threads: int = 0) -> None:
        self.endpoint = endpoint
        self._path = model_path(endpoint.spec.removeprefix("gguf:"))
        self._seed = seed
        self._threads = threads
        self._lock = threading.Lock()
        self._server: Any = None
        self._client: ChatClient | None = None

    @property
    def name(self) -> str:
        """The model's name."""
        return self.endpoint.model

    def stream(
        self,
        messages: Sequence[Message],
        *,
        deadline: Deadline,
        max_tokens: int = 1024,
        schema: Mapping[str, Any] | None = None,
    ) -> ChatStream:
        """Return the reply as a stream of text; the first call starts the server.

        Raises:
            ModelError: the server cannot be started; while iterating, for whatever goes wrong.
        """
        stream = self._started().stream(messages, deadline=deadline, max_tokens=max_tokens, schema=schema)
        return _TimedStream(stream, self._path.name)

    def close(self) -> None:
        """Stop the server and free its memory; harmless when it never ran."""
        with self._lock:
            self._server = self._client = None
            gc.collect()

    def _started(self) -> ChatClient:
        with self._lock:
            if self._client is None:
                self._server = _serve(str(self._path), self._threads)
                address = f"{self._server.listening_address}/v1"
                self._client = ChatClient(replace(self.endpoint, base_url=address), seed=self._seed)
            return self._client


class _TimedStream(RelayedStream):
    """Passes a reply on and remembers how fast it came."""

    def __init__(self, stream: ChatStream, model: str) -> None:
        super().__init__(stream)
        self._model = model
        self._first: float | None = None

    def __next__(self) -> str:
        try:
            text = super().__next__()
        except StopIteration:
            self._measure()
            raise
        if self._first is None:
            self._first = time.monotonic()
        return text

    def _measure(self) -> None:
        usage = self._stream.usage
        if usage is None or self._first is None or usage.output_tokens < _LEAST_MEASURED:
            return
        took = time.monotonic() - self._first
        self._first = None
        with contextlib.suppress(OSError):  # a speed is worth no failure
            note_speed(self._model, (usage.output_tokens - 1) / max(took, 0.001))


def _free_cores() -> int:
    """Return how many cores are idle, at least one.

    llama.cpp's threads wait for one another in busy loops: on two busy cores two threads took 29 s where one took 3 s.
    """
    cores = os.cpu_count() or 1
    busy = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    return max(1, min(cores, round(cores - busy)))


def _serve(path: str, threads: int) -> Any:
    """Return a running llama.cpp server on a free port of loopback."""
    try:
        import xllamacpp
    except ImportError:
        message = "a model file needs llama.cpp, which is not installed"
        raise ModelError(message, "install it with: pip install 'paper-assistant[local]'") from None
    settings = xllamacpp.CommonParams()
    settings.model.path = path
    settings.n_ctx = CONTEXT
    settings.n_parallel = 1
    settings.port = 0
    settings.hostnames = ["127.0.0.1"]
    settings.ui = False
    settings.verbosity = -1
    settings.warmup = False
    settings.cpuparams.n_threads = threads or _free_cores()
    try:
        return xllamacpp.Server(settings)
    except RuntimeError:
        raise ModelError(f"llama.cpp cannot load {path}", "the file may be damaged, or memory too small") from None
