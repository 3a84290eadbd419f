"""Papers as CSL-JSON, which citation processors read."""

from __future__ import annotations

from typing import Any

from assistant import kinds
from assistant.export.marks import keyword_line, mark_notes
from assistant.export.names import parted
from assistant.papers import EXPORTED_BY, Paper


def to_csl(paper: Paper) -> dict[str, Any]:
    """Return the paper as a CSL-JSON item under its citation key; absent fields are left out."""
    item: dict[str, Any] = {
        "id": paper.key,
        "citation-key": paper.key,
        **dict(paper.details),
        "type": kinds.kind_of(paper),
        "title": paper.title,
        "editor": [_name(editor) for editor in paper.editors],
        "author": [_name(author) for author in paper.authors],
        "issued": _issued(paper),
        ("publisher" if kinds.stands_alone(paper) else "container-title"): paper.venue,
        "DOI": paper.doi,
        "PMID": paper.pmid,
        "number": f"arXiv:{paper.arxiv_id}" if paper.arxiv_id else paper.detail("number"),
        "URL": paper.url,
        "keyword": keyword_line(paper),
        "custom": {"exported-by": EXPORTED_BY},
        "abstract": paper.abstract,
        "note": "\n".join([*mark_notes(paper), *paper.notes]),
    }
    return {name: value for name, value in item.items() if value}


def _name(author: str) -> dict[str, str]:
    name = parted(author)
    if name is None:
        return {"literal": author}
    suffix = {"suffix": name.suffix} if name.suffix else {}
    return {"family": name.family, "given": name.given, **suffix}


def _issued(paper: Paper) -> dict[str, Any] | None:
    if paper.year is None:
        return {"literal": paper.date} if paper.date else None
    parts = (paper.date or "").split("-")
    known = [int(part) for part in parts if part.isdigit()] if parts[0] == str(paper.year) else [paper.year]
    return {"date-parts": [known]}
