"""What the model calls of one run take, and a budget that stops the call that would pass it."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from assistant.errors import ModelError
from assistant.llms.client import ChatModel, ChatStream, Message, RelayedStream
from assistant.llms.deadline import Deadline
from assistant.llms.endpoints import Endpoint
from assistant.llms.prices import Price, own_prices
from assistant.llms.probe import holds_to_schema
from assistant.llms.wire import TokenUsage

_PROBING = 0.3  # of the time for an answer, that finding out what an endpoint can do may take
_CHARACTERS = 4  # of English a token, for a call whose endpoint counts none


def count_tokens(texts: Sequence[str]) -> int:
    """Return about how many tokens texts are, for endpoints that count none."""
    return sum(-(-len(text) // _CHARACTERS) for text in texts)


@dataclass(slots=True)
class Meter:
    """Counts what calls take; one for all models of a run, whatever thread they are called from.

    Args:
        limit: US dollars that may be spent; None for as many as it takes.
    """

    limit: float | None = None
    input_tokens: int = 0
    output_tokens: int = 0
    cost: float | None = 0.0  # None as soon as one call's price is unknown
    _reserved: float = 0.0  # what the calls under way may cost at most
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def reserve(self, model: str, most: float | None) -> None:
        """Let a call begin that may cost `most` dollars.

        Raises:
            ModelError: it could pass the limit, or its price is unknown.
        """
        with self._lock:
            if self.limit is None:
                return
            if most is None or self.cost is None:
                message = f"no price is known for {model}, so no budget can be kept"
                raise ModelError(message, f'write "{model}" = [READ, WRITTEN] in {own_prices()}')
            if self.cost + self._reserved + most > self.limit:
                spent = f"${self.cost:.4f} of ${self.limit:.4f} is spent"
                raise ModelError(f"the next call may cost ${most:.4f}, and {spent}", "raise --budget")
            self._reserved += most

    def settle(self, most: float | None, usage: TokenUsage) -> None:
        """Count a call that was let begin with `most`."""
        with self._lock:
            self.input_tokens += usage.input_tokens
            self.output_tokens += usage.output_tokens
            self.cost = None if self.cost is None or usage.cost is None else self.cost + usage.cost
            if self.limit is not None:
                self._reserved -= most or 0.0


class MeteredModel:
    """A chat model whose calls are counted, priced and kept within the meter's budget.

    Args:
        model: what is called.
        price: of its tokens; None where unknown.
        meter: counts.
        endpoint: where the model is, to know what it can do; None for one of which nothing is known.
    """

    def __init__(self, model: ChatModel, price: Price | None, meter: Meter, endpoint: Endpoint | None = None) -> None:
        self.price = price
        self._endpoint = endpoint
        self._model = model
        self._meter = meter

    @property
    def name(self) -> str:
        """The model's name."""
        return self._model.name

    def holds_to_schema(self, deadline: Deadline) -> bool:
        """Return whether the model writes what a JSON schema says; an endpoint is asked once, then remembered.

        An endpoint that does not answer within a part of the `deadline` is asked again another time.
        """
        if self._endpoint is None or self._endpoint.is_local_file:
            return self._endpoint is not None  # llama.cpp's own server always does
        place = f"{self._endpoint.base_url}#{self._endpoint.model}"
        try:
            return holds_to_schema(self, place, deadline=Deadline(deadline.left * _PROBING))
        except ModelError:
            return False

    def stream(
        self,
        messages: Sequence[Message],
        *,
        deadline: Deadline,
        max_tokens: int = 1024,
        schema: Mapping[str, Any] | None = None,
    ) -> ChatStream:
        """Return the reply as a stream of text; its usage is counted where the endpoint does not say it.

        Raises:
            ModelError: the call could pass the budget; while iterating, for whatever goes wrong.
        """
        sent = count_tokens([message["content"] for message in messages])
        most = self.price.of(sent, max_tokens) if self.price else None
        self._meter.reserve(self.name, most)
        stream = self._model.stream(messages, deadline=deadline, max_tokens=max_tokens, schema=schema)
        return _MeteredStream(stream, sent, self.price, lambda usage: self._meter.settle(most, usage))


class _MeteredStream(RelayedStream):
    """Passes a reply on and, when it is over, tells what it took."""

    def __init__(self, stream: ChatStream, sent: int, price: Price | None, settle: Any) -> None:
        super().__init__(stream)
        self._sent = sent
        self._price = price
        self._settle = settle
        self._begun = False
        self._written: list[str] = []

    @property
    def usage(self) -> TokenUsage:
        """Tokens and cost so far: the endpoint's own count after the end, else ours; nothing before the call."""
        said = self._stream.usage
        if said is None:
            told = ["".join(self._written), self._stream.reasoning]
            said = TokenUsage(self._sent, count_tokens(told)) if self._begun else TokenUsage(0, 0)
        return replace(said, cost=self._price.of(said.input_tokens, said.output_tokens) if self._price else None)

    def __next__(self) -> str:
        self._begun = True
        try:
            text = super().__next__()
        except BaseException:
            self._over()
            raise
        self._written.append(text)
        return text

    def close(self) -> None:
        super().close()
        self._over()

    def _over(self) -> None:
        settle, self._settle = self._settle, None
        if settle is not None:
            settle(self.usage)
