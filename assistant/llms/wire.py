"""Bytes of a streamed chat completion to text: server-sent events, chunks, thinking.

Servers differ and break in many ways, so nothing here trusts a shape: what cannot be read is counted, kept for the
message, and never raises.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

MAX_LINE = 1 << 20  # bytes of one event line; a longer one is no chat completion
_STRAY_KEPT = 1 << 20  # bytes kept of a body that is not an event stream, to read an answer or an error from it
_FIELDS = (b"data", b"event", b"id", b"retry")


class LineTooLongError(Exception):
    """One line of the stream passed MAX_LINE bytes."""


@dataclass(slots=True)
class EventReader:
    r"""Splits bytes into the data of server-sent events; lines end in \n, \r\n or \r."""

    stray: bytearray = field(default_factory=bytearray)  # lines that are no part of an event stream
    _line: bytearray = field(default_factory=bytearray)
    _data: list[bytes] = field(default_factory=list)
    _after_cr: bool = False

    def feed(self, block: bytes) -> list[str]:
        """Return the data of the events that `block` completes."""
        if self._after_cr and block.startswith(b"\n"):
            block = block[1:]
        if block:
            self._after_cr = block.endswith(b"\r")
        self._line += block
        if b"\n" not in block and b"\r" not in block:
            if len(self._line) > MAX_LINE:
                raise LineTooLongError
            return []
        *lines, rest = re.split(rb"\r\n|\n|\r", bytes(self._line))
        self._line = bytearray(rest)
        return [event for line in lines if (event := self._take(line)) is not None]

    def close(self) -> list[str]:
        """Return the data of an event that the end of the stream completes."""
        last = [self._take(bytes(self._line)), self._take(b"")]
        self._line.clear()
        return [event for event in last if event is not None]

    def _take(self, line: bytes) -> str | None:
        if not line:
            data, self._data = self._data, []
            return b"\n".join(data).decode("utf-8", "replace") if data else None
        name, _, value = line.partition(b":")
        if name == b"data":
            # Some servers forget the blank line between events: a whole JSON object ends one.
            self._data.append(value.removeprefix(b" "))
            if value.strip() == b"[DONE]" or (
                len(self._data) == 1 and value.rstrip().endswith(b"}") and _is_json(value)
            ):
                return self._take(b"")
        elif name not in _FIELDS and name and len(self.stray) < _STRAY_KEPT:
            self.stray += line + b"\n"
        return None


@dataclass(frozen=True, slots=True)
class TokenUsage:
    """Tokens a call took, and US dollars where their price is known."""

    input_tokens: int
    output_tokens: int
    cost: float | None = None


@dataclass(frozen=True, slots=True)
class Chunk:
    """What one event of a chat completion says."""

    text: str = ""
    reasoning: str = ""
    finish: str | None = None
    usage: TokenUsage | None = None
    error: str = ""
    refusal: str = ""
    tool_call: bool = False
    readable: bool = True


def read_chunk(data: str) -> Chunk:
    """Return what one event's data says; `readable` is false for what is no chat completion."""
    try:
        event = json.loads(data)
    except (ValueError, RecursionError):
        return Chunk(readable=False)
    if not isinstance(event, dict):
        return Chunk(readable=False)
    error = error_text(event)
    choices = event.get("choices")
    choice = choices[0] if isinstance(choices, list) and choices and isinstance(choices[0], dict) else {}
    delta: dict[str, Any] = next(
        (choice[name] for name in ("delta", "message") if isinstance(choice.get(name), dict)), {}
    )
    finish = choice.get("finish_reason")
    usage = _usage(event.get("usage"))
    return Chunk(
        text=_text(delta.get("content")) or _text(choice.get("text")),
        reasoning=_text(delta.get("reasoning_content")) or _text(delta.get("reasoning")),
        finish=finish if isinstance(finish, str) and finish else None,
        usage=usage,
        error=error,
        refusal=_text(delta.get("refusal")),
        tool_call=bool(delta.get("tool_calls") or delta.get("function_call")),
        readable=bool(choice or usage or error or isinstance(choices, list)),
    )


def error_text(body: object) -> str:
    """Return the message of an error object as servers write it, or an empty string."""
    if not isinstance(body, dict):
        return ""
    error = body.get("error", body if "message" in body and "choices" not in body else None)
    if isinstance(error, dict):
        error = error.get("message") or error.get("detail") or error.get("code") or "an error without a message"
    if not error and "choices" not in body:
        error = body.get("detail")
    return one_line(error if isinstance(error, str) else json.dumps(error)) if error else ""


def one_line(text: str, limit: int = 200) -> str:
    """Return foreign text as one printable line of at most `limit` characters, tags taken out."""
    plain = re.sub(r"<[^<>]{0,300}>", " ", text)
    plain = " ".join("".join(char if char.isprintable() else " " for char in plain).split())
    return plain if len(plain) <= limit else plain[: limit - 1].rstrip() + "…"


@dataclass(slots=True)
class ThinkFilter:
    """Separates `<think>...</think>` from the answer, whatever the cut between deltas."""

    _held: str = ""
    _thinking: bool = False

    def feed(self, delta: str) -> tuple[str, str]:
        """Return (answer text, reasoning text) of what can be told so far."""
        self._held += delta
        answer: list[str] = []
        thought: list[str] = []
        while True:
            match = (_CLOSE if self._thinking else _OPEN).search(self._held)
            if match is None:
                break
            (thought if self._thinking else answer).append(self._held[: match.start()])
            self._held = self._held[match.end() :]
            if match.group().startswith("</") == self._thinking:
                self._thinking = not self._thinking
        cut = _partial_tag(self._held)
        (thought if self._thinking else answer).append(self._held[:cut])
        self._held = self._held[cut:]
        return "".join(answer), "".join(thought)

    def close(self) -> tuple[str, str]:
        """Return what was held back at the end of the stream."""
        held, self._held = self._held, ""
        return ("", held) if self._thinking else (held, "")


@dataclass(slots=True)
class SecretFilter:
    """Puts [key] in the place of a secret that an endpoint gives back, whatever the cut between deltas."""

    secret: str  # empty where there is none
    _held: str = ""

    def feed(self, delta: str) -> str:
        """Return the text so far without what may be the beginning of the secret."""
        if not self.secret:
            return delta
        text = (self._held + delta).replace(self.secret, "[key]")
        longest = min(len(self.secret) - 1, len(text))
        held = next((n for n in range(longest, 0, -1) if text.endswith(self.secret[:n])), 0)
        self._held = text[len(text) - held :]
        return text[: len(text) - held]

    def close(self) -> str:
        """Return what was held back at the end of the stream."""
        held, self._held = self._held, ""
        return held


_OPEN = re.compile(r"</?think(?:ing)?>", re.IGNORECASE)  # a stray closing tag outside is dropped
_CLOSE = re.compile(r"</think(?:ing)?>", re.IGNORECASE)
_TAGS = ("<think>", "</think>", "<thinking>", "</thinking>")


def _partial_tag(text: str) -> int:
    """Return where a tag that is not whole yet begins at the end of `text`."""
    start = text.rfind("<", max(0, len(text) - len("</thinking>")))
    if start < 0:
        return len(text)
    tail = text[start:].lower()
    return start if any(tag.startswith(tail) for tag in _TAGS) else len(text)


def _is_json(value: bytes) -> bool:
    try:
        json.loads(value)
    except (ValueError, RecursionError):
        return False
    return True


def _text(content: Any) -> str:
    """Return content that is a string or a list of text parts, with lone surrogates replaced."""
    if isinstance(content, list):
        content = "".join(str(part.get("text", "")) for part in content if isinstance(part, dict))
    if not isinstance(content, str):
        return ""
    return content.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _usage(usage: Any) -> TokenUsage | None:
    if not isinstance(usage, dict):
        return None
    read, written = usage.get("prompt_tokens"), usage.get("completion_tokens")
    if not (isinstance(read, int) and isinstance(written, int) and read >= 0 and written >= 0):
        return None
    return TokenUsage(input_tokens=read, output_tokens=written)
