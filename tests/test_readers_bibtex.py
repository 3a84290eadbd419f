"""BibTeX and BibLaTeX."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.papers import Flag, Paper
from assistant.readers import Record, read_source


def read(tmp_path: Path, text: str, name: str = "refs.bib") -> list[Record]:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return list(read_source(str(path)))


def one(tmp_path: Path, text: str) -> Paper:
    (record,) = read(tmp_path, text)
    assert record.paper is not None, record.rejection
    return record.paper


def test_a_full_entry(tmp_path: Path) -> None:
    paper = one(
        tmp_path,
        r"""
@inproceedings{naumov2019dlrm,
  title     = {{Deep} Learning {R}ecommendation Model},
  author    = {Naumov, Maxim and Dheevatsa Mudigere and P{\'o}czos, Barnab{\'a}s and others},
  booktitle = {Proc.\ of {KDD} \& friends},
  year      = 2019,
  month     = may,
  day       = {31},
  doi       = {https://doi.org/10.1145/ABC},
  eprint    = {1906.00091v2},
  archivePrefix = {arXiv},
  primaryClass  = {cs.IR},
  url       = "https://example.org/a_b",
  note      = {Best \emph{paper}},
  abstract  = {We gain 65.8\% in $O(n^2)$ time.
               It is
               quick.},
}
""",
    )
    assert paper.title == "Deep Learning Recommendation Model"
    assert paper.authors == ("Maxim Naumov", "Dheevatsa Mudigere", "Barnabás Póczos")
    assert paper.flags == (Flag.AUTHORS_INCOMPLETE,)
    assert paper.venue == "Proc. of KDD & friends"
    assert (paper.year, paper.date) == (2019, "2019-05-31")
    assert (paper.doi, paper.arxiv_id, paper.categories) == ("10.1145/abc", "1906.00091", ("cs.IR",))
    assert paper.abstract == "We gain 65.8% in O(n^2) time. It is quick."
    assert paper.notes == ("Best paper",)
    assert (paper.source_ids, paper.aliases) == (("naumov2019dlrm",), ("naumov2019dlrm",))
    assert paper.url == "https://example.org/a_b"
    assert paper.provenance[0].line == 2


@pytest.mark.parametrize(
    ("field", "names"),
    [
        ("{Knuth, Donald E.}", ("Donald E. Knuth",)),
        (
            "{Donald E. Knuth and {Google Brain Team} and {Barnes and Noble, Inc.}}",
            ("Donald E. Knuth", "Google Brain Team", "Barnes and Noble, Inc."),
        ),
        ("{van der Berg, Max and de la Fuente, Jr., J.}", ("Max van der Berg", "J. de la Fuente Jr.")),
        (r"{Erd{\H{o}}s, P{\'a}l and L{\u a}ca AND {\O}re, \"Oystein}", ("Pál Erdős", "Lăca", "Öystein Øre")),
        ('"Jane Doe" # " and " # "Max Roe"', ("Jane Doe", "Max Roe")),
        ("{Doe, Jane\n   and\n   Roe, Max}", ("Jane Doe", "Max Roe")),
        (
            "{given=Ann, family=Lee and family={de Witt}, given={Jan}, prefix=van}",
            ("Ann Lee", "Jan van de Witt"),
        ),
        ("{}", ()),
    ],
)
def test_names(tmp_path: Path, field: str, names: tuple[str, ...]) -> None:
    assert one(tmp_path, f"@article{{a, title={{T}}, author = {field}, year={{2020}}}}").authors == names


def test_strings_and_concatenation(tmp_path: Path) -> None:
    text = """@string{kdd = {Proc. } # "KDD"}
@STRING(y = "20")
@article{a, title = "On {\\"A}rger # 1", journal = kdd # " 19", year = y # {19}}"""
    paper = one(tmp_path, text)
    assert (paper.title, paper.venue, paper.year) == ("On Ärger # 1", "Proc. KDD 19", 2019)


def test_crossref_and_xdata_are_inherited(tmp_path: Path) -> None:
    text = """
@inproceedings{a, title={A paper}, author={Jane Doe}, crossref={P1}}
@proceedings{p1, title={The Proceedings}, editor={Max Roe}, year={2018}, doi={10.1/whole}}
@xdata{x1, publisher={Press}}
@misc{b, title={B}, xdata={x1, none}, date={2017-03}}
"""
    found = {record.paper.source_id: record.paper for record in read(tmp_path, text) if record.paper}
    assert (found["a"].year, found["a"].venue, found["a"].doi) == (2018, "The Proceedings", None)
    assert found["a"].authors == ("Jane Doe",)
    assert (found["b"].venue, found["b"].year, found["b"].date) == ("Press", 2017, "2017-03")


def test_biblatex_fields(tmp_path: Path) -> None:
    text = """@online{x, title={Main}, subtitle={Sub}, author={Doe, Jane}, date={2021-04-05}, journaltitle={J. of X},
 eprinttype={arxiv}, eprint={2104.00001}, eprintclass={cs.CL}}"""
    paper = one(tmp_path, text)
    assert (paper.title, paper.date, paper.venue) == ("Main: Sub", "2021-04-05", "J. of X")
    assert (paper.arxiv_id, paper.categories) == ("2104.00001", ("cs.CL",))


def test_google_scholar_arxiv_entries_give_the_id(tmp_path: Path) -> None:
    paper = one(tmp_path, "@article{v, title={T}, journal={arXiv preprint arXiv:1706.03762}, year={2017}}")
    assert paper.arxiv_id == "1706.03762"


def test_broken_entries_are_reported_and_the_rest_is_read(tmp_path: Path) -> None:
    text = """@article{a, title={One}}
@article{b, title={Unclosed, author={x},
  year={2020}
@article{c, title={Three}}
@article{a, title={Same key}}
@article{, title={No key}}
@article{d, title={Twice}, title={Double}}
@article{e, author={Nobody}}
@comment{jabref-meta: x}
@preamble{"\\newcommand{\\x}{y}"}
"""
    records = read(tmp_path, text)
    assert [r.paper.title for r in records if r.paper] == ["One", "Three", "Same key", "No key", "Twice"]
    rejected = [r.rejection for r in records if r.rejection]
    assert [(r.line, r.reason) for r in rejected] == [
        (
            2,
            "broken BibTeX entry '@article{b, title={Unclosed, author={x},': unexpected block start: `@article`. "
            "Was still looking for field-value closing `}`",
        ),
        (8, "the record has neither a title nor an abstract"),
    ]


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        ("@article{", "unexpectedly reached end of file"),
        ("@article{a, title}", "expected a `=` after entry key `title`, but found the end of the entry (`}`)"),
        ("@string{rows}", "expected equals sign after field key, but found }"),
    ],
)
def test_a_rejection_says_why(tmp_path: Path, entry: str, why: str) -> None:
    (record,) = read(tmp_path, entry)
    assert record.rejection is not None
    assert record.rejection.reason == f"broken BibTeX entry '{entry}': {why}"


def test_a_day_without_a_year_and_one_that_gets_it_elsewhere(tmp_path: Path) -> None:
    assert one(tmp_path, "@misc{a, title={T}, month=3, day=12}").date == "--03-12"
    assert one(tmp_path, "@misc{a, title={T}, date={--03-12}}").date == "--03-12"
    assert one(tmp_path, "@misc{a, title={T}, date={--03-12}, year=2020}").date == "2020-03-12"


def test_records_without_an_abstract_are_kept(tmp_path: Path) -> None:
    assert one(tmp_path, "@book{a, title={T}}").abstract == ""


def test_cp1252_and_bom(tmp_path: Path) -> None:
    path = tmp_path / "x.bib"
    path.write_bytes("@article{a, title={Größe}}".encode("cp1252"))
    (record,) = read_source(str(path))
    assert record.paper is not None
    assert record.paper.title == "Größe"


def test_several_files_are_read_one_by_one(tmp_path: Path) -> None:
    read(tmp_path, "@article{a, title={One}}", "a.bib")
    read(tmp_path, "@article{a, title={Two}}", "b.bib")
    records = list(read_source(str(tmp_path)))
    assert [r.paper.title for r in records if r.paper] == ["One", "Two"]


def test_strings_of_one_file_hold_in_the_next(tmp_path: Path) -> None:
    (tmp_path / "a-strings.bib").write_text("@string{kdd = {Proc. KDD}}", encoding="utf-8")
    read(tmp_path, "@article{a, title={One}, journal=kdd}", "b.bib")
    records = list(read_source(str(tmp_path)))
    assert [r.paper.venue for r in records if r.paper] == ["Proc. KDD"]
