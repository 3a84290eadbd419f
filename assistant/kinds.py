"""Kinds of publications under their CSL names, and what BibTeX and RIS call them."""

from __future__ import annotations

import re

from assistant.papers import Paper

_CONFERENCE = re.compile(r"\b(proceedings|proc\.|conference|workshop|symposium|meeting)\b", re.IGNORECASE)

# BibTeX and BibLaTeX entry types; the first of those that mean the same is the one that is written.
BIBTEX = {
    "article": "article-journal",
    "inproceedings": "paper-conference",
    "conference": "paper-conference",
    "book": "book",
    "mvbook": "book",
    "collection": "book",
    "proceedings": "book",
    "incollection": "chapter",
    "inbook": "chapter",
    "phdthesis": "thesis",
    "mastersthesis": "thesis",
    "thesis": "thesis",
    "techreport": "report",
    "report": "report",
    "patent": "patent",
    "software": "software",
    "dataset": "dataset",
    "online": "webpage",
    "unpublished": "manuscript",
}
RIS = {
    "JOUR": "article-journal",
    "JFULL": "article-journal",
    "CPAPER": "paper-conference",
    "CONF": "paper-conference",
    "BOOK": "book",
    "CHAP": "chapter",
    "THES": "thesis",
    "RPRT": "report",
    "PAT": "patent",
    "COMP": "software",
    "DATA": "dataset",
    "ELEC": "webpage",
    "UNPB": "manuscript",
}

_CROSSREF = {
    "journal-article": "article-journal",
    "proceedings-article": "paper-conference",
    "book-chapter": "chapter",
    "monograph": "book",
    "edited-book": "book",
    "proceedings": "book",
    "dissertation": "thesis",
}
_CSL = frozenset(BIBTEX.values())


def csl_kind(value: object) -> str | None:
    """Return the kind that a CSL or Crossref type names; None for what says nothing ("article", "posted-content")."""
    name = str(value)
    return _CROSSREF.get(name) or (name if name in _CSL else None)


def guessed(venue: str | None) -> str:
    """Return the kind that a venue speaks for; "article", which may be a preprint, without one."""
    if not venue:
        return "article"
    return "paper-conference" if _CONFERENCE.search(venue) else "article-journal"


def kind_of(paper: Paper) -> str:
    """Return the kind that the paper's source gave, else the one that its venue speaks for."""
    return paper.detail("type") or guessed(paper.venue)


def stands_alone(paper: Paper) -> bool:
    """Return whether the paper is part of nothing, so that its venue is who published it."""
    return kind_of(paper) in ("book", "thesis", "report") and not paper.detail("publisher")


def named(kind: str, names: dict[str, str]) -> str | None:
    """Return what `names`, one of BIBTEX and RIS, calls a kind."""
    return next((name for name, meant in names.items() if meant == kind), None)
