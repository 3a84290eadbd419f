"""The input line: history, completion and keys."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.enums import EditingMode
from prompt_toolkit.history import FileHistory, History, InMemoryHistory

from assistant.repl.chat import Chat
from assistant.repl.registry import COMMANDS
from assistant.settings import state_dir


class Prompt:
    """Reads one turn at a time from the terminal."""

    def __init__(self, chat: Chat) -> None:
        vi = chat.settings.editing_mode == "vi"
        self._session: PromptSession[str] = PromptSession(
            history=_history(chat.settings.history),
            completer=CommandCompleter(),
            complete_while_typing=False,
            editing_mode=EditingMode.VI if vi else EditingMode.EMACS,
            enable_history_search=True,
        )

    def read(self) -> str:
        """Return what was typed, without the blanks around it.

        Raises:
            KeyboardInterrupt: Ctrl-C; the line is gone.
            EOFError: Ctrl-D on an empty line.
        """
        return self._session.prompt("> ").strip()


class CommandCompleter(Completer):
    """Completes the names of commands."""

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterator[Completion]:  # noqa: ARG002
        """Yield the commands that begin with the word before the cursor."""
        text = document.text_before_cursor
        if not text.startswith("/") or " " in text:
            return
        for name, known in COMMANDS.items():
            if name.startswith(text[1:]):
                yield Completion(f"/{name} ", start_position=-len(text), display=f"/{name}", display_meta=known.help)


def _history(kept: bool) -> History:
    """Return the history file of this user, readable by nobody else; memory where it cannot be written."""
    if not kept:
        return InMemoryHistory()
    path: Path = state_dir() / "history"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
    except OSError:
        return InMemoryHistory()
    return FileHistory(path)
