"""XML files cut into records: each is parsed alone, so that a broken one is reported and the rest is read.

The file is scanned in pieces, in constant memory; document types and entity definitions stand outside the records
and are never read.
"""

from __future__ import annotations

import codecs
import html
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from assistant.readers.contents import MAX_LINE, Content
from assistant.readers.records import Origin, Record

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element  # the type only

_PIECE = 256 * 1024
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([\w.-]+)["']""")
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_NAMED_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)([A-Za-z]\w{1,30};)")
_BARE_AMPERSAND = re.compile(r"&(?!(?:[A-Za-z]\w{1,30}|#\d{1,7}|#x[0-9A-Fa-f]{1,6});)")
_PREFIX = re.compile(r"</?([A-Za-z_][\w.-]*):")
_ROOT_NAMES = re.compile(r"""\sxmlns(?::[\w.-]+)?\s*=\s*(?:"[^"<]*"|'[^'<]*')""")


def elements(content: Content, origin: Origin, tag: str) -> Iterator[tuple[int, Element] | Record]:
    """Yield (line, element) for each record element, and a rejection for what cannot be parsed.

    Args:
        content: the XML file.
        origin: where it is from.
        tag: the local names of record elements, as a regular expression.
    """
    opening = re.compile(rf"<(?:[\w.-]+:)?(?:{tag})(?=[\s>/])")
    closing = re.compile(rf"</(?:[\w.-]+:)?(?:{tag})\s*>")
    names = _namespaces(content.head, opening)
    buffer, line, found = "", 1, 0
    for piece in _pieces(content):
        buffer += piece
        while True:
            start = opening.search(buffer)
            end = closing.search(buffer, start.end()) if start else None
            if start is None or end is None:
                break
            again = opening.search(buffer, start.end(), end.start())
            record_line = line + buffer.count("\n", 0, start.start())
            if again:  # its end is missing
                yield origin.rejected(record_line, "the record has no end")
                cut = again.start()
            else:
                found += 1
                yield _parsed(buffer[start.start() : end.end()], names, origin, record_line)
                cut = end.end()
            line += buffer.count("\n", 0, cut)
            buffer = buffer[cut:]
        if start is None and len(buffer) > 1000:
            line += buffer.count("\n", 0, len(buffer) - 500)
            buffer = buffer[-500:]
        elif len(buffer) > MAX_LINE:
            yield origin.rejected(line, "the record is longer than 16 MB")
            line += buffer.count("\n")
            buffer = ""
    rest = opening.search(buffer)
    if rest:
        yield origin.rejected(line + buffer.count("\n", 0, rest.start()), "the file ends inside this record")
    elif not found:
        yield origin.rejected(None, "the XML holds no record")


def local(element: Element) -> str:
    """Return an element's name without its namespace."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def child(element: Element | None, *path: str) -> Element | None:
    """Return the first descendant along local names, or None."""
    for name in path:
        element = next((part for part in element if local(part) == name), None) if element is not None else None
    return element


def children(element: Element | None, *path: str) -> list[Element]:
    """Return the elements of the last local name below the first descendant along those before it."""
    parent = child(element, *path[:-1])
    return [part for part in parent if local(part) == path[-1]] if parent is not None else []


def text(element: Element | None) -> str:
    """Return the text of an element with its inner tags written out, for cleaning to read."""
    if element is None:
        return ""
    parts = [html.escape(element.text or "", quote=False)]
    for part in element:
        name = local(part)
        parts.append(
            f"<{name}>{text(part)}</{name}>"
            if name in ("sup", "sub")
            else f" {text(part)} "
            if name == "p"
            else text(part)
        )
        parts.append(html.escape(part.tail or "", quote=False))
    return "".join(parts)


def _namespaces(head: bytes, opening: re.Pattern[str]) -> str:
    """Return the namespace declarations in front of the first record, each name once."""
    before = opening.split(head[:65536].decode("utf-8", "replace"), maxsplit=1)[0]
    found = {text.partition("=")[0].strip(): text for text in _ROOT_NAMES.findall(before)}
    return " ".join(found.values())


def _pieces(content: Content) -> Iterator[str]:
    declared = _DECLARED.match(content.head)
    name = declared.group(1).decode("ascii", "replace") if declared else "utf-8"
    try:
        encoding = codecs.lookup(name).name
    except LookupError:
        encoding = "utf-8"
    errors = "replace"
    if encoding.startswith("utf"):  # UTF-16 arrives as UTF-8
        encoding, errors = "utf-8", "assistant-cp1252"
    decoder = codecs.getincrementaldecoder(encoding)(errors)
    for data in content.pieces(_PIECE):
        yield _ILLEGAL.sub("", decoder.decode(data))
    yield decoder.decode(b"", final=True)


def _parsed(fragment: str, names: str, origin: Origin, line: int) -> tuple[int, Element] | Record:
    unbound = "".join(
        f' xmlns:{prefix}="urn:{prefix}"'
        for prefix in sorted(set(_PREFIX.findall(fragment)))
        if f"xmlns:{prefix}" not in names and f"xmlns:{prefix}" not in fragment
    )
    fragment = _NAMED_ENTITY.sub(lambda match: _character(match.group(1)), fragment)
    fragment = _BARE_AMPERSAND.sub("&amp;", fragment)
    try:
        root = fromstring(f"<records {names}{unbound}>{fragment}</records>")
    except (ParseError, DefusedXmlException, ValueError, RecursionError) as error:
        return origin.rejected(line, f"broken XML: {error}")
    return line, root[0]


def _character(entity: str) -> str:
    character = html.unescape("&" + entity)
    return html.escape(character, quote=False) if not character.startswith("&") else "&amp;" + entity
