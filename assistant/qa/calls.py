"""The model calls behind one answer, and what they took together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from assistant.answers import Usage
from assistant.llms import ChatModel, ChatStream, Deadline, Message


class Calls:
    """Passes calls on to a model and remembers their streams.

    `schema`, once it is set, is the JSON schema that replies are held to.
    """

    def __init__(self, model: ChatModel) -> None:
        self.schema: Mapping[str, Any] | None = None
        self._model = model
        self._streams: list[ChatStream] = []

    @property
    def name(self) -> str:
        """The model's name."""
        return self._model.name

    @property
    def usage(self) -> Usage:
        """Tokens and cost of all calls; None where one of them does not say."""
        parts = [stream.usage for stream in self._streams]
        known = [part for part in parts if part is not None]
        if len(known) < len(parts):
            return Usage(None, None, None)
        costs = [part.cost for part in known if part.cost is not None]
        cost = sum(costs) if len(costs) == len(known) else None
        return Usage(sum(part.input_tokens for part in known), sum(part.output_tokens for part in known), cost)

    def stream(
        self,
        messages: Sequence[Message],
        *,
        deadline: Deadline,
        max_tokens: int = 1024,
        schema: Mapping[str, Any] | None = None,
    ) -> ChatStream:
        """Return the reply to `messages` as a stream of text."""
        stream = self._model.stream(messages, deadline=deadline, max_tokens=max_tokens, schema=schema or self.schema)
        self._streams.append(stream)
        return stream
