"""Slips of the keyboard are put right by the words of papers, as they are written there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.app import Assistant
from assistant.settings import Settings
from assistant.spelling import beyond_doubt, corrected

PAPERS = ["ShadowSync performs synchronization in the background", "Póczos estimates divergence"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("whta is shadowsinc?", "what is ShadowSync?"),
        ("What is ShadowSync?", None),
        ("how is divergense compputed", "how is divergence compputed"),  # no paper says computed
        ("papers by Pozcos", "papers by Póczos"),
        ("is ti bakground work", "is ti background work"),  # two letters may be anything
        ("zebra crossings", None),
        ("", None),
    ],
)
def test_a_word_that_no_paper_has_becomes_the_nearest_one(typed: str, meant: str | None) -> None:
    assert corrected(typed, {"papers", "work"}.__contains__, PAPERS) == meant


@pytest.fixture(scope="module")
def sample(sample_store: Path) -> Iterator[Assistant]:
    with Assistant(Settings(store=sample_store, llm="none")) as opened:
        yield opened


def test_a_refusal_asks_back_what_was_meant(sample: Assistant) -> None:
    answer = sample.ask("whta is shadowsinc")
    assert answer.refused
    assert "Did you mean “what is ShadowSync”?" in (answer.reason or "")


def test_long_words_are_read_as_what_they_must_mean(sample: Assistant) -> None:
    answer = sample.ask("nonparametrc divergencs", sample.ask_options(infer=True))
    assert answer.references[0].key == "poczos2012nonparametric"
    assert answer.standalone_question == "nonparametric Divergence"
    assert "respelt" in [notice.code for notice in answer.warnings]
    assert sample.ask(
        "nonparametrc divergencs", sample.ask_options(infer=False)
    ).refused  # as it is typed, where nothing may be read into it


@pytest.mark.parametrize(
    ("typed", "meant", "sure"),
    [
        ("estimaton of risk", "estimation of risk", True),
        ("Estimaton of risk", "Estimation of risk", False),  # it may be a name
        ("risc", "risk", False),
    ],
)
def test_only_long_words_that_are_no_names_are_beyond_doubt(typed: str, meant: str, sure: bool) -> None:
    assert beyond_doubt(typed, meant) is sure


def test_a_question_that_stays_unanswered_when_put_right_is_not_offered(sample: Assistant) -> None:
    answer = sample.ask("How do yeast cels fold protiens?")
    assert answer.refused
    assert "mean" not in (answer.reason or "")
