"""A list that does not say the same twice, and one that covers more on request."""

from __future__ import annotations

import numpy as np

from assistant.diversity import repeats_behind, spread_out
from assistant.embedders import FloatArray


def unit(*rows: tuple[float, ...]) -> FloatArray:
    vectors = np.array(rows, np.float32)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return (vectors / np.where(lengths, lengths, 1)).astype(np.float32)


def test_a_near_duplicate_goes_behind_and_the_others_keep_their_order() -> None:
    vectors = unit((1, 0), (1, 0.1), (0, 1), (1, 1), (0.05, 1))
    assert repeats_behind(vectors).tolist() == [0, 2, 3, 1, 4]


def test_a_repeat_is_one_of_a_paper_that_is_shown() -> None:
    chain = unit((1, 0), (1, 0.3), (1, 0.6))  # the third is near the second only, which itself repeats the first
    assert repeats_behind(chain).tolist() == [0, 2, 1]


def test_papers_without_a_vector_repeat_nothing() -> None:
    assert repeats_behind(np.zeros((3, 2), np.float32)).tolist() == [0, 1, 2]
    assert repeats_behind(np.zeros((0, 2), np.float32)).tolist() == []


def test_spread_prefers_a_less_relevant_paper_that_is_unlike_those_above() -> None:
    vectors = unit((1, 0), (1, 0.4), (0, 1))
    scores = np.array([1.0, 0.9, 0.6], np.float32)
    assert spread_out(scores, vectors).tolist() == [0, 2, 1]


def test_spread_keeps_what_is_far_less_relevant_behind() -> None:
    vectors = unit((1, 0), (1, 1), (0, 1))
    scores = np.array([1.0, 0.9, 0.1], np.float32)
    assert spread_out(scores, vectors).tolist() == [0, 1, 2]


def test_spread_of_unlike_papers_is_the_order_of_relevance() -> None:
    scores = np.array([0.2, 0.9, 0.5], np.float32)
    assert spread_out(scores, np.eye(3, dtype=np.float32)).tolist() == [1, 2, 0]
    assert spread_out(scores[:0], np.zeros((0, 3), np.float32)).tolist() == []
