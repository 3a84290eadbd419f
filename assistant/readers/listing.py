"""Plain-text listings copied from web pages.

Layout A has three lines a paper: a header (`IRJul 14, 2022Code`, `74.0LGApr 14`), the title with the authors glued
to it, the abstract. Layout B is `Abstract:` and the text. Blank lines and pages pasted one after another are normal,
even where the first page's last line ran into the next page's first.
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


def read_listing(content: Content, origin: Origin) -> Iterator[Record]:
    """Yield the records of a listing in order."""
    entry: _Entry | None = None
    for number, raw in content.lines():
        if raw is None:
            yield origin.rejected(number, "the line is longer than 16 MB")
            continue
        for line in _unglued(sanitise(decode(raw)).strip()):
            header, label = HEADER.fullmatch(line), LABEL.match(line)
            if header or label:
                if entry:
                    yield _finished(entry, origin)
                entry = _Entry(number, header)
                line = line[label.end() :] if label else ""
            if not line:
                continue
            if entry is None:
                yield origin.rejected(number, f"text outside any entry: {line[:40]!r}")
            elif entry.header and not entry.byline:
                entry.byline = line
            else:
                entry.paragraphs.append(line)
    if entry:
        yield _finished(entry, origin)


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
