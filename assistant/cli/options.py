"""Flags that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from assistant.errors import AssistantError

_OFFERED = 50  # keys that a shell is given at most


def complete_key(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Return the keys of the library that begin so, each with its title; none without a library."""
    from assistant.library import Library
    from assistant.settings import load_settings

    places = [place.params for place in (ctx, ctx.parent) if place is not None]
    store, config = (next((at[name] for at in places if at.get(name)), None) for name in ("store", "config"))
    try:
        settings = load_settings(config, {"store": store})
        with Library.open(settings.store_path) as library:
            return library.keys_beginning(incomplete, _OFFERED)
    except AssistantError:
        return []


FilterOption = Annotated[
    str, typer.Option("--filter", metavar="EXPR", help='Only these papers, such as "year:2019.. author:chen".')
]
TopKOption = Annotated[
    int | None, typer.Option("--top-k", "-k", min=1, max=1000, metavar="N", help="Number of papers to consider.")
]
LlmOption = Annotated[
    str | None,
    typer.Option("--llm", metavar="SPEC", help="none, auto, openai/MODEL, ollama/MODEL, URL#MODEL, gguf:NAME."),
]
TimeoutOption = Annotated[
    float | None, typer.Option("--timeout", min=0.1, metavar="S", help="Seconds for the whole answer (60).")
]
BudgetOption = Annotated[
    float | None,
    typer.Option("--budget", min=0.0, metavar="USD", help="Dollars this run may spend on a model; no call passes it."),
]
ContextOption = Annotated[
    Literal["evidence", "full"] | None,
    typer.Option("--context", help="What a model reads: the sentences that matter, or whole abstracts."),
]
VerifyOption = Annotated[
    Literal["rules", "llm"] | None,
    typer.Option("--verify", help="Who checks a model's sentences; llm asks the model too, which can lower a verdict."),
]
RerankOption = Annotated[
    str | None,
    typer.Option("--rerank", metavar="SPEC", help="Let onnx:FOLDER (a cross-encoder) or llm order the first papers."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Machine-readable output.")]
OutOption = Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write there instead of to stdout.")]
NoInferOption = Annotated[
    bool, typer.Option("--no-infer", help="Do not read filters such as 'since 2020' from the words.")
]
KeyArgument = Annotated[
    str,
    typer.Argument(metavar="KEY", help="Citation key of a paper, such as naumov2019deep.", autocompletion=complete_key),
]
WaitOption = Annotated[
    float | None, typer.Option("--wait", min=0, metavar="S", help="Seconds to wait while another process writes (0).")
]
