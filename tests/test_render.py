from __future__ import annotations

import io
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from assistant.answers import (
    Answer,
    Cell,
    Citation,
    Claim,
    Intent,
    Ledger,
    Reference,
    Retrieved,
    ScopeEntry,
    Section,
    Summary,
    Support,
    Table,
    TableRow,
    Timing,
    Unused,
    Usage,
    YearCount,
)
from assistant.ingest import IngestReport, Remark
from assistant.papers import Flag, Paper, Provenance
from assistant.readers import Rejection
from assistant.render import (
    Line,
    answer_lines,
    claim_line,
    highlighted,
    hit_lines,
    ingest_lines,
    make_console,
    paper_line,
    paper_lines,
    print_lines,
    reference_line,
    short_authors,
    summary_lines,
)
from assistant.settings import Settings

PAPER = Paper(
    title="Deep Learning Recommendation Model",
    abstract="We open-source DLRM. It runs in PyTorch and Caffe2.",
    authors=("Maxim Naumov", "Dheevatsa Mudigere", "Hao-Jun Shi"),
    year=2019,
    venue="arXiv",
    categories=("cs.IR",),
    source_ids=("1906.00091",),
    flags=(Flag.OWN_SUMMARY,),
    provenance=(Provenance("seeds/a.txt", 12, "listing", "2026-11-21T00:00:00Z"),),
    key="naumov2019deep",
)
CITATION = Citation(1, PAPER.key, "1906.00091", "It runs in PyTorch and Caffe2.", 21, 51)
CLAIM = Claim("DLRM runs in PyTorch and Caffe2.", Support.VERIFIED, "", (CITATION,))
ANSWER = Answer(
    answer_id="a1",
    question="In which frameworks is DLRM?",
    standalone_question="In which frameworks is DLRM?",
    status="answered",
    mode="extractive",
    lead="One paper says so:",
    claims=(CLAIM,),
    references=(Reference.of(PAPER, 1),),
    timing=Timing(total_ms=412.0),
)


def plain(*lines: Line) -> str:
    return "\n".join(line.plain for line in lines)


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def on_terminal(width: int, *lines: Line) -> str:
    console = Console(file=io.StringIO(), width=width, color_system=None, force_terminal=True, soft_wrap=False)
    print_lines(console, lines)
    stream = console.file
    assert isinstance(stream, io.StringIO)
    return stream.getvalue()


class TestAnswer:
    def test_claims_numbers_and_references(self) -> None:
        assert plain(*answer_lines(ANSWER)) == "\n".join(
            [
                "One paper says so:",
                "",
                "  DLRM runs in PyTorch and Caffe2. [1]✓",
                "",
                "Papers",
                "  [1] Naumov et al. (2019). Deep Learning Recommendation Model. arXiv. naumov2019deep"
                " · summary, not the authors' abstract",
                "",
                "412 ms",
            ]
        )

    def test_what_was_searched_is_shown_where_it_differs(self) -> None:
        text = plain(*answer_lines(replace(ANSWER, standalone_question="Which frameworks?", filters="year:2019")))
        assert text.startswith("searched: Which frameworks?\nfilter: year:2019\n")

    def test_a_question_that_a_filter_took_whole_is_no_other_search(self) -> None:
        text = plain(*answer_lines(replace(ANSWER, standalone_question="Which papers?", filters="author:He")))
        assert text.startswith("filter: author:He\n")

    def test_a_refusal_names_its_reason_and_the_nearest_papers(self) -> None:
        refusal = replace(
            ANSWER,
            status="refused",
            reason="no abstract mentions France",
            claims=(),
            references=(),
            retrieved=(
                Retrieved(PAPER.key, "x", 1, 0.2, False, PAPER.title, PAPER.authors, PAPER.year),
                Retrieved("odd2020", "y", 2, 0.1, False, "An Odd One", (), None, (Flag.RETRACTED,)),
            ),
        )
        text = plain(*answer_lines(refusal))
        assert "No answer: no abstract mentions France" in text
        assert "naumov2019deep  Naumov et al. (2019). Deep Learning" in text
        assert "  odd2020  unknown authors (no year). An Odd One. · RETRACTED" in text

    def test_fallback_model_tokens_and_cost(self) -> None:
        fell = plain(*answer_lines(replace(ANSWER, fallback="HTTP 401", model="m")))
        assert "Answered without the model: HTTP 401" in fell
        assert "m · " not in fell
        wrote = replace(ANSWER, mode="llm", model="m", usage=Usage(1200, 34, 0.0021))
        assert plain(*answer_lines(wrote)).endswith("m · 412 ms · 1,234 tokens · $0.0021")

    def test_small_talk_is_one_line(self) -> None:
        talk = replace(ANSWER, intent=Intent.SMALLTALK, lead="You are welcome.", claims=(), references=())
        assert plain(*answer_lines(talk)) == "You are welcome."


class TestVerdicts:
    @pytest.mark.parametrize(
        ("support", "tail"),
        [
            (Support.VERIFIED, "[1]✓"),
            (Support.WEAK, "[1]~ (weak: half of the words)"),
            (Support.UNSUPPORTED, "[1]✗ (unsupported: half of the words)"),
        ],
    )
    def test_what_is_not_verified_says_so_in_words(self, support: Support, tail: str) -> None:
        line = claim_line(replace(CLAIM, support=support, verdict_reason="half of the words"))
        assert line.plain == f"  {CLAIM.text} {tail}"

    def test_no_citation_no_number(self) -> None:
        line = claim_line(Claim("Paris is nice.", Support.UNSUPPORTED, "cites nothing"))
        assert line.plain == "  Paris is nice. ✗ (unsupported: cites nothing)"

    def test_several_quotes_of_one_paper_are_one_number(self) -> None:
        claim = replace(CLAIM, citations=(CITATION, replace(CITATION, number=3), CITATION))
        assert "[1, 3]" in claim_line(claim).plain

    def test_attributed_says_who_found_the_source(self) -> None:
        assert "found by the check" in claim_line(replace(CLAIM, attributed=True)).plain


class TestSafety:
    HOSTILE = "[/b] [cs.LG] [red]x[/red] \x1b]0;title\x07\x1b[31mred\x1b[0m a\u202eb :smile:"

    def test_markup_stays_and_control_goes(self) -> None:
        claim = replace(CLAIM, text=self.HOSTILE)
        answer = replace(ANSWER, claims=(claim,), lead=self.HOSTILE, reason=self.HOSTILE)
        shown = on_terminal(200, *answer_lines(answer))
        assert "[/b] [cs.LG] [red]x[/red]" in shown
        assert ":smile:" in shown
        assert "\x1b" not in shown
        assert "\u202e" not in shown

    @given(st.text(max_size=80))
    def test_nothing_printed_carries_control(self, text: str) -> None:
        paper = replace(PAPER, title=text, venue=text, authors=(text,), abstract=text, notes=(text,))
        for line in (*paper_lines(paper), paper_line(paper), reference_line(Reference.of(paper, 1))):
            assert all(ch.isprintable() or not (ch < " " or "\x7f" <= ch <= "\x9f") for ch in line.plain)
            assert "\n" not in line.plain


class TestWidth:
    @pytest.mark.parametrize("width", [40, 80, 160])
    def test_rows_fit_the_terminal(self, width: int) -> None:
        long = replace(CLAIM, text="深層学習推薦モデル " * 12 + "x" * 100 + " e\u0301" * 40)
        for row in on_terminal(width, *answer_lines(replace(ANSWER, claims=(long,)))).splitlines():
            assert cell_len(row) <= width
            assert row == row.rstrip()

    def test_wrapped_rows_hang_under_the_first(self) -> None:
        rows = on_terminal(40, reference_line(Reference.of(PAPER, 1))).splitlines()
        assert len(rows) > 1
        assert rows[0].startswith("  [1] Naumov")
        assert all(row.startswith("      ") for row in rows[1:])

    def test_a_pipe_gets_one_line_whatever_its_length(self) -> None:
        stream = io.StringIO()
        line = Line.of("word " * 100, first="  ")
        print_lines(make_console(Settings(), stream), [line])
        assert stream.getvalue() == line.plain + "\n"


class TestConsole:
    def colours(self, stream: io.StringIO, **settings: object) -> bool:
        print_lines(make_console(Settings(**settings), stream), [claim_line(CLAIM)])  # type: ignore[arg-type]
        return "\x1b[" in stream.getvalue()

    def test_colours_on_a_terminal_only(self) -> None:
        assert self.colours(Terminal())
        assert not self.colours(io.StringIO())

    def test_no_color_and_force_color(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("FORCE_COLOR", "1")
        assert self.colours(io.StringIO())
        monkeypatch.setenv("NO_COLOR", "1")
        assert not self.colours(io.StringIO())
        assert not self.colours(Terminal())
        assert self.colours(Terminal(), color="always")

    def test_plain_mode_has_no_escapes_on_a_terminal(self) -> None:
        assert not self.colours(Terminal(), plain=True)
        assert not self.colours(Terminal(), color="never")

    def test_a_dumb_terminal_is_a_pipe(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("TERM", "dumb")
        assert not self.colours(Terminal())


class TestPapers:
    def test_the_record(self) -> None:
        text = plain(*paper_lines(PAPER))
        assert text.splitlines()[0] == PAPER.title
        assert "Maxim Naumov, Dheevatsa Mudigere, Hao-Jun Shi" in text
        assert "read from  seeds/a.txt:12" in text
        assert "note: summary, not the authors' abstract" in text
        assert text.endswith(PAPER.abstract)

    def test_missing_facts_are_said(self) -> None:
        bare = Paper(title="T", key="anonndt", flags=(Flag.AUTHORS_INCOMPLETE,))
        text = plain(*paper_lines(bare))
        assert "unknown authors" in text
        assert "no abstract" in text
        assert paper_line(bare).plain == "  anonndt  unknown authors (no year). T."

    def test_the_cited_sentence_is_marked(self) -> None:
        text = highlighted(PAPER.abstract, [(21, 51), (21, 51)])
        assert text.plain == "We open-source DLRM. »It runs in PyTorch and Caffe2.«"

    @pytest.mark.parametrize(
        ("authors", "complete", "shown"),
        [
            ((), True, "unknown authors"),
            (("Bo Li",), True, "Li"),
            (("Bo Li",), False, "Li et al."),
            (("Bo Li", "Jan van der Berg"), True, "Li and van der Berg"),
            (("A B", "C D", "E F"), True, "B et al."),
            (("Plato",), True, "Plato"),
        ],
    )
    def test_short_authors(self, authors: tuple[str, ...], complete: bool, shown: str) -> None:
        assert short_authors(authors, complete=complete) == shown

    def test_hits(self) -> None:
        hit = {
            "rank": 1,
            "key": "k",
            "source_id": "s",
            "score": 0.81234,
            "title": "T",
            "year": None,
            "best_sentence": "B.",
        }
        assert plain(*hit_lines([hit, {**hit, "rank": 2, "best_sentence": None}])) == (
            "1. T (no year) k 0.812\n   B.\n2. T (no year) k 0.812"
        )


def test_an_ingest_report_shows_the_first_rejections() -> None:
    report = IngestReport(read=9, new=1, merged=1, rejected=7, papers=1, seconds=0.25, merges=[("x", "k")])
    report.rejections = [Rejection("a.bib", line, "no title") for line in range(1, 8)]
    text = plain(*ingest_lines(report))
    assert text == (
        "read 9 records in 0.2 s\n"
        "  new       1\n"
        "  merged    1  x joined k\n"
        "  rejected  7  a.bib:1: no title\n"
        "               a.bib:2: no title\n"
        "               a.bib:3: no title\n"
        "               a.bib:4: no title\n"
        "               a.bib:5: no title\n"
        "               and 2 more; ingest --rejections FILE writes them all\n"
        "1 paper in the library"
    )
    report.rejected = 200_000  # more than are kept in memory
    assert "and 199,995 more;" in plain(*ingest_lines(report))


def test_an_ingest_that_changes_nothing_takes_two_lines() -> None:
    report = IngestReport(read=60, same=60, papers=57, seconds=0.2)
    assert plain(*ingest_lines(report)) == "read 60 records in 0.2 s: nothing new\n57 papers in the library"


def test_a_dry_run_says_that_nothing_is_written() -> None:
    text = plain(*ingest_lines(IngestReport(read=1, new=1, papers=1, seconds=0.2), dry_run=True))
    assert text == "read 1 record in 0.2 s (nothing is written)\n  new       1\n1 paper would be in the library"


def test_an_ingest_report_counts_what_is_odd_about_papers_it_kept() -> None:
    report = IngestReport(read=2, new=2, papers=2, remarks={"r": Remark("it has no end", "a.ris", 12, count=2)})
    assert "\n  2 kept: it has no end (a.ris:12 and others)\n" in plain(*ingest_lines(report))
    report.remarks = {"r": Remark("it has no end", "-", None, count=1)}
    assert "\n  1 kept: it has no end (-)\n" in plain(*ingest_lines(report))


def test_a_summary_has_every_part() -> None:
    summary = Summary(
        topic="recommendation",
        status="answered",
        mode="extractive",
        scope=(ScopeEntry(PAPER.key, "x", 1.0), ScopeEntry("b2020", "y", 0.5)),
        overview=(CLAIM,),
        sections=(Section("Models", (CLAIM,), (PAPER.key,)),),
        table=Table(("year", "figure"), (TableRow(PAPER.key, (Cell("2019", None), Cell(None, None))),)),
        timeline=(YearCount(2019, 1, (PAPER.key,)), YearCount(None, 0, ())),
        gaps=(CLAIM,),
        ledger=Ledger((PAPER.key,), (Unused("b2020", "says the same"),)),
        references=(Reference.of(PAPER, 1),),
    )
    text = plain(*summary_lines(summary))
    for part in (
        "2 papers in scope",
        "At a glance",
        "Models",
        "not in the abstract: figure",
        "Open questions",
        "[1] Naumov",
    ):
        assert part in text
    assert "  b2020: says the same" in text
    assert "2019 █ 1" in text


def test_an_empty_scope_says_why() -> None:
    text = plain(*summary_lines(Summary("yeast", "refused", "extractive", reason="no paper is about yeast")))
    assert text == "yeast\nNo summary: no paper is about yeast"
