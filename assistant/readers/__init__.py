"""Readers, one a format: bytes become clean papers, and what cannot be read is reported with its place."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import closing, nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from typing import BinaryIO

from assistant.errors import SourceError, UsageError
from assistant.readers.arxiv import read_arxiv
from assistant.readers.atom import read_atom
from assistant.readers.beir import read_beir
from assistant.readers.bibtex import read_bibtex
from assistant.readers.contents import Content
from assistant.readers.csl import read_csl
from assistant.readers.jsonl import read_jsonl
from assistant.readers.listing import read_listing
from assistant.readers.nbib import read_nbib
from assistant.readers.openalex import read_openalex
from assistant.readers.pubmed import read_pubmed
from assistant.readers.records import Origin, Record, Rejection
from assistant.readers.ris import read_ris
from assistant.readers.s2 import read_s2
from assistant.readers.sniffing import sniff
from assistant.readers.sources import SourceFile, files_of
from assistant.readers.table import read_table

__all__ = ["FORMATS", "Record", "Rejection", "read_bytes", "read_source"]

_READERS: dict[str, Callable[[Content, Origin], Iterator[Record]]] = {
    "listing": read_listing,
    "beir": read_beir,
    "arxiv": read_arxiv,
    "bibtex": read_bibtex,
    "ris": read_ris,
    "csl-json": read_csl,
    "nbib": read_nbib,
    "pubmed-xml": read_pubmed,
    "atom": read_atom,
    "openalex": read_openalex,
    "s2": read_s2,
    "csv": read_table,
    "jsonl": read_jsonl,
}
FORMATS = tuple(_READERS)


def read_source(
    source: str, *, format: str | None = None, on_open: Callable[[BinaryIO], None] = lambda _: None
) -> Iterator[Record]:
    """Yield the records of a source in order, streaming.

    Args:
        source: a file, a folder, a glob or `-` for standard input; each also gzip-compressed.
        format: one of `FORMATS`; None lets the content decide. For tables the columns can be named, as in
            `csv:title=Titel,authors=Verfasser`.
        on_open: called with the raw stream of each file before it is read; its position tells how far reading is.

    Raises:
        UsageError: no such format.
        SourceError: the source is missing, empty or nothing in it is readable. Inside a folder or a glob an unreadable
            file is a rejection where it was meant to be read, and does not stop the rest.
    """
    name, mapping = _parse_format(format)
    files = list(files_of(source))
    alone = len(files) == 1 and files[0].named
    readable = 0
    macros: dict[str, str] = {}
    for file in files:
        try:
            for record in _read_file(file, name, Origin("", "", "", macros, mapping), on_open):
                readable += 1
                yield record
        except SourceError as error:
            if alone and not readable:
                raise
            if file.named or "damaged" in error.message or "200 MB" in error.message:
                yield Record(None, Rejection(file.name, None, str(error)), None)
    if not readable:
        raise SourceError(f"{source} holds nothing readable", f"formats: {', '.join(FORMATS)}")


def read_bytes(data: bytes, *, name: str, format: str) -> Iterator[Record]:
    """Yield the records of bytes that came from elsewhere, such as an API's answer.

    Args:
        data: the content.
        name: where it is from, for messages and provenance.
        format: one of `FORMATS`.

    Raises:
        SourceError: it is empty or not text.
    """
    time = datetime.now(UTC).isoformat(timespec="seconds")
    yield from _READERS[format](Content(io.BytesIO(data), name), Origin(name, format, time))


def _parse_format(format: str | None) -> tuple[str | None, dict[str, str]]:
    """Return the format's name and the columns named behind it."""
    if format is None:
        return None, {}
    name, _, columns = format.partition(":")
    if name not in _READERS or (columns and name != "csv"):
        raise UsageError(f"unknown format {format!r}", f"one of {' '.join(FORMATS)}")
    pairs = [pair.partition("=") for pair in columns.split(",") if pair]
    return name, {field.strip(): column.strip() for field, _, column in pairs}


def _read_file(
    file: SourceFile, format: str | None, shared: Origin, on_open: Callable[[BinaryIO], None]
) -> Iterator[Record]:
    stream = file.open()
    on_open(stream)
    with closing(stream) if file.path else nullcontext():
        try:
            content = Content(stream, file.name)
            name = format or sniff(content.head)
            if name is None:
                raise SourceError(
                    f"{file.name} has no format that can be recognised", f"name it with --format: {', '.join(FORMATS)}"
                )
            time = datetime.now(UTC).isoformat(timespec="seconds")
            yield from _READERS[name](content, replace(shared, file=file.name, format=name, time=time))
        except OSError as error:
            raise SourceError(f"{file.name} cannot be read: {error.strerror or error}") from error
