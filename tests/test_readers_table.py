"""CSV and TSV."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.errors import UsageError
from assistant.papers import Paper
from assistant.readers import Record, read_source


def read(tmp_path: Path, text: str, format: str | None = None) -> list[Record]:
    path = tmp_path / "x.csv"
    path.write_bytes(text.encode())
    return list(read_source(str(path), format=format))


def one(tmp_path: Path, text: str, format: str | None = None) -> Paper:
    (record,) = read(tmp_path, text, format)
    assert record.paper is not None, record.rejection
    return record.paper


def test_zotero(tmp_path: Path) -> None:
    text = (
        '\ufeff"Key","Item Type","Publication Year","Author","Title","Publication Title","DOI","Url",'
        '"Abstract Note","Date"\r\n'
        '"ABC","conferencePaper","2020","Doe, Jane; van der Berg, Max","Caching ""Rows"", again","Proc. of Rows",'
        '"10.1000/ABC","https://x.org","We cache rows.\nIt is quick.","2020-03-04"\r\n'
    )
    paper = one(tmp_path, text)
    assert paper.title == 'Caching "Rows", again'
    assert paper.authors == ("Jane Doe", "Max van der Berg")
    assert (paper.year, paper.date, paper.venue) == (2020, "2020-03-04", "Proc. of Rows")
    assert paper.abstract == "We cache rows. It is quick."
    assert (paper.doi, paper.source_id, paper.provenance[0].line) == ("10.1000/abc", "ABC", 2)


@pytest.mark.parametrize(
    ("header", "row", "authors"),
    [
        (
            "PMID,Title,Authors,Citation,Journal/Book,Publication Year,DOI",
            '7,T,"Doe JM, Roe M.",c,J,2020,10.1/x',
            ("J. M. Doe", "M. Roe"),
        ),
        ("Authors,Title,Year,Source title", '"Doe J., van Berg M.",T,2020,J', ("J. Doe", "M. van Berg")),
        ("Authors,Title,Year,Source title", '"Doe, J., Roe, M.",T,2020,J', ("J. Doe", "M. Roe")),
        (
            "Author Full Names\tArticle Title\tPublication Year\tSource Title",
            "Doe, Jane; Roe, Max\tT\t2020\tJ",
            ("Jane Doe", "Max Roe"),
        ),
        ("AU\tTI\tPY\tSO", "Doe, J; Roe, M\tT\t2020\tJ", ("J Doe", "M Roe")),
        (
            "Document Title;Authors;Publication Year;Publication Title",
            "T;Jane Doe and Max Roe;2020;J",
            ("Jane Doe", "Max Roe"),
        ),
    ],
)
def test_common_exports(tmp_path: Path, header: str, row: str, authors: tuple[str, ...]) -> None:
    paper = one(tmp_path, f"{header}\n{row}\n")
    assert (paper.title, paper.year, paper.venue) == ("T", 2020, "J")
    assert paper.authors == authors


def test_mapped_columns(tmp_path: Path) -> None:
    text = "Nr,Überschrift,Leute,Inhalt\n1,T,Jane Doe,We cache.\n"
    paper = one(tmp_path, text, "csv:title=überschrift,authors=Leute,abstract=Inhalt,source_id=Nr")
    assert (paper.title, paper.authors, paper.abstract, paper.source_id) == ("T", ("Jane Doe",), "We cache.", "1")
    with pytest.raises(UsageError, match="no column 'Foo'"):
        read(tmp_path, text, "csv:title=Foo")
    with pytest.raises(UsageError, match="unknown field 'titel'"):
        read(tmp_path, text, "csv:titel=Nr")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_as_on_any_system(tmp_path: Path, end: str) -> None:
    rows = ["title;authors;year", "Caching Rows;Doe, Jane;2020", "Sorting Rows;Roe, Max;2021", ""]
    papers = [record.paper for record in read(tmp_path, end.join(rows))]
    found = [(paper.title, paper.authors, paper.provenance[0].line) for paper in papers if paper]
    assert found == [("Caching Rows", ("Jane Doe",), 2), ("Sorting Rows", ("Max Roe",), 3)]


def test_broken_rows_do_not_stop_the_rest(tmp_path: Path) -> None:
    records = read(tmp_path, 'title,year\nOne,2020\n\n"",2021\nTwo\nThree,2020,extra,cells\n"Four,2020\n')
    assert [r.paper.title for r in records if r.paper] == ["One", "Two", "Three", "Four,2020"]
    assert [r.line for r in records if r.rejection] == [4]


def test_a_table_without_a_title_column_says_so(tmp_path: Path) -> None:
    (record,) = read(tmp_path, "a,b\n1,2\n", "csv")
    assert record.rejection is not None
    assert "no column of the header is a title" in record.rejection.reason


def test_a_quote_that_nothing_closes_costs_one_row_and_not_the_rest(tmp_path: Path) -> None:
    rows = ['"Caching, first",2019', '"never closed,2020', "Third,2021", '"Fourth\nin two lines",2022', "Fifth,2023"]
    records = read(tmp_path, "\n".join(["title,year", *rows]) + "\n", "csv")
    titles = [record.paper.title if record.paper else record.rejection for record in records]
    assert titles[0] == "Caching, first"
    assert titles[-2:] == ["Fourth in two lines", "Fifth"]
    broken = next(record.rejection for record in records if record.rejection)
    assert broken is not None
    assert (broken.line, "not closed" in broken.reason) == (3, True)
    lines = [record.paper.provenance[0].line for record in records if record.paper]
    assert lines == [2, 4, 5, 7]


def test_a_quote_in_front_of_more_than_a_cell_may_hold_costs_one_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.readers.table.MAX_LINE", 200)
    text = "title,year\n" + '"never closed,2020\n' + "".join(f"Paper {n},2021\n" for n in range(40))
    records = read(tmp_path, text, "csv")
    assert sum(record.paper is None for record in records) == 1
    assert [record.paper.title for record in records if record.paper] == [f"Paper {n}" for n in range(40)]
