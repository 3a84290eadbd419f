"""Bibliographies and references in styles; that files come back is tested with the readers."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from assistant.answers import Reference
from assistant.errors import UsageError
from assistant.export import FORMATS, STYLES, cite_in_style, export, to_bibtex, to_csl, to_ris
from assistant.papers import Flag, Paper

PAPER = Paper(
    "Rows & Columns",
    abstract="It\nis  fast.",
    authors=("Ann M. Wu", "Jean-Luc van der Berg", "Plato"),
    year=2018,
    date="2018-07-14",
    venue="Proceedings of Rows",
    doi="10.1/x",
    key="wu2018rows",
)
REFERENCE = Reference.of(PAPER, 1)


def test_the_formats_of_the_contract() -> None:
    assert list(FORMATS) == ["bibtex", "ris", "csl-json", "jsonl"]
    with pytest.raises(UsageError, match="endnote"):
        list(export([PAPER], "endnote"))


@pytest.mark.parametrize("format", FORMATS)
def test_no_papers_make_an_empty_but_valid_file(format: str) -> None:
    assert "".join(export([], format)) == ("[]\n" if format == "csl-json" else "")


def test_csl_is_one_array() -> None:
    items = json.loads("".join(export([PAPER, replace(PAPER, key="b")], "csl-json")))
    assert [item["id"] for item in items] == ["wu2018rows", "b"]
    assert items[0]["author"] == [
        {"family": "Wu", "given": "Ann M."},
        {"family": "van der Berg", "given": "Jean-Luc"},
        {"literal": "Plato"},
    ]
    assert items[0]["issued"] == {"date-parts": [[2018, 7, 14]]}
    assert items[0]["type"] == "paper-conference"


def test_csl_leaves_out_what_is_unknown() -> None:
    assert set(to_csl(Paper("T", key="k"))) == {"id", "citation-key", "type", "title", "custom"}


def test_bibtex_keeps_names_whole_that_it_would_take_apart() -> None:
    names = (
        "Max van der Berg",
        "Martin Luther King Jr.",
        "World Health Organization",
        "ACME, Inc.",
        "Johnson and Johnson",
    )
    text = to_bibtex(replace(PAPER, authors=names))
    assert (
        "author = {"
        + " and ".join(
            (
                "Max van der Berg",
                "King, Jr., Martin Luther",
                "{World Health Organization}",
                "{ACME, Inc.}",
                "{Johnson and Johnson}",
            )
        )
        + "}"
        in text
    )


def test_a_day_of_an_unknown_year_is_no_bibtex_date() -> None:
    text = to_bibtex(replace(PAPER, year=None, date="--03-12"))
    assert "month = {3},\n  day = {12}," in text
    assert "date =" not in text
    assert "year =" not in text
    assert "month =" not in to_bibtex(PAPER)


def test_ris_has_one_line_a_field() -> None:
    lines = to_ris(PAPER).splitlines()
    assert lines[0] == "TY  - CPAPER"
    assert "AU  - van der Berg, Jean-Luc" in lines
    assert "AU  - Plato" in lines
    assert "AB  - It is fast." in lines
    assert lines[-2:] == ["ER  - ", ""]


@pytest.mark.parametrize(
    ("style", "text"),
    [
        ("short", "Wu et al. (2018). Rows & Columns. Proceedings of Rows. https://doi.org/10.1/x"),
        (
            "apa",
            "Wu, A. M., van der Berg, J.-L., & Plato (2018). Rows & Columns. Proceedings of Rows. https://doi.org/10.1/x",
        ),
        (
            "ieee",
            "A. M. Wu, J.-L. van der Berg, and Plato, “Rows & Columns,” Proceedings of Rows, 2018, https://doi.org/10.1/x.",
        ),
        (
            "chicago",
            "Ann M. Wu, Jean-Luc van der Berg, and Plato. 2018. “Rows & Columns.” Proceedings of Rows. https://doi.org/10.1/x",
        ),
    ],
)
def test_styles(style: str, text: str) -> None:
    assert cite_in_style(REFERENCE, style) == text


CHAPTER = Reference.of(
    Paper(
        "Rows",
        authors=("Ann Wu",),
        year=2018,
        venue="The Book of Rows",
        details=(("type", "chapter"), ("page", "45-67"), ("editor", "Bo Li; Cy Doe"), ("publisher", "Row Press")),
        key="k",
    ),
    1,
)
THESIS = Reference.of(
    Paper("Rows", authors=("Ann Wu",), year=2018, venue="Row University", details=(("type", "thesis"),), key="k"), 1
)


@pytest.mark.parametrize(
    ("style", "text"),
    [
        ("apa", "Wu, A. (2018). Rows. In B. Li & C. Doe (Eds.), The Book of Rows (pp. 45–67). Row Press."),
        ("ieee", "A. Wu, “Rows,” in The Book of Rows, B. Li and C. Doe, Eds., Row Press, pp. 45–67, 2018."),
        ("chicago", "Ann Wu. 2018. “Rows.” In The Book of Rows, edited by Bo Li and Cy Doe, 45–67. Row Press."),
    ],
)
def test_a_chapter_names_its_book_and_editors(style: str, text: str) -> None:
    assert cite_in_style(CHAPTER, style) == text
    alone = replace(CHAPTER, details={"type": "chapter", "editor": "Bo Li"})
    assert {"apa": "In B. Li (Ed.), The", "ieee": "B. Li, Ed.,", "chicago": "edited by Bo Li."}[style] in cite_in_style(
        alone, style
    )


@pytest.mark.parametrize(
    ("style", "genre", "text"),
    [
        ("apa", "PhD thesis", "Wu, A. (2018). Rows [Doctoral dissertation, Row University]."),
        ("apa", "Master's thesis", "Wu, A. (2018). Rows [Master’s thesis, Row University]."),
        ("apa", "", "Wu, A. (2018). Rows [Thesis, Row University]."),
        ("ieee", "phdthesis", "A. Wu, “Rows,” Ph.D. dissertation, Row University, 2018."),
        ("chicago", "Doctoral dissertation", "Ann Wu. 2018. “Rows.” PhD diss., Row University."),
    ],
)
def test_a_thesis_names_its_degree_and_school(style: str, genre: str, text: str) -> None:
    assert cite_in_style(replace(THESIS, details={"type": "thesis", "genre": genre}), style) == text


@pytest.mark.parametrize("style", STYLES)
def test_every_style_does_without_what_is_unknown(style: str) -> None:
    bare = Reference.of(Paper("Why?", key="k"), 1)
    assert "Why?" in cite_in_style(bare, style)
    assert "None" not in cite_in_style(bare, style)
    cut = Reference.of(replace(PAPER, flags=(Flag.AUTHORS_INCOMPLETE,)), 1)
    assert "et al." in cite_in_style(cut, style)


def test_one_and_two_authors() -> None:
    one, two = (replace(REFERENCE, authors=PAPER.authors[:count]) for count in (1, 2))
    assert cite_in_style(one, "short").startswith("Wu (2018).")
    assert cite_in_style(two, "short").startswith("Wu and van der Berg (2018).")
    assert cite_in_style(two, "ieee").startswith("A. M. Wu and J.-L. van der Berg, “")


def test_an_unknown_style_is_an_error() -> None:
    with pytest.raises(UsageError, match="mla"):
        cite_in_style(REFERENCE, "mla")
