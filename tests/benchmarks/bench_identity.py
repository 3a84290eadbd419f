"""Precision and recall of `same_paper` on twins and hard negatives built from arXiv records.

    python -m tests.benchmarks.bench_identity FOLDER [--count 3000] [--misses N]

A pair counts as found when the records share a key under which the library looks for twins and `same_paper` says yes.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from pathlib import Path

from assistant.identity import identity_keys, same_paper
from tests.identity_pairs import arxiv_papers, pairs


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--misses", type=int, default=0)
    arguments = parser.parse_args()
    labelled = pairs(arxiv_papers(arguments.folder), arguments.count, arguments.seed)
    started = time.perf_counter()
    said = [bool(set(identity_keys(p.a)) & set(identity_keys(p.b))) and same_paper(p.a, p.b) for p in labelled]
    seconds = time.perf_counter() - started
    outcome = Counter((pair.same, answer) for pair, answer in zip(labelled, said, strict=True))
    right, wrong, missed = outcome[True, True], outcome[False, True], outcome[True, False]
    twins = sum(pair.same for pair in labelled)
    print(f"{twins} twins, {len(labelled) - twins} hard negatives, {len(labelled) / seconds:.0f} pairs/s")
    print(f"precision {right / (right + wrong):.4f}  recall {right / (right + missed):.4f}")
    kinds: Counter[str] = Counter()
    errors: Counter[str] = Counter()
    for pair, answer in zip(labelled, said, strict=True):
        for kind in pair.kind.split(" + "):
            kinds[kind] += 1
            errors[kind] += answer is not pair.same
    for kind, many in sorted(kinds.items()):
        print(f"    {errors[kind]:5d} wrong of {many:5d}  {kind}")
    shown = [pair for pair, answer in zip(labelled, said, strict=True) if answer is not pair.same][: arguments.misses]
    for pair in shown:
        print(pair.same, pair.kind)
        for paper in (pair.a, pair.b):
            print(f"    {paper.title} | {paper.authors[0]} {paper.year}")


if __name__ == "__main__":
    main()
