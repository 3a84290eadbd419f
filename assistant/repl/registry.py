"""The chat's commands: one registry, the source of help, completion and the README's table."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.errors import UsageError

if TYPE_CHECKING:
    from assistant.conversation import Reading
    from assistant.render import Line
    from assistant.repl.chat import Chat

Run = Callable[["Chat", str], "Iterable[Line] | Asking"]


@dataclass(frozen=True, slots=True)
class Asking:
    """A turn that the library answers: how it was read, the model of this turn alone, and whether it is asked again."""

    reading: Reading
    llm: str | None = None
    again: bool = False


@dataclass(frozen=True, slots=True)
class Command:
    """A `/command`: `usage` names its arguments, `completes` says what Tab offers for them.

    It gives the lines to show, or the turn to answer, which then comes into view like any other answer.
    """

    name: str
    usage: str
    help: str
    run: Run
    completes: str = ""


COMMANDS: dict[str, Command] = {}


def command(name: str, usage: str = "", *, completes: str = "") -> Callable[[Run], Run]:
    """Register the decorated function as `/name`; the first line of its docstring is its help."""

    def register(function: Run) -> Run:
        help_text = (function.__doc__ or "").strip().splitlines()[0]
        COMMANDS[name] = Command(name, usage, help_text, function, completes)
        return function

    return register


def find_command(name: str) -> Command:
    """Return the command called `name` (without the slash, in any case), or the only one that begins so.

    Raises:
        UsageError: no command, or several, begin with `name`; it names the nearest.
    """
    wanted = name.lower()
    if wanted in COMMANDS:
        return COMMANDS[wanted]
    begin = [known for known in COMMANDS if wanted and known.startswith(wanted)]
    if len(begin) == 1:
        return COMMANDS[begin[0]]
    near = begin or difflib.get_close_matches(wanted, COMMANDS, n=3, cutoff=0.5)
    hint = "did you mean " + " or ".join(f"/{known}" for known in near) + "?" if near else "/help lists all"
    raise UsageError(f"unknown command /{name}", hint)


def split_command(text: str) -> tuple[str, str] | None:
    """Return (name, argument) of a line that is a command, None for anything else.

    A slash that begins a path or a fraction is no command: a name is letters only.
    """
    if not text.startswith("/"):
        return None
    name, _, argument = text[1:].partition(" ")
    return (name, argument.strip()) if name.isalpha() or not name else None
