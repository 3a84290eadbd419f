"""One line typed in the chat: a question or a command, and what is shown for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from assistant.render import Line, answer_lines
from assistant.repl import commands  # noqa: F401  importing it registers the commands
from assistant.repl.chat import Chat
from assistant.repl.registry import find_command, split_command


def command_lines(chat: Chat, text: str) -> Iterator[Line] | None:
    """Return the output of a `/command`, None where `text` is a question."""
    parts = split_command(text)
    if parts is None:
        return None
    name, argument = parts
    return iter(find_command(name).run(chat, argument))


def turn_lines(chat: Chat, text: str) -> Iterator[Line]:
    """Yield everything that is shown for one line."""
    lines = command_lines(chat, text)
    yield from lines if lines is not None else answer_lines(chat.ask(chat.read(text)), chat.find)


def turn_object(chat: Chat, text: str) -> dict[str, Any]:
    """Return one line's object of `chat --json`."""
    lines = command_lines(chat, text)
    if lines is None:
        return chat.ask(chat.read(text)).to_json()
    return {"command": text, "output": "\n".join(line.plain for line in lines)}
