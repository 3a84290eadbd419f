"""The program itself: its global flags, --version, and the chat when no command is named."""

from __future__ import annotations

from typing import Annotated

import typer
from typer._completion_shared import _completion_scripts

from assistant import __version__
from assistant.cli.frame import ConfigFlag, DebugFlag, Frame, QuietFlag, StoreFlag

app = typer.Typer(
    name="assistant",
    # Plain help: a third of the start-up time, the same bytes in a pipe and in the README.
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)

# A zsh loads this script at the first Tab, and typer's only defines the completion then; this makes that Tab complete.
_completion_scripts["zsh"] += '\nif [ "$funcstack[1]" = "_%(prog_name)s" ]; then %(complete_func)s "$@"; fi\n'


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"assistant {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def assistant(
    ctx: typer.Context,
    store: StoreFlag = None,
    config: ConfigFlag = None,
    quiet: QuietFlag = False,
    debug: DebugFlag = False,
    version: Annotated[  # noqa: ARG001 - acts in its callback
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> int:
    """A literature assistant: answers over paper abstracts, every sentence tied to the words of a paper.

    Without a command it opens the chat.
    """
    ctx.obj = Frame(store, config, quiet, debug)
    if ctx.invoked_subcommand is None:
        from assistant.cli.chat import chat

        return chat(ctx.obj)
    return 0
