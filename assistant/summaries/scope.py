"""Which papers a summary is about: a relevance curve over the library, and where it is cut."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from assistant.embedders import Embedder, FloatArray
from assistant.errors import UsageError
from assistant.filters import Filter
from assistant.library import IntArray, Library
from assistant.refusal import topic_probability
from assistant.retrieval import Searcher
from assistant.sentences import overlap, weighted_words
from assistant.summaries.members import Member, load_members
from assistant.text import counted

# Place of the cut between the library's ordinary score (0) and its best ones (1). On 30 topics over 6,569 papers
# (tests/benchmarks/bench_scope.py) the middle one finds 86 % of the core papers of a phrase topic, and 75 % of what it
# finds is on topic; a fixed number of papers, best chosen afterwards, reaches 74 % and 69 %.
CUTS = {"strict": 0.75, "normal": 0.62, "broad": 0.45}
BORDER = 0.15  # how far below the cut, on the same scale, a paper is named as borderline
BORDERLINE, NEXT = 10, 3  # papers named at most, and at least where there are as many
COMPARED = 2000  # nearest papers whose sentences and words are compared with the topic
WORDS = 0.15  # weight of the topic's words in the abstract, and again in the title
FEEDBACK = 0.5  # how far the topic's vector moves towards its nearest papers
CURVE = 1000  # papers of the curve that is shown
SEEDS = 5  # papers it moves towards
BEST = 3  # papers whose mean is the upper end of the scale
SPOKEN_OF = 0.935  # probability that retrieval must give; below it no paper speaks of the topic
# Words that join two parts of a topic, each of which a paper must speak of. "At" joins a place: few abstracts name it.
_JOINTS = re.compile(r"\b(?:in|for|with|on|by|using|from|via|under)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Scope:
    """The papers of a summary and how they were chosen.

    Args:
        members: papers above the cut, most relevant first.
        borderline: papers just below it.
        cut: the lowest score that is in.
        searched: papers that passed the filter.
        reason: why nothing is in scope; None where something is.
        told: how the papers were chosen, in one sentence.
        curve: relevance of the best papers, best first, twice as far as the scope reaches.
    """

    members: tuple[Member, ...]
    borderline: tuple[Member, ...] = ()
    cut: float = 0.0
    searched: int = 0
    reason: str | None = None
    told: str = ""
    curve: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class _Curve:
    """Papers with their relevance, best first."""

    ids: IntArray
    scores: FloatArray


class ScopeChooser:
    """Chooses the papers of summaries over one library.

    Args:
        library: the papers.
        searcher: tells whether any paper speaks of a topic, and how rare a word is.
        embedder: the one that made the library's vectors.
    """

    def __init__(self, library: Library, searcher: Searcher, embedder: Embedder) -> None:
        self._library = library
        self._searcher = searcher
        self._embedder = embedder

    def choose(self, topic: str, *, filters: Filter, width: int | str | None = None) -> Scope:
        """Return the papers on `topic` among those that `filters` lets pass.

        Args:
            topic: in plain words.
            filters: holds for every paper.
            width: how many papers, or "strict", "broad" or "all"; None cuts the relevance curve in between.

        Raises:
            UsageError: a width that is none of these.
        """
        _check(width)
        allowed = self._library.matching_ids(filters)
        searched = self._library.count() if allowed is None else len(allowed)
        if not searched:
            return Scope((), reason=f"no paper passes the filter {filters}" if filters else "the library is empty")
        if width != "all" and not self._spoken_of(topic, filters):
            return Scope((), searched=searched, reason=f"none of {_papers(searched)} is about this")
        return self._cut(self._relevance(topic, allowed), width, searched)

    def named(self, keys: Sequence[str], topic: str) -> Scope:
        """Return the papers of `keys` in the order of their relevance to `topic`.

        Raises:
            UnknownKeyError: a key that no paper has.
        """
        numbers = self._library.ids_of_keys(keys)
        for key in keys:
            if key not in numbers:
                self._library.get(key)  # raises, and says so
        allowed = np.array(sorted(set(numbers.values())), np.int64)
        scope = self._cut(self._relevance(topic, allowed), "all", len(allowed))
        return replace(scope, told=f"{counted(len(scope.members), 'paper')} named one by one.")

    def canonical(self, keys: Sequence[str]) -> tuple[str, ...]:
        """Return the citation keys of known keys and aliases, in their order, each once."""
        return tuple(dict.fromkeys(self._library.get(key).key for key in keys))

    def _spoken_of(self, topic: str, filters: Filter) -> bool:
        retrieval = self._searcher.retrieve(topic, filters=filters, limit=5)
        return topic_probability(retrieval.signals) >= SPOKEN_OF

    def _cut(self, curve: _Curve, width: int | str | None, searched: int) -> Scope:
        """Return the papers above the chosen place of the curve, and those just below it."""
        scores = curve.scores
        usual, best = _ends(scores)
        if width == "all":
            count = len(scores)
        elif isinstance(width, int):
            count = min(width, len(scores))
        else:
            count = max(1, int((scores >= usual + CUTS[str(width or "normal")] * (best - usual)).sum()))
        cut = float(scores[count - 1])
        outside = scores[count : count + BORDERLINE]
        border = max(int((outside >= cut - BORDER * (best - usual)).sum()), min(NEXT, len(outside)))
        members = load_members(
            self._library, dict(zip(curve.ids.tolist(), scores.tolist(), strict=True)), count + border
        )
        shown = scores[: min(max(2 * count, 20), CURVE)]
        drawn = tuple(round(score, 4) for score in shown.tolist())
        told = _told(count, searched, width, cut)
        return Scope(members[:count], members[count:], cut, searched, told=told, curve=drawn)

    def _relevance(self, topic: str, allowed: IntArray | None) -> _Curve:
        """Return the relevance of every allowed paper to the topic.

        The score is the mean of the best window's and the best sentence's cosine with the topic's vector, moved
        towards its nearest papers, plus the share of the topic's weighted words in the abstract and in the title. Of a
        topic in several parts ("reinforcement learning" in "games") it is the score of the part that a paper speaks of
        least: cosine and share of words, each part on its own scale from the library's ordinary paper (0) to its best
        (1), so that none outweighs another. On 16 such topics that raises F1 from 0.54 to 0.79.
        """
        parts = facets_of(topic)
        query, *sides = self._embedder.embed_queries([topic, *parts])
        ids, vectors, owners = self._windows(allowed)
        near_query = _best_of(owners, vectors @ query, len(ids))
        words, part_words, sentences, speakers = self._compared(topic, parts, ids, near_query)

        def near(direction: FloatArray) -> FloatArray:
            windows = _best_of(owners, vectors @ direction, len(ids))
            spoken = _best_of(speakers, sentences @ direction, len(ids))
            spoken = np.where(spoken > -1, spoken, windows).astype(np.float32)
            return np.float32(0.5) * (windows + spoken)

        if sides:
            scores = np.min([_scaled(near(side) + said) for side, said in zip(sides, part_words, strict=True)], axis=0)
        else:
            first = np.argsort(-near(query) - words, kind="stable")[:SEEDS]
            scores = near(_unit(query + FEEDBACK * _unit(vectors[np.isin(owners, first)].mean(axis=0)))) + words
        order = np.argsort(-scores, kind="stable")
        return _Curve(ids[order], scores[order])

    def _compared(
        self, topic: str, parts: Sequence[str], ids: IntArray, near: FloatArray
    ) -> tuple[FloatArray, FloatArray, FloatArray, IntArray]:
        """Return what is read from the papers nearest to the topic.

        That is the words' share of the score, shape (n,); the share of each part's words in a paper, shape (parts, n);
        the sentence vectors of the nearest papers; and the place of each one's paper.
        """
        words, *sides = [weighted_words(text, self._searcher.idf) for text in (topic, *parts)]
        shared, of_parts = np.zeros(len(ids), np.float32), np.zeros((len(sides), len(ids)), np.float32)
        vectors, speakers = [np.zeros((0, self._embedder.dimension), np.float32)], []
        places = np.argsort(-near, kind="stable")[:COMPARED].tolist()
        for start in range(0, len(places), 500):
            part = {int(ids[place]): place for place in places[start : start + 500]}
            stored, rows = self._library.load(list(part)), self._library.sentence_vectors(list(part))
            for number, place in part.items():
                paper = stored[number].paper
                whole = f"{paper.title} {paper.abstract}"
                shared[place] = WORDS * (overlap(words, whole) + overlap(words, paper.title))
                of_parts[:, place] = [overlap(side, whole) for side in sides]
                vectors.append(rows[number])
                speakers += [place] * len(rows[number])
        return shared, of_parts, np.concatenate(vectors), np.array(speakers, np.int64)

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


def _check(width: int | str | None) -> None:
    if isinstance(width, int):
        if width < 1:
            raise UsageError(f"a scope of {width} papers is empty", "give a number from 1 up, strict, broad or all")
    elif width not in (None, "strict", "broad", "all"):
        raise UsageError(f"unknown scope {width!r}", "give a number of papers, strict, broad or all")


def _best_of(owners: IntArray, values: FloatArray, count: int) -> FloatArray:
    """Return the largest of the `values` of each owner 0..count-1; -1 for an owner without one."""
    best = np.full(count, -1, np.float32)
    np.maximum.at(best, owners, values)
    return best


def _scaled(scores: FloatArray) -> FloatArray:
    """Return scores on the scale from the library's ordinary paper (0) to the mean of its best (1)."""
    usual, best = _ends(np.sort(scores)[::-1])
    scaled: FloatArray = (scores - usual) / max(best - usual, 1e-9)
    return scaled


def _ends(scores: FloatArray) -> tuple[float, float]:
    """Return the lower quartile of sorted scores and the mean of the first few."""
    return float(np.quantile(scores, 0.25)), float(scores[:BEST].mean())


def _unit(vector: FloatArray) -> FloatArray:
    unit: FloatArray = vector / max(float(np.linalg.norm(vector)), 1e-9)
    return unit


def _told(count: int, searched: int, width: int | str | None, cut: float) -> str:
    if width == "all":
        return f"All {counted(count, 'paper')} searched."
    if isinstance(width, int):
        return f"The {counted(count, 'paper')} most relevant of {searched:,} searched."
    how = {"strict": "strictly", "broad": "freely"}.get(str(width), "where the relevance curve falls off")
    return f"{counted(count, 'paper')} of {searched:,} searched, cut {how} at relevance {cut:.2f}."


def _papers(count: int) -> str:
    return "the 1 paper searched" if count == 1 else f"the {count:,} papers searched"
