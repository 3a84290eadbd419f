"""The chat: a prompt at a terminal, line by line in a pipe, one registry of commands for both."""

from __future__ import annotations

import sys

from assistant.repl.chat import Chat, Opening
from assistant.settings import Settings

__all__ = ["Opening", "run_chat"]


def run_chat(settings: Settings, opening: Opening | None = None, *, as_json: bool = False) -> None:
    """Hold a chat: with a prompt where stdin and stdout are terminals, else line by line from stdin."""
    chat = Chat(settings, opening)
    try:
        if sys.stdin.isatty() and sys.stdout.isatty() and not as_json:
            from assistant.repl.terminal import chat_at_terminal

            chat_at_terminal(chat)
        else:
            from assistant.repl.pipe import chat_in_pipe

            chat_in_pipe(chat, sys.stdin, sys.stdout, as_json=as_json)
    finally:
        chat.close()
