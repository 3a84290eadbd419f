"""Identifiers, years, dates and names as sources write them, brought to one form."""

from __future__ import annotations

import html
import re

_DOI = re.compile(r"\b(10\.\d{4,9}/[^\s\"<>{}|\\^`]+)", re.I)
_ARXIV_DOI = re.compile(r"10\.48550/arxiv\.(.+)", re.I)
_ARXIV_NEW = re.compile(r"(?<![\d.])(\d{2}(?:0[1-9]|1[0-2]))\.(\d{4,5})(?:v\d{1,3})?(?![\d.]*\d)")
_ARXIV_OLD = re.compile(r"(?<![\w/-])([a-z]{2,8}(?:-[a-z]{2,8})?)(?:\.[A-Z]{2})?/(\d{7})(?:v\d{1,3})?(?!\d)")
_ARXIV_FLOAT = re.compile(r"(\d{1,2}(?:0[1-9]|1[0-2]))\.(\d{1,4}|\d{6,20})")
_YEAR = re.compile(r"(?<!\d)(1[5-9]\d\d|20\d\d|2100)(?!\d)")
_DATE = re.compile(r"(?<!\d)((?:1[5-9]|20)\d\d)[-/.](\d{1,2})(?:[-/.](\d{1,2}))?(?!\d)")
_ET_AL = re.compile(r"(?:^|[,;]?\s+)(?:et\.? ?al\.?|and others|others)\s*$", re.I)
_SUFFIX = re.compile(r"(?:jr|sr|ii|iii|iv|2nd|3rd)\.?", re.I)
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
    """Return the ISO date in `value` ("2022-07-14", "2022/7/14", "2022-07"), or None."""
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
        return [given_family(name) for name in text.split(";") if name.strip()]
    pieces = [piece for piece in re.split(r"\s+(?:and|&)\s+", text.strip()) if piece]
    if (
        len(pieces) > 1
        and all(piece.count(",") <= 1 and " " in piece for piece in pieces)
        and any(re.fullmatch(r"[^,]+, [^,]+", piece) and len(piece.split(",")[0].split()) == 1 for piece in pieces[:-1])
    ):
        return [given_family(piece) for piece in pieces]
    names = [name.strip() for piece in pieces for name in piece.split(",")]
    return [name for name in names if name]
