"""Stances are proved by quotes, counted honestly, and silent where nothing is proved."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.app import Assistant
from assistant.settings import Settings
from assistant.stance import PaperStance, Stance, StanceReport, sentence_stance

LISTING = """
LGMay 1, 2018
Pruning Helps SearchAnn Lee, Bo Chen
We study pruning. Pruning improves the accuracy of neural architecture search.

LGMay 1, 2020
Pruning Hurts SearchCarla Diaz, Dan Roth
We repeat earlier work. Pruning degrades the accuracy of neural architecture search.

LGMay 1, 2021
Pruning and SearchEva Braun, Finn Olsen
We revisit it. Pruning does not improve the accuracy of neural architecture search.

LGMay 1, 2021
A Survey of PruningGil Perez, Hana Sato
Pruning of neural networks has many forms.
"""
CLAIM = "Pruning improves the accuracy of neural architecture search."


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StanceReport]:
    folder: Path = tmp_path_factory.mktemp("stance")
    (folder / "listing.txt").write_text(LISTING.strip() + "\n", encoding="utf-8")
    with Assistant(Settings(store=folder / "store", llm="none")) as opened:
        opened.ingest([str(folder / "listing.txt")])
        yield opened.stance(CLAIM)


def test_each_side_is_found_and_proved(report: StanceReport) -> None:
    stances = {paper.title: paper.stance for paper in report.papers}
    assert stances == {
        "Pruning Helps Search": Stance.SUPPORTS,
        "Pruning Hurts Search": Stance.CONTRADICTS,
        "Pruning and Search": Stance.CONTRADICTS,
        "A Survey of Pruning": Stance.SILENT,
    }
    for paper in report.papers:
        assert bool(paper.quotes) == (paper.stance is not Stance.SILENT)


def test_few_papers_settle_nothing(report: StanceReport) -> None:
    assert "too few" in report.verdict
    assert report.counts == {"supports": 1, "contradicts": 2, "mixed": 0, "silent": 1}
    assert report.by_year() == {2018: {"supports": 1}, 2020: {"contradicts": 1}, 2021: {"contradicts": 1}}


def test_nothing_found_is_said() -> None:
    silent = StanceReport("c", (PaperStance("k", "t", None, Stance.SILENT),))
    assert "No paper" in silent.verdict


def test_many_papers_are_counted_plainly() -> None:
    papers = tuple(PaperStance(f"k{i}", "t", 2000 + i, Stance.SUPPORTS) for i in range(6))
    assert StanceReport("c", papers).verdict == "6 papers speak to this: 6 support."
    one = StanceReport("c", papers[:1]).verdict
    assert one == "Only 1 of the papers speaks to this (1 supports): too few to call it settled."


@pytest.mark.parametrize(
    ("claim", "sentence", "stance"),
    [
        ("Stan is faster than Edward.", "Edward runs faster than Stan by at least 35x.", Stance.CONTRADICTS),
        ("Edward is faster than Stan.", "Edward runs faster than Stan by at least 35x.", Stance.SUPPORTS),
        ("Pruning improves accuracy.", "Pruning does not improve accuracy.", Stance.CONTRADICTS),
        ("Pruning improves accuracy.", "Pruning fails to improve accuracy.", Stance.CONTRADICTS),
        ("Fair games are the best experience.", "They assume that a fair game is the best experience.", Stance.SILENT),
        ("Pruning improves accuracy.", "We test whether pruning improves accuracy.", Stance.SILENT),
        ("Pruning improves accuracy.", "Pruning of neural networks has many forms.", Stance.SILENT),
        ("FP8 lowers the quality of large models.", "FP8 often lowers the quality of large models.", Stance.SUPPORTS),
        ("SASRec does not outperform GRU4Rec.", "GRU4Rec outperforms SASRec on all sets.", Stance.SILENT),
        ("FP8 improves model quality.", "FP8 often lowers model quality.", Stance.CONTRADICTS),
        ("FP8 does not hurt model quality.", "FP8 often lowers model quality.", Stance.CONTRADICTS),
        ("Reverb stores experience in Python.", "Reverb stores experience in Python.", Stance.SUPPORTS),
        ("Turn rewards make training unstable.", "Turn rewards may make training more stable.", Stance.SILENT),
        ("Reverb replays what Python stores.", "Python replays what Reverb stores.", Stance.SILENT),
        ("Filtering works well when ratings are sparse.", "A problem of filtering is sparse ratings.", Stance.SILENT),
        ("Filtering works well when data are sparse.", "Filtering works well when data are sparse.", Stance.SUPPORTS),
        ("Rankers are good.", "Rankers are key pieces of a good platform.", Stance.SILENT),
        ("Rankers are good.", "We believe that rankers are good.", Stance.SILENT),  # no abstract proves it
    ],
)
def test_a_sentence_has_a_stance_only_where_it_says_the_claim_or_its_opposite(
    claim: str, sentence: str, stance: Stance
) -> None:
    assert sentence_stance(claim, sentence, idf=lambda _: 5.0, similarity=0.8)[0] is stance


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        ("HSTU is faster than Transformers on long sequences", {"zhai2024actions": Stance.SUPPORTS}),
        ("HSTU is slower than Transformers on long sequences", {"zhai2024actions": Stance.CONTRADICTS}),
        ("Performance on cross capabilities is limited by the weakest component", {"zhong2024law": Stance.SUPPORTS}),
        ("FP8 does not hurt recommendation quality", {"luo2026loka": Stance.CONTRADICTS}),
        ("FP8 improves model quality", {"luo2026loka": Stance.CONTRADICTS}),
        ("STEVE loses performance in complex environments", {"buckman2018sample": Stance.CONTRADICTS}),
        ("Synchrosqueezing is not robust to noise", {"thakur2012synchrosqueezing": Stance.CONTRADICTS}),
        ("Larger language models are better at coding", {}),
        ("Quantization degrades model accuracy", {}),
        ("Reinforcement learning does not help compiler optimization", {}),
        ("Graph neural networks outperform matrix factorisation", {}),
        ("Coffee reduces the risk of stroke", {}),
    ],
)
def test_the_sample_library_speaks_only_to_what_it_says(
    sample: Assistant, claim: str, expected: dict[str, Stance]
) -> None:
    report = sample.stance(claim)
    assert {paper.key: paper.stance for paper in report.papers if paper.stance is not Stance.SILENT} == expected


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    with Assistant(Settings(store=tmp_path_factory.mktemp("sample") / "store", llm="none")) as opened:
        opened.ingest([], sample=True)
        yield opened
