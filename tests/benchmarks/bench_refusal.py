"""Refusal: does the assistant tell a question that the library answers from one whose answering papers were taken out?

    python -m tests.benchmarks.bench_refusal

Each question is asked twice, with its judged papers in the library and without them. The rule of assistant/refusal.py
was fitted on the 500 PubMedQA development questions; its own form is fitted anew in five folds over questions here, and
the weights it ships with are then applied, unchanged, to SciFact claims and to questions over the sample library. On
the last two other papers often answer as well, so not every answer counted as wrong is one.
"""

from __future__ import annotations

import csv
import json
import tempfile
from collections import defaultdict
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from assistant.app import Assistant
from assistant.filters import Filter, Term
from assistant.library import Library
from assistant.refusal import ANSWER_WEIGHTS, answer_probability
from assistant.retrieval import Searcher
from assistant.settings import Settings
from tests.benchmarks.stores import SHARED, searcher_of, store_of
from tests.test_sample import ANSWERED

FOLDS = 5
Signals = dict[str, float]
Pairs = list[tuple[Signals, Signals]]  # of a question: with its papers in the library, and without


def main() -> None:
    """Print precision and recall of refusal on each collection."""
    medicine = collection_pairs("pubmedqa", "dev")
    fold_figures(medicine)
    for name, pairs in (
        ("PubMedQA, 500 questions", medicine),
        ("SciFact, 400 claims", collection_pairs("scifact", "train")[:400]),
        ("sample library, 10 questions", sample_pairs()),
    ):
        print(f"\n{name}: the weights as shipped, over the setting `certainty`")
        for certainty in (0.3, 0.4, 0.5, 0.6, 0.7):
            print(f"  {certainty:.1f}: " + figures([answer_probability(s) < certainty for pair in pairs for s in pair]))


def fold_figures(pairs: Pairs) -> None:
    """Print how the rule does on folds it was not fitted on."""
    names = list(ANSWER_WEIGHTS)
    rows = np.array([[signals.get(name, 0.0) for name in names] for pair in pairs for signals in pair])
    labels = np.tile([1, 0], len(pairs))
    groups = np.repeat(np.arange(len(pairs)), 2)
    refused = np.zeros(len(rows), bool)
    for train, test in GroupKFold(FOLDS, shuffle=True, random_state=0).split(rows, labels, groups):
        model = LogisticRegression(C=100, max_iter=1000).fit(rows[train], labels[train])
        refused[test] = model.predict(rows[test]) == 0
    whole = LogisticRegression(C=100, max_iter=1000).fit(rows, labels)
    weights = ", ".join(f"{name} {weight:.1f}" for name, weight in zip(names, whole.coef_[0], strict=True))
    print(f"PubMedQA, fitted in {FOLDS} folds: {figures(refused.tolist())}")
    print(f"  fitted on all: {weights}, bias {whole.intercept_[0]:.1f}")


def figures(refused: list[bool]) -> str:
    """Return precision and recall of refusals that alternate: answerable, unanswerable."""
    wrong, right = sum(refused[0::2]), sum(refused[1::2])
    precision = right / (right + wrong) if right + wrong else 0.0
    return f"precision {precision:.3f}, recall {right / (len(refused) // 2):.3f}"


def collection_pairs(name: str, split: str) -> Pairs:
    """Return the signals of a collection's questions that have evidence."""
    store = store_of(f"{name}/corpus.jsonl.gz")
    searcher = searcher_of(store)
    with Library.open(store) as library:
        keys = {paper.source_id: paper.key for paper in library.papers()}
    gold: dict[str, list[str]] = defaultdict(list)
    with (SHARED / name / "qrels.tsv").open(encoding="utf-8") as lines:
        for query, document, score in list(csv.reader(lines, delimiter="\t"))[1:]:
            if int(score) > 0:
                gold[query].append(keys[document])
    text = (SHARED / name / "queries.jsonl").read_text(encoding="utf-8")
    queries = [json.loads(line) for line in text.splitlines()]
    wanted = [q for q in queries if q.get("split", split) == split and q.get("evidence", True) and q["_id"] in gold]
    return [signals_of(searcher, query["text"], gold[query["_id"]]) for query in wanted]


def sample_pairs() -> Pairs:
    """Return the signals of the questions of fact over the sample library."""
    with tempfile.TemporaryDirectory() as folder, Assistant(Settings(store=Path(folder), llm="none")) as assistant:
        assistant.ingest([], sample=True)
        keys = {paper.source_id: paper.key for paper in assistant.library.papers()}
        return [signals_of(assistant.searcher, question, [keys[f"sample:{n}"]]) for question, n, _ in ANSWERED]


def signals_of(searcher: Searcher, question: str, keys: list[str]) -> tuple[Signals, Signals]:
    """Return the signals of a question with the papers of `keys` in the library, and without them."""
    without = Filter((Term("key", tuple(keys), negated=True),))
    both = (searcher.retrieve(question, filters=chosen, limit=10) for chosen in (Filter(), without))
    present, absent = (found.signals for found in both)
    return present, absent


if __name__ == "__main__":
    main()
