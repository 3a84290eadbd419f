"""What the tests of stores run in processes of their own: `python -m tests.store_worker FUNCTION STORE [ARGUMENT]`."""

from __future__ import annotations

import json
import os
import resource
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from assistant import upkeep
from assistant.app import Assistant, open_assistant
from assistant.errors import StoreError
from assistant.ingest import ingester
from assistant.interruption import ending_on_sigterm
from assistant.library import writer_lock
from assistant.settings import Settings
from tests.fakes import HashEmbedder

NOBODY = 65534
FULL_BATCH = 32  # records of a transaction where the disk is to be full between two
SPARE = 300_000  # bytes left on a disk that is about to be full


@contextmanager
def opened(store: Path) -> Iterator[Assistant]:
    """Open the store with the hashing embedder."""
    with open_assistant(Settings(store=store, llm="none")) as assistant:
        assistant.embedder = HashEmbedder()
        yield assistant


def say(text: str) -> None:
    """Tell the test that this point is reached."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def hold(store: Path) -> None:
    """Hold the writer lock until stdin ends."""
    with writer_lock(store):
        say("held")
        sys.stdin.read()


def hold_and_die(store: Path) -> None:
    """Hold the writer lock and be killed."""
    with writer_lock(store):
        os.kill(os.getpid(), 9)


def epochs(store: Path, argument: str) -> None:
    """Rewrite every paper of the store again and again, all of them in one transaction each time."""
    source, count, last = json.loads(argument)
    ingester.BATCH = count
    with opened(store) as assistant:
        for epoch in range(1, last + 1):
            write_epoch(Path(source), count, epoch)
            assistant.ingest([source])
            say(f"epoch {epoch}")


def write_epoch(source: Path, count: int, epoch: int) -> None:
    """Write the records of one epoch: each says its number and nothing else that changes."""
    lines = [
        json.dumps({"_id": f"d{n}", "title": f"Common title {n}", "text": f"Epoch{epoch} of common paper number{n}.",
                    "metadata": {"authors": [f"Ann Author{n}"], "doi": f"10.1/{n}"}})
        for n in range(count)
    ]  # fmt: skip
    source.write_text("\n".join(lines) + "\n", encoding="utf-8")


def endless(store: Path) -> None:
    """Ingest batches until a signal comes, and say after each one that it is written."""

    def written() -> None:
        say("batch")

    ingester.BATCH = 8
    with ending_on_sigterm(), opened(store) as assistant:
        follow = ingester.Ingester._flush

        def flush(self: ingester.Ingester) -> None:
            follow(self)
            written()

        ingester.Ingester._flush = flush  # type: ignore[method-assign]
        assistant.ingest(["-"])


def read_only(store: Path) -> None:
    """Search and ask in a store that this process cannot write."""
    if os.geteuid() == 0:  # whom no permission binds
        with tempfile.TemporaryDirectory() as folder:  # everything is imported while Python's own files can be read
            writable = shutil.copytree(store, Path(folder) / "copy")
            with opened(writable) as assistant:
                assistant.ask("Which papers study keeping pears cold?")
                assistant.remove(["lee2001keeping"])
            upkeep.reindex(writable)
        os.seteuid(NOBODY)
    with opened(store) as assistant:
        found = [ranked.paper.title for ranked in assistant.search("keeping", top_k=50).papers]
        answer = assistant.ask("Which papers study keeping pears cold?")
        try:
            assistant.remove(["lee2000keeping"])
            refusal = ""
        except StoreError as error:
            refusal = str(error)
        findings = [finding.code for finding in upkeep.examine(store)]
        warnings = [notice.code for notice in answer.warnings]
        say(json.dumps([sorted(found), answer.status, warnings, refusal, findings, assistant.notices]))


def full_disk(store: Path, argument: str) -> None:
    """Ingest until the disk is full, then again with room."""
    small, large, kind = json.loads(argument)
    ingester.BATCH = FULL_BATCH
    with opened(store) as assistant:
        assistant.ingest([small])
    with _limit_of_file_size(store) if kind == "limit" else _filled(store):
        try:
            with opened(store) as assistant:
                assistant.ingest([large])
            error = ""
        except StoreError as caught:
            error = str(caught)
        with opened(store) as assistant:
            answer = assistant.ask("Which papers study common things?")
        status = [answer.status, [notice.code for notice in answer.warnings]]
    with opened(store) as assistant:
        between = len(list(assistant.papers()))
        found = len(assistant.search("common", top_k=1000).papers)
    findings = [finding.code for finding in upkeep.examine(store)]
    with opened(store) as assistant:
        assistant.ingest([large])
        after = len(list(assistant.papers()))
    say(json.dumps([error, status, between, found, findings, after, [f.code for f in upkeep.examine(store)]]))


@contextmanager
def _limit_of_file_size(store: Path) -> Iterator[None]:
    largest = max(path.stat().st_size for path in store.rglob("*") if path.is_file())
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest + SPARE, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))


@contextmanager
def _filled(store: Path) -> Iterator[None]:
    filler = store.parent / "filler"
    status = os.statvfs(store)
    with filler.open("wb") as file:
        file.write(b"x" * (status.f_bavail * status.f_frsize - SPARE))
    try:
        yield
    finally:
        filler.unlink()


if __name__ == "__main__":
    function: Callable[..., None] = globals()[sys.argv[1]]
    function(Path(sys.argv[2]), *sys.argv[3:])
