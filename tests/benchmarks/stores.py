"""Libraries of the development data for tests and benchmarks, built once under .cache with every embedding kept."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import numpy as np

from assistant.embedders import FloatArray, MiniLM, QuestionVectors, TokenBits, WindowText, WindowVectors
from assistant.indexes import Indexes
from assistant.ingest import Ingester
from assistant.library import Library
from assistant.readers import read_source
from assistant.retrieval import Searcher
from assistant.windows import WINDOW_RECIPE

CHECKOUT = Path(__file__).resolve().parents[2]
SHARED = CHECKOUT.parent / "shared" / "data"
CACHE = CHECKOUT / ".cache"


class CachedEmbedder:
    """An embedder whose window vectors are kept in a file under their text, so that none is computed twice.

    Vectors come back as float16 from the file and from the embedder alike, so that a run that finds them
    and one that computes them are the same.
    """

    def __init__(self, inner: MiniLM, folder: Path = CACHE) -> None:
        folder.mkdir(exist_ok=True)
        self._inner = inner
        self._kept = sqlite3.connect(folder / f"{inner.name}-signs.sqlite3", timeout=60)
        self._kept.execute("PRAGMA journal_mode=WAL")
        self._kept.execute("CREATE TABLE IF NOT EXISTS windows (text BLOB PRIMARY KEY, vectors BLOB, tokens BLOB)")

    @property
    def name(self) -> str:
        return self._inner.name

    @property
    def dimension(self) -> int:
        return self._inner.dimension

    def embed_queries(self, texts: Sequence[str]) -> FloatArray:
        return self._inner.embed_queries(texts)

    def embed_question(self, text: str) -> QuestionVectors:
        return self._inner.embed_question(text)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return self._inner.count_tokens(texts)

    def embed_windows(self, windows: Sequence[WindowText]) -> list[WindowVectors]:
        digests = [hashlib.sha256("\0".join((w.title, *w.sentences)).encode()).digest()[:16] for w in windows]
        missing = [place for place, digest in enumerate(digests) if self._find(digest) is None]
        made = self._inner.embed_windows([windows[place] for place in missing]) if missing else []
        for place, vectors in zip(missing, made, strict=True):
            rows = np.vstack([vectors.vector[None], vectors.sentences]).astype(np.float16)
            tokens = vectors.tokens.pack() if vectors.tokens is not None else b""
            self._kept.execute(
                "INSERT OR IGNORE INTO windows VALUES (?, ?, ?)", (digests[place], rows.tobytes(), tokens)
            )
        self._kept.commit()
        found = [self._find(digest) for digest in digests]
        return [vectors for vectors in found if vectors is not None]

    def _find(self, digest: bytes) -> WindowVectors | None:
        row = self._kept.execute("SELECT vectors, tokens FROM windows WHERE text = ?", (digest,)).fetchone()
        if row is None:
            return None
        rows = np.frombuffer(row[0], np.float16).reshape(-1, self.dimension).astype(np.float32)
        return WindowVectors(rows[0], rows[1:], TokenBits.unpack(row[1], self.dimension))


def store_of(*sources: str, first: int | None = None) -> Path:
    """Return a store with the papers of files of the development data, each record a paper of its own, built once.

    `first` takes no more than so many records of each.
    """
    name = "-".join(source.split(".")[0].replace("/", "-") for source in sources) + (f"-{first}" if first else "")
    store = CACHE / "stores" / name
    if not store.exists():
        building = CACHE / "stores" / f"{name}.part"
        shutil.rmtree(building, ignore_errors=True)
        building.mkdir(parents=True)
        embedder = CachedEmbedder(MiniLM())
        with Library.open(building, create=True) as library:
            library.remember("embedder", embedder.name)
            library.remember("dimension", str(embedder.dimension))
            library.remember("window_recipe", WINDOW_RECIPE)
            ingester = Ingester(library, embedder, separate=True)
            for source in sources:
                ingester.run(islice(read_source(str(SHARED / source)), first))
            indexes = Indexes.open(library, write=True)
            indexes.sync()
            indexes.close()
        building.rename(store)
    return store


def searcher_of(store: Path) -> Searcher:
    """Return the real retrieval over a store."""
    library = Library.open(store)
    indexes = Indexes.open(library)
    return Searcher(library, indexes.vectors, indexes.lexical, MiniLM())
