"""Candidates: both indexes are asked, and every paper is scored in every way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from assistant.app import Assistant
from assistant.candidates import CLOSELY, CandidateFinder, Candidates, embed_question
from assistant.settings import Settings
from tests.fakes import HashEmbedder
from tests.libraries import paper, searching


@pytest.fixture(scope="module")
def sample(sample_store: Path) -> Iterator[Assistant]:
    with Assistant(Settings(store=sample_store, llm="none")) as opened:
        yield opened


def find(sample: Assistant, question: str, limit: int = 10, allowed: list[int] | None = None) -> Candidates:
    finder = CandidateFinder(sample.library, sample.indexes.vectors, sample.indexes.lexical)
    among = np.array(allowed, np.int64) if allowed is not None else None
    return finder.find(embed_question(question, sample.embedder), sample.searcher.idf, limit, among)


def test_scores_fall_from_1_to_0_and_the_first_are_matched_word_by_word(sample: Assistant) -> None:
    found = find(sample, "How are embedding tables compressed?", limit=57)
    assert len(found.ids) == len(set(found.ids.tolist())) == 57
    assert (np.diff(found.score) <= 0).all()
    assert (found.score[0], found.score[-1]) == (1, 0)
    assert set(found.matches) == set(found.ids[:CLOSELY].tolist())
    for number, parts in found.matches.items():
        assert len(parts) == 1 + len(sample.library.load([number])[number].sentences), "the title and each sentence"


def test_a_paper_that_one_index_misses_has_its_score_in_the_other(sample: Assistant) -> None:
    found = find(sample, "How are embedding tables compressed?")
    vectors = sample.library.first_vectors(found.ids.tolist())
    cosines = vectors @ sample.embedder.embed_queries(["How are embedding tables compressed?"])[0]
    assert (found.dense >= cosines - 0.02).all(), "the best window counts, here at least the first"
    hits = sample.indexes.lexical.search("How are embedding tables compressed?", 57, None)
    words = {hit.paper_id: hit.score for hit in hits}
    assert found.lexical.tolist() == pytest.approx([words.get(number, 0) for number in found.ids.tolist()])


def test_only_allowed_papers_are_candidates(sample: Assistant) -> None:
    assert sorted(find(sample, "recommendation", allowed=[3, 5, 8]).ids.tolist()) == [3, 5, 8]
    assert find(sample, "recommendation", allowed=[]).ids.tolist() == []


def test_words_that_no_paper_has_leave_the_vectors_to_decide(sample: Assistant) -> None:
    found = find(sample, "zzxqy")
    assert not found.lexical.any()
    assert np.argmax(found.score) == 0


def test_an_embedder_without_tokens_ranks_by_words_and_cosines(store: Path) -> None:
    papers = [paper("Pruning networks", "Pruning makes networks small."), paper("Cats", "Cats sleep all day.")]
    with searching(store, papers, HashEmbedder()) as searcher:
        found = searcher._finder.find(embed_question("pruning", HashEmbedder()), searcher.idf, 2, None)
    assert (found.score.tolist(), found.matches) == ([1, 0], {})
