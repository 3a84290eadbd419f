"""JSON sources: one object a line, one array, or an object that holds the list of records."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import orjson

from assistant.readers.contents import Content, decode
from assistant.readers.records import Origin, Record

_LISTS = ("results", "data", "items", "papers", "references", "records")
Located = tuple[int | None, dict[str, Any]]


def load(data: bytes) -> Any:
    """Return the value of a JSON text.

    Raises:
        ValueError: the text is not JSON.
    """
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:
        # Half characters (lone surrogates), NaN and other encodings pass here.
        try:
            return json.loads(decode(data))
        except RecursionError as error:
            raise ValueError("nested too deeply") from error


def objects(content: Content, origin: Origin) -> Iterator[Located | Record]:
    """Yield (line, object) for each record of a JSON source, and a rejection for what is none."""
    if is_line_based(content.head):
        yield from _by_line(content, origin)
    else:
        yield from _as_whole(content, origin)


def is_line_based(head: bytes) -> bool:
    """Whether a file that begins with `head` has one object a line."""
    start = head.lstrip()
    if not start.startswith(b"{"):
        return False
    line, newline, rest = start.partition(b"\n")
    if not newline:
        return not _wraps_list(line)
    try:
        first = load(line)
    except ValueError:
        # A torn first line before good ones, not an object spread over lines.
        return len(line.strip()) > 1 and rest.lstrip().startswith(b"{")
    return not (isinstance(first, dict) and _list_of(first) is not None and not rest.strip())


def _wraps_list(head: bytes) -> bool:
    try:
        value = load(head)
    except ValueError:
        return any(f'"{name}":'.encode() in head[:400].replace(b" ", b"") for name in _LISTS)
    return isinstance(value, dict) and _list_of(value) is not None


def _list_of(value: dict[str, Any]) -> list[Any] | None:
    for name in _LISTS:
        found = value.get(name)
        if isinstance(found, list) and "title" not in value and all(isinstance(item, dict) for item in found[:3]):
            return found
    return None


def _by_line(content: Content, origin: Origin) -> Iterator[Located | Record]:
    for number, line in content.lines():
        if line is None:
            yield origin.rejected(number, "the line is longer than 16 MB")
            continue
        if not line or line.isspace():
            continue
        try:
            value = load(line)
        except ValueError as error:
            yield origin.rejected(number, f"not JSON: {error}")
            continue
        yield (number, value) if isinstance(value, dict) else origin.rejected(number, "not a JSON object")


def _as_whole(content: Content, origin: Origin) -> Iterator[Located | Record]:
    data = content.whole()
    try:
        value = load(data)
    except ValueError as error:
        yield origin.rejected(None, f"not JSON: {error}")
        return
    if isinstance(value, dict):
        value = _list_of(value) or [value]
    for number, item in enumerate(value, start=1) if isinstance(value, list) else ():
        if isinstance(item, dict):
            yield number, item
        else:
            yield origin.rejected(number, f"record {number} is not a JSON object")
