"""One score out of several: words, vectors and late interaction over the same candidates.

The scores are summed on scales that do not depend on the other candidates: BM25 as the share of what a paper could
reach at most for the question (theoretical normalisation, Bruch et al. 2023), cosines as they are. So the question
decides how much words count: little where no paper has most of them, much where one paper does. Scores stretched to
0..1 for each question, as they were before, lift the best of a bad lot to the height of an exact hit.
"""

from __future__ import annotations

import numpy as np

from assistant.embedders import FloatArray

CEILING = 2.2  # (k1 + 1): what BM25 gives at most for one word, in units of its rarity
# Shares of the score, chosen over SciFact's claims, PubMedQA's questions, queries for known arXiv papers and conceptual
# questions together (tests/benchmarks/bench_ranking.py); 0.5 to 0.6 and 0.4 to 0.6 are alike within the noise.
LEXICAL_SHARE = 0.5
MATCH_SHARE = 0.6
SPREAD = 0.6  # median range of the local model's cosines among the candidates for a question
LOWEST = 0.1  # score of the last paper looked at closely; those behind it lie below


def first_score(lexical: FloatArray, dense: FloatArray, most: float) -> FloatArray:
    """Return the score that decides which candidates are looked at closely.

    Args:
        lexical: BM25.
        dense: cosines of the local model, or those of another one after `comparable`.
        most: what BM25 gives at most for the question, above 0.
    """
    fused: FloatArray = LEXICAL_SHARE / most * lexical + (1 - LEXICAL_SHARE) * dense
    return fused.astype(np.float32)


def comparable(cosines: FloatArray) -> FloatArray:
    """Return the cosines of any model as wide as those of the local one; how wide they lie is each model's own way."""
    return np.float32(SPREAD) * stretch(cosines)


def final_score(first: FloatArray, match: FloatArray) -> FloatArray:
    """Return scores from 0 to 1 in which late interaction has its share.

    Args:
        first: the first scores of all candidates, best first.
        match: the late interaction of the first of them.
    """
    near = (1 - MATCH_SHARE) * first[: len(match)] + MATCH_SHARE * match
    behind = stretch(first[len(match) :]) * np.float32(0.99)
    return np.concatenate([LOWEST + (1 - LOWEST) * stretch(near), LOWEST * behind]).astype(np.float32)


def stretch(scores: FloatArray) -> FloatArray:
    """Return scores moved and scaled to 0..1; all 0 where they are equal."""
    if not len(scores) or scores.max() == scores.min():
        return np.zeros_like(scores)
    stretched: FloatArray = (scores - scores.min()) / (scores.max() - scores.min())
    return stretched
