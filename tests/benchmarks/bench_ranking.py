"""Ranking: what each ingredient of retrieval gains, on five kinds of questions.

    python -m tests.benchmarks.bench_ranking

SciFact's training claims, PubMedQA's development questions, and over 50,000 arXiv papers queries for a known paper,
made here by a seeded draw, and questions in other words than the paper's (tests/data/conceptual_questions.jsonl). A row
adds one ingredient; its gain is over the row before, that of the sum over the better half. Intervals are of 95 %, p is
of a paired randomisation test. The two shares of assistant/fusion.py are then chosen in folds, beside the shipped ones.
"""

from __future__ import annotations

import csv
import json
import random
import string
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant import fusion
from assistant.candidates import CLOSELY, CandidateFinder, embed_question
from assistant.embedders import FloatArray, MiniLM
from assistant.evaluation import compare, summarise
from assistant.evaluation.measures import Scores, score_run
from assistant.filters import Filter
from assistant.identity import family_name
from assistant.indexes import Indexes
from assistant.interaction import best_matches, token_weights, weighed
from assistant.library import Library
from assistant.lookup import named_papers
from assistant.papers import Paper
from assistant.retrieval import NAMED_FROM, Searcher
from assistant.sentences import Idf
from assistant.text import content_words, fold, split_sentences
from tests.benchmarks.stores import SHARED, store_of

DEPTH = 100
FOLDS = 5
SHARES = np.linspace(0, 1, 11)
KNOWN = 150  # papers drawn; each is asked for in every way that fits it
CONCEPTUAL = Path(__file__).parents[1] / "data" / "conceptual_questions.jsonl"
ARXIV = "arxiv/sample_cs_50k.jsonl.gz"


@dataclass(frozen=True, slots=True)
class Query:
    """A question and the source ids of the papers that answer it."""

    id: str
    text: str
    relevant: frozenset[str]


@dataclass(frozen=True, slots=True)
class Scored:
    """The candidates for a query as parallel arrays in the order of the first score, `match` of the first ones.

    `shipped` counts down from 0 along the list that `search` gives.
    """

    query: Query
    papers: list[str]
    lexical: FloatArray
    dense: FloatArray
    match: FloatArray
    named: NDArray[np.bool_]
    most: float
    shipped: FloatArray


class Scorer:
    """Scores the candidates of one library in every way there is."""

    def __init__(self, store: Path) -> None:
        self.library = Library.open(store)
        indexes = Indexes.open(self.library)
        self._finder = CandidateFinder(self.library, indexes.vectors, indexes.lexical)
        self._idf = Idf(len(indexes.lexical), indexes.lexical.word_frequency)
        self._embedder = MiniLM()
        self._searcher = Searcher(self.library, indexes.vectors, indexes.lexical, self._embedder)

    def score(self, query: Query) -> Scored:
        """Return the candidates for a query with their single scores."""
        question = embed_question(query.text, self._embedder)
        found = self._finder.find(question, self._idf, DEPTH, None)
        named = named_papers(self.library, query.text, found.ids[:NAMED_FROM].tolist())
        missing = np.setdiff1d(np.array(named, np.int64), found.ids)
        ids = np.concatenate([found.ids, missing])
        lexical, dense = (np.concatenate([part, np.zeros(len(missing))]) for part in (found.lexical, found.dense))
        most = fusion.CEILING * sum(map(self._idf, content_words(query.text))) or 1.0
        order = np.argsort(-fusion.first_score(lexical, dense, most), kind="stable")
        near = ids[order[:CLOSELY]].tolist()
        bits = self.library.token_bits(near)
        assert question.tokens is not None
        weights = token_weights(question.tokens, self._idf)
        _, matches = weighed(weights, best_matches(question.tokens, [bits[n] for n in near]))
        stored = self.library.load(ids.tolist())
        names = [stored[number].paper.source_id for number in ids[order].tolist()]
        ranks = {
            paper: -rank
            for rank, (paper, _) in enumerate(self._searcher.rank(query.text, filters=Filter(), limit=DEPTH))
        }
        return Scored(
            query,
            names,
            lexical[order],
            dense[order],
            np.array(matches, np.float32),
            np.isin(ids[order], named),
            most,
            np.array([ranks.get(number, -len(ids)) for number in ids[order].tolist()], np.float32),
        )


Ranking = Callable[[Scored], FloatArray]


def lexical_alone(found: Scored) -> FloatArray:
    """Return BM25 of title and abstract."""
    return found.lexical


def dense_alone(found: Scored) -> FloatArray:
    """Return the cosine of the best window."""
    return found.dense


def summed(found: Scored) -> FloatArray:
    """Return the sum of both."""
    return fusion.first_score(found.lexical, found.dense, found.most)


def stretched(found: Scored) -> FloatArray:
    """Return the sum of both, each stretched to 0..1 over the candidates: the usual way, for comparison."""
    return 0.4 * fusion.stretch(found.lexical) + 0.6 * fusion.stretch(found.dense)


def interacted(found: Scored) -> FloatArray:
    """Return the sum joined with late interaction for the first papers."""
    return fusion.final_score(summed(found), found.match)


def looked_up(found: Scored) -> FloatArray:
    """Return the same with papers that the question names in front: what `search` does."""
    return interacted(found) + 2 * found.named


def shipped(found: Scored) -> FloatArray:
    """Return the order of `search`: near-duplicates go behind the others."""
    return found.shipped


ROWS: dict[str, Ranking] = {
    "BM25 (tantivy) alone": lexical_alone,
    "window vectors alone": dense_alone,
    "their sum, stretched": stretched,
    "their sum": summed,
    "late interaction": interacted,
    "papers named": looked_up,
    "near-duplicates behind": shipped,
}


def main() -> None:
    """Print a table for each kind of question."""
    for name, scored in all_scored():
        print(f"\n{name}, {len(scored)} queries", flush=True)
        print_rows(scored)
        print_folds(scored)


def all_scored() -> Iterator[tuple[str, list[Scored]]]:
    """Yield the name and the scored queries of each kind."""
    for folder, split in (("scifact", "train"), ("pubmedqa", "dev")):
        scorer = Scorer(store_of(f"{folder}/corpus.jsonl.gz"))
        yield folder, [scorer.score(query) for query in collection_queries(folder, split)]
    scorer = Scorer(store_of(ARXIV))
    for name, queries in (*known_item_queries(list(scorer.library.papers())).items(), ("conceptual", conceptual())):
        yield name, [scorer.score(query) for query in queries]


def print_rows(scored: Sequence[Scored]) -> None:
    """Print the measures of each row, what it gains in nDCG@10, and how `search` stands to its better half."""
    qrels = {found.query.id: dict.fromkeys(found.query.relevant, 1) for found in scored}
    rows = {name: score_run(run_of(scored, ranking), qrels) for name, ranking in ROWS.items()}
    names = list(ROWS)
    half = max(names[:2], key=lambda name: float(rows[name]["nDCG@10"].mean()))
    before = {names[2]: half, **{name: earlier for earlier, name in pairwise(names[2:])}}
    print(f"  {'':24}nDCG@10    MRR   R@20  R@100   gain in nDCG@10")
    for name, scores in rows.items():
        means = "  ".join(f"{measure.mean:.3f}" for measure in summarise(scores))
        print(f"  {name:24}  {means}   {gain(scores, rows[before[name]]) if name in before else ''}")
    print(f"  search over {half}: {gain(rows[names[-1]], rows[half])}")


def gain(scores: Scores, baseline: Scores) -> str:
    """Return the difference in nDCG@10 with its interval and p."""
    change = compare(scores, baseline)[0]
    return f"{change.difference:+.3f} [{change.low:+.3f}, {change.high:+.3f}] p {change.p:.4f}"


def run_of(scored: Sequence[Scored], ranking: Ranking) -> dict[str, dict[str, float]]:
    """Return a run of the first papers of each query; equal scores keep their order."""
    run: dict[str, dict[str, float]] = {}
    for found in scored:
        order = np.argsort(-ranking(found), kind="stable")[:DEPTH]
        run[found.query.id] = {found.papers[place]: float(-rank) for rank, place in enumerate(order)}
    return run


def print_folds(scored: Sequence[Scored]) -> None:
    """Print nDCG@10 with the shares chosen on four fifths of the queries for the fifth, and with those shipped."""
    shipped = (fusion.LEXICAL_SHARE, fusion.MATCH_SHARE)
    grid = [(first, second) for first in SHARES for second in SHARES]
    values = np.array([[gain_at_ten(found, *shares) for found in scored] for shares in grid])
    fold = np.random.default_rng(0).permutation(len(scored)) % FOLDS
    chosen = [int(values[:, fold != number].mean(axis=1).argmax()) for number in range(FOLDS)]
    held_out = np.array([values[chosen[number], place] for place, number in enumerate(fold)])
    ours = np.mean([gain_at_ten(found, *shipped) for found in scored])
    picked = ", ".join(f"{grid[best][0]:.1f}/{grid[best][1]:.1f}" for best in chosen)
    print(f"  shares chosen in folds {held_out.mean():.3f} ({picked}); shipped {shipped[0]}/{shipped[1]} {ours:.3f}")


def gain_at_ten(found: Scored, lexical_share: float, match_share: float) -> float:
    """Return nDCG@10 of a query with other shares; the candidates looked at closely stay the same."""
    first = lexical_share / found.most * found.lexical + (1 - lexical_share) * found.dense
    near, behind = np.split(first, [len(found.match)])
    closely = (1 - match_share) * near + match_share * found.match
    score = np.concatenate([closely, behind - 2]) + 9 * found.named
    first_ten = np.argsort(-score, kind="stable")[:10]
    gains = [found.papers[place] in found.query.relevant for place in first_ten]
    ideal = np.sum(1 / np.log2(np.arange(min(10, len(found.query.relevant))) + 2))
    return float(np.sum(np.array(gains) / np.log2(np.arange(len(gains)) + 2)) / ideal)


def collection_queries(folder: str, split: str) -> list[Query]:
    """Return the judged queries of a collection's split."""
    relevant: dict[str, set[str]] = {}
    with (SHARED / folder / "qrels.tsv").open(encoding="utf-8") as lines:
        for name, paper, grade in list(csv.reader(lines, delimiter="\t"))[1:]:
            if int(grade) > 0:
                relevant.setdefault(name, set()).add(paper)
    lines_ = (SHARED / folder / "queries.jsonl").read_text(encoding="utf-8").splitlines()
    queries = [query for query in map(json.loads, lines_) if query["_id"] in relevant]
    return [
        Query(query["_id"], query["text"], frozenset(relevant[query["_id"]]))
        for query in queries
        if query.get("split", split) == split
    ]


def conceptual() -> list[Query]:
    """Return the questions in our own words, each with the arXiv paper that it was written for."""
    lines = map(json.loads, CONCEPTUAL.read_text(encoding="utf-8").splitlines())
    return [Query(line["_id"], line["text"], frozenset(line["relevant"])) for line in lines]


def known_item_queries(papers: Sequence[Paper], seed: int = 0) -> dict[str, list[Query]]:
    """Return queries by kind for papers drawn by `seed`; a paper of the same title counts as well."""
    draw = random.Random(seed)
    same: dict[str, set[str]] = {}
    for paper in papers:
        same.setdefault(fold(paper.title), set()).add(paper.source_id)
    kinds: dict[str, Callable[[Paper, random.Random], str | None]] = {
        "exact title": lambda paper, _: paper.title,
        "title, two words dropped": _title_without_words,
        "title, two typos": _title_with_typos,
        "author year word": _author_year_word,
        "sentence, a third of its words dropped": _sentence_without_words,
    }
    queries: dict[str, list[Query]] = {kind: [] for kind in kinds}
    for paper in draw.sample(list(papers), KNOWN):
        for kind, make in kinds.items():
            text = make(paper, draw)
            if text is not None:
                queries[kind].append(Query(paper.source_id, text, frozenset(same[fold(paper.title)])))
    return queries


def _title_without_words(paper: Paper, draw: random.Random) -> str | None:
    words = paper.title.split()
    return _thinned(words, 2, draw) if len(words) > 4 else None


def _title_with_typos(paper: Paper, draw: random.Random) -> str | None:
    words = paper.title.split()
    long = [place for place, word in enumerate(words) if len(word) > 4 and word.isalpha()]
    if len(long) < 2:
        return None
    for place in draw.sample(long, 2):
        words[place] = _mistyped(words[place], draw)
    return " ".join(words)


def _mistyped(word: str, draw: random.Random) -> str:
    """Return a word with two letters swapped, or one missing or wrong."""
    at = draw.randrange(1, len(word) - 1)
    swapped, missing = word[:at] + word[at + 1] + word[at] + word[at + 2 :], word[:at] + word[at + 1 :]
    return draw.choice([swapped, missing, word[:at] + draw.choice(string.ascii_lowercase) + word[at + 1 :]])


def _author_year_word(paper: Paper, draw: random.Random) -> str | None:
    words = [word for word in paper.title.split() if word.isalpha() and content_words(word)]
    if not (paper.authors and paper.year and words):
        return None
    return f"{family_name(paper.authors[0]).lower()} {paper.year} {draw.choice(words).lower()}"


def _sentence_without_words(paper: Paper, draw: random.Random) -> str | None:
    sentences = [sentence.text.split() for sentence in split_sentences(paper.abstract)]
    long = [words for words in sentences if 9 < len(words) < 40]
    if not long:
        return None
    words = draw.choice(long)
    return _thinned(words, len(words) // 3, draw)


def _thinned(words: Sequence[str], dropped: int, draw: random.Random) -> str:
    """Return words without `dropped` of them, in their order."""
    left = sorted(draw.sample(range(len(words)), len(words) - dropped))
    return " ".join(words[place] for place in left)


if __name__ == "__main__":
    main()
