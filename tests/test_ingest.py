"""Ingest: every record is counted once, nothing is embedded twice, keys and identities hold."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.export import export
from assistant.ingest import Ingester, IngestReport, Intake
from assistant.library import Library
from assistant.papers import Flag
from assistant.readers import Rejection, read_source
from tests.fakes import HashEmbedder


@pytest.fixture
def library(store: Path) -> Iterator[Library]:
    with Library.open(store, create=True) as made:
        made.remember("dimension", str(HashEmbedder.dimension))
        yield made


@pytest.fixture
def embedder() -> HashEmbedder:
    return HashEmbedder()


def entry(number: int, text: str = "It sorts keys fast.", **more: object) -> dict[str, object]:
    """Return one BEIR record."""
    metadata = {"authors": ["Ann Lee"], "year": 2000 + number, **more}
    return {"_id": f"d{number}", "title": f"Sorting number {number}", "text": text, "metadata": metadata}


def write(path: Path, *entries: dict[str, object]) -> Path:
    path.write_text("".join(json.dumps(e) + "\n" for e in entries), encoding="utf-8")
    return path


def ingest(library: Library, embedder: HashEmbedder, *paths: Path, dry_run: bool = False) -> IngestReport:
    records = (record for path in paths for record in read_source(str(path)))
    return Ingester(library, embedder).run(records, dry_run=dry_run)


def counts(report: IngestReport) -> dict[str, int]:
    """Return what the report counts, without zeros."""
    names = ("new", "changed", "same", "merged", "rejected", "embedded")
    assert report.read == report.new + report.changed + report.same + report.merged + report.rejected
    return {name: getattr(report, name) for name in names if getattr(report, name)}


def test_the_second_run_computes_and_writes_nothing(library: Library, embedder: HashEmbedder, tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", *(entry(i) for i in range(5)))
    assert counts(ingest(library, embedder, path)) == {"new": 5, "embedded": 5}
    generation = library.generation
    assert counts(ingest(library, embedder, path)) == {"same": 5}
    assert embedder.embedded == 5
    assert library.generation == generation


def test_a_record_is_known_wherever_it_stands_in_its_file(
    library: Library, embedder: HashEmbedder, tmp_path: Path
) -> None:
    path = write(tmp_path / "a.jsonl", entry(1), entry(2))
    ingest(library, embedder, path)
    write(path, entry(3), entry(2), entry(1))
    assert counts(ingest(library, embedder, path)) == {"new": 1, "same": 2, "embedded": 1}


def test_a_changed_record_keeps_its_key_and_embeds_only_its_own_windows(
    library: Library, embedder: HashEmbedder, tmp_path: Path
) -> None:
    path = write(tmp_path / "a.jsonl", entry(1), entry(2))
    ingest(library, embedder, path)
    key = library.get("lee2001sorting").key
    write(path, entry(1, text="It sorts keys slowly."), entry(2))
    assert counts(ingest(library, embedder, path)) == {"changed": 1, "same": 1, "embedded": 1}
    assert library.get(key).abstract == "It sorts keys slowly."
    assert library.count() == 2


def test_a_change_beside_the_text_embeds_nothing(library: Library, embedder: HashEmbedder, tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", entry(1))
    ingest(library, embedder, path)
    write(path, entry(1, url="https://example.org"))
    assert counts(ingest(library, embedder, path)) == {"changed": 1}
    assert library.get("lee2001sorting").url == "https://example.org"


def test_a_change_that_is_taken_back_is_a_change(library: Library, embedder: HashEmbedder, tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", entry(1))
    ingest(library, embedder, path)
    write(path, entry(1, text="Another text."))
    ingest(library, embedder, path)
    write(path, entry(1))
    assert counts(ingest(library, embedder, path)) == {"changed": 1, "embedded": 1}
    assert library.get("lee2001sorting").abstract == "It sorts keys fast."


def test_two_texts_of_one_paper_in_one_file_come_to_rest(
    library: Library, embedder: HashEmbedder, tmp_path: Path
) -> None:
    path = write(tmp_path / "a.jsonl", entry(1, doi="10.1/x"), entry(1, text="It sorts.", doi="10.1/x"))
    assert counts(ingest(library, embedder, path)) == {"new": 1, "merged": 1, "embedded": 1}
    for _ in range(2):
        assert counts(ingest(library, embedder, path)) == {"same": 2}


def test_the_same_paper_from_another_file_is_merged(library: Library, embedder: HashEmbedder, tmp_path: Path) -> None:
    first = write(tmp_path / "a.jsonl", entry(1, doi="10.1/x"))
    other = {**entry(1, doi="10.1/X", pmid="7"), "_id": "other"}
    second = write(tmp_path / "b.jsonl", other)
    report = ingest(library, embedder, first, second)
    assert counts(report) == {"new": 1, "merged": 1, "embedded": 1}
    paper = library.get("lee2001sorting")
    assert paper.source_ids == ("d1", "other")
    assert paper.pmid == "7"
    assert report.merges == [("other", "lee2001sorting")]
    assert counts(ingest(library, embedder, first, second)) == {"same": 2}


def test_keys_that_clash_get_letters_in_order(library: Library, embedder: HashEmbedder, tmp_path: Path) -> None:
    papers = [
        {"_id": f"x{i}", "title": f"Sorting of {word}", "text": f"{word} only.", "metadata": entry(1)["metadata"]}
        for i, word in enumerate(("apples", "pears", "plums"))
    ]
    ingest(library, embedder, write(tmp_path / "a.jsonl", *papers))
    assert [paper.key for paper in library.papers()] == ["lee2001sorting", "lee2001sortinga", "lee2001sortingb"]


def test_a_broken_record_is_reported_with_its_place_and_stops_nothing(
    library: Library, embedder: HashEmbedder, tmp_path: Path
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps(entry(1)) + "\n{broken\n" + json.dumps(entry(2)) + "\n", encoding="utf-8")
    report = ingest(library, embedder, path)
    assert counts(report) == {"new": 2, "rejected": 1, "embedded": 2}
    assert (report.rejections[0].file, report.rejections[0].line) == (str(path), 2)


def test_an_unreadable_file_beside_others_is_a_rejection(
    library: Library, embedder: HashEmbedder, tmp_path: Path
) -> None:
    junk = tmp_path / "junk.txt"
    junk.write_text("nothing that is a paper", encoding="utf-8")
    good = write(tmp_path / "a.jsonl", entry(1))
    report = Ingester(library, embedder).run(Intake([str(junk), str(good)]))
    assert counts(report) == {"new": 1, "rejected": 1, "embedded": 1}
    assert report.rejections[0].file == str(junk)


def test_a_dry_run_says_the_same_and_writes_nothing(library: Library, embedder: HashEmbedder, tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", *(entry(i, doi=f"10.1/{i % 400}") for i in range(600)))
    said = ingest(library, embedder, path, dry_run=True)
    assert library.count() == library.generation == embedder.embedded == 0
    done = ingest(library, embedder, path)
    assert counts(said) == counts(done)
    assert said.papers == done.papers


def test_a_real_abstract_replaces_a_summary(library: Library, embedder: HashEmbedder, tmp_path: Path) -> None:
    summary = {"title": "Sorting number 1", "authors": ["Ann Lee"], "year": 2001, "abstract": "Our words.", "key": "k"}
    own = tmp_path / "own.jsonl"
    own.write_text(json.dumps({**summary, "source_id": "sample:1", "flags": ["own_summary"]}) + "\n", encoding="utf-8")
    real = write(tmp_path / "real.jsonl", entry(1))
    ingest(library, embedder, own, real)
    (paper,) = library.papers()
    assert paper.abstract == "It sorts keys fast."
    assert not paper.has(Flag.OWN_SUMMARY)
    ingest(library, embedder, own)
    assert library.get(paper.key).abstract == "It sorts keys fast."


def test_records_of_many_batches_find_each_other(library: Library, embedder: HashEmbedder, tmp_path: Path) -> None:
    first = write(tmp_path / "a.jsonl", *(entry(i, doi=f"10.1/{i}") for i in range(700)))
    second = write(tmp_path / "b.jsonl", *({**entry(i, doi=f"10.1/{i}"), "_id": f"e{i}"} for i in range(700)))
    assert counts(ingest(library, embedder, first, second)) == {"new": 700, "merged": 700, "embedded": 700}
    assert library.count() == 700


def test_the_listings_are_sixty_records_and_fifty_seven_papers(
    library: Library, embedder: HashEmbedder, shared_data: Path
) -> None:
    report = ingest(library, embedder, shared_data / "seeds")
    assert counts(report) == {"new": 57, "merged": 3, "embedded": report.embedded}
    assert report.read == 60
    assert report.papers == 57
    assert counts(ingest(library, embedder, shared_data / "seeds")) == {"same": 60}


def library_of(records: list[dict[str, object]], folder: Path) -> Library:
    folder.mkdir(parents=True)
    made = Library.open(folder / "store", create=True)
    made.remember("dimension", str(HashEmbedder.dimension))
    if records:
        ingest(made, HashEmbedder(), write(folder / "records.jsonl", *records))
    return made


@pytest.mark.parametrize("format", ["bibtex", "ris", "csl-json", "jsonl"])
def test_an_export_ingested_elsewhere_gives_the_same_papers_under_the_same_keys(tmp_path: Path, format: str) -> None:
    """Also where the keys clashed, and the paper that had the key without a suffix is gone."""
    records = [
        {**entry(1, doi=f"10.1/{i}", date="2001-05-04"), "_id": f"d{i}", "title": f"Sorting {word}"}
        for i, word in enumerate(("apples", "pears", "plums", "figs"))
    ]
    records[3]["text"] = ""
    with library_of(records, tmp_path / "here") as here, library_of([], tmp_path / "there") as there:
        with here.transaction() as writer:
            writer.remove(here.ids_of_keys(["lee2001sorting"])["lee2001sorting"])
        exported = tmp_path / f"out.{format}"
        exported.write_text("".join(export(here.papers(), format)), encoding="utf-8")
        assert counts(ingest(there, HashEmbedder(), exported)) == {"new": 3, "embedded": 3}
        # Where a record was read is another place there, and its name in that place is another.
        before, after = (
            [replace(paper, source_ids=(), provenance=()) for paper in library.papers()] for library in (here, there)
        )
        assert before == after
        assert [paper.key for paper in there.papers()] == ["lee2001sortinga", "lee2001sortingb", "lee2001sortingc"]


def test_a_foreign_key_stays_an_alias(library: Library, embedder: HashEmbedder, tmp_path: Path) -> None:
    path = tmp_path / "a.bib"
    path.write_text("@article{Lee01, title={Sorting keys}, author={Ann Lee}, year=2001}\n", encoding="utf-8")
    ingest(library, embedder, path)
    assert (library.get("Lee01").key, library.get("Lee01").aliases) == ("lee2001sorting", ("Lee01",))


def test_a_thousand_nameless_records_get_a_thousand_keys(
    library: Library, embedder: HashEmbedder, tmp_path: Path
) -> None:
    records: list[dict[str, object]] = [
        {"_id": f"d{i}", "title": f"Sorting {i}x", "text": "", "metadata": {}} for i in range(1000)
    ]
    ingest(library, embedder, write(tmp_path / "a.jsonl", *records))
    keys = [paper.key for paper in library.papers()]
    assert keys[:3] == ["anonndsorting", "anonndsortinga", "anonndsortingb"]
    assert len(set(keys)) == 1000


def test_a_damaged_snapshot_does_not_fill_the_memory_with_rejections(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.ingest.report._KEPT", 3)
    report = IngestReport()
    for line in range(9):
        report.reject(Rejection("a.jsonl", line, "broken"))
    assert [rejection.line for rejection in report.rejections] == [0, 1, 2]


def piped(
    library: Library, embedder: HashEmbedder, monkeypatch: pytest.MonkeyPatch, text: str | bytes
) -> dict[str, int]:
    data = text.encode() if isinstance(text, str) else text
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data), encoding="utf-8"))
    return counts(Ingester(library, embedder).run(Intake(["-"])))


def test_streams_on_stdin_know_their_records_again_and_do_not_undo_each_other(
    library: Library, embedder: HashEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    ris = "TY  - JOUR\nTI  - Sparse attention\nAU  - Lee, Ann\nPY  - 2020\nDO  - 10.1000/abc\nN1  - Read\nER  - \n"
    bib = "@article{lee2020, title={Sparse attention}, author={Ann Lee}, year={2020}, doi={10.1000/abc}, abstract={%s}}"
    listing = "IRJul 14, 2020\nA good title for one paperJane Doe\nWe cache rows.\n"
    streams = [ris, bib % "It skips pairs.", listing]
    assert [piped(library, embedder, monkeypatch, text) for text in streams] == [
        {"new": 1, "embedded": 1},
        {"merged": 1, "embedded": 1},
        {"new": 1, "embedded": 1},
    ]
    for text in (*streams, *streams[::-1]):
        assert piped(library, embedder, monkeypatch, text) == {"same": 1}
    assert piped(library, embedder, monkeypatch, bib % "It skips most pairs.") == {"changed": 1, "embedded": 1}
    paper = library.get("lee2020sparse")
    assert (paper.abstract, paper.notes) == ("It skips most pairs.", ("Read",))
    assert piped(library, embedder, monkeypatch, ris) == {"same": 1}
    assert library.count() == 2


def test_no_question_to_the_library_reads_whole_tables(
    library: Library, embedder: HashEmbedder, tmp_path: Path
) -> None:
    """So that a batch takes the same time however large the library is."""
    first = write(tmp_path / "a.jsonl", *(entry(i) for i in range(5)))
    second = write(tmp_path / "b.jsonl", *(entry(i, text=f"Text {i}.") for i in range(3, 9)))
    connection = library._database._connection
    asked: list[str] = []
    connection.set_trace_callback(asked.append)
    ingest(library, embedder, first)
    ingest(library, embedder, second)
    library.changes_since(library.generation - 1)
    connection.set_trace_callback(None)
    questions = {sql for sql in asked if sql.lstrip().startswith("SELECT") and "count(*)" not in sql}
    assert len(questions) > 10
    for sql in sorted(questions):
        plan = " / ".join(row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}"))
        assert not re.search(r"SCAN (papers|windows|records|names|identifiers)", plan), (sql, plan)
        assert "USING PRIMARY KEY (source=?)" not in plan, (sql, plan)
