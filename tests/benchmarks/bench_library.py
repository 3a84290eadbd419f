"""How fast papers go into a library, how fast its indexes are rebuilt, and how much memory that takes.

    python -m tests.benchmarks.bench_library FILE [--papers N] [--embedded N]

FILE holds records, such as a BEIR file of arXiv papers. Vectors are drawn, so that only our own work is measured; the
last stage embeds some hundred records with the real model. Each stage runs in a process of its own, for its memory.
Compare the ratios; the figures beside them depend on the machine and on what else it does.
"""

from __future__ import annotations

import argparse
import gzip
import os
import tempfile
import time
import traceback
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from assistant import upkeep
from assistant.app import open_assistant
from assistant.embedders import Embedder, FloatArray, MiniLM, WindowText, WindowVectors
from assistant.indexes import Indexes
from assistant.lexical.analysis import make_document
from assistant.lexical.files import create_index
from assistant.library import Library, WindowTable
from assistant.settings import Settings
from assistant.vectors import hnsw

DIMENSION = 384
CENTRES = 500
TURNS = 3  # of which the best counts


class DrawnEmbedder:
    """Vectors drawn by the text's checksum, in clusters as real ones are; costs almost nothing."""

    name = "drawn-384"
    dimension = DIMENSION

    def __init__(self) -> None:
        rng = np.random.default_rng(0)
        self._centres = rng.standard_normal((CENTRES, DIMENSION)).astype(np.float32)
        self._noise = rng.standard_normal((4096, DIMENSION)).astype(np.float32)

    def embed_queries(self, texts: Sequence[str]) -> FloatArray:
        sums = [zlib.crc32(text.encode()) for text in texts]
        centres = self._centres[[number % CENTRES for number in sums]]
        rows = centres + 0.7 * self._noise[[(number >> 9) % len(self._noise) for number in sums]]
        unit: FloatArray = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        return unit.astype(np.float32)

    def embed_windows(self, windows: Sequence[WindowText]) -> list[WindowVectors]:
        vectors = self.embed_queries([" ".join((w.title, *w.sentences)) for w in windows])
        return [
            WindowVectors(vector, self.embed_queries(w.sentences) if w.sentences else vector[None][:0])
            for vector, w in zip(vectors, windows, strict=True)
        ]

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(text) // 5 for text in texts]


class TimedEmbedder:
    """Another embedder that says how long it worked."""

    def __init__(self, inner: Embedder) -> None:
        self._inner = inner
        self.name, self.dimension = inner.name, inner.dimension
        self.seconds = 0.0

    def embed_queries(self, texts: Sequence[str]) -> FloatArray:
        return self._inner.embed_queries(texts)

    def embed_windows(self, windows: Sequence[WindowText]) -> list[WindowVectors]:
        started = time.perf_counter()
        made = self._inner.embed_windows(windows)
        self.seconds += time.perf_counter() - started
        return made

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return self._inner.count_tokens(texts)


def stage(name: str, work: Callable[[], str]) -> None:
    """Run one stage in a process of its own, and print what it says, its time and its largest size in memory."""
    started = time.perf_counter()
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            print(f"{name}: {work()}", end="", flush=True)
            code = 0
        except BaseException:  # noqa: BLE001  shown here, for the process ends here
            traceback.print_exc()
        finally:
            os._exit(code)
    _, status, usage = os.wait4(pid, 0)
    print(f"  [{time.perf_counter() - started:.1f} s, {usage.ru_maxrss / 1024:,.0f} MB]", flush=True)
    if status:
        raise SystemExit(f"{name} failed")


def ingest(store: Path, source: Path, embedder: Embedder) -> str:
    with open_assistant(Settings(store=store, llm="none")) as assistant:
        assistant.embedder = embedder
        report = assistant.ingest([str(source)])
    counts = f"{report.new:,} new, {report.same:,} same, {report.embedded:,} embedded"
    return f"{report.seconds:.2f} s, {report.read / report.seconds:,.0f} records/s, {counts}"


def grown(store: Path, source: Path) -> str:
    """Ingest again after one more record was appended, so that nothing but the records themselves is known."""
    with source.open("a", encoding="utf-8") as file:
        file.write('{"_id": "one-more", "title": "One more paper", "text": "It is new.", "metadata": {}}\n')
    return ingest(store, source, DrawnEmbedder())


def rebuild_words(store: Path, folder: Path) -> str:
    with Library.open(store) as library:
        indexes = Indexes.open(library, write=True)
        texts = list(library.texts(library.changes_since(-1).written_papers))
        turns = [
            (
                Rate.of(len(texts), indexes._rebuild_lexical),
                Rate.of(len(texts), partial(bare_words, texts, folder / f"words{turn}")),
            )
            for turn in range(TURNS)
        ]
        indexes.close()
    return compared("papers", "tantivy", turns)


def bare_words(texts: list[tuple[int, str]], folder: Path) -> None:
    """Give tantivy the texts from memory."""
    writer = create_index(folder).writer(64_000_000, num_threads=1)
    for number, text in texts:
        writer.add_document(make_document(number, text))
    writer.commit()


def rebuild_vectors(store: Path, folder: Path) -> str:
    with Library.open(store) as library:
        indexes = Indexes.open(library, write=True)
        table = library.window_vectors()
        turns = [
            (
                Rate.of(len(table.window_ids), indexes._rebuild_vectors),
                Rate.of(len(table.window_ids), partial(bare_add, table, folder / f"bare{turn}")),
            )
            for turn in range(TURNS)
        ]
        indexes.close()
    return compared("windows", "Chroma", turns)


def bare_add(table: WindowTable, folder: Path) -> None:
    """Give Chroma the windows as arrays."""
    import chromadb

    settings = chromadb.config.Settings(anonymized_telemetry=False)
    client: Any = chromadb.PersistentClient(str(folder), settings=settings)  # ClientAPI does not declare close()
    configuration: Any = {"hnsw": {**hnsw.SETTINGS["hnsw"], "sync_threshold": hnsw.MOST_SYNC}}
    collection = client.create_collection("bare", embedding_function=None, configuration=configuration)
    for start in range(0, len(table.window_ids), hnsw.BATCH):
        part = slice(start, start + hnsw.BATCH)
        collection.add(
            ids=[str(number) for number in table.window_ids[part]],
            embeddings=table.vectors[part],
            metadatas=[{"paper": int(number)} for number in table.paper_ids[part]],
        )
    client.close()


@dataclass(frozen=True, slots=True)
class Rate:
    """Things done a second of the clock, and a second of processor time, which a busy machine distorts less."""

    clock: float
    processor: float

    @classmethod
    def of(cls, count: int, work: Callable[[], None]) -> Rate:
        """Return the rate at which `work` does `count` things."""
        clock, processor = time.perf_counter(), time.process_time()
        work()
        return cls(count / (time.perf_counter() - clock), count / (time.process_time() - processor))


def compared(things: str, other: str, turns: list[tuple[Rate, Rate]]) -> str:
    """Return the best rates of ours and of a bare library over the turns, and their ratios."""
    ours, bare = zip(*turns, strict=True)
    clock = max(rate.clock for rate in ours), max(rate.clock for rate in bare)
    processor = max(rate.processor for rate in ours), max(rate.processor for rate in bare)
    return (
        f"{clock[0]:,.0f} {things}/s, bare {other} {clock[1]:,.0f}, ratio {clock[0] / clock[1]:.2f}; in processor time "
        f"{processor[0]:,.0f} and {processor[1]:,.0f}, ratio {processor[0] / processor[1]:.2f}"
    )


def check(store: Path) -> str:
    findings = upkeep.examine(store)
    return "sound" if not findings else str(findings[0])


def removal(store: Path) -> str:
    """Remove nine papers of ten, reindex, and compare the bytes."""
    with open_assistant(Settings(store=store, llm="none")) as assistant:
        keys = [paper.key for number, paper in enumerate(assistant.papers()) if number % 10]
        assistant.remove(keys)
    before = size(store)
    upkeep.reindex(store)
    return f"{before / 1e6:,.0f} MB before reindex, {size(store) / 1e6:,.0f} MB after"


def size(store: Path) -> int:
    return sum(path.stat().st_size for path in store.rglob("*") if path.is_file())


def embedding(store: Path, source: Path) -> str:
    """Ingest with the real model; the ratio is the share of the time that the model itself took."""
    embedder = TimedEmbedder(MiniLM())
    embedder.embed_queries(["warm"])
    with open_assistant(Settings(store=store, llm="none")) as assistant:
        assistant.embedder = embedder
        report = assistant.ingest([str(source)])
    rate = report.embedded / report.seconds
    alone = report.embedded / embedder.seconds
    return f"{rate:.1f} windows/s, the model alone {alone:.1f}, ratio {rate / alone:.3f}"


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("file", type=Path)
    parser.add_argument("--papers", type=int, default=50_000)
    parser.add_argument("--embedded", type=int, default=512)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        store, source, few = folder / "store", folder / "records.jsonl", folder / "few.jsonl"
        opener = gzip.open if arguments.file.suffix == ".gz" else open
        with opener(arguments.file, "rt", encoding="utf-8") as lines:
            kept = list(islice(lines, arguments.papers))
        source.write_text("".join(kept), encoding="utf-8")
        few.write_text("".join(kept[: arguments.embedded]), encoding="utf-8")
        drawn = DrawnEmbedder()
        stage("first ingest, drawn vectors", partial(ingest, store, source, drawn))
        stage("the same file again", partial(ingest, store, source, drawn))
        stage("one record more", partial(grown, store, source))
        stage("doctor", partial(check, store))
        stage("word index anew", partial(rebuild_words, store, folder))
        stage("vector index anew", partial(rebuild_vectors, store, folder))
        stage("removal", partial(removal, store))
        stage("ingest with the real model", partial(embedding, folder / "real", few))


if __name__ == "__main__":
    main()
