"""What every command shares: global flags before or after its name, and errors as one line with an exit code."""

from __future__ import annotations

import functools
import inspect
import io
import logging
import os
import sys
import traceback
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from assistant.errors import AssistantError
from assistant.interruption import ending_on_sigterm

if TYPE_CHECKING:
    from assistant.app import Assistant
    from assistant.settings import Settings

DONE, FAILED, USAGE, REFUSED, UNSUPPORTED, INTERRUPTED = 0, 1, 2, 3, 4, 130

StoreFlag = Annotated[Path | None, typer.Option("--store", metavar="DIR", help="Folder of the library.")]
ConfigFlag = Annotated[Path | None, typer.Option("--config", metavar="FILE", help="Read this configuration.")]
QuietFlag = Annotated[bool, typer.Option("--quiet", help="No progress on stderr.")]
DebugFlag = Annotated[bool, typer.Option("--debug", help="Show tracebacks and warnings.")]

_GLOBALS: dict[str, tuple[Any, Any]] = {
    "store": (StoreFlag, None),
    "config": (ConfigFlag, None),
    "quiet": (QuietFlag, False),
    "debug": (DebugFlag, False),
}
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Frame:
    """The global flags as they stand for one command."""

    store: Path | None = None
    config: Path | None = None
    quiet: bool = False
    debug: bool = False

    def settings(self, **flags: Any) -> Settings:
        """Return the settings in force under these and the command's own `flags`."""
        from assistant.settings import load_settings

        return load_settings(self.config, {"store": self.store, **flags})

    @contextmanager
    def assistant(self, settings: Settings | None = None, **flags: Any) -> Iterator[Assistant]:
        """Open the assistant for one command; everything heavy is imported here."""
        from assistant.app import open_assistant

        with open_assistant(settings if settings is not None else self.settings(**flags)) as assistant:
            yield assistant


def with_globals(function: Callable[..., R]) -> Callable[..., R]:
    """Return a typer command that takes the global flags too and hands them to `function` as its first argument."""

    @functools.wraps(function)
    def command(ctx: typer.Context, **values: Any) -> R:
        outer = ctx.obj if isinstance(ctx.obj, Frame) else Frame()
        own = {name: values.pop(name) for name in _GLOBALS}
        frame = Frame(**{name: own[name] or getattr(outer, name) for name in _GLOBALS})
        return function(frame, **values)

    signature = inspect.signature(function, eval_str=True)
    own = list(signature.parameters.values())[1:]
    keyword = inspect.Parameter.KEYWORD_ONLY
    parameters = [inspect.Parameter("ctx", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context)]
    parameters += [parameter.replace(kind=keyword) for parameter in own]
    parameters += [
        inspect.Parameter(name, keyword, default=default, annotation=annotation)
        for name, (annotation, default) in _GLOBALS.items()
    ]
    # typer reads the signature; the wrapped function's own would hide the flags added here.
    del command.__wrapped__
    command.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
    command.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return command


@contextmanager
def _quiet_libraries(debug: bool) -> Iterator[None]:
    """Keep the warnings of libraries off stderr, where only progress and errors belong."""
    if debug:
        yield
        return
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings(action="ignore"):
            yield
    finally:
        logging.disable(before)


def run(app: typer.Typer, arguments: Sequence[str]) -> int:
    """Run one command and return its exit code: every error ends here, as one line on stderr."""
    debug = "--debug" in arguments
    _prepare_streams()
    try:
        with _quiet_libraries(debug), ending_on_sigterm():
            code = typer.main.get_command(app).main(list(arguments), prog_name="assistant", standalone_mode=False)
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader (head, less) has seen enough; the interpreter must not complain about it either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except typer.TyperException as error:
        return _report(_usage_message(error), USAGE)
    except (KeyboardInterrupt, typer.Abort):
        return INTERRUPTED
    except AssistantError as error:
        if debug:
            traceback.print_exc()
        return _report(str(error), error.exit_code)
    except Exception as error:  # noqa: BLE001 - the last line of defence: a user sees one line, not a traceback
        if debug:
            traceback.print_exc()
        what = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        return _report(f"unexpected {what} (this is a bug; --debug shows where)", FAILED)
    return code if isinstance(code, int) else DONE


def _report(message: str, code: int) -> int:
    typer.echo("error: " + " ".join(message.split()), err=True)
    return code


def _usage_message(error: typer.TyperException) -> str:
    message = error.format_message().rstrip(".")
    context = getattr(error, "ctx", None)
    where = context.command_path if context is not None else "assistant"
    return f"{message[:1].lower()}{message[1:]} (see {where} --help)"


def _prepare_streams() -> None:
    """Pipes carry UTF-8 whatever the locale; what a pipe or a terminal cannot carry becomes a question mark."""
    if isinstance(sys.stdin, io.TextIOWrapper) and not sys.stdin.isatty():
        sys.stdin.reconfigure(encoding="utf-8", errors="replace")
    for stream in (sys.stdout, sys.stderr):
        if not isinstance(stream, io.TextIOWrapper):
            continue
        if stream.isatty():
            stream.reconfigure(errors="replace")
        else:
            stream.reconfigure(encoding="utf-8", errors="replace")
