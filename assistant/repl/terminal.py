"""The chat at a terminal: a prompt, answers that come into view, Ctrl-C that stops them."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console

from assistant import __version__
from assistant.errors import AssistantError
from assistant.render import BLANK, Line, body_lines, make_console, print_lines
from assistant.repl.chat import Chat
from assistant.repl.line import Prompt
from assistant.repl.pasted import is_abstract, keep_pasted
from assistant.repl.registry import Asking
from assistant.repl.streaming import AnswerStream
from assistant.repl.turns import take_turn
from assistant.settings import LIBRARY_FILE


def chat_at_terminal(chat: Chat) -> None:
    """Hold the conversation until the user leaves."""
    chat.at_terminal = True
    with _keys_unseen():
        _converse(chat, make_console(chat.settings, sys.stdout))


def _converse(chat: Chat, console: Console) -> None:
    print_lines(console, _greeting(chat))
    prompt = Prompt(chat)
    while not chat.leaving:
        try:
            text = prompt.read()
        except KeyboardInterrupt:
            continue
        except EOFError:
            break
        if text and is_abstract(text) and prompt.confirm("This reads like an abstract. Add it to the library?"):
            text = f"/ingest {shlex.quote(str(keep_pasted(chat.settings.store_path, text)))}"
        if text:
            _take_turn(chat, console, text)


def _take_turn(chat: Chat, console: Console, text: str) -> None:
    try:
        with AnswerStream(console, "working" if chat.ready else "loading", moving=not chat.settings.plain) as stream:
            turn = take_turn(chat, text)
            shown = list(_answered(chat, turn, stream) if isinstance(turn, Asking) else turn)
        print_lines(console, shown)
    except KeyboardInterrupt:
        print_lines(console, [Line.of(("stopped", "yellow"))])
    except AssistantError as error:
        print_lines(console, [Line.of(("error: ", "bold red"), str(error))])
    finally:
        print_lines(console, [BLANK])


def _answered(chat: Chat, turn: Asking, stream: AnswerStream) -> Iterator[Line]:
    """Answer a turn while `stream` shows it being made, and yield what is left to show."""
    answer = chat.ask(turn, stream.watch)
    yield from stream.rest(answer, body_lines(answer))
    for notice in [*(notice.message for notice in answer.warnings), *chat.take_notices()]:
        yield Line.of((f"note: {notice}", "yellow"))


@contextmanager
def _keys_unseen() -> Iterator[None]:
    """Keep what is typed ahead off the screen while an answer is made; the next prompt gets it."""
    try:
        import termios
    except ImportError:  # no terminals of this kind on Windows
        yield
        return
    before = termios.tcgetattr(sys.stdin)
    quiet = [*before[:3], before[3] & ~termios.ECHO, *before[4:]]
    termios.tcsetattr(sys.stdin, termios.TCSADRAIN, quiet)
    try:
        yield
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)


def _greeting(chat: Chat) -> list[Line]:
    place = chat.settings.store_path
    lines = [Line.of(("assistant", "bold"), (f" {__version__} · {place} · /help lists the commands", "dim"))]
    if not (place / LIBRARY_FILE).is_file():
        lines.append(Line.of(("There is no library there yet: fill one with assistant ingest FILE", "yellow")))
    return [*lines, BLANK]
