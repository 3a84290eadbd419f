"""How well the scope of a summary finds the papers of a topic, beside plain top-k of the same retrieval.

    python -m tests.benchmarks.bench_scope [--store DIR]

68 topics over the 7,030 cs.IR records of the development data (6,569 papers after merging); the rule by which a paper
counts stands in tests/data/scope_topics.json. Without --store the library is built once under .cache.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from assistant.app import Assistant, open_assistant
from assistant.filters import Filter
from assistant.papers import Paper
from assistant.settings import Settings
from assistant.summaries.scope import ScopeChooser
from tests.benchmarks.stores import CACHE, SHARED

TOPICS = Path(__file__).parents[1] / "data" / "scope_topics.json"


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic with the keys of its core papers and of all that are on topic."""

    name: str
    set: str
    core: frozenset[str]
    related: frozenset[str]


def read_topics(papers: Iterable[Paper]) -> list[Topic]:
    """Return the topics with their papers by the documented rule."""
    records = list(papers)
    found = []
    for entry in json.loads(TOPICS.read_text("utf-8"))["topics"]:
        if "category" in entry:
            core = related = frozenset(paper.key for paper in records if entry["category"] in paper.categories)
        else:
            patterns = [re.compile(entry[part], re.IGNORECASE) for part in ("pattern", "and") if part in entry]
            counts = {paper.key: [_mentions(pattern, paper) for pattern in patterns] for paper in records}
            related = frozenset(key for key, found in counts.items() if min(found) > 0)
            core = frozenset(key for key, found in counts.items() if min(found) > 1)
        found.append(Topic(entry["topic"], entry["set"], core, related))
    return found


def _mentions(pattern: re.Pattern[str], paper: Paper) -> int:
    """Return how often a paper has the pattern; once in the title counts twice."""
    return 2 * bool(pattern.search(paper.title)) + len(pattern.findall(paper.abstract))


def score(topic: Topic, keys: list[str]) -> tuple[float, float, float]:
    """Return precision on topic, recall of the core, and their harmonic mean."""
    precision = sum(key in topic.related for key in keys) / max(len(keys), 1)
    recall = sum(key in topic.core for key in keys) / max(len(topic.core), 1)
    return precision, recall, 2 * precision * recall / max(precision + recall, 1e-9)


def library(store: Path | None) -> Assistant:
    """Return an assistant over the cs.IR papers, ingested first where they are not."""
    assistant = open_assistant(Settings(store=store or CACHE / "ir", llm="none"))
    if not (assistant.store / "library.sqlite3").exists():
        assistant.ingest([str(SHARED / "arxiv" / "subfield_cs.IR.jsonl.gz")])
    return assistant


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", type=Path)
    assistant = library(parser.parse_args().store)
    topics = read_topics(assistant.papers())
    chooser = ScopeChooser(assistant.library, assistant.searcher, assistant.embedder)
    runs: dict[str, list[list[str]]] = {}
    for topic in topics:
        ranked = [found.paper.key for found in assistant.search(topic.name, top_k=100).papers]
        for count in (10, 20, 50, 100):
            runs.setdefault(f"top {count}", []).append(ranked[:count])
        for width in ("strict", None, "broad"):
            scope = chooser.choose(topic.name, filters=Filter(), width=width)
            runs.setdefault(f"scope {width or 'as it is'}", []).append([member.key for member in scope.members])
    sets = list(dict.fromkeys(topic.set for topic in topics))
    sizes = [sum(topic.set == name for topic in topics) for name in sets]
    print(f"{'':16}" + "".join(f"  {f'{size} {name}':^25}" for size, name in zip(sizes, sets, strict=True)))
    print(f"{'':16}" + f"  {'P':>6} {'R':>6} {'F1':>6} {'n':>4}" * len(sets))
    for name, found in runs.items():
        cells = []
        for part in sets:
            rows = [(score(t, keys), len(keys)) for t, keys in zip(topics, found, strict=True) if t.set == part]
            means = [sum(column) / len(rows) for column in zip(*(row[0] for row in rows), strict=True)]
            counts = sorted(row[1] for row in rows)
            cells.append(" ".join(f"{mean:6.3f}" for mean in means) + f" {counts[len(counts) // 2]:4}")
        print(f"{name:16}  {'  '.join(cells)}")


if __name__ == "__main__":
    main()
