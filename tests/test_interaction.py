"""Late interaction: every word of a question finds its nearest token in the title and in each sentence."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.embedders import QuestionVectors, TokenBits
from assistant.interaction import best_matches, coverage, token_weights, weighed

Bits = NDArray[np.uint8]


def question(*words: str, bits: Bits | None = None, shares: tuple[float, ...] | None = None) -> QuestionVectors:
    made = bits if bits is not None else np.zeros((len(words), 8), np.uint8)
    return QuestionVectors(np.zeros(64, np.float32), words, np.array(shares or (1.0,) * len(words), np.float32), made)


def signs(rows: Bits) -> NDArray[np.float64]:
    return np.unpackbits(rows, axis=1).astype(np.float64) * 2 - 1


def test_rare_words_weigh_more_and_stop_words_nothing() -> None:
    weights = token_weights(question("what", "prunes", "networks"), {"prune": 3.0, "network": 1.0}.__getitem__)
    assert weights.tolist() == pytest.approx([0, 0.75, 0.25])


def test_the_pieces_of_a_word_share_its_weight() -> None:
    weights = token_weights(question("pruning", "pruning", "networks", shares=(0.5, 0.5, 1.0)), lambda _: 2.0)
    assert weights.tolist() == pytest.approx([0.25, 0.25, 0.5])


def test_a_question_of_stop_words_has_no_weights() -> None:
    assert token_weights(question("what", "is", "it"), lambda _: 1.0).tolist() == [0, 0, 0]


@pytest.mark.parametrize("width", [1, 2, 4, 8, 48, 6])
def test_a_match_is_the_best_cosine_of_signs_in_each_part(width: int) -> None:
    draw = np.random.default_rng(width)
    asked = draw.integers(0, 256, (5, width)).astype(np.uint8)
    counts = np.array([4, 0, 7], np.uint16)  # a title, a sentence without tokens, a sentence
    paper = TokenBits(counts, draw.integers(0, 256, (11, width)).astype(np.uint8))
    cosines = signs(asked) @ signs(paper.bits).T / (8 * width)
    (found,) = best_matches(question(*"abcde", bits=asked), [paper])
    assert found[:, 0] == pytest.approx(cosines[:, :4].max(axis=1), abs=1e-5)
    assert found[:, 1].tolist() == [0] * 5
    assert found[:, 2] == pytest.approx(cosines[:, 4:].max(axis=1), abs=1e-5)


def test_papers_are_matched_each_for_itself() -> None:
    draw = np.random.default_rng(0)
    papers = [
        TokenBits(np.array(counts, np.uint16), draw.integers(0, 256, (sum(counts), 8)).astype(np.uint8))
        for counts in ([3], [2, 2], [0], [1, 0, 5])
    ]
    asked = question("a", "b", bits=draw.integers(0, 256, (2, 8)).astype(np.uint8))
    together = best_matches(asked, papers)
    for paper, found in zip(papers, together, strict=True):
        assert found.tolist() == best_matches(asked, [paper])[0].tolist()


def test_nothing_to_match_is_no_error() -> None:
    empty = TokenBits(np.array([0], np.uint16), np.zeros((0, 8), np.uint8))
    assert best_matches(question("a"), []) == []
    assert best_matches(question("a"), [empty])[0].tolist() == [[0]]
    assert best_matches(question(), [empty])[0].shape == (0, 1)


def test_a_paper_as_a_whole_counts_each_tokens_nearest_part() -> None:
    weights = np.array([0.75, 0.25], np.float32)
    first, second = np.array([[1, 0], [0, 1]], np.float32), np.array([[0.5], [0.5]], np.float32)
    parts, wholes = weighed(weights, [first, second])
    assert [part.tolist() for part in parts] == [[0.75, 0.25], [0.5]]
    assert wholes.tolist() == [1.0, 0.5]


def test_a_paper_covers_a_topic_as_far_as_the_word_it_misses_most() -> None:
    asked = question("stemming", "Persian", "the")
    topic = {"stem", "persian"}
    both, one = np.array([0.8, 0.8, 0.9], np.float32), np.array([0.2, 0.8, 0.9], np.float32)
    assert coverage(asked, topic, [both, one]).tolist() == [1.0, 0.25]
    assert coverage(asked, set(), [both, one]).tolist() == [1.0, 1.0]
    assert coverage(asked, topic, []).tolist() == []


def test_without_papers_nothing_is_weighed() -> None:
    parts, wholes = weighed(np.ones(2, np.float32), [])
    assert (parts, wholes.tolist()) == ([], [])
