"""Which papers a summary is about: a relevance curve over the library, and where it is cut."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from assistant.embedders import Embedder, FloatArray
from assistant.errors import UsageError
from assistant.filters import Filter
from assistant.library import IntArray, Library
from assistant.sentences import overlap, weighted_words
from assistant.summaries.members import Member, load_members

# Place of the cut between the library's typical score (0) and its best ones (1).
CUTS = {"strict": 0.6, "normal": 0.45, "broad": 0.3}
BORDER = 0.08  # papers this far below the cut are named as borderline
COMPARED = 2000  # nearest papers whose sentences and words are compared with the topic
WORDS = 0.1  # weight of the topic's words in the abstract, and again in the title
FEEDBACK = 0.3  # how far the topic's vector moves towards its nearest papers
SEEDS = 3
NEAR = 0.25  # cosine below which not even the nearest paper speaks of the topic


@dataclass(frozen=True, slots=True)
class Scope:
    """The papers of a summary and how they were chosen.

    Args:
        members: papers above the cut, most relevant first.
        borderline: papers just below it.
        cut: the lowest score that is in.
        searched: papers that passed the filter.
        reason: why nothing is in scope; None where something is.
    """

    members: tuple[Member, ...]
    borderline: tuple[Member, ...] = ()
    cut: float = 0.0
    searched: int = 0
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class _Curve:
    """Papers with their relevance, best first."""

    ids: IntArray
    scores: FloatArray
    nearest: float


def choose_scope(
    library: Library,
    embedder: Embedder,
    idf: Callable[[str], float],
    topic: str,
    *,
    filters: Filter,
    width: int | str | None = None,
) -> Scope:
    """Return the papers on `topic` among those that `filters` lets pass.

    Args:
        library: the papers.
        embedder: the one that made the library's vectors.
        idf: inverse document frequency of a stemmed word.
        topic: in plain words.
        filters: holds for every paper.
        width: how many papers, or "strict", "broad" or "all"; None cuts the relevance curve in between.

    Raises:
        UsageError: a width that is none of these.
    """
    _check(width)
    allowed = library.matching_ids(filters)
    curve = _relevance(library, embedder, idf, topic, allowed)
    searched = len(curve.ids)
    if not searched:
        return Scope((), reason="no paper passes the filter" if filters else "the library holds no paper")
    if width != "all" and not isinstance(width, int) and curve.nearest < NEAR:
        return Scope((), searched=searched, reason=f"none of the {searched:,} papers searched is about this")
    count, cut = _cut(curve.scores, width)
    border = 0 if width == "all" else int((curve.scores[count:] >= cut - BORDER).sum())
    found = {int(number): float(score) for number, score in zip(curve.ids, curve.scores, strict=True)}
    inside = load_members(library, {number: found[number] for number in curve.ids[:count].tolist()})
    beside = curve.ids[count : count + min(border, 10)].tolist()
    return Scope(inside, load_members(library, {number: found[number] for number in beside}), cut, searched)


def _check(width: int | str | None) -> None:
    if isinstance(width, int) and not isinstance(width, bool):
        if width < 1:
            raise UsageError(f"a scope of {width} papers is empty", "give a number from 1 up, strict, broad or all")
    elif width not in (None, "strict", "broad", "all"):
        raise UsageError(f"unknown scope {width!r}", "give a number of papers, strict, broad or all")


def _cut(scores: FloatArray, width: int | str | None) -> tuple[int, float]:
    """Return how many papers of the sorted `scores` are in scope, and the lowest score that is in."""
    if width == "all":
        count = len(scores)
    elif isinstance(width, int):
        count = min(width, len(scores))
    else:
        usual, best = float(np.median(scores)), float(scores[:SEEDS].mean())
        cut = usual + CUTS[str(width or "normal")] * (best - usual)
        return max(1, int((scores >= cut).sum())), cut
    return count, float(scores[count - 1])


def _relevance(
    library: Library, embedder: Embedder, idf: Callable[[str], float], topic: str, allowed: IntArray | None
) -> _Curve:
    """Return the relevance of every allowed paper.

    The score is the best window's cosine with the topic, moved a little towards its nearest papers, plus the
    share of the topic's weighted words in title and abstract.
    """
    query = embedder.embed_queries([topic])[0]
    ids, vectors, owners = _windows(library, allowed)
    if not len(ids):
        return _Curve(ids, np.zeros(0, np.float32), 0.0)
    near = _best_of(owners, vectors @ query, len(ids))
    words = weighted_words(topic, idf)
    compared = np.argsort(-near, kind="stable")[:COMPARED]
    shared = np.zeros(len(ids), np.float32)
    stored = library.load(ids[compared].tolist())
    for place in compared.tolist():
        paper = stored[int(ids[place])].paper
        shared[place] = WORDS * (overlap(words, f"{paper.title} {paper.abstract}") + overlap(words, paper.title))
    first = np.argsort(-(near + shared), kind="stable")[:SEEDS]
    moved = query + FEEDBACK * _unit(vectors[np.isin(owners, first)].mean(axis=0))
    scores = _best_of(owners, vectors @ _unit(moved), len(ids)) + shared
    order = np.argsort(-scores, kind="stable")
    return _Curve(ids[order], scores[order], float(near.max()))


def _windows(library: Library, allowed: IntArray | None) -> tuple[IntArray, FloatArray, IntArray]:
    """Return the sorted ids of the allowed papers with windows, all their windows, and the place of each's paper."""
    table = library.window_vectors()
    keep = np.ones(len(table.paper_ids), bool) if allowed is None else np.isin(table.paper_ids, allowed)
    ids, owners = np.unique(table.paper_ids[keep], return_inverse=True)
    return ids.astype(np.int64), table.vectors[keep], owners.astype(np.int64)


def _best_of(owners: IntArray, values: FloatArray, count: int) -> FloatArray:
    best = np.full(count, -1, np.float32)
    np.maximum.at(best, owners, values)
    return best


def _unit(vector: FloatArray) -> FloatArray:
    unit: FloatArray = vector / max(float(np.linalg.norm(vector)), 1e-9)
    return unit
