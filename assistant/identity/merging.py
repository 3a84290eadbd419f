"""Two records of one paper become one."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import replace
from pathlib import PurePath

from assistant.identity.matching import PREPRINT_DOI
from assistant.papers import DETAILS, Flag, Paper, Provenance
from assistant.text import fold

_PREPRINT_VENUE = re.compile(r"(?:arxiv|corr|biorxiv|medrxiv|ssrn|research square|preprint)\b")


def merge(known: Paper, incoming: Paper) -> Paper:
    """Return `known` completed by `incoming`: the key stays, and every identifier, source and note of both.

    A real abstract replaces a summary of ours, a title replaces an inferred one, and the published version's year,
    date and venue hold; the other year stays as a note.
    """
    first, second = (incoming, known) if _published(incoming) and not _published(known) else (known, incoming)
    abstract, own = _abstract(first, second)
    authors, complete = _authors(first, second)
    year = first.year or second.year
    date = next((p.date for p in (first, second) if p.date and p.year in (None, year)), None)
    lost = {
        Flag.AUTHORS_INCOMPLETE: complete,
        Flag.OWN_SUMMARY: not own,
        Flag.TITLE_INFERRED: not _inferred(known, incoming),
    }
    years = [f"also dated {p.year}" for p in (second, first) if p.year and p.year != year]
    return replace(
        known,
        title=_title(first, second),
        abstract=abstract,
        authors=authors,
        year=year,
        date=f"{year:04d}{date[1:]}" if date and date.startswith("--") and year else date,
        venue=first.venue or second.venue,
        categories=_union(known.categories, incoming.categories),
        doi=first.doi or second.doi,
        arxiv_id=known.arxiv_id or incoming.arxiv_id,
        pmid=known.pmid or incoming.pmid,
        url=known.url or incoming.url,
        source_ids=_union(known.source_ids, incoming.source_ids),
        aliases=tuple(name for name in _union(known.aliases, incoming.aliases) if name != known.key),
        notes=tuple(dict.fromkeys((*known.notes, *incoming.notes, *years, *_other_doi(first, second)))),
        flags=tuple(flag for flag in Flag if flag in (*known.flags, *incoming.flags) and not lost.get(flag)),
        details=_details(first, second),
        provenance=_provenance(known, incoming),
    )


def record_hash(paper: Paper) -> bytes:
    """Return SHA-256 over what a record says: not where it stands in its file, when it was read, or its key."""
    places = {f"{PurePath(place.file).name or place.file}:{place.line}" for place in paper.provenance}
    content = (
        (paper.title, paper.abstract, paper.authors, paper.year, paper.date, paper.venue, paper.categories),
        (paper.doi, paper.arxiv_id, paper.pmid, paper.url, paper.aliases, paper.notes, paper.flags),
        [name for name in paper.source_ids if name not in places],
    )
    said = json.dumps(content) + (json.dumps(paper.details) if paper.details else "")
    return hashlib.sha256(said.encode()).digest()


def _published(paper: Paper) -> bool:
    if paper.doi and not PREPRINT_DOI.match(paper.doi):
        return True
    return bool(paper.venue) and not _PREPRINT_VENUE.match(fold(paper.venue or ""))


def _inferred(a: Paper, b: Paper) -> bool:
    return a.has(Flag.TITLE_INFERRED) and b.has(Flag.TITLE_INFERRED)


def _title(first: Paper, second: Paper) -> str:
    return next((p.title for p in (first, second) if not p.has(Flag.TITLE_INFERRED)), first.title)


def _abstract(first: Paper, second: Paper) -> tuple[str, bool]:
    """Return the abstract to keep, and whether it is a summary of ours."""
    for paper in (first, second):
        if paper.abstract and not paper.has(Flag.OWN_SUMMARY):
            return paper.abstract, False
    abstract = first.abstract or second.abstract
    return abstract, bool(abstract)


def _authors(first: Paper, second: Paper) -> tuple[tuple[str, ...], bool]:
    """Return the more complete list of authors, of equal ones the one that spells names out, and its completeness."""
    candidates = [paper for paper in (first, second) if paper.authors]
    if not candidates:
        return (), True
    best = max(candidates, key=lambda p: (p.authors_complete, len(p.authors), sum(map(len, p.authors))))
    return best.authors, best.authors_complete


def _other_doi(first: Paper, second: Paper) -> list[str]:
    return [f"also doi:{second.doi}"] if first.doi and second.doi and first.doi != second.doi else []


def _details(first: Paper, second: Paper) -> tuple[tuple[str, str], ...]:
    """Return the details of `first`, and those that only `second` has; of the kinds, what is printed comes first."""
    found = {**dict(second.details), **dict(first.details)}
    return tuple((name, found[name]) for name in DETAILS if name in found)


def _union(a: tuple[str, ...], b: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*a, *b)))


def _provenance(known: Paper, incoming: Paper) -> tuple[Provenance, ...]:
    seen = {(place.file, place.line, place.format) for place in known.provenance}
    added = (place for place in incoming.provenance if (place.file, place.line, place.format) not in seen)
    return (*known.provenance, *added)
