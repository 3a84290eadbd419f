"""Groups of papers that belong together, with a heading each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.cluster import AgglomerativeClustering, KMeans
from sklearn.metrics import silhouette_score

from assistant.embedders import FloatArray
from assistant.library import IntArray
from assistant.summaries.members import Member, centroid
from assistant.summaries.phrases import Phrase, distinctive_phrases, heading, read_text, says

FEW = 7  # papers that make one theme together
LEAST = 4  # papers of a theme on average
SMALLEST = 3  # papers that make a theme of their own: two are mostly one paper and its later version
HALF = 0.5  # share of a theme's papers that use a phrase of its heading, below which a third phrase helps
MIXED = 0.2  # share below which the heading says that it is mixed
LARGE = 14  # papers that one theme holds as a rule
MOST = 8  # themes of a summary
ALONE = "What the papers say"  # heading of a theme that is the whole scope
EXACT = 1000  # papers up to which every pair is compared


@dataclass(frozen=True, slots=True)
class Theme:
    """Papers that belong together, most relevant first, under a heading of their distinctive phrases."""

    title: str
    members: tuple[Member, ...]
    phrases: tuple[Phrase, ...]


def find_themes(
    members: Sequence[Member], topic: str, embed: Callable[[Sequence[str]], FloatArray]
) -> tuple[Theme, ...]:
    """Return the themes of `members`, each paper in exactly one; the same papers give the same themes.

    The number of themes is the one with the best silhouette.

    Args:
        members: the papers in scope, most relevant first.
        topic: its words make no heading.
        embed: turns phrases into vectors of length one.
    """
    readable = [member for member in members if len(member.vectors)]
    silent = [member for member in members if not len(member.vectors)]
    groups = _grouped(readable, _labels(readable)) if readable else []
    if silent:
        groups = [[*groups[0], *silent], *groups[1:]] if groups else [silent]
    groups.sort(key=lambda group: (-_weight(group), group[0].key))
    if len(groups) == 1:
        return (Theme(ALONE, tuple(groups[0]), distinctive_phrases(groups, topic, embed)[0]),)
    themes: list[Theme] = []
    taken: list[Phrase] = []
    for group, phrases in zip(groups, distinctive_phrases(groups, topic, embed), strict=True):
        chosen = heading(phrases, taken)
        if _reach(group, chosen) < HALF:
            chosen = heading(phrases, taken, parts=3, least=0.2)
        taken += chosen
        themes.append(Theme(_title(group, chosen), tuple(group), phrases))
    return tuple(themes)


def _title(group: Sequence[Member], chosen: Sequence[Phrase]) -> str:
    """Return the heading of a group; one that says little of it says so."""
    names = [phrase.text for phrase in chosen]
    if not names:
        return group[0].paper.title
    title = " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
    if _reach(group, chosen) < MIXED:
        return f"Further work, such as on {title}"
    return title[:1].upper() + title[1:]


def _reach(group: Sequence[Member], chosen: Sequence[Phrase]) -> float:
    """Return the share of a group's papers that use one of the phrases."""
    texts = [read_text(member) for member in group]
    return sum(any(says(text, phrase) for phrase in chosen) for text in texts) / len(texts)


def _weight(group: Sequence[Member]) -> float:
    return sum(member.score for member in group[:5])


def _grouped(members: Sequence[Member], labels: IntArray) -> list[list[Member]]:
    groups: dict[int, list[Member]] = {}
    for member, label in zip(members, labels.tolist(), strict=True):
        groups.setdefault(label, []).append(member)
    return _without_small(list(groups.values()))


def _without_small(groups: list[list[Member]]) -> list[list[Member]]:
    """Return the groups with each paper of a group that is too small moved to the nearest other one."""
    kept = [group for group in groups if len(group) >= SMALLEST]
    if not kept:
        return [[member for group in groups for member in group]]
    centres = np.stack([centroid(group) for group in kept])
    for member in [member for group in groups if len(group) < SMALLEST for member in group]:
        kept[int(np.argmax(centres @ member.vector))].append(member)
    return [sorted(group, key=lambda member: (-member.score, member.key)) for group in kept]


def _labels(members: Sequence[Member]) -> IntArray:
    """Return a theme number for each paper."""
    if len(members) <= FEW:
        return np.zeros(len(members), np.int64)
    vectors = _apart(members)
    least = max(2, min(MOST, round(len(members) / LARGE)))
    most = max(least, min(MOST, round(len(members) ** 0.5), len(members) // LEAST))
    if least == most:
        return _split(vectors, most)
    best, chosen = -1.0, np.zeros(len(members), np.int64)
    for count in range(least, most + 1):
        labels = _split(vectors, count)
        score = silhouette_score(vectors, labels, metric="cosine", sample_size=min(EXACT, len(members)), random_state=0)
        if score > best:
            best, chosen = float(score), labels
    return chosen


def _apart(members: Sequence[Member]) -> FloatArray:
    """Return the papers' vectors without what they have in common, which is the topic: shape (n, d), length one."""
    vectors = np.stack([member.vector for member in members])
    moved = vectors - vectors.mean(axis=0)
    apart: FloatArray = moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-9)
    return apart


def _split(vectors: FloatArray, count: int) -> IntArray:
    if len(vectors) <= EXACT:
        found = AgglomerativeClustering(n_clusters=count, linkage="ward").fit_predict(vectors)
    else:
        found = KMeans(n_clusters=count, n_init=4, random_state=0).fit_predict(vectors)
    labels: IntArray = found.astype(np.int64)
    return labels
