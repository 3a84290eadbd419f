"""The papers nearest to a paper, by vectors that are stored already."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from assistant.library import FloatArray, Library
from assistant.papers import Paper
from assistant.vectors import VectorIndex

_WIDER = 4  # windows looked at for each paper wanted, and times more where they are of too few papers


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A paper near another one; `score` is the highest cosine of a window of each, -1 to 1."""

    paper: Paper
    score: float

    def to_json(self) -> dict[str, Any]:
        """Return the object under `neighbours` of `show --json`."""
        paper = self.paper
        return {"key": paper.key, "title": paper.title, "year": paper.year, "score": round(self.score, 4)}


def nearest_papers(library: Library, vectors: VectorIndex, number: int, limit: int) -> list[Neighbour]:
    """Return the `limit` papers nearest to the one of row id `number`, best first; computes no vector."""
    scores: dict[int, float] = {}
    for vector in library.windows_of(number).vectors:
        for other, score in _papers_near(vectors, vector, limit + 1).items():  # the paper itself is among them
            scores[other] = max(score, scores.get(other, -1.0))
    scores.pop(number, None)
    best = sorted(scores, key=lambda other: (-scores[other], other))[:limit]
    stored = library.load(best)
    return [Neighbour(stored[other].paper, scores[other]) for other in best if other in stored]


def _papers_near(vectors: VectorIndex, vector: FloatArray, count: int) -> dict[int, float]:
    """Return row id and cosine of at least `count` papers with the windows nearest to `vector`, where there are any."""
    depth = _WIDER * count
    while True:
        found: dict[int, float] = {}
        for hit in vectors.search(vector, depth):
            found.setdefault(hit.paper_id, hit.score)
        if len(found) >= count or depth >= len(vectors):
            return found
        depth *= _WIDER
