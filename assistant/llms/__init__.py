"""Language models: the spec that names one, and the client that talks to it. The one package that knows openai."""

from __future__ import annotations

from assistant.llms.catalog import KNOWN, KnownModel, is_installed, known_model, models_dir, read_speeds
from assistant.llms.client import ChatClient, ChatModel, ChatStream, CompletionStream, Message
from assistant.llms.deadline import Deadline
from assistant.llms.endpoints import Endpoint, resolve_model, unused_key_hint
from assistant.llms.local import LocalModel, measure_speed, open_chat
from assistant.llms.meter import Meter, MeteredModel, count_tokens
from assistant.llms.prices import Price, load_prices, price_of
from assistant.llms.probe import holds_to_schema
from assistant.llms.wire import TokenUsage

__all__ = [
    "KNOWN",
    "ChatClient",
    "ChatModel",
    "ChatStream",
    "CompletionStream",
    "Deadline",
    "Endpoint",
    "KnownModel",
    "LocalModel",
    "Message",
    "Meter",
    "MeteredModel",
    "Price",
    "TokenUsage",
    "count_tokens",
    "holds_to_schema",
    "is_installed",
    "known_model",
    "load_prices",
    "measure_speed",
    "models_dir",
    "open_chat",
    "price_of",
    "read_speeds",
    "resolve_model",
    "unused_key_hint",
]
