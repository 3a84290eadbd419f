"""The library's file as a whole: checked, copied, put in another's place, and read as far as it can be."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from assistant.errors import StoreError
from assistant.library.opening import check_version, open_still
from assistant.library.schema import create_tables

_LOG, _SHARED = "-wal", "-shm"
_LONGEST = 2**40  # bytes; a header that says more is damaged itself


def check_file(path: Path) -> str:
    """Return what is wrong with a library file; empty where it is sound.

    Raises:
        StoreError: a newer version of this program made it.
    """
    try:
        with _reading(path) as connection:
            check_version(connection.execute("PRAGMA user_version").fetchone()[0], path)
            said = str(connection.execute("PRAGMA integrity_check(1)").fetchone()[0])
            if said != "ok":
                return said.splitlines()[-1]
            connection.execute("SELECT count(*) FROM papers, meta WHERE papers.id < 0")
            return ""
    except sqlite3.Error as error:
        return str(error)


def copy_file(source: Path, target: Path) -> None:
    """Copy a library, as it is at one moment, whatever is being written to it.

    Raises:
        StoreError: it cannot be read or written; no partial copy is left.
    """
    partial = target.with_name(target.name + ".partial")
    try:
        partial.unlink(missing_ok=True)
        with _reading(source) as old, closing(sqlite3.connect(partial)) as new:
            old.backup(new)
            new.execute("PRAGMA journal_mode = DELETE")
        os.replace(partial, target)
    except (OSError, sqlite3.Error) as error:
        _remove(partial)
        raise StoreError(f"cannot copy {source} to {target}: {error}", "name a place with enough space") from error


def take_place(incoming: Path, path: Path) -> None:
    """Put the library `incoming` in the place of the one at `path`, in one step also for those who have it open.

    The caller holds the writer lock. `incoming` is gone afterwards.

    Raises:
        StoreError: it cannot be written; the library at `path` is as it was.
    """
    generation = 1 + max(_generation(incoming), _generation(path))
    try:
        with closing(sqlite3.connect(incoming)) as new:
            # Above every generation that an index can have noted: none of them may be replayed onto this library.
            rows = [("generation", str(generation)), ("floor", str(generation))]
            new.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", rows)
            new.commit()
            if path.exists() and not check_file(path):
                with closing(sqlite3.connect(path, timeout=30)) as old:
                    new.backup(old)
                _remove(incoming)
                return
        for tail in (_LOG, _SHARED):
            _remove(Path(f"{path}{tail}"))
        os.replace(incoming, path)
    except (OSError, sqlite3.Error) as error:
        _remove(incoming)
        raise StoreError(f"cannot write the library {path}: {error}", "check the disk") from error


def salvage_file(path: Path) -> tuple[int, Path]:
    """Make a new library of the rows of a damaged one that can be read.

    What is derived from the records (names, authors, categories, identifiers) is left to the caller, and so are
    papers that lack windows or vectors.

    Returns:
        The number of papers kept, and where the damaged file is now.
    """
    aside = free_name(path, "damaged")
    fresh = path.with_name(path.name + ".salvaged")
    _remove(fresh)
    with closing(sqlite3.connect(fresh)) as new:
        create_tables(new)
        names = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
        tables = [row[0] for row in new.execute(names)]
        # What cannot be read is what is lost.
        with _made_readable(path) as readable, suppress(sqlite3.Error), _reading(readable) as old:
            for table in tables:
                _copy_rows(old, new, table)
        _drop_orphans(new)
        new.commit()
        kept = int(new.execute("SELECT count(*) FROM papers").fetchone()[0])
    os.replace(path, aside)
    for tail in (_LOG, _SHARED):
        if Path(f"{path}{tail}").exists():
            os.replace(f"{path}{tail}", f"{aside}{tail}")
    take_place(fresh, path)
    return kept, aside


def free_name(path: Path, word: str) -> Path:
    """Return `path` with `word` and the first number that is not taken."""
    number = 1
    while (candidate := path.with_name(f"{path.name}.{word}-{number}")).exists():
        number += 1
    return candidate


@contextmanager
def _reading(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a library to read it, also where nothing may be written beside it."""
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=30)
    try:
        connection.execute("PRAGMA user_version").fetchone()
    except sqlite3.OperationalError as error:
        connection.close()
        if not error.sqlite_errorname.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN")) or not path.exists():
            raise
        connection = open_still(path)
    with closing(connection):
        yield connection


@contextmanager
def _made_readable(path: Path) -> Iterator[Path]:
    """Give a copy of a damaged library that is as long as it says: SQLite reads nothing of a file cut short."""
    copy = path.with_name(path.name + ".unread")
    try:
        for tail in (_LOG, ""):
            if Path(f"{path}{tail}").exists():
                shutil.copyfile(f"{path}{tail}", f"{copy}{tail}")
        with copy.open("r+b") as file:
            header = file.read(32)
            page = int.from_bytes(header[16:18], "big")
            length = int.from_bytes(header[28:32], "big") * (65536 if page == 1 else page)
            if header.startswith(b"SQLite format 3") and copy.stat().st_size < length < _LONGEST:
                file.truncate(length)
        yield copy
    finally:
        for tail in ("", _LOG, _SHARED):
            _remove(Path(f"{copy}{tail}"))


def _generation(path: Path) -> int:
    try:
        with _reading(path) as connection:
            return int(connection.execute("SELECT value FROM meta WHERE name = 'generation'").fetchone()[0])
    except (sqlite3.Error, TypeError, ValueError):
        return 0


def _remove(path: Path) -> None:
    path.unlink(missing_ok=True)


def _copy_rows(old: sqlite3.Connection, new: sqlite3.Connection, table: str) -> None:
    """Copy the rows of a table from both ends, as far as each direction can be read."""
    order = "rowid" if _has_rowid(new, table) else "1"
    for direction in ("ASC", "DESC"):
        try:
            for row in old.execute(f"SELECT * FROM {table} ORDER BY {order} {direction}"):  # noqa: S608  names are the schema's
                marks = ", ".join("?" * len(row))
                if not new.execute(f"INSERT OR IGNORE INTO {table} VALUES ({marks})", row).rowcount:  # noqa: S608
                    break
        except sqlite3.Error:
            continue
        else:
            return


def _has_rowid(connection: sqlite3.Connection, table: str) -> bool:
    sql = connection.execute("SELECT sql FROM sqlite_master WHERE name = ?", (table,)).fetchone()[0]
    return "WITHOUT ROWID" not in sql


def _drop_orphans(connection: sqlite3.Connection) -> None:
    """Take out what belongs to papers that were lost, so that their sources can be ingested again."""
    for table in ("names", "identifiers", "authors", "categories", "records", "windows", "sentence_vectors"):
        connection.execute(f"DELETE FROM {table} WHERE paper_id NOT IN (SELECT id FROM papers)")  # noqa: S608
    connection.execute("DELETE FROM files")
