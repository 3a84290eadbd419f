"""Signals of a retrieval: all on the question's own scale, none where there is nothing to measure."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.candidates import Candidates
from assistant.fusion import CEILING
from assistant.signals import retrieval_signals

WORDS = {"prune": 0.75, "network": 0.25}
PAPERS = [("Pruning", ["Pruned networks are small.", "They run fast."]), ("Cats", ["Cats sleep."])]


def candidates(lexical: list[float], dense: list[float], matches: list[float]) -> Candidates:
    count = len(lexical)
    found = {number: np.array([0.1, match], np.float32) for number, match in enumerate(matches)}
    numbers = np.arange(count, dtype=np.int64)
    scores = np.ones(count, np.float32)
    return Candidates(numbers, np.array(lexical, np.float32), np.array(dense, np.float32), scores, found)


def test_signals_say_how_near_the_papers_come() -> None:
    found = candidates([4.4, 1.0], [0.8, 0.4], [0.9, 0.5])
    signals = retrieval_signals(found, WORDS, lambda _: 2.0, PAPERS, [0.7, 0.2])
    assert signals["window_cosine"] == pytest.approx(0.8)
    assert signals["window_lead"] == pytest.approx(0.2)
    assert signals["sentence_cosine"] == pytest.approx(0.7)
    assert signals["sentence_match"] == pytest.approx(0.9)
    assert signals["bm25_share"] == pytest.approx(4.4 / (CEILING * 4))
    assert signals["paper_overlap"] == signals["sentence_overlap"] == 1.0
    assert signals["first_agrees"] == 1.0


def test_indexes_that_name_different_papers_first_disagree() -> None:
    found = candidates([1.0, 4.4], [0.8, 0.4], [])
    signals = retrieval_signals(found, WORDS, lambda _: 2.0, PAPERS, [])
    assert signals["first_agrees"] == 0.0


def test_without_token_matches_only_words_and_ranks_are_signals() -> None:
    found = candidates([4.4, 1.0], [0.8, 0.4], [])
    signals = retrieval_signals(found, WORDS, lambda _: 2.0, PAPERS, [0.9])
    assert set(signals) == {"bm25_share", "paper_overlap", "sentence_overlap", "first_agrees", "names_found"}


def test_nothing_found_or_nothing_asked_has_no_signals() -> None:
    found = candidates([1.0], [0.5], [])
    assert retrieval_signals(found, WORDS, lambda _: 1.0, [], []) == {}
    assert retrieval_signals(found, {}, lambda _: 1.0, PAPERS, []) == {}


def test_a_named_system_must_stand_in_one_of_the_papers() -> None:
    found = candidates([4.4], [0.8], [0.5])
    papers = [("MLGO for compilers", ["It makes LLVM smaller."])]

    def names_found(*names: str) -> float:
        return retrieval_signals(found, WORDS, lambda _: 2.0, papers, [0.9], names)["names_found"]

    assert names_found("MLGO") == names_found("mlgo", "LLVM") == 1
    assert names_found() == names_found("MLG") == names_found("MLGO", "GCC") == 0
