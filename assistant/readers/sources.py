"""A source as files: one file, a folder, a glob or standard input."""

from __future__ import annotations

import glob
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from assistant.errors import SourceError

_ADVICE = "give a file, a folder, a glob in quotes, `-` for standard input, arxiv:ID or doi:ID"


@dataclass(frozen=True, slots=True)
class SourceFile:
    r"""A file to read; `path` is None for standard input, `named` false where a folder brought it.

    `name` is text that can be stored and shown: bytes that are not UTF-8 stand as `\xNN` in it.
    """

    name: str
    path: Path | None
    named: bool

    def open(self) -> BinaryIO:
        """Return the raw bytes.

        Raises:
            SourceError: the file cannot be opened.
        """
        if self.path is None:
            return sys.stdin.buffer
        try:
            return self.path.open("rb")
        except OSError as error:
            raise SourceError(f"{self.name} cannot be read: {error.strerror}") from error


def shown_name(name: str) -> str:
    r"""Return a file's name as text; bytes that are not UTF-8, which arrive as lone surrogates, stand as `\xNN`."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def files_of(source: str) -> Iterator[SourceFile]:
    """Yield the files of `source` in the order of their names; hidden ones in folders are passed over.

    Raises:
        SourceError: nothing is there.
    """
    if not source.strip():
        raise SourceError("the name of a source is empty", _ADVICE)
    if source == "-":
        yield SourceFile("-", None, named=True)
        return
    path = Path(os.path.expanduser(source))
    try:
        if path.is_dir():
            yield from _files_in(path)
            return
        if path.exists():
            yield SourceFile(shown_name(source), path, named=True)
            return
        matches = sorted(glob.glob(str(path), recursive=True)) if glob.has_magic(source) else []
    except (OSError, ValueError) as error:
        raise SourceError(f"{source!r} cannot be read: {error}") from error
    if not matches:
        raise SourceError(
            f"{source} does not exist" if not glob.has_magic(source) else f"no file matches {source}",
            _ADVICE,
        )
    for name in matches:
        if Path(name).is_dir():
            yield from _files_in(Path(name))
        else:
            yield SourceFile(shown_name(name), Path(name), named=True)


def _files_in(folder: Path) -> Iterator[SourceFile]:
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(parent) / name
            if not name.startswith(".") and path.is_file():
                yield SourceFile(shown_name(str(path)), path, named=False)
