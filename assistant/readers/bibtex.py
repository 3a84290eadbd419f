"""BibTeX and BibLaTeX files: blocks by bibtexparser, values and names resolved here, LaTeX decoded where it stands."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from assistant import kinds
from assistant.papers import Flag
from assistant.readers import fields
from assistant.readers.contents import Content
from assistant.readers.records import Fields, Origin, Record, finish

if TYPE_CHECKING:
    from bibtexparser.model import Block, Entry

logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)  # broken entries are reported as records

_VENUES = (
    "journaltitle",
    "journal",
    "booktitle",
    "maintitle",
    "series",
    "howpublished",
    "publisher",
    "school",
    "institution",
)
_PREPRINT_VENUE = re.compile(r"^\s*\{*(?:arxiv|corr)\b.*", re.I | re.S)
_MONTHS = {name: name for name in ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")}
_ENTRY_START = re.compile(r"^[ \t]*@", re.M)
_PIECE = 4 * 1024 * 1024  # characters parsed at a time
_REFERENCE = re.compile(r"""\b(?:crossref|xdata)\s*=\s*[{"]?\s*([^{}"\n]+)""", re.I)
_NOTES = ("note", "annote", "annotation")
_TEAM = re.compile(r"^\{(?P<inner>[^{}]*)\}$")


def read_bibtex(content: Content, origin: Origin) -> Iterator[Record]:
    """Yield the entries of a BibTeX file; the citation key is source id and alias.

    A broken entry is reported with its line, and the entries behind it are read.
    """
    text = content.text()
    origin.macros.update(_MONTHS)
    parents = _parents(text, origin.macros)
    for line, block in _blocks(text, origin.macros):
        if not isinstance(block, _entry_type()):
            yield origin.rejected(line, f"broken BibTeX entry {_beginning(block)!r}: {_reason(block)}")
            continue
        yield finish(_fields(block, _inherit(_values(block, origin.macros), parents)), origin, line)


def _entry_type() -> type[Entry]:
    from bibtexparser.model import Entry

    return Entry


def _blocks(text: str, macros: dict[str, str]) -> Iterator[tuple[int, Block]]:
    """Yield (line, entry or broken block); string definitions go into `macros` on the way.

    The text is parsed in pieces that end where a line begins with "@", so that a large file needs little memory.
    """
    from bibtexparser.model import DuplicateBlockKeyBlock, DuplicateFieldKeyBlock, Entry, ParsingFailedBlock, String
    from bibtexparser.splitter import Splitter

    start, line = 0, 1
    while start < len(text):
        cut = _ENTRY_START.search(text, min(len(text), start + _PIECE))
        end = cut.start() if cut else len(text)
        for block in Splitter(text[start:end]).split().blocks:
            if isinstance(block, DuplicateBlockKeyBlock | DuplicateFieldKeyBlock):
                block = block.ignore_error_block or block
            if isinstance(block, String):
                macros[block.key.casefold()] = resolve(block.value, macros)
            elif isinstance(block, Entry | ParsingFailedBlock):
                yield line + (block.start_line or 0), block
        line += text.count("\n", start, end)
        start = end


def _beginning(block: Block) -> str:
    return " ".join((block.raw or "").split())[:40]


def _reason(block: Block) -> str:
    """Return why the parser gave a block up: its errors keep that apart from their message."""
    error = getattr(block, "error", None)
    reason = str(getattr(error, "abort_reason", "") or error or "").strip().partition("\n")[0]
    return f"{reason[:1].lower()}{reason[1:160]}".rstrip(". ") or "it could not be parsed"


def _parents(text: str, macros: dict[str, str]) -> dict[str, dict[str, str]]:
    """Return the fields of the entries that others name in `crossref` or `xdata`, by lower-case key."""
    wanted = {key.strip().casefold() for found in _REFERENCE.findall(text) for key in found.split(",")}
    if not wanted:
        return {}
    entries = (block for _, block in _blocks(text, macros) if isinstance(block, _entry_type()))
    return {entry.key.casefold(): _values(entry, macros) for entry in entries if entry.key.casefold() in wanted - {""}}


def resolve(value: str, strings: Mapping[str, str]) -> str:
    """Return the text of a raw value: braces or quotes around it, string names, parts joined by `#`."""
    parts: list[str] = []
    for part in _parts(value):
        if (part.startswith("{") and part.endswith("}")) or (
            part.startswith('"') and part.endswith('"') and len(part) > 1
        ):
            parts.append(part[1:-1])
        else:
            parts.append(strings.get(part.casefold(), part))
    return "".join(parts)


def _parts(value: str) -> list[str]:
    """Part a raw value at each `#` outside braces and quotes."""
    if "#" not in value:
        return [value.strip()]
    parts, depth, quoted, start = [], 0, False, 0
    for index, char in enumerate(value):
        if char == "{":
            depth += 1
        elif char == "}":
            depth -= 1
        elif char == '"' and depth == 0 and value[index - 1 : index] != "\\":
            quoted = not quoted
        elif char == "#" and depth == 0 and not quoted:
            parts.append(value[start:index].strip())
            start = index + 1
    return [*parts, value[start:].strip()]


def _values(entry: Entry, strings: Mapping[str, str]) -> dict[str, str]:
    """Return lower-case field name to text; the first of two equal names holds."""
    found: dict[str, str] = {}
    for item in entry.fields:
        found.setdefault(item.key.casefold(), resolve(str(item.value), strings))
    return found


def _inherit(values: dict[str, str], parents: Mapping[str, dict[str, str]]) -> dict[str, str]:
    """Return `values` completed by the entry that `crossref` or `xdata` names; its title becomes the book's."""
    for reference in (values.get("crossref", ""), *values.get("xdata", "").split(",")):
        parent = parents.get(reference.strip().casefold()) if reference.strip() else None
        if not parent or parent is values:
            continue
        inherited = {
            name: text for name, text in parent.items() if name not in ("crossref", "xdata", "abstract", "doi", "url")
        }
        if "crossref" in values and "title" in inherited:
            inherited.setdefault("booktitle", inherited.pop("title"))
            inherited.pop("author", None)
        values = inherited | values
    return values


def _fields(entry: Entry, values: dict[str, str]) -> Fields:
    title = values.get("title")
    if title and values.get("subtitle"):
        title = f"{title}: {values['subtitle']}"
    year = values.get("year") or values.get("date") or values.get("issued")
    number = fields.year(year or "")
    date = fields.date(values.get("date", "")) or fields.iso_date(
        number, fields.month(values.get("month", "")), _day(values)
    )
    eprint = values.get("eprint", "")
    is_arxiv = (
        values.get("archiveprefix", values.get("eprinttype", "arxiv" if "." in eprint else "")).casefold() == "arxiv"
    )
    venue = next((values[name] for name in _VENUES if values.get(name)), None)
    arxiv_id = eprint if is_arxiv else None
    if venue and _PREPRINT_VENUE.match(venue):
        arxiv_id = arxiv_id or fields.arxiv_id(venue)
    arxiv_id = arxiv_id or next(
        (
            fields.arxiv_id(values.get(name, ""))
            for name in ("url", "note")
            if "arxiv" in values.get(name, "").casefold()
        ),
        None,
    )
    names, complete = author_names(values.get("author") or values.get("editor") or "")
    key = entry.key.strip()
    notes, flags = fields.marked_notes([note for name in _NOTES for note in values.get(name, "").split("; ") if note])
    return Fields(
        title=title,
        abstract=values.get("abstract"),
        authors=names,
        year=year,
        date=date,
        venue=venue,
        categories=_categories(values),
        doi=values.get("doi"),
        arxiv_id=arxiv_id,
        pmid=values.get("pmid") or (eprint if values.get("eprinttype", "").casefold() == "pubmed" else None),
        url=values.get("url"),
        source_id=key or None,
        aliases=[name for name in (key, *values.get("ids", "").split(",")) if name.strip()],
        notes=notes,
        flags=flags if complete else [*flags, Flag.AUTHORS_INCOMPLETE],
        details=_details(entry.entry_type.casefold(), values),
        tex=True,
    )


def _details(entry_type: str, values: Mapping[str, str]) -> dict[str, object]:
    """Return the fields of a reference list under their CSL names."""
    kind = kinds.BIBTEX.get(entry_type)
    numbered = "issue" if kind in (None, "article-journal", "paper-conference") else "number"
    editors, _ = author_names(values.get("editor", "") if values.get("author") else "")
    return {
        "type": kind,
        "genre": values.get("type") or ("Master's thesis" if entry_type == "mastersthesis" else None),
        "volume": values.get("volume"),
        numbered: values.get("number") or values.get("issue"),
        "page": values.get("pages") or values.get("eid"),
        "edition": values.get("edition"),
        "collection-title": values.get("series"),
        "chapter-number": values.get("chapter"),
        "publisher": values.get("publisher"),
        "publisher-place": values.get("address") or values.get("location"),
        "editor": "; ".join(editors),
        "ISBN": values.get("isbn"),
        "ISSN": values.get("issn"),
    }


def _day(values: Mapping[str, str]) -> int | None:
    day = values.get("day", "")
    return int(day) if day.isdecimal() and len(day) <= 2 else None


def _categories(values: Mapping[str, str]) -> list[str]:
    primary = values.get("primaryclass") or values.get("eprintclass")
    return [*([primary] if primary else []), *fields.keywords(values.get("keywords", ""))]


def author_names(text: str) -> tuple[list[str], bool]:
    """Return "Given Family" names of an author field, and whether "and others" does not end it."""
    names = []
    complete = True
    for person in _persons(text):
        if person.casefold() in ("others", "et al.", "et al"):
            complete = False
        elif _TEAM.match(person):
            names.append(person)
        else:
            names.append(_given_family(person))
    return names, complete


def _persons(text: str) -> list[str]:
    """Part an author field at each "and" outside braces."""
    persons, depth, words = [], 0, list[str]()
    for word in text.split():
        if depth == 0 and word.casefold() == "and":
            persons.append(" ".join(words))
            words = []
            continue
        depth += word.count("{") - word.count("}")
        words.append(word)
    return [person for person in (*persons, " ".join(words)) if person]


def _given_family(person: str) -> str:
    """Return "Given Family" of "Family, Given" or BibLaTeX's "family=F, given=G"; commas inside braces do not count."""
    parts, depth, start = [], 0, 0
    for index, char in enumerate(person):
        depth += (char == "{") - (char == "}")
        if char == "," and depth == 0:
            parts.append(person[start:index].strip())
            start = index + 1
    parts.append(person[start:].strip())
    if len(parts) == 1:
        return person
    named = {part.partition("=")[0].strip().casefold(): part.partition("=")[2].strip(' "') for part in parts}
    if "family" in named:
        order = (named.get(part, "") for part in ("given", "prefix", "family", "suffix"))
        return " ".join(part for part in order if part)
    return fields.given_family(", ".join(part.replace(",", "") for part in parts))
