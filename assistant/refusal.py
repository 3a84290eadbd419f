"""Whether the library answers a question at all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answers import Intent
from assistant.phrasing import names_topic, topic_words
from assistant.retrieval import Retrieval
from assistant.signals import LOOKED_AT, probability
from assistant.text import content_words

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
_TOPIC_WEIGHTS = {"paper_overlap": 6.0, "sentence_cosine": 6.0, "names_found": _NAMED}
_TOPIC_BIAS = -4.2
_TOPIC_WORD_BIAS = -1.5  # without cosines: where a quarter of the topic's weight stands in one paper

# Keywords and vague questions share words with papers on other matters more easily than a question for papers does:
# chosen on one half of tests/data/typed_questions.jsonl (bench_typed_questions.py).
_TOPIC_CERTAINTY = 0.8
_AMOUNTS = frozenset(content_words("much many often long far"))  # "how much": no paper need say the word
_UNSAID = 3  # words that a refusal names at most
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
    if not retrieval.papers:
        return RefusalReason("nothing_found", f"The search found nothing in {searched}.")
    if not any(ranked.sentences for ranked in retrieval.papers):
        return RefusalReason("nothing_found", "The papers found have no abstract to answer from.")
    if retrieval.papers[0].named or (intent is Intent.LOOKUP and retrieval.searched == 1):
        return None
    topic = topic_probability(retrieval.signals)
    if intent is Intent.QUESTION:
        answered = answer_probability(retrieval.signals) >= certainty
    else:
        answered = topic >= (_TOPIC_CERTAINTY if names_topic(retrieval.question) else CERTAINTY)
    if answered:
        return None
    missing = _unsaid(retrieval)
    lacking = f": the nearest say nothing of {quoted(missing)}." if missing else "."
    if topic >= CERTAINTY:
        found = f"No sentence found in {searched} says this, though some papers come near its topic"
        return RefusalReason("not_stated", found + lacking)
    return RefusalReason("off_topic", f"Too little of this stands in {searched} to answer from them{lacking}")


def answer_probability(signals: dict[str, float]) -> float:
    """Return how likely the library answers, from 0 to 1, by logistic regression on retrieval signals."""
    if "sentence_match" in signals:
        return probability(signals, ANSWER_WEIGHTS, _ANSWER_BIAS)
    return probability(signals, _WORD_WEIGHTS, _WORD_BIAS)


def topic_probability(signals: dict[str, float]) -> float:
    """Return how likely the library speaks of a topic at all, from 0 to 1."""
    return probability(signals, _TOPIC_WEIGHTS, _TOPIC_BIAS if "sentence_cosine" in signals else _TOPIC_WORD_BIAS)


def _unsaid(retrieval: Retrieval) -> list[str]:
    """Return the words of the question's topic that no paper nearest to it has, the rarest ones first, as typed."""
    said: set[str] = set()
    for ranked in retrieval.papers[:LOOKED_AT]:
        said.update(content_words(f"{ranked.paper.title} {ranked.paper.abstract} {' '.join(ranked.paper.authors)}"))
    unsaid = [stem for stem in topic_words(retrieval.words) if stem not in said | _AMOUNTS]
    typed = typed_words(retrieval.question, sorted(unsaid, key=lambda stem: -retrieval.words[stem]))
    return typed[:_UNSAID]


def typed_words(question: str, stems: Sequence[str]) -> list[str]:
    """Return the words of a question that `stems` stand for, as typed, each once: “SR-GNN” has two stems."""
    typed = {stem: word for word in re.findall(r"[\w'’-]+", question) for stem in content_words(word)}
    return list(dict.fromkeys(typed[stem] for stem in stems if stem in typed))


def quoted(words: Sequence[str]) -> str:
    """Return words as a reader lists what is missing: “a”, “b” or “c”."""
    marked = [f"“{word}”" for word in words]
    return " or ".join(filter(None, (", ".join(marked[:-1]), marked[-1])))


def _papers(count: int) -> str:
    return "the 1 paper searched" if count == 1 else f"the {count:,} papers searched"
