"""How well the scope of a summary finds the papers of a topic, beside plain top-k of the same retrieval.

    python -m tests.benchmarks.bench_scope [--store DIR]

68 topics over the 7,030 cs.IR records of the development data (6,569 papers after merging), and 201 over the first
5,000 records of all fields; the rule by which a paper counts stands in tests/data/scope_topics.json. The four labelled
topics of the sample library come last. The libraries are built once under .cache; --store is the one of cs.IR.
"""

from __future__ import annotations

import argparse
import json
import re
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.app import Assistant, open_assistant
from assistant.filters import Filter
from assistant.papers import Paper
from assistant.settings import Settings
from assistant.summaries.scope import ScopeChooser
from tests.benchmarks.stores import CACHE, SHARED, store_of

DATA = Path(__file__).parents[1] / "data"
WIDTHS = ("strict", None, "broad")


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic with the keys of its core papers and of all that are on topic."""

    name: str
    set: str
    core: frozenset[str]
    related: frozenset[str]


def read_topics(papers: Iterable[Paper], library: str) -> list[Topic]:
    """Return the topics over a library with their papers by the documented rule."""
    records = list(papers)
    found = []
    for entry in json.loads((DATA / "scope_topics.json").read_text("utf-8"))["topics"]:
        if entry.get("library", "ir") != library:
            continue
        if "category" in entry:
            core = related = frozenset(paper.key for paper in records if entry["category"] in paper.categories)
        else:
            patterns = [re.compile(entry[part], re.IGNORECASE) for part in ("pattern", "and") if part in entry]
            counts = {paper.key: [_mentions(pattern, paper) for pattern in patterns] for paper in records}
            related = frozenset(key for key, found in counts.items() if min(found) > 0)
            core = frozenset(key for key, found in counts.items() if min(found) > 1)
        found.append(Topic(entry["topic"], entry["set"], core, related))
    return found


def labelled_topics(papers: Iterable[Paper]) -> list[Topic]:
    """Return the topics of the sample library that were labelled by hand."""
    keys = {paper.source_id: paper.key for paper in papers}
    found = []
    for entry in json.loads((DATA / "topics.json").read_text("utf-8")):
        core = frozenset(keys[source] for source in entry["core"])
        related = core | {keys[source] for source in entry["borderline"]}
        found.append(Topic(entry["topic"], entry["topic"], core, related))
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


def measure(assistant: Assistant, topics: Sequence[Topic]) -> None:
    """Print precision, recall, F1 and the median size of each width for each set of topics."""
    chooser = ScopeChooser(assistant.library, assistant.searcher, assistant.embedder)
    runs: dict[str, list[list[str]]] = {}
    for topic in topics:
        ranked = [found.paper.key for found in assistant.search(topic.name, top_k=100).papers]
        for count in (20, 50, 100):
            runs.setdefault(f"top {count}", []).append(ranked[:count])
        for width in WIDTHS:
            scope = chooser.choose(topic.name, filters=Filter(), width=width)
            runs.setdefault(f"scope {width or 'as it is'}", []).append([member.key for member in scope.members])
    for part in dict.fromkeys(topic.set for topic in topics):
        print(f"{part} ({sum(topic.set == part for topic in topics)})")
        for name, found in runs.items():
            rows = [(score(t, keys), len(keys)) for t, keys in zip(topics, found, strict=True) if t.set == part]
            means = [sum(column) / len(rows) for column in zip(*(row[0] for row in rows), strict=True)]
            sizes = sorted(row[1] for row in rows)
            cells = "  ".join(f"{figure} {mean:.3f}" for figure, mean in zip(("P", "R", "F1"), means, strict=True))
            print(f"  {name:17} {cells}  n {sizes[len(sizes) // 2]}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", type=Path)
    assistant = library(parser.parse_args().store)
    measure(assistant, read_topics(assistant.papers(), "ir"))
    assistant = open_assistant(Settings(store=store_of("arxiv/sample_cs_50k.jsonl.gz", first=5000), llm="none"))
    measure(assistant, read_topics(assistant.papers(), "cs"))
    with tempfile.TemporaryDirectory() as folder:
        assistant = open_assistant(Settings(store=Path(folder), llm="none"))
        assistant.ingest([], sample=True)
        measure(assistant, labelled_topics(assistant.papers()))


if __name__ == "__main__":
    main()
