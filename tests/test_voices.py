"""Whether papers agree: a comparison that is announced is told with its outcome."""

from __future__ import annotations

from assistant.evidence import Evidence
from assistant.qa.voices import with_findings
from assistant.retrieval import RankedPaper
from tests.test_evidence import ranked

ANNOUNCED = "Our comparison includes networks as well as neighbours."
OUTCOME = "The latter often perform equally well or better than networks."


def piece(paper: RankedPaper, index: int) -> Evidence:
    scored = next(scored for scored in paper.sentences if scored.index == index)
    return Evidence(paper.paper, index, scored.sentence, scored.score, paper.rank)


def test_a_comparison_that_is_announced_is_followed_by_its_outcome() -> None:
    paper = ranked(1, "Sessions", ("Trees outperform lists.", 0.1), (ANNOUNCED, 1.0), (OUTCOME, 0.2))
    told = with_findings([piece(paper, 1)], [paper])
    assert [each.sentence.text for each in told] == [ANNOUNCED, OUTCOME]


def test_a_sentence_that_announces_no_comparison_stands_alone() -> None:
    paper = ranked(1, "Sessions", ("Sessions are short.", 1.0), (OUTCOME, 0.2))
    assert len(with_findings([piece(paper, 0)], [paper])) == 1


def test_an_outcome_is_shown_once() -> None:
    paper = ranked(1, "Sessions", (ANNOUNCED, 1.0), (OUTCOME, 0.9))
    assert len(with_findings([piece(paper, 0), piece(paper, 1)], [paper])) == 2
