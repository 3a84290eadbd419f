"""Papers as RIS."""

from __future__ import annotations

from assistant import kinds
from assistant.export.marks import mark_notes
from assistant.export.names import parted
from assistant.papers import EXPORTED_BY, Paper


def to_ris(paper: Paper) -> str:
    """Return the paper as a RIS record under its citation key."""
    kind = kinds.named(kinds.kind_of(paper), kinds.RIS) or "GEN"
    lines = [
        ("TY", kind),
        ("ID", paper.key),
        ("TI", paper.title),
        *(("AU", _inverted(author)) for author in paper.authors),
        ("PY", str(paper.year) if paper.year is not None else ""),
        ("DA", (paper.date or "").replace("--", "/").replace("-", "/")),
        ("PB" if kinds.stands_alone(paper) else "T2", paper.venue or ""),
        *_details(paper),
        ("DO", paper.doi or ""),
        ("AN", f"arXiv:{paper.arxiv_id}" if paper.arxiv_id else ""),
        ("AN", f"PMID:{paper.pmid}" if paper.pmid else ""),
        ("UR", paper.url or ""),
        ("DB", EXPORTED_BY),
        *(("KW", category) for category in paper.categories),
        ("AB", paper.abstract),
        *(("N1", note) for note in (*mark_notes(paper), *paper.notes)),
        ("ER", ""),
    ]
    body = "".join(f"{tag}  - {' '.join(value.split())}\n" for tag, value in lines if value or tag == "ER")
    return f"{body}\n"


def _details(paper: Paper) -> list[tuple[str, str]]:
    """Return the lines of a reference list; a range of pages is two of them."""
    found = dict(paper.details)
    first, dash, last = found.get("page", "").partition("-")
    if "-" in last or "," in last:
        first, last = f"{first}{dash}{last}", ""
    return [
        ("M3", found.get("genre", "")),
        ("VL", found.get("volume", "")),
        ("IS", found.get("issue") or found.get("number") or ""),
        ("SP", first),
        ("EP", last),
        ("ET", found.get("edition", "")),
        ("T3", found.get("collection-title", "")),
        ("SE", found.get("chapter-number", "")),
        *(("A2", _inverted(editor)) for editor in paper.editors),
        ("PB", found.get("publisher", "")),
        ("CY", found.get("publisher-place", "")),
        ("SN", found.get("ISBN") or found.get("ISSN") or ""),
    ]


def _inverted(author: str) -> str:
    """Return "Family, Given, Suffix"; a name that stays whole ends in a comma and has its own doubled."""
    name = parted(author)
    if name is None:
        return author.replace(",", ",,") + "," if " " in author or "," in author else author
    return ", ".join(part for part in (name.family, name.given, name.suffix) if part)
