"""Lines of text for a terminal or a pipe.

A `Line` is made of rich `Text`, never of rich markup, from text that has been sanitised. It wraps with a hanging
indent on a terminal and stays one plain line in a pipe.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from typing import IO

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.segment import Segment
from rich.text import Text

from assistant.settings import Settings
from assistant.text import sanitise

_MINIMUM = 20  # columns that a text needs; with fewer beside it, what stands first gets a row of its own
_HANGING = 4  # blanks before that text


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph: `first` stands before its first row, blanks of the same width before the others."""

    text: Text
    first: str = ""

    @classmethod
    def of(cls, *parts: str | tuple[str, str], first: str = "") -> Line:
        """Return a line of sanitised parts, each a string or a (string, style) pair."""
        text = Text()
        for part in parts:
            words, style = (part, "") if isinstance(part, str) else part
            text.append(one_line(words), style=style)
        return cls(text, one_line(first))

    @property
    def plain(self) -> str:
        """The line as a pipe gets it."""
        return self.first + self.text.plain

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the rows that fit the console, or the one line as it is where nothing wraps."""
        if console.soft_wrap:
            yield Text.assemble(self.first, self.text)
            return
        indent, first = cell_len(self.first), self.first
        if indent and options.max_width - indent < min(_MINIMUM, options.max_width // 2):
            yield Segment(first.rstrip())
            yield Segment.line()
            indent = len(first) - len(first.lstrip()) + _HANGING
            first = " " * indent
        rows = self.text.wrap(console, max(options.max_width - indent, 1))
        for number, row in enumerate(rows or [Text()]):
            row.rstrip()
            yield Segment(first if number == 0 else " " * indent)
            yield from row.render(console)
            yield Segment.line()


BLANK = Line(Text())


def one_line(text: str) -> str:
    """Return `text` without control characters, in one line; leading and trailing blanks stay."""
    return sanitise(text).replace("\n", " ")


class _PipedConsole(Console):
    """A console that leaves a reader who has seen enough (head, less) to the command line's own handling."""

    def on_broken_pipe(self) -> None:
        """Raise the error that rich would turn into an exit code of failure."""
        raise BrokenPipeError


def make_console(settings: Settings, file: IO[str] | None = None) -> Console:
    """Return a console on `file` (stdout) that never parses markup, wraps on terminals only, and obeys NO_COLOR.

    The setting `color` wins over NO_COLOR, which wins over FORCE_COLOR.
    """
    file = file if file is not None else sys.stdout
    terminal = file.isatty() and os.environ.get("TERM") != "dumb"
    if settings.color != "auto":
        color = settings.color == "always"
    elif os.environ.get("NO_COLOR") or settings.plain:
        color = False
    else:
        color = terminal or bool(os.environ.get("FORCE_COLOR"))
    return _PipedConsole(
        file=file,
        force_terminal=color,
        no_color=not color,
        color_system=("auto" if terminal else "standard") if color else None,
        soft_wrap=not terminal,
        markup=False,
        highlight=False,
        emoji=False,
        legacy_windows=False,
    )


def print_lines(console: Console, lines: Iterable[Line]) -> None:
    """Print `lines` one after another."""
    for line in lines:
        console.print(line)
