"""Listings copied from web pages, and the parting of titles from authors."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.identity import merge, same_paper
from assistant.papers import Flag, Paper
from assistant.readers import Record, read_source
from assistant.readers.bylines import split_byline


def read(tmp_path: Path, text: str) -> list[Record]:
    path = tmp_path / "page.txt"
    path.write_text(text, encoding="utf-8")
    return list(read_source(str(path), format="listing"))


def papers(records: list[Record]) -> list[Paper]:
    return [record.paper for record in records if record.paper]


PAGE = """IRJul 14, 2022Code
Caching Rows for Recommender SystemsJane Doe, Max van der Berg, Li Wu et al. · mila, meta-ai
We cache rows. It is quick.
74.0LGApr 3
A Study of Nothing in ParticularAda Roe, Bo Li
Nothing is studied.
"""


def test_three_line_entries(tmp_path: Path) -> None:
    first, second = papers(read(tmp_path, PAGE))
    assert first.title == "Caching Rows for Recommender Systems"
    assert first.authors == ("Jane Doe", "Max van der Berg", "Li Wu")
    assert first.abstract == "We cache rows. It is quick."
    assert (first.year, first.date, first.categories) == (2022, "2022-07-14", ("IR",))
    assert first.notes == ("mila", "meta-ai", "Code")
    assert first.flags == (Flag.AUTHORS_INCOMPLETE,)
    assert first.source_ids == ("page.txt:1",)
    assert (second.year, second.date, second.categories, second.notes) == (None, "--04-03", ("LG",), ())
    assert second.authors == ("Ada Roe", "Bo Li")
    assert second.flags == ()


def test_bare_abstracts(tmp_path: Path) -> None:
    found = papers(
        read(
            tmp_path, "Abstract:We cache rows.\n\n\nAbstract: We store columns of many a table, and so on and so on.\n"
        )
    )
    assert [paper.title for paper in found] == ["We cache rows…", "We store columns of many a table…"]
    assert all(paper.flags == (Flag.TITLE_INFERRED,) for paper in found)
    assert [paper.source_id for paper in found] == ["page.txt:1", "page.txt:4"]


def test_pages_that_run_into_one_another(tmp_path: Path) -> None:
    text = PAGE.rstrip("\n") + "Abstract:We store columns.IRJul 1, 2021\nA Good TitleAda Roe\nYes.Abstract:No."
    found = papers(read(tmp_path, text))
    assert [paper.abstract for paper in found] == [
        "We cache rows. It is quick.",
        "Nothing is studied.",
        "We store columns.",
        "Yes.",
        "No.",
    ]
    assert found[3].authors == ("Ada Roe",)
    assert found[3].year == 2021


def test_stray_blank_lines_and_paragraphs(tmp_path: Path) -> None:
    text = "\n\nCLMay 5, 2020\n\nA Good TitleAda Roe\n\nFirst part.\n\nSecond part.\r\n\r\n\r\nAbstract:\nAlone.\n"
    assert [paper.abstract for paper in papers(read(tmp_path, text))] == ["First part. Second part.", "Alone."]


def test_what_belongs_to_no_entry_is_reported(tmp_path: Path) -> None:
    records = read(tmp_path, "Welcome to my page\n" + PAGE + "IRJul 1, 2021\nIRJul 2, 2021\nOnly a title here\n")
    assert [(r.line, r.rejection.reason.split(":")[0]) for r in records if r.rejection] == [
        (1, "text outside any entry"),
        (8, "the header 'IRJul 1, 2021' has no title below it"),
    ]
    assert papers(records)[-1].title == "Only a title here"
    assert papers(records)[-1].abstract == ""


MAILING = r"""From: no-reply@arXiv.org
Subject: cs daily Subj-class mailing 800002 1

Submissions to:
Computer Science
------------------------------------------------------------------------------
\\
arXiv:2402.17152
Date: Tue, 27 Feb 2024 02:37:37 GMT   (2241kb,D)

Title: Caching Rows: What Title Lines
  Go On Like
Authors: Jane M. Doe (1 and 2), Max van der Berg, and Li Wu ((1) Row
  Institute, (2) Columns Inc.)
Categories: cs.LG cs.IR
Comments: 26 pages, 13 figures. Full recommen-
  dations inside
Journal-ref: Journal of Rows 3 (2024)
DOI: 10.1000/rows
License: http://creativecommons.org/licenses/by/4.0/
\\
  We cache rows that are recom-
puted often. It is quick: O($n$).
  Title: this is no label, for it is indented.
\\ ( https://arxiv.org/abs/2402.17152 ,  2241kb)
------------------------------------------------------------------------------
\\
arXiv:math/0201001 (*cross-listing*)
Date: Mon, 4 Mar 2002 09:00:00 GMT   (9kb)

Title: Old Rows
Authors: Ada Roe et al. (3 additional authors not shown)
Categories: math.CO
\\
  Nothing is studied.
\\
------------------------------------------------------------------------------
\\
arXiv:2401.00007
replaced with revised version Tue, 27 Feb 2024 01:00:00 GMT   (90kb)

Title: A Replacement Without Its Abstract
Authors: Bo Li
Categories: cs.IR
\\ ( https://arxiv.org/abs/2401.00007 ,  90kb)
%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%
To unsubscribe, reply to this mail.
Or not.
"""


def test_a_mailing_of_arxiv(tmp_path: Path) -> None:
    path = tmp_path / "mail.txt"
    path.write_text(MAILING, encoding="utf-8")
    records = list(read_source(str(path)))
    first, second, third = papers(records)
    assert first.title == "Caching Rows: What Title Lines Go On Like"
    assert first.authors == ("Jane M. Doe", "Max van der Berg", "Li Wu")
    assert first.abstract == (
        "We cache rows that are recomputed often. It is quick: O(n). Title: this is no label, for it is indented."
    )
    assert (first.arxiv_id, first.source_id, first.doi) == ("2402.17152", "2402.17152", "10.1000/rows")
    assert (first.year, first.date, first.categories) == (2024, "2024-02-27", ("cs.LG", "cs.IR"))
    assert (first.venue, first.notes) == (
        "Journal of Rows 3 (2024)",
        ("26 pages, 13 figures. Full recommendations inside",),
    )
    assert (second.arxiv_id, second.title, second.date) == ("math/0201001", "Old Rows", "2002-03-04")
    assert (second.authors, second.flags) == (("Ada Roe",), (Flag.AUTHORS_INCOMPLETE,))
    assert second.abstract == "Nothing is studied."
    assert (third.title, third.abstract, third.date) == ("A Replacement Without Its Abstract", "", "2024-01")
    assert [(r.line, r.rejection.reason[:30]) for r in records if r.rejection] == [
        (1, "text outside any entry: 'From:"),
        (47, "text outside any entry: 'To un"),
    ]


def test_labelled_lines_as_pages_give_them(tmp_path: Path) -> None:
    text = (
        """[3] arXiv:2403.00001 [pdf, html, other]
Title: Storing Columns
Authors: Jane Doe, Max Roe
Comments: 9 pages
Subjects: Information Retrieval (cs.IR); Machine Learning (cs.LG)
Abstract: We store columns.
They are cheap.

Computer Science > Databases
[Submitted on 3 Apr 2023 (v1), last revised 5 May 2023 (this version, v2)]
Title:Sorting Keys
Authors:Ada Roe and Bo Li

Keys are sorted here.
And there.

Subjects: Databases (cs.DB)
Cite as: arXiv:2304.00002 [cs.DB]
  (or arXiv:2304.00002v2 [cs.DB] for this version)
Title: Without an Identifier
Author: Li Wu
Date: 2021-05-06
Abstract:
Nothing else is known.
"""
        + PAGE
        + "Abstract: A bare one.\n"
    )
    found = papers(read(tmp_path, text))
    assert [(paper.title, paper.arxiv_id, paper.date, paper.categories) for paper in found[:3]] == [
        ("Storing Columns", "2403.00001", "2024-03", ("cs.IR", "cs.LG")),
        ("Sorting Keys", "2304.00002", "2023-04-03", ("cs.DB",)),
        ("Without an Identifier", None, "2021-05-06", ()),
    ]
    assert found[1].abstract == "Keys are sorted here. And there."
    assert [paper.authors for paper in found[1:3]] == [("Ada Roe", "Bo Li"), ("Li Wu",)]
    assert found[2].abstract == "Nothing else is known."
    assert [paper.title for paper in found[3:5]] == [paper.title for paper in papers(read(tmp_path, PAGE))]
    assert found[5].abstract == "A bare one."


@pytest.mark.parametrize(
    ("title", "authors"),
    [
        ("Learning on Graphs", ["Jane Doe"]),
        ("Search, Ranking, and Recommendation", ["Jane Doe", "Max Roe"]),
        ("Is Attention All You Need?", ["Ann Poe"]),
        ("Fast Training with DLRM", ["Yi Xiong", "Bo Li"]),
        ("Scheduling on NUMA (Extended Version)", ["J. R. Smith"]),
        ("Playing Go, Part II", ["Jean-Luc Picard", "Miles O'Brien"]),
        ("Reading in 3D", ["Ludwig van Beethoven", "Juan de la Cruz"]),
        ("Serving Models in 2019", ["María José García-Pérez"]),
        ("Graph Mining with TensorFlow", ["Danny McDonald", "LeAnn DeVries"]),
        ("Towards Better IoT", ["H. Murat Gürsu"]),
        ("Ärzte und Öle: a Study", ["Jörg Müller", "Łukasz Żak"]),
        ("A Study of Names", ["Muljowidodo", "Said D. Jenie"]),
        ("Talks by 'Experts'", ["Seyed-Mohsen Moosavi-Dezfooli", "W. -Y. Ng"]),
        ("Deep Learning", ["DiJia Su", "Magy Seif El-nasr"]),
    ],
)
@pytest.mark.parametrize("ending", ["", " et al.", " et al. · mila, meta-ai"])
def test_titles_and_authors_part_where_a_name_begins(title: str, authors: list[str], ending: str) -> None:
    found = split_byline(
        title + ", ".join(authors) + ending, "We study the training of models, with TensorFlow among others."
    )
    assert (found.title, list(found.authors)) == (title, authors)
    assert found.complete is not bool(ending)
    assert found.tags == (("mila", "meta-ai") if "·" in ending else ())


def test_the_abstract_tells_words_from_names() -> None:
    line = "Programs in CodeWorldJane Doe"
    assert split_byline(line, "CodeWorld is a language.").title == "Programs in CodeWorld"


@pytest.mark.parametrize("line", ["", "A title without authors", "ALL CAPITALS HERE", "x", "lower case only, and more"])
def test_lines_without_authors_are_titles(line: str) -> None:
    found = split_byline(line)
    assert (found.title, found.authors) == (line, ())


@given(st.text(max_size=80), st.text(max_size=80))
def test_parting_loses_nothing(line: str, abstract: str) -> None:
    found = split_byline(line, abstract)
    kept = "".join((found.title, *found.authors, *found.tags))
    assert set("".join(kept.split())) <= set(line)
    assert all(author == author.strip() for author in found.authors)


def sample_titles() -> dict[str, dict[str, object]]:
    text = resources.files("assistant").joinpath("sample/library.jsonl").read_text(encoding="utf-8")
    return {record["title"]: record for record in map(json.loads, text.splitlines()) if record.get("title")}


def test_the_seed_pages_give_every_paper(shared_data: Path) -> None:
    records = list(read_source(str(shared_data / "seeds")))
    found = papers(records)
    assert (len(records), len(found)) == (60, 60)
    titled = [paper for paper in found if not paper.has(Flag.TITLE_INFERRED)]
    assert len(titled) == 46
    known = sample_titles()
    for paper in titled:
        expected = known[paper.title]
        assert list(paper.authors) == expected["authors"]
        assert (paper.year, list(paper.categories)) == (expected["year"], expected["categories"])
        assert paper.authors_complete == expected["authors_complete"]
    merged: list[Paper] = []
    for paper in found:
        twin = next((index for index, other in enumerate(merged) if same_paper(other, paper)), None)
        if twin is None:
            merged.append(paper)
        else:
            merged[twin] = merge(merged[twin], paper)
    assert len(merged) == 57
    assert sum(paper.has(Flag.TITLE_INFERRED) for paper in merged) == 13
