"""The library's file as a whole: checked, copied, and read as far as it can be."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from assistant.errors import StoreError
from assistant.library.schema import SCHEMA_VERSION, create_tables


def check_file(path: Path) -> str:
    """Return what is wrong with a library file; empty where it is sound."""
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            if not 1 <= version <= SCHEMA_VERSION:
                return f"its format is {version}, this program reads {SCHEMA_VERSION}"
            said = str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])
            return "" if said == "ok" else said.splitlines()[-1]
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
        with (
            closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as old,
            closing(sqlite3.connect(partial)) as new,
        ):
            old.backup(new)
            new.execute("PRAGMA journal_mode = DELETE")
        os.replace(partial, target)
    except (OSError, sqlite3.Error) as error:
        partial.unlink(missing_ok=True)
        raise StoreError(f"cannot copy {source} to {target}: {error}", "check the disk") from error


def salvage_file(path: Path) -> tuple[int, Path]:
    """Make a new library of the rows of a damaged one that can be read.

    Returns:
        The number of papers kept, and where the damaged file is now.
    """
    number = 1
    while (aside := path.with_name(f"{path.name}.damaged-{number}")).exists():
        number += 1
    fresh = path.with_name(path.name + ".salvaged")
    fresh.unlink(missing_ok=True)
    with closing(sqlite3.connect(fresh)) as new:
        create_tables(new)
        tables = [
            row[0]
            for row in new.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
        ]
        try:
            with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as old:
                for table in tables:
                    _copy_rows(old, new, table)
        except sqlite3.Error:
            pass  # nothing more can be read: what was copied is what there is
        _drop_orphans(new)
        new.commit()
        kept = int(new.execute("SELECT count(*) FROM papers").fetchone()[0])
    os.replace(path, aside)
    for tail in ("-wal", "-shm"):
        Path(f"{path}{tail}").unlink(missing_ok=True)
    os.replace(fresh, path)
    return kept, aside


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
