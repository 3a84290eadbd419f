"""Reading the library, and opening a transaction that writes it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

import numpy as np
from rapidfuzz import fuzz, process

from assistant.embedders import TokenBits, WindowVectors
from assistant.errors import UnknownKeyError
from assistant.filters import Filter
from assistant.library.database import Database
from assistant.library.journal import Journal
from assistant.library.maintenance import Maintenance
from assistant.library.opening import open_database
from assistant.library.ordering import Order, ordered_ids
from assistant.library.records import Records
from assistant.library.rows import (
    RECORD_COLUMNS,
    Changes,
    FloatArray,
    IntArray,
    StoredPaper,
    WindowTable,
    stored_paper,
    unpack_sentences,
    unpack_windows,
)
from assistant.library.selection import select_ids
from assistant.library.writer import Writer
from assistant.papers import Paper
from assistant.text import fold

_NEAR_NAME = 75.0  # of 100: two letters of a short key wrong, or its last third missing
_KEPT_SELECTIONS = 16  # filters whose row ids stay in memory


class Library:
    """The papers of one store. Threads share it; one transaction writes at a time.

    `journal` holds what was answered, `records` what each source said, `maintenance` looks after the file.

    Every transaction that changes papers raises `generation` by one, and each index records the
    generation it contains.
    """

    def __init__(self, database: Database, store: Path) -> None:
        self.store = store
        self.journal = Journal(database)
        self.records = Records(database)
        self.maintenance = Maintenance(database)
        self._database = database
        self._selections: dict[tuple[int, str], IntArray] = {}

    @classmethod
    def open(cls, store: Path, *, create: bool = False) -> Library:
        """Return the library in the folder `store`, made first where `create` is true and there is none.

        Raises:
            StoreError: no library is there, or it cannot be used.
        """
        return cls(open_database(store, create=create), store)

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def __enter__(self) -> Library:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def generation(self) -> int:
        """The number of the last transaction that changed papers; 0 for a new library."""
        return int(self.setting("generation") or 0)

    @property
    def floor(self) -> int:
        """The lowest generation that the library tells all changes since: below it an index must be built anew."""
        return int(self.setting("floor") or 0)

    @property
    def dimension(self) -> int:
        """The number of components of a vector; 0 while no embedder has been chosen."""
        return int(self.setting("dimension") or 0)

    def setting(self, name: str) -> str | None:
        """Return what the library remembers under `name`, such as its embedder."""
        rows = self._database.rows("SELECT value FROM meta WHERE name = ?", name)
        return str(rows[0][0]) if rows else None

    def remember(self, name: str, value: str) -> None:
        """Store a setting of the library."""
        self._database.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", name, value)

    def count(self) -> int:
        """Return the number of papers."""
        return int(self._database.rows("SELECT count(*) FROM papers")[0][0])

    def get(self, key: str) -> Paper:
        """Return the paper with the citation key or alias `key`.

        Raises:
            UnknownKeyError: no paper has that name.
        """
        paper = self.find(key)
        if paper is None:
            near = self._nearest_name(key)
            hint = f"did you mean {near!r}?" if near else "list them with: assistant papers"
            raise UnknownKeyError(f"no paper has the key {key!r}", hint)
        return paper

    def find(self, key: str) -> Paper | None:
        """Return the paper with the citation key or alias `key`, None where there is none.

        A key in other case is known too where it can only be one paper's.
        """
        number = self.ids_of_keys([key]).get(key)
        if number is None:
            rows = self._database.rows("SELECT DISTINCT paper_id FROM names WHERE name = ? COLLATE NOCASE", key)
            number = int(rows[0][0]) if len(rows) == 1 else None
        return self.load([number])[number].paper if number is not None else None

    def keys_beginning(self, start: str, limit: int) -> list[tuple[str, str]]:
        """Return the first `limit` keys that begin with `start`, each with its paper's title."""
        sql = "SELECT key, title FROM papers WHERE substr(key, 1, ?) = ? ORDER BY key LIMIT ?"
        return [(str(key), str(title)) for key, title in self._database.rows(sql, len(start), start, limit)]

    def _nearest_name(self, key: str) -> str | None:
        """Return the key or alias that `key` begins, or may be misspelt for; case aside."""
        names = [str(row[0]) for row in self._database.rows("SELECT DISTINCT name FROM names ORDER BY name")]
        begun = next((name for name in names if key and name.casefold().startswith(key.casefold())), None)
        found = process.extractOne(key, names, scorer=fuzz.ratio, processor=str.casefold, score_cutoff=_NEAR_NAME)
        return begun or (found[0] if found else None)

    def ids_of_keys(self, keys: Sequence[str]) -> dict[str, int]:
        """Return the row id of each key or alias that is known; a key wins over another paper's alias."""
        sql = (
            "SELECT name, paper_id FROM names JOIN papers ON papers.id = paper_id "
            "WHERE name IN ({}) ORDER BY papers.key = name DESC, paper_id"
        )
        found: dict[str, int] = {}
        for name, number in self._database.rows_in(sql, keys):
            found.setdefault(name, number)
        return found

    def has_key(self, key: str) -> bool:
        """Return whether a paper has the citation key `key`; aliases do not count."""
        return bool(self._database.rows("SELECT 1 FROM papers WHERE key = ?", key))

    def has_author(self, name: str) -> bool:
        """Return whether a paper has an author of that family or whole name, accents and case aside."""
        return bool(self._database.rows("SELECT 1 FROM authors WHERE name = ? LIMIT 1", fold(name)))

    def papers(self, filters: Filter | None = None, order: Order | None = None) -> Iterator[Paper]:
        """Yield the papers that `filters` lets pass, in `order` (as they were added); only those are loaded."""
        numbers = ordered_ids(self._database, self.matching_ids(filters), order or Order())
        for start in range(0, len(numbers), 500):
            part = numbers[start : start + 500]
            stored = self.load(part)
            yield from (stored[number].paper for number in part if number in stored)

    def years(self, filters: Filter | None = None) -> Counter[int | None]:
        """Return how many of the papers that `filters` let pass appeared in each year, None where it is unknown."""
        ids = self.matching_ids(filters)
        if ids is None:
            rows = self._database.rows("SELECT year FROM papers")
        else:
            rows = list(self._database.rows_in("SELECT year FROM papers WHERE id IN ({})", ids.tolist()))
        return Counter(row[0] for row in rows)

    def matching_ids(self, filters: Filter | None) -> IntArray | None:
        """Return the sorted row ids that `filters` lets pass, or None where it restricts nothing."""
        if not filters:
            return None
        slot = (self.generation, str(filters))
        ids = self._selections.get(slot)
        if ids is None:
            ids = select_ids(self._database, filters)
            if len(self._selections) >= _KEPT_SELECTIONS:
                self._selections.clear()
            self._selections[slot] = ids
        return ids

    def load(self, ids: Sequence[int]) -> dict[int, StoredPaper]:
        """Return the papers of the row ids that exist."""
        sql = f"SELECT id, {RECORD_COLUMNS} FROM papers WHERE id IN ({{}})"  # noqa: S608  constants
        return {row[0]: stored_paper(row) for row in self._database.rows_in(sql, ids)}

    def titles(self, ids: Sequence[int]) -> dict[int, str]:
        """Return the titles of the row ids that exist."""
        return dict(self._database.rows_in("SELECT id, title FROM papers WHERE id IN ({})", ids))

    def texts(self, ids: Sequence[int]) -> Iterator[tuple[int, str]]:
        """Yield (row id, title and abstract) of the papers, for the lexical index."""
        sql = "SELECT id, title || char(10) || abstract FROM papers WHERE id IN ({})"
        for start in range(0, len(ids), 2000):
            yield from self._database.rows_in(sql, ids[start : start + 2000])

    def sentence_vectors(self, ids: Sequence[int]) -> dict[int, FloatArray]:
        """Return, for each row id, the sentence vectors, shape (sentences, d); (0, d) without an abstract."""
        dimension = self.dimension
        sql = "SELECT paper_id, vectors FROM sentence_vectors WHERE paper_id IN ({})"
        found = dict(self._database.rows_in(sql, ids))
        packed = [found.get(number, b"") for number in ids]
        ends = np.cumsum([len(each) // dimension if dimension else 0 for each in packed])
        rows = np.split(unpack_sentences(b"".join(packed), dimension), ends[:-1])
        return dict(zip(ids, rows, strict=False))

    def window_vectors(self, ids: Sequence[int] | None = None) -> WindowTable:
        """Return the vectors of the windows `ids`, or of all windows, ordered by window id."""
        columns = "SELECT id, paper_id, vector FROM windows"
        if ids is None:
            rows = self._database.rows(f"{columns} ORDER BY id")
        else:
            rows = sorted(self._database.rows_in(f"{columns} WHERE id IN ({{}})", ids))
        return WindowTable(
            np.array([row[0] for row in rows], dtype=np.int64),
            np.array([row[1] for row in rows], dtype=np.int64),
            unpack_windows((row[2] for row in rows), self.dimension),
        )

    def windows_of(self, number: int) -> WindowTable:
        """Return the vectors of one paper's windows."""
        return self.window_vectors(self._database.ids("SELECT id FROM windows WHERE paper_id = ?", number))

    def first_vectors(self, ids: Sequence[int]) -> FloatArray:
        """Return the vector of each paper's first window, shape (n, d); zeros for a paper without one."""
        sql = "SELECT paper_id, vector FROM windows WHERE first = 0 AND paper_id IN ({})"
        found = dict(self._database.rows_in(sql, ids))
        vectors = np.zeros((len(ids), self.dimension), np.float32)
        held = [place for place, number in enumerate(ids) if number in found]
        vectors[held] = unpack_windows((found[ids[place]] for place in held), self.dimension)
        return vectors

    def token_bits(self, ids: Sequence[int]) -> dict[int, TokenBits]:
        """Return the signs of token states of those papers of the row ids that have them: the title, each sentence."""
        sql = "SELECT paper_id, tokens FROM windows WHERE paper_id IN ({}) ORDER BY paper_id, first"
        dimension = self.dimension
        found: dict[int, list[TokenBits]] = {}
        for number, packed in self._database.rows_in(sql, ids):
            if packed is not None:
                found.setdefault(number, []).append(TokenBits.unpack(packed, dimension))
        return {number: TokenBits.join(windows) for number, windows in found.items()}

    def windows_by_hash(self, number: int) -> dict[bytes, WindowVectors]:
        """Return the vectors of a paper's windows by hash."""
        rows = self._database.rows("SELECT first, last, hash, vector, tokens FROM windows WHERE paper_id = ?", number)
        dimension = self.dimension
        sentences = self.sentence_vectors([number])[number]
        return {
            digest: WindowVectors(
                unpack_windows([vector], dimension)[0],
                sentences[first:last],
                TokenBits.unpack(tokens, dimension) if tokens is not None else None,
            )
            for first, last, digest, vector, tokens in rows
        }

    def changes_since(self, generation: int) -> Changes:
        """Return what happened after `generation`; -1 asks for everything."""
        ids = self._database.ids
        # Left to itself SQLite reads every paper and every vector, for they lie in the order wanted.
        papers = "SELECT id FROM papers INDEXED BY papers_generation WHERE generation > ? ORDER BY id"
        windows = "SELECT id FROM windows INDEXED BY windows_generation WHERE generation > ? ORDER BY id"
        return Changes(
            since=generation,
            until=self.generation,
            removed_papers=ids("SELECT id FROM removed WHERE kind = 'paper' AND generation > ?", generation),
            removed_windows=ids("SELECT id FROM removed WHERE kind = 'window' AND generation > ?", generation),
            written_papers=ids(papers, generation),
            written_windows=ids(windows, generation),
        )

    def with_identifiers(self, identifiers: Iterable[tuple[str, str]]) -> list[int]:
        """Return the row ids that share any of the (kind, value) identifiers, oldest first."""
        sql = "SELECT paper_id FROM identifiers WHERE kind = ? AND value = ?"
        return sorted({number for kind, value in identifiers for number in self._database.ids(sql, kind, value)})

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Read everything inside from one generation, whatever another process commits meanwhile."""
        with self._database.snapshot():
            yield

    @contextmanager
    def rehearsal(self) -> Iterator[None]:
        """Undo at the end every transaction that ran inside."""
        with self._database.rehearsal():
            yield
        self._selections.clear()

    @contextmanager
    def transaction(self) -> Iterator[Writer]:
        """Open one transaction that changes papers: all of it is kept, or none.

        Raises:
            StoreError: the library could not be written; nothing of the transaction is kept.
        """
        with self._database.transaction():
            writer = Writer(self._database, self.generation + 1)
            yield writer
            self.remember("generation", str(writer.generation))
