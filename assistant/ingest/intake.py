"""The records of some sources, without the files that have not changed since they were read whole."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import BinaryIO

from assistant import __version__
from assistant.errors import SourceError
from assistant.readers import Record, Rejection, read_source
from assistant.readers.sources import SourceFile, files_of, shown_name


@dataclass(slots=True)
class WholeFile:
    """A file that was read to its end: its resolved path, what its bytes hash to, and how many records it has."""

    source: str
    digest: bytes
    read: int = 0
    rejected: int = 0


class Intake:
    """Yields the records of sources in order, and says how far it has come.

    Args:
        sources: files, folders, globs, or `-`.
        format: one of the readers' formats; None lets the content decide.
        known: returns how many records a file has, by its path, hash and recipe, where every one of them is known.
        fetched: records that come from elsewhere than files, after those of the sources.
        on_rejection: called with each rejection, as it is met.
    """

    def __init__(
        self,
        sources: Sequence[str],
        format: str | None = None,
        known: Callable[[str, bytes, str], int | None] | None = None,
        fetched: Iterable[Record] = (),
        on_rejection: Callable[[Rejection], None] = lambda _: None,
    ) -> None:
        self.unchanged = 0  # records of files that were not read again
        self.recipe = f"{__version__} {format or ''}"  # another program may read the same bytes otherwise
        self._sources = [(source, list(files_of(source))) for source in sources]
        self._format = format
        self._known = known or (lambda *_: None)
        self._stream: BinaryIO | None = None
        self._total = sum(_size(file) for _, files in self._sources for file in files)
        self._behind = 0  # bytes of the files behind us
        self._whole: list[WholeFile] = []
        self._on_rejection = on_rejection
        self._records = self._told(chain(self._all(), fetched))

    @property
    def fraction(self) -> float | None:
        """The share of the sources' bytes that were read; None where it is not known."""
        if not self._total:
            return None
        here = self._stream.tell() if self._stream is not None and not self._stream.closed else 0
        return min(1.0, (self._behind + here) / self._total)

    @property
    def read_whole(self) -> list[WholeFile]:
        """The files read to their end without a rejection."""
        return [file for file in self._whole if file.read and not file.rejected]

    def __iter__(self) -> Iterator[Record]:
        """Yield the records, once.

        Raises:
            SourceError: a source is missing, empty or nothing in it is readable.
        """
        return self._records

    def look_ahead(self) -> None:
        """Read on to the first paper, without losing what stands before it.

        Raises:
            SourceError: there is none, and no file that was read before either.
        """
        leading: list[Record] = []
        for record in self._records:
            leading.append(record)
            if record.paper is not None:
                break
        else:
            if not self.unchanged:
                raise SourceError(f"nothing readable among {len(leading)} records{_first_rejection(leading)}")
        self._records = chain(leading, self._records)

    def _told(self, records: Iterable[Record]) -> Iterator[Record]:
        for record in records:
            if record.rejection is not None:
                self._on_rejection(record.rejection)
            yield record

    def _all(self) -> Iterator[Record]:
        for source, files in self._sources:
            places = {file.name: WholeFile(_resolved(file), _digest(file)) for file in files}
            known = [self._known(place.source, place.digest, self.recipe) for place in places.values()]
            # Files of one source may need each other (BibTeX strings), so they are passed over together or not at all.
            counts = [count for count in known if count is not None]
            if counts and len(counts) == len(known):
                self.unchanged += sum(counts)
            else:
                yield from self._read_or_reject(source, places)
                self._whole.extend(place for name, place in places.items() if name != "-")
            self._behind += sum(_size(file) for file in files)
            self._stream = None

    def _read_or_reject(self, source: str, places: dict[str, WholeFile]) -> Iterator[Record]:
        """Yield the records of a source; beside others an unreadable one is a rejection and stops none of them."""
        try:
            yield from self._read(source, places)
        except SourceError as error:
            if len(self._sources) == 1:
                raise
            yield Record(None, Rejection(shown_name(source), None, str(error)), None)

    def _read(self, source: str, places: dict[str, WholeFile]) -> Iterator[Record]:
        for record in read_source(source, format=self._format, on_open=self._note_stream):
            where = record.rejection.file if record.rejection is not None else ""
            if record.paper is not None and record.paper.provenance:
                where = record.paper.provenance[0].file
            if where in places:
                places[where].read += 1
                places[where].rejected += record.rejection is not None
            yield record

    def _note_stream(self, stream: BinaryIO) -> None:
        self._stream = stream if stream.seekable() else None


def _first_rejection(records: Sequence[Record]) -> str:
    for record in records:
        if record.rejection is not None:
            return f"; the first: {record.rejection.file}:{record.rejection.line or 1}: {record.rejection.reason}"
    return ""


def _size(file: SourceFile) -> int:
    try:
        return file.path.stat().st_size if file.path is not None else 0
    except OSError:
        return 0


def _resolved(file: SourceFile) -> str:
    return shown_name(str(file.path.resolve())) if file.path is not None else file.name


def _digest(file: SourceFile) -> bytes:
    """Return the hash of a file's bytes; of what cannot be read twice a value that is never met again."""
    try:
        if file.path is not None and file.path.is_file():
            with file.path.open("rb") as stream:
                return hashlib.file_digest(stream, "blake2b").digest()[:16]
    except OSError:
        pass
    return os.urandom(16)
