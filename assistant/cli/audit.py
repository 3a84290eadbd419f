"""`audit`: the citations of any text, checked against the library."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from assistant.cli.frame import DONE, UNSUPPORTED, Frame, with_globals
from assistant.cli.options import JsonOption
from assistant.cli.output import notify, print_json, print_screen
from assistant.errors import SourceError

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
            from assistant.render import audit_lines

            print_screen(frame, audit_lines(found))
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
