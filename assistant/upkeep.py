"""Looking after a store: doctor, reindex, backup, restore. Nothing here computes an embedding."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import SourceError, StoreError
from assistant.indexes import LEXICAL_FOLDER, VECTORS_FOLDER, Indexes
from assistant.library import LIBRARY_FILE, Library, check_file, copy_file, salvage_file, writer_lock


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong with a store: a stable code, what it is, and what mends it."""

    code: str
    message: str
    mend: str


def examine(store: Path) -> list[Finding]:
    """Return what is wrong with the store; nothing is changed.

    Raises:
        StoreError: there is no library.
    """
    path = store / LIBRARY_FILE
    if not path.is_file():
        raise StoreError(f"there is no library in {store}", "add papers with: assistant ingest FILE")
    if damage := check_file(path):
        mend = "assistant library restore BACKUP, or assistant library doctor --repair to keep what can be read"
        return [Finding("library_damaged", f"{path} is damaged: {damage}", mend)]
    with Library.open(store) as library:
        return [*_examine_papers(library), *_examine_indexes(library)]


def repair(store: Path) -> list[str]:
    """Mend what `examine` finds, where it can be mended; return a line for each thing done.

    A damaged library file is kept beside the one made of its readable records.
    """
    done: list[str] = []
    with writer_lock(store):
        path = store / LIBRARY_FILE
        if check_file(path):
            _drop_indexes(store)
            kept, aside = salvage_file(path)
            done.append(f"{kept} papers were read from the damaged library; the old file is {aside.name}")
        with Library.open(store) as library:
            for finding in _examine_papers(library):
                if finding.code == "incomplete_paper":
                    done.append(_drop_incomplete(library))
                    break
            if _examine_indexes(library):
                _rebuild(library)
                done.append("both indexes were built anew from the library")
    return done


def reindex(store: Path, progress: Callable[[str], None] | None = None) -> None:
    """Build both indexes anew, and give the bytes of removed records back to the disk."""
    with writer_lock(store), Library.open(store) as library:
        _rebuild(library, progress)
        library.compact()


def backup(store: Path, target: Path) -> None:
    """Write the library into one file, as it is at this moment, even while papers are added to it.

    Raises:
        StoreError: there is no library, or the target exists or cannot be written.
    """
    if target.exists():
        raise StoreError(f"{target} exists already", "name another file")
    if not (store / LIBRARY_FILE).is_file():
        raise StoreError(f"there is no library in {store}", "add papers with: assistant ingest FILE")
    copy_file(store / LIBRARY_FILE, target)


def restore(store: Path, source: Path) -> int:
    """Put the library of a backup in the place of the store's, which is kept beside it; return its number of papers.

    Raises:
        SourceError: the file is no sound library.
    """
    if not source.is_file():
        raise SourceError(f"there is no file {source}", "name a file that library backup wrote")
    if damage := check_file(source):
        raise SourceError(f"{source} is no sound library: {damage}", "name a file that library backup wrote")
    with writer_lock(store):
        path = store / LIBRARY_FILE
        incoming = path.with_suffix(".incoming")
        incoming.unlink(missing_ok=True)
        copy_file(source, incoming)
        _drop_indexes(store)  # first: an index must never outlive the library it was made from
        if path.exists():
            copy_file(path, _free_name(path, "before-restore"))
        for tail in ("-wal", "-shm"):
            Path(f"{path}{tail}").unlink(missing_ok=True)
        os.replace(incoming, path)
        with Library.open(store) as library:
            _rebuild(library)
            return library.count()


def _examine_papers(library: Library) -> list[Finding]:
    incomplete = library.incomplete_papers()
    if not incomplete:
        return []
    message = f"{len(incomplete)} papers lack vectors or windows, the first is {incomplete[0]}"
    return [Finding("incomplete_paper", message, "assistant library doctor --repair, then ingest their source again")]


def _examine_indexes(library: Library) -> list[Finding]:
    mend = "assistant library reindex"
    indexes = Indexes.open(library)
    try:
        if indexes.behind:
            said = f"vectors {indexes.vectors.generation}, words {indexes.lexical.generation}"
            what = f"the indexes are not at the library's generation {library.generation}: {said}"
            return [Finding("index_behind", what, mend)]
        findings = []
        table = library.window_vectors()
        if not indexes.vectors.holds(table.window_ids, table.paper_ids, table.vectors):
            findings.append(Finding("vectors_differ", "the vector index does not hold the library's vectors", mend))
        if len(indexes.lexical) != library.count():
            what = f"the word index holds {len(indexes.lexical)} papers, the library {library.count()}"
            findings.append(Finding("words_differ", what, mend))
        return findings
    finally:
        indexes.close()


def _drop_incomplete(library: Library) -> str:
    keys = library.incomplete_papers()
    numbers = library.ids_of_keys(keys)
    with library.transaction() as writer:
        for number in numbers.values():
            writer.remove(number)
    return f"{len(numbers)} incomplete papers were removed, the first is {keys[0]}; ingest their source again"


def _rebuild(library: Library, progress: Callable[[str], None] | None = None) -> None:
    indexes = Indexes.open(library, write=True)
    try:
        indexes.rebuild(progress)
    finally:
        indexes.close()


def _drop_indexes(store: Path) -> None:
    for folder in (VECTORS_FOLDER, LEXICAL_FOLDER):
        with contextlib.suppress(FileNotFoundError):
            shutil.rmtree(store / folder)


def _free_name(path: Path, word: str) -> Path:
    number = 1
    while (candidate := path.with_name(f"{path.name}.{word}-{number}")).exists():
        number += 1
    return candidate
