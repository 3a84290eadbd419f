"""Readers, one a format: bytes become clean papers, and what cannot be read is reported with its place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, nullcontext
from datetime import UTC, datetime

from assistant.errors import SourceError, UsageError
from assistant.readers.arxiv import read_arxiv
from assistant.readers.beir import read_beir
from assistant.readers.bibtex import read_bibtex
from assistant.readers.contents import Content
from assistant.readers.jsonl import read_jsonl
from assistant.readers.listing import read_listing
from assistant.readers.records import Origin, Record, Rejection
from assistant.readers.sniffing import sniff
from assistant.readers.sources import SourceFile, files_of

__all__ = ["FORMATS", "Record", "Rejection", "read_source"]

_READERS: dict[str, Callable[[Content, Origin], Iterator[Record]]] = {
    "listing": read_listing,
    "beir": read_beir,
    "arxiv": read_arxiv,
    "bibtex": read_bibtex,
    "jsonl": read_jsonl,
}
FORMATS = tuple(_READERS)


def read_source(source: str, *, format: str | None = None) -> Iterator[Record]:
    """Yield the records of a source in order, streaming.

    Args:
        source: a file, a folder, a glob or `-` for standard input; each also gzip-compressed.
        format: one of `FORMATS`; None lets the content decide.

    Raises:
        UsageError: no such format.
        SourceError: the source is missing, empty or nothing in it is readable. Inside a folder or a glob an unreadable
            file is a rejection where it was meant to be read, and does not stop the rest.
    """
    if format is not None and format not in _READERS:
        raise UsageError(f"unknown format {format!r}", f"one of {' '.join(FORMATS)}")
    files = list(files_of(source))
    alone = len(files) == 1 and files[0].named
    readable = 0
    macros: dict[str, str] = {}
    for file in files:
        try:
            for record in _read_file(file, format, macros):
                readable += 1
                yield record
        except SourceError as error:
            if alone:
                raise
            if file.named or "damaged" in error.message or "200 MB" in error.message:
                yield Record(None, Rejection(file.name, None, str(error)), None)
    if not readable:
        raise SourceError(f"{source} holds nothing readable", f"formats: {', '.join(FORMATS)}")


def _read_file(file: SourceFile, format: str | None, macros: dict[str, str]) -> Iterator[Record]:
    stream = file.open()
    with closing(stream) if file.path else nullcontext():
        try:
            content = Content(stream, file.name)
            name = format or sniff(content.head)
            if name is None:
                raise SourceError(
                    f"{file.name} has no format that can be recognised", f"name it with --format: {', '.join(FORMATS)}"
                )
            time = datetime.now(UTC).isoformat(timespec="seconds")
            yield from _READERS[name](content, Origin(file.name, name, time, macros))
        except OSError as error:
            raise SourceError(f"{file.name} cannot be read: {error.strerror or error}") from error
