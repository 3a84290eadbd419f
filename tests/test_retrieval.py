"""Retrieval: the right paper first, whatever the question looks like, and no list full of one paper."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from assistant.app import Assistant
from assistant.candidates import CandidateFinder, embed_question
from assistant.filters import Filter, parse_filter
from assistant.retrieval import Searcher
from assistant.settings import Settings
from tests.libraries import paper, searching, titles

DATA = Path(__file__).parent / "data"


@pytest.fixture(scope="module")
def sample(sample_store: Path) -> Iterator[Assistant]:
    with Assistant(Settings(store=sample_store, llm="none")) as opened:
        yield opened


@pytest.fixture(scope="module")
def searcher(sample: Assistant) -> Searcher:
    return sample.searcher


def natural_questions() -> list[tuple[str, set[str]]]:
    """Return the questions of the labelled dialogues that ask the whole library, with the papers to find."""
    lines = (DATA / "dialogues.jsonl").read_text(encoding="utf-8").splitlines()
    turns = [turn for line in lines for turn in json.loads(line)["turns"]]
    asked = [turn for turn in turns if turn["intent"] == "question" and turn["relevant"] and not turn["filters"]]
    return [(turn["standalone"], set(turn["relevant"])) for turn in asked]


def known_items(sample: Assistant) -> list[tuple[str, set[str]]]:
    """Return for each paper its title without every third word, and a sentence without every third word."""
    asked = []
    for each in sample.papers():
        for text in (each.title, each.abstract.split(". ")[1 % each.abstract.count(". ")]):
            words = [word for place, word in enumerate(text.split()) if place % 3 != 1]
            asked.append((" ".join(words), {each.source_id}))
    return asked


def mean_reciprocal_rank(asked: list[tuple[str, set[str]]], rank: Callable[[str], list[str]]) -> float:
    ranks = [
        next((1 / place for place, name in enumerate(rank(text), 1) if name in papers), 0) for text, papers in asked
    ]
    return sum(ranks) / len(ranks)


Orders = dict[str, Callable[[str], list[str]]]  # by what ranks the papers, from a question to their names


@pytest.fixture(scope="module")
def orders(sample: Assistant) -> Orders:
    """The rankings by words alone, by vectors alone, and by all of it."""
    finder = CandidateFinder(sample.library, sample.indexes.vectors, sample.indexes.lexical)
    names = {number: stored.paper.source_id for number, stored in sample.library.load(range(1, 58)).items()}

    def half(column: str, question: str) -> list[str]:
        found = finder.find(embed_question(question, sample.embedder), sample.searcher.idf, 57, None)
        scores = getattr(found, column)
        return [names[int(found.ids[place])] for place in (-scores).argsort(kind="stable")]

    def whole(question: str) -> list[str]:
        return [names[number] for number, _ in sample.searcher.rank(question, filters=Filter(), limit=57)]

    return {"words": partial(half, "lexical"), "vectors": partial(half, "dense"), "whole": whole}


def test_natural_questions_are_answered_no_worse_than_by_either_half(orders: Orders) -> None:
    asked = natural_questions()
    assert len(asked) > 40
    reached = {name: mean_reciprocal_rank(asked, rank) for name, rank in orders.items()}
    assert reached["whole"] == max(reached.values()), reached


def test_known_papers_are_found_no_worse_than_by_either_half(sample: Assistant, orders: Orders) -> None:
    reached = {name: mean_reciprocal_rank(known_items(sample), rank) for name, rank in orders.items()}
    assert reached["whole"] == max(reached.values()), reached


def test_ranks_scores_and_sentences_fall(searcher: Searcher) -> None:
    found = searcher.retrieve("Which methods compress recommendation models?", filters=Filter(), limit=20).papers
    assert [ranked.rank for ranked in found] == list(range(1, 21))
    assert all(above.score >= below.score for above, below in pairwise(found))
    assert 0 <= found[-1].score <= found[0].score <= 1
    for ranked in found:
        assert sorted(scored.index for scored in ranked.sentences) == list(range(len(ranked.sentences)))
        scores = [scored.score for scored in ranked.sentences]
        assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize("question", ["How are embedding tables compressed?", "naumov 2019", "zzzz", "what is it"])
def test_rank_gives_the_order_of_retrieve(searcher: Searcher, question: str) -> None:
    retrieved = searcher.retrieve(question, filters=Filter(), limit=12).papers
    ranked = searcher.rank(question, filters=Filter(), limit=12)
    assert [each.id for each in retrieved] == [number for number, _ in ranked]
    assert [each.score for each in retrieved] == pytest.approx([score for _, score in ranked])


def test_a_filter_holds_also_for_the_paper_that_is_named(searcher: Searcher) -> None:
    found = searcher.retrieve("naumov2019deep", filters=parse_filter("year:2020.."), limit=57)
    assert found.searched < 57
    assert all(ranked.paper.year and ranked.paper.year >= 2020 for ranked in found.papers)


def test_a_filter_that_nothing_passes_finds_nothing(searcher: Searcher) -> None:
    found = searcher.retrieve("anything", filters=parse_filter("year:1800"), limit=5)
    assert (found.papers, found.searched, found.signals) == ((), 0, {})


MERGING = (
    "Merge sort keeps equal keys in order and needs memory of the size of its input. We explain how runs are merged, "
    "prove the bound on comparisons, and measure caches, tapes and disks with files larger than main storage."
)


def crowd() -> list[Any]:
    """Return five versions of one paper among three others on the topic."""
    versions = [paper(f"Merge sort explained, version {number}", MERGING) for number in range(5)]
    others = [
        paper("Quick sort in practice", "Quick sort partitions keys around a pivot and sorts in place."),
        paper("Sorting networks", "Comparator networks sort keys in parallel hardware."),
        paper("Radix sort", "Radix sort distributes keys by digit and compares none of them."),
    ]
    return [*versions, *others]


def test_versions_of_one_paper_do_not_fill_the_list(store: Path) -> None:
    with searching(store, crowd()) as searcher:
        found = titles(searcher, "merge sort of keys in order", limit=4)
        assert sum("version" in title for title in found) == 1, found
        everything = titles(searcher, "merge sort of keys in order", limit=8)
        assert all("version" in title for title in everything[4:]), "the others are found still, at the end"


def test_a_version_that_is_named_comes_first_all_the_same(store: Path) -> None:
    with searching(store, crowd()) as searcher:
        assert titles(searcher, "Merge sort explained, version 3")[0] == "Merge sort explained, version 3"


def test_diverse_covers_more_and_keeps_the_best_paper(searcher: Searcher) -> None:
    question = "recommendation models at scale"
    plain, diverse = (searcher.retrieve(question, filters=Filter(), limit=8, diverse=on).papers for on in (False, True))
    assert plain[0].paper.key == diverse[0].paper.key
    assert alikeness(searcher, [each.id for each in diverse]) < alikeness(searcher, [each.id for each in plain])
    assert all(above.score >= below.score for above, below in pairwise(diverse))


def alikeness(searcher: Searcher, ids: list[int]) -> float:
    """Return the mean cosine of two papers of a list."""
    vectors = searcher._library.first_vectors(ids)
    cosines = vectors @ vectors.T
    return float((cosines.sum() - len(ids)) / (len(ids) * (len(ids) - 1)))


def test_among_sentences_of_the_paper_that_introduces_a_system_its_name_tells_nothing(store: Path) -> None:
    abstract = (
        "Previous methods model a session as a sequence. To take transitions into account, we propose NET-1. "
        "In the proposed method, session sequences are modeled as graphs. Experiments show that NET-1 beats the others."
    )
    with searching(store, [paper("Session-based recommendation", abstract), paper("Apples", "Apples are sweet.")]) as s:
        found = s.retrieve("How does NET-1 model session sequences?", filters=Filter(), limit=2).papers[0]
    assert found.sentences[0].sentence.text == "In the proposed method, session sequences are modeled as graphs."
