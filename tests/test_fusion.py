"""Scores of different kinds become one from 0 to 1."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from assistant.embedders import FloatArray
from assistant.fusion import LEXICAL_SHARE, LOWEST, MATCH_SHARE, SPREAD, comparable, final_score, first_score, stretch

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


def test_words_count_by_the_share_of_the_question_that_a_paper_reaches() -> None:
    lexical, dense = of(5, 4), of(0.3, 0.4)
    half, tenth = (first_score(lexical, dense, most) for most in (10, 50))
    assert half.tolist() == pytest.approx([0.5 * LEXICAL_SHARE + 0.3 * (1 - LEXICAL_SHARE), 0.4])
    assert np.argmax(tenth) == 1, "where no paper has most of the words, meaning decides"
    assert np.argmax(first_score(of(9, 2), dense, 10)) == 0, "where one paper has them, they do"


def test_other_models_cosines_are_made_as_wide_as_the_local_models() -> None:
    assert comparable(of(0.70, 0.75, 0.80)).tolist() == pytest.approx([0, SPREAD / 2, SPREAD])


def test_a_final_score_runs_from_1_to_0_and_falls_behind_those_looked_at_closely() -> None:
    score = final_score(of(0.9, 0.8, 0.7, 0.6, 0.5), of(0.2, 0.6))
    assert score[:2].tolist() == pytest.approx([LOWEST, 1])
    assert (score[2:] < LOWEST).all()
    assert (np.diff(score[2:]) < 0).all()
    assert score[4] == 0


def test_late_interaction_has_its_share() -> None:
    close = final_score(of(0.5, 0.4, 0.3), of(0.30, 0.35, 0.1))
    even = 0.1 * (1 - MATCH_SHARE) / MATCH_SHARE  # the match that makes up for 0.1 of the first score
    assert np.argmax(close) == int(even < 0.05)


def test_nothing_found_is_no_error() -> None:
    assert first_score(of(), of(), 1.0).tolist() == []
    assert final_score(of(), of()).tolist() == []
