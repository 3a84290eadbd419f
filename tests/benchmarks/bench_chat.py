"""How a long chat behaves: time and memory of its turns from the first to the last.

    python -m tests.benchmarks.bench_chat [--turns N] [--source arxiv/sample_cs_50k.jsonl.gz]

One session, questions and follow-ups in turn, answered without a model over a copy of the library, each turn stored.
Turns early and late are compared within the run; the bars are a growth of 50 MB and of a fifth of the processor time,
which other work on the machine changes less than the time on the clock.
"""

from __future__ import annotations

import argparse
import itertools
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from assistant.repl.chat import Chat
from assistant.repl.registry import Asking
from assistant.settings import Settings
from tests.benchmarks.stores import store_of

SAMPLE = 100  # turns whose median stands for their part of the session
WARM = 50  # turns before memory is first looked at: caches fill, models settle
FOLLOW_UPS = ("How was it evaluated?", "and the second one?", "why?", "Which of them use neural networks?", "[1]")


def questions(titles: list[str]) -> Iterator[str]:
    """Yield questions about papers, each with a follow-up."""
    for number, title in enumerate(itertools.cycle(titles)):
        yield f"What is known about {title[0].lower()}{title[1:]}?"
        yield FOLLOW_UPS[number % len(FOLLOW_UPS)]


def resident_mb() -> float:
    """Return the memory of this process in MB."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096 / 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=2000)
    parser.add_argument("--source", default="arxiv/sample_cs_50k.jsonl.gz")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store = shutil.copytree(store_of(given.source), Path(folder) / "store")
        chat = Chat(Settings(store=store, llm="none"))
        titles = [paper.title for paper in itertools.islice(chat.assistant.papers(), 0, None, 37)][:500]
        seconds: list[float] = []
        processor: list[float] = []
        memory: list[float] = []
        for text in itertools.islice(questions(titles), given.turns):
            started, busy = time.perf_counter(), time.process_time()
            chat.ask(Asking(chat.read(text)))
            seconds.append(time.perf_counter() - started)
            processor.append(time.process_time() - busy)
            memory.append(resident_mb())
        chat.close()
    early, late = slice(10, 10 + SAMPLE), slice(-SAMPLE, None)
    print(f"{given.turns} turns over {given.source}")
    print("| turns | median ms | processor ms | memory MB |")
    print("|---|---|---|---|")
    for name, part, megabytes in ((f"10 to {10 + SAMPLE}", early, memory[WARM]), (f"last {SAMPLE}", late, memory[-1])):
        clock, busy = (statistics.median(values[part]) * 1000 for values in (seconds, processor))
        print(f"| {name} | {clock:.1f} | {busy:.1f} | {megabytes:.0f} |")
    growth = statistics.median(processor[late]) / statistics.median(processor[early])
    print(f"growth: time x{growth:.2f} (bar 1.20), memory {memory[-1] - memory[WARM]:+.0f} MB (bar +50)")


if __name__ == "__main__":
    main()
