"""Opening a store: to read it beside a writer, or to write it alone."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import StoreError, StoreLockedError
from assistant.indexes import PATIENCE, Indexes
from assistant.library import LIBRARY_FILE, Library, lock_holder, writer_lock

_PAUSE = 0.05


@dataclass(frozen=True, slots=True)
class Writing:
    """A store that this process alone may write; `repaired` says what an interrupted run had left to do."""

    library: Library
    indexes: Indexes
    repaired: tuple[str, ...]


def has_library(store: Path) -> bool:
    """Return whether there is a library in the folder `store`, sound or not."""
    return (store / LIBRARY_FILE).exists()


@contextmanager
def writing(
    store: Path, *, create: bool = False, wait: float = 0.0, prepare: Callable[[Library], None] = lambda _: None
) -> Iterator[Writing]:
    """Hold the writer lock of `store`, with its library and both indexes open and at one generation.

    Args:
        store: the folder.
        create: make a library where there is none.
        wait: seconds to wait for another writer.
        prepare: called with the library before its indexes are opened.

    Raises:
        StoreLockedError: another process is writing.
        StoreError: there is no library, or it cannot be written.
    """
    if not create and not has_library(store):
        Library.open(store)  # says so, before a lock makes the folder
    with writer_lock(store, wait), Library.open(store, create=create) as library:
        prepare(library)
        indexes = Indexes.open(library, write=True)
        try:
            yield Writing(library, indexes, indexes.sync())
        finally:
            indexes.close()


@contextmanager
def rehearsing(store: Path, wait: float = 0.0) -> Iterator[Library]:
    """Hold the library for a rehearsal, as a writer would; where there is none, an empty one in a temporary folder."""
    with ExitStack() as stack:
        if has_library(store):
            stack.enter_context(writer_lock(store, wait))
            yield stack.enter_context(Library.open(store))
        elif store.exists() and not store.is_dir():
            Library.open(store)  # says what is wrong with the place
        else:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="assistant-", ignore_cleanup_errors=True))
            yield stack.enter_context(Library.open(Path(folder), create=True))


@contextmanager
def reading(library: Library, say: Callable[[str], None]) -> Iterator[Indexes]:
    """Yield both indexes of the library's store, mended where an interrupted run left them behind.

    Where they cannot be mended because the store cannot be written, they are built in a temporary folder.

    Args:
        library: the open library.
        say: gets a line about what was mended.

    Raises:
        StoreLockedError: another process is building an index that is missing.
    """
    with ExitStack() as stack:
        indexes = Indexes.open(library)
        stack.callback(indexes.close)
        if indexes.behind and not catch_up(library, indexes, say):
            say(f"the indexes of {library.store} lag and cannot be written there: built for this run alone")
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="assistant-", ignore_cleanup_errors=True))
            indexes = Indexes.open(library, write=True, folder=Path(folder))
            stack.callback(indexes.close)
            indexes.rebuild()
        yield indexes


def catch_up(library: Library, indexes: Indexes, say: Callable[[str], None]) -> bool:
    """Bring the indexes up to the library, unless another process does; return False where the store cannot be written.

    Raises:
        StoreLockedError: another process writes, and until it has finished there is no index to search.
    """
    try:
        with writer_lock(library.store):
            indexes.refresh()
            for line in indexes.sync():
                say(line)
    except StoreLockedError:
        _await_writer(library, indexes, say)
    except StoreError:
        return False
    return True


def _await_writer(library: Library, indexes: Indexes, say: Callable[[str], None]) -> None:
    until = time.monotonic() + PATIENCE
    while indexes.behind and time.monotonic() < until:
        time.sleep(_PAUSE)
        indexes.refresh()
    if not indexes.behind:
        return
    holder = lock_holder(library.store)
    if min(indexes.vectors.generation, indexes.lexical.generation) < indexes.floor:
        raise StoreLockedError(f"{holder} is building the indexes of {library.store}", "try again when it has finished")
    say(f"{holder} is adding papers; its newest ones are not searched yet")
