"""Looking after the library's file: what is incomplete in it, what can be given back, vectors made elsewhere."""

from __future__ import annotations

from pathlib import Path

from assistant.library.database import Database

_ADOPTED = ("embedder", "dimension", "window_recipe")


class Maintenance:
    """The upkeep of one library's file. Its callers hold the writer lock."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def incomplete_papers(self) -> list[str]:
        """Return the keys of papers without windows, or whose sentences and vectors differ in number."""
        sql = (
            "SELECT key FROM papers LEFT JOIN sentence_vectors ON paper_id = id "
            "WHERE json_array_length(sentences) / 2 * (SELECT CAST(value AS INTEGER) FROM meta "
            "WHERE name = 'dimension') != coalesce(length(vectors), 0) "
            "OR NOT EXISTS (SELECT 1 FROM windows WHERE windows.paper_id = papers.id) ORDER BY id"
        )
        return [row[0] for row in self._database.rows(sql)]

    def compact(self) -> None:
        """Forget what was removed and give its bytes back to the disk."""
        with self._database.transaction():
            self._database.execute("DELETE FROM removed")
            self._raise_floor(0)
        self._database.execute("VACUUM")
        self._database.rows("PRAGMA wal_checkpoint(TRUNCATE)")

    def adopt_vectors(self, copy: Path) -> None:
        """Take over all vectors of a copy of this library that were made by another embedder, in one transaction."""
        self._database.execute("ATTACH DATABASE ? AS copy", str(copy))
        try:
            with self._database.transaction():
                for table in ("windows", "sentence_vectors"):
                    self._database.execute(f"DELETE FROM main.{table}")  # noqa: S608  constants
                    self._database.execute(f"INSERT INTO main.{table} SELECT * FROM copy.{table}")  # noqa: S608
                self._database.execute(
                    "UPDATE main.papers SET sentences = other.sentences "
                    "FROM copy.papers AS other WHERE other.id = main.papers.id"
                )
                for name in _ADOPTED:
                    sql = "INSERT OR REPLACE INTO main.meta SELECT name, value FROM copy.meta WHERE name = ?"
                    self._database.execute(sql, name)
                self._raise_floor(1)
        finally:
            self._database.execute("DETACH DATABASE copy")

    def _raise_floor(self, by: int) -> None:
        """Raise the generation, and let no index of an earlier one be brought up to it: it must be built anew."""
        sql = "SELECT coalesce((SELECT CAST(value AS INTEGER) FROM main.meta WHERE name = 'generation'), 0)"
        generation = self._database.rows(sql)[0][0] + by
        for name in ("generation", "floor"):
            self._database.execute("INSERT OR REPLACE INTO main.meta VALUES (?, ?)", name, str(generation))
