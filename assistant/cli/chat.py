"""`chat`: the conversation with one's library."""

from __future__ import annotations

from typing import Annotated

import typer

from assistant.cli.frame import DONE, Frame, with_globals
from assistant.cli.options import (
    BudgetOption,
    ContextOption,
    FilterOption,
    JsonOption,
    LlmOption,
    RerankOption,
    VerifyOption,
)
from assistant.errors import UsageError


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("chat")(with_globals(chat))


def chat(
    frame: Frame,
    session: Annotated[str | None, typer.Option("--session", metavar="NAME", help="Begin or go on with NAME.")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the last session.")] = False,
    llm: LlmOption = None,
    budget: BudgetOption = None,
    context: ContextOption = None,
    verify: VerifyOption = None,
    rerank: RerankOption = None,
    filter: FilterOption = "",
    plain: Annotated[bool, typer.Option("--plain", help="No colours, nothing that moves.")] = False,
    as_json: JsonOption = False,
) -> int:
    """Talk with the library; without a terminal, answer line by line."""
    if session is not None and resume:
        raise UsageError("--session and --resume name two conversations", "use one of them")
    flags = {"llm": llm, "budget": budget, "context": context, "verify": verify, "rerank": rerank}
    settings = frame.settings(**flags, plain=plain or None, filter=filter or None)
    from assistant.filters import parse_filter
    from assistant.repl import Opening, run_chat

    parse_filter(settings.filter)
    run_chat(settings, Opening(session, resume), as_json=as_json)
    return DONE
