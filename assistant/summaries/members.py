"""Papers as a summary works with them: with their sentences, vectors and relevance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from assistant.embedders import FloatArray
from assistant.library import Library
from assistant.papers import Paper, Sentence


@dataclass(frozen=True)
class Member:
    """A paper in the scope of a summary.

    Args:
        id: the library's row id.
        paper: the record.
        sentences: of its abstract, in order.
        vectors: one a sentence, shape (s, d), length one each.
        score: relevance to the topic.
    """

    id: int
    paper: Paper
    sentences: tuple[Sentence, ...]
    vectors: FloatArray
    score: float

    @property
    def key(self) -> str:
        """The paper's citation key."""
        return self.paper.key

    @cached_property
    def vector(self) -> FloatArray:
        """The mean of the sentence vectors, shape (d,), length one; zeros without an abstract."""
        if not len(self.vectors):
            return np.zeros(self.vectors.shape[1], np.float32)
        mean = self.vectors.mean(axis=0)
        unit: FloatArray = mean / max(float(np.linalg.norm(mean)), 1e-9)
        return unit


def load_members(library: Library, scores: Mapping[int, float], limit: int) -> tuple[Member, ...]:
    """Return the first `limit` papers of the row ids in `scores`, in their order."""
    members: list[Member] = []
    ids = list(scores)[:limit]
    for start in range(0, len(ids), 500):
        part = ids[start : start + 500]
        stored, vectors = library.load(part), library.sentence_vectors(part)
        members += [
            Member(number, stored[number].paper, stored[number].sentences, vectors[number], scores[number])
            for number in part
            if number in stored
        ]
    return tuple(members)


def centroid(members: Sequence[Member]) -> FloatArray:
    """Return the mean direction of the papers, shape (d,), length one."""
    mean = np.mean([member.vector for member in members], axis=0)
    unit: FloatArray = (mean / max(float(np.linalg.norm(mean)), 1e-9)).astype(np.float32)
    return unit
