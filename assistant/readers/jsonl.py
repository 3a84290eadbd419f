"""Our own JSONL, as `papers --json` and `export --format jsonl` write it; fewer fields are fine."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from assistant.papers import Flag
from assistant.readers import fields, jsonlines
from assistant.readers.beir import names
from assistant.readers.contents import Content
from assistant.readers.records import Fields, Origin, Record, as_dict, as_list, finish


def read_jsonl(content: Content, origin: Origin) -> Iterator[Record]:
    """Yield the papers of a JSONL export."""
    for item in jsonlines.objects(content, origin):
        if isinstance(item, Record):
            yield item
            continue
        line, value = item
        yield finish(_fields(value), origin, line)


def _fields(value: dict[str, Any]) -> Fields:
    flags = [Flag(name) for name in as_list(value.get("flags")) if name in set(Flag)]
    if value.get("authors_complete") is False:
        flags.append(Flag.AUTHORS_INCOMPLETE)
    key = value.get("key") or value.get("id")
    date = value.get("date")
    return Fields(
        title=value.get("title"),
        abstract=value.get("abstract"),
        authors=names(value.get("authors")),
        year=value.get("year"),
        date=fields.date(str(date or "")),
        venue=value.get("venue") or value.get("journal"),
        categories=as_list(value.get("categories")),
        doi=value.get("doi"),
        arxiv_id=value.get("arxiv_id"),
        pmid=value.get("pmid"),
        url=value.get("url"),
        source_id=value.get("source_id") if isinstance(value.get("source_id"), str) else None,
        source_ids=[name for name in as_list(value.get("source_ids")) if isinstance(name, str)],
        aliases=[name for name in (key, *as_list(value.get("aliases"))) if isinstance(name, str)],
        notes=[note for note in as_list(value.get("notes")) if isinstance(note, str)],
        flags=flags,
        details=as_dict(value.get("details")),
        clean="authors_complete" in value and "provenance" in value,  # written by our own export
    )
