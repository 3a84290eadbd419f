"""What a reference list wants beside title and authors: read from every format, kept, written again and cited."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from assistant.answers import Reference
from assistant.export import FORMATS, cite_in_style, export
from assistant.identity import merge, record_hash
from assistant.papers import Paper
from assistant.readers import read_source

BIBTEX = r"""
@article{smith99, title={A {Study} of Things}, author={Smith, Ann and Jones, Bob}, journal={J. Things \& Stuff},
  year=1999, volume=12, number={3--4}, pages={101--115}, issn={1234-567X}, publisher={Elsevier}}
@phdthesis{doe03, title={On Nothing}, author={Doe, Cy}, school={MIT}, year=2003, address={Cambridge, MA}}
@mastersthesis{roe04, title={On Something}, author={Roe, Cy}, school={ETH}, year=2004}
@incollection{chapter, title={A Chapter}, author={Ei, E.}, booktitle={The Book}, publisher={Springer}, pages={1--9},
  editor={Max Born and {Some Consortium}}, year=2010, isbn={978-3-16-148410-0}, edition={2nd}}
@techreport{report, title={A Report}, author={Ei, E.}, institution={NASA}, number={TR-17}, year=2011}
@book{book, title={Deep Things}, author={Good, Ian}, publisher={MIT Press}, year=2016}
@book{series, title={More Things}, author={Good, Ian}, series={Deep Books}, publisher={MIT Press}, volume=7, year=2017}
@incollection{inbook, title={Third}, author={Good, Ian}, booktitle={A Book}, series={Old Books}, chapter=3, year=2018}
@misc{plain, title={Plain}, author={Why, X.}, year=2020, eprint={2001.00001}, archiveprefix={arXiv}}
@inproceedings{talk, title={A Talk}, author={Why, X.}, booktitle={NeurIPS}, volume={34}, pages={77}, year=2021}
@article{journal, title={A Journal}, author={Why, X.}, journal={Proceedings of the Academy}, year=2022, pages={e17}}
"""


def read(tmp_path: Path, name: str, text: str) -> list[Paper]:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    papers = [record.paper for record in read_source(str(path))]
    assert None not in papers
    return [paper for paper in papers if paper]


def details(tmp_path: Path, name: str, text: str) -> dict[str, str]:
    (paper,) = read(tmp_path, name, text)
    return dict(paper.details)


def keyed(papers: list[Paper]) -> list[Paper]:
    """Return the papers under keys, as the library would have them."""
    return [replace(paper, key=f"paper{place}nd", aliases=()) for place, paper in enumerate(papers)]


def test_a_bibtex_entry_keeps_what_its_reference_needs(tmp_path: Path) -> None:
    papers = {paper.aliases[0]: paper for paper in read(tmp_path, "a.bib", BIBTEX)}
    assert dict(papers["smith99"].details) == {
        "volume": "12",
        "issue": "3-4",
        "page": "101-115",
        "publisher": "Elsevier",
        "ISSN": "1234-567X",
    }
    assert dict(papers["chapter"].details) == {
        "type": "chapter",
        "page": "1-9",
        "edition": "2nd",
        "editor": "Max Born; Some Consortium",
        "publisher": "Springer",
        "ISBN": "978-3-16-148410-0",
    }
    assert papers["inbook"].details == (("type", "chapter"), ("collection-title", "Old Books"), ("chapter-number", "3"))
    assert papers["report"].details == (("type", "report"), ("number", "TR-17"))
    assert papers["roe04"].details == (("type", "thesis"), ("genre", "Master's thesis"))
    assert papers["talk"].detail("type") == "paper-conference"
    assert papers["journal"].detail("type") == "article-journal"  # whatever the venue's name suggests
    assert papers["plain"].details == ()
    assert (papers["book"].venue, papers["series"].venue) == ("MIT Press", "Deep Books")


@pytest.mark.parametrize("format", sorted(FORMATS))
def test_every_format_brings_a_bibliography_back(tmp_path: Path, format: str) -> None:
    papers = read(tmp_path, "a.bib", BIBTEX)
    back = read(tmp_path, "back", "".join(export(keyed(papers), format)))
    assert "".join(export(keyed(back), "bibtex")) == "".join(export(keyed(papers), "bibtex"))


def test_entry_types_are_those_of_the_source(tmp_path: Path) -> None:
    written = "".join(export(read(tmp_path, "a.bib", BIBTEX), "bibtex"))
    types = [line.partition("{")[0] for line in written.splitlines() if line.startswith("@")]
    assert types == [line.partition("{")[0] for line in BIBTEX.splitlines() if line.startswith("@")]
    assert "  school = {MIT},\n" in written
    assert "  institution = {NASA},\n" in written
    assert "  publisher = {MIT Press},\n" in written


def test_a_ris_record(tmp_path: Path) -> None:
    ris = (
        "TY  - JOUR\nAU  - Smith, Ann\nTI  - Things\nT2  - J. Things\nPY  - 1999\nVL  - 12\nIS  - 3\n"
        "SP  - 101\nEP  - 115\nSN  - 1234-567X\nER  - \n"
    )
    assert details(tmp_path, "a.ris", ris) == {"volume": "12", "issue": "3", "page": "101-115", "ISSN": "1234-567X"}


def test_medline_writes_the_last_page_short(tmp_path: Path) -> None:
    nbib = "PMID- 7\nTI  - Things.\nJT  - J Things\nDP  - 1999 Mar\nVI  - 12\nIP  - 3\nPG  - 1023-31\n"
    assert details(tmp_path, "a.nbib", nbib) == {"volume": "12", "issue": "3", "page": "1023-1031"}
    xml = (
        "<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>7</PMID><Article><Journal><ISSN>1234-567X</ISSN>"
        "<JournalIssue><Volume>12</Volume><Issue>3</Issue><PubDate><Year>1999</Year></PubDate></JournalIssue>"
        "<Title>J Things</Title></Journal><ArticleTitle>Things.</ArticleTitle>"
        "<Pagination><MedlinePgn>e1-e9</MedlinePgn></Pagination></Article></MedlineCitation></PubmedArticle></PubmedArticleSet>"
    )
    assert details(tmp_path, "a.xml", xml) == {"volume": "12", "issue": "3", "page": "e1-e9", "ISSN": "1234-567X"}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "openalex.jsonl",
            '{"id": "https://openalex.org/W1", "title": "Things", "publication_year": 1999, "type": "article", '
            '"abstract_inverted_index": {"Things": [0]}, '
            '"biblio": {"volume": "12", "issue": "3", "first_page": "101", "last_page": "115"}}',
        ),
        (
            "zotero.json",
            '[{"id": "x", "type": "article-journal", "title": "Things", "volume": 12, "issue": "3", '
            '"page": "101–115", "container-title": "J. Things"}]',
        ),
        ("table.csv", "Title,Journal,Year,Volume,Issue,Pages\nThings,J. Things,1999,12,3,101–115\n"),
    ],
)
def test_other_sources(tmp_path: Path, name: str, text: str) -> None:
    assert details(tmp_path, name, text) == {"volume": "12", "issue": "3", "page": "101-115"}


def test_references_name_volume_issue_and_pages() -> None:
    paper = Paper(
        title="Things",
        authors=("Ann Smith",),
        year=1999,
        venue="J. Things",
        details=(("volume", "12"), ("issue", "3"), ("page", "101-115")),
        key="k",
    )
    reference = Reference.of(paper, 1)
    assert cite_in_style(reference, "apa") == "Smith, A. (1999). Things. J. Things, 12(3), 101–115."
    assert cite_in_style(reference, "ieee") == "A. Smith, “Things,” J. Things, vol. 12, no. 3, pp. 101–115, 1999."
    assert cite_in_style(reference, "chicago") == "Ann Smith. 1999. “Things.” J. Things 12 (3): 101–115."


def test_the_published_version_completes_and_the_preprint_takes_nothing_away() -> None:
    preprint = Paper(title="Things", arxiv_id="2001.00001", details=(("page", "1-20"), ("number", "TR-1")))
    published = Paper(title="Things", doi="10.1000/1", venue="KDD", details=(("volume", "12"), ("page", "101-115")))
    for merged in (merge(preprint, published), merge(published, preprint)):
        assert dict(merged.details) == {"volume": "12", "number": "TR-1", "page": "101-115"}


def test_a_record_that_gains_a_volume_is_a_changed_one() -> None:
    paper = Paper(title="Things")
    assert record_hash(paper) != record_hash(Paper(title="Things", details=(("volume", "12"),)))
