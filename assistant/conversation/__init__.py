"""A conversation: turns whose papers keep their numbers, and filters that stick."""

from assistant.conversation.conversation import Conversation

__all__ = ["Conversation"]
