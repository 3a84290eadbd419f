"""Time and memory of summaries of 20, 500 and 5,000 papers without a model; calls and tokens with a scripted one.

    python -m tests.benchmarks.bench_summaries [--store DIR]

Over the cs.IR records of the development data; each size runs in a process of its own, so that its memory is its own.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import time
from pathlib import Path

from assistant.report import format_report
from assistant.summaries import ModelWriting
from tests.benchmarks.bench_scope import library

SIZES = (20, 500, 5000)
TOPIC = "recommender systems"


def run(store: Path | None, size: int) -> str:
    """Return one row: seconds, those of processor time, memory before and at the peak, and what was written."""
    assistant = library(store)
    assistant.summarize(TOPIC, scope=5)  # loads the embedder and the indexes
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    started, worked = time.perf_counter(), time.process_time()
    summary = assistant.summarize(TOPIC, scope=size)
    seconds, work = time.perf_counter() - started, time.process_time() - worked
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    papers = {entry.key: assistant.get(entry.key) for entry in (*summary.scope, *summary.borderline)}
    started = time.perf_counter()
    page = format_report(summary, papers, ".html")
    paged = time.perf_counter() - started
    return (
        f"{len(summary.scope):6} {seconds:8.1f} {work:8.1f} {before:8.0f} {peak:8.0f} {len(summary.sections):6} "
        f"{len(summary.claims):7} {len(summary.references):6} {paged:8.2f} {len(page) / 1024:8.0f}"
    )


def modelled(store: Path | None, size: int) -> str:
    """Return one row: calls and tokens that a model would take, and those of a second run."""
    from tests.test_summaries_model import AnsweringModel

    assistant = library(store)
    name = f"bench-{time.time_ns()}"
    rows = []
    for _ in range(2):
        model = AnsweringModel(name=name)
        plans: list[str] = []

        def note(plan: object, plans: list[str] = plans) -> bool:
            plans.append(f"{getattr(plan, 'input_tokens', 0):,}")
            return True

        started = time.perf_counter()
        assistant.summarize(TOPIC, scope=size, writing=ModelWriting(model, approve=note))
        rows.append(f"{len(model.requests):6} {plans[0] if plans else '0':>8} {time.perf_counter() - started:8.1f}")
    return f"{size:6}  {rows[0]}  {rows[1]}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", type=Path)
    parser.add_argument("--row", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.row:
        kind, size = given.row.split(":")
        print((run if kind == "run" else modelled)(given.store, int(size)))
        return
    where = ["--store", str(given.store)] if given.store else []
    command = [sys.executable, "-m", "tests.benchmarks.bench_summaries", *where, "--row"]
    print("papers  seconds  of work  MB idle  MB peak themes  claims   refs  HTML s  HTML kB", flush=True)
    for size in SIZES:
        subprocess.run([*command, f"run:{size}"], check=True)
    print("papers   calls   tokens  seconds   again   tokens  seconds", flush=True)
    for size in SIZES[:2]:
        subprocess.run([*command, f"model:{size}"], check=True)


if __name__ == "__main__":
    main()
