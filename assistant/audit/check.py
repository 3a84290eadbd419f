"""Checking the citations of any text against the library: what each cited sentence claims, and who really says so."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from rapidfuzz import fuzz

from assistant.answers import Citation, Claim, Support
from assistant.audit.manuscript import Manuscript, read_manuscript
from assistant.citations import CitedSentence, Kind, SentenceRef, SourceName, parse_sentences
from assistant.embedders import Embedder
from assistant.filters import Filter, parse_filter
from assistant.library import Library
from assistant.papers import Paper
from assistant.qa.grounding import Grounding
from assistant.qa.numbering import Numbering
from assistant.retrieval import RankedPaper, Searcher
from assistant.text import fold, sanitise

SAME_TITLE = 92  # of 100: how much of a title must stand in an entry of a reference list
BETTER_FROM = 5  # papers looked at for one that supports a sentence better
_LACKS = "the cited words do not say"
_UNNUMBERED = 1_000_000  # numbers of sources that only a key or a name can cite
_IDENTIFIER = re.compile(r"10\.\d{4,9}/[^\s\"<>]+|\b\d{4}\.\d{4,5}\b", re.I)


@dataclass(frozen=True, slots=True)
class AuditedSentence:
    """A sentence with a citation, the quotes of the papers it cites, and papers that would support it better.

    `verdict` is "verified", "weak", "unsupported", or "missing" where a citation leads to nothing.
    """

    sentence: str
    verdict: str
    reason: str
    citations: tuple[Citation, ...]
    better: tuple[Citation, ...]

    @property
    def passes(self) -> bool:
        """Whether the citation leads to a paper that at least weakly carries the sentence."""
        return self.verdict in (Support.VERIFIED, Support.WEAK)

    def to_json(self) -> dict[str, Any]:
        """Return the `audit --json` object."""
        spans = [{"key": c.key, "quote": c.quote, "start": c.start, "end": c.end} for c in self.citations]
        better = [{"key": c.key, "quote": c.quote} for c in self.better]
        return {
            "sentence": self.sentence,
            "verdict": str(self.verdict),
            "reason": self.reason,
            "citations": spans,
            "better": better,
        }


class Audit:
    """Checks texts against one library."""

    def __init__(self, library: Library, searcher: Searcher, embedder: Embedder) -> None:
        self._library = library
        self._searcher = searcher
        self._embedder = embedder

    def check(self, text: str) -> Iterator[AuditedSentence]:
        """Yield a verdict for each sentence of `text` that cites something, in order.

        Markdown, LaTeX and plain text are read; a citation is a number with a list of references, a
        citation key, or authors and a year.
        """
        manuscript = read_manuscript(sanitise(text))
        cited = self._listed_papers(manuscript.references)
        for paper in self._named_papers(manuscript.body, cited.values()):
            cited[_UNNUMBERED + len(cited)] = paper
        names = [SourceName(number, p.key, p.authors, p.year, aliases=p.aliases) for number, p in cited.items()]
        for sentence in parse_sentences(manuscript.body, names):
            if sentence.kind is Kind.SENTENCE and (sentence.cited or sentence.problems):
                yield self._audited(self._resolved(sentence, cited), cited, manuscript)

    def _resolved(self, sentence: CitedSentence, cited: dict[int, Paper]) -> CitedSentence:
        """Return a sentence with each citation that could mean several papers taken for the one that says it.

        Where none of them does, or several do, it stays a problem.
        """
        problems, refs = [], list(sentence.cited)
        for problem in sentence.problems:
            numbers = [int(number) for number in re.findall(r"\d+", problem.partition("could be source")[2])]
            meant = self._verifying(sentence.text, [cited[number] for number in numbers])
            if len(meant) == 1:
                refs.append(SentenceRef(next(number for number in numbers if cited[number] is meant[0])))
            else:
                problems.append(problem)
        return replace(sentence, cited=tuple(refs), problems=tuple(problems))

    def _verifying(self, text: str, papers: Sequence[Paper]) -> list[Paper]:
        """Return the papers that verify a sentence on their own."""
        if not papers:
            return []
        grounding = self._grounding(papers)
        claims = [grounding.check(text, [number]) for number in range(1, len(papers) + 1)]
        return [paper for paper, claim in zip(papers, claims, strict=True) if claim.support is Support.VERIFIED]

    def _audited(self, sentence: CitedSentence, cited: dict[int, Paper], manuscript: Manuscript) -> AuditedSentence:
        papers = [cited[number] for number in sentence.sources]
        near = self._searcher.retrieve(sentence.text, filters=Filter(), limit=BETTER_FROM).papers
        problems = [_for_the_reader(problem, cited, manuscript) for problem in sentence.problems]
        claim = self._claim(sentence.text, papers, problems)
        better = () if claim.support is Support.VERIFIED else self._better(sentence, papers, near)
        verdict = str(claim.support) if papers else "missing"
        if better and claim.support is Support.WEAK and _LACKS in claim.verdict_reason:
            verdict = str(Support.UNSUPPORTED)  # another paper says all of it: this one was cited for it by mistake
        if problems and claim.support is not Support.UNSUPPORTED:
            verdict = "missing"  # one of several citations leads nowhere: the others may still carry the sentence
        return AuditedSentence(sentence.text, verdict, claim.verdict_reason, claim.citations, better)

    def _claim(self, text: str, papers: Sequence[Paper], problems: Sequence[str]) -> Claim:
        if not papers:
            reason = "; ".join(problems) or "the citation leads to no paper of the library"
            return Claim(text, Support.UNSUPPORTED, reason)
        return self._grounding(papers).check(text, range(1, len(papers) + 1), problems)

    def _better(
        self, sentence: CitedSentence, papers: list[Paper], near: tuple[RankedPaper, ...]
    ) -> tuple[Citation, ...]:
        """Return quotes of other papers that verify the sentence."""
        cited = {paper.key for paper in papers}
        others = [ranked.paper for ranked in near if ranked.paper.key not in cited]
        if not others:
            return ()
        grounding = self._grounding(others)
        claims = [grounding.check(sentence.text, [number], ()) for number in range(1, len(others) + 1)]
        return tuple(claim.citations[0] for claim in claims if claim.support is Support.VERIFIED)

    def _grounding(self, papers: Sequence[Paper]) -> Grounding:
        return Grounding.of_papers(
            papers, library=self._library, idf=self._searcher.idf, embedder=self._embedder, numbering=Numbering()
        )

    def _listed_papers(self, entries: dict[int, str]) -> dict[int, Paper]:
        """Return the library's paper of each numbered entry of a list of references, where it has it."""
        found = ((number, self._paper_of(entry)) for number, entry in entries.items())
        return {number: paper for number, paper in found if paper is not None}

    def _paper_of(self, entry: str) -> Paper | None:
        words = re.findall(r"[\w:+-]+", entry)
        keys = self._library.ids_of_keys(words)
        if keys:
            return self._library.get(next(word for word in words if word in keys))
        for identifier in _IDENTIFIER.findall(entry):
            kind = "doi" if identifier.startswith("10.") else "arxiv"
            for number in self._library.with_identifiers([(kind, identifier.lower().rstrip(".,;)"))]):
                return self._library.load([number])[number].paper
        for ranked in self._searcher.retrieve(entry, filters=Filter(), limit=BETTER_FROM).papers:
            if _names(entry, ranked.paper):
                return ranked.paper
        return None

    def _named_papers(self, body: str, known: Iterable[Paper]) -> list[Paper]:
        """Return the papers that the keys, or the author names beside years, in `body` can mean."""
        found = {paper.key: paper for paper in known}
        listed = set(found)
        words = {*re.findall(r"[\w:+-]+", body), *re.findall(r"[\w:+./-]*[\w+/-]", body)}
        for key in self._library.ids_of_keys(sorted(words)):
            paper = self._library.get(key)
            found.setdefault(paper.key, paper)
        years = sorted({int(year) for year in re.findall(r"\b(?:19|20)\d\d\b", body)})
        if years:
            span = f"year:{years[0] - 1}..{years[-1] + 1}"
            names = sorted({name for name in re.findall(r"\b[A-ZÀ-Þ][\w'’-]+", body) if self._library.has_author(name)})
            for name in names:
                for paper in self._library.papers(parse_filter(f'{span} author:"{name}"')):
                    found.setdefault(paper.key, paper)
        return [paper for key, paper in found.items() if key not in listed]


def _names(entry: str, paper: Paper) -> bool:
    """Whether an entry of a list of references names a paper: its title, or the title's first part and an author."""
    if fuzz.partial_ratio(fold(paper.title), fold(entry)) >= SAME_TITLE:
        return True
    part = re.split(r": | [-–—] |\? ", paper.title)[0]
    families = [fold(author.split()[-1]) for author in paper.authors[:1]]
    known = any(family in fold(entry) for family in families)
    return known and len(part.split()) > 3 and fuzz.partial_ratio(fold(part), fold(entry)) >= SAME_TITLE


def _for_the_reader(problem: str, cited: dict[int, Paper], manuscript: Manuscript) -> str:
    """Return what is wrong with a citation in words of the text: keys for our numbers, and what a reference says."""
    found = re.search(r"there is no source (\d+)$", problem)
    entry = manuscript.references.get(int(found[1])) if found else None
    if found and entry:
        return f"{problem[: found.start()]}the library does not have {entry[:80]!r}"
    keys = re.sub(r"source (?=\d{7})", "", problem)
    return re.sub(
        r"\b\d{7}\b", lambda number: cited[int(number[0])].key if int(number[0]) in cited else number[0], keys
    )
