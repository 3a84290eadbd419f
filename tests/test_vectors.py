"""The vector index: exact and approximate search, filters, crashes between any two steps, and readers."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from assistant.embedders import FloatArray
from assistant.errors import StoreError
from assistant.vectors import VectorIndex
from assistant.vectors import index as index_module

DIMENSION = 32


def random_vectors(count: int, seed: int = 0) -> FloatArray:
    rows = np.random.default_rng(seed).standard_normal((count, DIMENSION)).astype(np.float32)
    unit: FloatArray = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return unit


VECTORS = random_vectors(600)
WINDOWS = np.arange(1, 601)
PAPERS = np.arange(1, 601) // 2  # two windows a paper


@pytest.fixture
def index(tmp_path: Path) -> VectorIndex:
    index = VectorIndex.open(tmp_path / "chroma", DIMENSION, write=True)
    index.apply([], WINDOWS[:400], PAPERS[:400], VECTORS[:400], 1)
    return index


def nearest(index: VectorIndex, row: int, limit: int = 1, allowed: list[int] | None = None) -> list[int]:
    ids = None if allowed is None else np.array(allowed, np.int64)
    return [hit.window_id for hit in index.search(VECTORS[row], limit, ids)]


def through_chroma(index: VectorIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_module, "EXACT_WINDOWS", 10)
    index.warm()


def test_the_nearest_windows_come_first_with_their_cosine(index: VectorIndex) -> None:
    hits = index.search(VECTORS[7], 5)
    expected = np.argsort(-(VECTORS[:400] @ VECTORS[7]))[:5]
    assert [hit.window_id for hit in hits] == WINDOWS[expected].tolist()
    assert [hit.paper_id for hit in hits] == PAPERS[expected].tolist()
    assert hits[0].score == pytest.approx(1, abs=1e-5)


def test_more_than_there_are_gives_all(index: VectorIndex) -> None:
    assert len(index.search(VECTORS[0], 1000)) == 400
    assert index.search(VECTORS[0], 0) == []


@pytest.mark.parametrize("share", [0.001, 0.1, 0.6])
def test_only_allowed_papers_are_found_and_none_is_missed(index: VectorIndex, share: float) -> None:
    papers = np.unique(PAPERS[:400])
    allowed = np.sort(np.random.default_rng(1).choice(papers, max(1, int(share * len(papers))), replace=False))
    rows = np.flatnonzero(np.isin(PAPERS[:400], allowed))
    expected = rows[np.argsort(-(VECTORS[rows] @ VECTORS[3]))][:20]
    assert nearest(index, 3, 20, allowed.tolist()) == WINDOWS[expected].tolist()


def test_allowed_papers_that_do_not_exist_do_no_harm(index: VectorIndex) -> None:
    assert nearest(index, 3, 5, []) == []
    assert nearest(index, 3, 5, [10**6]) == []
    assert nearest(index, 3, 5, [2, 10**6]) != []


def test_writing_replaces_and_removing_removes(index: VectorIndex) -> None:
    index.apply([8], [9, 401], [PAPERS[8], PAPERS[400]], VECTORS[[500, 400]], 2)
    assert len(index) == 400
    assert nearest(index, 7) != [8]
    assert nearest(index, 500) == [9]
    assert nearest(index, 8) != [9]
    assert nearest(index, 400) == [401]


def test_the_same_change_twice_does_no_harm(index: VectorIndex) -> None:
    index.apply([8], WINDOWS[400:], PAPERS[400:], VECTORS[400:], 2)
    index.apply([8], WINDOWS[400:], PAPERS[400:], VECTORS[400:], 2)
    assert len(index) == 599
    assert nearest(index, 450, 2).count(451) == 1


def test_many_removals_rewrite_the_file(index: VectorIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.vectors.flat.SLACK", 10)
    index.apply(range(1, 301), [], [], VECTORS[:0], 2)
    sizes = [file.stat().st_size for file in (tmp_path / "chroma").glob("flat-*/vectors.f32")]
    assert sizes == [100 * DIMENSION * 4]
    assert nearest(index, 350) == [351]


def test_chroma_answers_as_exact_search_does(index: VectorIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    exact = [index.search(VECTORS[row], 10) for row in range(20)]
    through_chroma(index, monkeypatch)
    monkeypatch.setattr(index._flat, "search", None)  # only Chroma is left
    for row in range(20):
        hits = index.search(VECTORS[row], 10)
        assert len({hit.window_id for hit in hits} & {hit.window_id for hit in exact[row]}) >= 9
        assert [hit.score for hit in hits] == pytest.approx([hit.score for hit in exact[row]], abs=0.05)
        assert hits[0].paper_id == PAPERS[row]


def test_a_filter_is_always_answered_exactly(index: VectorIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    through_chroma(index, monkeypatch)
    monkeypatch.setattr(index._hnsw, "search", None)
    assert nearest(index, 3, 1, [int(PAPERS[3])]) == [4]


def test_chroma_follows_changes(index: VectorIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    through_chroma(index, monkeypatch)
    index.apply([8], WINDOWS[400:], PAPERS[400:], VECTORS[400:], 2)
    monkeypatch.setattr(index._flat, "search", None)
    assert nearest(index, 500) == [501]
    assert nearest(index, 7) != [8]


def test_a_reader_follows_the_writer(index: VectorIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = VectorIndex.open(tmp_path / "chroma", DIMENSION)
    through_chroma(reader, monkeypatch)
    index.apply([], WINDOWS[400:], PAPERS[400:], VECTORS[400:], 2)
    assert reader.generation == 1
    reader.refresh()
    assert (reader.generation, len(reader)) == (2, 600)
    assert nearest(reader, 500) == [501]  # exactly, since its Chroma is of generation 1
    reader.warm()
    monkeypatch.setattr(reader._flat, "search", None)
    assert nearest(reader, 500) == [501]


def test_a_missing_index_is_of_generation_minus_one(tmp_path: Path) -> None:
    index = VectorIndex.open(tmp_path / "nowhere", DIMENSION)
    index.warm()
    assert (index.generation, len(index), index.search(VECTORS[0], 3)) == (-1, 0, [])
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("damage", ["state", "torn state", "ids", "vectors", "dimension"])
def test_a_damaged_index_is_of_generation_minus_one_and_can_be_rebuilt(
    index: VectorIndex, tmp_path: Path, damage: str
) -> None:
    index.close()
    folder = tmp_path / "chroma"
    if damage == "state":
        (folder / "state.json").unlink()
    elif damage == "torn state":
        (folder / "state.json").write_text('{"recipe"')
    elif damage == "dimension":
        state = json.loads((folder / "state.json").read_text())
        (folder / "state.json").write_text(json.dumps(state | {"dimension": 8}))
    else:
        name = "ids.i64" if damage == "ids" else "vectors.f32"
        os.truncate(folder / "flat-1" / name, 100)
    again = VectorIndex.open(folder, DIMENSION, write=True)
    assert (again.generation, len(again)) == (-1, 0)
    again.rebuild(WINDOWS[:50], PAPERS[:50], VECTORS[:50], 9)
    assert (again.generation, nearest(again, 7)) == (9, [8])


def test_rows_written_before_a_crash_are_written_again(index: VectorIndex, tmp_path: Path) -> None:
    kept = {name: (tmp_path / "chroma" / name).read_bytes() for name in ("state.json", "flat-1/ids.i64")}
    index.apply([8], WINDOWS[400:], PAPERS[400:], VECTORS[400:], 2)
    index.close()
    for name, data in kept.items():  # as if killed before the state was replaced
        (tmp_path / "chroma" / name).write_bytes(data)
    again = VectorIndex.open(tmp_path / "chroma", DIMENSION, write=True)
    assert again.generation == 1
    again.apply([8], WINDOWS[400:], PAPERS[400:], VECTORS[400:], 2)
    assert len(again) == 599
    assert nearest(again, 450, 2).count(451) == 1


def test_a_chroma_that_was_being_written_is_not_used_and_built_anew(
    index: VectorIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index.close()
    (tmp_path / "chroma" / "hnsw.dirty").touch()
    again = VectorIndex.open(tmp_path / "chroma", DIMENSION, write=True)
    through_chroma(again, monkeypatch)
    assert again._hnsw.generation == -1
    assert nearest(again, 7) == [8]
    again.apply([], WINDOWS[400:], PAPERS[400:], VECTORS[400:], 2)
    assert again._hnsw.ready
    assert [folder.name for folder in (tmp_path / "chroma").glob("hnsw-*")] == ["hnsw-2"]


def test_a_chroma_that_cannot_be_opened_leaves_search_exact(
    index: VectorIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index.close()
    (tmp_path / "chroma" / "hnsw-1" / "chroma.sqlite3").write_bytes(b"not a database" * 100)
    again = VectorIndex.open(tmp_path / "chroma", DIMENSION)
    through_chroma(again, monkeypatch)
    assert nearest(again, 7) == [8]


def test_a_killed_writer_leaves_an_index_that_says_what_it_holds(tmp_path: Path) -> None:
    """Kill -9 at some point of a long series of writes: what the state names is all there and all found."""
    code = f"""
import numpy as np, sys
from pathlib import Path
from assistant.vectors import VectorIndex
index = VectorIndex.open(Path({str(tmp_path)!r}) / "chroma", {DIMENSION}, write=True)
rng = np.random.default_rng(0)
for generation in range(1, 500):
    rows = rng.standard_normal((20, {DIMENSION})).astype(np.float32)
    ids = np.arange(20) + 20 * generation
    index.apply([], ids, ids, rows / np.linalg.norm(rows, axis=1, keepdims=True), generation)
    print(generation, flush=True)
"""
    writer = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert writer.stdout is not None
    for line in writer.stdout:
        if int(line) == 7:
            break
    writer.send_signal(signal.SIGKILL)
    writer.wait()
    writer.stdout.close()
    index = VectorIndex.open(tmp_path / "chroma", DIMENSION, write=True)
    assert index.generation >= 7
    assert len(index) == 20 * index.generation
    before = index.generation
    index.apply([], WINDOWS[:5], PAPERS[:5], VECTORS[:5], before + 1)
    assert nearest(index, 3) == [4]
    assert index._hnsw.generation == before + 1


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="vector index cannot be written"):
        VectorIndex.open(tmp_path / "file" / "chroma", DIMENSION, write=True)


def test_exact_search_does_not_import_chroma(index: VectorIndex, tmp_path: Path) -> None:
    index.close()
    code = (
        "import sys, numpy as np; from pathlib import Path; from assistant.vectors import VectorIndex; "
        f"index = VectorIndex.open(Path({str(tmp_path / 'chroma')!r}), {DIMENSION}); index.warm(); "
        f"print(len(index.search(np.ones({DIMENSION}, np.float32), 3)), 'chromadb' in sys.modules)"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "3 False"
