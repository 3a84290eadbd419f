"""A filter holds for everything found, and hides nothing that passes it: a thousand random ones over 50,000 papers."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from assistant.filters import Filter, Term
from assistant.identity import identity_keys
from assistant.indexes import Indexes
from assistant.library import Library, PaperWrite, StoredWindow
from assistant.papers import Paper, Sentence

PAPERS, DIMENSION, FILTERS = 50_000, 16, 1_000
FAMILIES = ["Chen", "Lee", "Müller", "Knuth", "Rare"]
CATEGORIES = ["cs.IR", "cs.CV", "cs.LG", "math.ST", "IR"]
VENUES = ["SIGIR", "KDD", "Neural Networks"]
WORDS = ["ranking", "vision", "graph", "music", "privacy"]
SHOWN = 10


def drawn_paper(number: int, draw: random.Random) -> Paper:
    """Return a paper of which each property is common, uncommon or missing."""
    words = draw.sample(WORDS, 2)
    return Paper(
        key=f"p{number}",
        title=f"On {words[0]} {number}",
        authors=(f"A {draw.choices(FAMILIES, [40, 30, 20, 9, 0.05])[0]}",),
        year=draw.choice([None, *range(1990, 2020)]),
        venue=draw.choice([None, *VENUES]),
        categories=(draw.choice(CATEGORIES),),
        abstract=f"We study {words[1]} with {words[0]}.",
        source_ids=(str(number),),
    )


def drawn_filter(draw: random.Random) -> Filter:
    """Return one to three random terms."""
    years = sorted(draw.sample(range(1988, 2022), 2))
    terms = [
        Term("year", (f"{years[0]}..{years[1]}",), draw.random() < 0.3),
        Term("author", tuple(draw.sample(FAMILIES, draw.randint(1, 2))), draw.random() < 0.3),
        Term("category", (draw.choice([*CATEGORIES, "cs", "cs.XX"]),), draw.random() < 0.3),
        Term("venue", (draw.choice(VENUES),), draw.random() < 0.3),
        Term("phrase", (f"{draw.choice(WORDS)} {draw.randrange(PAPERS)}", draw.choice(WORDS)), draw.random() < 0.3),
        Term("key", tuple(f"p{draw.randrange(PAPERS)}" for _ in range(draw.randint(1, 40))), draw.random() < 0.3),
    ]
    return Filter(tuple(draw.sample(terms, draw.randint(1, 3))))


@pytest.fixture(scope="module")
def vectors() -> np.ndarray:
    drawn = np.random.default_rng(4).standard_normal((PAPERS, DIMENSION)).astype(np.float32)
    unit: np.ndarray = drawn / np.linalg.norm(drawn, axis=1, keepdims=True)
    return unit


@pytest.fixture(scope="module")
def papers() -> list[Paper]:
    draw = random.Random(4)
    return [drawn_paper(number, draw) for number in range(PAPERS)]


@pytest.fixture(scope="module")
def opened(
    tmp_path_factory: pytest.TempPathFactory, papers: list[Paper], vectors: np.ndarray
) -> Iterator[tuple[Library, Indexes]]:
    """A library of the drawn papers, one window each, with both indexes."""
    store: Path = tmp_path_factory.mktemp("filtered")
    with Library.open(store, create=True) as library:
        library.remember("dimension", str(DIMENSION))
        for start in range(0, PAPERS, 5_000):
            with library.transaction() as writer:
                for number in range(start, start + 5_000):
                    paper, vector = papers[number], vectors[number]
                    sentences = (Sentence(paper.abstract, 0, len(paper.abstract)),)
                    window = StoredWindow(0, 1, b"%16d" % number, vector)
                    writer.write(PaperWrite(paper, sentences, (window,), vector[None], tuple(identity_keys(paper))))
        indexes = Indexes.open(library, write=True)
        indexes.sync()
        yield library, indexes
        indexes.close()


@pytest.mark.timeout(900)
def test_a_thousand_random_filters_hide_nothing_and_let_nothing_through(
    opened: tuple[Library, Indexes], papers: list[Paper], vectors: np.ndarray
) -> None:
    library, indexes = opened
    draw = random.Random(5)
    numbers = library.ids_of_keys([paper.key for paper in papers])
    row_of = {row: number for number, row in enumerate(numbers[paper.key] for paper in papers)}
    for _ in range(FILTERS):
        chosen = drawn_filter(draw)
        allowed = library.matching_ids(chosen)
        assert allowed is not None
        passing = np.array([row_of[int(row)] for row in allowed], np.int64)
        for number in draw.sample(range(PAPERS), 20):
            assert chosen.matches(papers[number]) is bool(np.isin(number, passing)), (str(chosen), number)

        query = vectors[draw.randrange(PAPERS)]
        scores = vectors[passing] @ query
        hits = indexes.vectors.search(query, SHOWN, allowed)
        assert [hit.score for hit in hits] == pytest.approx(np.sort(scores)[::-1][:SHOWN].tolist(), abs=1e-3)
        assert {row_of[hit.paper_id] for hit in hits} <= set(passing.tolist())

        word = draw.choice(WORDS)
        having = {int(number) for number in passing if word in f"{papers[number].title} {papers[number].abstract}"}
        told = {row_of[hit.paper_id] for hit in indexes.lexical.search(word, SHOWN, allowed)}
        assert told <= having
        assert len(told) == min(SHOWN, len(having))
