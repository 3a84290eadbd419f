"""The chat at a terminal: a prompt, and whatever is typed there answered.

What is imported here stands between the user and the first prompt; what shows answers is imported behind it.
"""

from __future__ import annotations

import shutil
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager

from assistant import __version__
from assistant.interruption import finishing
from assistant.repl.chat import Chat
from assistant.repl.line import Prompt
from assistant.settings import LIBRARY_FILE


def chat_at_terminal(chat: Chat) -> None:
    """Hold the conversation until the user leaves."""
    chat.at_terminal = True
    sys.stdout.write(_greeting(chat))
    with _keys_unseen():
        prompt = Prompt(chat)
        while not chat.leaving:
            try:
                text = prompt.read()
                if text:
                    # Ctrl-C inside an import can leave Python's import lock held, and the loader waiting for it.
                    with finishing():
                        from assistant.repl.screen import show_turn
                    show_turn(chat, text, prompt.confirm)
            except KeyboardInterrupt:
                continue
            except EOFError:
                break


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


def _greeting(chat: Chat) -> str:
    place = chat.settings.store_path
    lines = [f"assistant {__version__} · {place} · /help lists the commands"]
    if not (place / LIBRARY_FILE).is_file():
        lines.append("There is no library there yet: fill one with assistant ingest FILE")
    width = shutil.get_terminal_size().columns
    return "".join(textwrap.fill(line, width, break_long_words=False) + "\n" for line in lines) + "\n"
