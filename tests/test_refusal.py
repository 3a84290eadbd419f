"""Questions that the library does not answer are refused, each for its own reason."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.answers import Answer
from assistant.app import Assistant
from assistant.filters import parse_filter
from assistant.qa import AskOptions
from assistant.refusal import answer_probability, topic_probability, typed_words
from assistant.settings import Settings
from tests.fakes import ScriptedModel

ANSWERED = "What speedup does LlamaRL reach over DeepSpeed-Chat on a 405B model?"


@pytest.fixture(scope="module")
def assistant(sample_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    with Assistant(Settings(store=sample_store, llm="none")) as opened:
        yield opened


def ask(assistant: Assistant, question: str, filters: str = "", **options: object) -> Answer:
    return assistant.ask(question, AskOptions(filters=parse_filter(filters), **options))  # type: ignore[arg-type]


def test_a_question_about_something_else_is_off_topic(assistant: Assistant) -> None:
    answer = ask(assistant, "How do yeast cells fold proteins?")
    assert (answer.status, answer.reason_code, answer.claims) == ("refused", "off_topic", ())


@pytest.mark.parametrize(
    ("question", "lead"),
    [
        ("How many parameters does GPT-4o have?", "No sentence found speaks of “parameters”"),
        ("Which embedding size is best for DLRM?", "No sentence found speaks of “embedding size”"),
    ],
)
def test_the_lead_says_what_no_sentence_speaks_of(assistant: Assistant, question: str, lead: str) -> None:
    assert ask(assistant, question).lead.startswith(lead)


def test_a_word_of_two_stems_is_missed_once() -> None:
    assert typed_words("How does SR-GNN work?", ["sr", "gnn"]) == ["SR-GNN"]


def test_words_that_only_ask_for_help_do_not_count_against_an_answer(assistant: Assistant) -> None:
    answer = ask(assistant, "What helps with stragglers?")
    assert answer.status == "answered"
    assert "FreeScale mitigates stragglers" in answer.claims[0].text
    assert ask(assistant, "What helps with yeast infections?").status == "refused"


@pytest.mark.parametrize(
    ("question", "key"),
    [
        ("benefits of MCMs", "xie2021transferable"),
        ("What are the benefits of MCMs?", "xie2021transferable"),
        ("chen matchmaking", "chen2017eomm"),
        ("naumov recommendation model pytorch", "naumov2019deep"),
        ("reduce hallucination", "singh2025openai"),
        ("what should I use for experience replay", "cassirer2021reverb"),
    ],
)
def test_keywords_and_vague_questions_get_the_papers_on_their_topic(
    assistant: Assistant, question: str, key: str
) -> None:
    answer = ask(assistant, question, infer=True)
    assert answer.references[0].key == key


@pytest.mark.parametrize("question", ["price of GPT-5 API", "how do I deploy pytorch on a phone"])
def test_keywords_that_no_paper_covers_are_refused(assistant: Assistant, question: str) -> None:
    assert ask(assistant, question).refused


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        (
            "How do yeast cells fold proteins?",
            "Too little of this stands in the 57 papers searched to answer from them: "
            "the nearest say nothing of “yeast”, “fold” or “proteins”.",
        ),
        (
            "How much do quantum computers cost?",
            "Too little of this stands in the 57 papers searched to answer from them: "
            "the nearest say nothing of “quantum”.",
        ),
        (
            "Does DLRM run on quantum computers?",
            "No sentence found in the 57 papers searched says this, though some papers come near its topic: "
            "the nearest say nothing of “quantum”.",
        ),
    ],
)
def test_a_refusal_says_what_the_nearest_papers_lack(assistant: Assistant, question: str, reason: str) -> None:
    answer = ask(assistant, question)
    assert answer.reason == reason
    nearest = [paper for found in answer.retrieved[:5] for paper in assistant.papers(f"key:{found.key}")]
    for word in re.findall("“(.+?)”", reason):
        assert not any(re.search(rf"\b{word}", f"{paper.title} {paper.abstract}") for paper in nearest)


def test_what_no_abstract_says_about_a_topic_of_the_library_is_not_stated(assistant: Assistant) -> None:
    answer = ask(assistant, "Does DLRM run on quantum computers?")
    assert (answer.status, answer.reason_code) == ("refused", "not_stated")
    assert answer.retrieved, "the nearest papers are named"


def test_a_filter_that_no_paper_passes_is_an_empty_scope(assistant: Assistant) -> None:
    assert ask(assistant, ANSWERED, "year:1850").reason_code == "hidden"
    assert ask(assistant, "How do yeast cells fold proteins?", "year:1850").reason_code == "empty_scope"


def test_of_several_filter_terms_the_one_that_hides_the_answer_is_named(assistant: Assistant) -> None:
    (paper,) = [found.paper for found in assistant.search(ANSWERED, top_k=1).papers]
    answer = ask(assistant, ANSWERED, f"year:{paper.year} author:knuth")
    assert answer.reason_code == "hidden"
    assert str(answer.reason).endswith("passes author:knuth.")


def test_no_single_term_is_blamed_where_two_hide_the_answer(assistant: Assistant) -> None:
    answer = ask(assistant, ANSWERED, "year:1850 author:knuth")
    assert str(answer.reason).endswith("passes year:1850 author:knuth.")


def test_a_model_does_not_override_a_refusal(assistant: Assistant) -> None:
    model = ScriptedModel("Yeast folds proteins in the endoplasmic reticulum [1].")
    answer = ask(assistant, "How do yeast cells fold proteins?", model=model)
    assert answer.refused
    assert not model.sent


@pytest.mark.parametrize(
    ("question", "key"),
    [("Does MLGO reduce binary size?", "trofin2021mlgo"), ("What problem does HSTU solve?", "zhai2024actions")],
)
def test_a_question_about_a_named_system_is_answered_from_its_paper(
    assistant: Assistant, question: str, key: str
) -> None:
    answer = ask(assistant, question)
    assert not answer.refused
    assert answer.references[0].key == key


def test_a_named_system_does_not_carry_what_its_paper_leaves_out(assistant: Assistant) -> None:
    assert ask(assistant, "What is the carbon footprint of LlamaRL?").refused


def test_the_setting_decides_how_sure_an_answer_must_be(assistant: Assistant) -> None:
    assert ask(assistant, ANSWERED, certainty=1.0).refused
    assert not ask(assistant, "Does DLRM run on quantum computers?", certainty=0.0).refused


def test_a_question_for_papers_needs_only_their_topic(assistant: Assistant) -> None:
    assert not ask(assistant, "Which papers are about recommendation on phones?", certainty=1.0).refused


def test_more_of_the_words_and_a_nearer_sentence_make_an_answer_likelier() -> None:
    poor = {"sentence_match": 0.3, "paper_overlap": 0.3, "first_agrees": 0.0, "sentence_cosine": 0.2}
    rich = {"sentence_match": 0.6, "paper_overlap": 0.9, "first_agrees": 1.0, "sentence_cosine": 0.6}
    assert answer_probability(poor) < 0.5 < answer_probability(rich)
    assert topic_probability(poor) < 0.5 < topic_probability(rich)


def test_without_token_matches_the_words_decide() -> None:
    poor, rich = ({"paper_overlap": share, "bm25_share": share, "first_agrees": 1.0} for share in (0.2, 0.8))
    assert answer_probability(poor) < 0.5 < answer_probability(rich)
    assert topic_probability(poor) < 0.5 < topic_probability(rich)
