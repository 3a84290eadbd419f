"""Writing papers: what one transaction does to the library."""

from __future__ import annotations

from collections.abc import Iterable

from assistant.library.database import Database
from assistant.library.rows import (
    RECORD_COLUMNS,
    PaperWrite,
    StoredPaper,
    pack_sentences,
    pack_window,
    record_values,
)
from assistant.papers import Paper, family_names
from assistant.text import fold

_COLUMNS = f"{RECORD_COLUMNS}, generation"
_ASSIGNMENTS = ", ".join(f"{name} = ?" for name in _COLUMNS.split(", "))
_MARKS = ", ".join("?" * len(_COLUMNS.split(", ")))


class Writer:
    """The changes of one transaction; they carry its `generation`."""

    def __init__(self, database: Database, generation: int) -> None:
        self._database = database
        self.generation = generation

    def write(self, write: PaperWrite) -> int:
        """Insert or replace one paper with its windows; return its row id."""
        values = (*record_values(write.paper, write.sentences), self.generation)
        if write.id is None:
            number = self._database.execute(f"INSERT INTO papers ({_COLUMNS}) VALUES ({_MARKS})", *values)  # noqa: S608  constants
        else:
            number = write.id
            self._update(number, values)
            self._remove_windows(number)
        self._write_names(number, write.paper, write.identifiers)
        self._write_windows(number, write)
        return number

    def rewrite(self, stored: StoredPaper, identifiers: Iterable[tuple[str, str]]) -> None:
        """Replace a paper's record where its text, and so its windows, stay the same."""
        self._update(stored.id, (*record_values(stored.paper, stored.sentences), self.generation))
        self._write_names(stored.id, stored.paper, identifiers)

    def remove(self, number: int) -> None:
        """Remove one paper, its windows and its records."""
        self._remove_windows(number)
        self._forget_names(number)
        self._database.execute("DELETE FROM records WHERE paper_id = ?", number)
        self._database.execute("DELETE FROM papers WHERE id = ?", number)
        self._database.execute("INSERT INTO removed VALUES (?, 'paper', ?)", self.generation, number)

    def note_record(self, source: str, digest: bytes, name: str, number: int) -> None:
        """Remember that `source` holds this record of the paper."""
        self._database.execute("INSERT OR REPLACE INTO records VALUES (?, ?, ?, ?, 1)", source, digest, name, number)

    def retire_record(self, source: str, digest: bytes) -> None:
        """Remember that a record was replaced by another text of the same source."""
        self._database.execute("UPDATE records SET current = 0 WHERE source = ? AND hash = ?", source, digest)

    def _update(self, number: int, values: tuple[object, ...]) -> None:
        self._database.execute(f"UPDATE papers SET {_ASSIGNMENTS} WHERE id = ?", *values, number)  # noqa: S608  constants
        self._forget_names(number)

    def _write_names(self, number: int, paper: Paper, identifiers: Iterable[tuple[str, str]]) -> None:
        run = self._database.execute_many
        run("INSERT OR IGNORE INTO names VALUES (?, ?)", [(name, number) for name in (paper.key, *paper.aliases)])
        run("INSERT OR IGNORE INTO identifiers VALUES (?, ?, ?)", [(*pair, number) for pair in identifiers])
        run(
            "INSERT OR IGNORE INTO authors VALUES (?, ?)",
            [(fold(name), number) for author in paper.authors for name in family_names(author)],
        )
        run("INSERT OR IGNORE INTO categories VALUES (?, ?)", [(fold(name), number) for name in paper.categories])

    def _forget_names(self, number: int) -> None:
        for table in ("names", "identifiers", "authors", "categories"):
            self._database.execute(f"DELETE FROM {table} WHERE paper_id = ?", number)  # noqa: S608  constants

    def _write_windows(self, number: int, write: PaperWrite) -> None:
        self._database.execute_many(
            "INSERT INTO windows (paper_id, first, last, hash, vector, generation, tokens) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                (number, w.first, w.last, w.hash, pack_window(w.vector), self.generation, w.tokens and w.tokens.pack())
                for w in write.windows
            ],
        )
        if len(write.sentence_vectors):
            packed = pack_sentences(write.sentence_vectors)
            self._database.execute("INSERT INTO sentence_vectors VALUES (?, ?)", number, packed)

    def _remove_windows(self, number: int) -> None:
        self._database.execute(
            "INSERT INTO removed SELECT ?, 'window', id FROM windows WHERE paper_id = ?", self.generation, number
        )
        self._database.execute("DELETE FROM windows WHERE paper_id = ?", number)
        self._database.execute("DELETE FROM sentence_vectors WHERE paper_id = ?", number)
