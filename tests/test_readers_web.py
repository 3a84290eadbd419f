"""CSL-JSON, OpenAlex and Semantic Scholar."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from assistant.papers import Flag, Paper
from assistant.readers import read_source
from assistant.readers.openalex import from_inverted_index


def one(tmp_path: Path, value: Any, format: str) -> Paper:
    path = tmp_path / "x.json"
    path.write_text(json.dumps(value, indent=1), encoding="utf-8")
    (record,) = read_source(str(path))
    assert record.paper is not None, record.rejection
    assert record.paper.provenance[0].format == format
    return record.paper


CSL = {
    "id": "http://zotero.org/users/1/items/ABC",
    "type": "paper-conference",
    "title": "Caching <i>Rows</i>",
    "author": [
        {"family": "Berg", "given": "Max", "non-dropping-particle": "van den"},
        {"family": "King", "given": "M. L.", "suffix": "Jr."},
        {"literal": "The Row Group"},
        {"name": "Org"},
    ],
    "issued": {"date-parts": [["2020", 3, "4"]]},
    "container-title": "Proc. of Rows",
    "DOI": "10.1000/ABC",
    "URL": "https://x.org",
    "abstract": "<jats:p>We cache rows.</jats:p>",
    "note": "arXiv: 2003.00001\nPMID: 77\nCitation Key: berg2020",
    "keyword": "caching, rows",
}


def test_csl_json(tmp_path: Path) -> None:
    paper = one(tmp_path, [CSL], "csl-json")
    assert paper.title == "Caching Rows"
    assert paper.authors == ("Max van den Berg", "M. L. King Jr.", "The Row Group", "Org")
    assert (paper.year, paper.date, paper.venue) == (2020, "2020-03-04", "Proc. of Rows")
    assert (paper.doi, paper.arxiv_id, paper.pmid, paper.url) == ("10.1000/abc", "2003.00001", "77", "https://x.org")
    assert (paper.source_id, paper.aliases, paper.notes) == ("berg2020", ("berg2020",), ())
    assert paper.categories == ("caching", "rows")
    assert paper.abstract == "We cache rows."


@pytest.mark.parametrize(
    ("issued", "year", "date"),
    [
        ({"date-parts": [[2019]]}, 2019, None),
        ({"date-parts": [[2019, 5]]}, 2019, "2019-05"),
        ({"raw": "May 2019"}, 2019, None),
        ({"literal": "2019-05-31"}, 2019, "2019-05-31"),
        ("2019", 2019, None),
        ({"date-parts": [[None]]}, None, None),
        ({"date-parts": []}, None, None),
        ([], None, None),
    ],
)
def test_csl_dates(tmp_path: Path, issued: Any, year: int | None, date: str | None) -> None:
    paper = one(tmp_path, [{"type": "book", "title": "T", "issued": issued, "author": [{"family": "Doe"}]}], "csl-json")
    assert (paper.year, paper.date) == (year, date)


OPENALEX = {
    "id": "https://openalex.org/W123",
    "doi": "https://doi.org/10.1000/ABC",
    "title": "Caching Rows",
    "publication_year": 2020,
    "publication_date": "2020-03-04",
    "ids": {"openalex": "https://openalex.org/W123", "pmid": "https://pubmed.ncbi.nlm.nih.gov/77"},
    "primary_location": {"landing_page_url": "https://x.org", "source": {"display_name": "J. Rows"}},
    "locations": [{"landing_page_url": "http://arxiv.org/abs/2003.00001", "source": None}],
    "authorships": [{"author": {"display_name": "Jane Doe"}}, {"raw_author_name": "Max Roe"}],
    "is_authors_truncated": True,
    "topics": [{"display_name": "Caching"}],
    "is_retracted": True,
    "abstract_inverted_index": {"We": [0], "cache": [1, 4], "rows.": [2], "Rows": [3], "well.": [5]},
}


def test_openalex(tmp_path: Path) -> None:
    paper = one(tmp_path, {"meta": {"count": 1}, "results": [OPENALEX]}, "openalex")
    assert paper.abstract == "We cache rows. Rows cache well."
    assert paper.authors == ("Jane Doe", "Max Roe")
    assert (paper.year, paper.date, paper.venue) == (2020, "2020-03-04", "J. Rows")
    assert (paper.doi, paper.arxiv_id, paper.pmid) == ("10.1000/abc", "2003.00001", "77")
    assert paper.flags == (Flag.AUTHORS_INCOMPLETE, Flag.RETRACTED)
    assert paper.categories == ("Caching",)
    bare = one(tmp_path, {"id": "https://openalex.org/W9", "display_name": "T", "authorships": None}, "openalex")
    assert bare.source_id == "W9"


@pytest.mark.parametrize("index", [None, [], "x", {"a": None}, {"a": ["x", -1, 10**9]}, {}])
def test_odd_inverted_indexes_give_no_text(index: Any) -> None:
    assert from_inverted_index(index) == ""


S2 = {
    "paperId": "abcdef",
    "externalIds": {"ArXiv": "2003.00001", "DOI": "10.1000/ABC", "PubMed": 77, "CorpusId": 5},
    "title": "Caching Rows",
    "abstract": None,
    "tldr": {"model": "x", "text": "Rows are cached."},
    "authors": [{"authorId": "1", "name": "Jane Doe"}, {"authorId": None, "name": "Max Roe"}],
    "year": 2020,
    "publicationDate": "2020-03-04",
    "publicationVenue": {"name": "J. Rows"},
    "s2FieldsOfStudy": [{"category": "Computer Science", "source": "x"}],
    "url": "https://www.semanticscholar.org/paper/abcdef",
}


def test_semantic_scholar(tmp_path: Path) -> None:
    paper = one(tmp_path, {"total": 1, "offset": 0, "data": [S2]}, "s2")
    assert (paper.abstract, paper.flags) == ("Rows are cached.", (Flag.OWN_SUMMARY,))
    assert paper.authors == ("Jane Doe", "Max Roe")
    assert (paper.year, paper.date, paper.venue) == (2020, "2020-03-04", "J. Rows")
    assert (paper.doi, paper.arxiv_id, paper.pmid, paper.source_id) == ("10.1000/abc", "2003.00001", "77", "2003.00001")
    full = one(tmp_path, {**S2, "abstract": "We cache.", "externalIds": None}, "s2")
    assert (full.abstract, full.flags, full.source_id) == ("We cache.", (), "abcdef")
    dataset = {"corpusid": 5, "externalids": {"ArXiv": None}, "title": "T", "authors": [], "publicationdate": None}
    assert one(tmp_path, dataset, "s2").source_id == "5"
    cited = {"data": [{"citingPaper": S2, "intents": []}]}
    path = tmp_path / "cited.json"
    path.write_text(json.dumps(cited), encoding="utf-8")
    (record,) = read_source(str(path), format="s2")
    assert record.paper is not None
    assert record.paper.title == "Caching Rows"
