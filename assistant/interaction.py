"""Late interaction: each word of a question looks for the token of a paper that means the same.

The measure is ColBERT's MaxSim (Khattab and Zaharia 2020) over the signs of the token states, each question token
weighted by the rarity of its word. Signs are compared by their Hamming distance, which for signs is the cosine.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence

import numpy as np

from assistant.embedders import FloatArray, QuestionVectors, TokenBits
from assistant.text import content_words

_BARELY = 0.01  # nearness to a word that no paper has anything to do with


def token_weights(question: QuestionVectors, idf: Callable[[str], float]) -> FloatArray:
    """Return the weight of each question token: its share of its word's rarity; they sum to 1, or are all 0."""
    rarity = [max((idf(word) for word in content_words(text)), default=0.0) for text in question.words]
    weights = np.array(rarity, np.float32) * question.shares
    total = float(weights.sum())
    return weights / np.float32(total) if total else weights


def best_matches(question: QuestionVectors, papers: Sequence[TokenBits]) -> list[FloatArray]:
    """Return for each paper how near each question token comes to each of its parts: shape (tokens, parts).

    Parts are the title and the sentences; values are cosines of signs, -1 to 1, and 0 for a part without tokens.
    """
    counts = [paper.counts.astype(np.int64) for paper in papers]
    if not papers or not len(question.bits):
        return [np.zeros((len(question.bits), len(count)), np.float32) for count in counts]
    sizes = np.concatenate(counts)
    filled = np.flatnonzero(sizes)
    matches = np.zeros((len(question.bits), len(sizes)), np.float32)
    if len(filled):
        starts = (np.cumsum(sizes) - sizes)[filled]
        columns = np.ascontiguousarray(_words_of(np.concatenate([paper.bits for paper in papers])).T)
        scale = np.float32(2 / (8 * question.bits.shape[1]))
        distances = np.empty(columns.shape[1], np.uint16)
        for place, token in enumerate(_words_of(question.bits)):
            distances[:] = 0
            for column, word in zip(columns, token, strict=True):  # a sum over so short an axis is slow in one call
                distances += np.bitwise_count(column ^ word)
            matches[place, filled] = 1 - scale * np.minimum.reduceat(distances, starts)
    return np.split(matches, np.cumsum([len(count) for count in counts])[:-1], axis=1)


def weighed(weights: FloatArray, matches: Sequence[FloatArray]) -> tuple[list[FloatArray], FloatArray]:
    """Return how well each paper's parts match, shape (parts,) each, and how well each paper does, shape (papers,).

    Of a paper as a whole each token's nearest part counts.

    Args:
        weights: of the question's tokens, shape (tokens,).
        matches: of each paper, from `best_matches`; every paper has a part, its title.
    """
    if not matches:
        return [], np.zeros(0, np.float32)
    joined = np.concatenate(matches, axis=1)
    ends = np.cumsum([match.shape[1] for match in matches])
    starts = np.concatenate([[0], ends[:-1]])
    return np.split(weights @ joined, ends[:-1]), weights @ np.maximum.reduceat(joined, starts, axis=1)


def coverage(question: QuestionVectors, topic: Container[str], nearest: Sequence[FloatArray]) -> FloatArray:
    """Return how far each paper covers all words of a topic, shape (papers,), about 0 to 1.

    The word that a paper comes least near to counts, as a share of how near the best of the papers comes to it.

    Args:
        question: the question's tokens.
        topic: the stemmed words of it that say what papers are about; 1 for every paper where it has none of them.
        nearest: of each paper how near it comes to each token, shape (tokens,).
    """
    places: dict[str, list[int]] = {}
    for place, text in enumerate(question.words):
        for word in content_words(text):
            if word in topic:
                places.setdefault(word, []).append(place)
    if not places or not nearest:
        return np.ones(len(nearest), np.float32)
    tokens = np.stack(nearest)
    words = np.stack([tokens[:, of_word].mean(axis=1) for of_word in places.values()], axis=1)
    shares: FloatArray = (words / np.maximum(words.max(axis=0), _BARELY)).min(axis=1)
    return shares


def _words_of(bits: np.ndarray) -> np.ndarray:
    """Return rows of bytes as rows of the widest integers that they fill."""
    width = next(size for size in (8, 4, 2, 1) if bits.shape[1] % size == 0)
    return np.ascontiguousarray(bits).view(f"u{width}")
