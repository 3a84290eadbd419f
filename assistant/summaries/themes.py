"""Groups of papers that belong together, with a heading each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.cluster import AgglomerativeClustering, KMeans
from sklearn.metrics import silhouette_score

from assistant.embedders import FloatArray
from assistant.library import IntArray
from assistant.summaries.members import Member, centroid
from assistant.summaries.phrases import Phrase, distinctive_phrases, title_of

FEW = 4  # papers that make one theme together
MOST = 8  # themes of a summary
EXACT = 1000  # papers up to which every pair is compared


@dataclass(frozen=True, slots=True)
class Theme:
    """Papers that belong together, most relevant first, under a heading of their distinctive phrases."""

    title: str
    members: tuple[Member, ...]
    phrases: tuple[Phrase, ...]


def find_themes(members: Sequence[Member], topic: str) -> tuple[Theme, ...]:
    """Return the themes of `members`, each paper in exactly one; the same papers give the same themes.

    The number of themes is the one with the best silhouette.
    """
    readable = [member for member in members if len(member.vectors)]
    silent = [member for member in members if not len(member.vectors)]
    groups = _grouped(readable, _labels(readable)) if readable else []
    if silent:
        groups = [[*groups[0], *silent], *groups[1:]] if groups else [silent]
    groups.sort(key=lambda group: (-_weight(group), group[0].key))
    ranked = distinctive_phrases(groups, topic)
    themes: list[Theme] = []
    for group, phrases in zip(groups, ranked, strict=True):
        title = title_of(phrases, [theme.title for theme in themes]) or title_of(phrases)
        themes.append(Theme(title or group[0].paper.title, tuple(group), phrases))
    return tuple(themes)


def _weight(group: Sequence[Member]) -> float:
    return sum(member.score for member in group[:5])


def _grouped(members: Sequence[Member], labels: IntArray) -> list[list[Member]]:
    groups: dict[int, list[Member]] = {}
    for member, label in zip(members, labels.tolist(), strict=True):
        groups.setdefault(label, []).append(member)
    return _without_singles(list(groups.values()))


def _without_singles(groups: list[list[Member]]) -> list[list[Member]]:
    """Return the groups with each lone paper moved to the nearest group."""
    kept = [group for group in groups if len(group) > 1]
    if not kept:
        return [[member for group in groups for member in group]]
    centres = np.stack([centroid(group) for group in kept])
    for group in groups:
        if len(group) == 1:
            kept[int(np.argmax(centres @ group[0].vector))].append(group[0])
    return [sorted(group, key=lambda member: (-member.score, member.key)) for group in kept]


def _labels(members: Sequence[Member]) -> IntArray:
    if len(members) <= FEW:
        return np.zeros(len(members), np.int64)
    vectors = np.stack([member.vector for member in members])
    most = min(MOST, len(members) // 3, round(2 + len(members) ** 0.5))
    best, chosen = -1.0, np.zeros(len(members), np.int64)
    for count in range(2, max(2, most) + 1):
        labels = _split(vectors, count)
        score = silhouette_score(vectors, labels, metric="cosine", sample_size=min(EXACT, len(members)), random_state=0)
        if score > best:
            best, chosen = float(score), labels
    return chosen


def _split(vectors: FloatArray, count: int) -> IntArray:
    if len(vectors) <= EXACT:
        found = AgglomerativeClustering(n_clusters=count, linkage="ward").fit_predict(vectors)
    else:
        found = KMeans(n_clusters=count, n_init=4, random_state=0).fit_predict(vectors)
    labels: IntArray = found.astype(np.int64)
    return labels
