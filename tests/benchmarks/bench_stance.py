"""Stance on the SciFact training claims: our rule beside word overlap and the majority class.

    python -m tests.benchmarks.bench_stance ../shared/data/scifact

Each pair is a claim and its rationale (SUPPORT, CONTRADICT), or the sentence of a cited abstract that shares most of
its words (NOT_ENOUGH_INFO). The rule has two thresholds and no trained weight; overlap is a logistic regression on
one feature, and "plain signals" one on those of `pair_signals`, each cross-validated in five folds by claim. The
second says how much a trained stance could win; what is shown stays with the rule, which can say why.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import confusion_matrix, f1_score
from sklearn.model_selection import GroupKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from assistant.embedders import MiniLM
from assistant.sentences import Idf, overlap, weighted_words
from assistant.stance import Stance, sentence_stance
from assistant.text import content_words
from tests.benchmarks.pair_signals import pair_signals

STANCES = {Stance.SUPPORTS: "SUPPORT", Stance.CONTRADICTS: "CONTRADICT", Stance.SILENT: "NOT_ENOUGH_INFO"}


def main(folder: Path) -> None:
    """Print macro-F1 and the confusion of labels."""
    with gzip.open(folder / "corpus.jsonl.gz", "rt", encoding="utf-8") as lines:
        corpus = {paper["_id"]: paper for paper in map(json.loads, lines)}
    counts = Counter(w for p in corpus.values() for w in set(content_words(f"{p['title']} {p['text']}")))
    idf = Idf(len(corpus), lambda word: counts.get(word, 0))
    pairs = list(read_pairs(folder, corpus))
    embedder = MiniLM()
    claims = embedder.embed_queries([claim for _, claim, _, _, _ in pairs])
    evidence = embedder.embed_queries([text for _, _, text, _, _ in pairs])
    cosines = np.sum(claims * evidence, axis=1)
    labels = [label for *_, label in pairs]
    said = [
        STANCES[sentence_stance(claim, text, idf=idf, similarity=float(cosine), title=title)]
        for (_, claim, text, title, _), cosine in zip(pairs, cosines, strict=True)
    ]
    shares = np.array([[overlap(weighted_words(claim, idf), text)] for _, claim, text, _, _ in pairs])
    model = LogisticRegression(class_weight="balanced")
    groups = [name for name, *_ in pairs]
    by_overlap = cross_val_predict(model, shares, labels, cv=GroupKFold(5), groups=groups)
    signals = [
        pair_signals(claim, [text], title, float(cosine), idf)
        for (_, claim, text, title, _), cosine in zip(pairs, cosines, strict=True)
    ]
    by_signals = cross_val_predict(
        make_pipeline(StandardScaler(), LogisticRegression(class_weight="balanced", max_iter=3000)),
        np.array(signals),
        labels,
        cv=GroupKFold(5),
        groups=groups,
    )
    most = Counter(labels).most_common(1)[0][0]
    guesses = {
        "majority": [most] * len(labels),
        "word overlap": by_overlap,
        "stance": said,
        "plain signals": by_signals,
    }
    for name, guess in guesses.items():
        print(f"{name:14} macro-F1 {f1_score(labels, guess, average='macro'):.3f}")
    names = list(STANCES.values())
    print(f"rows true, columns said: {names}\n{confusion_matrix(labels, said, labels=names)}")


def read_pairs(folder: Path, corpus: dict[str, dict]) -> Iterator[tuple[str, str, str, str, str]]:  # type: ignore[type-arg]
    """Yield (claim id, claim, evidence, title, label) of the training claims."""
    for line in (folder / "queries.jsonl").read_text(encoding="utf-8").splitlines():
        query = json.loads(line)
        for paper_id, rationales in query["evidence"].items():
            paper = corpus[paper_id]
            for rationale in rationales:
                text = " ".join(paper["metadata"]["sentences"][i] for i in rationale["sentences"])
                yield query["_id"], query["text"], text, paper["title"], rationale["label"]
        if not query["evidence"]:
            paper = corpus[query["cited_doc_ids"][0]]
            words = set(content_words(query["text"]))
            nearest = max(paper["metadata"]["sentences"], key=lambda text: len(words & set(content_words(text))))
            yield query["_id"], query["text"], nearest, paper["title"], "NOT_ENOUGH_INFO"


if __name__ == "__main__":
    main(Path(sys.argv[1]))
