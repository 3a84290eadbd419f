"""BEIR corpora: one `{"_id", "title", "text", "metadata"}` object a line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from assistant.readers import fields, jsonlines
from assistant.readers.contents import Content
from assistant.readers.records import Fields, Origin, Record, as_list, finish


def read_beir(content: Content, origin: Origin) -> Iterator[Record]:
    """Yield the papers of a BEIR corpus; `_id` is their source id."""
    for item in jsonlines.objects(content, origin):
        if isinstance(item, Record):
            yield item
            continue
        line, value = item
        if value.get("_id") is None:
            yield origin.rejected(line, "the record has no _id")
            continue
        yield finish(_fields(value), origin, line)


def _fields(value: dict[str, Any]) -> Fields:
    metadata = value.get("metadata")
    data: dict[str, Any] = metadata if isinstance(metadata, dict) else {}
    name = str(value["_id"])
    url = data.get("url")
    arxiv = data.get("arxiv_id") or (name if "arxiv.org/" in str(url) else None)
    categories = data.get("categories") or ([data["primary_category"]] if data.get("primary_category") else [])
    comment = data.get("comments")
    return Fields(
        title=value.get("title"),
        abstract=value.get("text"),
        authors=names(data.get("authors")),
        year=data.get("year"),
        date=fields.date(str(data.get("date") or data.get("created") or "")),
        venue=data.get("venue") or data.get("journal"),
        categories=categories.split() if isinstance(categories, str) else as_list(categories),
        doi=data.get("doi"),
        arxiv_id=arxiv,
        pmid=data.get("pmid"),
        url=None if arxiv and fields.arxiv_id(str(arxiv)) else url,
        source_id=name,
        notes=[comment] if isinstance(comment, str) else (),
    )


def names(value: Any) -> list[str]:
    """Return the author names of a list of texts or objects, or of one text."""
    if isinstance(value, str):
        return fields.split_names(value)
    return [
        item if isinstance(item, str) else str(item.get("name") or "")
        for item in as_list(value)
        if isinstance(item, str | dict)
    ]
