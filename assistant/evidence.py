"""Which sentences answer a question, and whether any does."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from assistant.answers import Intent
from assistant.papers import Paper, Sentence
from assistant.retrieval import RankedPaper, Retrieval, ScoredSentence
from assistant.text import content_words

REPEAT = 0.6  # share of common words from which a sentence says the same as another
KEPT = 0.6  # of the best score: a sentence below it belongs to another question
PER_PAPER = 2  # sentences of one paper in the answer to a plain question
PAPER_WEIGHT = 0.5  # how much the paper's rank counts beside the sentence itself

# Weights of the retrieval signals in the log-odds that the library answers.
_WEIGHTS = {"paper_overlap": 6.0, "sentence_cosine": 6.0}
_BIAS = -4.2


@dataclass(frozen=True, slots=True)
class RefusalReason:
    """Why a question is not answered: a stable code and a sentence for people."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence of a paper that speaks to the question; `index` is its place in the abstract, `rank` the paper's."""

    paper: Paper
    index: int
    sentence: Sentence
    score: float
    rank: int


def answers_question(retrieval: Retrieval) -> RefusalReason | None:
    """Return why the library does not answer the question, or None where it does."""
    if retrieval.searched == 0:
        return RefusalReason("empty_scope", "No paper passes the filter.")
    if not retrieval.papers or not any(ranked.sentences for ranked in retrieval.papers):
        return RefusalReason("nothing_found", f"None of {_papers(retrieval.searched)} speaks of this.")
    if not retrieval.papers[0].named and answer_probability(retrieval.signals) < 0.5:
        return RefusalReason(
            "no_answer", f"None of {_papers(retrieval.searched)} answers this; the nearest are listed."
        )
    return None


def answer_probability(signals: dict[str, float]) -> float:
    """Return how likely the library answers, from 0 to 1, by logistic regression on retrieval signals."""
    odds = _BIAS + sum(weight * signals.get(name, 0.0) for name, weight in _WEIGHTS.items())
    return 1 / (1 + math.exp(-odds))


def select_evidence(retrieval: Retrieval, intent: Intent, limit: int) -> tuple[Evidence, ...]:
    """Return at most `limit` sentences that answer, best first, none saying what an earlier one says.

    A plain question gets the best sentences of any paper, or of those it names. A question for papers (LIST, COMPARE,
    SUMMARY) gets one sentence a paper, in the order of the papers. A LOOKUP gets sentences of the first paper.
    """
    if intent is Intent.LOOKUP:
        return tuple(_distinct(_of_papers(retrieval.papers[:1], limit), limit))
    if intent is Intent.QUESTION:
        named = tuple(ranked for ranked in retrieval.papers if ranked.named)
        pool = sorted(_of_papers(named or retrieval.papers, PER_PAPER), key=lambda found: -found.score)
    else:
        pool = sorted(_of_papers(retrieval.papers, 1), key=lambda found: found.rank)
    best = max((found.score for found in pool), default=0.0)
    return tuple(_distinct((found for found in pool if found.score >= KEPT * best), limit))


def _of_papers(papers: Iterable[RankedPaper], each: int) -> list[Evidence]:
    """Return the best `each` sentences of every paper; the paper's own score counts too."""
    return [_evidence(ranked, scored) for ranked in papers for scored in ranked.sentences[:each]]


def _evidence(ranked: RankedPaper, scored: ScoredSentence) -> Evidence:
    score = scored.score + PAPER_WEIGHT * ranked.score
    return Evidence(ranked.paper, scored.index, scored.sentence, score, ranked.rank)


def _distinct(pool: Iterable[Evidence], limit: int) -> list[Evidence]:
    """Return the first `limit` of `pool`, leaving out those that repeat an earlier one."""
    chosen: list[Evidence] = []
    said: list[set[str]] = []
    for found in pool:
        if len(chosen) == limit:
            break
        words = set(content_words(found.sentence.text))
        if not any(_shared(words, others) > REPEAT for others in said):
            chosen.append(found)
            said.append(words)
    return chosen


def _shared(first: set[str], second: set[str]) -> float:
    """Return the share of common words, from 0 to 1."""
    either = len(first | second)
    return len(first & second) / either if either else 1.0


def _papers(count: int) -> str:
    return "the 1 paper searched" if count == 1 else f"the {count:,} papers searched"
