"""Progress on stderr: a bar with rate and time left on a terminal, nothing elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from assistant.cli.frame import Frame
    from assistant.ingest import IngestReport

T = TypeVar("T")
_PERIOD = 0.1  # seconds between two looks at the report


@contextmanager
def ingest_progress(frame: Frame) -> Iterator[Callable[[IngestReport], None] | None]:
    """Yield a callback that shows how an ingest is going, None where nobody watches."""
    if frame.quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    from assistant.render import make_console

    console = make_console(frame.settings(), sys.stderr)
    columns = (SpinnerColumn(), TextColumn("{task.completed:,.0f} records"), TextColumn("{task.fields[rate]}"))
    with Progress(*columns, TimeElapsedColumn(), console=console, transient=True) as bar:
        task = bar.add_task("", total=None, rate="")
        started = last = time.monotonic()

        def show(report: IngestReport) -> None:
            nonlocal last
            now = time.monotonic()
            if now - last < _PERIOD:
                return
            last = now
            bar.update(
                task,
                completed=report.read,
                rate=f"{report.read / (now - started):,.0f}/s, {report.embedded:,} embedded",
            )

        yield show


def counted(frame: Frame, values: Sequence[T], name: str) -> Iterator[T]:
    """Yield `values` while a bar counts them on a terminal."""
    if frame.quiet or not values or not sys.stderr.isatty():
        yield from values
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from assistant.render import make_console

    console = make_console(frame.settings(), sys.stderr)
    columns = (TextColumn(name), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        yield from bar.track(values)
