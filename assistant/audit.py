"""Checking the citations of any text against the library: what each cited sentence claims, and who really says so."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from rapidfuzz import fuzz

from assistant.answers import Citation, Claim, Support
from assistant.citations import CitedSentence, Kind, SourceName, parse_sentences
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
_UNNUMBERED = 1_000_000  # numbers of sources that only a key or a name can cite
_HEADING = re.compile(
    r"^[#\s*_\d.]*(?:\\section\*?\{)?(references|bibliography|works cited|literature)\b[\s*_:}]*$", re.I | re.M
)
_ENTRY = re.compile(r"^\s*(?:\[\^?(\d{1,3})\]:?|(\d{1,3})[.)])\s+(.*(?:\n(?!\s*(?:\[|\d{1,3}[.)]\s|$)).+)*)", re.M)
_CITE = re.compile(r"~?\\[A-Za-z]*cite[A-Za-z]*\*?(?:\[[^\]]*\])*\{([^}]*)\}")
_PLAIN_COMMAND = re.compile(r"\\(?:textbf|textit|emph|texttt|textsc|underline)\{([^{}]*)\}")
_OTHER_COMMAND = re.compile(
    r"\\(?:(?:sub)*section|paragraph|label|ref|input|begin|end|usepackage|documentclass)\*?(?:\[[^\]]*\])?\{[^}]*\}"
)
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
        body, listed = _parts(_plain(sanitise(text)))
        cited = self._listed_papers(listed)
        for paper in self._named_papers(body, cited.values()):
            cited[_UNNUMBERED + len(cited)] = paper
        names = [SourceName(number, p.key, p.authors, p.year) for number, p in cited.items()]
        for sentence in parse_sentences(body, names):
            if sentence.kind is Kind.SENTENCE and (sentence.cited or sentence.problems):
                yield self._audited(sentence, cited)

    def _audited(self, sentence: CitedSentence, cited: dict[int, Paper]) -> AuditedSentence:
        papers = [cited[number] for number in sentence.sources]
        near = self._searcher.retrieve(sentence.text, filters=Filter(), limit=BETTER_FROM).papers
        claim = self._claim(sentence, papers)
        better = () if claim.support is Support.VERIFIED else self._better(sentence, papers, near)
        verdict = str(claim.support) if papers else "missing"
        if sentence.problems and claim.support is not Support.UNSUPPORTED:
            verdict = "missing"  # one of several citations leads nowhere: the others may still carry the sentence
        return AuditedSentence(sentence.text, verdict, claim.verdict_reason, claim.citations, better)

    def _claim(self, sentence: CitedSentence, papers: list[Paper]) -> Claim:
        if not papers:
            reason = "; ".join(sentence.problems) or "the citation leads to no paper of the library"
            return Claim(sentence.text, Support.UNSUPPORTED, reason)
        grounding = self._grounding(papers)
        return grounding.check(sentence.text, range(1, len(papers) + 1), sentence.problems)

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

    def _grounding(self, papers: list[Paper]) -> Grounding:
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
            if fuzz.partial_ratio(fold(ranked.paper.title), fold(entry)) >= SAME_TITLE:
                return ranked.paper
        return None

    def _named_papers(self, body: str, known: Iterable[Paper]) -> list[Paper]:
        """Return the papers that the keys, or the author names beside years, in `body` can mean."""
        found = {paper.key: paper for paper in known}
        listed = set(found)
        for key in self._library.ids_of_keys(sorted(set(re.findall(r"[\w:+-]+", body)))):
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


def _parts(text: str) -> tuple[str, dict[int, str]]:
    """Return the text before its list of references, and the numbered entries of that list."""
    heading = list(_HEADING.finditer(text))
    if heading:
        at = heading[-1]
        return text[: at.start()], _entries(text[at.end() :])
    footnotes = re.compile(r"^\[\^?\d{1,3}\]:\s+.*$", re.M)
    return footnotes.sub("", text), _entries("\n".join(footnotes.findall(text)))


def _entries(text: str) -> dict[int, str]:
    return {int(found[1] or found[2]): " ".join(found[3].split()) for found in _ENTRY.finditer(text)}


def _plain(text: str) -> str:
    r"""Return `text` with LaTeX citations as [key] and its plain commands taken off; other text is left as it is."""
    if "\\" not in text:
        return text
    text = re.sub(r"(?<![\\\d])%.*", "", text)  # a percentage is no comment
    text = _CITE.sub(lambda found: " " + "".join(f"[{key.strip()}]" for key in found[1].split(",")), text)
    text = _OTHER_COMMAND.sub("", _PLAIN_COMMAND.sub(r"\1", text))
    return re.sub(r"\\([%&#_$])", r"\1", text)
