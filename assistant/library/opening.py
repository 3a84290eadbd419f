"""Opening the library's file, whether it can be written, only be read, or not even be locked."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from pathlib import Path

from assistant.errors import StoreError
from assistant.library.database import Database
from assistant.library.schema import INDEX_FOLDERS, LIBRARY_FILE, SCHEMA_VERSION, create_tables, upgrade_tables

_CANNOT_WRITE = ("SQLITE_READONLY", "SQLITE_CANTOPEN")
Signature = tuple[tuple[int, int, int] | None, ...]


def open_database(store: Path, *, create: bool) -> Database:
    """Return the library in the folder `store`, with its tables in place; read-only where it cannot be written.

    Raises:
        StoreError: there is no library and `create` is false, the place cannot be used, the file is
            damaged, or a newer version of this program made it.
    """
    path = store / LIBRARY_FILE
    try:
        if not path.exists():
            if not create:
                raise StoreError(f"there is no library in {store}", "add papers with: assistant ingest FILE")
            store.mkdir(parents=True, exist_ok=True)
        elif _emptied(path):
            raise StoreError(
                f"cannot use the library {path}: it is empty, though indexes of its papers stand beside it",
                "see what is left with: assistant library doctor",
            )
        try:
            return Database(_open(path))
        except sqlite3.OperationalError as error:
            if not error.sqlite_errorname.startswith(_CANNOT_WRITE) or not path.exists() or create:
                raise
        still = _StillFile(path)
        return Database(still.open(), still.renewed)
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorname", "") in ("SQLITE_NOTADB", "SQLITE_CORRUPT"):
            hint = "see what is left with: assistant library doctor"
        else:
            hint = "name another place with --store DIR"
        raise StoreError(f"cannot use the library {path}: {error}", hint) from error
    except OSError as error:
        raise StoreError(f"cannot use the library {path}: {error}", "name another place with --store DIR") from error


def _emptied(path: Path) -> bool:
    """Return whether a file without a byte stands where a library was: SQLite would take it for a new one."""
    if any(status is not None and status[1] for status in _signature(path)):
        return False
    return any((path.parent / folder).is_dir() for folder in INDEX_FOLDERS)


def check_version(version: int, path: Path) -> None:
    """Raise a StoreError where a newer version of this program made the library."""
    if version > SCHEMA_VERSION:
        raise StoreError(
            f"the library {path} was made by a newer version (format {version}, this program reads {SCHEMA_VERSION})",
            "upgrade the program",
        )


def open_still(path: Path) -> sqlite3.Connection:
    """Return a connection to a library that this process can only read, as it is now."""
    return _StillFile(path).open()


class _StillFile:
    """A library on a read-only medium, or one that another user's processes alone may write.

    SQLite cannot lock it, so it is opened as a file that does not change, and opened again when it has.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen = _signature(path)
        self._copy: tempfile.TemporaryDirectory[str] | None = None

    def open(self) -> sqlite3.Connection:
        """Return a connection to the file as it is now."""
        self._seen = _signature(self._path)
        log = Path(f"{self._path}-wal")
        if not log.exists() or not log.stat().st_size:
            return _prepared(_connect(f"{self._path.absolute().as_uri()}?immutable=1"), self._path)
        # A log that was never written back: SQLite must be able to write beside the file to read it.
        self._copy = tempfile.TemporaryDirectory(prefix="assistant-", ignore_cleanup_errors=True)
        for file in (self._path, log):
            shutil.copy(file, self._copy.name)
        return _open(Path(self._copy.name) / self._path.name)

    def renewed(self) -> sqlite3.Connection | None:
        """Return another connection where the file has changed since it was opened."""
        if _signature(self._path) == self._seen:
            return None
        try:
            connection = _open(self._path)
        except sqlite3.OperationalError:
            return self.open()
        self._seen = _signature(self._path)
        return connection


def _connect(uri: str) -> sqlite3.Connection:
    return sqlite3.connect(uri, timeout=30, isolation_level=None, check_same_thread=False, uri=True)


def _open(path: Path) -> sqlite3.Connection:
    connection = _connect(path.absolute().as_uri())
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")  # an index must never be ahead of a library that lost power
    except BaseException:
        connection.close()
        raise
    return _prepared(connection, path)


def _prepared(connection: sqlite3.Connection, path: Path) -> sqlite3.Connection:
    try:
        connection.execute("PRAGMA temp_store = MEMORY")
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        check_version(version, path)
        if version == 0 and connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            raise StoreError(f"{path} is a database of another program", "name another place with --store DIR")
        if version < SCHEMA_VERSION:
            _bring_up(connection, version)
    except BaseException:
        connection.close()
        raise
    return connection


def _bring_up(connection: sqlite3.Connection, version: int) -> None:
    """Make the tables, or those that an older format lacks; a library that cannot be written is read without them."""
    try:
        if version == 0:
            create_tables(connection)
        else:
            upgrade_tables(connection, version)
    except sqlite3.OperationalError as error:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        made_meanwhile = connection.execute("PRAGMA user_version").fetchone()[0] == SCHEMA_VERSION
        cannot_write = error.sqlite_errorname.startswith("SQLITE_READONLY")
        if not made_meanwhile and (version == 0 or not cannot_write):
            raise


def _signature(path: Path) -> Signature:
    """Return what changes when a file or its log is written: identity, size and time."""
    return tuple(_status(Path(f"{path}{tail}")) for tail in ("", "-wal"))


def _status(path: Path) -> tuple[int, int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_ino, status.st_size, status.st_mtime_ns
