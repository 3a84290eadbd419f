"""Kill writers at random moments, hundreds of times, on a library that grows.

    python -m tests.benchmarks.bench_kills [--kills N] [--seed N]

After each kill the store is opened as the next command would open it; the run stops at the first one that is not whole.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from tests.kill_loop import KillLoop


def main() -> None:
    """Print what was killed and what was mended."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder, KillLoop(Path(folder), arguments.seed) as loop:
        while loop.tally.kills < arguments.kills:
            loop.step()
            if loop.tally.kills % 20 == 0:
                print(
                    f"{loop.tally.kills} kills, {loop.papers} papers, {time.perf_counter() - started:.0f} s", flush=True
                )
    tally = loop.tally
    print(
        f"killed: {dict(tally.by_operation)}, between the batches of an ingest: {tally.partly}; ended: {tally.finished}"
    )
    for line, count in tally.repairs.most_common():
        print(f"{count:5} times: {line}")


if __name__ == "__main__":
    main()
