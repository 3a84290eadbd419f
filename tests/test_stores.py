"""Several processes and one store: writers take turns, readers see one generation, no full disk loses a paper."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from assistant.errors import StoreLockedError
from assistant.indexes import LEXICAL_FOLDER, VECTORS_FOLDER
from assistant.library import Library, lock_holder, writer_lock
from tests.store_worker import FULL_BATCH, opened, write_epoch
from tests.test_ingest import entry, write
from tests.test_upkeep import codes, filled, fruit

__all__ = ["filled"]  # a fixture

LARGE = 300  # records, more than the disk has room for
CHECKOUT = Path(__file__).resolve().parents[1]


@contextmanager
def worker(function: str, *arguments: str | Path, wrapper: tuple[str, ...] = ()) -> Iterator[subprocess.Popen[str]]:
    """Run a function of store_worker in its own process, which does not outlive the test."""
    command = [*wrapper, sys.executable, "-m", "tests.store_worker", function, *map(str, arguments)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=CHECKOUT, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()


def line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def result(function: str, *arguments: str | Path, wrapper: tuple[str, ...] = ()) -> list[object]:
    """Run the function to its end and return the JSON it wrote."""
    with worker(function, *arguments, wrapper=wrapper) as process:
        out, err = process.communicate()
    assert process.returncode == 0, err
    said: list[object] = json.loads(out)
    return said


class TestWriters:
    def test_the_second_is_refused_with_the_process_and_command_of_the_first(self, store: Path) -> None:
        with worker("hold", store) as first:
            assert line(first) == "held"
            said = rf"process {first.pid} \(assistant hold {store}\) is writing"
            with pytest.raises(StoreLockedError, match=said), writer_lock(store):
                pass
            first.communicate()
        with writer_lock(store):
            pass

    def test_the_second_waits_when_told_to(self, store: Path) -> None:
        with worker("hold", store) as first:
            assert line(first) == "held"
            assert first.stdin is not None
            first.stdin.close()
            with writer_lock(store, wait=30):
                pass

    def test_a_killed_holder_leaves_no_lock_and_is_not_named(self, store: Path) -> None:
        with worker("hold_and_die", store) as first:
            first.communicate()
        assert first.returncode == -signal.SIGKILL
        assert (store / "lock.holder").exists()
        assert lock_holder(store) == "another process"
        with writer_lock(store):
            assert lock_holder(store).startswith(f"process {os.getpid()}")
        assert not (store / "lock.holder").exists()

    @pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="only /proc tells processes of one number apart")
    def test_a_later_process_of_the_same_number_is_not_named(self, store: Path) -> None:
        with writer_lock(store):
            note = json.loads((store / "lock.holder").read_text())
            (store / "lock.holder").write_text(json.dumps(note | {"started": "1"}))
            assert lock_holder(store) == "another process"

    def test_a_holder_on_another_machine_is_named(self, store: Path) -> None:
        with writer_lock(store):
            note = {"pid": 4711, "started": "1", "host": "elsewhere", "command": "assistant ingest a.bib"}
            (store / "lock.holder").write_text(json.dumps(note))
            assert lock_holder(store) == "process 4711 on elsewhere (assistant ingest a.bib)"

    def test_sigterm_ends_an_ingest_between_two_batches(self, store: Path) -> None:
        with worker("endless", store) as process:
            assert process.stdin is not None
            lines = [json.dumps(entry(number, doi=f"10.1/{number}")) + "\n" for number in range(20)]
            # Blank lines push the records through the buffers of the pipe and of the reader.
            process.stdin.write("".join(lines) + (" " * 100_000 + "\n") * 10)
            process.stdin.flush()
            assert line(process) == "batch"
            process.send_signal(signal.SIGTERM)
            _, err = process.communicate()
        assert (process.returncode, err) == (143, "")
        assert not (store / "lock.holder").exists()
        with Library.open(store) as library:
            assert library.count() in (8, 16)
        assert codes(store) == []


class TestReadersBesideAWriter:
    def test_they_see_one_generation_and_take_up_the_next_without_a_restart(self, store: Path, tmp_path: Path) -> None:
        count, last = 20, 5
        source = tmp_path / "records.jsonl"
        write_epoch(source, count, 0)
        with opened(store) as assistant:
            assistant.ingest([str(source)])
        seen: list[int] = []
        with opened(store) as reader, ExitStack() as stack:
            order = json.dumps([str(source), count, last])
            writer = stack.enter_context(worker("epochs", store, order))
            running = True
            while running:
                running = writer.poll() is None
                papers = reader.search("common paper", top_k=count).papers
                epochs = {int(re.findall(r"Epoch(\d+)", ranked.paper.abstract)[0]) for ranked in papers}
                assert len(papers) == count
                assert len(epochs) == 1, "a reader saw two generations at once"
                (epoch,) = epochs
                words = reader.search(f"epoch{epoch}", top_k=count).papers
                assert all(ranked.lexical is not None and ranked.dense is not None for ranked in papers)
                assert {ranked.paper.key for ranked in words} == {ranked.paper.key for ranked in papers}
                seen.append(epoch)
            assert writer.communicate()[1] == ""
            assert writer.returncode == 0
            assert reader.notices == []
        assert seen == sorted(seen)
        assert seen[-1] == last
        assert len(set(seen)) > 1

    def test_a_reader_mends_what_a_killed_writer_left_while_it_was_open(self, filled: Path) -> None:
        with opened(filled) as reader:
            assert len(reader.search("keeping", top_k=50).papers) == 5
            with Library.open(filled) as library, library.transaction() as writer:  # and no index was told
                writer.remove(library.ids_of_keys(["lee2000keeping"])["lee2000keeping"])
            assert len(reader.search("keeping", top_k=50).papers) == 4
            assert len(reader.notices) == 1
        assert codes(filled) == []

    def test_missing_indexes_that_another_process_builds_are_not_searched(self, filled: Path) -> None:
        shutil.rmtree(filled / LEXICAL_FOLDER)
        with writer_lock(filled), opened(filled) as reader, pytest.raises(StoreLockedError, match="building"):
            reader.search("keeping")


@pytest.fixture
def shelf() -> Iterator[Path]:
    """A folder that every user may enter, unlike pytest's."""
    folder = Path(tempfile.mkdtemp(prefix="assistant-test-"))
    folder.chmod(0o755)
    yield folder
    for path in [folder, *folder.rglob("*")]:
        if path.is_dir():
            path.chmod(0o755)
    shutil.rmtree(folder)


@pytest.fixture
def locked(shelf: Path, tmp_path: Path) -> Path:
    """A store of five papers that may only be read, once `lock` was called."""
    with opened(shelf / "store") as assistant:
        assistant.ingest([str(write(tmp_path / "a.jsonl", *(fruit(i) for i in range(5))))])
    return shelf / "store"


def lock(store: Path) -> None:
    for path in [store, *store.rglob("*")]:
        path.chmod(0o555 if path.is_dir() else 0o444)


@pytest.mark.skipif(sys.platform == "win32", reason="needs Unix permissions")
class TestReadOnly:
    def read(self, store: Path) -> list[object]:
        lock(store)
        before = {path: path.stat().st_mtime_ns for path in store.rglob("*")}
        said = result("read_only", store)
        assert {path: path.stat().st_mtime_ns for path in store.rglob("*")} == before
        return said

    def test_searching_and_asking_work_and_the_answer_is_not_saved(self, locked: Path) -> None:
        found, status, warnings, refusal, findings, notices = self.read(locked)
        assert isinstance(found, list)
        assert len(found) == 5
        assert (status, warnings, findings, notices) == ("answered", ["not_saved"], [], [])
        assert "cannot write to" in str(refusal)
        assert "--store" in str(refusal)

    @pytest.mark.parametrize("folder", [LEXICAL_FOLDER, VECTORS_FOLDER])
    def test_a_missing_index_is_built_elsewhere(self, locked: Path, folder: str) -> None:
        shutil.rmtree(locked / folder)
        found, status, _, _, findings, notices = self.read(locked)
        assert isinstance(found, list)
        assert (len(found), status, findings) == (5, "answered", ["index_behind"])
        assert "built for this run alone" in str(notices)

    def test_a_log_that_was_never_written_back_is_read(self, locked: Path) -> None:
        aside = locked.parent / "aside"
        with Library.open(locked) as library:
            with library.transaction() as writer:
                writer.remove(library.ids_of_keys(["lee2004keeping"])["lee2004keeping"])
            shutil.copytree(locked, aside)  # as a crash leaves it
        (aside / "library.sqlite3-shm").unlink()
        assert (aside / "library.sqlite3-wal").stat().st_size > 0
        found, *_ = self.read(aside)
        assert isinstance(found, list)
        assert len(found) == 4


class TestFullDisk:
    @pytest.fixture
    def sources(self, tmp_path: Path) -> tuple[Path, Path]:
        small = write(tmp_path / "small.jsonl", *(common(i) for i in range(20)))
        large = write(tmp_path / "large.jsonl", *(common(i) for i in range(LARGE)))
        return small, large

    @staticmethod
    def check(said: list[object]) -> None:
        error, status, between, found, findings, after, findings_after = said
        assert re.search(r"free some space|full|File too large|disk I/O", str(error)), error
        assert "\n" not in str(error)
        assert isinstance(status, list)
        assert status[0] in ("answered", "refused")
        assert isinstance(between, int)
        assert between in (20, LARGE) or between % FULL_BATCH == 0  # small.jsonl is merged into the first batch
        assert (found, after) == (between, LARGE)
        assert findings in ([], ["chroma_behind"])
        assert findings_after == []

    def test_files_that_may_not_grow(self, store: Path, sources: tuple[Path, Path]) -> None:
        pytest.importorskip("resource")
        store.parent.mkdir(exist_ok=True)
        self.check(result("full_disk", store, json.dumps([*map(str, sources), "limit"])))

    def test_a_disk_without_room(self, tmp_path: Path, sources: tuple[Path, Path]) -> None:
        disk = tmp_path / "disk"
        disk.mkdir()
        mount = f'mount -t tmpfs -o size=6m tmpfs {disk} && exec "$@"'
        probe = subprocess.run(["unshare", "-m", "sh", "-c", mount, "sh", "true"], capture_output=True, check=False)
        if probe.returncode:
            pytest.skip("this account may not mount a small disk")
        order = json.dumps([*map(str, sources), "disk"])
        self.check(result("full_disk", disk / "store", order, wrapper=("unshare", "-m", "sh", "-c", mount, "sh")))


def common(number: int) -> dict[str, object]:
    text = f"We study common things of kind {number}. " + " ".join(f"word{number}x{place}" for place in range(60)) + "."
    return {**entry(number, text=text, doi=f"10.1/{number}"), "title": f"Common things {number}"}
