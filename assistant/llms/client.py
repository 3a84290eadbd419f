"""The chat client: one deadline, retries within it, and a `ModelError` for whatever goes wrong.

The request runs in a thread of its own, so that neither a silent server nor one that trickles for ever holds the
caller past the deadline, and so that closing the stream ends the request on the wire, not only here.
"""

from __future__ import annotations

import contextlib
import itertools
import queue
import random
import socket
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from assistant.errors import ModelError
from assistant.llms.deadline import Deadline
from assistant.llms.endpoints import Endpoint
from assistant.llms.failures import explain_failure, explain_silence, retry_delay
from assistant.llms.wire import Chunk, EventReader, LineTooLongError, ThinkFilter, TokenUsage, read_chunk

MAX_ANSWER = 100_000  # characters; no answer over abstracts is longer, and a rambling model stops here
MAX_BODY = 16 << 20  # bytes of one reply, thinking and events included
MAX_TRIES = 3
_OPTIONAL = ("stream_options", "temperature", "seed", "max_tokens", "max_completion_tokens", "response_format")

Message = Mapping[str, str]  # {"role": "system" | "user" | "assistant", "content": text}


class ChatStream(Protocol):
    """The text of one reply as it comes; `usage` and `finish` are there after the end."""

    usage: TokenUsage | None
    finish: str | None  # "stop", "length" (cut by the token limit), or what else the endpoint says
    reasoning: str  # what the model thought, never part of the text

    def __iter__(self) -> Iterator[str]: ...

    def __next__(self) -> str: ...

    def close(self) -> None:
        """Stop the request; harmless after the end."""


class ChatModel(Protocol):
    """What answers chat messages: `ChatClient`, or a scripted model in tests."""

    @property
    def name(self) -> str:
        """The model's name, for answers and messages."""

    def stream(
        self,
        messages: Sequence[Message],
        *,
        deadline: Deadline,
        max_tokens: int = 1024,
        schema: Mapping[str, Any] | None = None,
    ) -> ChatStream:
        """Return the reply to `messages` as a stream of text."""


class ChatClient:
    """Chat completions of one OpenAI-compatible endpoint.

    Args:
        endpoint: where the model is.
        seed: sent with each request, so that an endpoint that honours it answers alike twice.
    """

    def __init__(self, endpoint: Endpoint, *, seed: int = 0) -> None:
        self.endpoint = endpoint
        self._seed = seed
        self._refused: set[str] = set()  # optional parameters that this endpoint does not take

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
    ) -> CompletionStream:
        """Return the reply as a stream of text.

        Args:
            messages: the conversation, `{"role", "content"}` each.
            deadline: when the reply must be whole, retries included.
            max_tokens: length limit asked of the endpoint.
            schema: JSON schema of the reply, for endpoints that can hold a model to one.

        Raises:
            ModelError: while iterating, for whatever goes wrong; text that came before stays valid.
        """
        body: dict[str, Any] = {
            "model": self.endpoint.model,
            "messages": [dict(message) for message in messages],
            "stream": True,
            "stream_options": {"include_usage": True},
            "temperature": 0,
            "seed": self._seed,
            "max_completion_tokens" if self.endpoint.is_openai else "max_tokens": max_tokens,
        }
        if schema is not None:
            body["response_format"] = {
                "type": "json_schema",
                "json_schema": {"name": "answer", "strict": True, "schema": dict(schema)},
            }
        return CompletionStream(_Request(self.endpoint, body, deadline, self._refused))

    def complete(self, messages: Sequence[Message], *, deadline: Deadline, max_tokens: int = 1024) -> str:
        """Return the whole reply at once.

        Raises:
            ModelError: for whatever goes wrong.
        """
        with contextlib.closing(self.stream(messages, deadline=deadline, max_tokens=max_tokens)) as reply:
            return "".join(reply)


class CompletionStream:
    """Iterator over the text of one reply; see `ChatStream`."""

    def __init__(self, request: _Request) -> None:
        self.usage: TokenUsage | None = None
        self.finish: str | None = None
        self.reasoning = ""
        self._request = request
        self._done = False
        self._started = False

    def __iter__(self) -> CompletionStream:
        return self

    def __next__(self) -> str:
        if self._done:
            raise StopIteration
        if not self._started:
            self._started = True
            threading.Thread(target=self._request.run, name="chat", daemon=True).start()
        try:
            return self._next()
        except BaseException:
            self.close()
            raise

    def _next(self) -> str:
        while True:
            try:
                item = self._request.items.get(timeout=max(self._request.deadline.left, 0.001))
            except queue.Empty:
                raise self._request.timed_out() from None
            if isinstance(item, ModelError):
                raise item
            if item is None:
                raise StopIteration
            self.usage = item.usage or self.usage
            self.finish = item.finish or self.finish
            self.reasoning += item.reasoning
            if item.text:
                return item.text

    def close(self) -> None:
        """Stop the request; harmless after the end."""
        self._done = True
        self._request.abort()


@dataclass(slots=True)
class _Request:
    """One request with its retries; `run` fills `items` in a thread: chunks, then None or the error."""

    endpoint: Endpoint
    body: dict[str, Any]
    deadline: Deadline
    refused: set[str]
    items: queue.SimpleQueue[Chunk | ModelError | None] = field(default_factory=queue.SimpleQueue)
    _stopped: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _sockets: list[socket.socket] = field(default_factory=list)
    _text_length: int = 0

    def run(self) -> None:
        """Make the request; never raises."""
        for tries in itertools.count(1):
            failure, delay = self._attempt(tries)
            again = failure is not None and failure.retryable and not self._text_length and tries < MAX_TRIES
            if not (again and self._may_wait(delay)):
                self.items.put(failure)
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
        what = "stopped in the middle of its answer" if self._text_length else "did not answer"
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
            self._read(response.iter_bytes(), response.status_code)

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
            if connection is not None and not self._stopped.is_set():
                self._sockets.append(connection)

    def _read(self, blocks: Iterator[bytes], status: int) -> None:
        reader, state = EventReader(), _ReplyState()
        size = 0
        for block in blocks:
            size += len(block)
            if self._stopped.is_set():
                return
            if self.deadline.expired:
                raise self.timed_out()
            try:
                events = reader.feed(block)
            except LineTooLongError:
                raise explain_silence(state, block, status, self.endpoint) from None
            if size > MAX_BODY or self._take(events, state):
                break
        else:
            self._take(reader.close(), state)
        self._put(state.thinking.close(), state)
        if not state.events and not self._text_length:
            self._take_plain(bytes(reader.stray), state)
        if self._stopped.is_set():
            return
        if not self._text_length:
            raise explain_silence(state, bytes(reader.stray), status, self.endpoint)
        if not state.ended:
            raise ModelError(
                f"{self.endpoint.model} broke off in the middle of its answer", "ask again", retryable=True
            )

    def _take(self, events: Sequence[str], state: _ReplyState) -> bool:
        """Pass on what events say; whether the reply is over."""
        for data in events:
            state.events += 1
            if data.strip() == "[DONE]":
                state.ended = True
                return True
            chunk = read_chunk(data)
            state.note(chunk)
            if chunk.error:
                raise ModelError(
                    f"{self.endpoint.model} reported: {self.endpoint.redact(chunk.error)}", retryable=False
                )
            self._put(state.thinking.feed(chunk.text), state, chunk)
            if self._text_length > MAX_ANSWER:
                self.items.put(Chunk(finish="length"))
                state.ended = True
                return True
        return False

    def _put(self, parts: tuple[str, str], state: _ReplyState, chunk: Chunk | None = None) -> None:
        chunk = chunk or Chunk()
        text, thought = parts
        # White space alone is no answer yet; it is kept until a word follows.
        text, state.blank = (state.blank + text, "") if self._text_length or text.strip() else ("", state.blank + text)
        self._text_length += len(text)
        state.thought = state.thought or bool(thought.strip() or chunk.reasoning.strip())
        if text or thought or chunk.reasoning or chunk.finish or chunk.usage:
            self.items.put(
                Chunk(text=text, reasoning=chunk.reasoning + thought, finish=chunk.finish, usage=chunk.usage)
            )

    def _take_plain(self, body: bytes, state: _ReplyState) -> None:
        """Read a reply that is no event stream: a whole completion, as servers without streaming send it."""
        chunk = read_chunk(body.decode("utf-8", "replace"))
        if chunk.readable and not chunk.error:
            state.note(chunk)
            self._put(state.thinking.feed(chunk.text), state, chunk)
            self._put(state.thinking.close(), state)
            state.ended = True


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
class _ReplyState:
    """What has been seen of a reply, to say afterwards what was wrong with it."""

    events: int = 0
    unreadable: int = 0
    ended: bool = False  # a finish reason or [DONE] came
    thought: bool = False
    tool_call: bool = False
    refusal: str = ""
    finish: str | None = None
    blank: str = ""
    thinking: ThinkFilter = field(default_factory=ThinkFilter)

    def note(self, chunk: Chunk) -> None:
        """Remember what `chunk` says about the reply as a whole."""
        self.unreadable += not chunk.readable
        self.tool_call = self.tool_call or chunk.tool_call
        self.refusal += chunk.refusal
        if chunk.finish:
            self.finish, self.ended = chunk.finish, True
