"""Damaged files by the thousand: counts what readers make of them and names the slowest.

python -m tests.benchmarks.bench_fuzz [--count 20000] [--seed 0]
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path

from assistant.errors import AssistantError
from assistant.readers import read_source
from tests.mutations import check, damaged_file


def main() -> None:
    """Print the counts; a failure is printed with the seed that makes it again."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    counts: Counter[str] = Counter()
    slowest = (0.0, 0)
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(arguments.seed, arguments.seed + arguments.count):
            name, data, format = damaged_file(random.Random(seed))
            path = Path(folder) / name
            path.write_bytes(data)
            started = time.perf_counter()
            try:
                for record in read_source(str(path), format=format):
                    check(record)
                    counts["papers" if record.paper else "rejections"] += 1
            except AssistantError:
                counts["refused files"] += 1
            except Exception:  # noqa: BLE001  # whatever goes wrong is what this looks for
                counts["FAILURES"] += 1
                print(f"seed {seed} {name} {format}\n{traceback.format_exc(limit=-3)}")
            slowest = max(slowest, (time.perf_counter() - started, seed))
    print(f"{arguments.count} files: {dict(counts)}; slowest {slowest[0] * 1000:.0f} ms (seed {slowest[1]})")


if __name__ == "__main__":
    main()
