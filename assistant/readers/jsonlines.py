"""JSON sources: one object a line, one array, or an object that holds the list of records."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import orjson

from assistant.readers.contents import Content, decode
from assistant.readers.records import Origin, Record

_LISTS = ("results", "data", "items", "papers", "references", "records")
_WRAPPER = re.compile(rf'"(?:{"|".join(_LISTS)})"\s*:\s*\[')
_DECODER = json.JSONDecoder()
_GAP = re.compile(r"[\s,\ufeff]*")
_NEXT_OBJECT = re.compile(r"\}\s*,\s*\{")
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
    """Yield the records of one JSON text, decoding one after another, so that a broken one does not stop the rest."""
    text = content.text()
    start = _list_start(text)
    if start is None:
        yield from _single(text, origin)
        return
    line, counted = 1, 0
    while True:
        start = _GAP.match(text, start).end()  # type: ignore[union-attr]
        if start >= len(text):
            yield origin.rejected(line, "the file ends inside its list of records")
            return
        if text[start] == "]":
            return
        line, counted = line + text.count("\n", counted, start), start
        try:
            value, start = _DECODER.raw_decode(text, start)
        except (ValueError, RecursionError) as error:
            reason = error.msg if isinstance(error, json.JSONDecodeError) else "nested too deeply"
            yield origin.rejected(line, f"not JSON: {reason}")
            following = _NEXT_OBJECT.search(text, start + 1)
            if following is None:
                return
            start = following.end() - 1
            continue
        yield (line, value) if isinstance(value, dict) else origin.rejected(line, "not a JSON object")


def _list_start(text: str) -> int | None:
    """Return where the list of records begins, at the top or inside a wrapper; None for a single object."""
    first = _GAP.match(text)
    begin = first.end() if first else 0
    if text.startswith("[", begin):
        return begin + 1
    wrapper = _WRAPPER.search(text, begin, begin + 65536)
    return wrapper.end() if wrapper and '"title"' not in text[begin : wrapper.start()] else None


def _single(text: str, origin: Origin) -> Iterator[Located | Record]:
    try:
        value = load(text.encode("utf-8", "surrogatepass"))
    except ValueError as error:
        yield origin.rejected(1, f"not JSON: {error}")
        return
    found = _list_of(value) if isinstance(value, dict) else None
    for item in [value] if found is None else found:
        yield (1, item) if isinstance(item, dict) else origin.rejected(1, "not a JSON object")
