"""What an ingest reads: files that have not changed since they were read whole are passed over, and only those."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.app import open_assistant
from assistant.errors import SourceError
from assistant.ingest import IngestReport, Intake
from assistant.readers import read_source
from assistant.settings import Settings
from tests.fakes import HashEmbedder
from tests.test_ingest import counts, entry, write

Ingest = Callable[..., IngestReport]


@pytest.fixture
def ingest(store: Path) -> Ingest:
    def run(*paths: Path, dry_run: bool = False, format: str | None = None) -> IngestReport:
        with open_assistant(Settings(store=store, llm="none")) as assistant:
            assistant.embedder = HashEmbedder()
            return assistant.ingest([str(path) for path in paths], dry_run=dry_run, format=format)

    return run


@pytest.fixture
def read_again(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The sources that were read, in order."""
    seen: list[str] = []

    def spy(source: str, **options: object) -> object:
        seen.append(source)
        return read_source(source, **options)  # type: ignore[arg-type]

    monkeypatch.setattr("assistant.ingest.intake.read_source", spy)
    return seen


def test_an_unchanged_file_is_counted_and_not_read(ingest: Ingest, read_again: list[str], tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", *(entry(i) for i in range(5)))
    ingest(path)
    assert counts(ingest(path)) == {"same": 5}
    assert counts(ingest(path, dry_run=True)) == {"same": 5}
    assert read_again == [str(path)]


def test_touching_a_file_does_not_change_it(ingest: Ingest, read_again: list[str], tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", entry(1))
    ingest(path)
    write(path, entry(1))
    ingest(path)
    assert len(read_again) == 1


def test_a_file_is_read_again_once_it_has_changed(ingest: Ingest, read_again: list[str], tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", entry(1))
    ingest(path)
    write(path, entry(1), entry(2))
    assert counts(ingest(path)) == {"new": 1, "same": 1, "embedded": 1}
    assert counts(ingest(path)) == {"same": 2}
    assert len(read_again) == 2


def test_a_removed_paper_comes_back_from_its_file(ingest: Ingest, store: Path, tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", entry(1), entry(2))
    ingest(path)
    with open_assistant(Settings(store=store, llm="none")) as assistant:
        assistant.remove(["lee2001sorting"])
    assert counts(ingest(path)) == {"new": 1, "same": 1, "embedded": 1}


def test_rejections_are_reported_each_time(ingest: Ingest, tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", entry(1))
    with path.open("a") as file:
        file.write("{broken\n")
    for _ in range(2):
        assert [r.line for r in ingest(path).rejections] == [2]


def test_another_format_reads_the_file_again(ingest: Ingest, read_again: list[str], tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", entry(1))
    ingest(path)
    ingest(path, format="beir")
    assert len(read_again) == 2


def test_a_folder_is_read_again_when_one_of_its_files_is_new(
    ingest: Ingest, read_again: list[str], tmp_path: Path
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    write(folder / "a.jsonl", entry(1))
    write(folder / "b.jsonl", entry(2))
    ingest(folder)
    assert counts(ingest(folder)) == {"same": 2}
    write(folder / "c.jsonl", entry(3))
    assert counts(ingest(folder)) == {"new": 1, "same": 2, "embedded": 1}
    assert read_again == [str(folder)] * 2


def test_what_nobody_can_read_makes_nothing(ingest: Ingest, store: Path, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("{broken\n{worse\n")
    with pytest.raises(SourceError, match=r"nothing readable among 2 records; the first: .*a\.jsonl:1"):
        ingest(tmp_path / "a.jsonl", format="beir")
    with pytest.raises(SourceError, match="does not exist"):
        ingest(tmp_path / "none.jsonl")
    assert not store.exists()


def test_the_fraction_grows_to_one(tmp_path: Path) -> None:
    paths = [
        write(tmp_path / f"{name}.jsonl", *(entry(i, text="It sorts. " * 100) for i in range(1500))) for name in "ab"
    ]
    paths[1].with_suffix(".gz").write_bytes(gzip.compress(paths[1].read_bytes()))
    intake = Intake([str(paths[0]), str(paths[1].with_suffix(".gz"))])
    fractions = [intake.fraction for _ in intake]
    known = [fraction for fraction in fractions if fraction is not None]
    assert known == sorted(known)
    assert known[0] < 0.9
    assert known[-1] == pytest.approx(1, abs=0.1)
