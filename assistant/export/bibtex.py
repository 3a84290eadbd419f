"""Papers as BibTeX."""

from __future__ import annotations

import re

from assistant import kinds
from assistant.export.marks import OWN_SUMMARY_NOTE, keyword_line
from assistant.export.names import parted
from assistant.papers import Flag, Paper

_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}
_SPECIAL |= {letter: f"\\{letter}" for letter in "&%#_"}
_ONE_WORD = re.compile(r"(?!and$)[^\W_]+(?:[.'’-][^\W_]+)*\.?", re.IGNORECASE)
# What TeX, or those who clean up after it, would draw together or take for a tag; an empty group keeps it apart.
_JOINING = re.compile(r"-(?=-)|`(?=`)|'(?=')|<(?=[/!A-Za-z])|[ ](?=[,;:.!?)\]](?:\s|$))")
_PLAIN_KEY = re.compile(r"[\w:.+/-]+")
_LONE_BRACES = {"{": r"\textbraceleft{}", "}": r"\textbraceright{}"}
_VENUE_FIELD = {
    "paper-conference": "booktitle",
    "chapter": "booktitle",
    "book": "publisher",
    "thesis": "school",
    "report": "institution",
}


def to_bibtex(paper: Paper) -> str:
    """Return the paper as a BibTeX entry under its citation key."""
    kind = kinds.kind_of(paper)
    venue_field = "series" if kind == "book" and paper.detail("publisher") else _VENUE_FIELD.get(kind, "journal")
    notes = [OWN_SUMMARY_NOTE] if paper.has(Flag.OWN_SUMMARY) else []
    notes += ["retracted"] if paper.has(Flag.RETRACTED) else []
    fields: list[tuple[str, str | None]] = [
        ("ids", ",".join(name for name in paper.aliases if _PLAIN_KEY.fullmatch(name))),  # biblatex takes them for keys
        ("title", "{" + _escaped(paper.title) + "}"),
        ("author", _author_list(paper)),
        ("year", str(paper.year) if paper.year is not None else None),
        ("date", paper.date if paper.year is not None else None),
        *_month_and_day(paper),
        (venue_field, _escaped(paper.venue) if paper.venue else None),
        *_details(paper),
        ("doi", paper.doi),
        ("eprint", paper.arxiv_id),
        ("archiveprefix", "arXiv" if paper.arxiv_id else None),
        ("primaryclass", paper.categories[0] if paper.arxiv_id and paper.categories else None),
        ("pmid", paper.pmid),
        ("url", paper.url),
        ("keywords", _escaped(keyword_line(paper)) or None),
        ("abstract", _escaped(paper.abstract) or None),
        ("note", "; ".join(_escaped(note).replace("; ", "{;} ") for note in (*notes, *paper.notes)) or None),
    ]
    body = "".join(f"  {name} = {{{value}}},\n" for name, value in fields if value)
    return f"@{_entry_type(paper, kind)}{{{paper.key},\n{body}}}\n\n"


def _entry_type(paper: Paper, kind: str) -> str:
    """Return the entry type of a kind; BibTeX has two for theses."""
    if kind == "thesis" and "master" in (paper.detail("genre") or "").casefold():
        return "mastersthesis"
    return kinds.named(kind, kinds.BIBTEX) or "misc"


def _details(paper: Paper) -> list[tuple[str, str | None]]:
    """Return the fields of a reference list."""
    found = {name: _escaped(value) for name, value in paper.details}
    return [
        ("type", found.get("genre")),
        ("volume", found.get("volume")),
        ("number", found.get("issue") or found.get("number")),
        ("pages", found.get("page", "").replace("-", "--")),
        ("edition", found.get("edition")),
        ("series", found.get("collection-title")),
        ("chapter", found.get("chapter-number")),
        ("editor", " and ".join(map(_person, paper.editors))),
        ("publisher", found.get("publisher")),
        ("address", found.get("publisher-place")),
        ("isbn", found.get("ISBN")),
        ("issn", found.get("ISSN")),
    ]


def _month_and_day(paper: Paper) -> list[tuple[str, str | None]]:
    """Return the fields for the date of a paper whose year is unknown; `date` would need one."""
    parts = (paper.date or "").removeprefix("--").split("-") if paper.year is None else []
    return [(name, str(int(part))) for name, part in zip(("month", "day"), parts, strict=False) if part]


def _author_list(paper: Paper) -> str | None:
    names = [_person(name) for name in paper.authors]
    if names and not paper.authors_complete:
        names.append("others")
    return " and ".join(names) or None


def _person(author: str) -> str:
    """Return a name as BibTeX takes it apart; braces keep one whole."""
    name = parted(author)
    if name is None:
        return author if _ONE_WORD.fullmatch(author) else "{" + _escaped(author) + "}"
    if name.suffix:
        return _escaped(f"{name.family}, {name.suffix}, {name.given}")
    return _escaped(author)


def _escaped(text: str) -> str:
    """Return `text`, which is plain, with LaTeX's special characters written out."""
    special = _SPECIAL if _balanced(text) else _SPECIAL | _LONE_BRACES
    return _JOINING.sub(r"\g<0>{}", "".join(special.get(letter, letter) for letter in text))


def _balanced(text: str) -> bool:
    """Whether every brace has its partner: BibTeX counts them all, a backslash before one changes nothing."""
    depth = 0
    for letter in text:
        depth += (letter == "{") - (letter == "}")
        if depth < 0:
            return False
    return depth == 0
