"""How relevant the papers of a library are to a topic."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.candidates import Question, embed_question
from assistant.embedders import Embedder, FloatArray, TokenBits
from assistant.interaction import best_matches, token_weights, weighed
from assistant.library import IntArray, Library
from assistant.retrieval import Searcher
from assistant.sentences import weighted_words

COMPARED = 2000  # papers nearest to the topic whose sentences are compared with it
LEADING = 10  # papers whose common direction the others are compared with
FLATTENED = 2.0  # how much less they differ in weight than in odds
BEST = 3  # papers whose mean is the upper end of a scale
# Weights of the nearest sentence, of the best match word by word, of the topic's wording and of the likeness to the
# leading papers in the log-odds that a paper is on a topic: logistic regression on half of the topics of
# tests/data/scope_topics.json over 5,000 papers of all fields (tests/benchmarks/bench_scope.py). The second weights are
# for embedders without token matches, where BM25 of the topic's words takes their place.
_WEIGHTS = (3.2, 10.1, 2.3, 3.6)
_WEIGHTS_WITHOUT_MATCHES = (5.7, 3.1, 2.3, 3.8)
# Words that join two parts of a topic, each of which a paper must speak of. "At" joins a place: few abstracts name it.
_JOINTS = re.compile(r"\b(?:in|for|with|on|by|using|from|via|under)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Curve:
    """Papers with their relevance, best first: 0 for an ordinary paper near the topic, 1 for the mean of the best.

    `parted` says that the topic has several parts.
    """

    ids: IntArray
    scores: FloatArray
    parted: bool = False


@dataclass(frozen=True, slots=True)
class _Compared:
    """What is read of the papers that are compared with a topic.

    `leads` are their first windows, shape (n, d); `sentences` the vectors of all their sentences, and `speakers` the
    place of each one's paper; `bits` the tokens of those that have them, by row id.
    """

    ids: IntArray
    leads: FloatArray
    sentences: FloatArray
    speakers: IntArray
    bits: Mapping[int, TokenBits]


class TopicRanker:
    """Ranks the papers of one library for topics.

    Args:
        library: the papers.
        searcher: knows where words stand, and how rare each is.
        embedder: the one that made the library's vectors.
    """

    def __init__(self, library: Library, searcher: Searcher, embedder: Embedder) -> None:
        self._library = library
        self._searcher = searcher
        self._embedder = embedder

    def rank(self, topic: str, allowed: IntArray | None) -> Curve:
        """Return the relevance of every allowed paper to the topic.

        Of a topic in several parts ("reinforcement learning" in "games") a paper's score is that of the part it speaks
        of least, plus the mean of all parts, in which each counts by the rarity of its words in the library.
        """
        texts = facets_of(topic) or (topic,)
        questions = [embed_question(text, self._embedder) for text in texts]
        ids, vectors, owners = self._windows(allowed)
        near = np.array([best_of(owners, vectors @ question.vector, len(ids)) for question in questions])
        wording = np.array([_spread(self._searcher.wording(text), ids) for text in texts])
        order = np.argsort(-(near + wording).mean(axis=0), kind="stable")
        first, behind = order[:COMPARED], order[COMPARED:]
        compared = self._read(ids[first])
        parts = [
            self._scores(question, compared, cosines[first], words[first], float(np.quantile(cosines, 0.25)))
            for question, cosines, words in zip(questions, near, wording, strict=True)
        ]
        scores = scaled(self._joined(texts, np.array(parts)))
        best = np.argsort(-scores, kind="stable")
        return Curve(
            ids[np.concatenate([first[best], behind])],
            np.concatenate([scores[best], np.full(len(behind), scores.min(initial=0.0), np.float32)]),
            len(texts) > 1,
        )

    def _scores(
        self, question: Question, compared: _Compared, near: FloatArray, wording: FloatArray, usual: float
    ) -> FloatArray:
        """Return the log-odds, up to a constant, that each compared paper is on one part of a topic.

        Args:
            question: the part.
            compared: the papers.
            near: the cosine of each one's best window.
            wording: the share of the part's wording that each has.
            usual: the lower quartile of the cosines of all allowed papers.
        """
        spoken = best_of(compared.speakers, compared.sentences @ question.vector, len(near))
        sentence = scaled(np.where(spoken > -1, spoken, near), usual)
        matches, weights = self._matches(question, compared), _WEIGHTS
        if matches is None:
            matches, weights = _spread(self._searcher.words(question.text), compared.ids), _WEIGHTS_WITHOUT_MATCHES
        own = np.asarray(weights[0] * sentence + weights[1] * matches + weights[2] * np.sqrt(wording), np.float32)
        scores: FloatArray = own + weights[3] * scaled(compared.leads @ _direction(own, compared.leads))
        return scores.astype(np.float32)

    def _joined(self, texts: Sequence[str], parts: FloatArray) -> FloatArray:
        """Return one score a paper out of those of the topic's parts, shape (parts, papers)."""
        if len(texts) == 1:
            return np.asarray(parts[0], np.float32)
        rarity = np.array([self._rarity(text) for text in texts], np.float32)
        joined: FloatArray = parts.min(axis=0) + rarity @ parts / max(float(rarity.sum()), 1e-9)
        return joined

    def _matches(self, question: Question, compared: _Compared) -> FloatArray | None:
        """Return how well the two best of each paper's title and sentences match word by word; None without tokens.

        A paper whose own tokens are not known does as badly as the worst.
        """
        if question.tokens is None or not compared.bits:
            return None
        weights = token_weights(question.tokens, self._searcher.idf)
        parts, _ = weighed(weights, best_matches(question.tokens, list(compared.bits.values())))
        found = {number: float(np.sort(part)[-2:].mean()) for number, part in zip(compared.bits, parts, strict=True)}
        return _spread(found, compared.ids, min(found.values()))

    def _rarity(self, text: str) -> float:
        """Return the mean inverse document frequency of the words of `text`."""
        words = weighted_words(text, self._searcher.idf)
        return sum(map(self._searcher.idf, words)) / max(len(words), 1)

    def _read(self, ids: IntArray) -> _Compared:
        numbers = ids.tolist()
        rows = self._library.sentence_vectors(numbers)
        return _Compared(
            ids=ids,
            leads=self._library.first_vectors(numbers),
            sentences=np.concatenate([np.zeros((0, self._embedder.dimension), np.float32), *rows.values()]),
            speakers=np.repeat(np.arange(len(numbers)), [len(rows[number]) for number in numbers]),
            bits=self._library.token_bits(numbers),
        )

    def _windows(self, allowed: IntArray | None) -> tuple[IntArray, FloatArray, IntArray]:
        """Return the ids of the allowed papers, all their windows, and the place of each window's paper."""
        table = self._library.window_vectors()
        keep = np.ones(len(table.paper_ids), bool) if allowed is None else np.isin(table.paper_ids, allowed)
        ids, owners = np.unique(table.paper_ids[keep], return_inverse=True)
        return ids.astype(np.int64), table.vectors[keep], owners.astype(np.int64)


def facets_of(topic: str) -> tuple[str, ...]:
    """Return the parts of a topic that its prepositions join, none where it is one part."""
    parts = [part.strip() for part in _JOINTS.split(topic)]
    return tuple(part for part in parts if part) if len(parts) > 1 and all(parts) else ()


def best_of(owners: IntArray, values: FloatArray, count: int) -> FloatArray:
    """Return the largest of the `values` of each owner 0..count-1; -1 for an owner without one."""
    best = np.full(count, -1, np.float32)
    np.maximum.at(best, owners, values)
    return best


def scaled(scores: FloatArray, usual: float | None = None) -> FloatArray:
    """Return scores on the scale from `usual`, the lower quartile where it is None, to the mean of the best (1)."""
    if not len(scores):
        return scores
    start = float(np.quantile(scores, 0.25)) if usual is None else usual
    best = float(np.sort(scores)[-BEST:].mean())
    placed: FloatArray = ((scores - start) / max(best - start, 1e-9)).astype(np.float32)
    return placed


def _direction(scores: FloatArray, vectors: FloatArray) -> FloatArray:
    """Return where the leading papers lie as seen from the mean of all, shape (d,), length one or 0."""
    leading = np.argsort(-scores, kind="stable")[:LEADING]
    weights = np.exp((scores[leading] - scores[leading[0]]) / FLATTENED)
    apart = weights @ vectors[leading] / weights.sum() - vectors.mean(axis=0)
    direction: FloatArray = apart / max(float(np.linalg.norm(apart)), 1e-9)
    return direction


def _spread(found: Mapping[int, float], ids: IntArray, other: float = 0.0) -> FloatArray:
    """Return the values of `found` in the order of `ids`, `other` for those it has not."""
    return np.array([found.get(number, other) for number in ids.tolist()], np.float32)
