"""Where papers stand on a claim: which support it, which contradict it, each with the sentence that proves it.

Stance of one sentence towards a claim: it has to speak of the same thing (shared words and a near vector), and then
either says it, by the same checks that verify an answer, or says its opposite: the same words with a negation, the
other direction, or the two sides of a comparison changed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from assistant.answers import Citation, Support
from assistant.embedders import Embedder
from assistant.filters import Filter
from assistant.library import Library
from assistant.papers import Paper
from assistant.qa.grounding import cite
from assistant.qa.numbering import Numbering
from assistant.retrieval import Searcher
from assistant.verification import contradiction, verify

CONSIDERED = 30  # papers that retrieval ranks for the claim
SENTENCES = 3  # of each paper, those that answer the claim best
FEW = 5  # papers with a stance below which no majority is spoken of


class Stance(StrEnum):
    """What a paper says to a claim."""

    SUPPORTS = "supports"
    CONTRADICTS = "contradicts"
    MIXED = "mixed"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class PaperStance:
    """A paper's stance with the sentences that prove it; a silent paper has none."""

    key: str
    title: str
    year: int | None
    stance: Stance
    quotes: tuple[tuple[Stance, Citation], ...] = ()


@dataclass(frozen=True, slots=True)
class StanceReport:
    """Where the papers nearest to a claim stand."""

    claim: str
    papers: tuple[PaperStance, ...]

    @property
    def counts(self) -> dict[str, int]:
        """How many papers take each stance."""
        found = Counter(paper.stance for paper in self.papers)
        return {str(stance): found.get(stance, 0) for stance in Stance}

    @property
    def verdict(self) -> str:
        """One sentence on the whole, modest where few papers speak."""
        counts = self.counts
        speaking = len(self.papers) - counts["silent"]
        if not speaking:
            return "No paper in the library takes a stance on this."
        said = ", ".join(f"{counts[name]} {name}" for name in ("supports", "contradicts", "mixed") if counts[name])
        if speaking < FEW:
            return f"Only {speaking} of the papers speak to this ({said}): too few to call it settled."
        return f"{speaking} papers speak to this: {said}."

    def by_year(self) -> dict[int | None, dict[str, int]]:
        """Return the counts of stances for each year, silent papers left out."""
        years: dict[int | None, Counter[str]] = {}
        for paper in self.papers:
            if paper.stance is not Stance.SILENT:
                years.setdefault(paper.year, Counter())[str(paper.stance)] += 1
        return {year: dict(years[year]) for year in sorted(years, key=lambda year: year or 0)}

    def to_json(self) -> dict[str, Any]:
        """Return the `stance --json` object."""
        return {
            "claim": self.claim,
            "verdict": self.verdict,
            "counts": self.counts,
            "by_year": [{"year": year, **counts} for year, counts in self.by_year().items()],
            "papers": [
                {
                    "key": paper.key,
                    "title": paper.title,
                    "year": paper.year,
                    "stance": str(paper.stance),
                    "quotes": [
                        {"stance": str(stance), "quote": c.quote, "start": c.start, "end": c.end}
                        for stance, c in paper.quotes
                    ],
                }
                for paper in self.papers
            ],
        }


class StanceFinder:
    """Finds where the papers of one library stand."""

    def __init__(self, library: Library, searcher: Searcher, embedder: Embedder) -> None:
        self._library = library
        self._searcher = searcher
        self._embedder = embedder

    def find(self, claim: str, filters: Filter) -> StanceReport:
        """Return the stance of each paper near `claim`, the nearest first; a stance always has its quote."""
        found = self._searcher.retrieve(claim, filters=filters, limit=CONSIDERED)
        vectors = self._library.sentence_vectors([ranked.id for ranked in found.papers])
        numbering = Numbering()
        papers = []
        for ranked in found.papers:
            quotes = []
            for scored in ranked.sentences[:SENTENCES]:
                cosine = float(vectors[ranked.id][scored.index] @ found.query_vector)
                stance = sentence_stance(
                    claim, scored.sentence.text, idf=self._searcher.idf, similarity=cosine, title=ranked.paper.title
                )
                if stance is not Stance.SILENT:
                    quotes.append((stance, cite(ranked.paper, scored.sentence, numbering)))
            papers.append(_judged(ranked.paper, quotes))
        return StanceReport(claim, tuple(papers))


def sentence_stance(
    claim: str, sentence: str, *, idf: Callable[[str], float], similarity: float, title: str = ""
) -> Stance:
    """Return what one sentence of a paper of that title says to a claim; `similarity` is their cosine.

    Macro-F1 over the three stances on SciFact training rationales is 0.45, that of word overlap 0.36 and of the
    majority 0.22 (tests/benchmarks/bench_stance.py).
    """
    if contradiction(claim, sentence, similarity, title):
        return Stance.CONTRADICTS
    verdict = verify(claim, [sentence], idf=idf, similarity=similarity, context=[title])
    return Stance.SILENT if verdict.support is Support.UNSUPPORTED else Stance.SUPPORTS


def _judged(paper: Paper, quotes: Sequence[tuple[Stance, Citation]]) -> PaperStance:
    kinds = {stance for stance, _ in quotes}
    stance = Stance.MIXED if len(kinds) > 1 else next(iter(kinds), Stance.SILENT)
    return PaperStance(paper.key, paper.title, paper.year, stance, tuple(quotes))
