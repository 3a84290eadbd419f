"""What each source said: its records by hash and name, and the files that were read whole."""

from __future__ import annotations

from assistant.library.database import Database
from assistant.library.rows import SourceRecord


class Records:
    """The records of every source, so that one that has not changed is known again."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def known(self, source: str, digest: bytes) -> SourceRecord | None:
        """Return the record of `source` with this hash, where it was seen before."""
        sql = "SELECT hash, name, paper_id, current FROM records WHERE source = ? AND hash = ?"
        rows = self._database.rows(sql, source, digest)
        return SourceRecord(*rows[0]) if rows else None

    def of_paper(self, source: str, number: int) -> list[SourceRecord]:
        """Return the records of one paper in `source`, retired ones too."""
        sql = "SELECT hash, name, paper_id, current FROM records WHERE source = ? AND paper_id = ?"
        return [SourceRecord(*row) for row in self._database.rows(sql, source, number)]

    def named(self, source: str, name: str) -> list[int]:
        """Return the row ids of the papers that `source` says something of under `name` now."""
        # Left to itself SQLite takes the primary key, and reads every record of the source.
        sql = (
            "SELECT DISTINCT paper_id FROM records INDEXED BY records_name "
            "WHERE source = ? AND name = ? AND current ORDER BY paper_id"
        )
        return list(self._database.ids(sql, source, name))

    def unchanged_file(self, source: str, digest: bytes, recipe: str) -> int | None:
        """Return how many records a file has that was read whole before, and all of which are still known.

        Args:
            source: the file.
            digest: of its bytes.
            recipe: of the program that reads it; another one may read the same bytes otherwise.
        """
        sql = "SELECT read, records FROM files WHERE source = ? AND digest = ? AND recipe = ?"
        rows = self._database.rows(sql, source, digest, recipe)
        return rows[0][0] if rows and rows[0][1] == self._current(source) else None

    def note_file(self, source: str, digest: bytes, recipe: str, read: int) -> None:
        """Remember that a file was read whole, without a rejection, and had `read` records."""
        values = (source, digest, recipe, read, self._current(source))
        self._database.execute("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?)", *values)

    def _current(self, source: str) -> int:
        rows = self._database.rows("SELECT count(*) FROM records WHERE source = ? AND current", source)
        return int(rows[0][0])
