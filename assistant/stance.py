"""Where papers stand on a claim: which support it, which contradict it, each with the sentence that proves it.

A claim of an effect ("FP8 lowers quality") is decided by the effects that a sentence speaks of
(`verification/effects`); any other only by a sentence that verifies it, or says all of it otherwise. Two logistic
regressions over the signals of `bearing` say how certain a stance is. Where neither side is read the paper is silent.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from assistant.answers import Citation, Support
from assistant.embedders import Embedder, TokenEmbedder
from assistant.filters import Filter
from assistant.library import Library
from assistant.qa.grounding import cite
from assistant.qa.numbering import Numbering
from assistant.refusal import CERTAINTY, topic_probability
from assistant.retrieval import RankedPaper, Searcher
from assistant.signals import probability
from assistant.verification import Verdict, bearing, verify

CONSIDERED = 30  # papers that retrieval ranks for the claim
SENTENCES = 3  # of each paper, those that answer the claim best
FEW = 5  # papers with a stance below which no majority is spoken of

# Weights in the log-odds that a sentence speaks of what a claim says, and that, if so, it says the opposite: logistic
# regressions on SciFact's training claims, each beside the sentences that stance looks at: the gold ones, those of
# abstracts that do not settle the claim, and, with a quarter of the weight, those of other papers that retrieval ranks
# (tests/benchmarks/bench_stance.py, which prints the fit).
SPEAKS_WEIGHTS = {
    "said": 2.39,
    "weaker_side": 1.33,
    "unsaid": -1.1,
    "names_unsaid": -0.32,
    "other_number": -0.92,
    "nothing_claimed": 0.71,
    "nothing_found": 0.68,
    "cosine": 8.28,
}
_SPEAKS_BIAS = -6.28
# The same fit without cosines, whose height is each embedder's own way.
_WORD_WEIGHTS = {
    "said": 4.3,
    "weaker_side": 1.78,
    "unsaid": -0.91,
    "names_unsaid": -0.37,
    "other_number": -0.9,
    "nothing_claimed": 0.27,
    "nothing_found": 0.43,
}
_WORD_BIAS = -2.95
OPPOSES_WEIGHTS = {
    "directed": 1.04,
    "same_direction": -0.83,
    "other_direction": 0.28,
    "flipped": 0.87,
    "flipped_direction": 0.78,
    "negated": 0.78,
    "turned": 5.22,
    "altered": 4.81,
    "rival_number": 0.9,
    "nothing_claimed": 1.76,
    "nothing_found": -0.91,
    "nothing_differs": 1.09,
    "less_claimed": 1.03,
    "less_differs": 0.2,
}
_OPPOSES_BIAS = -1.76
OUTRIGHT_FROM = 0.4  # probability of a contradiction from which one of a claim without an effect is shown


class Stance(StrEnum):
    """What a paper says to a claim."""

    SUPPORTS = "supports"
    CONTRADICTS = "contradicts"
    MIXED = "mixed"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class PaperStance:
    """A paper's stance with the sentence that proves each side it takes; a silent paper has none.

    `rank` and `score` are those of retrieval for the claim, 1 the best.
    """

    key: str
    title: str
    year: int | None
    stance: Stance
    quotes: tuple[tuple[Stance, Citation], ...] = ()
    rank: int | None = None
    score: float | None = None


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
            return "No paper in the library says this, or the opposite, outright; ask shows what comes nearest."
        several = {"supports": "support", "contradicts": "contradict"}
        said = ", ".join(
            f"{counts[name]} {name if counts[name] == 1 else several.get(name, name)}"
            for name in ("supports", "contradicts", "mixed")
            if counts[name]
        )
        if speaking < FEW:
            speak = "speaks" if speaking == 1 else "speak"
            return f"Only {speaking} of the papers {speak} to this ({said}): too few to call it settled."
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
        known = isinstance(self._embedder, TokenEmbedder)  # by whose cosines the weights were fitted
        numbering = Numbering()
        papers = []
        for ranked in found.papers if topic_probability(found.signals) >= CERTAINTY else ():
            proofs: dict[Stance, tuple[float, Citation]] = {}
            for scored in ranked.sentences[:SENTENCES]:
                cosine = float(vectors[ranked.id][scored.index] @ found.query_vector) if known else None
                stance, certainty = sentence_stance(
                    claim, scored.sentence.text, idf=self._searcher.idf, similarity=cosine, title=ranked.paper.title
                )
                if stance is not Stance.SILENT and certainty > proofs.get(stance, (0.0, None))[0]:
                    proofs[stance] = (certainty, cite(ranked.paper, scored.sentence, numbering))
            papers.append(_judged(ranked, proofs))
        return StanceReport(claim, tuple(papers))


def sentence_stance(
    claim: str, sentence: str, *, idf: Callable[[str], float], similarity: float | None, title: str = ""
) -> tuple[Stance, float]:
    """Return what one sentence of a paper of that title says to a claim, and how certainly, from 0 to 1.

    A sentence that tells what was asked or assumed has none.
    `similarity` is the cosine of claim and sentence by the local embedder; None where another one is used.
    """
    signals = bearing(claim, sentence, title, similarity, idf)
    verdict = verify(claim, [sentence], idf=idf, similarity=similarity, context=[title])
    return judge(signals, verdict, *stance_probabilities(signals))


def judge(signals: dict[str, float], verdict: Verdict, supports: float, contradicts: float) -> tuple[Stance, float]:
    """Return the stance that is shown, and how certain it is, from a sentence's signals, verdict and probabilities."""
    verified = verdict.support is Support.VERIFIED
    if signals["asks"]:
        return Stance.SILENT, 1.0
    if signals.get("effect_opposed"):
        return Stance.CONTRADICTS, contradicts
    if signals.get("effect_said"):
        return Stance.SUPPORTS, supports
    if not signals.get("effect_claimed") and signals["in_order"]:
        if verified:
            return Stance.SUPPORTS, supports
        if verdict.contradicted and signals["weaker_side_here"] == 1.0 and contradicts >= OUTRIGHT_FROM:
            return Stance.CONTRADICTS, contradicts
    return Stance.SILENT, 1.0 - supports - contradicts


def stance_probabilities(signals: dict[str, float]) -> tuple[float, float]:
    """Return how likely a sentence with these signals supports a claim, and how likely it contradicts it."""
    weights, bias = (SPEAKS_WEIGHTS, _SPEAKS_BIAS) if "cosine" in signals else (_WORD_WEIGHTS, _WORD_BIAS)
    speaks, opposes = probability(signals, weights, bias), probability(signals, OPPOSES_WEIGHTS, _OPPOSES_BIAS)
    return speaks * (1 - opposes), speaks * opposes


def _judged(ranked: RankedPaper, proofs: dict[Stance, tuple[float, Citation]]) -> PaperStance:
    paper = ranked.paper
    stance = Stance.MIXED if len(proofs) > 1 else next(iter(proofs), Stance.SILENT)
    quotes = tuple((side, quote) for side, (_, quote) in proofs.items())
    return PaperStance(paper.key, paper.title, paper.year, stance, quotes, ranked.rank, round(ranked.score, 4))
