"""Both indexes follow the library, whatever happened to them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from assistant.indexes import LEXICAL_FOLDER, VECTORS_FOLDER, Indexes
from assistant.library import Library, PaperWrite, StoredWindow
from assistant.papers import Paper
from assistant.text import split_sentences
from tests.fakes import HashEmbedder

EMBEDDER = HashEmbedder()


@pytest.fixture
def library(store: Path) -> Iterator[Library]:
    with Library.open(store, create=True) as made:
        made.remember("dimension", str(EMBEDDER.dimension))
        yield made


def add(library: Library, *keys: str, text: str = "sorting") -> list[int]:
    """Write one paper a key whose abstract says `text` and the key."""
    with library.transaction() as writer:
        return [writer.write(_row(key, text)) for key in keys]


def _row(key: str, text: str, number: int | None = None) -> PaperWrite:
    paper = Paper(title=f"On {key}", abstract=f"We study {text} and {key}.", key=key)
    sentences = split_sentences(paper.abstract)
    vectors = EMBEDDER.embed_queries([s.text for s in sentences])
    return PaperWrite(paper, sentences, (StoredWindow(0, len(sentences), b"", vectors[0]),), vectors, (), number)


def found(indexes: Indexes, words: str) -> tuple[set[int], set[int]]:
    """Return the papers that each index finds for `words`."""
    vector = EMBEDDER.embed_queries([words])[0]
    near = {hit.paper_id for hit in indexes.vectors.search(vector, 10) if hit.score > 0.3}
    return near, {hit.paper_id for hit in indexes.lexical.search(words, 10)}


def synced(library: Library) -> Indexes:
    indexes = Indexes.open(library, write=True)
    indexes.sync()
    return indexes


def test_each_index_learns_of_new_changed_and_removed_papers(library: Library) -> None:
    apples, pears = add(library, "apples", "pears")
    indexes = synced(library)
    assert found(indexes, "apples") == ({apples}, {apples})
    with library.transaction() as writer:
        writer.write(replace(_row("pears", "plums"), id=pears))
        writer.remove(apples)
    before = indexes.behind
    indexes.sync()
    assert (before, indexes.behind) == (True, False)
    assert found(indexes, "apples") == (set(), set())
    assert found(indexes, "plums") == ({pears}, {pears})
    indexes.close()


@pytest.mark.parametrize("folder", [VECTORS_FOLDER, LEXICAL_FOLDER])
@pytest.mark.parametrize("damage", ["deleted", "emptied", "garbage"])
def test_a_damaged_index_is_built_anew_from_the_library(library: Library, folder: str, damage: str) -> None:
    numbers = add(library, "apples")
    add(library, "pears")
    synced(library).close()
    place = library.store / folder
    for path in [path for path in place.rglob("*") if path.is_file()]:
        if damage == "garbage":
            path.write_bytes(b"garbage")
        else:
            path.unlink()
    if damage == "deleted":
        shutil.rmtree(place)
    indexes = Indexes.open(library, write=True)
    indexes.sync()
    assert found(indexes, "apples") == (set(numbers), set(numbers))
    indexes.close()


def test_a_reader_takes_up_what_a_writer_has_written(library: Library) -> None:
    (apples,) = add(library, "apples")
    synced(library).close()
    reader = Indexes.open(library)
    (pears,) = add(library, "pears")
    synced(library).close()
    reader.refresh()
    assert found(reader, "pears") == ({pears}, {pears})
    assert found(reader, "apples") == ({apples}, {apples})
    reader.close()


def test_rebuilding_gives_the_same_index(library: Library) -> None:
    numbers = add(library, "apples", "pears", "plums")
    indexes = synced(library)
    before = [found(indexes, word) for word in ("apples", "pears", "sorting")]
    indexes.rebuild()
    assert [found(indexes, word) for word in ("apples", "pears", "sorting")] == before
    assert before[0] == ({numbers[0]}, {numbers[0]})
    assert np.array_equal(np.sort(library.window_vectors().paper_ids), numbers)
    indexes.close()
