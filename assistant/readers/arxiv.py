"""The arXiv metadata snapshot (Kaggle, OAI): one object a line, millions of them, read in constant memory."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from typing import Any

from assistant.readers import fields, jsonlines
from assistant.readers.contents import Content
from assistant.readers.records import Fields, Origin, Record, as_list, finish

_AFFILIATION = re.compile(r"\s*\((?:[^()]|\([^()]*\))*\)")
_AUTHOR_BREAK = re.compile(r",\s*(?:and\s+)?|\s+and\s+")


def read_arxiv(content: Content, origin: Origin) -> Iterator[Record]:
    """Yield the papers of an arXiv snapshot; the id without version is their source id."""
    for item in jsonlines.objects(content, origin):
        if isinstance(item, Record):
            yield item
            continue
        line, value = item
        if not isinstance(value.get("id"), str) or fields.arxiv_id(value["id"]) is None:
            yield origin.rejected(line, f"not an arXiv id: {str(value.get('id'))[:40]!r}")
            continue
        yield finish(arxiv_fields(value), origin, line)


def arxiv_fields(value: dict[str, Any]) -> Fields:
    """Return the fields of a record that names them as arXiv does."""
    identifier = fields.arxiv_id(str(value.get("id") or ""))
    created = _created(value)
    categories = value.get("categories")
    notes = [str(value[name]) for name in ("comments", "report-no") if isinstance(value.get(name), str)]
    return Fields(
        title=value.get("title"),
        abstract=value.get("abstract"),
        authors=_authors(value),
        year=created or value.get("update_date"),
        date=created,
        venue=value.get("journal-ref"),
        categories=categories.split() if isinstance(categories, str) else as_list(categories),
        doi=value.get("doi"),
        arxiv_id=identifier,
        source_id=identifier,
        notes=notes,
    )


def _created(value: dict[str, Any]) -> str | None:
    """Return the date of the first version."""
    versions = as_list(value.get("versions"))
    created = versions[0].get("created") if versions and isinstance(versions[0], dict) else None
    if not isinstance(created, str):
        return None
    try:
        return parsedate_to_datetime(created).date().isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return fields.date(created)


def _authors(value: dict[str, Any]) -> list[str]:
    parsed = as_list(value.get("authors_parsed"))
    if parsed:
        # [family, given, suffix, affiliation...]
        rows = [[str(part) for part in row[:3]] + [""] * (3 - len(row[:3])) for row in parsed if isinstance(row, list)]
        return [" ".join(part for part in (given, family, suffix) if part) for family, given, suffix in rows]
    text = value.get("authors")
    if isinstance(text, list):
        return [name for name in text if isinstance(name, str)]
    return _AUTHOR_BREAK.split(_AFFILIATION.sub("", text).strip()) if isinstance(text, str) else []
