"""The word index: ranking, filters, plain-text queries, generations and damage."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from assistant.errors import StoreError
from assistant.lexical import ID_LIST, RECIPE, LexicalIndex

TEXTS = [
    (1, "Deep learning recommendation model\nWe train embedding tables for click prediction."),
    (2, "Compiler optimisation\nMachine learning guided inlining reduces code size by 7%."),
    (3, "Protein folding\nMüller's diffusion-tensor measure of protein structure in yeast."),
]


@pytest.fixture
def index(tmp_path: Path) -> LexicalIndex:
    index = LexicalIndex.open(tmp_path / "lexical", write=True)
    index.apply((), TEXTS, 1)
    return index


def found(index: LexicalIndex, query: str, allowed: list[int] | None = None, limit: int = 10) -> list[int]:
    ids = None if allowed is None else np.array(allowed, np.int64)
    return [hit.paper_id for hit in index.search(query, limit, ids)]


def test_papers_are_ranked_by_their_words(index: LexicalIndex) -> None:
    assert found(index, "machine learning for compilers") == [2, 1]
    assert found(index, "Which papers study the folding of proteins?") == [3]
    assert found(index, "muller") == [3]


def test_scores_fall_and_repeated_words_count_again(index: LexicalIndex) -> None:
    once, twice = index.search("folding", 1)[0], index.search("folding folding", 1)[0]
    assert twice.score == pytest.approx(2 * once.score)


@pytest.mark.parametrize(
    ("text", "papers"),
    [
        ("protein structure", [3]),
        ("measure of protein", [3]),  # one word may stand between
        ("yeast protein structure", [3]),  # a pair of them is enough
        ("learning tables", []),
        ("learning", [1, 2]),
        ("of the", []),
    ],
)
def test_wording_is_words_side_by_side(index: LexicalIndex, text: str, papers: list[int]) -> None:
    assert sorted(hit.paper_id for hit in index.search_wording(text, 10)) == papers


@pytest.mark.parametrize("query", ['title:"a AND (', "*", "learning^5 +model -tables", "id:1", "\x00", "[1 TO 9]", "~"])
def test_nothing_in_a_query_is_an_operator(index: LexicalIndex, query: str) -> None:
    words = [term for term in index.terms(query) if term.isalpha()]
    assert set(found(index, query)) == set(found(index, " ".join(words)))


@pytest.mark.parametrize("query", ["", "   ", "the of and", "?!", "zzz"])
def test_a_query_without_known_words_finds_nothing(index: LexicalIndex, query: str) -> None:
    assert found(index, query) == []


def test_only_allowed_papers_are_found_by_either_way(tmp_path: Path) -> None:
    index = LexicalIndex.open(tmp_path, write=True)
    count = 2 * ID_LIST + 100
    index.apply((), ((n, f"common word{n % 7} " + "extra " * (n % 5)) for n in range(count)), 1)
    everything = index.search("common extra word3", count)
    for step in (3, 1):  # fewer than ID_LIST of them: a list of ids; more: thrown-away hits
        allowed = np.arange(0, count - 50, step, dtype=np.int64)
        expected = [hit.score for hit in everything if hit.paper_id in set(allowed.tolist())][:30]
        hits = index.search("common extra word3", 30, allowed)
        assert {hit.paper_id for hit in hits} <= set(allowed.tolist())
        assert [hit.score for hit in hits] == pytest.approx(expected)


def test_an_empty_filter_result_finds_nothing(index: LexicalIndex) -> None:
    assert found(index, "learning", []) == []


def test_writing_replaces_and_removing_removes(index: LexicalIndex) -> None:
    index.apply([2], [(1, "Now about graph databases")], 2)
    assert found(index, "learning") == []
    assert found(index, "graph") == [1]
    assert len(index) == 2
    assert index.generation == 2


def test_the_same_change_twice_does_no_harm(index: LexicalIndex) -> None:
    index.apply((), TEXTS, 1)
    assert len(index) == 3
    assert found(index, "machine learning") == [2, 1]


def test_it_is_kept_and_readers_follow_the_writer(index: LexicalIndex, tmp_path: Path) -> None:
    reader = LexicalIndex.open(tmp_path / "lexical")
    assert (reader.generation, len(reader)) == (1, 3)
    index.apply([1], [(4, "Graph databases")], 2)
    reader.refresh()
    assert reader.generation == 2
    assert found(reader, "graph learning") == [4, 2]


def test_frequencies_of_words(index: LexicalIndex) -> None:
    assert index.word_frequency("learn") == 2
    assert index.word_frequency("folding") == 0  # words come stemmed
    assert index.word_frequency("7%") == 1
    assert index.word_frequency("diffusion-yeast") == 1
    assert index.word_frequency("%") == 0


def test_a_missing_index_is_of_generation_minus_one_and_empty(tmp_path: Path) -> None:
    index = LexicalIndex.open(tmp_path / "nowhere")
    assert (index.generation, len(index)) == (-1, 0)
    assert found(index, "learning") == []
    assert index.word_frequency("learn") == 0
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("damage", ["meta", "segment", "state", "recipe", "all"])
def test_a_damaged_index_is_of_generation_minus_one_and_can_be_rebuilt(
    index: LexicalIndex, tmp_path: Path, damage: str
) -> None:
    index.close()
    folder = tmp_path / "lexical"
    if damage == "meta":
        (folder / "index-1" / "meta.json").write_text("{")
    elif damage == "segment":
        for file in folder.glob("index-1/*.term"):
            file.unlink()
    elif damage == "state":
        (folder / "state.json").write_bytes(b"\xff")
    elif damage == "recipe":
        (folder / "state.json").write_text(json.dumps({"recipe": RECIPE + "0", "generation": 1}))
    else:
        shutil.rmtree(folder)
    again = LexicalIndex.open(folder, write=True)
    assert again.generation == -1
    again.rebuild(TEXTS, 5)
    assert (again.generation, found(again, "machine learning")) == (5, [2, 1])


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="word index cannot be written"):
        LexicalIndex.open(tmp_path / "file" / "lexical", write=True)


def test_files_of_a_commit_that_never_was_are_swept_away(index: LexicalIndex, tmp_path: Path) -> None:
    """A writer killed between its files and its commit leaves a file of deletions that the next one writes again."""
    index.close()
    places = [tmp_path / "lexical" / name for name in ("state.json", "index-1/meta.json")]
    kept = [place.read_bytes() for place in places]
    killed = LexicalIndex.open(tmp_path / "lexical", write=True)
    killed.apply([1], (), 2)
    killed.close()
    for place, data in zip(places, kept, strict=True):
        place.write_bytes(data)
    again = LexicalIndex.open(tmp_path / "lexical", write=True)
    assert (again.generation, len(again)) == (1, 3)
    again.apply([1], (), 2)
    assert (again.generation, len(again)) == (2, 2)


def test_a_reader_does_not_move_on_by_itself_and_waits_for_the_note(index: LexicalIndex, tmp_path: Path) -> None:
    reader = LexicalIndex.open(tmp_path / "lexical")
    state = tmp_path / "lexical" / "state.json"
    before = state.read_bytes()
    index.apply([1], (), 2)
    after = state.read_bytes()
    state.write_bytes(before)  # committed, and its generation not yet noted
    reader.refresh()
    assert (reader.generation, len(reader), reader.settled) == (1, 3, True)
    assert not LexicalIndex.open(tmp_path / "lexical").settled
    state.write_bytes(after)
    reader.refresh()
    assert (reader.generation, len(reader)) == (2, 2)
