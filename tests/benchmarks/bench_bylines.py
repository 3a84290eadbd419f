"""How often the listing reader parts a title from the authors glued to it, on entries built from arXiv records.

    python -m tests.benchmarks.bench_bylines FOLDER [--misses N]

FOLDER holds gzip-compressed BEIR files of arXiv records. Each record gives two entries: as a listing page shows it
(three authors and "et al." where there are more), and with all its authors. A split counts when the title and every
author are exact.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from assistant.readers.bylines import split_byline


def entries(folder: Path) -> Iterator[tuple[str, list[str], str]]:
    """Yield (title, authors, abstract) of each record, once."""
    seen = set()
    for path in sorted(folder.glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                record = json.loads(line)
                authors = [" ".join(name.split()) for name in record["metadata"]["authors"]]
                if record["_id"] in seen or not authors or any("," in name for name in authors):
                    continue
                seen.add(record["_id"])
                yield " ".join(record["title"].split()), authors, record["text"]


def kinds(title: str, authors: list[str]) -> list[str]:
    """Return the groups that an entry counts in."""
    found = ["all", "one author" if len(authors) == 1 else "several authors"]
    if not title[-1].islower():
        found.append(
            "title ends in " + ("a capital" if title[-1].isupper() else "a digit" if title[-1].isdigit() else "a mark")
        )
    if "," in title:
        found.append("comma in the title")
    if any(" " not in name for name in authors[:3]):
        found.append("name of one word")
    if any(word[0].islower() for name in authors[:3] for word in name.split()):
        found.append("particle in a name")
    if not all(name.isascii() for name in authors[:3]):
        found.append("accent in a name")
    if any("." in name for name in authors[:3]):
        found.append("initial in a name")
    return found


def main() -> None:
    """Print the rates."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--misses", type=int, default=0)
    parser.add_argument("--every", type=int, default=1)
    arguments = parser.parse_args()
    right: dict[str, Counter[str]] = {"listing": Counter(), "all authors": Counter(), "no abstract": Counter()}
    total: dict[str, Counter[str]] = {name: Counter() for name in right}
    misses: list[str] = []
    seconds, count = 0.0, 0
    for number, (title, authors, abstract) in enumerate(entries(arguments.folder)):
        if number % arguments.every:
            continue
        shown = authors if len(authors) <= 3 else authors[:3]
        page = f"{title}{', '.join(shown)}{'' if shown is authors else ' et al.'}"
        forms = {"listing": (page, shown, abstract), "all authors": (title + ", ".join(authors), authors, abstract)}
        forms["no abstract"] = (page, shown, "")
        for name, (line, wanted, below) in forms.items():
            started = time.perf_counter()
            found = split_byline(line, below)
            seconds += time.perf_counter() - started
            count += 1
            exact = found.title == title and list(found.authors) == wanted
            for kind in kinds(title, wanted):
                total[name][kind] += 1
                right[name][kind] += exact
            if not exact and name == "listing":
                misses.append(f"{title} | {', '.join(wanted)}\n      {found.title} | {', '.join(found.authors)}")
    for name, counts in total.items():
        print(f"{name}: {right[name]['all']} of {counts['all']} exact")
        for kind, many in counts.most_common():
            print(f"    {right[name][kind] / many:7.2%} of {many:6d}  {kind}")
    print(f"{count / seconds:.0f} lines/s")
    random.seed(0)
    for miss in random.sample(misses, min(arguments.misses, len(misses))):
        print("  ", miss)


if __name__ == "__main__":
    main()
