"""Groups of papers that belong together, with a heading each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.cluster import AgglomerativeClustering, KMeans
from sklearn.metrics import silhouette_score

from assistant.embedders import FloatArray
from assistant.library import IntArray
from assistant.summaries.headings import MIXED, Spoken, choose_heading, title_of
from assistant.summaries.members import Member, centroid
from assistant.summaries.phrases import Phrase, distinctive_phrases, read_text, says, title_text

FEW = 7  # papers that make one theme together
LEAST = 4  # papers of a theme on average
SMALLEST = 3  # papers that make a theme of their own: two are mostly one paper and its later version
FARTHER = 0.1  # cosine by which the theme that a paper moves to may be farther than its own
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

    @property
    def mixed(self) -> bool:
        """Whether its heading says that it names some of the papers only."""
        return self.title.startswith(MIXED)


def find_themes(
    members: Sequence[Member], topic: str, embed: Callable[[Sequence[str]], FloatArray]
) -> tuple[Theme, ...]:
    """Return the themes of `members`, each paper in exactly one; the same papers give the same themes.

    The number of themes is the one with the best silhouette. They stand by relevance, the mixed ones last.

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
    found = distinctive_phrases(groups, topic, embed)
    headings: list[tuple[Phrase, ...]] = []
    texts = [[read_text(member) for member in group] for group in groups]
    for place, phrases in enumerate(found):
        taken = [phrase for heading in headings for phrase in heading]
        others = [text for other, spoken in enumerate(texts) if other != place for text in spoken]
        headings.append(choose_heading(phrases, _spoken(groups[place], others), taken))
    groups = _settled(groups, headings)
    themes = [
        Theme(_title(group, heading, topic), tuple(group), phrases)
        for group, heading, phrases in zip(groups, headings, found, strict=True)
    ]
    return tuple(sorted(themes, key=lambda theme: theme.mixed))


def _title(group: Sequence[Member], heading: Sequence[Phrase], topic: str) -> str:
    return title_of(heading, _spoken(group), topic) if heading else group[0].paper.title


def _spoken(group: Sequence[Member], others: Sequence[str] = ()) -> Spoken:
    return Spoken([read_text(member) for member in group], [title_text(member) for member in group], others)


def _settled(groups: Sequence[Sequence[Member]], headings: Sequence[Sequence[Phrase]]) -> list[list[Member]]:
    """Return the groups with each paper that says no phrase of its heading moved to one that its title bears out.

    Of several it is the nearest group; a paper stays where its own group is far nearer, or small.
    """
    centres = np.stack([centroid(group) for group in groups])
    settled: list[list[Member]] = [[] for _ in groups]
    for place, group in enumerate(groups):
        for member in group:
            near, title = centres @ member.vector, title_text(member)
            fits = [other for other, heading in enumerate(headings) if any(says(title, phrase) for phrase in heading)]
            best = max(fits, key=lambda other: (near[other], -other), default=place)
            stays = len(group) <= FEW or any(says(read_text(member), phrase) for phrase in headings[place])
            settled[place if stays or near[best] < near[place] - FARTHER else best].append(member)
    return [sorted(group, key=lambda member: (-member.score, member.key)) for group in settled]


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
