"""One writer at a time: the lock of a store, and who holds it."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from assistant.errors import StoreError, StoreLockedError

_LOCK = "lock"
_HOLDER = "lock.holder"  # beside the lock: a contender truncates the lock file itself


@contextmanager
def writer_lock(store: Path, wait: float = 0.0) -> Iterator[None]:
    """Hold the store's writer lock, waiting up to `wait` seconds for it. The system frees it when a process dies.

    Raises:
        StoreLockedError: another process holds it; the message names the process and its command.
        StoreError: the folder cannot be written.
    """
    lock = FileLock(store / _LOCK)
    try:
        store.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=wait)
    except Timeout:
        raise StoreLockedError(
            f"another process is writing to {store}: {_holder(store)}", "try again when it has finished"
        ) from None
    except OSError as error:
        raise StoreError(f"cannot write to {store}: {error}", "name another place with --store DIR") from error
    try:
        note = {"pid": os.getpid(), "command": " ".join(["assistant", *sys.argv[1:]])}
        (store / _HOLDER).write_text(json.dumps(note), encoding="utf-8")
        yield
    finally:
        (store / _HOLDER).unlink(missing_ok=True)
        lock.release()


def _holder(store: Path) -> str:
    try:
        note = json.loads((store / _HOLDER).read_text(encoding="utf-8"))
        return f"process {note['pid']}, {note['command']!r}"
    except (OSError, ValueError, KeyError, TypeError):
        return "it has just begun"
