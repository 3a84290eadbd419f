"""Running a collection's queries through the real retrieval, and what comes of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from assistant.errors import StoreError
from assistant.evaluation.collection import Collection
from assistant.evaluation.measures import Comparison, Measure, compare, score_run, summarise
from assistant.evaluation.runs import Run, run_name
from assistant.filters import Filter
from assistant.library import Library
from assistant.retrieval import Searcher

DEPTH = 100  # papers of each ranking
SHOWN = 10  # papers of a search as a user makes it; its time is the latency
WARM_UP = 3  # searches before the clock counts


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds of a search that shows ten papers."""

    p50: float
    p95: float
    p99: float


@dataclass(frozen=True, slots=True)
class EvaluationReport:
    """The measures of a run over a collection, how it compares with an earlier run, and how long searches took."""

    collection: str
    papers: int
    queries: int
    measures: tuple[Measure, ...]
    comparisons: tuple[Comparison, ...]
    latency: Latency
    run: Run

    def to_json(self) -> dict[str, Any]:
        """Return the `eval --json` object; the run is left out."""
        return {name: value for name, value in asdict(self).items() if name != "run"}


def evaluate(
    collection: Collection,
    library: Library,
    searcher: Searcher,
    baseline: Run | None = None,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> EvaluationReport:
    """Return how well `searcher` ranks the papers of `collection` for its queries.

    Args:
        collection: queries and judgements.
        library: holds the collection's corpus.
        searcher: over that library.
        baseline: an earlier run over the same collection to compare with.
        progress: told the number of queries done and of all.

    Raises:
        StoreError: the library does not hold the collection's judged papers.
    """
    _check_papers(collection, library)
    run: Run = {}
    took: list[float] = []
    for number, (query, text) in enumerate(collection.queries.items()):
        started = time.perf_counter()
        searcher.retrieve(text, filters=Filter(), limit=SHOWN, rerank=True)
        if number >= min(WARM_UP, len(collection.queries) - 1):
            took.append(1000 * (time.perf_counter() - started))
        ranked = searcher.rank(text, filters=Filter(), limit=DEPTH, rerank=True)
        stored = library.load([paper for paper, _ in ranked])
        run[query] = {run_name(stored[paper].paper.source_id): score for paper, score in ranked if paper in stored}
        progress(number + 1, len(collection.queries))
    scores = score_run(run, collection.qrels)
    comparisons = compare(scores, score_run(baseline, collection.qrels)) if baseline is not None else []
    p50, p95, p99 = (float(value) for value in np.percentile(took, [50, 95, 99]))
    return EvaluationReport(
        collection.name,
        library.count(),
        len(run),
        tuple(summarise(scores)),
        tuple(comparisons),
        Latency(p50, p95, p99),
        run,
    )


def _check_papers(collection: Collection, library: Library) -> None:
    held = {run_name(name) for paper in library.papers() for name in paper.source_ids}
    judged = {paper for papers in collection.qrels.values() for paper in papers}
    if len(judged - held) > len(judged) / 2:
        message = f"the store holds {len(judged & held)} of the {len(judged)} judged papers of {collection.name}"
        raise StoreError(message, "name an empty --store, or none")
