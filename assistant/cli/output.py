"""What commands write: JSON lines, screens of lines, and files."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.errors import AssistantError

if TYPE_CHECKING:
    from assistant.app import Assistant
    from assistant.cli.frame import Frame
    from assistant.render import Line


def print_json(*values: Mapping[str, Any]) -> None:
    """Print each value as one line of JSON."""
    sys.stdout.write("".join(json_line(value) for value in values))


def json_line(value: Mapping[str, Any]) -> str:
    """Return `value` as one line of JSON with its line end."""
    return json.dumps(value, ensure_ascii=False) + "\n"


def print_screen(frame: Frame, lines: Iterable[Line]) -> None:
    """Print `lines` for a terminal or a pipe, as the settings say."""
    from assistant.render import make_console, print_lines

    print_lines(make_console(frame.settings()), lines)


def notify(frame: Frame, assistant: Assistant, more: Iterable[str] = ()) -> None:
    """Write what the user should know besides the result to stderr, a line each, unless --quiet."""
    notices, assistant.notices[:] = (*assistant.notices, *more), ()
    for notice in notices:
        say(frame, notice)


def say(frame: Frame, message: str) -> None:
    """Write one line of progress to stderr, unless --quiet."""
    from assistant.render import one_line

    if not frame.quiet:
        sys.stderr.write(f"note: {one_line(message)}\n")


@contextmanager
def lines_into(out: Path | None) -> Iterator[Callable[[Mapping[str, Any]], None]]:
    """Yield a function that writes an object as one line of JSON into the file `out`; nowhere without one."""
    if out is None:
        yield lambda _: None
        return
    with _writable(out):
        file = out.open("w", encoding="utf-8", buffering=1)

    def write(value: Mapping[str, Any]) -> None:
        with _writable(out):
            file.write(json_line(value))

    with file:
        yield write


@contextmanager
def _writable(out: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise AssistantError(f"cannot write {out}: {error.strerror}", "name another file") from None


def write_text(text: str, out: Path | None) -> None:
    """Write `text` to stdout, or to the file `out`, which is complete or untouched."""
    if out is None:
        sys.stdout.write(text)
        return
    beside = out.with_name(f".{out.name}.{os.getpid()}")
    try:
        with _writable(out):
            beside.write_text(text, encoding="utf-8")
            beside.replace(out)
    finally:
        beside.unlink(missing_ok=True)
