"""Whether the library answers a question at all."""

from __future__ import annotations

import math
from dataclasses import dataclass

from assistant.retrieval import Retrieval

# Weights of the retrieval signals in the log-odds that the library answers.
_WEIGHTS = {"paper_overlap": 6.0, "sentence_cosine": 6.0}
_BIAS = -4.2


@dataclass(frozen=True, slots=True)
class RefusalReason:
    """Why a question is not answered: a stable code and a sentence for people."""

    code: str
    text: str


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


def _papers(count: int) -> str:
    return "the 1 paper searched" if count == 1 else f"the {count:,} papers searched"
