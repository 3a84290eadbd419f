"""`audit`: the citations of any text, checked against the library."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli.frame import DONE, UNSUPPORTED, Frame, with_globals
from assistant.cli.options import JsonOption
from assistant.cli.output import notify, print_json, print_screen
from assistant.errors import SourceError

if TYPE_CHECKING:
    from assistant.audit import AuditedSentence
    from assistant.render import Line

_MARKS = {"verified": ("✓", "green"), "weak": ("~", "yellow"), "unsupported": ("✗", "red"), "missing": ("?", "red")}
_LARGEST = 20_000_000  # bytes; a text of many thousand pages


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command("audit")(with_globals(audit))


def audit(
    frame: Frame,
    file: Annotated[str, typer.Argument(metavar="FILE", help="Markdown, LaTeX or plain text; - reads stdin.")],
    as_json: JsonOption = False,
) -> int:
    """Check each cited sentence of a text: does the paper say so? Exit code 4 where one does not."""
    text = _read(file)
    with frame.assistant() as assistant:
        found = []
        for sentence in assistant.audit(text):
            found.append(sentence)
            if as_json:
                print_json(sentence.to_json())
        notify(frame, assistant)
        if not as_json:
            print_screen(frame, _lines(found))
    return DONE if all(sentence.passes for sentence in found) else UNSUPPORTED


def _read(file: str) -> str:
    if file == "-":
        return sys.stdin.buffer.read(_LARGEST).decode("utf-8", "replace")
    path = Path(file)
    try:
        if path.stat().st_size > _LARGEST:
            raise SourceError(f"{file} is larger than {_LARGEST // 1_000_000} MB", "audit it in parts")
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise SourceError(f"{file} cannot be read: {error.strerror or error}", "name a text file, or -") from None


def _lines(found: list[AuditedSentence]) -> Iterator[Line]:
    from assistant.render import BLANK, Line

    for sentence in found:
        mark, colour = _MARKS[sentence.verdict]
        yield Line.of((sentence.sentence, "bold"), first=f"{mark} ")
        yield Line.of((f"{sentence.verdict}: {sentence.reason}", colour), first="  ")
        for citation in sentence.citations:
            yield Line.of(f"{citation.key}: “{citation.quote}”", first="    ")
        for citation in sentence.better:
            yield Line.of(f"better {citation.key}: “{citation.quote}”", first="    ")
        yield BLANK
    failed = sum(not sentence.passes for sentence in found)
    yield Line.of(f"{len(found)} cited sentences, {failed} not supported" if found else "no sentence cites anything")
