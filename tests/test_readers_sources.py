"""Sources as files: sniffing, compression, encodings, limits, folders, globs and standard input."""

from __future__ import annotations

import gzip
import io
import json
import os
import sys
from pathlib import Path

import pytest

from assistant.errors import SourceError, UsageError
from assistant.readers import FORMATS, Record, contents, read_source
from assistant.readers.sniffing import sniff

PAPER = {"_id": "a1", "title": "Caching for Größe", "text": "We cache. It is quick."}
LINE = json.dumps(PAPER, ensure_ascii=False)


def write(path: Path, data: bytes | str) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return str(path)


def titles(records: list[Record]) -> list[str]:
    return [record.paper.title for record in records if record.paper]


@pytest.mark.parametrize(
    "data",
    [
        LINE.encode(),
        b"\xef\xbb\xbf" + LINE.encode(),
        LINE.encode("utf-16"),
        LINE.encode("utf-16-le"),
        LINE.encode("utf-16-be"),
        LINE.encode("cp1252"),
        gzip.compress(LINE.encode(), mtime=0),
        gzip.compress(LINE.encode("utf-16"), mtime=0),
        (LINE + "\r\n").encode(),
        ("\n\n" + LINE + "\n").encode(),
    ],
)
def test_encodings_and_compression_give_the_same_paper(tmp_path: Path, data: bytes) -> None:
    records = list(read_source(write(tmp_path / "x.dat", data)))
    assert titles(records) == ["Caching for Größe"]
    assert records[0].paper is not None
    assert records[0].paper.source_id == "a1"


def test_a_file_may_mix_encodings(tmp_path: Path) -> None:
    data = b'{"_id": "1", "title": "na\xefve", "text": ""}\n{"_id": "2", "title": "na\xc3\xafve \x93x\x94", "text": ""}'
    assert titles(list(read_source(write(tmp_path / "x.jsonl", data)))) == ["naïve", "naïve “x”"]


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (LINE, "beir"),
        ('[{"_id": "a", "title": "b"}]', "beir"),
        ('{"id": "2402.17152", "submitter": "x", "title": "t", "categories": "cs.IR", "abstract": "a"}', "arxiv"),
        ('{"key": "a2020b", "source_ids": ["x"], "title": "t", "authors": ["A B"]}', "jsonl"),
        ('{"title": "t", "abstract": "a"}', "jsonl"),
        ("% a comment\n@article{x,\n title={t}}", "bibtex"),
        ("IRJul 14, 2022Code\nTitle HereJane Doe et al.\nWe do.", "listing"),
        ("\n\nAbstract:We do.", "listing"),
        ("hello world, this is prose.", None),
        ("@handle said (this)", None),
        ("@dataclass(frozen=True)\nclass Paper:", None),
        ("@Article(x, title={t})", "bibtex"),
        ("<html><body>@article{x}</body></html>", None),
    ],
)
def test_sniffing_goes_by_content(head: str, name: str | None) -> None:
    assert sniff(head.encode()) == name


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty"),
        (b" \n\n ", "is empty"),
        (b"%PDF-1.7 \x00\x01", "not a text file"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not a text file"),
        (bytes(range(256)) * 40, "not a text file"),
        (b"PK\x03\x04rest", "not a text file"),
        (b"just a few words of prose", "no format that can be recognised"),
        (gzip.compress(LINE.encode() * 400, mtime=0)[:60], "damaged gzip"),
        (b"\x1f\x8bnot gzip at all", "damaged gzip"),
        (gzip.compress(b"", mtime=0), "is empty"),
    ],
)
def test_unusable_files_say_why(tmp_path: Path, data: bytes, words: str) -> None:
    with pytest.raises(SourceError, match=words):
        list(read_source(write(tmp_path / "file", data)))


@pytest.mark.parametrize("source", ["missing.bib", "no/such/folder", "*.nothing", "a\x00b", "~nobody-here/x", "", " "])
def test_a_missing_source_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SourceError):
        list(read_source(source))


def test_an_unknown_format_names_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=FORMATS[0]):
        list(read_source(str(tmp_path), format="word"))


def test_a_folder_is_read_in_order_and_unreadable_files_do_not_stop_it(tmp_path: Path) -> None:
    write(tmp_path / "b.jsonl", LINE)
    write(tmp_path / "a/deep.jsonl.gz", gzip.compress(LINE.replace("a1", "a0").encode()))
    write(tmp_path / "picture.png", b"\x89PNG\x00")
    write(tmp_path / "notes.md", "# Notes")
    write(tmp_path / ".hidden.jsonl", LINE)
    write(tmp_path / "torn.jsonl.gz", gzip.compress(LINE.encode() * 400, mtime=0)[:80])
    records = list(read_source(str(tmp_path)))
    assert [record.paper.source_id for record in records if record.paper] == ["a1", "a0"]
    assert [record.rejection.reason.split(": ")[0] for record in records if record.rejection] == [
        f"{tmp_path / 'torn.jsonl.gz'} is a damaged gzip file"
    ]


def test_a_folder_without_anything_readable_is_an_error(tmp_path: Path) -> None:
    write(tmp_path / "picture.png", b"\x89PNG\x00")
    with pytest.raises(SourceError, match="nothing readable"):
        list(read_source(str(tmp_path)))


def test_a_file_that_breaks_off_keeps_what_was_read(tmp_path: Path) -> None:
    noise = "".join(json.dumps({**PAPER, "_id": str(number), "text": str(number**9)}) + "\n" for number in range(9000))
    source = write(tmp_path / "torn.jsonl.gz", gzip.compress(noise.encode())[:60_000])
    records = list(read_source(source))
    assert len(records) > 1000
    assert all(record.paper for record in records[:-1])
    assert records[-1].rejection is not None
    assert "damaged gzip file after line" in records[-1].rejection.reason


def test_a_glob_names_its_unreadable_files(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", LINE)
    write(tmp_path / "b.jsonl", "")
    records = list(read_source(str(tmp_path / "*.jsonl")))
    assert titles(records) == ["Caching for Größe"]
    assert [r.rejection.reason for r in records if r.rejection] == [f"{tmp_path / 'b.jsonl'} is empty"]


def test_a_file_named_like_a_glob_is_a_file(tmp_path: Path) -> None:
    assert len(list(read_source(write(tmp_path / "export[1].jsonl", LINE)))) == 1


def test_a_file_whose_name_is_not_utf_8_is_named_with_the_bytes_spelled_out(tmp_path: Path) -> None:
    write(Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.jsonl")), LINE)
    (record,) = read_source(str(tmp_path))
    assert record.paper is not None
    assert record.paper.provenance[0].file == str(tmp_path / r"caf\xe9.jsonl")


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(LINE.encode())))
    (record,) = read_source("-")
    assert record.paper is not None
    assert record.paper.provenance[0].file == "-"


def test_a_long_line_is_one_rejected_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contents, "MAX_LINE", 1000)
    long = json.dumps({"_id": "long", "title": "t", "text": "x" * 2_100_000})
    exact = json.dumps({"_id": "fits", "title": "t", "text": ""}).ljust(1000)
    source = write(tmp_path / "x.jsonl", "\n".join([LINE, long, exact, LINE.replace("a1", "a2")]))
    records = list(read_source(source))
    assert [record.paper.source_id if record.paper else record.line for record in records] == ["a1", 2, "fits", "a2"]
    assert records[1].rejection is not None
    assert "longer than 16 MB" in records[1].rejection.reason


def test_a_long_last_line_without_an_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contents, "MAX_LINE", 1000)
    records = list(read_source(write(tmp_path / "x.jsonl", LINE + "\n{" + "x" * 5000)))
    assert [record.rejection is None for record in records] == [True, False]


def test_formats_read_as_a_whole_have_a_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contents, "MAX_WHOLE", 1000)
    source = write(tmp_path / "x.bib", "@article{a, title={%s}}" % ("x" * 2000))
    with pytest.raises(SourceError, match=r"200 MB.*split the file"):
        list(read_source(source))


def test_provenance_names_file_line_format_and_time(tmp_path: Path) -> None:
    source = write(tmp_path / "x.jsonl", f"\n{LINE}\n")
    (record,) = read_source(source)
    assert record.paper is not None
    (place,) = record.paper.provenance
    assert (place.file, place.line, place.format) == (source, 2, "beir")
    assert place.time.endswith("+00:00")
