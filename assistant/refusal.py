"""Whether the library answers a question at all."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.answers import Intent
from assistant.retrieval import Retrieval
from assistant.signals import probability

# Weights of the retrieval signals in the log-odds that the library answers: logistic regression on the 500 PubMedQA
# development questions, each with its paper present and taken out (tests/benchmarks/bench_refusal.py).
# A paper with the very system that is asked about speaks to a question in other words than its own ("Does MLGO make
# programs smaller?"); there are few such questions in PubMedQA, where this costs a point of recall.
_NAMED = 1.5
ANSWER_WEIGHTS = {"sentence_match": 12.2, "paper_overlap": 8.5, "first_agrees": 2.3, "names_found": _NAMED}
_ANSWER_BIAS = -12.2
# The same fit for embedders without token matches; five-fold precision 0.93 and recall 0.94.
_WORD_WEIGHTS = {"paper_overlap": 10.2, "bm25_share": 4.5, "first_agrees": 2.7, "names_found": _NAMED}
_WORD_BIAS = -10.4
# A topic is spoken of far sooner than a question is answered.
_TOPIC_WEIGHTS = {"paper_overlap": 6.0, "sentence_cosine": 6.0}
_TOPIC_BIAS = -4.2
_TOPIC_WORD_BIAS = -1.5  # without cosines: where a quarter of the topic's weight stands in one paper

CERTAINTY = 0.5  # of an answer, below which a question of fact is refused


@dataclass(frozen=True, slots=True)
class RefusalReason:
    """Why a question is not answered: a stable code and a sentence for people."""

    code: str
    text: str


def answers_question(
    retrieval: Retrieval, intent: Intent = Intent.QUESTION, certainty: float = CERTAINTY
) -> RefusalReason | None:
    """Return why the library does not answer the question, or None where it does.

    A question of fact needs a paper that answers it with a probability of `certainty`; one for papers only needs papers
    that speak of its topic. A paper that the question names outright, or that alone is looked up, always answers.
    """
    searched = _papers(retrieval.searched)
    if retrieval.searched == 0:
        return RefusalReason("empty_scope", "No paper passes the filter.")
    if not retrieval.papers or not any(ranked.sentences for ranked in retrieval.papers):
        return RefusalReason("nothing_found", f"Nothing like this stands in {searched}.")
    if retrieval.papers[0].named or (intent is Intent.LOOKUP and retrieval.searched == 1):
        return None
    on_topic = topic_probability(retrieval.signals) >= CERTAINTY
    asks_fact = intent is Intent.QUESTION
    if answer_probability(retrieval.signals) >= certainty if asks_fact else on_topic:
        return None
    if on_topic:
        return RefusalReason("not_stated", f"None of {searched} says it, though some come near its topic.")
    return RefusalReason("off_topic", f"None of {searched} is about this.")


def answer_probability(signals: dict[str, float]) -> float:
    """Return how likely the library answers, from 0 to 1, by logistic regression on retrieval signals."""
    if "sentence_match" in signals:
        return probability(signals, ANSWER_WEIGHTS, _ANSWER_BIAS)
    return probability(signals, _WORD_WEIGHTS, _WORD_BIAS)


def topic_probability(signals: dict[str, float]) -> float:
    """Return how likely the library speaks of a topic at all, from 0 to 1."""
    return probability(signals, _TOPIC_WEIGHTS, _TOPIC_BIAS if "sentence_cosine" in signals else _TOPIC_WORD_BIAS)


def _papers(count: int) -> str:
    return "the 1 paper searched" if count == 1 else f"the {count:,} papers searched"
