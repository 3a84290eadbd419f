"""How well the scope of a summary finds the papers of a topic, beside plain top-k of the same retrieval.

    python -m tests.benchmarks.bench_scope [--store DIR]

30 topics over the 7,030 cs.IR records of the development data (6,569 papers after merging); the rule by which a paper
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
    phrase: bool
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
            pattern = re.compile(entry["pattern"], re.IGNORECASE)
            related = frozenset(p.key for p in records if pattern.search(f"{p.title} {p.abstract}"))
            core = frozenset(p.key for p in records if pattern.search(p.title) or len(pattern.findall(p.abstract)) > 1)
        found.append(Topic(entry["topic"], "pattern" in entry, core, related))
    return found


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
    print(f"{'':16}  {'22 phrase topics':^20}  {'8 categories':^20}  papers")
    print(f"{'':16}  {'P':>6} {'R':>6} {'F1':>6}  {'P':>6} {'R':>6} {'F1':>6}  median")
    for name, found in runs.items():
        scores = [score(topic, keys) for topic, keys in zip(topics, found, strict=True)]
        cells = []
        for phrase in (True, False):
            rows = [row for row, topic in zip(scores, topics, strict=True) if topic.phrase is phrase]
            cells.append(" ".join(f"{sum(column) / len(rows):6.3f}" for column in zip(*rows, strict=True)))
        sizes = sorted(len(keys) for keys in found)
        print(f"{name:16}  {cells[0]}  {cells[1]}  {sizes[len(sizes) // 2]:6}")


if __name__ == "__main__":
    main()
