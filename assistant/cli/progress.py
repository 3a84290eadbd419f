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
_SETTLED = 3.0  # seconds after which a rate says something about the rest


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
            elapsed = now - started
            parts = [f"{report.read / elapsed:,.0f}/s", f"{report.embedded:,} embedded"]
            if report.fraction and elapsed > _SETTLED:
                parts.append(f"{_clock(elapsed / report.fraction - elapsed)} left")
            bar.update(task, completed=report.read, rate=", ".join(parts))

        yield show


@contextmanager
def papers_progress(frame: Frame) -> Iterator[Callable[[int, int], None]]:
    """Yield a callback for (papers done, papers in all) that moves a bar on a terminal."""
    if frame.quiet or not sys.stderr.isatty():
        yield lambda _done, _all: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    from assistant.render import make_console

    console = make_console(frame.settings(), sys.stderr)
    with Progress(BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=console, transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


@contextmanager
def bytes_progress(frame: Frame) -> Iterator[Callable[[int, int], None]]:
    """Yield a callback for (bytes there, bytes in all) that moves a bar with rate and time left on a terminal."""
    if frame.quiet or not sys.stderr.isatty():
        yield lambda _done, _all: None
        return
    from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn, TransferSpeedColumn

    from assistant.render import make_console

    console = make_console(frame.settings(), sys.stderr)
    columns = (BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


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


def _clock(seconds: float) -> str:
    """Return a time as "0:42" or "1:02:03"."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
