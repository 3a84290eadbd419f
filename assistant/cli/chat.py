"""`chat`: the conversation with one's library."""

from __future__ import annotations

from typing import Annotated

import typer

from assistant.cli.frame import DONE, Frame, with_globals
from assistant.cli.options import FilterOption, JsonOption, LlmOption


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("chat")(with_globals(chat))


def chat(
    frame: Frame,
    llm: LlmOption = None,
    filter: FilterOption = "",
    plain: Annotated[bool, typer.Option("--plain", help="No colours, nothing that moves.")] = False,
    as_json: JsonOption = False,
) -> int:
    """Talk with the library; without a terminal, answer line by line."""
    settings = frame.settings(llm=llm, plain=plain or None, filter=filter or None)
    from assistant.repl import run_chat

    run_chat(settings, as_json=as_json)
    return DONE
