"""Keeping the two indexes of a store at the library's generation, and reading all three at one generation."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from assistant.errors import StoreError
from assistant.lexical import LexicalIndex
from assistant.library import INDEX_FOLDERS, Library
from assistant.vectors import VectorIndex

VECTORS_FOLDER, LEXICAL_FOLDER = INDEX_FOLDERS
PATIENCE = 2.0  # seconds a reader waits for a writer that is between the library and the indexes
_PAUSE = 0.01


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
    def open(cls, library: Library, *, write: bool = False, folder: Path | None = None) -> Indexes:
        """Open both indexes of the library's store, or of another `folder`, as they are; see `behind` and `sync`."""
        place = folder or library.store
        vectors = VectorIndex.open(place / VECTORS_FOLDER, library.dimension, write=write)
        lexical = LexicalIndex.open(place / LEXICAL_FOLDER, write=write)
        return cls(library, vectors, lexical)

    @property
    def behind(self) -> bool:
        """Whether an index holds another generation than the library, or may hold more than it says."""
        generation = self._library.generation
        same = self.vectors.generation == self.lexical.generation == generation
        return not same or not self.lexical.settled

    @property
    def floor(self) -> int:
        """The lowest generation from which an index can be brought up; one below it is of no use."""
        return self._library.floor

    def refresh(self) -> None:
        """Take up what another process has written since the indexes were opened."""
        self.vectors.refresh()
        self.lexical.refresh()

    def sync(self) -> tuple[str, ...]:
        """Bring both indexes to the library's generation; return a line that says so where that mended something.

        The caller holds the writer lock.
        """
        # The word index goes first: the vectors may wait for Chroma, and until both are done readers wait.
        done = [line for line in (self._sync_lexical(), self._sync_vectors()) if line]
        return (f"after an interrupted run {' and '.join(done)}",) if done else ()

    def follow(self) -> None:
        """Write to both indexes what the transaction just ended has changed. The caller holds the writer lock.

        Raises:
            StoreError: an index could not be written; the papers are in the library, and the next command mends it.
        """
        try:
            self.sync()
        except StoreError as error:
            message = f"{error.message}; the papers are in the library, and its indexes will be mended by the next run"
            raise StoreError(message, error.hint) from error

    def rebuild(self, progress: Callable[[str], None] | None = None) -> None:
        """Build both indexes anew from the library. The caller holds the writer lock."""
        say = progress or (lambda _: None)
        say("words")
        self._rebuild_lexical()
        say("vectors")
        self._rebuild_vectors()

    def close(self) -> None:
        """Close both indexes."""
        self.vectors.close()
        self.lexical.close()

    def _sync_vectors(self) -> str:
        generation, until = self.vectors.generation, self._library.generation
        if generation == until:
            return "Chroma was built anew" if self.vectors.settle() else ""
        if not self.floor <= generation < until:
            self._rebuild_vectors()
            return "the vector index was built anew" if until > 1 else ""
        changes = self._library.changes_since(generation)
        table = self._library.window_vectors(changes.written_windows)
        self.vectors.apply(changes.removed_windows, table.window_ids, table.paper_ids, table.vectors, until)
        return "the vector index was brought up to the library"

    def _rebuild_vectors(self) -> None:
        table = self._library.window_vectors()
        self.vectors.rebuild(table.window_ids, table.paper_ids, table.vectors, self._library.generation)

    def _sync_lexical(self) -> str:
        generation, until = self.lexical.generation, self._library.generation
        if generation == until and self.lexical.settled:
            return ""
        if not self.floor <= generation <= until:
            self._rebuild_lexical()
            return "the word index was built anew" if until > 1 else ""
        changes = self._library.changes_since(generation)
        try:
            self.lexical.apply(changes.removed_papers, self._library.texts(changes.written_papers), until)
        except StoreError:  # damage that shows only in writing; a full disk shows again
            self._rebuild_lexical()
            return "the word index was built anew"
        return "the word index was brought up to the library"

    def _rebuild_lexical(self) -> None:
        everything = self._library.changes_since(-1).written_papers
        self.lexical.rebuild(self._library.texts(everything), self._library.generation)


@contextmanager
def one_generation(
    library: Library, vectors: VectorIndex, lexical: LexicalIndex, patience: float | None = None
) -> Iterator[bool]:
    """Hold the library and both indexes at one generation while the code inside reads them.

    A writer commits to the library first and to the indexes at once afterwards; whoever comes in between
    waits. Yields False where they have not come together within `patience` seconds (PATIENCE): a writer
    died there, or the indexes cannot be written.
    """
    until = time.monotonic() + (PATIENCE if patience is None else patience)
    while True:
        with library.snapshot():
            vectors.refresh()
            lexical.refresh()
            together = vectors.generation == lexical.generation == library.generation and lexical.settled
            if together or time.monotonic() > until:
                yield together
                return
        time.sleep(_PAUSE)
