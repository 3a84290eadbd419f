"""RIS, in both tag sets that programs write (TI/AU/PY/AB and T1/A1/Y1/N2)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant import kinds
from assistant.papers import EXPORTED_BY
from assistant.readers import fields, tagged
from assistant.readers.contents import Content
from assistant.readers.records import Fields, Origin, Record, finish

_CITATION_KEY = re.compile(r"[A-Za-z][\w:.-]*\d[\w:.-]*|[A-Za-z]+nd\w*")  # ID holds plain numbers in other files


def read_ris(content: Content, origin: Origin) -> Iterator[Record]:
    """Yield the records of a RIS file; one without its ER line is kept, with a warning."""
    for entry in tagged.entries(content, origin, "TY", "ER"):
        if isinstance(entry, Record):
            yield entry
            continue
        record = finish(_fields(entry), origin, entry.line)
        yield record if entry.closed else record.with_warning(origin, "the record has no ER line; it was kept")


def _fields(entry: tagged.Entry) -> Fields:
    year = entry.first("PY", "Y1", "DA", "Y2")
    date = next(
        filter(None, (fields.date(text) for tag in ("DA", "PY", "Y1") for text in entry.values.get(tag, ()))), None
    )
    urls = [*entry.values.get("UR", ()), *entry.values.get("L1", ()), *entry.values.get("L2", ())]
    own = EXPORTED_BY in entry.values.get("DB", ())
    words = entry.values.get("KW", [])
    notes, flags = fields.marked_notes([*entry.values.get("N1", ()), *entry.values.get("RN", ())])
    arxiv = [
        *urls,
        *entry.values.get("AN", ()),
        *entry.values.get("M1", ()),
        *entry.values.get("C1", ()),
        *entry.values.get("JO", ()),
    ]
    return Fields(
        title=entry.first("TI", "T1", "CT", "BT"),
        abstract=entry.first("AB", "N2"),
        authors=[_author(name) for name in entry.all("AU", "A1", "A2", "ED")],
        year=year,
        date=date,
        venue=entry.first("T2", "JO", "JF", "JA", "J2", "BT", "T3", "PB"),
        categories=words if own else [word for value in words for word in fields.keywords(value)],
        doi=entry.first("DO") or next((url for url in (*urls, *entry.values.get("M3", ())) if fields.doi(url)), None),
        arxiv_id=next((text for text in arxiv if "arxiv" in text.casefold() and fields.arxiv_id(text)), None),
        pmid=_pmid(entry),
        url=urls[0] if urls else None,
        aliases=[name for name in entry.values.get("ID", ()) if _CITATION_KEY.fullmatch(name)],
        notes=notes,
        flags=flags,
        details=_details(entry),
        clean=own,
    )


def _details(entry: tagged.Entry) -> dict[str, object]:
    pages = [page for page in (entry.first("SP"), entry.first("EP")) if page]
    kind = kinds.RIS.get(entry.first("TY") or "")
    report = kind == "report"
    return {
        "type": kind,
        "genre": entry.first("M3") if kind == "thesis" else None,
        "volume": entry.first("VL"),
        "issue": None if report else entry.first("IS"),
        "number": entry.first("IS") if report else None,
        "page": "-".join(dict.fromkeys(pages)),
        "edition": entry.first("ET"),
        "collection-title": entry.first("T3") if kind in ("book", "chapter", "paper-conference") else None,
        "chapter-number": entry.first("SE") if kind == "chapter" else None,
        "publisher": entry.first("PB"),
        "publisher-place": entry.first("CY", "PP"),
        "editor": "; ".join(map(_author, entry.all("A2", "ED"))) if entry.first("AU", "A1") else None,
        _number_of(entry): entry.first("SN"),
    }


def _number_of(entry: tagged.Entry) -> str:
    """Return which standard number SN holds: a serial's has eight digits, a book's ten or thirteen."""
    digits = re.sub(r"[^\dXx]", "", entry.first("SN") or "")
    return "ISSN" if len(digits) == 8 else "ISBN"


def _author(name: str) -> str:
    """Return "Given Family"; an organisation's name ends in a comma, and has its own ones doubled."""
    whole = name.rstrip(", ")
    if ",," in whole or (name.endswith(",") and "," not in whole):
        return whole.replace(",,", ",")
    return fields.given_family(fields.initials_last(name))


def _pmid(entry: tagged.Entry) -> str | None:
    database = " ".join((*entry.values.get("DB", ()), *entry.values.get("DP", ()))).casefold()
    if "pubmed" in database or "medline" in database or "nlm" in database:
        return entry.first("AN")
    return next(
        (
            value
            for value in (*entry.values.get("AN", ()), *entry.values.get("C2", ()))
            if value.upper().startswith("PMID")
        ),
        None,
    )
