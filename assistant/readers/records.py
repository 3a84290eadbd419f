"""What every reader returns, and the one place where raw fields become a clean paper."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import Any

from assistant import kinds
from assistant.papers import DETAILS, Flag, Paper, Provenance
from assistant.readers import fields
from assistant.text import clean_abstract, clean_line, inferred_title, sanitise

_RETRACTED_TITLE = re.compile(
    r"^[\[(]?(?:retracted|withdrawn)(?: (?:article|paper|chapter))?(?:[\])]:?|\s*[:.—–-])\s*", re.I
)
_WITHDRAWN_ABSTRACT = re.compile(
    r"^.{0,40}\b(?:paper|article|submission|manuscript|work|preprint)\b.{0,20} (?:has been|have been|is|was|is being) "
    r"(?:temporarily )?(?:withdrawn|retracted)\b|^(?:withdrawn|retracted)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Rejection:
    """A record that could not be read: where it stands and why."""

    file: str
    line: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a source: a paper, or the reason why there is none."""

    paper: Paper | None
    rejection: Rejection | None
    line: int | None
    warning: Rejection | None = None  # something odd about a paper that was kept

    def with_warning(self, origin: Origin, reason: str) -> Record:
        """Return the record with a remark for the report; a rejection stays as it is."""
        return replace(self, warning=Rejection(origin.file, self.line, reason)) if self.paper else self


@dataclass(frozen=True, slots=True)
class Origin:
    """The file that is being read, its format and the time of reading (ISO 8601, UTC).

    `macros` are the BibTeX strings defined so far in the files of one source, `mapping` the field-to-column pairs that
    the user gave for tables.
    """

    file: str
    format: str
    time: str
    macros: dict[str, str] = field(default_factory=dict)
    mapping: dict[str, str] = field(default_factory=dict)

    def rejected(self, line: int | None, reason: str) -> Record:
        """Return a record that could not be read."""
        return Record(None, Rejection(self.file, line, " ".join(sanitise(reason).split())[:300]), line)

    def named(self, line: int | None) -> str:
        """Return the source id of a record that has no identifier of its own: FILE:LINE."""
        return f"{PurePath(self.file).name or self.file}:{line}"


@dataclass(slots=True, kw_only=True)
class Fields:
    """A record's fields as its source writes them; anything but None and text is ignored.

    Attributes:
        year: a year or a date that contains one.
        date: ISO date, where the source gives more than the year.
        source_id: the record's name in its source.
        details: name, one of DETAILS, to value.
        tex: whether text fields are TeX, so that braces are markup.
        clean: whether text fields were cleaned before, so that what looks like markup is text.
    """

    title: object = None
    abstract: object = None
    authors: Iterable[object] = ()
    year: object = None
    date: str | None = None
    venue: object = None
    categories: Iterable[object] = ()
    doi: object = None
    arxiv_id: object = None
    pmid: object = None
    url: object = None
    source_id: str | None = None
    source_ids: Iterable[str] = ()
    aliases: Iterable[str] = ()
    notes: Iterable[str] = ()
    flags: Iterable[Flag] = ()
    details: Mapping[str, object] = field(default_factory=dict)
    tex: bool = False
    clean: bool = False

    def line(self, value: object) -> str:
        """Return a field as one clean line."""
        text = _text(value)
        return " ".join(sanitise(text).split()) if self.clean else clean_line(text, tex=self.tex)


def finish(raw: Fields, origin: Origin, line: int | None) -> Record:
    """Return the clean paper of `raw`, or a rejection where it has neither a title nor an abstract."""
    title = raw.line(raw.title)
    abstract = raw.line(raw.abstract) if raw.clean else clean_abstract(_text(raw.abstract), tex=raw.tex)
    flags = list(raw.flags)
    if not title and not abstract:
        return origin.rejected(line, "the record has neither a title nor an abstract")
    if not title or (title.endswith("…") and abstract.startswith(title[:-1]) and len(title) > 1):
        title = title or inferred_title(abstract)
        flags.append(Flag.TITLE_INFERRED)
    retracted = _RETRACTED_TITLE.match(title)
    if retracted and len(title) > retracted.end():
        title = title[retracted.end() :]
    if retracted or (len(abstract) < 600 and _WITHDRAWN_ABSTRACT.search(abstract)):
        flags.append(Flag.RETRACTED)
    authors, complete = _authors(raw)
    if not complete:
        flags.append(Flag.AUTHORS_INCOMPLETE)
    doi = fields.doi(raw.line(raw.doi))
    arxiv_id = fields.arxiv_id(clean_line(_text(raw.arxiv_id))) or fields.arxiv_id_of_doi(doi)
    if doi and fields.arxiv_id_of_doi(doi):
        doi = None
    pmid = fields.pmid(_text(raw.pmid))
    year = fields.year(_text(raw.year)) or fields.year(raw.date or "")
    date = f"{year}{raw.date[1:]}" if year and raw.date and raw.date.startswith("--") else raw.date
    source_ids = tuple(dict.fromkeys(filter(None, (clean_line(name) for name in raw.source_ids))))
    if not source_ids:
        source_ids = (clean_line(raw.source_id or "") or arxiv_id or doi or pmid or origin.named(line),)
    venue = raw.line(raw.venue) or None
    paper = Paper(
        title=title,
        abstract=abstract,
        authors=authors,
        year=year,
        date=date if date and (date.startswith("--") or date[:4] == str(year)) else None,
        venue=venue,
        categories=_unique(raw.line(name) for name in raw.categories),
        doi=doi,
        arxiv_id=arxiv_id,
        pmid=pmid,
        url=raw.line(raw.url) or None,
        source_ids=source_ids,
        aliases=_unique(clean_line(name) for name in raw.aliases),
        notes=_unique(raw.line(note) for note in raw.notes),
        flags=tuple(flag for flag in Flag if flag in flags),
        details=_details(raw, venue),
        provenance=(Provenance(origin.file, line, origin.format, origin.time),),
    )
    return Record(paper, None, line)


def _details(raw: Fields, venue: str | None) -> tuple[tuple[str, str], ...]:
    """Return the details that say something, in their order: no kind or publisher that the venue says already."""
    said = {"type": kinds.guessed(venue), "publisher": venue, "collection-title": venue}
    lines = {name: raw.line(raw.details.get(name)) for name in DETAILS}
    lines |= {name: fields.pages(lines[name]) for name in ("volume", "issue", "page")}
    return tuple((name, line) for name, line in lines.items() if line and line != said.get(name))


def _authors(raw: Fields) -> tuple[tuple[str, ...], bool]:
    """Return the clean names, and whether they are all of them."""
    names: list[str] = []
    complete = True
    for value in raw.authors:
        name = raw.line(value).strip(" ,;")
        kept = fields.without_et_al(name)
        complete = complete and kept == name
        if kept:
            names.append(kept)
    return tuple(names), complete


def _text(value: object) -> str:
    """Return a field as text: numbers are written out, anything else that is not text is left out."""
    if isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{value:.0f}" if isinstance(value, float) and value.is_integer() else str(value)
    return ""


def _unique(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, values)))


def as_dict(value: object) -> dict[str, Any]:
    """Return `value` where it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def as_list(value: object) -> list[Any]:
    """Return `value` where it is a list, else nothing."""
    return value if isinstance(value, list) else []
