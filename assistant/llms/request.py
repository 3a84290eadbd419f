"""One request with its retries, in a thread of its own, whose socket can be shut from outside."""

from __future__ import annotations

import contextlib
import itertools
import queue
import random
import socket
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from assistant.errors import ModelError
from assistant.llms.deadline import Deadline
from assistant.llms.endpoints import Endpoint
from assistant.llms.failures import explain_failure, retry_delay
from assistant.llms.reply import ReplyReader
from assistant.llms.wire import Chunk

MAX_TRIES = 3
_OPTIONAL = ("stream_options", "temperature", "seed", "max_tokens", "max_completion_tokens", "response_format")
_HEADERS = frozenset(
    {
        "host",
        "accept",
        "accept-encoding",
        "connection",
        "content-type",
        "content-length",
        "transfer-encoding",
        "user-agent",
        "x-stainless-raw-response",  # by which the SDK knows that we read the stream ourselves
    }
)


@dataclass(slots=True)
class Request:
    """One request with its retries; `run` fills `items` in a thread: chunks, then None or the error."""

    endpoint: Endpoint
    body: dict[str, Any]
    deadline: Deadline
    refused: set[str]
    items: queue.SimpleQueue[Chunk | ModelError | None] = field(default_factory=queue.SimpleQueue)
    _stopped: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _sockets: list[socket.socket] = field(default_factory=list)
    _answered: bool = False  # whether text has been passed on: then there is no second try

    def run(self) -> None:
        """Make the request; never raises."""
        for tries in itertools.count(1):
            failure, delay = self._attempt(tries)
            if failure is None or not failure.retryable or self._answered or tries == MAX_TRIES:
                self.items.put(failure)
                return
            if not self._may_wait(delay):
                self.items.put(_told_to_wait(failure, delay) if delay > self.deadline.left else failure)
                return

    def _attempt(self, tries: int) -> tuple[ModelError | None, float]:
        """Make one try; return what went wrong, if anything, and the seconds to wait before another."""
        while True:
            try:
                self._once()
            except ModelError as failure:
                return failure, retry_delay(None, tries, random.random())  # noqa: S311 - jitter
            except Exception as error:  # noqa: BLE001 - the SDK's HTTP layer has changed its name and its exceptions before
                if self._drop_refused(error):
                    continue
                return explain_failure(error, self.endpoint, self.deadline), retry_delay(error, tries, random.random())  # noqa: S311
            return None, 0.0

    def timed_out(self) -> ModelError:
        """Return the error of a passed deadline."""
        what = "stopped in the middle of its answer" if self._answered else "did not answer"
        return ModelError(
            f"{self.endpoint.model} {what} within {self.deadline.seconds:g} s",
            "allow more time with --timeout",
            retryable=True,
        )

    def abort(self) -> None:
        """End the request on the wire: the server sees the connection close, a blocked read returns."""
        self._stopped.set()
        with self._lock:
            for connection in self._sockets:
                with contextlib.suppress(OSError, AttributeError):
                    connection.shutdown(socket.SHUT_RDWR)
            self._sockets.clear()

    def _may_wait(self, delay: float) -> bool:
        """Wait before a retry; false when the deadline or a cancellation does not allow it."""
        return delay < self.deadline.left and not self._stopped.wait(delay)

    def _drop_refused(self, error: Exception) -> bool:
        """Take optional parameters out of the body that the endpoint refused; whether another try makes sense."""
        if getattr(error, "status_code", None) not in (400, 422):
            return False
        said = str(error)
        present = [name for name in _OPTIONAL if name in self.body]
        named = [name for name in present if name in said]
        if not named and "response_format" in present and ("schema" in said or "grammar" in said):
            named = ["response_format"]
        for name in named:
            del self.body[name]
            self.refused.add(name)
        return bool(named)

    def _once(self) -> None:
        import openai  # half a second to import: only when a model is called

        for name in self.refused:
            self.body.pop(name, None)
        http = openai.DefaultHttpxClient(
            event_hooks={"request": [self._prepare]}, follow_redirects=False, trust_env=not self.endpoint.on_loopback
        )
        client = openai.OpenAI(
            api_key=self.endpoint.api_key,
            base_url=self.endpoint.base_url,
            max_retries=0,  # retries are ours: they have to fit into the deadline
            timeout=max(self.deadline.left, 0.01),
            http_client=http,
        )
        with client, client.chat.completions.with_streaming_response.create(**self.body) as response:
            ReplyReader(self.endpoint, self._pass_on, self._over).read(response.iter_bytes(), response.status_code)

    def _pass_on(self, chunk: Chunk) -> None:
        self._answered = self._answered or bool(chunk.text)
        self.items.put(chunk)

    def _over(self) -> bool:
        if self.deadline.expired and not self._stopped.is_set():
            raise self.timed_out()
        return self._stopped.is_set()

    def _prepare(self, request: Any) -> None:
        """Note the connection's socket, and send no header that the environment put there for another host."""
        request.extensions["trace"] = self._trace
        if not self.endpoint.is_openai:
            for name in [name for name in request.headers if name.lower() not in _HEADERS]:
                del request.headers[name]
        request.headers["authorization"] = f"Bearer {self.endpoint.api_key}"

    def _trace(self, event: str, info: Mapping[str, Any]) -> None:
        if not event.endswith(("connect_tcp.complete", "start_tls.complete")):
            return
        connection = info["return_value"].get_extra_info("socket")
        with self._lock:
            if connection is not None:
                self._sockets.append(connection)
        if self._stopped.is_set():  # closed while it connected
            self.abort()


def _told_to_wait(failure: ModelError, delay: float) -> ModelError:
    return ModelError(f"{failure.message}; it may be asked again in {delay:.0f} s", failure.hint, retryable=True)
