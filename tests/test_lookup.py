"""A question that names a paper goes straight to it, whatever the name looks like."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistant.app import Assistant
from assistant.filters import Filter
from assistant.identity import family_name
from assistant.papers import Flag, Paper
from assistant.settings import Settings
from assistant.text import content_words
from tests.libraries import paper, searching, titles


@pytest.fixture(scope="module")
def sample(sample_store: Path) -> Iterator[Assistant]:
    with Assistant(Settings(store=sample_store, llm="none")) as opened:
        yield opened


def first_of(assistant: Assistant, question: str) -> tuple[str, bool]:
    best = assistant.searcher.retrieve(question, filters=Filter(), limit=3).papers[0]
    return best.paper.key, best.named


def misspelt(each: Paper) -> str:
    """Return a title with two neighbouring letters of its longest word swapped, and one of another word missing."""
    words = each.title.split()
    longest, other = sorted(range(len(words)), key=lambda place: -len(words[place]))[:2]
    words[longest] = words[longest][:2] + words[longest][3] + words[longest][2] + words[longest][4:]
    words[other] = words[other][:1] + words[other][2:]
    return " ".join(words)


NAMES: dict[str, Callable[[Paper], str]] = {
    "title": lambda each: each.title,
    "title, shouted": lambda each: f"“{each.title.upper()}”?",
    "title with typos": misspelt,
    "key": lambda each: each.key,
    "key as pandoc cites": lambda each: f"[@{each.key}]",
    "key within a question": lambda each: f"What does {each.key} propose?",
}


@pytest.mark.parametrize("form", NAMES)
def test_every_paper_of_the_sample_library_is_found_by_its_names(sample: Assistant, form: str) -> None:
    # a title made of an abstract's first words is no name; short ones lose too much to two typos
    papers = [each for each in sample.papers() if Flag.TITLE_INFERRED not in each.flags and len(each.title) > 25]
    assert len(papers) > 30
    missed = {each.key: found for each in papers if (found := first_of(sample, NAMES[form](each))) != (each.key, True)}
    assert not missed


def test_author_year_and_a_word_of_the_title_find_the_paper(sample: Assistant) -> None:
    draw = random.Random(0)
    ranks = []
    for each in sample.papers():
        words = [word for word in each.title.split() if word.isalpha() and content_words(word)]
        if each.authors and each.year and words:
            question = f"{family_name(each.authors[0]).lower()} {each.year} {draw.choice(words).lower()}"
            found = sample.searcher.retrieve(question, filters=Filter(), limit=5).papers
            ranks.append(next((ranked.rank for ranked in found if ranked.paper.key == each.key), 99))
            assert found[0].named, question
    assert len(ranks) > 30
    assert sum(rank == 1 for rank in ranks) >= 0.9 * len(ranks)


@pytest.mark.parametrize(
    "question",
    [
        "What did Naumov et al. (2019) say about the frameworks that their recommendation model is implemented in?",
        "Is the model of Naumov et al., 2019 faster than others when it is trained on several machines?",
        "In which frameworks did Naumov and Mudigere (2019) implement their deep learning recommendation model?",
    ],
)
def test_a_paper_cited_as_in_running_text_is_the_one_meant(sample: Assistant, question: str) -> None:
    assert first_of(sample, question) == ("naumov2019deep", True)


def test_naumov_2019_recommendation(sample: Assistant) -> None:
    assert first_of(sample, "naumov 2019 recommendation") == ("naumov2019deep", True)
    assert first_of(sample, "Naumov's 2019 paper") == ("naumov2019deep", True)


DOCUMENTED = [
    paper("Alpha", "It sorts.", doi="10.1145/3292500.3330701"),
    paper("Beta", "It merges.", arxiv_id="1906.00091"),
    paper("Gamma", "It joins.", arxiv_id="cs/0111036", author="Bo Kim", year=2001),
    paper("Delta", "It sorts and merges and joins."),
]


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("10.1145/3292500.3330701", "Alpha"),
        ("https://doi.org/10.1145/3292500.3330701.", "Alpha"),
        ("what is in doi:10.1145/3292500.3330701?", "Alpha"),
        ("1906.00091", "Beta"),
        ("arXiv:1906.00091v5", "Beta"),
        ("https://arxiv.org/abs/1906.00091", "Beta"),
        ("cs/0111036", "Gamma"),
        ("kim 2001 joins", "Gamma"),
    ],
)
def test_identifiers_find_their_paper(store: Path, question: str, title: str) -> None:
    with searching(store, DOCUMENTED) as searcher:
        assert titles(searcher, question)[0] == title


def test_a_paper_is_named_as_its_authors_own(store: Path) -> None:
    many = [paper(f"Part {number}", "It goes on.", author="Ann Many") for number in range(9)]
    with searching(store, [*DOCUMENTED, *many]) as searcher:
        assert titles(searcher, "limits of Kim's thesis")[0] == "Gamma"
        found = searcher.retrieve("limits of Many's work", filters=Filter(), limit=3)
        assert not any(each.named for each in found.papers)  # of nine papers none is meant outright


@pytest.mark.parametrize("question", ["10.9999/nothing", "2412.99999", "nobody 2019", "sorts", "", "  ", "2019"])
def test_what_names_no_paper_promotes_none(store: Path, question: str) -> None:
    with searching(store, DOCUMENTED) as searcher:
        assert not any(each.named for each in searcher.retrieve(question, filters=Filter(), limit=9).papers)
