"""Papers as BibTeX."""

from __future__ import annotations

import re

from assistant.export.marks import OWN_SUMMARY_NOTE
from assistant.papers import Flag, Paper

_MATHS = re.compile(r"(\$[^$]+\$)")
_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}
_SPECIAL |= {letter: f"\\{letter}" for letter in "&%#_"}
CONFERENCE = re.compile(r"\b(proceedings|proc\.|conference|workshop|symposium|meeting)\b", re.IGNORECASE)


def to_bibtex(paper: Paper) -> str:
    """Return the paper as a BibTeX entry under its citation key."""
    venue_field = "journal"
    if paper.venue and CONFERENCE.search(paper.venue):
        venue_field = "booktitle"
    kind = "misc" if not paper.venue else ("inproceedings" if venue_field == "booktitle" else "article")
    notes = [OWN_SUMMARY_NOTE] if paper.has(Flag.OWN_SUMMARY) else []
    notes += ["retracted"] if paper.has(Flag.RETRACTED) else []
    fields: list[tuple[str, str | None]] = [
        ("title", "{" + _escaped(paper.title) + "}"),
        ("author", _author_list(paper)),
        ("year", str(paper.year) if paper.year is not None else None),
        ("date", paper.date),
        (venue_field, _escaped(paper.venue) if paper.venue else None),
        ("doi", paper.doi),
        ("eprint", paper.arxiv_id),
        ("archiveprefix", "arXiv" if paper.arxiv_id else None),
        ("primaryclass", paper.categories[0] if paper.arxiv_id and paper.categories else None),
        ("pmid", paper.pmid),
        ("url", paper.url),
        ("keywords", _escaped(", ".join(paper.categories)) or None),
        ("abstract", _escaped(paper.abstract) or None),
        ("note", _escaped("; ".join([*notes, *paper.notes])) or None),
    ]
    body = "".join(f"  {name} = {{{value}}},\n" for name, value in fields if value)
    return f"@{kind}{{{paper.key},\n{body}}}\n\n"


def _author_list(paper: Paper) -> str | None:
    names = [_escaped(name) for name in paper.authors]
    if names and not paper.authors_complete:
        names.append("others")
    return " and ".join(names) or None


def _escaped(text: str) -> str:
    """Return `text` with LaTeX's special characters written out, except inside $maths$."""
    parts = _MATHS.split(text)
    for index in range(0, len(parts), 2):
        parts[index] = "".join(_SPECIAL.get(letter, letter) for letter in parts[index])
    return "".join(parts)
