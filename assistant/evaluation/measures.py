"""Retrieval measures by query, their means, and whether two runs differ by more than chance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.errors import AssistantError

MEASURES = ("nDCG@10", "RR", "R@20", "R@100")
ROUNDS = 10_000

Scores = dict[str, NDArray[np.float64]]  # by measure one value a query


@dataclass(frozen=True, slots=True)
class Measure:
    """The mean of a measure over the queries, with the 95 % interval of its bootstrap."""

    name: str
    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """How much better one run is than another, with the interval of the difference and its chance probability.

    `p` is of Fisher's paired randomisation test: how often swapping the runs' values query by query at random makes
    a difference at least as large.
    """

    name: str
    difference: float
    low: float
    high: float
    p: float


def score_run(
    run: Mapping[str, Mapping[str, float]], qrels: Mapping[str, Mapping[str, int]], measures: Sequence[str] = MEASURES
) -> Scores:
    """Return the measures of each judged query, in the order of `qrels`; a query without papers has zeros.

    Raises:
        AssistantError: ir-measures is not installed.
    """
    try:
        import ir_measures
    except ImportError:
        raise AssistantError("ir-measures is not installed", 'pip install "paper-assistant[eval]"') from None
    judged = [
        ir_measures.Qrel(query, paper, grade) for query, papers in qrels.items() for paper, grade in papers.items()
    ]
    ranked = [
        ir_measures.ScoredDoc(query, paper, score)
        for query, papers in run.items()
        if query in qrels
        for paper, score in papers.items()
    ]
    parsed = {str(measure): measure for measure in map(ir_measures.parse_measure, measures)}
    place = {query: number for number, query in enumerate(qrels)}
    scores = {name: np.zeros(len(place)) for name in measures}
    names = {str(measure): name for name, measure in zip(measures, parsed.values(), strict=True)}
    if ranked:
        for value in ir_measures.iter_calc(parsed.values(), judged, ranked):
            scores[names[str(value.measure)]][place[value.query_id]] = value.value
    return scores


def summarise(scores: Scores, seed: int = 0) -> list[Measure]:
    """Return the mean of each measure with its interval."""
    return [Measure(name, float(values.mean()), *_interval(values, seed)) for name, values in scores.items()]


def compare(scores: Scores, baseline: Scores, seed: int = 0) -> list[Comparison]:
    """Return how the first run differs from the second on the same queries."""
    comparisons = []
    for name, values in scores.items():
        difference = values - baseline[name]
        observed = float(difference.mean())
        signs = np.random.default_rng(seed).choice((-1.0, 1.0), size=(ROUNDS, len(difference)))
        chance = np.abs(signs @ difference) / len(difference)
        p = float((np.count_nonzero(chance >= abs(observed) - 1e-12) + 1) / (ROUNDS + 1))
        comparisons.append(Comparison(name, observed, *_interval(difference, seed), p))
    return comparisons


def _interval(values: NDArray[np.float64], seed: int) -> tuple[float, float]:
    """Return the 2.5th and 97.5th percentile of the mean over resampled queries."""
    rng = np.random.default_rng(seed)
    means = [values[rng.integers(0, len(values), len(values))].mean() for _ in range(1000)]
    low, high = np.percentile(means, [2.5, 97.5])
    return float(low), float(high)
