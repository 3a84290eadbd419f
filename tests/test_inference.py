"""Filters read from plain words."""

from __future__ import annotations

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
        ("Approaches to NAS published before 2019", "Approaches to NAS", "year:..2018"),
        ("NAS between 2018 and 2020?", "NAS?", "year:2018..2020"),
        ("NAS papers from 2018 to 2020", "NAS papers", "year:2018..2020"),
        ("Which papers published in 2021 use NAS?", "Which papers use NAS?", "year:2021"),
        ("Which papers in 2021 use NAS?", "Which papers use NAS?", "year:2021"),
        ("Which NAS papers from 2018 use RL?", "Which NAS papers use RL?", "year:2018"),
        ("NAS papers from 2018 on", "NAS papers", "year:2018.."),
        ("What did Zhengxing Chen publish on games?", "Which papers on games?", 'author:"Zhengxing Chen"'),
        ("What does Chen say about games?", "Which papers about games?", "author:Chen"),
        ("What did Chen et al. publish before 2019?", "Which papers?", "year:..2018 author:Chen"),
        ("Which papers use RL but not games?", "Which papers use RL?", '-"games","game"'),
        ("Which papers by Chen study games?", "Which papers study games?", "author:Chen"),
        ("Which papers by Zhengxing Chen study games?", "Which papers study games?", 'author:"Zhengxing Chen"'),
        ("Which papers by Yong Chen study games?", "Which papers study games?", "author:Chen"),
        ("Which papers in cs.IR study games?", "Which papers study games?", "category:cs.IR"),
        ("Games by Chen since 2017 in cs.IR", "Games", "year:2017.. category:cs.IR author:Chen"),
    ],
)  # fmt: skip
def test_words_that_can_only_be_filters(question: str, rest: str, filters: str) -> None:
    inferred = infer_filters(question, is_author)
    assert (inferred.question, str(inferred.filters)) == (rest, filters)


@pytest.mark.parametrize(
    "question",
    [
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
