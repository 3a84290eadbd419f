"""Tagged text formats, RIS and PubMed's nbib: lines of a tag, a dash and a value, streamed record by record."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from assistant.readers.contents import Content, decode
from assistant.readers.records import Origin, Record
from assistant.text import sanitise

_TAG = re.compile(r"([A-Z][A-Z0-9]{1,3}) {0,3}- ?(.*)")


@dataclass(slots=True)
class Entry:
    """The fields of one record: tag to values in order; `closed` tells whether its end was written."""

    line: int
    values: dict[str, list[str]] = field(default_factory=dict)
    closed: bool = False
    _last: str | None = None

    def take(self, match: re.Match[str] | None, line: str) -> None:
        """Add a tagged line, or go on with the value above."""
        if match:
            self._last = match.group(1)
            self.values.setdefault(self._last, []).append(match.group(2).strip())
        elif self._last and line:
            values = self.values[self._last]
            values[-1] = f"{values[-1]} {line}".strip()

    def first(self, *tags: str) -> str | None:
        """Return the first value of the first of `tags` that has one."""
        return next((self.values[tag][0] for tag in tags if self.values.get(tag)), None)

    def all(self, *tags: str) -> list[str]:
        """Return the values of the first of `tags` that has any."""
        return next((self.values[tag] for tag in tags if self.values.get(tag)), [])


def entries(content: Content, origin: Origin, first_tag: str, last_tag: str | None) -> Iterator[Entry | Record]:
    """Yield the entries of a tagged file, and a rejection for each line that belongs to none.

    Args:
        content: the file.
        origin: where it is from.
        first_tag: the tag that opens a record.
        last_tag: the tag that closes one; None where the next record does.
    """
    entry: Entry | None = None
    stray = False
    for number, raw in content.lines():
        if raw is None:
            yield origin.rejected(number, "the line is longer than 16 MB")
            continue
        line = sanitise(decode(raw)).rstrip()
        match = _TAG.fullmatch(line)
        line = line.lstrip()
        tag = match.group(1) if match else ""
        if tag == first_tag or (tag == last_tag and entry):
            if entry:
                entry.closed = tag == last_tag
                yield entry
            entry, stray = Entry(number) if tag == first_tag else None, False
        if entry:
            entry.take(match, line)
        elif line and not stray and tag != last_tag:
            stray = True  # one report for a run of lines
            yield origin.rejected(number, f"text outside any record: {line[:40]!r}")
    if entry:
        yield entry
