"""The format of a file, told from how it begins."""

from __future__ import annotations

import csv
import json
import re
from typing import Any

from assistant.readers import labelled, listing
from assistant.readers.contents import decode

# An entry may stand in round brackets, but so do the arguments of a decorator in source code.
_BIBTEX = re.compile(
    r"^\s*@\s*(?!prefix\b)(?:[a-z]+\s*\{|(?:string|preamble|comment|article|book|inproceedings|incollection|misc)\s*\()",
    re.MULTILINE | re.IGNORECASE,
)
_RIS = re.compile(r"^(?:TY|T1|TI|ID)  ?- ?", re.M)
_NBIB = re.compile(r"^PMID ?- ", re.M)
_WRAPPER = re.compile(r'"(?:results|data|items|papers|references|records)"\s*:\s*\[\s*\{')
_FIRST_KEYS = re.compile(r'"([A-Za-z_-]+)"\s*:')
_TITLE_COLUMNS = frozenset(
    ("title", "article title", "document title", "paper title", "titel", "titre", "ti", "publication title")
)


def sniff(head: bytes) -> str | None:
    """Return the name of the format that a file beginning with `head` has, or None where nothing fits."""
    text = decode(head[:65536]).lstrip("\ufeff \t\r\n")
    if text.startswith("<"):
        return _xml(text)
    if text.startswith(("{", "[")):
        found = _json(head)
        if found or not text.startswith("[@"):
            return found
    if _NBIB.search(text) and not text.startswith("TY "):
        return "nbib"
    if _RIS.match(text) or re.search(r"^TY  ?- ?[A-Z]", text, re.M):
        return "ris"
    if _BIBTEX.search(text):
        return "bibtex"
    if is_listing(text):
        return "listing"
    return "csv" if _is_table(text) else None


def is_listing(text: str) -> bool:
    """Whether one of the first lines is a listing's header or begins an abstract, or some name an id or a title."""
    lines = text.splitlines()[:400]
    if any(listing.HEADER.fullmatch(line.strip()) or listing.LABEL.match(line) for line in lines):
        return True
    labels = {label[0] for label in map(labelled.label_of, lines) if label is not None}
    return bool(labels & {"id", "title"}) and len(labels) > 1


def _xml(text: str) -> str | None:
    if re.search(r"<Pubmed(?:Article|BookArticle)(?:Set)?[\s>]", text):
        return "pubmed-xml"
    if re.search(r"<(?:\w+:)?feed[\s>]", text) or re.search(r"<(?:\w+:)?entry[\s>]", text):
        return "atom"
    return None


def _json(head: bytes) -> str | None:
    record = _first_object(head)
    names = frozenset(record) if record is not None else frozenset(_FIRST_KEYS.findall(decode(head[:65536])))
    record = record or {}
    if "_id" in names:
        return "beir"
    if "abstract_inverted_index" in names or "openalex.org" in str(record.get("id", "")) or "authorships" in names:
        return "openalex"
    if names & {"paperId", "corpusId", "corpusid", "externalIds", "paperid"}:
        return "s2"
    if "authors_parsed" in names or ("id" in names and "submitter" in names):
        return "arxiv"
    if "source_ids" in names or "authors_complete" in names:
        return "jsonl"
    if names & {"issued", "container-title", "DOI", "citation-key"} or _has_name_parts(record.get("author")):
        return "csl-json"
    if "categories" in names and isinstance(record.get("categories"), str) and "abstract" in names:
        return "arxiv"
    return "jsonl" if names & {"title", "abstract"} else None


def _has_name_parts(value: Any) -> bool:
    return (
        isinstance(value, list)
        and bool(value)
        and isinstance(value[0], dict)
        and bool({"family", "literal"} & set(value[0]))
    )


def _first_object(head: bytes) -> dict[str, Any] | None:
    """Return the first record of a JSON source, also inside a wrapper, where the head holds it whole."""
    text = decode(head)
    wrapper = _WRAPPER.search(text[:4096]) if text.lstrip()[:1] == "{" else None
    starts = [wrapper.end() - 1] if wrapper else []
    for start in (*starts, text.find("{")):
        try:
            value = json.JSONDecoder().raw_decode(text, start)[0] if start >= 0 else None
        except (ValueError, RecursionError):
            continue
        if isinstance(value, dict):
            return value
    return None


def _is_table(text: str) -> bool:
    first = text.splitlines()[0] if text else ""
    for delimiter in (",", "\t", ";", "|"):
        if delimiter in first:
            try:
                columns = next(csv.reader([first], delimiter=delimiter))
            except csv.Error:
                continue
            if {column.strip().casefold().replace("_", " ") for column in columns} & _TITLE_COLUMNS:
                return True
    return False
