"""Atom feeds as arXiv's API answers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from assistant.readers import fields, xmlrecords
from assistant.readers.contents import Content
from assistant.readers.records import Fields, Origin, Record, finish
from assistant.readers.xmlrecords import child, children, text

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element  # the type only


def read_atom(content: Content, origin: Origin) -> Iterator[Record]:
    """Yield the entries of an Atom feed; the arXiv id without version is the source id."""
    for item in xmlrecords.elements(content, origin, "entry"):
        if isinstance(item, Record):
            yield item
            continue
        line, entry = item
        identifier = text(child(entry, "id"))
        if "/api/errors" in identifier:
            yield origin.rejected(line, f"arXiv answered: {text(child(entry, 'summary'))[:200]}")
        else:
            yield finish(_fields(entry, identifier), origin, line)


def _fields(entry: Element, identifier: str) -> Fields:
    published = text(child(entry, "published")) or text(child(entry, "updated"))
    arxiv_id = fields.arxiv_id(identifier)
    primary = child(entry, "primary_category")
    categories = [element.get("term", "") for element in (primary, *children(entry, "category")) if element is not None]
    comment = text(child(entry, "comment"))
    return Fields(
        title=text(child(entry, "title")),
        abstract=text(child(entry, "summary")) or text(child(entry, "content")),
        authors=[text(child(author, "name")) for author in children(entry, "author")],
        year=published,
        date=fields.date(published),
        venue=text(child(entry, "journal_ref")),
        categories=categories,
        doi=text(child(entry, "doi")),
        arxiv_id=arxiv_id,
        url=None if arxiv_id else identifier,
        source_id=arxiv_id or identifier or None,
        notes=[comment] if comment else (),
    )
