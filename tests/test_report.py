"""Summaries as files: everything is shown, nothing is markup that the papers brought."""

from __future__ import annotations

import html.parser
import itertools
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answers import (
    Cell,
    Citation,
    Claim,
    Contradiction,
    Contrast,
    Coverage,
    Ledger,
    Notice,
    Observation,
    Reference,
    ScopeEntry,
    Section,
    SectionPart,
    Summary,
    Support,
    Table,
    TableRow,
    Unused,
    YearCount,
)
from assistant.app import Assistant, open_assistant
from assistant.errors import UsageError
from assistant.papers import Flag, Paper
from assistant.report import FORMATS, bibliography, format_report
from assistant.report.charts import draw_curve, draw_years
from assistant.report.markdown import escape
from assistant.settings import Settings

HOSTILE = (
    "<script>window.owned=1</script><img src=x onerror=\"window.owned=1\"> & 'x' [l](javascript:1) `c` |p| *b* {{7*7}}"
)


def hostile_summary(text: str = HOSTILE) -> tuple[Summary, dict[str, Paper]]:
    """Return a summary that says `text` wherever text can stand."""
    papers = {
        key: Paper(
            text,
            abstract=f"Before it. {text} After it.",
            authors=(text, "B Wu", "C Li"),
            year=year,
            venue=text,
            url="javascript:window.owned=1",
            flags=(Flag.OWN_SUMMARY,),
            key=key,
        )
        for key, year in (("wu2018a", 2018), ("li2020b", 2020), ("no2020c", 2020))
    }
    said = Citation(1, "wu2018a", text, text, 11, 11 + len(text))
    other = Citation(2, "li2020b", text, text, 11, 11 + len(text))
    fine = Claim(text, Support.VERIFIED, "", (said,))
    weak = Claim(text, Support.WEAK, text, (said, other))
    unsupported = Claim(text, Support.UNSUPPORTED, text)
    summary = Summary(
        topic=text,
        status="answered",
        mode="llm",
        filters=text,
        model=text,
        lead=text,
        scope=tuple(ScopeEntry(key, text, 0.9 - place / 10) for place, key in enumerate(papers)),
        borderline=(ScopeEntry("far2000", text, 0.1),),
        curve=(0.9, 0.8, 0.7, 0.1),
        overview=(fine,),
        sections=(
            Section(
                text,
                (fine, weak, unsupported),
                ("wu2018a", "li2020b"),
                (SectionPart(text, 0, 2), SectionPart("Results", 2, 3)),
            ),
            Section(
                "Plain",
                (fine,),
                ("no2020c",),
                common=(Observation(text, ("wu2018a", "no2020c")),),
                differing=(Contrast(text, (Observation(text, ("wu2018a",)), Observation("News", ("no2020c",)))),),
            ),
        ),
        table=Table(
            (text, "year"),
            (
                TableRow("wu2018a", (Cell(text, text), Cell("2018", None))),
                TableRow("li2020b", (Cell(None, None), Cell("2020", None))),
            ),
        ),
        timeline=(
            YearCount(2018, 1, ("wu2018a",)),
            YearCount(2019, 0, ()),
            YearCount(2020, 2, ("li2020b", "no2020c")),
            YearCount(None, 1, ("x",)),
        ),
        milestones=(Observation(text, ("wu2018a",)),),
        gaps=(fine,),
        contradictions=(Contradiction(fine, weak, text),),
        observations=(Observation(text),),
        coverage=Coverage((text, "r"), (text, "c"), ((1, 0), (0, 2))),
        ledger=Ledger(("wu2018a", "li2020b"), (Unused("no2020c", text),)),
        references=(Reference.of(papers["wu2018a"], 1), Reference.of(papers["li2020b"], 2)),
        warnings=(Notice("x", text),),
    )
    return summary, papers


class Page(html.parser.HTMLParser):
    """The tags and the visible text of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._raw = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._raw = tag in ("script", "style")

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002
        self._raw = False

    def handle_data(self, data: str) -> None:
        if not self._raw:
            self.text += data


@pytest.fixture(scope="module")
def assistant(sample_store: Path) -> Iterator[Assistant]:
    with open_assistant(Settings(store=sample_store, llm="none")) as opened:
        yield opened


@pytest.fixture(scope="module")
def real(assistant: Assistant) -> tuple[Summary, dict[str, Paper]]:
    summary = assistant.summarize("recommendation systems at Meta")
    return summary, {entry.key: assistant.get(entry.key) for entry in (*summary.scope, *summary.borderline)}


# HTML


def test_a_page_is_one_file_that_loads_nothing() -> None:
    page = Page(format_report(*hostile_summary(), ".html"))
    assert not [tag for tag, _ in page.tags if tag in ("iframe", "object", "embed", "img", "base", "form")]
    assert [attrs["href"] for tag, attrs in page.tags if tag == "link"] == ["data:,"]
    assert all("src" not in attrs and "style" not in attrs for _, attrs in page.tags)
    assert sum(tag == "script" for tag, _ in page.tags) == 1


def test_links_lead_to_places_of_the_page_or_to_web_addresses() -> None:
    page = Page(format_report(*hostile_summary(), ".html"))
    ids = {attrs.get("id") for _, attrs in page.tags}
    for href in (str(attrs["href"]) for tag, attrs in page.tags if tag == "a"):
        assert href.startswith("https://") or href.removeprefix("#") in ids


def test_text_of_papers_is_shown_as_it_is_and_runs_nowhere() -> None:
    page = Page(format_report(*hostile_summary(), ".html"))
    assert page.text.count(HOSTILE) > 25
    assert not [name for _, attrs in page.tags for name in attrs if name.startswith("on")]


@given(st.text(min_size=1, max_size=80))
def test_no_text_makes_a_tag(text: str) -> None:
    plain = Page(format_report(*hostile_summary("x"), ".html")).tags
    assert [tag for tag, _ in Page(format_report(*hostile_summary(text), ".html")).tags] == [tag for tag, _ in plain]


def test_ids_are_unique_and_descriptions_exist() -> None:
    page = Page(format_report(*hostile_summary(), ".html"))
    ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    for _, attrs in page.tags:
        for name in ("aria-describedby", "aria-labelledby", "data-card"):
            assert attrs.get(name) is None or attrs[name] in ids


def test_headings_go_down_one_step_at_a_time(real: tuple[Summary, dict[str, Paper]]) -> None:
    levels = [int(tag[1]) for tag, _ in Page(format_report(*real, ".html")).tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_what_is_not_verified_says_so_in_words() -> None:
    text = Page(format_report(*hostile_summary("Plain words."), ".html")).text
    assert "(weak: Plain words.)" in text
    assert "(unsupported: Plain words.)" in text


def test_a_refusal_is_a_page_too() -> None:
    refused = Summary("games", "refused", "extractive", reason="no paper is about it")
    page = Page(format_report(refused, {}, ".html"))
    assert "No summary: no paper is about it." in page.text
    assert "No summary: no paper is about it." in format_report(refused, {}, ".md")


def test_a_long_timeline_labels_some_years_only() -> None:
    chart = draw_years([YearCount(year, year % 7, ()) for year in range(1990, 2026)])
    assert chart is not None
    assert 2 <= sum(bar.labelled for bar in chart.bars) <= 13
    assert all(bar.x >= 0 and bar.x + bar.width <= chart.width and bar.height >= 0 for bar in chart.bars)
    assert draw_years([YearCount(None, 3, ())]) is None


def test_few_papers_make_low_bars_of_a_step_a_paper() -> None:
    few = draw_years([YearCount(2020, 1, ("a",)), YearCount(2021, 2, ("b", "c"))])
    many = draw_years([YearCount(2020, 1, ("a",)), YearCount(2021, 200, ())])
    assert few is not None
    assert many is not None
    assert few.bars[1].height == 2 * few.bars[0].height
    assert few.bars[0].height < many.bars[1].height / 5
    assert few.height < many.height


def test_the_curve_is_cut_behind_the_scope() -> None:
    curve = draw_curve([0.9, 0.8, 0.3, 0.2, 0.1], 2)
    assert curve is not None
    places = [float(point.split(",")[0]) for point in curve.points.split()]
    assert places[1] < curve.cut < places[2]
    assert draw_curve([0.5, 0.5, 0.5], 2) is None
    assert draw_curve([], 0) is None


# Markdown


def test_markdown_shows_every_claim_with_its_numbers(real: tuple[Summary, dict[str, Paper]]) -> None:
    summary, _ = real
    text = format_report(*real, ".md")
    for claim in summary.claims:
        number = claim.citations[0].number
        assert f"{escape(claim.text)} \\[{number}" in text
    for reference in summary.references:
        assert f"\n{reference.number}. " in text


@pytest.mark.parametrize("suffix", [".md", ".html"])
def test_a_section_says_in_what_its_papers_differ(suffix: str) -> None:
    summary, papers = hostile_summary("data")
    report = format_report(summary, papers, suffix)
    told = Page(report).text if suffix == ".html" else report
    assert "Where these papers differ – data: data (wu2018a); News (no2020c)" in " ".join(told.split())


def test_only_the_first_of_many_papers_stand_beside_a_phrase() -> None:
    assert Observation("tails", ("a", "b")).told == "tails (a, b)"
    assert Observation("tails", tuple("abcdefg")).told == "tails (a, b, c, d and 3 more)"
    summary, papers = hostile_summary("data")
    many = Section("Many", (), ("a",), common=(Observation("tails", tuple("abcdefg")),))
    page = format_report(replace(summary, sections=(many,)), papers, ".html")
    assert "tails (a, b, c, d and 3 more)" in Page(page).text


def test_the_address_in_a_reference_is_its_link(real: tuple[Summary, dict[str, Paper]]) -> None:
    summary, papers = real
    linked = next(reference for reference in summary.references if reference.arxiv_id)
    address = f"https://arxiv.org/abs/{linked.arxiv_id}"
    page = format_report(summary, papers, ".html")
    assert f'href="{address}" rel="noopener noreferrer">{address}</a>' in page


def test_markdown_holds_no_markup_of_the_papers() -> None:
    text = format_report(*hostile_summary(), ".md")
    assert "<script" not in text.replace("\\<script", "")
    assert "[l]" not in text
    table = [line for line in text.splitlines() if line.startswith("| ")]
    assert len({len(re.findall(r"(?<!\\)\|", line)) for line in table[:4]}) == 1


@given(st.text(max_size=100))
def test_escaped_text_is_one_line_without_bare_markup(text: str) -> None:
    line = escape(text)
    assert "\n" not in line
    assert not re.search(r"(?<!\\)[*_`<>\[\]|]", line.replace("\\\\", ""))


def test_json_is_the_summary(real: tuple[Summary, dict[str, Paper]]) -> None:
    summary, papers = real
    assert json.loads(format_report(summary, papers, ".json")) == json.loads(json.dumps(summary.to_json()))


def test_the_bibliography_has_the_cited_papers(real: tuple[Summary, dict[str, Paper]]) -> None:
    summary, papers = real
    keys = re.findall(r"^@\w+\{([^,]+),", bibliography(summary, papers), re.MULTILINE)
    assert keys == [reference.key for reference in summary.references]


@pytest.mark.parametrize("suffix", FORMATS)
def test_the_same_summary_gives_the_same_bytes(real: tuple[Summary, dict[str, Paper]], suffix: str) -> None:
    assert format_report(*real, suffix) == format_report(*real, suffix)


@pytest.mark.parametrize("style", ["apa", "ieee", "chicago"])
def test_references_follow_the_style(real: tuple[Summary, dict[str, Paper]], style: str) -> None:
    for suffix in (".md", ".html"):
        assert format_report(*real, suffix, style) != format_report(*real, suffix)


def test_unknown_formats_and_styles_are_errors(real: tuple[Summary, dict[str, Paper]]) -> None:
    with pytest.raises(UsageError, match="docx"):
        format_report(*real, ".docx")
    with pytest.raises(UsageError, match="mla"):
        format_report(*real, ".md", "mla")


def test_a_claim_without_a_source_keeps_its_place() -> None:
    summary, papers = hostile_summary("Plain words.")
    bare = replace(summary, sections=(Section("T", (Claim("Bare.", Support.UNSUPPORTED, ""),), ()),))
    assert "Bare. **(unsupported)**" in format_report(bare, papers, ".md")
