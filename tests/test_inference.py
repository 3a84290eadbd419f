"""Filters read from plain words."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from assistant.qa.inference import infer_filters


def is_author(name: str) -> bool:
    return name in {"Chen", "Zhengxing Chen", "van der Berg"}


@pytest.mark.parametrize(
    ("question", "rest", "filters"),
    [
        ("Which papers since 2020 use NAS?", "Which papers use NAS?", "year:2020.."),
        ("Which papers use NAS since 2020?", "Which papers use NAS?", "year:2020.."),
        ("What was done on NAS after 2020?", "What was done on NAS?", "year:2021.."),
        ("Which papers on NAS are newer than 2019?", "Which papers on NAS are?", "year:2020.."),
        ("Approaches to NAS published before 2019", "Approaches to NAS", "year:..2018"),
        ("NAS between 2018 and 2020?", "NAS?", "year:2018..2020"),
        ("NAS papers from 2018 to 2020", "NAS papers", "year:2018..2020"),
        ("Which papers published in 2021 use NAS?", "Which papers use NAS?", "year:2021"),
        ("Which papers in 2021 use NAS?", "Which papers use NAS?", "year:2021"),
        ("Which NAS papers from 2018 use RL?", "Which NAS papers use RL?", "year:2018"),
        ("NAS papers from 2018 on", "NAS papers", "year:2018.."),
        ("What did Zhengxing Chen publish on games?", "Which papers on games?", 'author:"Zhengxing Chen"'),
        ("What does Chen say about games?", "Which papers about games?", "author:Chen"),
        ("What did Chen and van der Berg find?", "Which papers?", 'author:Chen author:"van der Berg"'),
        ("What did Chen et al. publish before 2019?", "Which papers?", "year:..2018 author:Chen"),
        ("Which papers use RL but not games?", "Which papers use RL?", '-"games","game"'),
        ("Which papers by Chen study games?", "Which papers study games?", "author:Chen"),
        ("Which papers by Zhengxing Chen study games?", "Which papers study games?", 'author:"Zhengxing Chen"'),
        ("Which papers by Yong Chen study games?", "Which papers study games?", "author:Chen"),
        ("Which papers by Zhengxing Chen are there?", "Which papers are there?", 'author:"Zhengxing Chen"'),
        ("Which papers by Chen about?", "Which papers?", "author:Chen"),
        ("Which papers in cs.IR study games?", "Which papers study games?", "category:cs.IR"),
        ("Games by Chen since 2017 in cs.IR", "Games", "year:2017.. category:cs.IR author:Chen"),
    ],
)  # fmt: skip
def test_words_that_can_only_be_filters(question: str, rest: str, filters: str) -> None:
    inferred = infer_filters(question, is_author)
    assert (inferred.question, str(inferred.filters)) == (rest, filters)


@pytest.mark.parametrize(
    ("question", "rest", "filters"),
    [
        ("Chen matchmaking", "matchmaking", "author:Chen"),
        ("matchmaking Chen", "matchmaking", "author:Chen"),
        ("Chen of matchmaking", "Chen of matchmaking", ""),  # a name, but of no author
        ("What makes Chen", "What makes Chen", ""),  # no keywords
    ],
)
def test_an_authors_name_among_keywords_is_a_filter(question: str, rest: str, filters: str) -> None:
    inferred = infer_filters(question, is_author, is_word=lambda _: False)
    assert (inferred.question, str(inferred.filters)) == (rest, filters)


def test_a_keyword_that_papers_use_is_no_authors_name() -> None:
    assert not infer_filters("Chen matchmaking", is_author, is_word=lambda _: True).filters


@pytest.mark.parametrize(
    ("question", "rest", "filters"),
    [
        ("Recent papers on NAS", "papers on NAS", "year:2023.."),
        ("What are recent advances in NAS?", "What are advances in NAS?", "year:2023.."),
        ("Which papers published recently use NAS?", "Which papers use NAS?", "year:2023.."),
        ("What was written in the last three years on NAS?", "What was written on NAS?", "year:2023.."),
        ("Which papers of the past 5 years use NAS?", "Which papers use NAS?", "year:2021.."),
        ("Which methods were proposed in the last decade?", "Which methods were proposed?", "year:2016.."),
        ("NAS papers published last year", "NAS papers", "year:2025"),
        ("Which papers from this year use NAS?", "Which papers use NAS?", "year:2026"),
        ("NAS papers since last year", "NAS papers", "year:2025.."),
        ("In 2012, what was written on NAS?", "what was written on NAS?", "year:2012"),
        ("In 2021, which papers use NAS?", "which papers use NAS?", "year:2021"),
        ("What has been published on NAS in 2020?", "What has been published on NAS?", "year:2020"),
    ],
)  # fmt: skip
def test_years_told_from_today_and_years_that_open_or_close_a_question(question: str, rest: str, filters: str) -> None:
    inferred = infer_filters(question, is_author, this_year=2026)
    assert (inferred.question, str(inferred.filters)) == (rest, filters)


def test_without_a_year_the_clock_says_it() -> None:
    assert str(infer_filters("papers from this year", is_author).filters) == f"year:{datetime.now(UTC).year}"


@pytest.mark.parametrize(
    "question",
    [
        "Is the most recent model larger?",
        "What is the most recent work on NAS?",
        "Which models were trained on the last 30 days of data?",
        "In 2016, what did the election change?",
        "What did the election change in 2016?",
        "What did the election in 2020 change?",
        "Is it improved by Bayesian optimisation?",
        "How is the loss reduced by Stan?",
        "Does it sort 2000 keys?",
        "What does SWE-bench since its release show?",
        "NAS between 2020 and 2018?",
        "Which papers use Python 3.11?",
    ],
)
def test_words_that_may_mean_something_else_stay(question: str) -> None:
    inferred = infer_filters(question, is_author)
    assert (inferred.question, str(inferred.filters)) == (question, "")
