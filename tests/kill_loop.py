"""Kill a writer at random moments, again and again, and look at the store as the next command finds it."""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import string
import subprocess
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np

from assistant.app import Assistant, open_assistant
from assistant.indexes import Indexes
from assistant.library import LIBRARY_FILE, check_file
from assistant.settings import Settings
from assistant.text import split_sentences
from assistant.vectors import hnsw
from tests.fakes import HashEmbedder
from tests.kill_worker import BATCH, NEIGHBORS

CHECKOUT = Path(__file__).resolve().parents[1]
State = dict[str, int]  # number of a record -> version of its text
SPARED = 0.3  # of the operations are not killed, so that the library grows


@dataclass
class Tally:
    """What a loop has seen."""

    kills: int = 0
    finished: int = 0
    by_operation: Counter[str] = field(default_factory=Counter)
    repairs: Counter[str] = field(default_factory=Counter)
    partly: int = 0  # kills that left some of the batches of an ingest


class KillLoop:
    """A store under `folder` that grows while its writers are killed."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.tally = Tally()
        self._store = folder / "store"
        self._file = folder / "records.jsonl"
        self._random = random.Random(seed)
        self._state: State = {}
        self._next = 0
        self._seconds: dict[str, float] = {}
        self._server = subprocess.Popen(
            [sys.executable, "-m", "tests.kill_worker"],
            cwd=CHECKOUT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> KillLoop:
        return self

    def __exit__(self, *_: object) -> None:
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        self._server.stdin.close()
        self._server.stdout.close()
        self._server.wait()

    @property
    def papers(self) -> int:
        """How many papers the library held when it was last looked at."""
        return len(self._state)

    def run(self, kills: int) -> None:
        """Go on until so many writers were killed at work."""
        while self.tally.kills < kills:
            self.step()

    def step(self) -> None:
        """Run one operation, kill it at a random moment if it lasts that long, and check the store."""
        operation, argument, stages = self._plan()
        killed = self._operate(operation, argument)
        found = self._check()
        if killed:
            assert found in stages, f"after {operation}: {len(found)} records, neither before nor after whole batches"
            self.tally.partly += found not in (stages[0], stages[-1])
        else:
            assert found == stages[-1], f"{operation} ended, and left another state"
        self._state = found

    def _plan(self) -> tuple[str, Any, list[State]]:
        """Return an operation with its argument, and the states it may leave, in order."""
        kind = self._random.choices(["add", "change", "remove", "reindex"], [45, 25, 15, 15])[0]
        before = dict(self._state)
        if kind == "add" or len(before) < BATCH:
            count = self._random.randint(1, 4 * BATCH)
            touched = {str(self._next + place): 1 for place in range(count)}
            self._next += count
            return "ingest", str(self._file), self._ingested(before, touched)
        if kind == "change":
            chosen = self._random.sample(sorted(before), self._random.randint(1, min(len(before), 3 * BATCH)))
            return "ingest", str(self._file), self._ingested(before, {n: before[n] + 1 for n in chosen})
        if kind == "remove":
            chosen = self._random.sample(sorted(before), self._random.randint(1, len(before) // 8 + 1))
            keys = [f"author{n}nd{_word(n)}" for n in chosen]
            return "remove", keys, [before, {n: v for n, v in before.items() if n not in chosen}]
        return "reindex", None, [before]

    def _ingested(self, before: State, touched: State) -> list[State]:
        """Write the file of all records, and return the states at the ends of the batches it makes."""
        after = before | touched
        self._file.write_text("".join(json.dumps(_record(n, v)) + "\n" for n, v in after.items()), encoding="utf-8")
        order = [n for n in after if n in touched]
        stages = [before]
        for start in range(0, len(order), BATCH):
            stages.append(stages[-1] | {n: touched[n] for n in order[start : start + BATCH]})
        return [dict(stage) for stage in stages]

    def _operate(self, operation: str, argument: Any) -> bool:
        """Return whether the operation was killed before it ended."""
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        spared = operation not in self._seconds or self._random.random() < SPARED
        usual = self._seconds.get(operation, 0.0)
        order = {"store": str(self._store), "operation": operation, "argument": argument}
        self._server.stdin.write(json.dumps(order) + "\n")
        self._server.stdin.flush()
        pid = int(self._server.stdout.readline())
        started = time.perf_counter()
        timer = threading.Timer(self._random.uniform(0, 1.2 * usual), _kill, [pid])
        if not spared:
            timer.start()
        code = int(self._server.stdout.readline())
        timer.cancel()
        assert code in (0, -9), f"{operation} ended with {code}"
        if code == 0:
            self._seconds[operation] = time.perf_counter() - started
            self.tally.finished += 1
            return False
        self.tally.kills += 1
        self.tally.by_operation[operation] += 1
        return True

    def _check(self) -> State:
        """Open the store as the next command would, see that all is whole, and return what it holds."""
        if not (self._store / LIBRARY_FILE).exists():
            return {}
        assert check_file(self._store / LIBRARY_FILE) == ""
        roomy = patch.dict(hnsw.SETTINGS["hnsw"], max_neighbors=NEIGHBORS)  # opening may build Chroma anew
        with roomy, open_assistant(Settings(store=self._store, llm="none")) as assistant:
            assistant.embedder = HashEmbedder()
            if not assistant.library.count():
                return {}
            found = _whole(assistant)
            _reachable(assistant, found)
            assert len(assistant.notices) <= 1, assistant.notices
            self.tally.repairs.update(assistant.notices)
        return found


def _kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def _word(number: str) -> str:
    """Return a word that no other record has."""
    return "zq" + "".join(chr(ord("a") + int(digit)) for digit in number)


def _record(number: str, version: int) -> dict[str, object]:
    word, some = _word(number), random.Random(f"{number} {version}")
    # Words enough that no two abstracts are near each other: a graph of near twins is not connected even when whole.
    words = " ".join("".join(some.choices(string.ascii_lowercase, k=6)) for _ in range(12))
    text = f"The {word} problem is hard. Version {word}v{version} solves it. It needs {words}."
    return {"_id": number, "title": f"{word} method", "text": text, "metadata": {"authors": [f"Ann Author{number}"]}}


def _whole(assistant: Assistant) -> State:
    """Return number to version of every paper, each with its sentences, windows and vectors."""
    library, embedder = assistant.library, HashEmbedder()
    assert library.maintenance.incomplete_papers() == []
    table = library.window_vectors()
    places = {int(paper): place for place, paper in enumerate(table.paper_ids)}
    ids = library.changes_since(-1).written_papers
    assert sorted(places) == sorted(ids)
    found: State = {}
    for number, stored in library.load(ids).items():
        name = stored.paper.source_id
        version = int(stored.paper.abstract.split(f"{_word(name)}v")[1].split()[0])
        record = _record(name, version)
        assert (stored.paper.title, stored.paper.abstract) == (record["title"], record["text"])
        assert stored.sentences == split_sentences(stored.paper.abstract)
        whole = embedder.embed_queries([f"{record['title']} {record['text']}"])[0]
        assert table.vectors[places[number]] @ whole > 0.99
        found[name] = version
    return found


def _reachable(assistant: Assistant, state: State) -> None:
    """See that both indexes reach every paper, by its window and by its words, and nothing else."""
    library, indexes = assistant.library, assistant.indexes
    assert not indexes.behind
    table = library.window_vectors()
    assert indexes.vectors.holds(table.window_ids, table.paper_ids, table.vectors)
    reached = indexes.vectors.search(table.vectors[0], len(table.window_ids))
    assert sorted(hit.window_id for hit in reached) == table.window_ids.tolist()
    for window, paper, vector in zip(table.window_ids, table.paper_ids, table.vectors, strict=True):
        best = indexes.vectors.search(vector, 1)[0]
        assert (best.window_id, best.paper_id) == (window, paper), "a window that search does not reach"
    if indexes.vectors.approximate:
        assert _reached_by_chroma(indexes) == table.window_ids.tolist()
    assert indexes.lexical.holds([int(number) for number in np.unique(table.paper_ids)])
    by_name = {stored.paper.source_id: number for number, stored in library.load(table.paper_ids.tolist()).items()}
    for name, version in state.items():
        word = f"{_word(name)}v{version}"
        assert [hit.paper_id for hit in indexes.lexical.search(word, 3)] == [by_name[name]]
        assert indexes.lexical.search(f"{_word(name)}v{version - 1}", 3) == []


def _reached_by_chroma(indexes: Indexes) -> list[int]:
    """Return the windows that a search in Chroma for everything finds."""
    chroma = indexes.vectors._hnsw
    chroma.open()
    windows, _ = chroma.search(np.ones(HashEmbedder.dimension, np.float32), len(indexes.vectors))
    return sorted(windows.tolist())
