"""Text that the user gives a command: an argument, or stdin where it is "-"."""

from __future__ import annotations

import sys

from assistant.errors import UsageError


def given_text(argument: str | None, name: str) -> str:
    """Return the words of an argument on one line; what is not UTF-8 in it becomes question marks.

    Raises:
        UsageError: there are none.
    """
    if argument is None:
        raise UsageError(f"{name} is missing", "write it in quotes, or - to read it from stdin")
    text = sys.stdin.read() if argument == "-" else argument
    # An argument that is not UTF-8 arrives as lone surrogates, which nothing behind this line can store.
    text = " ".join(text.encode("utf-8", "replace").decode("utf-8").split())
    if not text:
        raise UsageError(f"{name} is empty", "write it in quotes, or - to read it from stdin")
    return text
