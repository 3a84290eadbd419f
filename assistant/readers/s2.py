"""Semantic Scholar: answers of its Graph API and files of its data sets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from assistant.papers import Flag
from assistant.readers import fields, jsonlines
from assistant.readers.beir import names
from assistant.readers.contents import Content
from assistant.readers.records import Fields, Origin, Record, as_dict, as_list, finish


def read_s2(content: Content, origin: Origin) -> Iterator[Record]:
    """Yield the papers of a Semantic Scholar file; a record with a TLDR only carries it as a summary."""
    for item in jsonlines.objects(content, origin):
        if isinstance(item, Record):
            yield item
            continue
        line, value = item
        inner = value.get("citingPaper") or value.get("citedPaper") or value.get("paper")
        yield finish(_fields(inner if isinstance(inner, dict) else value), origin, line)


def _fields(value: dict[str, Any]) -> Fields:
    ids = {
        str(name).casefold(): text
        for name, text in as_dict(value.get("externalIds") or value.get("externalids")).items()
    }
    abstract = value.get("abstract")
    summary = as_dict(value.get("tldr")).get("text")
    date = value.get("publicationDate") or value.get("publicationdate")
    topics = [
        as_dict(topic).get("category")
        for topic in as_list(value.get("s2FieldsOfStudy") or value.get("s2fieldsofstudy"))
    ]
    journal = as_dict(value.get("journal"))
    venue = as_dict(value.get("publicationVenue")).get("name") or value.get("venue") or journal.get("name")
    identifier = value.get("paperId") or value.get("corpusid") or value.get("corpusId")
    named = any(ids.get(name) for name in ("arxiv", "doi", "pubmed"))
    return Fields(
        title=value.get("title"),
        abstract=abstract or summary,
        authors=names(value.get("authors")),
        year=value.get("year"),
        date=fields.date(date) if isinstance(date, str) else None,
        venue=venue,
        categories=[*as_list(value.get("fieldsOfStudy") or value.get("fieldsofstudy")), *topics],
        doi=ids.get("doi"),
        arxiv_id=ids.get("arxiv"),
        pmid=ids.get("pubmed"),
        url=value.get("url"),
        source_id=None if named or identifier is None else str(identifier),
        flags=(Flag.OWN_SUMMARY,) if summary and not abstract else (),
        details={"volume": journal.get("volume"), "page": journal.get("pages")},
    )
