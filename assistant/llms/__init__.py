"""Language models: the spec that names one, and the client that talks to it. The one package that knows openai."""

from __future__ import annotations

from assistant.llms.client import ChatClient, ChatModel, ChatStream, CompletionStream, Message
from assistant.llms.deadline import Deadline
from assistant.llms.endpoints import Endpoint, resolve_model, unused_key_hint
from assistant.llms.wire import TokenUsage

__all__ = [
    "ChatClient",
    "ChatModel",
    "ChatStream",
    "CompletionStream",
    "Deadline",
    "Endpoint",
    "Message",
    "TokenUsage",
    "resolve_model",
    "unused_key_hint",
]
