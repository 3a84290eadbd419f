"""The Chroma collection of window vectors: approximate search that does not slow with the library."""

from __future__ import annotations

import json
import logging
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from assistant.embedders import FloatArray
from assistant.library import IntArray, WindowTable

if TYPE_CHECKING:
    from chromadb.api.models.Collection import Collection

BATCH = 2_000  # Chroma refuses more than 5,461 records a call
# 0.995 of the exact ten best on 72,119 MiniLM windows, in 1.4 ms
SETTINGS = {
    "hnsw": {
        "space": "cosine",
        "ef_construction": 100,
        "max_neighbors": 16,
        "ef_search": 100,
        "batch_size": 100,
        "num_threads": 2,
    }
}
# Chroma rewrites its graph files whole each time so many records have come in, and whoever opens the store inserts
# those that came in since: 3 s for 6,000. So a tenth of the windows, within these limits.
LEAST_SYNC, MOST_SYNC = 1_000, 20_000
_SYNC_SHARE = 10
_COLLECTION = "windows"
_STATE = "hnsw.json"
_DIRTY = "hnsw.dirty"

_log = logging.getLogger(__name__)


class HnswVectors:
    """A Chroma store under `path` that is trusted only while nothing suggests otherwise.

    Chroma rewrites its graph files one after another, and a process killed meanwhile can leave vectors
    that no search reaches, without an error. So a marker stands beside the store while it is written;
    whoever finds the marker, or another generation than the flat file's, does not use the store, and
    the next writer builds a new one beside it from the flat file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._client: Any = None  # ClientAPI does not declare the close() that its implementation has
        self._collection: Collection | None = None
        self._folder = path
        self._threshold = 0  # records after which the open store rewrites its files
        self._opened = -1  # the generation that the open client sees

    @property
    def generation(self) -> int:
        """The generation of the store on disk, -1 where it is missing or not to be trusted."""
        if (self._path / _DIRTY).exists():
            return -1
        generation = self._state().get("generation")
        return generation if isinstance(generation, int) else -1

    @property
    def known(self) -> bool:
        """Whether a store was ever made here, or begun."""
        return (self._path / _DIRTY).exists() or bool(self._state())

    @property
    def ready(self) -> bool:
        """Whether the store is open and as new as its files."""
        return self._collection is not None and self._opened == self.generation

    def open(self) -> None:
        """Open the store that the state file names; where that fails it stays closed."""
        self.close()
        generation, folder = self.generation, self._state().get("folder")
        if generation < 0 or not isinstance(folder, str):
            return
        try:
            self._connect(self._path / folder)
        except Exception:  # noqa: BLE001  Chroma lets any kind of error through; each means: not usable
            _log.warning("The Chroma store under %s cannot be opened; searching exactly", self._path)
            self.close()
            return
        self._opened = generation

    def close(self) -> None:
        """Close the store."""
        if self._client is not None:
            self._client.close()
        self._client = self._collection = None
        self._opened = -1

    def apply(self, removed: IntArray, table: WindowTable, generation: int) -> None:
        """Take out windows, write others, and note `generation`; the store must be `ready`."""
        assert self._collection is not None  # noqa: S101 - see above
        (self._path / _DIRTY).touch()
        for start in range(0, len(removed), BATCH):
            self._collection.delete(ids=[str(number) for number in removed[start : start + BATCH]])
        self._upsert(table)
        self._tune()
        self._finish(str(self._state()["folder"]), generation)

    def rebuild(self, table: WindowTable, generation: int) -> None:
        """Build a new store of exactly these windows beside the old one, then switch to it."""
        self.close()
        old = [folder for folder in self._path.glob("hnsw-*") if folder.is_dir()]
        number = 1 + max((int(folder.name.rpartition("-")[2]) for folder in old), default=0)
        folder = self._path / f"hnsw-{number}"
        (self._path / _DIRTY).touch()
        # In equal parts, the last of which ends with the table: then nothing is left for whoever opens the store.
        parts = -(-len(table.window_ids) // MOST_SYNC)
        self._connect(folder, max(len(table.window_ids) // max(parts, 1), LEAST_SYNC))
        self._upsert(table)
        self._tune()
        self._finish(folder.name, generation)
        for other in old:
            shutil.rmtree(other, ignore_errors=True)

    def search(self, vector: FloatArray, limit: int) -> tuple[IntArray, FloatArray]:
        """Return window ids and cosines of about the best `limit` windows, best first; the store must be `ready`."""
        assert self._collection is not None  # noqa: S101 - see above
        found: Any = self._collection.query(query_embeddings=vector[None], n_results=limit, include=["distances"])
        ids = np.array([int(number) for number in found["ids"][0]], np.int64)
        return ids, np.float32(1.0) - np.asarray(found["distances"][0], np.float32)

    def holds(self, table: WindowTable) -> bool:
        """Return whether the store, which must be `ready`, gives back exactly these windows from its graph.

        A damaged graph fails to. Whether a search finds each one proves nothing: among near twins even a sound one
        does not.
        """
        assert self._collection is not None  # noqa: S101 - see above
        try:
            if self._collection.count() != len(table.window_ids):
                return False
            for start in range(0, len(table.window_ids), BATCH):
                names = [str(number) for number in table.window_ids[start : start + BATCH]]
                found: Any = self._collection.get(ids=names, include=["embeddings"])
                kept = dict(zip(found["ids"], found["embeddings"], strict=True))
                rows = np.array([kept[name] for name in names], np.float32)
                if not np.allclose(rows, table.vectors[start : start + BATCH], atol=1e-3):
                    return False
        except Exception:  # noqa: BLE001  a damaged store raises any kind of error
            return False
        return True

    def _connect(self, folder: Path, threshold: int | None = None) -> None:
        """Open the store in `folder`, or make one that rewrites its files after `threshold` records."""
        import chromadb
        from chromadb.config import Settings

        self._client = chromadb.PersistentClient(str(folder), settings=Settings(anonymized_telemetry=False))
        if threshold is None:
            self._collection = self._client.get_collection(_COLLECTION, embedding_function=None)
        else:
            configuration: Any = {"hnsw": {**SETTINGS["hnsw"], "sync_threshold": threshold}}
            self._collection = self._client.create_collection(
                _COLLECTION, embedding_function=None, configuration=configuration
            )
        assert self._collection is not None  # noqa: S101 - for the type checker
        self._threshold = int(self._collection.configuration_json["hnsw"]["sync_threshold"])
        self._folder = folder

    def _tune(self) -> None:
        """Bring the threshold to the size of the store where it is far from it; that takes effect by reopening."""
        assert self._collection is not None  # noqa: S101 - called after _connect
        wanted = min(max(self._collection.count() // _SYNC_SHARE, LEAST_SYNC), MOST_SYNC)
        if self._threshold / 2 < wanted < self._threshold * 2:
            return
        configuration: Any = {"hnsw": {"sync_threshold": wanted}}
        self._collection.modify(configuration=configuration)
        self._client.close()
        self._connect(self._folder)

    def _upsert(self, table: WindowTable) -> None:
        assert self._collection is not None  # noqa: S101 - called after _connect
        for start in range(0, len(table.window_ids), BATCH):
            part = slice(start, start + BATCH)
            self._collection.upsert(
                ids=[str(number) for number in table.window_ids[part]],
                embeddings=table.vectors[part],
                metadatas=[{"paper": int(number)} for number in table.paper_ids[part]],
            )

    def _finish(self, folder: str, generation: int) -> None:
        fresh = self._path / f"{_STATE}.new"
        fresh.write_text(json.dumps({"folder": folder, "generation": generation}), "utf-8")
        os.replace(fresh, self._path / _STATE)
        (self._path / _DIRTY).unlink(missing_ok=True)
        self._opened = generation

    def _state(self) -> dict[str, object]:
        try:
            state = json.loads((self._path / _STATE).read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return state if isinstance(state, dict) else {}
