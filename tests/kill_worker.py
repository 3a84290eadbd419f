"""A process that writes a store until it is killed; `python -m tests.kill_worker` forks one for each line it reads.

A line is a JSON object {"store", "operation", "argument"}. The answer is the worker's process id; a second line comes
when that process has ended: its exit code, negative for the signal that killed it. Forking from a process that has
imported everything makes a worker start in a few milliseconds.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from pathlib import Path
from typing import Any

import chromadb  # noqa: F401  imported before the fork, as everything else

from assistant import upkeep
from assistant.app import open_assistant
from assistant.ingest import ingester
from assistant.settings import Settings
from assistant.vectors import hnsw
from tests.fakes import HashEmbedder

BATCH = 8
SYNC_THRESHOLD = 50  # Chroma rewrites its files this often, which is where a kill breaks them
# Even a sound HNSW graph can leave a window without a way to it: every neighbour drops its link to a far one for nearer
# ones (hnswlib issue 352; seen in 2 of 12 stores that nobody killed). With room for all links none is dropped, so that
# a window which no search reaches is damage.
NEIGHBORS = 512


def work(store: Path, operation: str, argument: Any) -> None:
    """Run one operation as its command would."""
    ingester.BATCH = BATCH
    hnsw.SETTINGS["hnsw"].update(batch_size=20, max_neighbors=NEIGHBORS)
    hnsw.LEAST_SYNC = hnsw.MOST_SYNC = SYNC_THRESHOLD
    with open_assistant(Settings(store=store, llm="none")) as assistant:
        assistant.embedder = HashEmbedder()
        if operation == "ingest":
            assistant.ingest([argument])
        elif operation == "remove":
            assistant.remove(argument)
        elif operation == "reindex":
            upkeep.reindex(store)
        else:
            raise ValueError(operation)


def main() -> None:
    """Fork a worker for each line of stdin."""
    for line in sys.stdin:
        order = json.loads(line)
        pid = os.fork()
        if pid == 0:
            _run(order)
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()
        _, status = os.waitpid(pid, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


def _run(order: dict[str, Any]) -> None:
    code = 1
    try:
        work(Path(order["store"]), order["operation"], order["argument"])
        code = 0
    except BaseException:  # noqa: BLE001  nothing may return into the parent's loop
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    main()
