"""Scores of an abstract's sentences: rare words count more, findings before aims, and a leaning sentence less."""

from __future__ import annotations

import math

import numpy as np
import pytest

from assistant.sentences import Idf, answer_scores, overlap, score_sentences, sentence_features, weighted_words


def idf(word: str) -> float:
    return {"prune": 3.0, "network": 1.0}.get(word, 2.0)


def test_idf_falls_with_the_papers_that_have_a_word_and_stays_positive() -> None:
    counts = {"rare": 1, "common": 100, "stale": 120}
    known = Idf(100, lambda word: counts.get(word, 0))
    assert known("rare") == pytest.approx(math.log(1 + 99.5 / 1.5))
    assert known("unseen") > known("rare") > known("common") > 0
    assert known("stale") == known("common"), "an index that counts too many papers does no harm"


def test_idf_looks_each_word_up_once() -> None:
    asked: list[str] = []
    known = Idf(10, lambda word: asked.append(word) or 1)  # type: ignore[func-returns-value]
    known("word")
    known("word")
    assert asked == ["word"]


def test_the_words_of_a_question_share_its_weight() -> None:
    words = weighted_words("Does pruning help a network?", idf)
    assert sum(words.values()) == pytest.approx(1)
    assert words["prune"] > words["network"]
    assert weighted_words("What is it?", idf) == {}


def test_overlap_is_the_share_of_the_weight_that_a_sentence_says() -> None:
    words = {"prune": 0.75, "network": 0.25}
    assert overlap(words, "Pruned networks are small.") == 1
    assert overlap(words, "The network is small.") == 0.25
    assert overlap(words, "") == 0


def test_without_sentences_there_are_no_scores() -> None:
    nothing = np.zeros((0, 2), np.float32)
    assert score_sentences({}, np.ones(2, np.float32), [], nothing).shape == (0,)
    assert answer_scores("Why?", {}, [], np.zeros(0, np.float32), None).shape == (0,)


def test_words_vectors_and_position_all_raise_a_score() -> None:
    texts = ["Cats sleep.", "Pruning helps.", "Dogs bark.", "Dogs bark."]
    vectors = np.array([[1, 0], [0, 1], [0, 1], [0, 1]], np.float32)
    scores = score_sentences({"prune": 1.0}, np.array([1, 0], np.float32), texts, vectors)
    assert scores.tolist() == pytest.approx([1.0, 1 + 0.2 / 3, 0.4 / 3, 0.2])


def test_a_feature_row_stands_for_each_sentence() -> None:
    texts = ["Objective: to prune networks.", "Pruning reduced size by 30%."]
    rows = sentence_features({"prune": 1.0}, texts, np.array([0.2, 0.9], np.float32))
    assert rows.shape == (2, 8)
    assert rows[:, 0].tolist() == pytest.approx([0.2, 0.9])
    aims, results = rows[:, 6], rows[:, 7]
    assert (aims.tolist(), results.tolist()) == ([1, 0], [0, 1])
    without = sentence_features({"prune": 1.0}, texts, np.array([0.2, 0.9], np.float32), priors=False)
    assert without[:, [2, 3, 4, 7]].tolist() == [[0] * 4] * 2
    assert without[:, [0, 1, 5, 6]].tolist() == rows[:, [0, 1, 5, 6]].tolist()


AIM = "We investigated whether aspirin affects stroke in a large cohort."
FINDING = "Aspirin reduced stroke in a large cohort of patients by 12%."


def score(question: str, texts: list[str], cosines: tuple[float, ...] = (0.5, 0.5)) -> list[float]:
    words = weighted_words(question, lambda _: 1.0)
    scores: list[float] = answer_scores(question, words, texts, np.array(cosines, np.float32), None).tolist()
    return scores


def test_a_finding_settles_a_yes_or_no_question_better_than_an_aim() -> None:
    aim, finding = score("Does aspirin reduce stroke?", [AIM, FINDING])
    assert finding > aim


def test_an_open_question_does_not_prefer_what_stands_late() -> None:
    first, last = score("What affects stroke?", [FINDING, FINDING])
    assert first == pytest.approx(last)
    first, last = score("Does aspirin affect stroke?", [FINDING, FINDING])
    assert last > first


def test_a_sentence_that_leans_on_the_one_before_scores_lower() -> None:
    leaning, standing = score("What reduces stroke?", ["It reduces stroke.", "Aspirin reduces stroke."])
    assert leaning < standing
