"""The chat without a terminal: a line in, an answer out, nothing else."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from typing import IO

from assistant.errors import AssistantError
from assistant.render import BLANK, make_console, print_lines
from assistant.repl.chat import Chat
from assistant.repl.turns import turn_lines, turn_object


def chat_in_pipe(chat: Chat, lines: Iterable[str], out: IO[str], *, as_json: bool) -> None:
    """Answer each line as it comes; a turn that fails is said on stderr and the next one goes on.

    Raises:
        AssistantError: there is no library to talk with.
    """
    _ = chat.assistant.searcher
    console = make_console(chat.settings, out)
    chat.confirm = _goes_on
    shown = False
    for line in lines:
        text = " ".join(line.split())
        if not text:
            continue
        try:
            if as_json:
                out.write(json.dumps(turn_object(chat, text), ensure_ascii=False) + "\n")
            else:
                answer = list(turn_lines(chat, text))
                print_lines(console, [BLANK] if shown else [])
                print_lines(console, answer)
                shown = True
        except AssistantError as error:
            if as_json:
                command = {"command": text, "output": None} if text.startswith("/") else {}
                failure = {**command, "status": "failed", "reason": str(error)}
                out.write(json.dumps(failure, ensure_ascii=False) + "\n")
            sys.stderr.write(f"error: {error}\n")
        out.flush()
        if chat.leaving:
            return


def _goes_on(plan: str) -> bool:
    """Say what is about to be done; nobody is there to be asked."""
    sys.stderr.write(f"{plan.removesuffix(' Go on?')}\n")
    return True
