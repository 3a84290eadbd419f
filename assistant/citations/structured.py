"""Answers that a model writes as JSON, whole, torn or wrapped in prose, to the sentences in them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from assistant.citations.names import Found

_TEXT_KEYS = ("text", "sentence", "claim", "statement", "content", "answer", "summary")
_SOURCE_KEYS = ("sources", "source", "citations", "citation", "cited", "refs", "references", "papers", "ids", "numbers")
_OPENING = re.compile(r"[\[{]\s*(?:[{\[]\s*)*\"\w[^\"]{0,40}\"\s*:")
_TORN_OPENING = re.compile(r"[\[{]\s*(?:[{\[]\s*)*(?:\"(?:\w[^\"\n]{0,40}(?:\"\s*)?)?)?$")
_OPENING_LENGTH = 200  # characters that brackets, white space and the first key may take
_STRING = re.compile(r'"(?:text|sentence|claim|statement|content|answer)"\s*:\s*"((?:[^"\\]|\\.)*)"')
_LONGEST = 200_000  # characters of a JSON answer

Item = tuple[str, list[str]]  # a sentence, and its sources as they were written


def answer_schema(allowed: Sequence[str], sentences: int, sources: int) -> dict[str, Any]:
    """Return the JSON schema of an answer: sentences, each with sources drawn from `allowed`, such as "2.1".

    The sources come first, so that a model has chosen what it cites when it begins to write. Small models give an
    empty list where they may, and name every source where nothing holds them back.

    Args:
        allowed: what may be cited.
        sentences: how many there may be; at least one.
        sources: how many a sentence may have; at least one.
    """
    cited = {"type": "array", "items": {"type": "string", "enum": list(allowed)}, "minItems": 1, "maxItems": sources}
    sentence = {
        "type": "object",
        "properties": {"sources": cited, "text": {"type": "string"}},
        "required": ["sources", "text"],
        "additionalProperties": False,
    }
    return {
        "type": "object",
        "properties": {"sentences": {"type": "array", "items": sentence, "minItems": 1, "maxItems": sentences}},
        "required": ["sentences"],
        "additionalProperties": False,
    }


def json_start(line: str) -> int:
    """Return where JSON begins in a line, -1 where it has none."""
    match = _OPENING.search(line)
    return match.start() if match else -1


def torn_start(text: str) -> int:
    """Return where JSON may begin whose first key is not whole yet; the length of `text` where it cannot."""
    tail = text[-_OPENING_LENGTH:]
    match = _TORN_OPENING.search(tail)
    return len(text) - len(tail) + match.start() if match else len(text)


@dataclass(slots=True)
class JsonReader:
    """Reads JSON as it comes and gives each sentence as soon as its object is closed."""

    done: bool = False  # the outermost bracket is closed: what follows is prose again
    _text: str = ""
    _at: int = 0
    _open: list[int] = field(default_factory=list)  # positions of the brackets that are open
    _in_string: bool = False
    _escaped: bool = False
    _given: int = 0
    _taken_until: int = 0

    @property
    def waiting(self) -> int:
        """How many characters have come since the last whole sentence."""
        return self._at - self._taken_until

    def feed(self, delta: str) -> tuple[list[Item], str]:
        """Return the sentences that `delta` completes, and what of it comes after the JSON."""
        self._text += delta
        items: list[Item] = []
        while self._at < len(self._text) and not self.done:
            char = self._text[self._at]
            self._at += 1
            if self._in_string:
                self._in_string = self._escaped or char != '"'
                self._escaped = char == "\\" and not self._escaped
            elif char == '"':
                self._in_string = True
            elif char in "{[":
                self._open.append(self._at - 1)
            elif char in "}]" and self._open:
                items += self._close(self._open.pop())
                self.done = not self._open
        if len(self._text) > _LONGEST:
            self.done = True
        rest = self._text[self._at :] if self.done else ""
        return items, rest

    def close(self) -> list[Item]:
        """Return what can be saved of JSON that broke off, or that has other keys than we know."""
        if self.done and self._given:
            return []
        item = self._torn_item()
        if item is not None:
            return [item]
        rest = self._text[self._taken_until : self._at]
        items: list[Item] = [(_unescape(match[1]), []) for match in _STRING.finditer(rest)]
        if not items and not self._given:
            texts = re.findall(r'"((?:[^"\\]|\\.){25,})"', rest)
            items = [(_unescape(text), []) for text in texts if " " in text]
        return items

    def _torn_item(self) -> Item | None:
        """Return the sentence of an object that only lacks its closing bracket, so that it keeps its sources."""
        start = self._open[-1] if self._open else len(self._text)
        if self._in_string or self._text[start : start + 1] != "{":
            return None
        try:
            return _read_item(json.loads(self._text[start : self._at].rstrip(", \r\n\t") + "}"))
        except (ValueError, RecursionError):
            return None

    def _close(self, start: int) -> list[Item]:
        """Return the sentence of the object or list that just closed, if it is one."""
        if start < self._taken_until or self._text[start] == "[":
            return []
        try:
            value = json.loads(self._text[start : self._at])
        except (ValueError, RecursionError):
            return []
        item = _read_item(value)
        if item is None:
            return []
        self._taken_until = self._at
        self._given += 1
        return [item]


def read_sources(names: Sequence[str], read: Callable[[str], Found | None]) -> list[Found]:
    """Return what source names in JSON mean; one that means nothing is a problem."""
    found: list[Found] = []
    for name in names:
        meant = read(name.strip("[]() "))
        found.append(meant if meant is not None else Found(problems=(f"{name}: cannot be read as a source",)))
    return found


def _read_item(value: Any) -> Item | None:
    if not isinstance(value, dict):
        return None
    keys = {str(key).lower(): key for key in value}
    text = next((value[keys[name]] for name in _TEXT_KEYS if isinstance(value.get(keys.get(name, "")), str)), None)
    if not isinstance(text, str) or not text.strip():
        return None
    named: Any = next((value[keys[name]] for name in _SOURCE_KEYS if name in keys), [])
    return text, [name for each in (named if isinstance(named, list) else [named]) for name in _source_names(each)]


def _source_names(value: Any) -> list[str]:
    if isinstance(value, dict):
        parts = [value.get(name) for name in ("source", "number", "id", "key", "paper") if value.get(name) is not None]
        sentence = value.get("sentence")
        plain = isinstance(sentence, int) and parts and isinstance(parts[0], int)
        return [f"{parts[0]}.{sentence}"] if plain else [str(part) for part in parts[:1]]
    return [str(value)] if isinstance(value, str | int | float) and not isinstance(value, bool) else []


def _unescape(text: str) -> str:
    try:
        return str(json.loads(f'"{text}"'))
    except ValueError:
        return text
