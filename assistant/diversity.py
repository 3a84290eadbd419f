"""The order of a list that does not say the same twice: near-duplicates behind, or relevance traded for spread."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from assistant.embedders import FloatArray
from assistant.library import IntArray

# Cosine of first windows from which two abstracts are versions of one. Of the 465 pairs above it among 7,030 arXiv
# records of information retrieval all but two share 85 % of their words; of those from 0.90 to 0.92 a quarter do.
NEAR_DUPLICATE = 0.95
# Share of relevance in Maximal Marginal Relevance (Carbonell and Goldstein 1998); the rest is unlikeness to what stands
# above. Cosines of papers on one topic lie within some 0.4, stretched scores within 1, so even shares are a firm trade.
RELEVANCE_SHARE = 0.5


def repeats_behind(vectors: FloatArray) -> IntArray:
    """Return the places of the rows, those nearly the same as an earlier one behind the others, else as they were."""
    alike = vectors @ vectors.T >= NEAR_DUPLICATE
    repeated: NDArray[np.bool_] = np.zeros(len(vectors), bool)
    for place in range(1, len(vectors)):
        repeated[place] = (alike[place, :place] & ~repeated[:place]).any()
    return np.argsort(repeated, kind="stable")


def spread_out(scores: FloatArray, vectors: FloatArray) -> IntArray:
    """Return the places of the rows so that each is relevant and unlike those before it, the most relevant first.

    Args:
        scores: relevance from 0 to 1, shape (n,).
        vectors: one a row, shape (n, d), length one each.
    """
    cosines = vectors @ vectors.T
    nearest = np.zeros(len(scores), np.float32)
    left = np.ones(len(scores), bool)
    order = np.zeros(len(scores), np.int64)
    for place in range(len(scores)):
        worth = RELEVANCE_SHARE * scores - (1 - RELEVANCE_SHARE) * nearest
        order[place] = chosen = int(np.where(left, worth, -np.inf).argmax())
        left[chosen] = False
        nearest = np.maximum(nearest, cosines[chosen])
    return order
