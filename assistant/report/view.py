"""What a report shows, prepared once for every format: markers, marks, evidence, counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from assistant.answers import Citation, Claim, Reference, Section, Summary, Support
from assistant.papers import Flag, Paper, family_names

CONTEXT = 160  # characters of an abstract shown before and after a quote
FLAGS = {
    Flag.RETRACTED: "retracted",
    Flag.OWN_SUMMARY: "summary, not the authors' abstract",
    Flag.TITLE_INFERRED: "title made from the abstract",
}
_MARKS = {Support.WEAK: "weak", Support.UNSUPPORTED: "unsupported"}


@dataclass(frozen=True, slots=True)
class Card:
    """A quote with the paper it is from and the words around it, under an id of its own."""

    id: str
    number: int | None
    title: str
    byline: str
    before: str
    quote: str
    after: str


@dataclass(slots=True)
class Cards:
    """The cards of one report, each quote once."""

    papers: Mapping[str, Paper]
    found: dict[tuple[str, str], Card] = field(default_factory=dict)

    def of(self, key: str, quote: str, number: int | None = None) -> Card:
        """Return the card of a quote from the paper `key`."""
        card = self.found.get((key, quote))
        if card is None:
            paper = self.papers.get(key)
            before, after = _around(paper.abstract if paper else "", quote)
            title, line = (paper.title, byline(paper.authors, paper.year)) if paper else (key, "")
            card = Card(f"q{len(self.found) + 1}", number, title, line, before, quote, after)
            self.found[key, quote] = card
        return card

    def markers(self, claim: Claim) -> list[tuple[Citation, Card]]:
        """Return the citations of a claim with their cards, in order."""
        return [(citation, self.of(citation.key, citation.quote, citation.number)) for citation in claim.citations]


def _around(abstract: str, quote: str) -> tuple[str, str]:
    """Return the words before and after a quote in its abstract, cut at word boundaries."""
    start = abstract.find(quote)
    if start < 0:
        return "", ""
    before, after = abstract[:start].rstrip(), abstract[start + len(quote) :].lstrip()
    if len(before) > CONTEXT:
        before = "…" + before[before.find(" ", len(before) - CONTEXT) :]
    if len(after) > CONTEXT:
        after = after[: after.rfind(" ", 0, CONTEXT)] + "…"
    return before, after


def byline(authors: Sequence[str], year: int | None) -> str:
    """Return "Wu et al., 2018", "Wu and Li", or nothing where both are unknown."""
    names = [family_names(author)[0] for author in authors[:2] if family_names(author)]
    who = f"{names[0]} et al." if len(authors) > 2 and names else " and ".join(names)
    return ", ".join(part for part in (who, str(year or "")) if part)


def doubt(claim: Claim) -> str:
    """Return what a reader must know of a claim that is not verified; empty for one that is."""
    if claim.support is Support.VERIFIED:
        return ""
    return f"{_MARKS[claim.support]}: {claim.verdict_reason}" if claim.verdict_reason else _MARKS[claim.support]


def numbers(claim: Claim) -> list[int]:
    """Return the numbers that a claim cites, each once."""
    return list(dict.fromkeys(citation.number for citation in claim.citations))


def parts_of(section: Section) -> list[tuple[str, tuple[Claim, ...]]]:
    """Return the labelled runs of a section's claims; one unlabelled run where it has no parts."""
    if not section.parts:
        return [("", section.claims)]
    return [(part.label, section.claims[part.start : part.end]) for part in section.parts]


def evidence_of(summary: Summary) -> dict[str, list[str]]:
    """Return, for each cited key, the sentences quoted from it, in order of first use."""
    found: dict[str, list[str]] = {reference.key: [] for reference in summary.references}
    for claim in summary.claims:
        for citation in claim.citations:
            if citation.quote not in found.setdefault(citation.key, []):
                found[citation.key].append(citation.quote)
    return found


def flags_of(reference: Reference) -> str:
    """Return what a reader must know of a record, in words; empty where there is nothing."""
    return "; ".join(words for flag, words in FLAGS.items() if flag in reference.flags)


def counts_of(summary: Summary) -> str:
    """Return "20 papers in scope, 18 cited"; of a part that cites none the scope alone."""
    scope = f"{count(len(summary.scope), 'paper')} in scope"
    return f"{scope}, {len(summary.references)} cited" if summary.references else scope


def years_of(summary: Summary) -> str:
    """Return "2012 to 2019", one year, or nothing where no paper has one."""
    years = [entry.year for entry in summary.timeline if entry.year is not None and entry.papers]
    if not years:
        return ""
    return str(years[0]) if years[0] == years[-1] else f"{years[0]} to {years[-1]}"


def count(number: int, noun: str) -> str:
    """Return "1 paper", "2 papers"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
