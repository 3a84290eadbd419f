"""RIS and nbib."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.papers import Flag, Paper
from assistant.readers import Record, read_source


def read(tmp_path: Path, text: str) -> list[Record]:
    path = tmp_path / "refs.txt"
    path.write_bytes(text.encode())
    return list(read_source(str(path)))


def one(tmp_path: Path, text: str) -> Paper:
    (record,) = read(tmp_path, text)
    assert record.paper is not None, record.rejection
    return record.paper


FIRST_SET = """TY  - JOUR
TI  - Caching <i>Rows</i>
AU  - Doe, Jane M.
AU  - Roe, Max, Jr.
AU  - Poe A
PY  - 2020/03//
JO  - Journal of Rows
AB  - We cache rows.
It is quick.
DO  - 10.1000/ABC
KW  - caching
KW  - rows; columns
UR  - https://arxiv.org/abs/2003.00001v2
N1  - Read twice
ER  -
"""

SECOND_SET = """TY  - CONF\r
T1  - Storing Columns\r
A1  - Doe, Jane\r
Y1  - 2019/05/31/\r
N2  - We store columns.\r
T2  - Proc. of Columns\r
AN  - 123456\r
DB  - PubMed\r
ER  - \r
"""


def test_both_tag_sets(tmp_path: Path) -> None:
    first, second = (record.paper for record in read(tmp_path, FIRST_SET + "\n" + SECOND_SET))
    assert first is not None
    assert second is not None
    assert first.title == "Caching Rows"
    assert first.authors == ("Jane M. Doe", "Max Roe Jr.", "A. Poe")
    assert (first.year, first.date, first.venue) == (2020, "2020-03", "Journal of Rows")
    assert first.abstract == "We cache rows. It is quick."
    assert (first.doi, first.arxiv_id, first.source_id) == ("10.1000/abc", "2003.00001", "2003.00001")
    assert first.categories == ("caching", "rows", "columns")
    assert first.notes == ("Read twice",)
    assert (second.title, second.authors, second.venue) == ("Storing Columns", ("Jane Doe",), "Proc. of Columns")
    assert (second.year, second.date, second.pmid, second.source_id) == (2019, "2019-05-31", "123456", "123456")
    assert second.provenance[0].line == 17


def test_a_record_without_its_end_is_kept_and_reported(tmp_path: Path) -> None:
    records = read(tmp_path, FIRST_SET.replace("ER  -\n", "") + SECOND_SET.replace("ER  - \r\n", ""))
    assert [record.paper is not None for record in records] == [True, True]
    assert [(r.warning.line, r.warning.reason) for r in records if r.warning] == [
        (1, "the record has no ER line; it was kept"),
        (15, "the record has no ER line; it was kept"),
    ]


def test_stray_text_and_empty_records_are_reported_once(tmp_path: Path) -> None:
    records = read(
        tmp_path, "Exported today\nfrom there\n\n" + SECOND_SET + "TY  - JOUR\nER  - \nER  - \n" + SECOND_SET
    )
    assert [(r.line, r.rejection.reason.split(":")[0]) for r in records if r.rejection] == [
        (1, "text outside any record"),
        (13, "the record has neither a title nor an abstract"),
    ]
    assert sum(record.paper is not None for record in records) == 2


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("World Health Organization,", "World Health Organization"),
        ("University of California,, Berkeley", "University of California, Berkeley"),
        ("ACME,, Inc.,", "ACME, Inc."),
        ("Doe, Jane,", "Jane Doe"),  # a comma too many
        ("Poe AB", "A. B. Poe"),
    ],
)
def test_names_of_organisations(tmp_path: Path, written: str, name: str) -> None:
    assert one(tmp_path, f"TY  - JOUR\nTI  - T\nAU  - {written}\nER  - ").authors == (name,)


def test_our_own_marks_become_flags(tmp_path: Path) -> None:
    text = "TY  - JOUR\nTI  - T\nN1  - summary, not the authors' abstract\nN1  - retracted\nN1  - Code\nER  - "
    paper = one(tmp_path, text)
    assert paper.flags == (Flag.RETRACTED, Flag.OWN_SUMMARY)
    assert paper.notes == ("Code",)


NBIB = """PMID- 12345678
OWN - NLM
DP  - 2020 Mar 14
TI  - Caching rows in a title that goes
      on in the next line.
LID - 10.1000/abc [doi]
LID - S0000 [pii]
AB  - BACKGROUND: Rows are slow. METHODS: We cache them.
      RESULTS: It is quick.
FAU - Doe, Jane M
AU  - Doe JM
FAU - Roe, Max
AU  - Roe M
CN  - The Row Group
PT  - Journal Article
JT  - Journal of rows
MH  - *Caching
OT  - rows

PMID- 2
DP  - 2019 Jan-Feb
TI  - [Translated title].
AU  - Doe JM
PT  - Retracted Publication
"""


def test_nbib(tmp_path: Path) -> None:
    first, second = (record.paper for record in read(tmp_path, NBIB))
    assert first is not None
    assert second is not None
    assert first.title == "Caching rows in a title that goes on in the next line."
    assert first.abstract == "BACKGROUND: Rows are slow. METHODS: We cache them. RESULTS: It is quick."
    assert first.authors == ("Jane M Doe", "Max Roe", "The Row Group")
    assert (first.year, first.date, first.venue) == (2020, "2020-03-14", "Journal of rows")
    assert (first.doi, first.pmid, first.source_id) == ("10.1000/abc", "12345678", "10.1000/abc")
    assert first.categories == ("rows", "Caching")
    assert second.title == "Translated title."
    assert (second.authors, second.date, second.flags) == (("J. M. Doe",), "2019-01", (Flag.RETRACTED,))
    assert second.source_id == "2"


@pytest.mark.parametrize("text", ["TY  - JOUR\n", "PMID- \n", "TY  - JOUR\nTI  - \nAB  - \nER  - "])
def test_empty_records_are_rejected(tmp_path: Path, text: str) -> None:
    assert [record.rejection is not None for record in read(tmp_path, text)] == [True]
