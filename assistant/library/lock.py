"""One writer at a time: the lock of a store, and who holds it."""

from __future__ import annotations

import json
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

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
    from filelock import FileLock, Timeout  # imports asyncio, which readers do without

    lock = FileLock(store / _LOCK)
    try:
        store.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=wait)
    except Timeout:
        raise StoreLockedError(
            f"{lock_holder(store)} is writing to {store}", "try again when it has finished, or wait with --wait S"
        ) from None
    except OSError as error:
        raise StoreError(f"cannot write to {store}: {error}", "name another place with --store DIR") from error
    try:
        with suppress(OSError):  # a full disk must not keep a command that frees space from running
            (store / _HOLDER).write_text(json.dumps(_myself()), encoding="utf-8")
        yield
    finally:
        with suppress(OSError):
            (store / _HOLDER).unlink(missing_ok=True)
        lock.release()


def lock_holder(store: Path) -> str:
    """Return who holds the lock: "process 4711 (assistant ingest refs.bib)", as far as that is known."""
    try:
        note = json.loads((store / _HOLDER).read_text(encoding="utf-8"))
        pid, host, command = int(note["pid"]), str(note["host"]), str(note["command"])
        if host != socket.gethostname():
            return f"process {pid} on {host} ({command})"
        if _started(pid) == note["started"] and _alive(pid):
            return f"process {pid} ({command})"
    except (OSError, ValueError, KeyError, TypeError):
        pass
    return "another process"  # the note is of one that died, and the next holder has not written its own yet


def _myself() -> dict[str, object]:
    pid = os.getpid()
    command = " ".join(["assistant", *sys.argv[1:]])
    return {"pid": pid, "started": _started(pid), "host": socket.gethostname(), "command": command}


def _started(pid: int) -> str | None:
    """Return what tells a process from a later one of the same number; None where the system does not say."""
    try:
        # The 22nd field, counted behind the command's closing bracket: ticks since the system came up.
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return None


def _alive(pid: int) -> bool:
    """Return whether there is such a process, as far as the system lets us ask without harm."""
    if os.name != "posix":
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True  # it is another user's
    return True
