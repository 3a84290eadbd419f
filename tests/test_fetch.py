"""Public APIs: addresses, paging, pace, retries, cache, on loopback servers in the APIs' own formats."""

from __future__ import annotations

import email.utils
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from assistant.errors import AssistantError, SourceError, UsageError
from assistant.fetch import Fetcher, is_address
from assistant.readers import read_bytes

ENTRY = """  <entry>
    <id>http://arxiv.org/abs/{id}v2</id><published>2020-03-04T17:59:59Z</published><updated>2020-03-05T00:00:00Z</updated>
    <title>Title of {id}</title><summary>We cache rows.</summary><author><name>Jane Doe</name></author>
    <arxiv:primary_category xmlns:arxiv="http://arxiv.org/schemas/atom" term="cs.IR"/><category term="cs.IR"/>
  </entry>
"""
FEED = """<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" xmlns="http://www.w3.org/2005/Atom">
  <id>https://arxiv.org/api/x</id><title>arXiv Query</title><updated>2026-01-01T00:00:00Z</updated>
  <opensearch:itemsPerPage>10</opensearch:itemsPerPage><opensearch:totalResults>{total}</opensearch:totalResults>
  <opensearch:startIndex>{start}</opensearch:startIndex>
{entries}</feed>
"""
WORK = {
    "status": "ok",
    "message-type": "work",
    "message-version": "1.0.0",
    "message": {
        "DOI": "10.1000/abc",
        "type": "proceedings-article",
        "title": ["Caching Rows"],
        "subtitle": ["A Study"],
        "author": [{"given": "Jane", "family": "Doe", "sequence": "first", "affiliation": []}],
        "issued": {"date-parts": [[2020, 3, 4]]},
        "container-title": ["Proc. of Rows"],
        "abstract": "<jats:p>We cache rows.</jats:p>",
        "URL": "https://doi.org/10.1000/abc",
        "updated-by": [{"type": "retraction", "DOI": "10.1000/r"}],
    },
}


def feed(ids: list[str], total: int | None = None, start: int = 0) -> str:
    entries = "".join(ENTRY.format(id=name) for name in ids)
    return FEED.format(total=len(ids) if total is None else total, start=start, entries=entries)


class Clock:
    """Records the waits that a client asks for instead of waiting."""

    def __init__(self) -> None:
        self.waits: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def fetcher(httpserver: HTTPServer, tmp_path: Path, clock: Clock) -> Iterator[Fetcher]:
    url = httpserver.url_for("")
    made = Fetcher(tmp_path / "cache", arxiv_url=url, crossref_url=url, sleep=clock.sleep, contact="jane@example.org")
    with made:
        yield made


def titles(fetcher: Fetcher, *sources: str, maximum: int = 100) -> list[str]:
    pages = fetcher.pages(sources, maximum)
    records = [record for page in pages for record in read_bytes(page.data, name=page.address, format=page.format)]
    return [record.paper.title for record in records if record.paper]


@pytest.mark.parametrize(
    ("source", "address"),
    [
        ("arxiv:2402.17152", True),
        ("DOI:10.1/x", True),
        ("arxiv:search:cat:cs.IR", True),
        ("file.bib", False),
        ("-", False),
    ],
)
def test_addresses_are_told_from_files(source: str, address: bool) -> None:
    assert is_address(source) is address


@pytest.mark.parametrize(
    "source", ["arxiv:", "arxiv:abc", "doi:", "doi:11.1/x", "arxiv:search:", "arxiv:2402.17152,x", "x"]
)
def test_addresses_are_checked_before_anything_is_asked(fetcher: Fetcher, httpserver: HTTPServer, source: str) -> None:
    with pytest.raises(AssistantError):
        list(fetcher.pages(["arxiv:2402.17152", source]))
    assert not httpserver.log


def test_ids_are_fetched_together_and_unknown_ones_are_named(fetcher: Fetcher, httpserver: HTTPServer) -> None:
    query = {"id_list": "2402.17152,cs/0501001,2402.00002", "max_results": "3"}
    httpserver.expect_request("/query", query_string=query).respond_with_data(feed(["2402.17152", "cs/0501001"]))
    (page,) = fetcher.pages(["arxiv:2402.17152v3", "arXiv:cs/0501001,2402.00002", "arxiv:2402.17152"])
    assert page.missing == ("arxiv:2402.00002",)
    assert page.address == "arxiv:2402.17152,cs/0501001,2402.00002"
    request, _ = httpserver.log[0]
    assert request.headers["User-Agent"].startswith("paper-assistant/")
    assert "mailto:jane@example.org" in request.headers["User-Agent"]


def searching(all_ids: list[str], empty: list[int] | None = None) -> Any:
    """A search over `all_ids` that answers an empty page once for each start in `empty`."""
    left = list(empty or [])

    def handler(request: Request) -> Response:
        start, size = int(request.args["start"]), int(request.args["max_results"])
        if start in left:
            left.remove(start)
            return Response(feed([], total=len(all_ids), start=start))
        return Response(feed(all_ids[start : start + size], total=len(all_ids), start=start))

    return handler


IDS = [f"2001.{number:05d}" for number in range(1, 251)]


def test_a_search_is_paged_to_its_end_or_to_the_maximum(fetcher: Fetcher, httpserver: HTTPServer, clock: Clock) -> None:
    httpserver.expect_request("/query").respond_with_handler(searching(IDS))
    assert len(titles(fetcher, "arxiv:search:cat:cs.IR AND ti:rows", maximum=1000)) == 250
    assert [request.args["start"] for request, _ in httpserver.log] == ["0", "100", "200"]
    assert {request.args["search_query"] for request, _ in httpserver.log} == {"cat:cs.IR AND ti:rows"}
    assert all(2 < wait <= 3 for wait in clock.waits)
    assert len(clock.waits) == 2
    assert len(titles(fetcher, "arxiv:search:cat:cs.IR AND ti:rows", maximum=30)) == 30


def test_an_interrupted_search_goes_on_where_it_stopped(fetcher: Fetcher, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/query").respond_with_handler(searching(IDS))
    pages = fetcher.pages(["arxiv:search:cat:cs.IR"], 1000)
    next(pages)
    next(pages)
    del pages
    assert len(titles(fetcher, "arxiv:search:cat:cs.IR", maximum=1000)) == 250
    assert [request.args["start"] for request, _ in httpserver.log] == ["0", "100", "200"]


def test_an_empty_page_in_the_middle_is_asked_again(fetcher: Fetcher, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/query").respond_with_handler(searching(IDS, empty=[100, 100]))
    assert len(titles(fetcher, "arxiv:search:x", maximum=1000)) == 250


def test_a_page_that_stays_empty_ends_with_advice_and_is_not_kept(fetcher: Fetcher, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/query").respond_with_handler(searching(IDS, empty=[100] * 4))
    with pytest.raises(SourceError, match="empty page at result 100 of 250"):
        titles(fetcher, "arxiv:search:x", maximum=1000)
    assert len(titles(fetcher, "arxiv:search:x", maximum=1000)) == 250


def test_a_search_without_results_gives_nothing(fetcher: Fetcher, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/query").respond_with_handler(searching([]))
    assert titles(fetcher, "arxiv:search:x") == []


def test_crossref_records(fetcher: Fetcher, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/works/10.1000/ABC").respond_with_json(WORK)
    (page,) = fetcher.pages(["doi:10.1000/ABC"])
    (record,) = read_bytes(page.data, name=page.address, format=page.format)
    paper = record.paper
    assert paper is not None
    assert (paper.title, paper.authors, paper.year, paper.venue) == (
        "Caching Rows: A Study",
        ("Jane Doe",),
        2020,
        "Proc. of Rows",
    )
    assert (paper.abstract, paper.doi, paper.source_id) == ("We cache rows.", "10.1000/abc", "10.1000/abc")
    assert [flag.value for flag in paper.flags] == ["retracted"]
    assert paper.provenance[0].file == "doi:10.1000/ABC"


def test_an_unknown_doi_is_missing(fetcher: Fetcher, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/works/10.1000/none").respond_with_data("Resource not found.", status=404)
    (page,) = fetcher.pages(["doi:10.1000/none"])
    assert page.missing == ("doi:10.1000/none",)


def answers(*made: Response) -> Any:
    left = list(made)
    return lambda _: left.pop(0) if len(left) > 1 else left[0]


def test_a_busy_service_is_asked_again_after_the_time_it_names(
    fetcher: Fetcher, httpserver: HTTPServer, clock: Clock
) -> None:
    later = email.utils.formatdate(time.time() + 50, usegmt=True)
    httpserver.expect_request("/query").respond_with_handler(
        answers(
            Response("slow down", 429, {"Retry-After": "7"}),
            Response("slow down", 503, {"Retry-After": later}),
            Response("slow down", 500),
            Response(feed(["2402.17152"])),
        )
    )
    assert titles(fetcher, "arxiv:2402.17152") == ["Title of 2402.17152"]
    waits = [wait for wait in clock.waits if wait > 3]
    assert waits[0] == 7
    assert 40 < waits[1] <= 50
    assert waits[2] == 12


def test_a_service_that_asks_for_too_long_is_left_alone(fetcher: Fetcher, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/query").respond_with_data("", status=503, headers={"Retry-After": "3600"})
    with pytest.raises(SourceError, match="asks to wait 3600 s"):
        titles(fetcher, "arxiv:2402.17152")
    assert len(httpserver.log) == 1


def test_a_service_that_stays_busy_is_given_up(fetcher: Fetcher, httpserver: HTTPServer, clock: Clock) -> None:
    httpserver.expect_request("/query").respond_with_data("", status=503)
    with pytest.raises(SourceError, match=r"does not answer \(HTTP 503\)"):
        titles(fetcher, "arxiv:2402.17152")
    assert len(httpserver.log) == 5
    assert [wait for wait in clock.waits if wait >= 3] == [3, 6, 12, 24]


def test_a_refusal_is_told_with_the_services_words(fetcher: Fetcher, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/query").respond_with_data("<b>bad\x1b[31m query</b>", status=400)
    with pytest.raises(SourceError, match="HTTP 400") as caught:
        titles(fetcher, "arxiv:2402.17152")
    assert "\x1b" not in str(caught.value)
    assert len(httpserver.log) == 1


def test_an_unreachable_service_is_named(tmp_path: Path, clock: Clock) -> None:
    words = r"arXiv at 127\.0\.0\.1:1 does not answer \(ConnectError"
    with (
        Fetcher(tmp_path, arxiv_url="http://127.0.0.1:1", sleep=clock.sleep) as fetcher,
        pytest.raises(SourceError, match=words),
    ):
        titles(fetcher, "arxiv:2402.17152")


def test_an_answer_that_is_not_a_feed_is_not_kept(fetcher: Fetcher, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/query").respond_with_handler(
        answers(Response("<html>Log in to the hotel's network</html>"), Response(feed(["2402.17152"])))
    )
    with pytest.raises(SourceError, match="not arXiv's"):
        titles(fetcher, "arxiv:2402.17152")
    assert titles(fetcher, "arxiv:2402.17152") == ["Title of 2402.17152"]


def test_redirects_stay_on_the_services_host(fetcher: Fetcher, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/query", query_string={"id_list": "2402.17152", "max_results": "1"}).respond_with_data(
        "", status=301, headers={"Location": "/new?x=1"}
    )
    httpserver.expect_request("/new").respond_with_data(feed(["2402.17152"]))
    assert titles(fetcher, "arxiv:2402.17152") == ["Title of 2402.17152"]
    httpserver.expect_request("/query").respond_with_data(
        "", status=302, headers={"Location": "http://other.example/x"}
    )
    with pytest.raises(SourceError, match=r"another host, other\.example"):
        titles(fetcher, "arxiv:2402.17153")


def test_answers_come_from_the_cache_for_a_day_and_leave_no_parts(
    fetcher: Fetcher, httpserver: HTTPServer, tmp_path: Path
) -> None:
    httpserver.expect_request("/query").respond_with_data(feed(["2402.17152"]))
    for _ in range(3):
        titles(fetcher, "arxiv:2402.17152")
    assert len(httpserver.log) == 1
    files = sorted((tmp_path / "cache" / "arxiv").iterdir())
    assert [file.name for file in files if "." in file.name] == []
    for file in files:
        os.utime(file, (0, 0))
    titles(fetcher, "arxiv:2402.17152")
    assert len(httpserver.log) == 2


def test_it_works_without_a_cache_and_with_one_that_cannot_be_written(
    httpserver: HTTPServer, tmp_path: Path, clock: Clock
) -> None:
    httpserver.expect_request("/query").respond_with_data(feed(["2402.17152"]))
    blocked = tmp_path / "file"
    blocked.write_text("")
    for cache in (None, blocked):
        with Fetcher(cache, arxiv_url=httpserver.url_for(""), sleep=clock.sleep) as fetcher:
            assert titles(fetcher, "arxiv:2402.17152") == ["Title of 2402.17152"]


def test_crossrefs_own_pace_is_followed(fetcher: Fetcher, httpserver: HTTPServer, clock: Clock) -> None:
    httpserver.expect_request("/works/10.1000/a").respond_with_json(
        WORK, headers={"X-Rate-Limit-Limit": "2", "X-Rate-Limit-Interval": "10s"}
    )
    httpserver.expect_request("/works/10.1000/b").respond_with_json(WORK)
    titles(fetcher, "doi:10.1000/a", "doi:10.1000/b")
    assert [round(wait) for wait in clock.waits] == [5]


def test_two_commands_in_a_row_keep_the_pace(httpserver: HTTPServer, tmp_path: Path) -> None:
    httpserver.expect_request("/query").respond_with_handler(searching(IDS[:5]))
    waits: list[list[float]] = []
    for number in range(2):
        clock = Clock()
        with Fetcher(tmp_path, arxiv_url=httpserver.url_for(""), sleep=clock.sleep) as fetcher:
            titles(fetcher, f"arxiv:search:{number}")
        waits.append(clock.waits)
    assert waits[0] == []
    assert len(waits[1]) == 1
    assert 2 < waits[1][0] <= 3


def test_an_empty_source_list_asks_nothing(fetcher: Fetcher, httpserver: HTTPServer) -> None:
    assert list(fetcher.pages([])) == []
    with pytest.raises(UsageError):
        list(fetcher.pages(["arxiv:search: "]))
    assert not httpserver.log
