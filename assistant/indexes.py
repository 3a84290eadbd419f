"""Keeping the two indexes of a store at the library's generation."""

from __future__ import annotations

from collections.abc import Callable

from assistant.lexical import LexicalIndex
from assistant.library import Library
from assistant.vectors import VectorIndex

VECTORS_FOLDER = "chroma"
LEXICAL_FOLDER = "lexical"


class Indexes:
    """The vector index and the lexical index of one library.

    Both are derived from the library: whatever they lack is replayed from it, and an index that cannot
    be used is built anew, in either case without computing an embedding.
    """

    def __init__(self, library: Library, vectors: VectorIndex, lexical: LexicalIndex) -> None:
        self.vectors = vectors
        self.lexical = lexical
        self._library = library

    @classmethod
    def open(cls, library: Library, *, write: bool = False) -> Indexes:
        """Open both indexes of the library's store as they are; see `behind` and `sync`."""
        vectors = VectorIndex.open(library.store / VECTORS_FOLDER, library.dimension, write=write)
        lexical = LexicalIndex.open(library.store / LEXICAL_FOLDER, write=write)
        return cls(library, vectors, lexical)

    @property
    def behind(self) -> bool:
        """Whether an index holds another generation than the library."""
        generation = self._library.generation
        return self.vectors.generation != generation or self.lexical.generation != generation

    def refresh(self) -> None:
        """Take up what another process has written since the indexes were opened."""
        self.vectors.refresh()
        self.lexical.refresh()

    def sync(self) -> tuple[str, ...]:
        """Bring both indexes to the library's generation; return a line for each one that was built anew.

        The caller holds the writer lock.
        """
        return tuple(line for line in (self._sync_vectors(), self._sync_lexical()) if line)

    def rebuild(self, progress: Callable[[str], None] | None = None) -> None:
        """Build both indexes anew from the library. The caller holds the writer lock."""
        say = progress or (lambda _: None)
        say("vectors")
        self._rebuild_vectors()
        say("words")
        self._rebuild_lexical()

    def close(self) -> None:
        """Close both indexes."""
        self.vectors.close()
        self.lexical.close()

    def _sync_vectors(self) -> str:
        generation, until = self.vectors.generation, self._library.generation
        if generation == until:
            return ""
        if not 0 <= generation < until:
            self._rebuild_vectors()
            return "the vector index was built anew from the library" if until > 1 else ""
        changes = self._library.changes_since(generation)
        table = self._library.window_vectors(changes.written_windows)
        self.vectors.apply(changes.removed_windows, table.window_ids, table.paper_ids, table.vectors, until)
        return ""

    def _rebuild_vectors(self) -> None:
        table = self._library.window_vectors()
        self.vectors.rebuild(table.window_ids, table.paper_ids, table.vectors, self._library.generation)

    def _sync_lexical(self) -> str:
        generation, until = self.lexical.generation, self._library.generation
        if generation == until:
            return ""
        if not 0 <= generation < until:
            self._rebuild_lexical()
            return "the word index was built anew from the library" if until > 1 else ""
        changes = self._library.changes_since(generation)
        self.lexical.apply(changes.removed_papers, self._library.texts(changes.written_papers), until)
        return ""

    def _rebuild_lexical(self) -> None:
        everything = self._library.changes_since(-1).written_papers
        self.lexical.rebuild(self._library.texts(everything), self._library.generation)
