"""CSV and TSV with a header line: columns of the common exports are recognised, others can be mapped."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping

from assistant.errors import UsageError
from assistant.readers import fields
from assistant.readers.contents import MAX_LINE, Content, decode
from assistant.readers.records import Fields, Origin, Record, finish
from assistant.text import sanitise

DELIMITERS = (",", "\t", ";", "|")
# Column names of Zotero, Scopus, Web of Science, IEEE Xplore, PubMed, Dimensions and Publish or Perish, best first.
COLUMNS: dict[str, tuple[str, ...]] = {
    "title": (
        "title",
        "article title",
        "document title",
        "paper title",
        "publication title",
        "ti",
        "titel",
        "titre",
        "name",
    ),
    "abstract": ("abstract", "abstract note", "abstracttext", "ab", "summary", "text", "zusammenfassung"),
    "authors": (
        "author full names",
        "authors",
        "author",
        "author names",
        "author(s)",
        "au",
        "creators",
        "autoren",
        "auteurs",
    ),
    "year": ("year", "publication year", "pubyear", "py", "published year", "jahr", "date", "publication date"),
    "date": ("date", "publication date", "published", "created"),
    "venue": (
        "source title",
        "journal",
        "journal/book",
        "publication title",
        "venue",
        "source",
        "so",
        "conference",
        "booktitle",
    ),
    "categories": ("categories", "category", "keywords", "author keywords", "manual tags", "tags", "subjects"),
    "doi": ("doi", "di", "doi link"),
    "arxiv_id": ("arxiv_id", "arxiv id", "arxiv", "eprint"),
    "pmid": ("pmid", "pubmed id", "pm", "pubmed_id"),
    "url": ("url", "link", "article url", "articleurl", "pdf link"),
    "source_id": ("_id", "id", "key", "source_id", "eid", "ut (unique wos id)", "ut", "publication id"),
    "notes": ("notes", "note", "extra"),
    "volume": ("volume", "vl"),
    "issue": ("issue", "is"),
    "page": ("pages", "page numbers", "pagination"),
    "publisher": ("publisher", "pu"),
}


def read_table(content: Content, origin: Origin) -> Iterator[Record]:
    """Yield the rows of a table; the first row names the columns.

    Raises:
        UsageError: a mapping names a field or a column that is not there.
    """
    lines = _Lines(content)
    head = re.split(r"[\r\n]", decode(content.head), maxsplit=1)[0]
    delimiter = max(DELIMITERS, key=lambda mark: _recognised(head, mark))
    csv.field_size_limit(MAX_LINE)
    rows = csv.reader(lines, delimiter=delimiter, strict=False)
    columns: dict[str, int] | None = None
    width = 0
    while True:
        line = lines.number + 1
        lines.begin_row()
        try:
            row = next(rows, None)
        except csv.Error as error:
            yield origin.rejected(line, f"broken row: {error}")
            lines.give_again()
            rows = csv.reader(lines, delimiter=delimiter, strict=False)
            continue
        # A quote that nothing closes takes the rows behind it along, up to the next quote or the end.
        if lines.several and (lines.open_quote or (columns is not None and row is not None and len(row) != width)):
            yield origin.rejected(line, "a quotation mark is not closed")
            lines.give_again()
            rows = csv.reader(lines, delimiter=delimiter, strict=False)
            continue
        for number in lines.too_long:
            yield origin.rejected(number, "the line is longer than 16 MB")
        lines.too_long.clear()
        if row is None:
            return
        if not any(cell.strip() for cell in row):
            continue
        if columns is None:
            columns, width = match_columns(row, origin.mapping), len(row)
            if "title" not in columns and "abstract" not in columns:
                yield origin.rejected(line, f"no column of the header is a title or an abstract: {', '.join(row)[:80]}")
                return
            continue
        yield finish(_fields({name: row[at] for name, at in columns.items() if at < len(row)}), origin, line)


def match_columns(header: list[str], mapping: Mapping[str, str]) -> dict[str, int]:
    """Return field to column number: the mapped ones, then the first known name of each field."""
    names = [_plain(name) for name in header]
    found: dict[str, int] = {}
    for field, column in mapping.items():
        if field not in COLUMNS:
            raise UsageError(f"unknown field {field!r} in the format's columns", f"fields are {', '.join(COLUMNS)}")
        if _plain(column) not in names:
            raise UsageError(f"the table has no column {column!r}", f"its columns are {', '.join(header)[:200]}")
        found[field] = names.index(_plain(column))
    for field, known in COLUMNS.items():
        position = next(
            (names.index(name) for name in known if name in names and names.index(name) not in found.values()), None
        )
        if field in ("year", "date"):  # a date column serves both
            position = next((names.index(name) for name in known if name in names), None)
        if position is not None:
            found.setdefault(field, position)
    return found


def _plain(name: str) -> str:
    return " ".join(sanitise(name).replace("_", " ").casefold().split()) if name != "_id" else name


def _recognised(head: str, delimiter: str) -> int:
    names = {_plain(cell.strip().strip('"')) for cell in head.split(delimiter)}
    return sum(any(_plain(name) in names for name in known) for known in COLUMNS.values())


class _Lines:
    """The lines of a file for the csv module, with the number of the last one given out.

    Old spreadsheets end a line by a carriage return alone. The lines of the row in hand are kept, so that all but its
    first can be given out again where it turns out to be none.
    """

    def __init__(self, content: Content) -> None:
        self._lines = content.lines()
        self.number = 0
        self.too_long: list[int] = []
        self._parts: list[str] = []  # what is left of a line of the file, the next part last
        self._row: list[str] = []

    @property
    def open_quote(self) -> bool:
        """Whether the row in hand has a quotation mark too few."""
        return sum(line.count('"') for line in self._row) % 2 == 1

    @property
    def several(self) -> bool:
        """Whether the row in hand goes over more than one line."""
        return len(self._row) > 1

    def begin_row(self) -> None:
        """Note that the next line begins a row."""
        self._row.clear()

    def give_again(self) -> None:
        """Give out the lines of the row in hand again, but for its first."""
        self._parts += reversed(self._row[1:])
        self.number -= max(0, len(self._row) - 1)

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._next()
        self._row.append(line)
        return line

    def _next(self) -> str:
        if self._parts:
            self.number += 1
            return self._parts.pop()
        for _, line in self._lines:
            self.number += 1
            if line is not None:
                first, *rest = decode(line).replace("\x00", "").split("\r")
                self._parts = [f"{part}\n" for part in reversed(rest)]
                return f"{first}\n"
            self.too_long.append(self.number)
        raise StopIteration


def _fields(cells: dict[str, str]) -> Fields:
    date = cells.get("date", "")
    notes, flags = fields.marked_notes([cells["notes"]] if cells.get("notes", "").strip() else [])
    return Fields(
        title=cells.get("title"),
        abstract=cells.get("abstract"),
        authors=fields.split_names(cells.get("authors", "")),
        year=cells.get("year") or date,
        date=fields.date(date),
        venue=cells.get("venue"),
        categories=fields.keywords(cells.get("categories", "")),
        doi=cells.get("doi"),
        arxiv_id=cells.get("arxiv_id"),
        pmid=cells.get("pmid"),
        url=cells.get("url"),
        source_id=cells.get("source_id"),
        notes=notes,
        flags=flags,
        details={name: cells.get(name) for name in ("volume", "issue", "page", "publisher")},
    )
