"""Identifiers, years, dates and names as sources write them, brought to one form."""

from __future__ import annotations

import html
import re

from assistant.papers import Flag

_DOI = re.compile(r"\b(10\.\d{4,9}/(?:[^\s\"<>{}|\\^`]|<\d[^\s<>/]*>)+)", re.I)
_ARXIV_DOI = re.compile(r"10\.48550/arxiv\.(.+)", re.I)
_ARXIV_NEW = re.compile(r"(?<![\d.])(\d{2}(?:0[1-9]|1[0-2]))\.(\d{4,5})(?:v\d{1,3})?(?![\d.]*\d)")
_ARXIV_OLD = re.compile(r"(?<![\w/-])([a-z]{2,8}(?:-[a-z]{2,8})?)(?:\.[A-Z]{2})?/(\d{7})(?:v\d{1,3})?(?!\d)")
_ARXIV_FLOAT = re.compile(r"(\d{1,2}(?:0[1-9]|1[0-2]))\.(\d{1,4}|\d{6,20})")
_YEAR = re.compile(r"(?<!\d)(1[5-9]\d\d|20\d\d|2100)(?!\d)")
_DATE = re.compile(r"(?<!\d)((?:1[5-9]|20)\d\d)[-/.](\d{1,2})(?:[-/.](\d{1,2}))?(?!\d)")
_YEARLESS = re.compile(r"(?:--|/)(\d\d)[-/](\d\d)/?")
_ET_AL = re.compile(r"(?:^|[,;]?\s+)(?:et\.? ?al\.?|and others|others)\s*$", re.I)
_SUFFIX = re.compile(r"(?:jr|sr|ii|iii|iv|2nd|3rd)\.?", re.I)
_AND = re.compile(r"\s*,?\s+(?:and|&)\s+")
_INVERTED = re.compile(
    r"(?:(?:van|von|der|den|de|del|della|di|da|dos|la|le|el|al|ten|ter) ){0,3}[^\s,]+, ?[^\s,].*", re.I
)
_ONLY_INITIALS = re.compile(r"(?:[^\W\d_]\.[ -]?){1,4}")
_INITIALS_LAST = re.compile(r"([^\W\d_][^,;]*?[^\W\d_])\s+((?:[A-Z]\.?-?){1,4})")
_DASH = re.compile(r"\s*[-‐‑‒–—−]+\s*")
MARKS = {
    "summary, not the authors' abstract": Flag.OWN_SUMMARY,
    "retracted": Flag.RETRACTED,
    "list of authors incomplete": Flag.AUTHORS_INCOMPLETE,
}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def doi(value: str) -> str | None:
    """Return the bare lower-case DOI in `value` (a DOI, an address or a phrase around one), or None."""
    match = _DOI.search(html.unescape(value)) if "10." in value else None
    if match is None:
        return None
    found = match.group(1).rstrip(".,;:'\"")
    while found.endswith((")", "]")) and found.count(found[-1]) > found.count("(" if found[-1] == ")" else "["):
        found = found[:-1].rstrip(".,;:")
    return found.casefold()


def arxiv_id(value: str) -> str | None:
    """Return the arXiv id in `value` without its version, or None.

    An identifier that went through a spreadsheet as a number (1706.072, 805.056, 1706.0720199999998) is restored.
    """
    value = value.strip()
    match = _ARXIV_NEW.search(value)
    if match and (len(match.group(2)) == 5) == (match.group(1) >= "1501"):
        return f"{match.group(1)}.{match.group(2)}"
    match = _ARXIV_OLD.search(value)
    if match:
        return f"{match.group(1)}/{match.group(2)}"
    match = _ARXIV_FLOAT.fullmatch(value)
    return _restored(match.group(1).zfill(4), match.group(2)) if match else None


def _restored(month: str, decimals: str) -> str | None:
    digits = 5 if month >= "1501" else 4
    number = round(float("0." + decimals) * 10**digits)
    return f"{month}.{number:0{digits}d}" if 0 < number < 10**digits and month >= "0704" else None


def arxiv_id_of_doi(value: str | None) -> str | None:
    """Return the arXiv id that a DOI registered by arXiv stands for, or None."""
    match = _ARXIV_DOI.fullmatch(value or "")
    return arxiv_id(match.group(1)) if match else None


def pmid(value: str) -> str | None:
    """Return the PubMed id in `value`, or None."""
    match = re.fullmatch(r"\D*?0*([1-9]\d{0,8})\D{0,12}", value.strip(), re.ASCII) if len(value) < 100 else None
    return match.group(1) if match else None


def year(value: str) -> int | None:
    """Return the first plausible year in `value`, or None."""
    match = _YEAR.search(value)
    return int(match.group(1)) if match else None


def month(value: str) -> int | None:
    """Return the month that `value` names ("Mar", "march", "3", "03"), or None."""
    text = value.strip().strip("{}\".'").casefold()
    if text.isdecimal() and text.isascii():
        return int(text) if 1 <= int(text[:3]) <= 12 else None
    return _MONTHS.index(text[:3]) + 1 if text[:3] in _MONTHS else None


def iso_date(year_number: int | None, month_number: int | None, day_number: int | None = None) -> str | None:
    """Return "2022-07-14", "2022-07", or "--07-14" without a year; None where the month is missing or impossible."""
    if month_number is None or not 1 <= month_number <= 12 or (year_number is None and day_number is None):
        return None
    day = f"-{day_number:02d}" if day_number is not None and 1 <= day_number <= 31 else ""
    return (f"{year_number:04d}" if year_number else "-") + f"-{month_number:02d}{day}"


def date(value: str) -> str | None:
    """Return the ISO date in `value` ("2022-07-14", "2022/7/14", "2022-07"), or None.

    A value that is a day of an unknown year ("--07-14", in RIS "/07/14") gives "--07-14".
    """
    yearless = _YEARLESS.fullmatch(value.strip())
    if yearless:
        return iso_date(None, int(yearless.group(1)), int(yearless.group(2)))
    match = _DATE.search(value)
    if match is None:
        return None
    return iso_date(int(match.group(1)), int(match.group(2)), int(match.group(3)) if match.group(3) else None)


def given_family(name: str) -> str:
    """Return "Given Family" of "Family, Given" or "Family, Jr., Given"; other names come back as they are."""
    parts = [part.strip() for part in name.split(",")]
    if len(parts) == 1:
        return name.strip()
    family, rest = parts[0], [part for part in parts[1:] if part]
    suffixes = [part for part in rest if _SUFFIX.fullmatch(part)]
    given = [part for part in rest if not _SUFFIX.fullmatch(part)]
    return " ".join([*given, family, *suffixes])


def without_et_al(name: str) -> str:
    """Return `name` without a closing "et al." or "and others"."""
    return _ET_AL.sub("", name) if name[-1:] in ".lLsS" else name


def split_names(text: str) -> list[str]:
    """Return the names of a list written as one text: parted by semicolons, by "and", or by commas."""
    if ";" in text:
        return [given_family(initials_last(name)) for name in text.split(";") if name.strip()]
    pieces = [piece for piece in _AND.split(text.strip()) if piece]
    if any(_INVERTED.fullmatch(piece) for piece in pieces) and all(piece.count(",") <= 1 for piece in pieces):
        return [given_family(piece) for piece in pieces]
    names = [
        name.strip().rstrip(".") if name.strip().endswith("..") else name.strip()
        for piece in pieces
        for name in piece.split(",")
    ]
    names = [name for name in names if name]
    if len(names) % 2 == 0 and names and all(_ONLY_INITIALS.fullmatch(name) for name in names[1::2]):
        return [f"{initials} {family}" for family, initials in zip(names[::2], names[1::2], strict=True)]
    return [given_family(initials_last(name)) for name in names]


def initials_last(name: str) -> str:
    """Return "Family, I. J." of "Family IJ", the way indexes write names; others come back as they are."""
    match = _INITIALS_LAST.fullmatch(name.strip())
    if match is None:
        return name
    initials = [letter for letter in match.group(2) if letter.isalpha()]
    return f"{match.group(1)}, {' '.join(letter + '.' for letter in initials)}"


def keywords(text: str) -> list[str]:
    """Return the words of a keyword field: parted by semicolons, else by commas."""
    parts = text.split(";") if ";" in text else text.split(",")
    return [part.strip() for part in parts if part.strip()]


def marked_notes(notes: list[str]) -> tuple[list[str], list[Flag]]:
    """Return the notes without the marks that our own exports leave there, and the flags that these stand for."""
    flags = [MARKS[note.casefold()] for note in notes if note.casefold() in MARKS]
    return [note for note in notes if note.casefold() not in MARKS], flags


def pages(value: str) -> str:
    """Return a range of pages with one hyphen, however long the source's dash is: "12–15" and "12--15" are "12-15"."""
    return _DASH.sub("-", value)


def full_range(value: str) -> str:
    """Return the pages that MEDLINE shortens written out: "1023-31" is "1023-1031"."""
    match = re.fullmatch(r"(\d+)-(\d+)", value.strip())
    if match is None or len(match.group(2)) >= len(match.group(1)):
        return value
    first, last = match.groups()
    return f"{first}-{first[: len(first) - len(last)]}{last}"


def translated(title: str) -> str:
    """Return a title without the brackets in which PubMed puts translated ones."""
    return re.sub(r"\](\.?)$", r"\1", title[1:]) if title.startswith("[") else title
