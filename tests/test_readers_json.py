"""BEIR, arXiv snapshot and our own JSONL."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from assistant.papers import Flag, Paper
from assistant.readers import Record, fields, read_source


def read(tmp_path: Path, *lines: str | dict[str, Any], format: str | None = None) -> list[Record]:
    path = tmp_path / "in.jsonl"
    path.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines), encoding="utf-8")
    return list(read_source(str(path), format=format))


def paper(record: Record) -> Paper:
    assert record.paper is not None, record.rejection
    return record.paper


def test_beir_metadata_is_read(tmp_path: Path) -> None:
    record = {
        "_id": "1802.04221",
        "title": "Honest   Games",
        "text": "We play $n$ games.\nThey end.",
        "metadata": {
            "authors": ["Ya-Ping Hsieh", "Volkan Cevher"],
            "year": 2018,
            "created": "2018-02-12",
            "categories": ["cs.GT", "cs.LG"],
            "doi": "https://doi.org/10.1145/ABC.1",
            "comments": "12 pages",
            "url": "https://arxiv.org/abs/1802.04221",
        },
    }
    found = paper(read(tmp_path, record)[0])
    assert found.title == "Honest Games"
    assert found.abstract == "We play n games. They end."
    assert found.authors == ("Ya-Ping Hsieh", "Volkan Cevher")
    assert (found.year, found.date, found.categories) == (2018, "2018-02-12", ("cs.GT", "cs.LG"))
    assert (found.doi, found.arxiv_id, found.source_ids) == ("10.1145/abc.1", "1802.04221", ("1802.04221",))
    assert found.notes == ("12 pages",)
    assert found.key == ""


def test_beir_records_that_cannot_be_used_are_rejected_with_their_line(tmp_path: Path) -> None:
    good = {"_id": "ok", "title": "T", "text": ""}
    records = read(
        tmp_path, good, "{torn", "[1, 2]", {"_id": "empty", "title": " ", "text": None}, {"title": "no id"}, '"x"', good
    )
    assert [record.line for record in records if record.rejection] == [2, 3, 4, 5, 6]
    assert [paper(record).source_id for record in records if record.paper] == ["ok", "ok"]
    reasons = [record.rejection.reason for record in records if record.rejection]
    assert reasons[0].startswith("not JSON")
    assert reasons[1] == "not a JSON object"
    assert "neither a title nor an abstract" in reasons[2]
    assert "no _id" in reasons[3]


@pytest.mark.parametrize(
    "metadata", [None, [], "x", {"authors": "Jane Doe and Max Roe", "year": "n/a", "categories": 7}]
)
def test_odd_metadata_is_no_obstacle(tmp_path: Path, metadata: Any) -> None:
    found = paper(read(tmp_path, {"_id": 7, "title": "T", "text": "A.", "metadata": metadata})[0])
    assert found.source_id == "7"
    assert found.year is None


def test_half_characters_and_control_codes_do_no_harm(tmp_path: Path) -> None:
    found = paper(read(tmp_path, '{"_id": "a", "title": "x \\ud800 y\\u001b[31m", "text": "\\u0000z"}')[0])
    assert (found.title, found.abstract) == ("x y", "z")


ARXIV = {
    "id": "0704.0001v2",
    "submitter": "Pavel Nadolsky",
    "authors": "C. Bal\\'azs (Somewhere), E. L. Berger, and J.-P. Roe",
    "title": "Calculation of\n  things",
    "comments": "37 pages",
    "journal-ref": "Phys.Rev.D76:013009,2007",
    "doi": "10.1103/PhysRevD.76.013009",
    "report-no": None,
    "categories": "hep-ph cs.IR",
    "abstract": "  A fully\ndifferential calculation of $\\gamma$ rays.\n",
    "versions": [{"version": "v1", "created": "Mon, 2 Apr 2007 19:18:42 GMT"}],
    "update_date": "2008-11-26",
    "authors_parsed": [["Balázs", "C.", ""], ["Berger", "E. L.", "Jr."]],
}


def test_arxiv_snapshot(tmp_path: Path) -> None:
    found = paper(read(tmp_path, ARXIV)[0])
    assert found.title == "Calculation of things"
    assert found.abstract == "A fully differential calculation of γ rays."
    assert found.authors == ("C. Balázs", "E. L. Berger Jr.")
    assert (found.year, found.date) == (2007, "2007-04-02")
    assert (found.arxiv_id, found.doi, found.source_id) == ("0704.0001", "10.1103/physrevd.76.013009", "0704.0001")
    assert found.venue == "Phys.Rev.D76:013009,2007"
    assert found.categories == ("hep-ph", "cs.IR")
    assert found.provenance[0].format == "arxiv"


def test_arxiv_authors_as_text_lose_affiliations(tmp_path: Path) -> None:
    found = paper(read(tmp_path, {**ARXIV, "authors_parsed": None})[0])
    assert found.authors == ("C. Balázs", "E. L. Berger", "J.-P. Roe")


def test_a_withdrawn_paper_is_flagged(tmp_path: Path) -> None:
    found = paper(
        read(tmp_path, {**ARXIV, "abstract": "This paper has been withdrawn by the author due to an error."})[0]
    )
    assert found.flags == (Flag.RETRACTED,)
    other = {
        "_id": "r",
        "title": "RETRACTED ARTICLE: Good title",
        "text": "We study withdrawn papers that were retracted.",
    }
    found = paper(read(tmp_path, other)[0])
    assert (found.title, found.flags) == ("Good title", (Flag.RETRACTED,))
    harmless = {
        "_id": "r",
        "title": "Retracted papers and their readers",
        "text": "Money has been withdrawn from accounts.",
    }
    assert paper(read(tmp_path, harmless)[0]).flags == ()


def test_our_own_jsonl_comes_back_as_it_was(tmp_path: Path) -> None:
    record = {
        "key": "naumov2019deep",
        "aliases": ["dlrm"],
        "source_id": "1906.00091",
        "source_ids": ["1906.00091", "dlrm.bib:3"],
        "title": "A title",
        "authors": ["Maxim Naumov", "Guido van Rossum"],
        "authors_complete": False,
        "year": 2019,
        "date": "2019-05-31",
        "venue": "KDD",
        "categories": ["cs.IR"],
        "abstract": "It is so.",
        "doi": "10.1/x",
        "arxiv_id": "1906.00091",
        "pmid": "123",
        "url": "https://a.b/c",
        "flags": ["authors_incomplete", "own_summary", "unheard_of"],
        "notes": ["Code"],
        "provenance": [{"file": "elsewhere", "line": 1, "format": "bibtex", "time": "x"}],
    }
    found = paper(read(tmp_path, record)[0])
    for name in ("title", "abstract", "year", "date", "venue", "arxiv_id", "pmid", "url"):
        assert getattr(found, name) == record[name]
    assert found.authors == ("Maxim Naumov", "Guido van Rossum")
    assert found.aliases == ("naumov2019deep", "dlrm")
    assert found.source_ids == ("1906.00091", "dlrm.bib:3")
    assert found.flags == (Flag.AUTHORS_INCOMPLETE, Flag.OWN_SUMMARY)
    assert (found.provenance[0].format, found.provenance[0].line) == ("jsonl", 1)


def test_a_record_without_a_title_gets_one_from_its_abstract(tmp_path: Path) -> None:
    found = paper(read(tmp_path, {"abstract": "We train models.", "authors": [{"name": "Jane Doe"}, {"x": 1}]})[0])
    assert (found.title, found.flags) == ("We train models…", (Flag.TITLE_INFERRED,))
    assert found.authors == ("Jane Doe",)
    assert found.source_id == "in.jsonl:1"


def test_arrays_and_wrapped_lists_are_read(tmp_path: Path) -> None:
    records = [{"title": "One", "abstract": ""}, {"title": "Two", "abstract": ""}]
    for text in (
        json.dumps(records),
        json.dumps(records, indent=2),
        json.dumps({"meta": {}, "results": records}, indent=1),
    ):
        assert [paper(record).title for record in read(tmp_path, text, format="jsonl")] == ["One", "Two"]
    assert [r.rejection is not None for r in read(tmp_path, "[{}, 3, ", format="jsonl")] == [True, True, True]


def test_a_broken_object_of_an_array_does_not_stop_the_rest(tmp_path: Path) -> None:
    text = '[\n{"title": "One"},\n{"title": "T" oops},\n{"title": "Three"}, 4,\n{"title": "Fi'
    records = read(tmp_path, text, format="jsonl")
    assert [(r.line, r.paper.title) for r in records if r.paper] == [(2, "One"), (4, "Three")]
    assert [r.line for r in records if r.rejection] == [3, 4, 5]


def test_nesting_without_end_is_a_rejection(tmp_path: Path) -> None:
    for text in ("[" * 100_000, '{"a":' * 100_000, '[{"a":' + "[" * 100_000):
        (record,) = read(tmp_path, text, format="jsonl")
        assert record.rejection is not None


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("2402.17152v3", "2402.17152"),
        ("arXiv:2402.17152 [cs.IR]", "2402.17152"),
        ("https://arxiv.org/pdf/2402.17152v1.pdf", "2402.17152"),
        ("0704.0001", "0704.0001"),
        ("cs/0501001v1", "cs/0501001"),
        ("math.GT/0309136", "math/0309136"),
        ("1706.0720199999998", "1706.07202"),
        ("1706.072", "1706.07200"),
        ("805.056", "0805.0560"),
        ("12345", None),
        ("2413.00001", None),
        ("10.1145/3534678.3539081", None),
        ("", None),
    ],
)
def test_arxiv_ids(value: str, found: str | None) -> None:
    assert fields.arxiv_id(value) == found


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("10.1145/3534678.3539081", "10.1145/3534678.3539081"),
        ("https://doi.org/10.1000/ABC(1).X.", "10.1000/abc(1).x"),
        ("(see doi:10.1000/182)", "10.1000/182"),
        ("10.1002/(SICI)1097-4571(199806)49:8", "10.1002/(sici)1097-4571(199806)49:8"),
        ("10.1000/a&lt;b&gt;", "10.1000/a"),
        ("10.1002/(SICI)1097(1998)49:8<693::AID-A4>3.0.CO;2-O", "10.1002/(sici)1097(1998)49:8<693::aid-a4>3.0.co;2-o"),
        ("not a doi", None),
    ],
)
def test_dois(value: str, found: str | None) -> None:
    assert fields.doi(value) == found


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Knuth, Donald E.; van Rossum, Guido", ["Donald E. Knuth", "Guido van Rossum"]),
        ("Jane Doe and Max Roe", ["Jane Doe", "Max Roe"]),
        ("Doe, Jane and Roe, Max", ["Jane Doe", "Max Roe"]),
        ("Jane Doe, Max Roe, and Ann Poe", ["Jane Doe", "Max Roe", "Ann Poe"]),
        ("Jane Doe", ["Jane Doe"]),
        ("", []),
    ],
)
def test_lists_of_names(text: str, names: list[str]) -> None:
    assert fields.split_names(text) == names


def test_given_family_keeps_suffixes() -> None:
    assert fields.given_family("King, Jr., Martin Luther") == "Martin Luther King Jr."
    assert fields.given_family("Madonna") == "Madonna"
