"""How verification judges: rewordings of the sample, untrue variants of real sentences, and SciFact's claims.

    python -m tests.benchmarks.bench_verification FOLDER

FOLDER holds the development data (scifact/, pubmedqa/, arxiv/). Four tables:
rewordings, in two halves by the hash of their sentence (most rules were written with the first half in view, the later
ones with both), and some written later, since read too; faithful and subtly wrong sentences in the manner of a model,
by part: written "first", before the rules against such faults, "later", between rounds of them, or "last", and two
halves written together without a look at the rules, of which rules were made with the "seen" half in view only;
untrue variants of real sentences, in two halves; and on SciFact's training claims the verdicts by label, and the AUC
and operating points of a logistic regression over the signals of stance, by five-fold cross-validation.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import math
import random
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from assistant.answers import Support
from assistant.embedders import MiniLM
from assistant.stance import OPPOSES_WEIGHTS, SPEAKS_WEIGHTS
from assistant.text import clean_abstract, content_words, split_sentences
from assistant.verification import bearing, verify
from tests.untruths import RULES, untruths

DATA = Path(__file__).parents[1] / "data"


def rewordings(model: MiniLM) -> None:
    """Print how many faithful rewordings are flagged and how many of their untrue variants are verified."""
    counts: dict[str, Counter[str]] = {}
    for name in ("rewordings", "rewordings_later"):
        for line in (DATA / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            count = counts.setdefault(f"{name}, {_part(row)}", Counter())
            texts = [row["sentence"], row["rewording"], *(variant["text"] for variant in row["mutations"])]
            vectors = model.embed_queries(texts)
            for at, text in enumerate(texts[1:], start=1):
                verdict = verify(text, texts[:1], idf=_equal, similarity=float(vectors[at] @ vectors[0]))
                kind = "rewordings" if at == 1 else "variants"
                count[kind] += 1
                count[f"{kind} verified"] += verdict.support is Support.VERIFIED
    for part, count in counts.items():
        flagged = 1 - count["rewordings verified"] / count["rewordings"]
        print(f"{part}: {flagged:.3f} of {count['rewordings']} faithful rewordings flagged, ", end="")
        print(f"{count['variants verified']} of {count['variants']} untrue variants verified")


def sentences(folder: Path, model: MiniLM) -> None:
    """Print how many faithful sentences in the manner of a model are flagged, and which wrong ones are verified.

    Of the half held out only the figures are printed.
    """
    counts: dict[str, Counter[str]] = {}
    corpora: dict[str, dict[str, str]] = {}
    for line in (DATA / "model_sentences.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        count = counts.setdefault(row["part"], Counter())
        sentence = row.get("sentence") or _sentence_of(row, folder, corpora)
        pair = model.embed_queries([sentence, row["claim"]])
        verdict = verify(row["claim"], [sentence], idf=_equal, similarity=float(pair[0] @ pair[1]))
        kind = "wrong" if row["fault"] else "faithful"
        count[kind] += 1
        count[f"{kind} verified"] += verdict.support is Support.VERIFIED
        if row["fault"] and verdict.support is Support.VERIFIED and row["part"] != "held out":
            print(f"verified though wrong ({row['fault']}): {row['claim']}")
    for part, count in counts.items():
        flagged = count["faithful"] - count["faithful verified"]
        print(f"model sentences, {part}: {flagged} of {count['faithful']} faithful ones flagged, ", end="")
        print(f"{count['wrong verified']} of {count['wrong']} wrong ones verified")


def _sentence_of(row: dict[str, Any], folder: Path, corpora: dict[str, dict[str, str]]) -> str:
    """Return the sentence of the development data that a row cites by corpus, record and first words."""
    name, _, key = row["source_id"].rpartition(":")
    if name not in corpora:
        corpora[name] = {str(record["_id"]): record["text"] for record in _rows(folder / f"{name}.jsonl.gz")}
    cited = split_sentences(clean_abstract(corpora[name][key]))
    return next(sentence.text for sentence in cited if sentence.text.startswith(row["begins"]))


def _part(row: dict[str, Any]) -> str:
    even = int(hashlib.sha256(row["sentence"].encode()).hexdigest(), 16) % 2 == 0
    return str(row.get("part") or ("first half" if even else "second half"))


def variants(folder: Path) -> None:
    """Print the share of untrue variants caught, by kind and half."""
    chance = random.Random(0)
    sentences: list[str] = []
    for name in ("arxiv/subfield_cs.IR", "arxiv/sample_cs_1k", "scifact/corpus", "pubmedqa/corpus"):
        texts = [str(row["text"]) for row in _rows(folder / f"{name}.jsonl.gz")][:1500]
        sentences += [s.text for text in texts for s in split_sentences(clean_abstract(text)) if 60 < len(s.text) < 320]
    chance.shuffle(sentences)
    for half, own in (("seen", sentences[::2]), ("held out", sentences[1::2])):
        for kind in RULES:
            pairs = untruths(own, kind, 600)
            caught = sum(verify(variant, [true], idf=_equal).support is not Support.VERIFIED for true, variant in pairs)
            print(f"{half}: {kind}: {caught / len(pairs):.4f} of {len(pairs)} caught")


def scifact(folder: Path, model: MiniLM) -> None:
    """Print verdicts by label, and how well plain signals tell supported claims from the rest."""
    corpus = {row["_id"]: row for row in _rows(folder / "corpus.jsonl.gz")}
    idf = _idf([f"{row['title']} {row['text']}" for row in corpus.values()])
    features: list[list[float]] = []
    names = sorted({*SPEAKS_WEIGHTS, *OPPOSES_WEIGHTS, "weaker_side_here", "relation_said", "asks"})
    labels: list[str] = []
    claims: list[str] = []
    verdicts: Counter[tuple[str, str]] = Counter()
    for claim, evidence, label, title, similarity in _claims(folder, corpus, model):
        verdict = verify(claim, evidence, idf=idf, similarity=similarity, context=[title])
        verdicts[label, verdict.support.value] += 1
        signals = bearing(claim, " ".join(evidence), title, similarity, idf)
        features.append([signals.get(name, 0.0) for name in names])
        labels.append(label)
        claims.append(claim)
    for label in ("SUPPORT", "CONTRADICT", "NOT_ENOUGH_INFO"):
        print(label, {support.value: verdicts[label, support.value] for support in Support})
    supported = np.array([label == "SUPPORT" for label in labels])
    chances = _chances(np.array(features), supported, claims)
    print(f"AUC of SUPPORT against the rest, five folds by claim: {roc_auc_score(supported, chances):.3f}")
    for least in (0.4, 0.5, 0.6, 0.7):
        chosen = chances >= least
        print(f"  from {least}: precision {supported[chosen].mean():.3f}, recall {chosen[supported].mean():.3f}")


def _chances(signals: np.ndarray, supported: np.ndarray, claims: list[str]) -> np.ndarray:
    """Return the cross-validated chance of support of each pair, shape (n,); no claim is in two folds."""
    fitted = make_pipeline(StandardScaler(), LogisticRegression(max_iter=3000))
    folds = GroupKFold(5)
    chances = cross_val_predict(fitted, signals, supported, cv=folds, groups=claims, method="predict_proba")
    return np.asarray(chances[:, 1])


def _claims(folder: Path, corpus: dict[str, Any], model: MiniLM) -> Iterator[tuple[str, list[str], str, str, float]]:
    """Yield (claim, evidence, label, title, cosine): gold sentences, or the nearest two where there are none."""
    for line in (folder / "queries.jsonl").read_text(encoding="utf-8").splitlines():
        query = json.loads(line)
        vector = model.embed_queries([query["text"]])[0]
        for key, sets in query["evidence_text"].items():
            vectors = model.embed_queries(sets[0])
            yield query["text"], sets[0], query["label"], corpus[key]["title"], float((vectors @ vector).max())
        for key in [] if query["evidence_text"] else query["cited_doc_ids"][:1]:
            texts = [sentence.text for sentence in split_sentences(corpus[key]["text"])]
            cosines = model.embed_queries(texts) @ vector
            nearest = sorted(np.argsort(-cosines)[:2].tolist())
            chosen = [texts[at] for at in nearest]
            yield query["text"], chosen, query["label"], corpus[key]["title"], float(cosines.max())


def _idf(texts: list[str]) -> Callable[[str], float]:
    frequencies: Counter[str] = Counter()
    for text in texts:
        frequencies.update(set(content_words(text)))
    return lambda word: math.log((len(texts) + 1) / (frequencies.get(word, 0) + 0.5))


def _equal(_: str) -> float:
    return 1.0


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines)


def main() -> None:
    """Print all tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    model = MiniLM()
    rewordings(model)
    sentences(folder, model)
    variants(folder)
    scifact(folder / "scifact", model)


if __name__ == "__main__":
    main()
