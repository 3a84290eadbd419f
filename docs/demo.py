"""Records the README's demonstration: a chat with the sample library, drawn as SVG by rich.

`--write` makes docs/demo.svg anew; `--check` says whether what the program shows has changed, and changes nothing.
Times and the look of the drawing do not count.
"""

from __future__ import annotations

import html
import io
import re
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

from assistant.app import open_assistant
from assistant.render import BLANK, Line
from assistant.repl.chat import Chat
from assistant.repl.turns import turn_lines
from assistant.settings import Settings

PICTURE = Path(__file__).with_name("demo.svg")
WIDTH = 96
SCRIPT = (
    "How much faster is HSTU than FlashAttention2-based Transformers on long sequences?",
    "What did they gain in online tests?",
    "Which papers control how often notifications are sent?",
    "/cite 1 apa",
)


def record() -> str:
    """Return the demonstration as SVG. It refers to nothing outside itself."""
    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True, color_system="truecolor")
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(store=Path(folder) / "store", llm="none")
        with open_assistant(settings) as assistant:
            assistant.ingest([], sample=True)
        chat = Chat(settings)
        for typed in SCRIPT:
            console.print(Text.assemble(("> ", "bold green"), (typed, "bold")))
            for line in turn_lines(chat, typed):
                console.print(_without_time(line))
            console.print(BLANK)
        chat.close()
    drawn = console.export_svg(title="assistant chat")
    return re.sub(r"@font-face\s*\{.*?\}\s*", "", drawn, flags=re.DOTALL)


def words(drawn: str) -> list[str]:
    """Return the words that a drawing shows, in order."""
    texts = re.findall(r"<text[^>]*>(.*?)</text>", drawn, re.DOTALL)
    return html.unescape(" ".join(texts)).split()


def _without_time(line: Line) -> Line:
    """Return a line that begins with a time with the same time on every machine; its style covers all of it."""
    time = re.match(r"(?:\d+ ms|\d+\.\d s)(?= ·)", line.text.plain)
    if time is None:
        return line
    first, rest = line.text[: time.end()], line.text[time.end() :]
    style = first.spans[0].style if first.spans else first.style
    return Line(Text("20 ms", style).append_text(rest), line.first)


def main(arguments: list[str]) -> int:
    """Check or write the picture; returns the exit code."""
    if arguments not in (["--check"], ["--write"]):
        sys.stderr.write("usage: demo.py --check | --write\n")
        return 2
    now = record()
    if arguments == ["--write"]:
        PICTURE.write_text(now, encoding="utf-8")
        return 0
    if not PICTURE.exists() or words(PICTURE.read_text(encoding="utf-8")) != words(now):
        sys.stderr.write("error: docs/demo.svg shows what the program no longer says (make fix draws it anew)\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
