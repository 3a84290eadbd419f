"""CSL-JSON, as Zotero and citation processors write it, and Crossref's answers, which are close to it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from assistant import kinds
from assistant.papers import DETAILS, EXPORTED_BY, Flag
from assistant.readers import fields, jsonlines
from assistant.readers.contents import Content
from assistant.readers.records import Fields, Origin, Record, as_dict, as_list, finish

_NOTE_FIELD = re.compile(r"^\s*(arxiv|doi|pmid|pmcid|citation key|original-date|tldr)\s*:\s*(\S.*?)\s*$", re.I | re.M)


def read_csl(content: Content, origin: Origin) -> Iterator[Record]:
    """Yield the items of a CSL-JSON file; a citation key is source id and alias."""
    for item in jsonlines.objects(content, origin):
        if isinstance(item, Record):
            yield item
            continue
        line, value = item
        message = value.get("message")
        works = [message] if isinstance(message, dict) else [value]
        if isinstance(message, dict) and isinstance(message.get("items"), list):
            works = [work for work in message["items"] if isinstance(work, dict)]
        for work in works:
            yield finish(_fields(work), origin, line)


def _fields(value: dict[str, Any]) -> Fields:
    note = value.get("note") if isinstance(value.get("note"), str) else ""
    extra = {name.casefold(): text for name, text in _NOTE_FIELD.findall(str(note))}
    key = value.get("citation-key") or extra.get("citation key")
    year, date = issued(value.get("issued") or value.get("published"))
    number = str(value.get("number") or "")
    url = value.get("URL")
    arxiv = extra.get("arxiv") or (number if "arxiv" in number.casefold() else None) or value.get("arxiv_id")
    if not arxiv and isinstance(url, str) and "arxiv.org/" in url:
        arxiv = url
    rest = _NOTE_FIELD.sub("", str(note)).strip()
    notes, flags = fields.marked_notes(rest.splitlines())
    identifier = value.get("id")
    return Fields(
        title=_title(value),
        abstract=value.get("abstract"),
        authors=[name_of(person) for person in as_list(value.get("author")) or as_list(value.get("editor"))],
        year=year,
        date=date,
        venue=first_text(
            value.get("container-title"), value.get("event-title"), value.get("event"), value.get("publisher")
        ),
        categories=fields.keywords(str(value.get("keyword") or "")) or as_list(value.get("categories")),
        doi=value.get("DOI") or extra.get("doi"),
        arxiv_id=arxiv,
        pmid=value.get("PMID") or extra.get("pmid"),
        url=url,
        source_id=str(key) if key else _plain_id(identifier, value),
        aliases=(str(key),) if key else (),
        notes=notes,
        flags=[*flags, Flag.RETRACTED] if _retracted(value) else flags,
        details=_details(value),
        clean=as_dict(value.get("custom")).get("exported-by") == EXPORTED_BY,
    )


def _title(value: dict[str, Any]) -> str | None:
    title, subtitle = first_text(value.get("title")), first_text(value.get("subtitle"))
    return f"{title}: {subtitle}" if title and subtitle and subtitle not in title else title


def _details(value: dict[str, Any]) -> dict[str, object]:
    """Return the variables that are details; Crossref writes some of them in lists."""
    found: dict[str, object] = {name: first_text(_plain(value.get(name))) for name in DETAILS}
    if "arxiv" in str(found["number"]).casefold():
        found["number"] = None
    editors = "; ".join(filter(None, map(name_of, as_list(value.get("editor")))))
    return found | {"type": kinds.csl_kind(value.get("type")), "editor": editors if value.get("author") else None}


def _plain(value: object) -> object:
    """Return a number as text; anything else as it is."""
    return str(value) if isinstance(value, int) else value


def _retracted(value: dict[str, Any]) -> bool:
    """Whether Crossref names a retraction among the record's updates."""
    updates = [update for update in as_list(value.get("updated-by")) if isinstance(update, dict)]
    return any(update.get("type") in ("retraction", "withdrawal", "removal") for update in updates)


def _plain_id(identifier: object, value: dict[str, Any]) -> str | None:
    """Return the item's id where nothing better names it; Zotero's are addresses, Crossref's are DOIs."""
    if value.get("DOI") or value.get("PMID") or identifier is None or "/" in str(identifier):
        return None
    return str(identifier)


def first_text(*values: object) -> str | None:
    """Return the first value that is a text, or a list that begins with one."""
    for value in values:
        found = value[0] if isinstance(value, list) and value else value
        if isinstance(found, str) and found.strip():
            return found
    return None


def name_of(person: object) -> str:
    """Return "Given Family" of a CSL name with its particles and suffix."""
    if not isinstance(person, dict):
        return person if isinstance(person, str) else ""
    literal = person.get("literal") or person.get("name")
    if literal:
        return str(literal)
    parts = (person.get(name) for name in ("given", "dropping-particle", "non-dropping-particle", "family", "suffix"))
    return " ".join(str(part).strip() for part in parts if part)


def issued(value: object) -> tuple[object, str | None]:
    """Return (year or a text with it, ISO date) of a CSL date."""
    if isinstance(value, str | int):
        return value, fields.date(str(value))
    if not isinstance(value, dict):
        return None, None
    rows = as_list(value.get("date-parts"))
    parts = [int(part) for part in as_list(rows[0] if rows else None) if str(part).isdecimal() and len(str(part)) < 5]
    if not parts:
        text = str(value.get("raw") or value.get("literal") or value.get("timestamp") or "")
        return text, fields.date(text)
    return parts[0], fields.iso_date(parts[0], parts[1], parts[2] if len(parts) > 2 else None) if len(
        parts
    ) > 1 else None
