"""One connection to the library's file, shared by threads under a guard."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from assistant.errors import StoreError

_LARGEST_LIST = 900  # values of one IN list, below SQLite's limit on variables


class Database:
    """SQL on one connection; a transaction keeps other threads out until it ends."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._guard = threading.RLock()
        self._rehearsing = False

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def rows(self, sql: str, *values: object) -> list[Any]:
        """Return all rows of a query."""
        with self._guard, _as_store_error("read"):
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
    def transaction(self) -> Iterator[None]:
        """Hold everything executed inside together: all of it is kept, or none."""
        with self._guard:
            if self._rehearsing:
                yield
                return
            self.execute("BEGIN IMMEDIATE")
            try:
                yield
                self.execute("COMMIT")
            finally:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")

    @contextmanager
    def rehearsal(self) -> Iterator[None]:
        """Undo everything executed inside, transactions included."""
        with self._guard:
            self.execute("BEGIN IMMEDIATE")
            self._rehearsing = True
            try:
                yield
            finally:
                self._rehearsing = False
                self._connection.execute("ROLLBACK")


@contextmanager
def _as_store_error(action: str) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise StoreError(
            f"cannot {action} the library: {error}", "check the store with: assistant library doctor"
        ) from error
