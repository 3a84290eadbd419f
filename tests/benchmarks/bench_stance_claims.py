"""Stances shown for claims that a person wrote, against the papers that support and contradict them by reading.

    python -m tests.benchmarks.bench_stance_claims [--wrong]

90 claims on the sample library and 79 on information retrieval (7,030 papers) and SciFact's abstracts (5,183), each
with the papers that speak to it among those that retrieval ranks first (tests/data/stance_claims.jsonl). The rules were
written with one half in view ("read"); the other half was held out, and read only where a stance was shown. A paper
shown that is not labelled so is wrong. `--wrong` prints each stance that is.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections import Counter, defaultdict
from contextlib import ExitStack
from pathlib import Path

from assistant.app import Assistant
from assistant.settings import Settings
from assistant.stance import Stance
from tests.benchmarks.stores import store_of

CLAIMS = Path(__file__).parents[1] / "data" / "stance_claims.jsonl"


def main() -> None:
    """Print for each library and half how many stances shown are right, and how many of the labelled are found."""
    claims = [json.loads(line) for line in CLAIMS.read_text(encoding="utf-8").splitlines()]
    counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    with ExitStack() as stack:
        libraries: dict[str, Assistant] = {}
        for claim in claims:
            name = claim["library"]
            if name not in libraries:
                libraries[name] = stack.enter_context(_opened(name, stack))
            _count(claim, libraries[name], counts["sample" if name == "sample" else "shared data", claim["half"]])
    for (library, half), found in sorted(counts.items()):
        print(
            f"{library:12} {half:9} shown {found['shown']:3}, right {_share(found['right'], found['shown'])};", end=" "
        )
        print(f"found {_share(found['right'], found['labelled'])} of {found['labelled']}")


def _opened(name: str, stack: ExitStack) -> Assistant:
    if name != "sample":
        return Assistant(Settings(store=store_of(name), llm="none"))
    folder = stack.enter_context(tempfile.TemporaryDirectory())
    opened = Assistant(Settings(store=Path(folder) / "store", llm="none"))
    opened.ingest([], sample=True)
    return opened


def _count(claim: dict[str, list[str]], library: Assistant, found: Counter[str]) -> None:
    labels = dict.fromkeys(claim["supports"], Stance.SUPPORTS) | dict.fromkeys(claim["contradicts"], Stance.CONTRADICTS)
    shown = [paper for paper in library.stance(str(claim["claim"])).papers if paper.stance is not Stance.SILENT]
    found["labelled"] += len(labels)
    for paper in shown:
        right = labels.get(paper.key) is paper.stance
        found["shown"] += 1
        found["right"] += right
        if not right and "--wrong" in sys.argv:
            print(f"{claim['claim']} | {paper.key} {paper.stance}: {paper.quotes[0][1].quote}")


def _share(part: int, whole: int) -> str:
    return f"{part / max(whole, 1):.2f}"


if __name__ == "__main__":
    main()
