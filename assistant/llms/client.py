"""The chat client: one deadline, retries within it, and a `ModelError` for whatever goes wrong.

The request runs in a thread of its own, so that neither a silent server nor one that trickles for ever holds the
caller past the deadline, and so that closing the stream ends the request on the wire, not only here.
"""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol, Self

from assistant.errors import ModelError
from assistant.llms.deadline import Deadline
from assistant.llms.endpoints import Endpoint
from assistant.llms.request import Request
from assistant.llms.wire import TokenUsage

Message = Mapping[str, str]  # {"role": "system" | "user" | "assistant", "content": text}


class ChatStream(Protocol):
    """The text of one reply as it comes."""

    @property
    def usage(self) -> TokenUsage | None:
        """Tokens of the call, after the end; None where the endpoint counts none."""

    @property
    def finish(self) -> str | None:
        """After the end "stop", "length" (cut by the token limit), or what else the endpoint says."""

    @property
    def reasoning(self) -> str:
        """What the model thought so far, never part of the text."""

    def __iter__(self) -> Iterator[str]: ...

    def __next__(self) -> str: ...

    def close(self) -> None:
        """Stop the request; harmless after the end."""


class RelayedStream:
    """Passes another stream on, for those that watch what goes by."""

    def __init__(self, stream: ChatStream) -> None:
        self._stream = stream

    @property
    def usage(self) -> TokenUsage | None:
        """What it took, where it says so."""
        return self._stream.usage

    @property
    def finish(self) -> str | None:
        """Why it ended."""
        return self._stream.finish

    @property
    def reasoning(self) -> str:
        """What was thought and not said."""
        return self._stream.reasoning

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> str:
        return next(self._stream)

    def close(self) -> None:
        """Stop the request; harmless after the end."""
        self._stream.close()


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
        return CompletionStream(Request(self.endpoint, body, deadline, self._refused))

    def complete(self, messages: Sequence[Message], *, deadline: Deadline, max_tokens: int = 1024) -> str:
        """Return the whole reply at once.

        Raises:
            ModelError: for whatever goes wrong.
        """
        with contextlib.closing(self.stream(messages, deadline=deadline, max_tokens=max_tokens)) as reply:
            return "".join(reply)


class CompletionStream:
    """Iterator over the text of one reply; see `ChatStream`."""

    def __init__(self, request: Request) -> None:
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
