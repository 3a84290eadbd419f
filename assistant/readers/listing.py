"""Plain-text listings copied from web pages.

Layout A has three lines a paper: a header (`IRJul 14, 2022Code`, `74.0LGApr 14`), the title with the authors glued
to it, the abstract. Layout B is `Abstract:` and the text. Blank lines and pages pasted one after another are normal,
even where the first page's last line ran into the next page's first. Layout C has labelled fields, see `labelled`.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from assistant.papers import Flag
from assistant.readers import fields
from assistant.readers.bylines import split_byline
from assistant.readers.contents import Content, decode
from assistant.readers.labelled import LabelledEntry, label_of
from assistant.readers.records import Fields, Origin, Record, finish
from assistant.text import sanitise

_ARCHIVES = "cs|math|stat|physics|eess|econ|q-bio|q-fin|astro-ph|cond-mat|nlin"
_CATEGORY = (
    rf"(?:[A-Z]{{2}}|(?:{_ARCHIVES})\.[A-Za-z]{{2}}(?:-[a-z]{{2,5}})?|(?:hep|nucl|quant|math)-(?:ph|th|ex|lat)|gr-qc)"
)
_HEADER_BODY = (
    rf"(?P<score>\d{{1,3}}(?:\.\d+)?)?(?P<category>{_CATEGORY})"
    r"(?P<month>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6} "
    r"(?P<day>\d{1,2})(?:, (?P<year>\d{4}))?(?P<code>Code)?"
)
HEADER = re.compile(_HEADER_BODY + r"\s*")
_GLUED_HEADER = re.compile(r"(?<=[^\s\d])" + _HEADER_BODY + r"\s*$")
_GLUED_LABEL = re.compile(
    r"(?<=[.!?)\]’”\"'])Abstract:(?=\s?\S)|(?<=Code)Abstract:(?=\s?\S)|(?<=\d)Abstract:(?=\s?[A-Z])"
)
LABEL = re.compile(r"\s*Abstract:\s*")


@dataclass(slots=True)
class _Entry:
    """The lines of one record while they are collected."""

    line: int
    header: re.Match[str] | None = None
    byline: str = ""
    paragraphs: list[str] = field(default_factory=list)
    closed: bool = False

    def take(self, line: str, *, indented: bool = False) -> None:  # noqa: ARG002  the other layout needs it
        """Add one line, stripped."""
        if line and self.header and not self.byline:
            self.byline = line
        elif line:
            self.paragraphs.append(line)

    def finished(self, origin: Origin) -> Record:
        """Return the record."""
        return _finished(self, origin)


def read_listing(content: Content, origin: Origin) -> Iterator[Record]:
    """Yield the records of a listing in order."""
    entry: _Entry | LabelledEntry | None = None
    stray = False
    for number, raw in content.lines():
        if raw is None:
            yield origin.rejected(number, "the line is longer than 16 MB")
            continue
        text = sanitise(decode(raw))
        indented = text[:1].isspace()
        for line in _unglued(text.strip()):
            # In a labelled record an indented line goes on with the one above.
            begun = None if indented and isinstance(entry, LabelledEntry) else _begun(line, number, entry)
            if begun is not None:
                if entry is not None:
                    yield entry.finished(origin)
                entry, stray = begun, False
            elif entry is not None:
                entry.take(line, indented=indented)
            elif not stray and any(char.isalnum() for char in line):
                stray = True  # one report for a run of lines
                yield origin.rejected(number, f"text outside any entry: {line[:40]!r}")
        if entry is not None and entry.closed:
            yield entry.finished(origin)
            entry = None
    if entry is not None:
        yield entry.finished(origin)


def _begun(line: str, number: int, entry: _Entry | LabelledEntry | None) -> _Entry | LabelledEntry | None:
    """Return the entry that begins with this line, None where the line belongs to the one at hand."""
    header = HEADER.fullmatch(line)
    if header:
        return _Entry(number, header)
    label = label_of(line)
    if label is None or (isinstance(entry, LabelledEntry) and entry.accepts(label[0])):
        return None
    begun: _Entry | LabelledEntry
    if label[0] == "abstract":
        begun = _Entry(number)
        begun.take(label[1])
    elif label[0] in ("id", "title", "submitted"):
        begun = LabelledEntry(number)
        begun.take(line, indented=False)
    else:
        return None
    return begun


def _unglued(line: str) -> list[str]:
    """Return the line, parted where another page's first line begins inside it."""
    if HEADER.fullmatch(line):
        return [line]
    pieces = [line]
    if "Abstract:" in line[1:]:
        starts = [0, *(match.start() for match in _GLUED_LABEL.finditer(line)), len(line)]
        pieces = [line[first:last] for first, last in itertools.pairwise(starts) if last > first]
    last = pieces[-1]
    header = _GLUED_HEADER.search(last, max(0, len(last) - 40))
    if header and header.start() > 0:
        pieces[-1:] = [last[: header.start()], last[header.start() :]]
    return pieces


def _finished(entry: _Entry, origin: Origin) -> Record:
    abstract = " ".join(entry.paragraphs)
    if entry.header is None:
        return finish(Fields(abstract=abstract), origin, entry.line)
    if not entry.byline:
        return origin.rejected(entry.line, f"the header {entry.header.group().strip()!r} has no title below it")
    byline = split_byline(entry.byline, abstract)
    header = entry.header
    year = int(header["year"]) if header["year"] else None
    raw = Fields(
        title=byline.title,
        abstract=abstract,
        authors=byline.authors,
        year=year,
        date=fields.iso_date(year, fields.month(header["month"]), int(header["day"])),
        categories=(header["category"],),
        notes=(*byline.tags, *(("Code",) if header["code"] else ())),
        flags=() if byline.complete else (Flag.AUTHORS_INCOMPLETE,),
    )
    return finish(raw, origin, entry.line)
