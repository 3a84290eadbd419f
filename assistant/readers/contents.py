"""The bytes of a source as lines or as text: compression, encodings and size limits."""

from __future__ import annotations

import codecs
import gzip
import io
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO, cast

from assistant.errors import SourceError

if TYPE_CHECKING:
    from typing_extensions import Buffer

MAX_LINE = 16 * 1024 * 1024
MAX_WHOLE = 200 * 1024 * 1024
_HEAD = 256 * 1024
_BINARY = (b"%PDF", b"PK\x03\x04", b"\x89PNG", b"SQLite format")
_DAMAGED = (EOFError, gzip.BadGzipFile, zlib.error)


def _repair(error: UnicodeError) -> tuple[str, int]:
    """Read bytes that are not UTF-8 as cp1252: files joined from several programs mix both."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    wrong = error.object[error.start : error.end]
    return wrong.decode("cp1252", "replace"), error.end


codecs.register_error("assistant-cp1252", _repair)


def decode(data: bytes) -> str:
    """Return UTF-8 text; bytes that are not UTF-8 are read as cp1252."""
    return data.decode("utf-8", "assistant-cp1252")


class _Prefixed(io.RawIOBase):
    """A stream behind the bytes that were already taken from it."""

    def __init__(self, prefix: bytes, stream: BinaryIO) -> None:
        self._prefix = prefix
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Buffer) -> int:
        target = memoryview(buffer)
        data = self._prefix[: len(target)] or self._stream.read(len(target))
        self._prefix = self._prefix[len(target) :]
        target[: len(data)] = data
        return len(data)


class _Recoded(io.RawIOBase):
    """A UTF-16 stream read as UTF-8."""

    def __init__(self, stream: BinaryIO, encoding: str) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")
        self._ready = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Buffer) -> int:
        while not self._ready:
            data = self._stream.read(65536)
            self._ready = self._decoder.decode(data, final=not data).encode("utf-8", "replace")
            if not data:
                break
        target = memoryview(buffer)
        data = self._ready[: len(target)]
        self._ready = self._ready[len(target) :]
        target[: len(data)] = data
        return len(data)


class Content:
    """One opened file, uncompressed and in UTF-8; `head` is its beginning.

    Args:
        stream: the raw bytes; read once, from the beginning.
        name: the file as the user named it, for messages.

    Raises:
        SourceError: the file is empty, not text, or damaged.
    """

    def __init__(self, stream: BinaryIO, name: str) -> None:
        self.name = name
        try:
            magic = stream.read(2)
            plain = _prefixed(magic, stream)
            if magic == b"\x1f\x8b":
                plain = cast(BinaryIO, gzip.GzipFile(fileobj=plain))
            sample = plain.read(4096)
            plain = _prefixed(sample, plain)
            encoding = _wide_encoding(sample)
            if encoding:
                plain = cast(BinaryIO, io.BufferedReader(_Recoded(plain, encoding), _HEAD))
            self.head = plain.read(_HEAD)
        except _DAMAGED as error:
            raise SourceError(f"{name} is a damaged gzip file: {error}") from error
        self.head = self.head.removeprefix(codecs.BOM_UTF8)
        self._stream = _prefixed(self.head, plain)
        if not self.head.strip():
            raise SourceError(f"{name} is empty")
        if b"\x00" in self.head or self.head.startswith(_BINARY):
            raise SourceError(f"{name} is not a text file", _advice(self.head))

    def lines(self) -> Iterator[tuple[int, bytes | None]]:
        """Yield (line number from 1, line without its end); None stands for a line above 16 MB.

        Raises:
            SourceError: the compressed file breaks off.
        """
        number = 0
        while True:
            number += 1
            try:
                line = self._stream.readline(MAX_LINE + 1)
                if len(line) > MAX_LINE and not line.endswith(b"\n"):
                    while line and not line.endswith(b"\n"):
                        line = self._stream.readline(1024 * 1024)
                    yield number, None
                    continue
            except _DAMAGED as error:
                raise SourceError(f"{self.name} is a damaged gzip file after line {number - 1}: {error}") from error
            if not line:
                return
            yield number, line.rstrip(b"\r\n")

    def text(self) -> str:
        """Return the whole text with newlines as line ends.

        Raises:
            SourceError: the file is above 200 MB, or its compressed data break off.
        """
        return decode(self.whole()).replace("\r\n", "\n").replace("\r", "\n")

    def whole(self) -> bytes:
        """Return all bytes; the same limits as `text`."""
        try:
            data = self._stream.read(MAX_WHOLE + 1)
        except _DAMAGED as error:
            raise SourceError(f"{self.name} is a damaged gzip file: {error}") from error
        if len(data) > MAX_WHOLE:
            raise SourceError(
                f"{self.name} is above 200 MB, and this format is read as a whole",
                "split the file, or convert it to JSONL, which is read line by line",
            )
        return data

    def pieces(self, size: int) -> Iterator[bytes]:
        """Yield the bytes in pieces of at most `size`, for formats whose records are not lines."""
        while True:
            try:
                data = self._stream.read(size)
            except _DAMAGED as error:
                raise SourceError(f"{self.name} is a damaged gzip file: {error}") from error
            if not data:
                return
            yield data


def _prefixed(prefix: bytes, stream: BinaryIO) -> BinaryIO:
    return cast(BinaryIO, io.BufferedReader(_Prefixed(prefix, stream), _HEAD))


def _wide_encoding(head: bytes) -> str | None:
    """Return the UTF-16 flavour of a file by its byte order mark or by its zero bytes, else None."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if len(head) >= 4 and head.count(b"\x00") > len(head) // 4:
        even, odd = head[0::2].count(b"\x00"), head[1::2].count(b"\x00")
        if odd > 9 * even + 1:
            return "utf-16-le"
        if even > 9 * odd + 1:
            return "utf-16-be"
    return None


def _advice(head: bytes) -> str:
    if head.startswith(b"%PDF"):
        return "export the records of your papers as BibTeX, RIS or CSL-JSON instead of the PDF"
    if head.startswith(b"PK\x03\x04"):
        return "unpack it first"
    return "give a bibliography file such as .bib, .ris, .json, .jsonl, .csv, .xml or .txt"
