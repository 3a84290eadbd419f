"""The facade: papers by address and completed papers, through the real path from a server to the library."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer

from assistant.app import Assistant
from assistant.errors import EmptyLibraryError, StoreError
from assistant.llms import Price
from assistant.papers import Flag
from assistant.settings import Settings, config_dir
from tests.test_fetch import WORK, feed
from tests.test_online import ABSTRACT, entry


@pytest.fixture
def assistant(store: Path, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Assistant]:
    monkeypatch.setattr("time.sleep", lambda _: None)  # the services' pace is tested elsewhere
    url = httpserver.url_for("").rstrip("/")
    with Assistant(Settings(store=store, llm="none", arxiv_url=url, crossref_url=url)) as opened:
        yield opened


def test_papers_come_by_address(assistant: Assistant, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/query").respond_with_data(feed(["2001.00001"]))
    httpserver.expect_request("/works/10.1000/abc").respond_with_json(WORK)
    report = assistant.ingest(["arxiv:2001.00001", "doi:10.1000/abc"])
    assert (report.read, report.new, report.rejected) == (2, 2, 0)
    assert [paper.source_id for paper in assistant.papers()] == ["2001.00001", "10.1000/abc"]
    again = assistant.ingest(["arxiv:2001.00001"])
    assert (again.same, again.embedded) == (1, 0)


def test_a_paper_without_title_is_completed_and_keeps_its_key(
    assistant: Assistant, httpserver: HTTPServer, tmp_path: Path
) -> None:
    (tmp_path / "listing.txt").write_text(f"Abstract:{ABSTRACT}\n", encoding="utf-8")
    assistant.ingest([str(tmp_path / "listing.txt")])
    (before,) = assistant.papers()
    assert before.has(Flag.TITLE_INFERRED)
    httpserver.expect_request("/query").respond_with_data(entry("Caching Rows: A Study", "Jane Doe"))
    report = assistant.enrich()
    (after,) = assistant.papers()
    assert report.merged == 1
    assert (after.title, after.authors[0], after.arxiv_id) == ("Caching Rows: A Study", "Jane Doe", "2001.00001")
    assert after.key == before.key
    assert not after.has(Flag.TITLE_INFERRED)
    assert assistant.get("doe2020caching").key == before.key
    httpserver.clear()
    assert assistant.enrich().read == 0, "a complete paper is not asked for again"


def test_nothing_is_made_when_nothing_can_be_read(assistant: Assistant, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/query").respond_with_data("busy", status=400)
    with pytest.raises(Exception, match="arXiv"):
        assistant.ingest(["arxiv:2001.00001"])
    assert not assistant.store.exists()


def test_an_empty_library_says_how_to_fill_it(assistant: Assistant) -> None:
    with pytest.raises(StoreError, match="assistant ingest"):
        assistant.ask("anything?")
    with assistant._writing(create=True):
        pass
    with pytest.raises(EmptyLibraryError, match="assistant ingest"):
        assistant.ask("anything?")


def test_one_meter_counts_for_all_models_of_a_run_and_keeps_the_budget(store: Path) -> None:
    prices = config_dir() / "prices.toml"
    prices.parent.mkdir(parents=True, exist_ok=True)
    prices.write_text('"mine" = [1.0, 2.0]\n', encoding="utf-8")
    with Assistant(Settings(store=store, budget=0.5)) as assistant:
        assert assistant.meter.limit == 0.5
        assert assistant.model("none") is None
        far, near = (
            assistant.model(f"{place}/v1#mine") for place in ("https://models.example.org", "http://localhost")
        )
        assert far is not None
        assert near is not None
        assert (far.price, near.price) == (Price(1.0, 2.0), Price(0.0, 0.0))
        assert assistant.price("https://models.example.org/v1#other") is None
        assert assistant.ask_options(llm="http://localhost/v1#m").model is not None
