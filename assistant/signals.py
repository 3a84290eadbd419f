"""Figures that tell a question which the library answers from one that it does not."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from assistant.candidates import Candidates
from assistant.fusion import CEILING
from assistant.sentences import overlap, words_said

LOOKED_AT = 5  # papers whose words count
NAMED_IN = 3  # papers in one of which the named systems must stand


def retrieval_signals(
    candidates: Candidates,
    words: Mapping[str, float],
    idf: Callable[[str], float],
    papers: Sequence[tuple[str, Sequence[str]]],
    nearest: Sequence[float],
    names: Sequence[str] = (),
) -> dict[str, float]:
    """Return the signals of a retrieval; none where nothing was found or the question has no content word.

    How high cosines are is the embedder's own way. Those of the local model, which gives token matches too, are
    signals; those of other embedders only rank.

    Args:
        candidates: what was found.
        words: the question's words with their shares.
        idf: rarity of a word.
        papers: heading (title and authors) and sentences, best first, of the first papers.
        nearest: for each of the first papers the cosine of its nearest sentence.
        names: of systems, as the question has them.
    """
    if not papers or not words:
        return {}
    ceiling = CEILING * sum(idf(word) for word in words)
    first = papers[:LOOKED_AT]
    dense = np.sort(candidates.dense)[::-1]
    signals = {
        "bm25_share": float(candidates.lexical.max() / ceiling) if ceiling else 0.0,
        "paper_overlap": max(_paper_overlap(words, title, said) for title, said in first),
        "sentence_overlap": max((overlap(words, said[0]) for _, said in first if said), default=0.0),
        "first_agrees": float(np.argmax(candidates.lexical) == np.argmax(candidates.dense)),
        "names_found": float(bool(names) and any(_has_all(names, title, said) for title, said in papers[:NAMED_IN])),
    }
    if candidates.matches:
        match = np.sort([float(parts.max(initial=0.0)) for parts in candidates.matches.values()])[::-1]
        signals |= {
            "window_cosine": float(dense[0]),
            "window_lead": float(dense[0] - dense[:10].mean()),
            "sentence_cosine": max(nearest, default=float(dense[0])),
            "sentence_match": float(match[0]),
            "match_lead": float(match[0] - match[:10].mean()),
        }
    return signals


def probability(signals: Mapping[str, float], weights: Mapping[str, float], bias: float) -> float:
    """Return the probability that a logistic regression gives, from 0 to 1; a signal that is not known counts 0."""
    odds = bias + sum(weight * signals.get(name, 0.0) for name, weight in weights.items())
    return 1 / (1 + math.exp(-odds))


def _paper_overlap(words: Mapping[str, float], title: str, sentences: Sequence[str]) -> float:
    """Return which share of the weighted `words` stands anywhere in a paper."""
    present = {word for text in (title, *sentences) for word in words_said(text)}
    return sum(weight for word, weight in words.items() if word in present)


def _has_all(names: Sequence[str], title: str, sentences: Sequence[str]) -> bool:
    """Return whether every name stands in a paper as a word of its own."""
    text = " ".join((title, *sentences))
    return all(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE) for name in names)
