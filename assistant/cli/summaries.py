"""`summarize`: an overview of the library's papers on a topic."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from assistant.cli.frame import DONE, REFUSED, Frame, with_globals
from assistant.cli.options import FilterOption, JsonOption, LlmOption, OutOption
from assistant.cli.output import notify, print_json, print_screen, write_text
from assistant.errors import UsageError


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("summarize")(with_globals(summarize))


def summarize(
    frame: Frame,
    topic: Annotated[str, typer.Argument(metavar="TOPIC", help="What the overview is about.")],
    filter: FilterOption = "",
    llm: LlmOption = None,
    scope: Annotated[
        str | None, typer.Option("--scope", metavar="N|strict|broad", help="How many papers, or how freely chosen.")
    ] = None,
    as_json: JsonOption = False,
    out: OutOption = None,
) -> int:
    """Write an overview of a subfield, every sentence cited."""
    if out is not None and out.suffix != ".json":
        raise UsageError(f"cannot write a summary as {out.suffix or out.name!r}", "name a file that ends in .json")
    with frame.assistant() as assistant:
        if assistant.model(llm) is not None:
            assistant.notices.append("summaries are made without a model in this version")
        summary = assistant.summarize(topic, filters=filter, scope=_scope(scope))
        notify(frame, assistant)
    if out is not None:
        write_text(json.dumps(summary.to_json(), ensure_ascii=False, indent=1) + "\n", out)
    elif as_json:
        print_json(summary.to_json())
    else:
        from assistant.render import summary_lines

        print_screen(frame, summary_lines(summary))
    return REFUSED if summary.status == "refused" else DONE


def _scope(text: str | None) -> int | str | None:
    if text is None or text in ("strict", "broad"):
        return text
    if text.isdecimal() and int(text) > 0:
        return int(text)
    raise UsageError(f"--scope cannot be {text!r}", "a number of papers from 1, strict or broad")
