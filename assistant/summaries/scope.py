"""Which papers a summary is about: a relevance curve over the library, and where it is cut."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from assistant.embedders import Embedder
from assistant.errors import UsageError
from assistant.filters import Filter
from assistant.library import IntArray, Library
from assistant.refusal import topic_probability
from assistant.retrieval import Searcher
from assistant.summaries.abbreviations import READ, WORDS, spelled_out
from assistant.summaries.members import Member, load_members
from assistant.summaries.relevance import Curve, TopicRanker, facets_of
from assistant.text import counted

# Relevance from which a paper is in scope, from 0 for an ordinary paper to 1 for the mean of the best. On the topics it
# was chosen on (tests/benchmarks/bench_scope.py) 0.56 to 0.60 are alike; the highest keeps most that is off topic out.
CUTS = {"strict": 0.73, "normal": 0.6, "broad": 0.36}
PARTED = 0.05  # how much higher the cut of a topic in several parts is
BORDER = 0.15  # how far below the cut a paper is named as borderline
BORDERLINE, NEXT = 10, 3  # papers named at most, and at least where there are as many
CURVE = 1000  # papers of the curve that is shown
SPOKEN_OF = 0.935  # probability that retrieval must give; below it no paper speaks of the topic


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
        self._ranker = TopicRanker(library, searcher, embedder)

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
        topic, read = self._spelled_out(topic)
        if width != "all" and not self._spoken_of(topic, filters):
            return Scope((), searched=searched, reason=f"none of {_papers(searched)} is about this")
        scope = self._cut(self._ranker.rank(topic, allowed), width, searched)
        return replace(scope, told=scope.told + read + self._unsaid(topic, allowed))

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
        scope = self._cut(self._ranker.rank(topic, allowed), "all", len(allowed))
        return replace(scope, told=f"{counted(len(scope.members), 'paper')} named one by one.")

    def canonical(self, keys: Sequence[str]) -> tuple[str, ...]:
        """Return the citation keys of known keys and aliases, in their order, each once."""
        return tuple(dict.fromkeys(self._library.get(key).key for key in keys))

    def _spelled_out(self, topic: str) -> tuple[str, str]:
        """Return the topic with its abbreviations spelled out as the library does, and a sentence that says so."""
        long: dict[str, str] = {}
        for word in dict.fromkeys(WORDS.findall(topic)):
            numbers = list(self._searcher.words(word))[:READ]
            said = spelled_out(word, [text for _, text in self._library.texts(numbers)])
            if said and said not in topic.lower():
                long[word] = said
        read = "".join(f" {word} is read as {said}." for word, said in long.items())
        return WORDS.sub(lambda match: long.get(match[0], match[0]), topic), read

    def _unsaid(self, topic: str, allowed: IntArray | None) -> str:
        """Return a sentence that says which parts of the topic no allowed paper has in these words, else nothing."""
        among = None if allowed is None else set(allowed.tolist())
        parts = facets_of(topic) or (topic,)
        said = [set(self._searcher.wording(part)) for part in parts]
        unsaid = [
            part for part, found in zip(parts, said, strict=True) if not (found if among is None else found & among)
        ]
        return "".join(f' No paper has "{part}" in so many words.' for part in unsaid)

    def _spoken_of(self, topic: str, filters: Filter) -> bool:
        retrieval = self._searcher.retrieve(topic, filters=filters, limit=5)
        return topic_probability(retrieval.signals) >= SPOKEN_OF

    def _cut(self, curve: Curve, width: int | str | None, searched: int) -> Scope:
        """Return the papers above the chosen place of the curve, and those just below it."""
        scores = curve.scores
        if width == "all":
            count = len(scores)
        elif isinstance(width, int):
            count = min(width, len(scores))
        else:
            lowest = CUTS[str(width or "normal")] + PARTED * curve.parted
            count = max(1, int((scores >= lowest).sum()))
        cut = float(scores[count - 1])
        outside = scores[count : count + BORDERLINE]
        border = max(int((outside >= cut - BORDER).sum()), min(NEXT, len(outside)))
        members = load_members(
            self._library, dict(zip(curve.ids.tolist(), scores.tolist(), strict=True)), count + border
        )
        shown = scores[: min(max(2 * count, 20), CURVE)]
        drawn = tuple(round(score, 4) for score in shown.tolist())
        told = _told(count, searched, width, cut)
        return Scope(members[:count], members[count:], cut, searched, told=told, curve=drawn)


def _check(width: int | str | None) -> None:
    if isinstance(width, int):
        if width < 1:
            raise UsageError(f"a scope of {width} papers is empty", "give a number from 1 up, strict, broad or all")
    elif width not in (None, "strict", "broad", "all"):
        raise UsageError(f"unknown scope {width!r}", "give a number of papers, strict, broad or all")


def _told(count: int, searched: int, width: int | str | None, cut: float) -> str:
    if width == "all":
        return f"All {counted(count, 'paper')} searched."
    if isinstance(width, int):
        return f"The {counted(count, 'paper')} most relevant of {searched:,} searched."
    how = {"strict": "strictly", "broad": "freely"}.get(str(width), "where the relevance curve falls off")
    return f"{counted(count, 'paper')} of {searched:,} searched, cut {how} at relevance {cut:.2f}."


def _papers(count: int) -> str:
    return "the 1 paper searched" if count == 1 else f"the {count:,} papers searched"
