"""Doctor, reindex, backup, restore and re-embedding: every kind of damage is named and mended, and nothing is lost."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from assistant import upkeep
from assistant.app import open_assistant
from assistant.embedders import FloatArray, WindowText, WindowVectors
from assistant.errors import SourceError, StoreError, StoreLockedError
from assistant.indexes import LEXICAL_FOLDER, VECTORS_FOLDER
from assistant.library import LIBRARY_FILE, Library, writer_lock
from assistant.reembedding import complete, reembed
from assistant.settings import Settings
from assistant.vectors import VectorIndex
from assistant.windows import WINDOW_RECIPE
from tests.fakes import HashEmbedder
from tests.test_ingest import entry, write

FRUIT = ("apples", "pears", "plums", "quinces", "figs")


@pytest.fixture
def filled(store: Path, tmp_path: Path) -> Path:
    """A store of five papers."""
    source = write(tmp_path / "a.jsonl", *(fruit(i) for i in range(5)))
    with open_assistant(Settings(store=store, llm="none")) as assistant:
        assistant.embedder = HashEmbedder()
        assistant.ingest([str(source)])
    return store


def fruit(number: int) -> dict[str, object]:
    return {**entry(number, text=f"We study {FRUIT[number]}. They keep."), "title": f"Keeping {FRUIT[number]} cold"}


def titles(store: Path, query: str = "keeping") -> set[str]:
    """Return what a search finds, as the next command would run it."""
    with open_assistant(Settings(store=store, llm="none")) as assistant:
        assistant.embedder = HashEmbedder()
        return {ranked.paper.title for ranked in assistant.search(query, top_k=50).papers}


def everything(store: Path) -> set[str]:
    with Library.open(store) as library:
        return {paper.title for paper in library.papers()}


def codes(store: Path) -> list[str]:
    return [finding.code for finding in upkeep.examine(store)]


def corrupt(store: Path, share: float) -> None:
    """Overwrite the end of the library's file."""
    path = store / LIBRARY_FILE
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(int(size * share))
        file.write(os.urandom(size - int(size * share)))


def test_a_sound_store_has_no_findings(filled: Path) -> None:
    assert codes(filled) == []
    assert upkeep.repair(filled) == []


@pytest.mark.parametrize("folder", [VECTORS_FOLDER, LEXICAL_FOLDER])
def test_a_deleted_index_is_named_and_built_again(filled: Path, folder: str) -> None:
    shutil.rmtree(filled / folder)
    assert codes(filled) == ["index_behind"]
    assert len(upkeep.repair(filled)) == 1
    assert codes(filled) == []
    assert len(titles(filled)) == 5


def test_a_deleted_index_is_built_by_whoever_needs_it(filled: Path) -> None:
    shutil.rmtree(filled / VECTORS_FOLDER)
    shutil.rmtree(filled / LEXICAL_FOLDER)
    assert len(titles(filled)) == 5
    assert codes(filled) == []


def lose_rows(store: Path) -> None:
    with Library.open(store) as library:
        table = library.window_vectors()
        index = VectorIndex.open(store / VECTORS_FOLDER, library.dimension, write=True)
        index.rebuild(table.window_ids[:-1], table.paper_ids[:-1], table.vectors[:-1], library.generation)
        index.close()


def mark_chroma(store: Path) -> None:
    (store / VECTORS_FOLDER / "hnsw.dirty").touch()


def empty_chroma(store: Path) -> None:
    for folder in (store / VECTORS_FOLDER).glob("hnsw-*"):
        shutil.rmtree(folder)


@pytest.mark.parametrize(
    ("damage", "code"),
    [(lose_rows, "vectors_differ"), (mark_chroma, "chroma_behind"), (empty_chroma, "vectors_differ")],
)
def test_an_index_that_differs_from_the_library_is_found(
    filled: Path, damage: Callable[[Path], None], code: str
) -> None:
    damage(filled)
    assert codes(filled) == [code]
    upkeep.reindex(filled)
    assert codes(filled) == []


@pytest.mark.parametrize("share", [0.1, 0.6, 0.9])
@pytest.mark.parametrize("how", ["truncated", "overwritten"])
def test_a_damaged_library_is_kept_and_what_can_be_read_is_read(
    filled: Path, tmp_path: Path, share: float, how: str
) -> None:
    with open_assistant(Settings(store=filled, llm="none")) as assistant:
        assistant.embedder = HashEmbedder()
        assistant.ingest([str(write(tmp_path / "b.jsonl", *(entry(i, doi=f"10.1/{i}") for i in range(200))))])
    with closing(sqlite3.connect(filled / LIBRARY_FILE)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    if how == "truncated":
        os.truncate(filled / LIBRARY_FILE, int((filled / LIBRARY_FILE).stat().st_size * share))
    else:
        corrupt(filled, share)
    before = (filled / LIBRARY_FILE).read_bytes()
    assert codes(filled) == ["library_damaged"]
    said = upkeep.repair(filled, lambda library: complete(library, HashEmbedder()))
    assert "papers were read from the damaged library" in said[0]
    assert (filled / f"{LIBRARY_FILE}.damaged-1").read_bytes() == before
    assert codes(filled) == []
    if share > 0.5:
        kept = everything(filled)
        assert len(kept) > 100 * share
        assert titles(filled, " ".join(kept)) <= kept


def test_papers_that_lost_their_vectors_are_kept_and_embedded_again(filled: Path) -> None:
    with closing(sqlite3.connect(filled / LIBRARY_FILE)) as connection:
        connection.execute("DELETE FROM windows WHERE paper_id = 2")
        connection.execute("DELETE FROM sentence_vectors WHERE paper_id = 3")
        connection.commit()
    assert "incomplete_paper" in codes(filled)
    assert upkeep.repair(filled, lambda library: complete(library, HashEmbedder()))[0].startswith("2 papers")
    assert codes(filled) == []
    assert len(titles(filled)) == 5


@pytest.mark.parametrize("content", [b"", b"garbage " * 1000, b"SQLite format 3\0" + b"\xff" * 5000])
def test_garbage_in_the_place_of_the_library(filled: Path, content: bytes) -> None:
    for tail in ("-wal", "-shm"):
        Path(f"{filled / LIBRARY_FILE}{tail}").unlink(missing_ok=True)
    (filled / LIBRARY_FILE).write_bytes(content)
    with pytest.raises(StoreError, match="library doctor"):
        Library.open(filled, create=True)
    assert codes(filled) == ["library_damaged"]
    upkeep.repair(filled)
    assert codes(filled) == []
    assert everything(filled) == set()


def test_a_library_of_a_newer_version_is_refused_and_not_repaired(filled: Path) -> None:
    with closing(sqlite3.connect(filled / LIBRARY_FILE)) as connection:
        connection.execute("PRAGMA user_version = 99")
    for action in (upkeep.examine, upkeep.repair, upkeep.reindex):
        with pytest.raises(StoreError, match=r"newer version.*upgrade the program"):
            action(filled)
    assert not list(filled.glob("*.damaged*"))


def test_a_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / LIBRARY_FILE)) as connection:
        connection.execute("CREATE TABLE theirs (x)")
    with pytest.raises(StoreError, match="another program"):
        Library.open(tmp_path, create=True)
    with closing(sqlite3.connect(tmp_path / LIBRARY_FILE)) as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("theirs",)]


def test_a_library_of_the_first_format_is_brought_up(filled: Path) -> None:
    with closing(sqlite3.connect(filled / LIBRARY_FILE)) as connection:
        connection.executescript(
            "DROP TABLE files; DROP INDEX records_name; ALTER TABLE windows DROP COLUMN tokens;PRAGMA user_version = 1"
        )
    assert len(titles(filled)) == 5
    with Library.open(filled) as library:
        assert library.records.unchanged_file("none", b"", "") is None


def test_reindex_gives_the_bytes_of_removed_papers_back(store: Path, tmp_path: Path) -> None:
    words = np.random.default_rng(0).integers(0, 10**9, (300, 60))
    entries = [entry(i, text=" ".join(map(str, row)) + ".", doi=f"10.1/{i}") for i, row in enumerate(words)]
    with open_assistant(Settings(store=store, llm="none")) as assistant:
        assistant.embedder = HashEmbedder()
        assistant.ingest([str(write(tmp_path / "a.jsonl", *entries))])
        keys = [paper.key for paper in assistant.papers()]
        assistant.remove(keys[10:])
    before = _bytes(store)
    upkeep.reindex(store)
    assert _bytes(store) < before / 3
    assert codes(store) == []
    assert len(titles(store)) == 10


def _bytes(store: Path) -> int:
    return sum(path.stat().st_size for path in store.rglob("*") if path.is_file())


def test_a_reader_whose_index_is_older_than_the_floor_builds_it_anew(filled: Path, tmp_path: Path) -> None:
    """What `reindex` forgot cannot be replayed: an index put back from before must not be brought up by the rest."""
    shutil.copytree(filled / LEXICAL_FOLDER, tmp_path / "old")
    with open_assistant(Settings(store=filled, llm="none")) as assistant:
        assistant.embedder = HashEmbedder()
        assistant.remove(["lee2000keeping"])
    upkeep.reindex(filled)
    shutil.rmtree(filled / LEXICAL_FOLDER)
    shutil.copytree(tmp_path / "old", filled / LEXICAL_FOLDER)
    assert len(titles(filled)) == 4
    assert codes(filled) == []


def test_a_backup_is_a_store_of_its_own(filled: Path, tmp_path: Path) -> None:
    upkeep.backup(filled, tmp_path / "backup.sqlite3")
    with pytest.raises(StoreError, match="exists already"):
        upkeep.backup(filled, tmp_path / "backup.sqlite3")
    assert upkeep.restore(tmp_path / "elsewhere", tmp_path / "backup.sqlite3") == 5
    assert codes(tmp_path / "elsewhere") == []
    assert titles(tmp_path / "elsewhere") == titles(filled)


def test_a_backup_beside_a_writer_holds_whole_transactions(filled: Path, tmp_path: Path) -> None:
    with Library.open(filled) as library, writer_lock(filled):
        number = library.ids_of_keys(["lee2000keeping"])["lee2000keeping"]
        with library.transaction() as writer:
            writer.remove(number)
            upkeep.backup(filled, tmp_path / "backup.sqlite3")
    upkeep.restore(tmp_path / "elsewhere", tmp_path / "backup.sqlite3")
    assert len(everything(tmp_path / "elsewhere")) == 5


def test_restoring_keeps_the_library_before_and_readers_go_on_with_the_new_one(filled: Path, tmp_path: Path) -> None:
    upkeep.backup(filled, tmp_path / "backup.sqlite3")
    with open_assistant(Settings(store=filled, llm="none")) as reader:
        reader.embedder = HashEmbedder()
        assert len(reader.search("keeping", top_k=50).papers) == 5
        with open_assistant(Settings(store=filled, llm="none")) as assistant:
            assistant.embedder = HashEmbedder()
            assistant.remove(["lee2000keeping", "lee2001keeping"])
        assert len(reader.search("keeping", top_k=50).papers) == 3
        assert upkeep.restore(filled, tmp_path / "backup.sqlite3") == 5
        assert len(reader.search("keeping", top_k=50).papers) == 5
    assert codes(filled) == []
    (kept,) = filled.glob("*.before-restore-1")
    with closing(sqlite3.connect(kept)) as connection:
        assert connection.execute("SELECT count(*) FROM papers").fetchone() == (3,)


def test_a_damaged_library_can_be_restored_over(filled: Path, tmp_path: Path) -> None:
    upkeep.backup(filled, tmp_path / "backup.sqlite3")
    (filled / LIBRARY_FILE).write_bytes(b"garbage " * 100)
    assert upkeep.restore(filled, tmp_path / "backup.sqlite3") == 5
    assert (filled / f"{LIBRARY_FILE}.before-restore-1").read_bytes().startswith(b"garbage")
    assert len(titles(filled)) == 5


@pytest.mark.parametrize("content", [None, b"", b"no library " * 100])
def test_what_is_no_backup_is_refused(filled: Path, tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "file").write_bytes(content)
    with pytest.raises(SourceError, match="library backup wrote"):
        upkeep.restore(filled, tmp_path / "file")
    assert len(titles(filled)) == 5


def test_nothing_is_written_beside_another_writer(filled: Path, tmp_path: Path) -> None:
    upkeep.backup(filled, tmp_path / "backup.sqlite3")
    actions: list[Callable[[Path], object]] = [
        upkeep.reindex,
        upkeep.repair,
        partial(upkeep.restore, source=tmp_path / "backup.sqlite3"),
    ]
    with writer_lock(filled):
        for action in actions:
            with pytest.raises(StoreLockedError, match=r"process \d+"):
                action(filled)


@pytest.mark.parametrize("action", [upkeep.examine, upkeep.reindex, upkeep.repair])
def test_without_a_library_nothing_is_made(tmp_path: Path, action: Callable[[Path], object]) -> None:
    with pytest.raises(StoreError, match="there is no library"):
        action(tmp_path / "none")
    assert not (tmp_path / "none").exists()


class LongerEmbedder(HashEmbedder):
    """Another embedder: other vectors, of another length."""

    name = "hash-96"
    dimension = 96


class StoppingEmbedder(LongerEmbedder):
    """Is interrupted at its second call."""

    def embed_windows(self, windows: Sequence[WindowText]) -> list[WindowVectors]:
        if self.embedded:
            raise KeyboardInterrupt
        return super().embed_windows(windows)


def test_another_embedder_is_named_and_its_vectors_take_the_place_of_the_old(filled: Path) -> None:
    (finding,) = upkeep.examine(filled, ("hash-96", WINDOW_RECIPE))
    assert (finding.code, finding.mend) == ("other_embedder", "assistant library reindex --embed")
    assert reembed(filled, LongerEmbedder()) == 5
    assert upkeep.examine(filled, ("hash-96", WINDOW_RECIPE)) == []
    with open_assistant(Settings(store=filled, llm="none")) as assistant:
        assistant.embedder = LongerEmbedder()
        assert len(assistant.search("keeping", top_k=50).papers) == 5
        vectors: FloatArray = assistant.library.window_vectors().vectors
        assert vectors.shape == (5, 96)
    assert not (filled / "reembedding").exists()


def test_an_interrupted_reembedding_leaves_the_store_and_goes_on(filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.reembedding.BATCH", 2)
    with pytest.raises(KeyboardInterrupt):
        reembed(filled, StoppingEmbedder())
    assert codes(filled) == []
    assert len(titles(filled)) == 5
    embedder = LongerEmbedder()
    assert reembed(filled, embedder) == 5
    assert embedder.embedded == 3
    assert codes(filled) == []
