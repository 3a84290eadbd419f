"""How fast the real retrieval is at 5,000 and 50,000 papers, beside what else could have been used, and its memory.

    python -m tests.benchmarks.bench_retrieval [--rounds N] [--small] [--llama-index]

The stores are the first 5,000 and all of the 50,000 arXiv records, built once under .cache; embedding these takes a
quarter of an hour. Questions are the natural ones of tests/data. A search is the whole way in one warm process,
embedding the question included, for the alternatives too where they are dense. Each figure is the best of the rounds;
where the machine is busy read the ratio to the bare embedding of the same questions in the same run.
--small leaves the 50,000 papers out. --llama-index adds LlamaIndex's VectorStoreIndex over Chroma with our embedding by
llama-index-vector-stores-chroma, also to a table of how well each way ranks for SciFact's training claims.
"""

from __future__ import annotations

import argparse
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np

from assistant.embedders import MiniLM
from assistant.evaluation.measures import score_run
from assistant.filters import Filter, parse_filter
from assistant.indexes import VECTORS_FOLDER, Indexes
from assistant.library import Library, WindowTable
from assistant.retrieval import Searcher
from assistant.text import content_words
from assistant.vectors.hnsw import HnswVectors
from tests.benchmarks.bench_ranking import collection_queries
from tests.benchmarks.stores import CACHE, CHECKOUT, store_of

FILTERS = ("", "year:2017..", "category:cs.IR", "author:chen", "-category:cs.CV year:2010..2016")
DATA = Path(__file__).parents[1] / "data"
SHOWN = 10
Search = Callable[[str], object]


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--llama-index", action="store_true")
    parser.add_argument("--small", action="store_true")
    arguments = parser.parse_args()
    llama, asked = arguments.llama_index, questions()
    if not arguments.small:
        large = store_of("arxiv/sample_cs_50k.jsonl.gz")
        whole_processes(large, arguments.rounds)  # first: a child's memory counts what its parent held when forked
    few = store_of("arxiv/sample_cs_50k.jsonl.gz", first=5_000)
    small = latency("5,000 papers", few, asked, arguments.rounds, llama=llama)
    quality(llama=llama)
    if arguments.small:
        return
    p50 = latency("50,000 papers", large, asked, arguments.rounds, llama=llama)
    print(f"\ngrowth of the p50 from 5,000 to 50,000 papers: x{p50 / small:.2f}")
    recall(large, asked)


def questions() -> list[str]:
    """Return the natural questions of tests/data."""
    review = [json.loads(line)["text"] for line in (DATA / "review_questions.jsonl").read_text("utf-8").splitlines()]
    chats = [json.loads(line)["turns"] for line in (DATA / "dialogues.jsonl").read_text("utf-8").splitlines()]
    return review + [turn["standalone"] for turns in chats for turn in turns if turn["standalone"]]


def latency(name: str, store: Path, asked: list[str], rounds: int, *, llama: bool) -> float:
    """Print latencies over one store and return the p50 of a plain search in milliseconds."""
    embedder = MiniLM()
    with Library.open(store) as library:
        indexes = Indexes.open(library)
        searcher = Searcher(library, indexes.vectors, indexes.lexical, embedder)
        bare = fastest(lambda text: embedder.embed_queries([text]), asked, rounds)
        print(f"\n{name}, {len(asked)} questions, best of {rounds} rounds; embedding a question {bare[0]:.1f} ms")
        print(f"{'':44}{'p50 ms':>8}{'p95 ms':>8}{'x embed':>9}")
        row("embedding the question", bare, bare)
        plain = 0.0
        for expression in FILTERS:
            filters = parse_filter(expression)
            took = fastest(lambda text, f=filters: searcher.retrieve(text, filters=f, limit=SHOWN), asked, rounds)  # type: ignore[misc]
            row(f"hybrid search {expression}", took, bare)
            plain = plain or took[0]
        for label, search in alternatives(library, indexes, embedder, store, llama=llama):
            row(label, fastest(search, asked, rounds), bare)
        indexes.close()
    return plain


def fastest(search: Search, asked: list[str], rounds: int) -> tuple[float, float]:
    """Return p50 and p95 in milliseconds over questions, of each its best time."""
    best = np.full(len(asked), np.inf)
    for _ in range(rounds):
        for place, text in enumerate(asked):
            started = time.perf_counter()
            search(text)
            best[place] = min(best[place], 1000 * (time.perf_counter() - started))
    return float(np.percentile(best, 50)), float(np.percentile(best, 95))


def row(label: str, took: tuple[float, float], bare: tuple[float, float]) -> None:
    """Print one line of the table."""
    print(f"{label:44}{took[0]:8.1f}{took[1]:8.1f}{took[0] / bare[0]:9.1f}")


def alternatives(
    library: Library, indexes: Indexes, embedder: MiniLM, store: Path, *, llama: bool
) -> list[tuple[str, Search]]:
    """Return other ways to search the same papers."""
    table = library.window_vectors()
    rows: list[tuple[str, Search]] = [
        ("tantivy alone", lambda text: indexes.lexical.search(text, SHOWN)),
        ("SQLite FTS5 alone", full_text_search(library)),
        ("exact search in numpy alone", lambda text: exact(table, embedder, text)),
    ]
    chroma = HnswVectors(store / VECTORS_FOLDER)
    chroma.open()
    if chroma.ready:
        rows.append(("Chroma alone", lambda text: chroma.search(embedder.embed_queries([text])[0], SHOWN)))
    if llama:
        rows.append(("LlamaIndex VectorStoreIndex over Chroma", llama_index(library, table)))
    return rows


def quality(*, llama: bool) -> None:
    """Print nDCG@10 of each way to search SciFact's abstracts for its training claims."""
    embedder = MiniLM()
    queries = collection_queries("scifact", "train")
    with Library.open(store_of("scifact/corpus.jsonl.gz")) as library, closing(Indexes.open(library)) as indexes:
        searcher = Searcher(library, indexes.vectors, indexes.lexical, embedder)
        table, papers = library.window_vectors(), library.load(library.changes_since(-1).written_papers)
        owners = dict(zip(table.window_ids.tolist(), table.paper_ids.tolist(), strict=True))
        ways: dict[str, Callable[[str], Iterable[int]]] = {
            "hybrid search": lambda text: [paper for paper, _ in searcher.rank(text, filters=Filter(), limit=SHOWN)],
            "tantivy alone": lambda text: [hit.paper_id for hit in indexes.lexical.search(text, SHOWN)],
            "exact search in numpy alone": lambda text: table.paper_ids[
                exact(table, embedder, text, 2 * SHOWN)
            ].tolist(),
        }
        if llama:
            found = llama_index(library, table, 2 * SHOWN)
            ways["LlamaIndex VectorStoreIndex over Chroma"] = lambda text: [
                owners[int(node.node_id)] for node in found(text)
            ]
        print(f"\nSciFact, {len(queries)} claims{'':30}nDCG@10")
        qrels = {query.id: dict.fromkeys(query.relevant, 1) for query in queries}
        for name, search in ways.items():
            run: dict[str, dict[str, float]] = {}
            for query in queries:
                ranked = list(dict.fromkeys(search(query.text)))[:SHOWN]
                run[query.id] = {papers[number].paper.source_id: float(-rank) for rank, number in enumerate(ranked)}
            print(f"{name:44}{score_run(run, qrels)['nDCG@10'].mean():8.3f}", flush=True)


def exact(table: WindowTable, embedder: MiniLM, text: str, count: int = SHOWN) -> Any:
    """Return the places of the nearest windows."""
    scores = table.vectors @ embedder.embed_queries([text])[0]
    best = np.argpartition(-scores, count)[:count]
    return best[np.argsort(-scores[best])]


def full_text_search(library: Library) -> Search:
    """Return a search of any of the words, ranked by FTS5's own BM25, over an index in memory."""
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE papers USING fts5(text, tokenize='porter')")
    database.executemany("INSERT INTO papers VALUES (?)", ((f"{p.title} {p.abstract}",) for p in library.papers()))

    def search(text: str) -> object:
        words = " OR ".join(f'"{word}"' for word in content_words(text))
        return database.execute(
            "SELECT rowid FROM papers WHERE papers MATCH ? ORDER BY bm25(papers) LIMIT ?", (words, SHOWN)
        ).fetchall()

    return search


def llama_index(library: Library, table: WindowTable, count: int = SHOWN) -> Callable[[str], list[Any]]:
    """Return LlamaIndex's retriever over a Chroma collection of the same windows, built once under .cache."""
    import chromadb
    from llama_index.core import VectorStoreIndex
    from llama_index.core.schema import BaseNode, TextNode
    from llama_index.vector_stores.chroma import ChromaVectorStore

    from assistant.chain import PaperEmbedding

    client = chromadb.PersistentClient(str(CACHE / "llama-index" / library.store.name))
    collection = client.get_or_create_collection("papers", embedding_function=None)
    store = ChromaVectorStore(chroma_collection=collection)
    if collection.count() != len(table.window_ids):
        numbers = sorted(set(table.paper_ids.tolist()))
        texts = {
            number: f"{stored.paper.title}\n{stored.paper.abstract}" for number, stored in library.load(numbers).items()
        }
        for start in range(0, len(table.window_ids), 2_000):
            part = range(start, min(start + 2_000, len(table.window_ids)))
            nodes: list[BaseNode] = [
                TextNode(
                    id_=str(table.window_ids[place]),
                    text=texts[int(table.paper_ids[place])],
                    embedding=table.vectors[place].tolist(),
                )
                for place in part
            ]
            store.add(nodes)
    index = VectorStoreIndex.from_vector_store(store, embed_model=PaperEmbedding(MiniLM()))
    retriever = index.as_retriever(similarity_top_k=count)
    return lambda text: retriever.retrieve(text)


def recall(store: Path, asked: list[str]) -> None:
    """Print which share of the exact ten nearest windows the vector index, and Chroma, find."""
    embedder = MiniLM()
    vectors = embedder.embed_queries(asked)
    chroma = HnswVectors(store / VECTORS_FOLDER)
    chroma.open()
    with Library.open(store) as library, closing(Indexes.open(library)) as indexes:
        table = library.window_vectors()
        for name, find in (
            ("the vector index", lambda vector: [hit.window_id for hit in indexes.vectors.search(vector, SHOWN)]),
            ("Chroma alone", lambda vector: chroma.search(vector, SHOWN)[0].tolist()),
        ):
            if name == "Chroma alone" and not chroma.ready:
                continue
            shares = []
            for vector in vectors:
                scores = table.vectors @ vector
                tenth = np.sort(scores)[-SHOWN] - 1e-6
                place = {int(number): at for at, number in enumerate(table.window_ids)}
                shares.append(np.mean([scores[place[int(number)]] >= tenth for number in find(vector)]))
            print(f"recall@10 of {name} against exact search: {np.mean(shares):.4f}")


def whole_processes(store: Path, rounds: int) -> None:
    """Print times and memory of processes of their own."""
    python, assistant = [sys.executable], [sys.executable, "-m", "assistant"]
    quoted = "How are recommender systems evaluated offline?"
    bare, _ = run([*python, "-c", "pass"], rounds)
    took, memory = run([*assistant, "--store", str(store), "search", quoted], rounds)
    print(f"\none-shot search: {took:.2f} s, {memory:.0f} MB; bare Python {bare:.2f} s, x{took / bare:.0f}")
    lines = "\n".join([quoted, "Which papers use reinforcement learning for that?", "and since 2017?"])
    took, memory = run([*assistant, "--store", str(store), "chat", "--plain", "--llm", "none"], 1, lines)
    print(f"chat of three questions: {took:.2f} s, {memory:.0f} MB")


def run(command: list[str], rounds: int, lines: str = "") -> tuple[float, float]:
    """Return the best wall time in seconds and the largest resident memory in MB of a command."""
    best, most = float("inf"), 0.0
    for _ in range(rounds):
        with tempfile.TemporaryFile() as given:
            given.write(lines.encode())
            given.seek(0)
            started = time.perf_counter()
            process = subprocess.Popen(command, cwd=CHECKOUT, stdin=given, stdout=subprocess.DEVNULL)
            _, status, usage = os.wait4(process.pid, 0)
            best = min(best, time.perf_counter() - started)
            process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SystemExit(f"{command} ended with {process.returncode}")
        most = max(most, usage.ru_maxrss / 1024)
    return best, most


if __name__ == "__main__":
    main()
