"""Records from public APIs, and the record that completes a paper."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer

from assistant.fetch import Fetcher
from assistant.online import fetched_records, find_record, is_incomplete
from assistant.papers import Flag, Paper
from tests.test_fetch import WORK, feed

ABSTRACT = (
    "We study how rows of embedding tables can be cached close to the compute, and find that a small cache serves most "
    "look-ups. A policy that looks ahead halves the misses."
)
FULL = Paper(title="Caching Rows: A Study", authors=("Jane Doe", "Max Roe"), year=2020, abstract=ABSTRACT)


@pytest.fixture
def fetcher(httpserver: HTTPServer, tmp_path: Path) -> Iterator[Fetcher]:
    url = httpserver.url_for("")
    with Fetcher(tmp_path, arxiv_url=url, crossref_url=url, sleep=lambda _: None) as made:
        yield made


def entry(title: str, author: str, abstract: str = ABSTRACT) -> str:
    text = feed(["2001.00001"])
    return text.replace("Title of 2001.00001", title).replace("Jane Doe", author).replace("We cache rows.", abstract)


def test_addresses_become_records_and_unknown_ones_rejections(fetcher: Fetcher, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/query").respond_with_data(feed(["2001.00001"]))
    httpserver.expect_request("/works/10.1000/abc").respond_with_json(WORK)
    httpserver.expect_request("/works/10.1000/none").respond_with_data("Resource not found.", status=404)
    sources = ["doi:10.1000/abc", "doi:10.1000/none", "arxiv:2001.00001,2001.00002"]
    records = list(fetched_records(fetcher, sources))
    assert [record.paper.source_id for record in records if record.paper] == ["2001.00001", "10.1000/abc"]
    assert [record.rejection.reason for record in records if record.rejection] == [
        "there is no record of arxiv:2001.00002",
        "there is no record of doi:10.1000/none",
    ]


def test_what_is_incomplete() -> None:
    assert not is_incomplete(FULL)
    for changes in ({"authors": ()}, {"year": None}, {"abstract": ""}, {"flags": (Flag.TITLE_INFERRED,)}):
        assert is_incomplete(replace(FULL, **changes))


def test_an_untitled_record_is_found_by_its_abstract(fetcher: Fetcher, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/query").respond_with_data(entry("Caching Rows: A Study", "Jane Doe"))
    untitled = Paper(title="We study how…", abstract=ABSTRACT, flags=(Flag.TITLE_INFERRED,))
    found = find_record(fetcher, untitled)
    assert found is not None
    assert (found.title, found.arxiv_id) == ("Caching Rows: A Study", "2001.00001")
    query = httpserver.log[0][0].args["search_query"]
    assert query.startswith("abs:study AND abs:rows AND abs:embedding")


def test_an_abstract_that_differs_is_no_match(fetcher: Fetcher, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/query").respond_with_data(
        entry("Other", "Jane Doe", "We study rows of embedding tables in a museum. " * 4)
    )
    untitled = Paper(title="We study how…", abstract=ABSTRACT, flags=(Flag.TITLE_INFERRED,))
    assert find_record(fetcher, untitled) is None


@pytest.mark.parametrize(
    ("title", "author", "agrees"),
    [
        ("Caching Rows: A Study", "J. Doe", True),
        ("Caching rows - a study", "Doe, Jane", True),
        ("Caching Rows: A Study", "Ada Poe", False),
        ("Caching Columns: A Survey", "Jane Doe", False),
    ],
)
def test_a_titled_paper_needs_its_title_and_first_author(
    fetcher: Fetcher, httpserver: HTTPServer, title: str, author: str, agrees: bool
) -> None:
    httpserver.expect_request("/query").respond_with_data(
        entry(title, author, "Something else is said here, at length. " * 4)
    )
    httpserver.expect_request("/works").respond_with_json({"status": "ok", "message": {"items": []}})
    found = find_record(fetcher, replace(FULL, abstract=""))
    assert (found is not None) is agrees
    assert httpserver.log[0][0].args["search_query"] == "ti:caching AND ti:rows AND ti:study AND au:doe"


def test_crossref_is_asked_where_arxiv_knows_nothing(fetcher: Fetcher, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/query").respond_with_data(feed([]))
    items = [{**WORK["message"], "title": ["Something Else"], "DOI": "10.1/y"}, WORK["message"]]  # type: ignore[dict-item]
    httpserver.expect_request("/works").respond_with_json({"status": "ok", "message": {"items": items}})
    found = find_record(fetcher, replace(FULL, abstract=""))
    assert found is not None
    assert found.doi == "10.1000/abc"
    assert httpserver.log[-1][0].args["query.bibliographic"] == "Caching Rows: A Study doe"


def test_identifiers_are_asked_first(fetcher: Fetcher, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/query").respond_with_data(entry("Caching Rows: A Study", "Jane Doe"))
    found = find_record(fetcher, replace(FULL, arxiv_id="2001.00001", abstract=""))
    assert found is not None
    assert found.abstract == ABSTRACT
    assert httpserver.log[0][0].args["id_list"] == "2001.00001"
    assert len(httpserver.log) == 1


def test_a_record_under_a_wrong_identifier_is_not_taken(fetcher: Fetcher, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/query").respond_with_data(
        entry("Bees of the Alps", "Ada Poe", "Bees live in the Alps. " * 6)
    )
    httpserver.expect_request("/works").respond_with_json({"status": "ok", "message": {"items": []}})
    assert find_record(fetcher, replace(FULL, arxiv_id="2001.00001")) is None
