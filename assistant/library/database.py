"""One connection to the library's file, shared by threads under a guard."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from assistant.errors import StoreError

_LARGEST_LIST = 900  # values of one IN list, below SQLite's limit on variables


class Database:
    """SQL on one connection; a transaction or a snapshot keeps other threads out until it ends.

    Args:
        connection: the opened file.
        renew: called before each reading of a file that cannot be locked; returns another connection once the
            file has changed.
    """

    def __init__(
        self, connection: sqlite3.Connection, renew: Callable[[], sqlite3.Connection | None] | None = None
    ) -> None:
        self._connection = connection
        self._renew = renew
        self._guard = threading.RLock()
        self._held = False  # by a transaction, a snapshot or a rehearsal
        self._rehearsing = False

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def rows(self, sql: str, *values: object) -> list[Any]:
        """Return all rows of a query."""
        with self._guard, _as_store_error("read"):
            self._follow_file()
            return self._connection.execute(sql, values).fetchall()

    def rows_in(self, sql: str, values: Sequence[object]) -> list[Any]:
        """Return all rows of a query whose `{}` takes an IN list, for any number of values."""
        rows: list[Any] = []
        for start in range(0, len(values), _LARGEST_LIST):
            part = values[start : start + _LARGEST_LIST]
            rows.extend(self.rows(sql.format(", ".join("?" * len(part))), *part))
        return rows

    def ids(self, sql: str, *values: object) -> tuple[int, ...]:
        """Return the first column of a query."""
        return tuple(row[0] for row in self.rows(sql, *values))

    def execute(self, sql: str, *values: object) -> int:
        """Run one statement and return the row id it inserted, if any."""
        with self._guard, _as_store_error("write"):
            return int(self._connection.execute(sql, values).lastrowid or 0)

    def execute_many(self, sql: str, rows: Sequence[Sequence[object]]) -> None:
        """Run one statement for each row of values."""
        with self._guard, _as_store_error("write"):
            self._connection.executemany(sql, rows)

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Read the file as it is at one moment, whatever another process commits meanwhile."""
        with self._guard:
            if self._held:
                yield
                return
            self._follow_file()
            with self._hold("BEGIN"):
                yield

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Hold everything executed inside together: all of it is kept, or none."""
        with self._guard:
            if self._rehearsing:
                yield
                return
            with self._hold("BEGIN IMMEDIATE"):
                yield
                self.execute("COMMIT")

    @contextmanager
    def rehearsal(self) -> Iterator[None]:
        """Undo everything executed inside, transactions included."""
        with self._guard, self._hold("BEGIN IMMEDIATE"):
            self._rehearsing = True
            try:
                yield
            finally:
                self._rehearsing = False

    @contextmanager
    def _hold(self, begin: str) -> Iterator[None]:
        """Run a transaction that is rolled back unless it was committed inside."""
        self.execute(begin)
        self._held = True
        try:
            yield
        finally:
            self._held = False
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")

    def _follow_file(self) -> None:
        if self._renew is None or self._held:
            return
        fresh = self._renew()
        if fresh is not None:
            self._connection.close()
            self._connection = fresh


@contextmanager
def _as_store_error(action: str) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise StoreError(f"cannot {action} the library: {error}", _advice(error)) from error


def _advice(error: sqlite3.Error) -> str:
    """Return what mends an error of SQLite."""
    name = getattr(error, "sqlite_errorname", "")
    if name.startswith("SQLITE_FULL"):
        return "free some space; nothing of the last step was kept"
    if name.startswith("SQLITE_READONLY"):
        return "the store cannot be written: name another place with --store DIR"
    if name.startswith("SQLITE_BUSY"):
        return "another process is writing to it: try again"
    return "check the store with: assistant library doctor"
