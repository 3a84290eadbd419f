"""Scores of different kinds become one from 0 to 1."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from assistant.embedders import FloatArray
from assistant.fusion import LEXICAL_SHARE, MATCH_SHARE, final_score, first_score, stretch

SCORES = arrays(np.float32, st.integers(0, 20), elements=st.floats(-100, 100, width=32))


def of(*values: float) -> FloatArray:
    return np.array(values, np.float32)


@given(SCORES)
def test_stretched_scores_run_from_0_to_1_in_the_same_order(
    scores: FloatArray,
) -> None:
    stretched = stretch(scores)
    assert ((stretched >= 0) & (stretched <= 1)).all()
    assert (np.diff(stretched[np.argsort(scores)]) >= 0).all()


def test_scores_that_are_all_equal_say_nothing() -> None:
    assert stretch(of(7, 7)).tolist() == [0, 0]
    assert stretch(of()).tolist() == []


def test_a_paper_first_in_both_scores_1_and_last_in_both_0() -> None:
    assert first_score(of(9, 5, 1), of(0.8, 0.3, 0.1))[[0, 2]].tolist() == [1, 0]
    assert final_score(of(1, 0.5, 0), of(0.6, 0.2, 0.1))[[0, 2]].tolist() == [1, 0]


def test_the_shares_weigh_words_vectors_and_matches() -> None:
    assert first_score(of(9, 1), of(0.1, 0.8)).tolist() == pytest.approx([LEXICAL_SHARE, 1 - LEXICAL_SHARE])
    assert final_score(of(1, 0), of(0.1, 0.8)).tolist() == pytest.approx([1 - MATCH_SHARE, MATCH_SHARE])


def test_where_one_signal_is_silent_the_other_decides() -> None:
    assert np.argmax(first_score(of(0, 0), of(0.1, 0.8))) == 1
    assert np.argmax(first_score(of(1, 3), of(0.5, 0.5))) == 1
