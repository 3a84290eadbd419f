"""What a turn puts on the terminal: its answer as it comes into view, the output of a command, or an error."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Iterator

from rich.console import Console

from assistant.errors import AssistantError
from assistant.render import BLANK, Line, body_lines, make_console, print_lines
from assistant.repl.chat import Chat
from assistant.repl.pasted import is_abstract, keep_pasted
from assistant.repl.registry import Asking
from assistant.repl.streaming import AnswerStream
from assistant.repl.turns import take_turn


def show_turn(chat: Chat, text: str, confirm: Callable[[str], bool]) -> None:
    """Take the turn that was typed and show what comes of it. Ctrl-C stops it; no error that is ours gets out."""
    console = make_console(chat.settings, sys.stdout)
    try:
        if is_abstract(text) and confirm("This reads like an abstract. Add it to the library?"):
            text = f"/ingest {shlex.quote(str(keep_pasted(chat.settings.store_path, text)))}"
        _take(chat, console, text, confirm)
    except KeyboardInterrupt:
        print_lines(console, [Line.of(("stopped", "yellow"))])
    except AssistantError as error:
        print_lines(console, [Line.of(("error: ", "bold red"), str(error))])
    finally:
        print_lines(console, [BLANK])


def _take(chat: Chat, console: Console, text: str, confirm: Callable[[str], bool]) -> None:
    with AnswerStream(console, "working" if chat.ready else "loading", moving=not chat.settings.plain) as stream:
        chat.confirm = stream.quietly(confirm)
        turn = take_turn(chat, text)
        shown = list(_answered(chat, turn, stream) if isinstance(turn, Asking) else turn)
    print_lines(console, shown)


def _answered(chat: Chat, turn: Asking, stream: AnswerStream) -> Iterator[Line]:
    """Answer a turn while `stream` shows it being made, and yield what is left to show."""
    answer = chat.ask(turn, stream.watch)
    yield from stream.rest(answer, body_lines(answer))
    for notice in [*(notice.message for notice in answer.warnings), *chat.take_notices()]:
        yield Line.of((f"note: {notice}", "yellow"))
