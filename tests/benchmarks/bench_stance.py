"""Stance on the SciFact training claims: our rule beside word overlap and the majority, and the fit of its weights.

    python -m tests.benchmarks.bench_stance

Each claim stands beside the sentences that `stance` looks at in the papers it retrieves from SciFact's 5,183 abstracts:
the gold rationales (SUPPORT, CONTRADICT) and the best sentences of a cited abstract that does not settle it
(NOT_ENOUGH_INFO). A sample of the sentences of other papers, which nobody labelled, is taken for the last class too:
it takes part in the fit with a quarter of the weight, and is counted apart. All is by five folds, no claim in two.

"stance" takes the likelier side; "as shown" is silent where stance shows nothing. The last table is what the reader
sees: how many of the stances shown are right, of labelled sentences and of all, every unlabelled one counted as wrong.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score, roc_auc_score
from sklearn.model_selection import GroupKFold
from sklearn.preprocessing import StandardScaler

from assistant.filters import Filter
from assistant.library import Library
from assistant.retrieval import Searcher
from assistant.sentences import overlap, weighted_words
from assistant.stance import CONSIDERED, OPPOSES_WEIGHTS, SENTENCES, SPEAKS_WEIGHTS, Stance, judge
from assistant.verification import Verdict, bearing, verify
from tests.benchmarks.stores import SHARED, searcher_of, store_of

SUPPORT, CONTRADICT, NEITHER = "SUPPORT", "CONTRADICT", "NOT_ENOUGH_INFO"
SAID = {Stance.SUPPORTS: SUPPORT, Stance.CONTRADICTS: CONTRADICT, Stance.SILENT: NEITHER}
NEAR, FAR = 0.35, 0.06  # share of unlabelled sentences taken, of the first ten papers and of the others
UNLABELLED = 0.25  # their weight in the fit
PENALTY = 0.3


@dataclass(frozen=True, slots=True)
class Pair:
    """A claim and a sentence; `stands_for` says how many sentences it stands for, 1 where it is labelled."""

    claim: str
    label: str
    labelled: bool
    stands_for: float
    share: float
    signals: dict[str, float]
    verdict: Verdict


def main() -> None:
    """Print the fit, macro-F1 and the precision of what is shown."""
    store = store_of("scifact/corpus.jsonl.gz")
    pairs = list(read_pairs(Library.open(store), searcher_of(store)))
    labels = np.array([pair.label for pair in pairs])
    labelled = np.array([pair.labelled for pair in pairs])
    print(f"{labelled.sum()} labelled pairs, {(~labelled).sum()} others of {sum(p.stands_for for p in pairs):.0f}")
    speaks, opposes = _folded(pairs, labels)
    told = np.isin(labels, (SUPPORT, CONTRADICT))
    print(f"speaks: AUC {roc_auc_score(told[labelled], speaks[labelled]):.3f}", end=", ")
    print(f"opposes: AUC {roc_auc_score(labels[told] == CONTRADICT, opposes[told]):.3f}")
    chances = np.column_stack([speaks * (1 - opposes), speaks * opposes, 1 - speaks])
    shown = np.array(
        [
            SAID[judge(pair.signals, pair.verdict, float(s), float(c))[0]]
            for pair, s, c in zip(pairs, *chances.T[:2], strict=True)
        ]
    )
    guesses = {
        "majority": np.full(len(pairs), Counter(labels[labelled].tolist()).most_common(1)[0][0]),
        "word overlap": _by_overlap(pairs, labels),
        "stance": np.array([SUPPORT, CONTRADICT, NEITHER])[chances.argmax(axis=1)],
        "as shown": shown,
    }
    for name, guess in guesses.items():
        print(f"{name:14} macro-F1 {f1_score(labels[labelled], guess[labelled], average='macro'):.3f}")
    stands_for = np.array([pair.stands_for for pair in pairs])
    for label in (SUPPORT, CONTRADICT):
        chosen, right = shown == label, labels == label
        known = chosen & labelled
        among_all = stands_for[chosen & right].sum() / stands_for[chosen].sum()
        print(f"shown as {label}: {known.sum()}, right {right[known].mean():.2f}; of all {among_all:.2f};", end=" ")
        print(f"found {chosen[right].mean():.2f}")


def read_pairs(library: Library, searcher: Searcher) -> Iterator[Pair]:
    """Yield each training claim beside the sentences that stance looks at."""
    chance = random.Random(0)
    for line in (SHARED / "scifact" / "queries.jsonl").read_text(encoding="utf-8").splitlines():
        query = json.loads(line)
        found = searcher.retrieve(query["text"], filters=Filter(), limit=CONSIDERED)
        vectors = library.sentence_vectors([ranked.id for ranked in found.papers])
        words = weighted_words(query["text"], searcher.idf)
        for ranked in found.papers:
            for place, scored in enumerate(ranked.sentences):
                text = scored.sentence.text
                label, stands_for = _label(query, ranked.paper.source_id, text, ranked.rank, place < SENTENCES)
                if not label or chance.random() > 1 / stands_for:
                    continue
                cosine = float(vectors[ranked.id][scored.index] @ found.query_vector)
                seen = (text, ranked.paper.title, cosine)
                yield _pair(query["text"], label, stands_for, overlap(words, text), searcher.idf, seen)


def _pair(
    claim: str, label: str, stands_for: float, share: float, idf: Callable[[str], float], seen: tuple[str, str, float]
) -> Pair:
    text, title, cosine = seen
    signals = bearing(claim, text, title, cosine, idf)
    verdict = verify(claim, [text], idf=idf, similarity=cosine, context=[title])
    return Pair(claim, label, stands_for == 1, stands_for, share, signals, verdict)


def _label(query: dict[str, Any], paper: str, text: str, rank: int, looked_at: bool) -> tuple[str, float]:
    """Return a sentence's label, empty where it has none to count, and how many sentences it stands for."""
    if paper in query["evidence"]:
        gold = [sentence for rationale in query["evidence_text"][paper] for sentence in rationale]
        return (query["label"] if any(text in one or one in text for one in gold) else ""), 1
    if not looked_at:
        return "", 1
    if not query["evidence"] and paper in query["cited_doc_ids"]:
        return NEITHER, 1
    return NEITHER, 1 / (NEAR if rank <= 10 else FAR)


def _folded(pairs: list[Pair], labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return how likely each sentence speaks to its claim, and opposes it, by five folds; print the fit."""
    told = labels != NEITHER
    weights = np.array([1.0 if pair.labelled else UNLABELLED for pair in pairs])
    speaks, opposes = np.zeros(len(pairs)), np.zeros(len(pairs))
    kinds = (
        (speaks, list(SPEAKS_WEIGHTS), told, np.ones(len(pairs), bool)),
        (opposes, list(OPPOSES_WEIGHTS), labels == CONTRADICT, told),
    )
    for chances, names, truth, counted in kinds:
        signals = np.array([[pair.signals.get(name, 0.0) for name in names] for pair in pairs])
        groups = [pair.claim for pair in pairs]
        for train, test in GroupKFold(5, shuffle=True, random_state=0).split(signals, truth, groups):
            own = train[counted[train]]
            coefficients, bias = _fit(signals[own], truth[own], weights[own])
            chances[test] = 1 / (1 + np.exp(-(signals[test] @ coefficients + bias)))
        coefficients, bias = _fit(signals[counted], truth[counted], weights[counted])
        print({name: round(float(one), 2) for name, one in zip(names, coefficients, strict=True)}, round(bias, 2))
    without = [name for name in SPEAKS_WEIGHTS if name != "cosine"]
    coefficients, bias = _fit(np.array([[p.signals[name] for name in without] for p in pairs]), told, weights)
    print({name: round(float(one), 2) for name, one in zip(without, coefficients, strict=True)}, round(bias, 2))
    return speaks, opposes


def _fit(signals: np.ndarray, truth: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, float]:
    """Return the weights of a logistic regression for signals as they are, and its bias."""
    scaler = StandardScaler().fit(signals)
    model = LogisticRegression(C=PENALTY, max_iter=3000).fit(scaler.transform(signals), truth, sample_weight=weights)
    coefficients = model.coef_[0] / scaler.scale_
    return coefficients, float(model.intercept_[0] - coefficients @ scaler.mean_)


def _by_overlap(pairs: list[Pair], labels: np.ndarray) -> np.ndarray:
    """Return the label of each pair by its share of the claim's words alone, by five folds over the labelled pairs."""
    shares = np.array([[pair.share] for pair in pairs])
    weights = np.array([1.0 if pair.labelled else UNLABELLED for pair in pairs])
    said = np.full(len(pairs), NEITHER, dtype="U20")
    for train, test in GroupKFold(5, shuffle=True, random_state=0).split(shares, labels, [p.claim for p in pairs]):
        model = LogisticRegression(class_weight="balanced")
        said[test] = model.fit(shares[train], labels[train], sample_weight=weights[train]).predict(shares[test])
    return said


if __name__ == "__main__":
    main()
