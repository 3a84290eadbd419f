"""What the cells of the comparison table read from sentences."""

from __future__ import annotations

import pytest

from assistant.summaries.datasets import data_names, data_span, described_data_span, size_span
from assistant.summaries.figures import figure_span
from assistant.summaries.problems import aim_span, difficulty_span, subject_span, task_span
from assistant.summaries.proposals import (
    STUDIED,
    USED,
    names_of_work,
    read_named,
    read_paper,
    read_proposal,
    read_purpose,
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("HSTU beats baselines by 65.8% in NDCG.", "HSTU beats baselines by 65.8% in NDCG"),
        ("It is good, reaching 10.7x speed-up.", "It is good, reaching 10.7x speed-up"),
        ("Results show that X improves recall by 5-15% over Y.", "X improves recall by 5-15% over Y"),
        ("We obtain 84% precision, which shows that it is robust.", "We obtain 84% precision"),
        ("It received an average score of 0.356 on a scale.", "It received an average score of 0.356 on a scale"),
        ("The best systems reach an F1 of 57.19.", "The best systems reach an F1 of 57.19"),
        ("Efficiency is higher by an order of magnitude.", "Efficiency is higher by an order of magnitude"),
        (
            f"On two tasks of {'very ' * 24}large size, our parser improves BLEU by 3.2%, while its rivals do not.",
            "our parser improves BLEU by 3.2%",
        ),
        (
            f"The outcomes of {'many ' * 24}tests differ, reducing the error of the best parser by 30% on average.",
            "…reducing the error of the best parser by 30% on average",
        ),
        ("We analyze about 8 million listening events of 53,000 users.", None),
        ("The log contains more than 30 million queries.", None),
        ("It was the better system in 2019.", None),
        ("No number here.", None),
    ],
)
def test_the_main_figure_is_a_result_and_no_count_of_data(text: str, value: str | None) -> None:
    assert figure_span(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("We use the MovieLens 1M dataset.", "MovieLens 1M dataset"),
        ("It was evaluated on the Fake News Challenge corpus.", "Fake News Challenge corpus"),
        ("Experiments on two real-world datasets, i.e., Tianchi and JD, show it.", "Tianchi, JD"),
        (
            "We use the MovieLens-100K and MovieLens-ml-latest-small datasets.",
            "MovieLens-100K, MovieLens-ml-latest-small",
        ),
        ("Experiments on a public XING dataset and a large Pinterest dataset win.", "XING, Pinterest"),
        ("Experiments on the largest Learning to Rank (LTR) datasets win.", None),
        ("We use Twitter data of a year.", "Twitter data"),
        ("Experiments on data gathered from Taobao show it.", "Taobao"),
        ("Queries mostly lead to Wikipedia articles.", None),
        ("Recently, models achieve human performance in SQuAD, a reading task.", None),
        ("It needs more knowledge than previous challenges such as SQuAD.", None),
        ("Users write on Twitter.", None),
        ("This challenge is hard.", None),
        ("We track RGB and CNN benchmarks.", None),
    ],
)
def test_data_is_named_where_it_is_the_papers_own(text: str, value: str | None) -> None:
    assert data_span(text) == value


def test_names_of_data_are_told_one_by_one_and_no_pronoun_or_abbreviation_of_a_field_is_one() -> None:
    assert data_names("Experiments on two benchmark E-commerce datasets, Yoochoose and Diginetica, show it.") == (
        "Yoochoose",
        "Diginetica",
    )
    assert data_names("We use such RGB-D datasets for Federated Learning benchmarks.") == ()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Experiments on two real-world datasets show a gain.", "two real-world datasets"),
        ("On challenging continuous control benchmarks our agent wins.", "challenging continuous control benchmarks"),
        ("Experiments on a dataset of academic publications show a gain.", "dataset of academic publications"),
        ("Experiments conducted on a dataset of 140,000 items show it.", "dataset of 140,000 items"),
        ("Our evaluation on a task-oriented dialog dataset wins.", "task-oriented dialog dataset"),
        ("Experiments on various datasets win.", "various datasets"),
        ("The large-scale experiments with real-world data show it.", "real-world data"),
        ("Question answering draws from large collections of documents.", None),
        ("Progress depends upon the availability of standard corpora.", None),
        ("The whole model can be fit on large-scale data.", None),
        ("We compare the features of each dataset.", None),
        ("We propose an open data extraction method.", None),
        ("On the WMT'14 benchmarks our model wins.", None),
        ("We analyse the proposed dataset.", None),
        ("We use our dataset.", None),
    ],
)
def test_data_is_described_where_experiments_are(text: str, value: str | None) -> None:
    assert described_data_span(text) == value


def test_data_without_a_name_is_told_by_its_size() -> None:
    assert size_span("We collected 2,626 open-domain questions.") == "2,626 open-domain questions"
    assert size_span("The log contains more than 30 million queries.") == "more than 30 million queries"
    assert size_span("There are 5 million users on the web.") is None


@pytest.mark.parametrize(
    ("text", "whole", "thing", "purpose"),
    [
        (
            "We propose a mechanism of trust to predict a user's intention.",
            "a mechanism of trust to predict a user's intention",
            None,  # "trust" is no kind of thing that has a purpose
            None,
        ),
        (
            "We propose a trust model to predict a user's intention.",
            "a trust model to predict a user's intention",
            "a trust model",
            "predict a user's intention",
        ),
        (
            "We propose a new framework for personalized ranking.",
            "a new framework for personalized ranking",
            None,
            "personalized ranking",
        ),
        (
            "We present LiveMedQA, a system that is optimized for consumers and shown to work.",
            "LiveMedQA, a system that is optimized for consumers and shown to work",
            None,
            None,
        ),
        ("We propose a new learning to rank algorithm.", "a new learning to rank algorithm", None, None),
        (
            "An iterative fitting algorithm is proposed to plan grasps for grippers.",
            "An iterative fitting algorithm",
            "An iterative fitting algorithm",
            "plan grasps for grippers",
        ),
        (
            "It tackles detection by proposing a model of words and show that it works.",
            "a model of words",
            None,
            None,
        ),
        ("We propose a new metric, well thought out for this task.", "a new metric", None, None),
    ],
)
def test_what_is_proposed_is_a_noun_phrase_and_its_purpose_is_parted_from_it_only_where_nothing_else_hangs_on_it(
    text: str, whole: str, thing: str | None, purpose: str | None
) -> None:
    found = read_proposal(text)
    assert found is not None
    assert (found.whole, found.thing, found.purpose) == (whole, thing, purpose)


@pytest.mark.parametrize(
    "text",
    [
        "We are putting our effort to solve the problem.",
        "We also compare it to other strategies.",
        "We present the results obtained by coupling A with B.",
        "We report several interesting findings on search.",
        "We propose a new approach.",
        "We propose to concentrate efforts on ranks.",
        "We extend this model by moods.",
        "They use graphs.",
        "The case study we present involves experts.",
        "We show and present the effectiveness of our approach.",
        "We release a novel dataset.",
    ],
)
def test_what_names_nothing_is_no_proposal(text: str) -> None:
    assert read_proposal(text) is None


def test_what_is_used_or_studied_is_a_method_unless_it_is_data() -> None:
    used = read_proposal("We use a metric called miscalibration.", USED)
    studied = read_proposal("We examine a weighting of items.", STUDIED)
    assert used is not None
    assert studied is not None
    assert (used.whole, studied.whole) == ("a metric called miscalibration", "a weighting of items")
    assert read_proposal("We use a recent report of news sources.", USED) is None


def test_a_sentence_that_opens_with_the_name_of_its_papers_work_says_what_that_does() -> None:
    texts = ["ExFM controls costs by distillation.", "Recommender systems are used everywhere, as ExFM is."]
    names = names_of_work("External models for recommender systems", texts)
    assert names == {"ExFM"}
    found = read_named(texts[0], names)
    assert found is not None
    assert found.whole == "ExFM controls costs by distillation"
    assert read_named(texts[1], names) is None


def test_a_name_that_looks_like_a_word_is_one_where_the_title_has_it_and_nobody_writes_it_small() -> None:
    assert names_of_work("Meta Lattice: Redesign of Models", ["Lattice is a framework.", "A model is old."]) == {
        "Lattice"
    }


def test_a_paper_that_is_the_subject_says_what_it_does() -> None:
    found = read_paper("This paper makes language models fast by early exits.")
    assert found is not None
    assert found.whole == "This paper makes language models fast by early exits"
    assert read_paper("This paper discusses language models.") is None


@pytest.mark.parametrize(
    ("text", "purpose"),
    [
        ("WISER is a semantic search engine for expert finding in academia.", "expert finding in academia"),
        ("We propose a BERT model for ranking answers by using clicks.", "ranking answers"),
        ("We present a question answering system for Ubuntu users.", None),
        ("We compare the accuracy of the algorithms for the three user groups.", None),
        ("Recommenders are used to filter information.", None),
    ],
)
def test_a_purpose_is_that_of_the_papers_own_work(text: str, purpose: str | None) -> None:
    assert read_purpose(text) == purpose


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("We address the problem of finding pages in time.", "finding pages in time"),
        ("This paper addresses the general problem of modelling ranks with ties.", "modelling ranks with ties"),
        ("We tackle the cold-start problem of new items by using clicks.", "the cold-start problem of new items"),
        ("We focus on improving deployed systems, which is hard.", "improving deployed systems"),
        ("We address the problem in the context of pages.", None),
        ("We address the problem of such things.", None),
        ("We study clicks.", None),
    ],
)
def test_a_task_is_what_the_authors_say_to_address(text: str, value: str | None) -> None:
    assert task_span(text) == value


def test_an_aim_and_a_subject_are_problems_too() -> None:
    assert (
        aim_span("Our goal is to answer more complex questions reliably.") == "answer more complex questions reliably"
    )
    assert subject_span("Rank aggregation is an important task in search.") == "Rank aggregation"
    assert subject_span("It is an important task.") is None


def test_a_difficulty_is_told_with_the_words_that_state_it_or_not_at_all() -> None:
    text = f"Usual methods learn {'many ' * 8}things, but they are oblivious to the fate of the items in a shop."
    value = difficulty_span(text)
    assert value is not None
    assert "oblivious" in value
    assert difficulty_span(f"Usual methods learn {'many ' * 40}things, but they are oblivious to items.") is None
    assert difficulty_span("However getting people to agree on tags is difficult.") == (
        "getting people to agree on tags is difficult"
    )
    assert difficulty_span("Since queries are many, the approach has limited coverage.") is None
