"""One line typed in the chat: a question or a command, and what is shown for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from assistant.render import Line, answer_lines
from assistant.repl import commands  # noqa: F401  importing it registers the commands
from assistant.repl.chat import Chat
from assistant.repl.plain_words import command_in
from assistant.repl.registry import Asking, find_command, split_command


def take_turn(chat: Chat, text: str) -> Iterable[Line] | Asking:
    """Return what to show for a command, typed or in plain words, or the turn to answer."""
    parts = split_command(command_in(chat, text) or text)
    if parts is None:
        return Asking(chat.read(text))
    name, argument = parts
    return find_command(name).run(chat, argument)


def turn_lines(chat: Chat, text: str) -> Iterator[Line]:
    """Yield everything that is shown for one line."""
    turn = take_turn(chat, text)
    yield from answer_lines(chat.ask(turn)) if isinstance(turn, Asking) else turn


def turn_object(chat: Chat, text: str) -> dict[str, Any]:
    """Return one line's object of `chat --json`: an answer, or the output of a command."""
    turn = take_turn(chat, text)
    if isinstance(turn, Asking):
        return chat.ask(turn).to_json()
    return {"command": text, "output": "\n".join(line.plain for line in turn)}
