"""Making vectors anew: all of them for another embedder, or those that a damaged library lost."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable
from pathlib import Path

from assistant.drafts import Draft, embed_drafts, tokens_of
from assistant.embedders import Embedder
from assistant.indexes import Indexes
from assistant.library import LIBRARY_FILE, Library, copy_file, writer_lock
from assistant.windows import WINDOW_RECIPE

BATCH = 256  # papers of one transaction
_FOLDER = "reembedding"  # the copy of the library that gets the new vectors, kept when the work is interrupted
_BEGUN, _DONE = "reembedding", "reembedded"

Progress = Callable[[int, int], None]  # papers done, papers in all


def bind(library: Library, embedder: Embedder) -> None:
    """Note that the library's vectors are this embedder's."""
    library.remember("embedder", embedder.name)
    library.remember("dimension", str(embedder.dimension))
    library.remember("window_recipe", WINDOW_RECIPE)


def complete(library: Library, embedder: Embedder) -> int:
    """Embed the papers that lack windows or vectors; return how many there were. The caller holds the writer lock.

    They are all of them where the library does not know any more which embedder made its vectors.
    """
    if library.setting("embedder") is None:
        bind(library, embedder)
        numbers = list(library.changes_since(-1).written_papers)
    else:
        numbers = sorted(library.ids_of_keys(library.maintenance.incomplete_papers()).values())
    for start in range(0, len(numbers), BATCH):
        _embed(library, embedder, numbers[start : start + BATCH])
    return len(numbers)


def tokens_to_embed(store: Path) -> int:
    """Return about how many tokens another embedder would read to embed the library."""
    with Library.open(store) as library:
        return sum(tokens_of(paper.title, paper.abstract) for paper in library.papers())


def reembed(store: Path, embedder: Embedder, *, wait: float = 0.0, progress: Progress = lambda *_: None) -> int:
    """Compute every vector of the library anew; return how many papers it has.

    The work is done on a copy, and taken over in one step: until then the store is as it was. An
    interrupted run goes on where it stopped.
    """
    with writer_lock(store, wait), Library.open(store) as library:
        beside = store / _FOLDER
        state = f"{library.generation} {embedder.name} {WINDOW_RECIPE}"
        if not _was_begun(beside, state):
            shutil.rmtree(beside, ignore_errors=True)
            beside.mkdir()
            copy_file(store / LIBRARY_FILE, beside / LIBRARY_FILE)
        with Library.open(beside) as copy:
            copy.remember(_BEGUN, state)
            bind(copy, embedder)
            numbers = copy.changes_since(-1).written_papers
            waiting = [number for number in numbers if number > int(copy.setting(_DONE) or 0)]
            for start in range(0, len(waiting), BATCH):
                progress(len(numbers) - len(waiting) + start, len(numbers))
                part = waiting[start : start + BATCH]
                _embed(copy, embedder, part)
                copy.remember(_DONE, str(part[-1]))
        library.maintenance.adopt_vectors(beside / LIBRARY_FILE)
        indexes = Indexes.open(library, write=True)
        try:
            indexes.rebuild()
        finally:
            indexes.close()
        shutil.rmtree(beside, ignore_errors=True)
        library.maintenance.compact()
        return library.count()


def _was_begun(beside: Path, state: str) -> bool:
    with contextlib.suppress(Exception), Library.open(beside) as copy:
        return copy.setting(_BEGUN) == state
    return False


def _embed(library: Library, embedder: Embedder, numbers: list[int]) -> None:
    stored = library.load(numbers)
    drafts = [Draft(stored[number].paper, stored[number]) for number in numbers]
    writes = embed_drafts(drafts, embedder).writes
    with library.transaction() as writer:
        for write in writes:
            writer.write(write)
