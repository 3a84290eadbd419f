"""A conversation: follow-ups read against the turns before, papers that keep their numbers, filters that stick."""

from assistant.conversation.conversation import Conversation, State
from assistant.conversation.followups import read_turn
from assistant.conversation.sessions import Sessions
from assistant.conversation.shelf import LibraryShelf
from assistant.conversation.turns import Memory, Reading, Turn

__all__ = ["Conversation", "LibraryShelf", "Memory", "Reading", "Sessions", "State", "Turn", "read_turn"]
