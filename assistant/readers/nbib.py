"""PubMed's nbib (MEDLINE) export."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.papers import Flag
from assistant.readers import fields, tagged
from assistant.readers.contents import Content
from assistant.readers.records import Fields, Origin, Record, finish

_DATE = re.compile(r"(\d{4})(?:\s+([A-Za-z]{3})[\w-]*)?(?:\s+(\d{1,2})\b)?")


def read_nbib(content: Content, origin: Origin) -> Iterator[Record]:
    """Yield the records of an nbib file; the DOI or the PMID is the source id."""
    for entry in tagged.entries(content, origin, "PMID", None):
        if isinstance(entry, Record):
            yield entry
        else:
            yield finish(_fields(entry), origin, entry.line)


def _fields(entry: tagged.Entry) -> Fields:
    published = _DATE.match(entry.first("DP", "DEP") or "")
    year = int(published.group(1)) if published else None
    date = None
    if published and published.group(2):
        day = int(published.group(3)) if published.group(3) else None
        date = fields.iso_date(year, fields.month(published.group(2)), day)
    retracted = "Retracted Publication" in entry.values.get("PT", ()) or "RIN" in entry.values
    return Fields(
        title=fields.translated(entry.first("TI", "BTI", "TT") or ""),
        abstract=entry.first("AB", "OAB"),
        authors=_authors(entry),
        year=year,
        date=date,
        venue=entry.first("JT", "TA"),
        categories=[*entry.values.get("OT", ()), *(heading.replace("*", "") for heading in entry.values.get("MH", ()))],
        doi=next((value for tag in ("AID", "LID") for value in entry.values.get(tag, ()) if "[doi]" in value), None),
        pmid=entry.first("PMID"),
        flags=(Flag.RETRACTED,) if retracted else (),
        details={
            "volume": entry.first("VI"),
            "issue": entry.first("IP"),
            "page": fields.full_range(entry.first("PG") or ""),
            "ISSN": (entry.first("IS") or "").partition(" ")[0],
        },
    )


def _authors(entry: tagged.Entry) -> list[str]:
    names = [fields.given_family(name) for name in entry.values.get("FAU", ())]
    names = names or [fields.given_family(fields.initials_last(name)) for name in entry.values.get("AU", ())]
    return names + entry.values.get("CN", [])
