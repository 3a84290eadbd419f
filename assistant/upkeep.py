"""Looking after a store: doctor, reindex, backup, restore. Only papers that lost their vectors are embedded."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import SourceError, StoreError, StoreLockedError
from assistant.identity import identity_keys
from assistant.indexes import LEXICAL_FOLDER, VECTORS_FOLDER, Indexes, one_generation
from assistant.library import (
    LIBRARY_FILE,
    Library,
    check_file,
    copy_file,
    free_name,
    lock_holder,
    salvage_file,
    take_place,
    writer_lock,
)
from assistant.text import counted

_REINDEX = "assistant library reindex"
_REPAIR = "assistant library doctor --repair"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong with a store: a stable code, what it is, and what mends it."""

    code: str
    message: str
    mend: str


def examine(store: Path, vectors: tuple[str, str] | None = None) -> list[Finding]:
    """Return what is wrong with the store; nothing is changed.

    Args:
        store: the folder.
        vectors: the embedder and the window recipe of this program, where they are to be compared with the library's.

    Raises:
        StoreError: there is no library, or a newer version of this program made it.
        StoreLockedError: a writer is at work, so that its indexes cannot be judged now.
    """
    path = _library_file(store)
    if damage := check_file(path):
        mend = f"assistant library restore BACKUP, or {_REPAIR} to keep what can be read"
        return [Finding("library_damaged", f"{path} is damaged: {damage}", mend)]
    with Library.open(store) as library:
        findings = [*_examine_papers(library), *_examine_indexes(library)]
        known = (library.setting("embedder"), library.setting("window_recipe"))
        if vectors is not None and library.count() and known != vectors:
            message = f"its vectors were made by {known[0]} ({known[1]}), not by {vectors[0]} ({vectors[1]})"
            findings.append(Finding("other_embedder", message, f"{_REINDEX} --embed"))
        return findings


def repair(store: Path, complete: Callable[[Library], int] | None = None, wait: float = 0.0) -> list[str]:
    """Mend what `examine` finds, where it can be mended; return a line for each thing done.

    A damaged library file is kept beside the one made of its readable records.

    Args:
        store: the folder.
        complete: embeds the papers that lack vectors and returns how many; without it they stay as they are.
        wait: seconds to wait for another writer.
    """
    done: list[str] = []
    path = _library_file(store)
    check_file(path)  # a library of a newer version ends here: it is not damaged
    with writer_lock(store, wait):
        if check_file(path):
            drop_indexes(store)
            kept, aside = salvage_file(path)
            done.append(f"{kept:,} papers were read from the damaged library; the old file is {aside.name}")
            with Library.open(store) as library:
                _renew_names(library)
        with Library.open(store) as library:
            if complete is not None and (made := complete(library)):
                done.append(f"{made:,} papers that had lost vectors were embedded again")
            if _examine_indexes(library, alone=True):
                _rebuild(library)
                done.append("both indexes were built anew from the library")
    return done


def reindex(store: Path, progress: Callable[[str], None] | None = None, wait: float = 0.0) -> None:
    """Build both indexes anew, and give the bytes of removed records back to the disk."""
    _library_file(store)
    with writer_lock(store, wait), Library.open(store) as library:
        _rebuild(library, progress)
        library.maintenance.compact()


def backup(store: Path, target: Path) -> None:
    """Write the library into one file, as it is at this moment, even while papers are added to it.

    Raises:
        StoreError: there is no library, or the target exists or cannot be written.
    """
    if target.exists():
        raise StoreError(f"{target} exists already", "name another file")
    copy_file(_library_file(store), target)


def restore(store: Path, source: Path, wait: float = 0.0) -> int:
    """Put the library of a backup in the place of the store's, which is kept beside it; return its number of papers.

    Who reads the store meanwhile goes on with the new library.

    Raises:
        SourceError: the file is no sound library.
    """
    if not source.is_file():
        raise SourceError(f"there is no file {source}", "name a file that library backup wrote")
    if damage := check_file(source):
        raise SourceError(f"{source} is no sound library: {damage}", "name a file that library backup wrote")
    with writer_lock(store, wait):
        path = store / LIBRARY_FILE
        incoming = path.with_suffix(".incoming")
        copy_file(source, incoming)
        if path.exists():
            _keep_beside(path)
        take_place(incoming, path)
        with Library.open(store) as library:
            _rebuild(library)
            return library.count()


def drop_indexes(store: Path) -> None:
    """Take both indexes away; whoever opens the store next builds them from the library."""
    for folder in (VECTORS_FOLDER, LEXICAL_FOLDER):
        with contextlib.suppress(FileNotFoundError):
            shutil.rmtree(store / folder)


def _library_file(store: Path) -> Path:
    path = store / LIBRARY_FILE
    if not path.is_file():
        raise StoreError(f"there is no library in {store}", "add papers with: assistant ingest FILE")
    return path


def _keep_beside(path: Path) -> None:
    """Keep a copy of the library that is about to be replaced: sound if it is, else byte by byte."""
    if not check_file(path):
        copy_file(path, free_name(path, "before-restore"))
        return
    for tail in ("", "-wal"):
        if Path(f"{path}{tail}").exists():
            shutil.copy(f"{path}{tail}", free_name(Path(f"{path}{tail}"), "before-restore"))


def _examine_papers(library: Library) -> list[Finding]:
    incomplete = library.maintenance.incomplete_papers()
    if not incomplete:
        return []
    message = f"vectors or windows are missing of {counted(len(incomplete), 'paper')}, the first is {incomplete[0]}"
    return [Finding("incomplete_paper", message, _REPAIR)]


def _examine_indexes(library: Library, *, alone: bool = False) -> list[Finding]:
    indexes = Indexes.open(library)
    try:
        with one_generation(library, indexes.vectors, indexes.lexical, patience=0.0 if alone else None) as together:
            if together:
                return _compare(library, indexes)
            _refuse_beside_a_writer(library.store, alone=alone)
            said = f"vectors {indexes.vectors.generation}, words {indexes.lexical.generation}"
            what = f"the indexes are not at the library's generation {library.generation}: {said}"
            return [Finding("index_behind", what, _REINDEX)]
    finally:
        indexes.close()


def _refuse_beside_a_writer(store: Path, *, alone: bool) -> None:
    if alone:
        return
    try:
        with writer_lock(store):
            return
    except StoreLockedError:
        what = f"{lock_holder(store)} is writing to {store}, so that its indexes cannot be judged"
        raise StoreLockedError(what, "ask again when it has finished") from None
    except StoreError:
        return  # nobody can write there


def _compare(library: Library, indexes: Indexes) -> list[Finding]:
    findings = []
    table = library.window_vectors()
    if not indexes.vectors.holds(table.window_ids, table.paper_ids, table.vectors):
        what = "the vector index does not hold the library's vectors"
        findings.append(Finding("vectors_differ", what, _REINDEX))
    elif not indexes.vectors.approximate and len(table.window_ids):
        what = "Chroma is not at the library's generation; searches are exact, and slower in a large library"
        findings.append(Finding("chroma_behind", what, _REINDEX))
    if not indexes.lexical.holds(library.changes_since(-1).written_papers):
        what = f"the word index does not hold the library's {library.count():,} papers"
        findings.append(Finding("words_differ", what, _REINDEX))
    return findings


def _renew_names(library: Library) -> None:
    """Write again what is derived from the records: names, authors, categories, identifiers."""
    numbers = library.changes_since(-1).written_papers
    with library.transaction() as writer:
        for start in range(0, len(numbers), 500):
            for stored in library.load(numbers[start : start + 500]).values():
                writer.rewrite(stored, identity_keys(stored.paper))


def _rebuild(library: Library, progress: Callable[[str], None] | None = None) -> None:
    indexes = Indexes.open(library, write=True)
    try:
        indexes.rebuild(progress)
    finally:
        indexes.close()
