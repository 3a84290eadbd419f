"""Ctrl-C and SIGTERM: a process ends at once, except in the middle of a write that is about to be finished."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Terminated(SystemExit):
    """SIGTERM: unwinds the whole program, so that transactions end and locks are given back; the exit code is 143."""

    def __init__(self) -> None:
        super().__init__(128 + signal.SIGTERM)


@contextmanager
def ending_on_sigterm() -> Iterator[None]:
    """Let SIGTERM raise `Terminated` while the code inside runs in the main thread."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, _terminate)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def finishing() -> Iterator[None]:
    """Let the code inside end before a signal takes effect; the second one does not wait.

    Outside the main thread this does nothing: Python delivers no signal there.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    waiting: list[tuple[int, FrameType | None]] = []
    before: dict[int, Any] = {number: signal.getsignal(number) for number in _SIGNALS}

    def note(number: int, frame: FrameType | None) -> None:
        if waiting and callable(before[number]):
            before[number](number, frame)
        waiting.append((number, frame))

    held = [number for number in _SIGNALS if callable(before[number])]  # the default action of SIGTERM stays
    for number in held:
        signal.signal(number, note)
    try:
        yield
    finally:
        for number in held:
            signal.signal(number, before[number])
    if waiting:
        first, frame = waiting[0]
        before[first](first, frame)


def _terminate(number: int, frame: FrameType | None) -> None:  # noqa: ARG001  the signature is Python's
    raise Terminated
