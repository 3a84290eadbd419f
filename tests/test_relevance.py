"""How relevant papers are to a topic: wording, parts of a topic, likeness to the leading papers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from assistant.library import Library
from assistant.papers import Paper
from assistant.summaries.relevance import TopicRanker, facets_of, scaled
from tests.fakes import HashEmbedder
from tests.libraries import paper, searching

OTHERS = [paper(f"Gardens {number}", f"Roses of kind {number} grow in sandy soil.") for number in range(8)]


def ranked(store: Path, papers: Sequence[Paper], topic: str, only: Sequence[int] | None = None) -> list[str]:
    """Return the titles in the order of their relevance."""
    with searching(store, papers) as searcher, Library.open(store) as library:
        allowed = None if only is None else np.array(only, np.int64)
        curve = TopicRanker(library, searcher, HashEmbedder()).rank(topic, allowed)
        stored = library.load(curve.ids.tolist())
        assert list(curve.scores) == sorted(curve.scores, reverse=True)
        assert len(set(curve.ids.tolist())) == len(curve.ids)
        return [stored[number].paper.title for number in curve.ids.tolist()]


def test_words_side_by_side_weigh_more_than_the_same_words_apart(tmp_path: Path) -> None:
    apart = paper("Apart", "Retrieval of texts needs no image. An image helps the retrieval.")
    together = paper("Together", "Texts need no image retrieval. The image retrieval helps an.")
    assert ranked(tmp_path, [apart, together, *OTHERS], "image retrieval")[:2] == ["Together", "Apart"]


def test_a_paper_like_the_leading_ones_stands_before_one_of_another_matter(tmp_path: Path) -> None:
    leading = [
        paper(f"Trojans {word}", f"Trojans hide in binaries, which {word} hosts.") for word in ("infects", "steals")
    ]
    unsaid = paper("Unsaid", "Whatever hides in binaries, which infects hosts.")
    names = ranked(tmp_path, [*OTHERS, unsaid, *leading], "trojans")
    assert names[2] == "Unsaid"


def test_of_a_topic_in_parts_the_rarer_part_counts_more(tmp_path: Path) -> None:
    common = [paper(f"Learning {number}", f"Learning from data set {number}.") for number in range(5)]
    both, rare = paper("Both", "Learning of openings in chess."), paper("Rare", "Openings in chess.")
    names = ranked(tmp_path, [*common, rare, both, *OTHERS], "learning in chess")
    assert names[:2] == ["Both", "Rare"]


def test_only_allowed_papers_have_a_place(tmp_path: Path) -> None:
    papers = [paper("Chess", "Openings in chess."), paper("Go", "Openings in go."), *OTHERS]
    assert set(ranked(tmp_path, papers, "chess", only=[2, 3])) == {"Go", "Gardens 0"}


def test_papers_that_are_not_compared_stand_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.summaries.relevance.COMPARED", 2)
    names = ranked(tmp_path, [*OTHERS, paper("Chess", "Openings in chess.")], "chess")
    assert names[0] == "Chess"
    assert len(names) == len(OTHERS) + 1


def test_a_topic_of_stop_words_ranks_without_error(tmp_path: Path) -> None:
    assert len(ranked(tmp_path, OTHERS, "of the")) == len(OTHERS)


@pytest.mark.parametrize(
    ("topic", "parts"),
    [
        ("reinforcement learning in games", ("reinforcement learning", "games")),
        ("hashing for image retrieval", ("hashing", "image retrieval")),
        ("recommendation systems at Meta", ()),
        ("learning to rank", ()),
        ("in games", ()),
    ],
)
def test_prepositions_join_the_parts_of_a_topic(topic: str, parts: tuple[str, ...]) -> None:
    assert facets_of(topic) == parts


def test_a_scale_runs_from_the_ordinary_to_the_mean_of_the_best() -> None:
    scores = np.array([0, 0, 0, 1, 2, 3], np.float32)
    assert scaled(scores).tolist() == [0, 0, 0, 0.5, 1, 1.5]
    assert scaled(scores, usual=1.0).tolist() == [-1, -1, -1, 0, 1, 2]
    assert scaled(np.ones(4, np.float32)).tolist() == [0, 0, 0, 0]
