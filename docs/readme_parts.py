"""Writes the README's parts that come from the program: help texts, the chat's commands, the settings, and examples.

A part stands between `<!-- part NAME -->` and `<!-- end -->`. `--check` says which parts are out of date and
changes nothing; `--write` brings them up to date.
"""

from __future__ import annotations

import contextlib
import functools
import io
import os
import re
import shlex
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from assistant import filters
from assistant.cli import main as assistant
from assistant.repl import commands  # noqa: F401  importing it registers the commands
from assistant.repl.registry import COMMANDS
from assistant.settings import setting_fields

README = Path(__file__).resolve().parents[1] / "README.md"
PART = re.compile(r"(<!-- part (?P<name>[\w ]+) -->\n).*?(<!-- end -->)", re.DOTALL)
WIDTH = "100"
STANCE = 'stance "FP8 does not hurt model quality"'
AUDIT = "audit draft.md"
COMPARE = 'compare zhai2024actions ishkhanov2020time --columns data,"main figure",year'
DRAFT = """\
Edward is significantly faster than existing probabilistic systems [@tran2017deep].
FP8 often raises the quality of recommendation models [@luo2026loka].
"""


def help_of(command: str) -> str:
    """Return the help text of a command as an indented block."""
    os.environ["COLUMNS"] = WIDTH
    os.environ["TERMINAL_WIDTH"] = WIDTH
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        assistant([*command.split(), "--help"])
    return "".join(f"    {line}".rstrip() + "\n" for line in out.getvalue().splitlines())


@functools.cache
def sample_library() -> tempfile.TemporaryDirectory[str]:
    """Return a folder with the sample library, gone when the program ends."""
    folder = tempfile.TemporaryDirectory()
    with contextlib.redirect_stdout(io.StringIO()):
        assistant(["--store", f"{folder.name}/store", "--quiet", "ingest", "--sample"])
    (Path(folder.name) / "draft.md").write_text(DRAFT, encoding="utf-8")
    return folder


def shown(command: str) -> str:
    """Return a command and what it prints about the sample library, as an indented block."""
    folder = Path(sample_library().name)
    out = io.StringIO()
    typed = [str(folder / word) if word == "draft.md" else word for word in shlex.split(command)]
    with contextlib.redirect_stdout(out):
        assistant(["--store", str(folder / "store"), "--quiet", *typed])
    lines = [f"$ assistant {command}", *out.getvalue().strip("\n").splitlines()]
    return "".join(f"    {line}".rstrip() + "\n" for line in lines)


def claims_checked() -> str:
    """Return examples of stance, audit and compare."""
    draft = "".join(f"    {line}\n" for line in ["$ cat draft.md", *DRAFT.splitlines()])
    return "\n".join([shown(STANCE), draft + shown(AUDIT), shown(COMPARE)])


def chat_commands() -> str:
    """Return the table of the chat's commands."""
    rows = []
    for known in COMMANDS.values():
        typed = f"/{known.name} {known.usage}".strip().replace("|", "\\|")
        rows.append(f"| `{typed}` | {known.help} |")
    return "\n".join(["| command | what it does |", "|---|---|", *rows]) + "\n"


def filter_grammar() -> str:
    """Return the grammar of filters as their own module words it."""
    text = (filters.__doc__ or "").split("\n\n", 1)[1]
    example, _, rest = text.partition("\n\n")
    prose = rest.split("`Filter.matches`")[0].strip()
    return f"    {example.strip()}\n\n{prose}\n"


def settings() -> str:
    """Return the table of settings."""
    rows = [
        f"| `{name}` | {'' if field.default is None else f'`{field.default}`'} | {field.metadata['meaning']} |"
        for name, field in setting_fields().items()
    ]
    return "\n".join(["| setting | default | meaning |", "|---|---|---|", *rows]) + "\n"


PARTS: dict[str, Callable[[], str]] = {
    "chat commands": chat_commands,
    "claims checked": claims_checked,
    "filter grammar": filter_grammar,
    "settings": settings,
}


def current(readme: str) -> str:
    """Return the README with every part as the program has it now."""

    def part(found: re.Match[str]) -> str:
        name = found["name"]
        text = help_of(name.removeprefix("help").strip()) if name.startswith("help") else PARTS[name]()
        return f"{found[1]}\n{text}\n{found[3]}"

    return PART.sub(part, readme)


def main(arguments: list[str]) -> int:
    """Check or write the README; returns the exit code."""
    before = README.read_text(encoding="utf-8")
    after = current(before)
    if arguments == ["--write"]:
        README.write_text(after, encoding="utf-8")
        return 0
    if arguments != ["--check"]:
        sys.stderr.write("usage: readme_parts.py --check | --write\n")
        return 2
    if before != after:
        stale = [
            found["name"]
            for found, now in zip(PART.finditer(before), PART.finditer(after), strict=True)
            if found[0] != now[0]
        ]
        sys.stderr.write(f"error: README.md is out of date in: {', '.join(stale)} (make fix writes it)\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
