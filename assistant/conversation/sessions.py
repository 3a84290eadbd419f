"""Conversations by name, kept in the library as they happen."""

from __future__ import annotations

from datetime import UTC, datetime

from pydantic import TypeAdapter

from assistant.answers import Answer
from assistant.conversation.conversation import Conversation, State
from assistant.conversation.shelf import LibraryShelf, Opened
from assistant.errors import UnknownKeyError, UsageError

_ANSWERS = TypeAdapter(Answer)


class Sessions:
    """The stored conversations of one library."""

    def __init__(self, store: Opened) -> None:
        self._store = store
        self._shelf = LibraryShelf(store)

    def new(self) -> tuple[str, Conversation]:
        """Return a conversation that begins now, under a name of its own; nothing is stored before its first turn."""
        return datetime.now(UTC).strftime("%Y-%m-%d %H.%M.%S"), Conversation(self._shelf)

    def open(self, name: str) -> Conversation:
        """Return the conversation `name`, an empty one where there is none of that name."""
        stored = self._store.library.journal.session(name)
        return Conversation(self._shelf, State.from_json(stored) if stored else None)

    def last(self) -> str:
        """Return the name of the conversation that was used last.

        Raises:
            UnknownKeyError: there is none.
        """
        rows = self._store.library.journal.sessions()
        if not rows:
            raise UnknownKeyError("there is no session to continue", "begin one with: assistant chat")
        return rows[0][0]

    def save(self, name: str, conversation: Conversation) -> None:
        """Store where a conversation stands."""
        now = datetime.now(UTC).isoformat(timespec="microseconds")
        self._store.library.journal.save_session(name, now, conversation.state.to_json())

    def rename(self, old: str, new: str) -> None:
        """Give a conversation another name.

        Raises:
            UsageError: the name is taken, or empty.
        """
        if not new:
            raise UsageError("a session needs a name", "write /rename NAME")
        if self._store.library.journal.session(new) is not None:
            raise UsageError(f"a session is already called {new!r}", "choose another name")
        self._store.library.journal.rename_session(old, new)

    def list(self) -> list[tuple[str, str, str]]:
        """Return (name, created, updated) of the conversations, last used first."""
        return self._store.library.journal.sessions()

    def first_question(self, name: str) -> str:
        """Return what a conversation began with."""
        return self._store.library.journal.first_question(name)

    def answer(self, answer_id: str) -> Answer:
        """Return a stored answer."""
        return _ANSWERS.validate_json(self._store.library.journal.answer(answer_id))
