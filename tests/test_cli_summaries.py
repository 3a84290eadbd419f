"""`summarize` and `compare` as commands."""

from __future__ import annotations

import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.fakes import ScriptedServer, answer_reply
from tests.test_cli import Runner

TOPIC = "probabilistic programming"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], sample_store: Path) -> Runner:
    return Runner(capsys, sample_store)


@pytest.fixture
def own(capsys: pytest.CaptureFixture[str], own_sample: Path) -> Runner:
    return Runner(capsys, own_sample)


@pytest.mark.parametrize("suffix", [".md", ".html"])
def test_a_report_has_its_bibliography_beside_it(run: Runner, tmp_path: Path, suffix: str) -> None:
    out = tmp_path / f"report{suffix}"
    outcome = run("summarize", TOPIC, "--out", out, "--style", "ieee")
    assert (outcome.code, outcome.out) == (0, "")
    assert "Edward is a language" in out.read_text("utf-8")
    assert "D. Tran" in out.read_text("utf-8")
    assert "@misc{tran2017deep," in (tmp_path / "report.bib").read_text("utf-8")
    assert f"the references are in {tmp_path / 'report.bib'}" in outcome.err


def test_a_json_report_has_no_bibliography(run: Runner, tmp_path: Path) -> None:
    assert run("summarize", TOPIC, "--out", tmp_path / "report.json").code == 0
    assert [path.name for path in tmp_path.iterdir()] == ["report.json"]


def test_the_screen_shows_every_part(run: Runner) -> None:
    shown = run("summarize", "recommendation systems at Meta").out
    for heading in ("At a glance", "The problem. ", "papers: ", "Side by side", "By year", "Papers", "[1] "):
        assert heading in shown


@pytest.mark.parametrize(
    ("part", "there", "absent"),
    [
        ("overview", "At a glance", "Side by side"),
        ("table", "Side by side", "At a glance"),
        ("timeline", "By year", "Side by side"),
        ("gaps", "Counted, not said by any paper", "By year"),
    ],
)
def test_one_part_alone(run: Runner, part: str, there: str, absent: str) -> None:
    shown = run("summarize", TOPIC, "--only", part).out
    assert there in shown
    assert absent not in shown


def test_a_part_alone_numbers_its_papers_from_one(run: Runner) -> None:
    (summary,) = run("summarize", "recommendation systems at Meta", "--only", "overview", "--json").objects
    assert [reference["number"] for reference in summary["references"]] == [1, 2, 3, 4, 5][: len(summary["overview"])]
    assert not summary["sections"]


def test_keys_from_a_file_are_the_scope(run: Runner, tmp_path: Path) -> None:
    keys = tmp_path / "keys.txt"
    keys.write_text("# two papers\ntran2017deep, dillon2017tensorflow # both of 2017\n", encoding="utf-8")
    (summary,) = run("summarize", "anything", "--from-file", keys, "--json").objects
    assert {entry["key"] for entry in summary["scope"]} == {"tran2017deep", "dillon2017tensorflow"}
    assert summary["lead"] == "2 papers named one by one."


def test_a_bad_file_of_keys(run: Runner, tmp_path: Path) -> None:
    keys = tmp_path / "keys.txt"
    assert "keys.txt: No such file or directory (it must" in run.fails("summarize", "x", "--from-file", keys, code=1)
    keys.write_bytes(b"\xff\xfe\x95")
    assert "it is no text" in run.fails("summarize", "x", "--from-file", keys, code=1)
    keys.write_text("# nothing\n")
    assert "names no paper" in run.fails("summarize", "x", "--from-file", keys, code=1)
    keys.write_text("nobody1900nothing")
    assert "nobody1900nothing" in run.fails("summarize", "x", "--from-file", keys, code=1)
    assert "--from-file" in run.fails("summarize", "x", "--from-file", keys, "--scope", "3", code=2)


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("--only", "abstract"), "unknown part 'abstract'"),
        (("--style", "mla"), "unknown reference style 'mla'"),
        (("--columns", "a,,b"), "cannot read the columns"),
    ],
)
def test_flags_that_cannot_be_used(run: Runner, arguments: tuple[str, ...], complaint: str) -> None:
    assert complaint in run.fails("summarize", TOPIC, *arguments, code=2)


def test_an_empty_topic_is_a_mistake(run: Runner) -> None:
    assert "TOPIC is empty" in run.fails("summarize", " ", code=2)


def test_a_refusal_is_written_too(run: Runner, tmp_path: Path) -> None:
    outcome = run("summarize", "protein folding in yeast", "--out", tmp_path / "r.md")
    assert (outcome.code, outcome.out) == (3, "")
    assert "no summary: none of the 57 papers searched is about this" in outcome.err
    assert "No summary" in (tmp_path / "r.md").read_text("utf-8")
    assert not (tmp_path / "r.bib").exists()


def test_papers_side_by_side(run: Runner) -> None:
    shown = run("compare", "tran2017deep", "dillon2017tensorflow", "--columns", "year,main figure").out
    assert "tran2017deep" in shown
    assert "at least 35x" in shown
    (table,) = run("compare", "dillon2017tensorflow", "tran2017deep", "--json").objects
    assert [row["key"] for row in table["rows"]] == ["dillon2017tensorflow", "tran2017deep"]
    assert table["columns"] == ["problem", "method", "data", "main figure", "year"]


def test_an_unknown_paper_cannot_be_compared(run: Runner) -> None:
    assert "nobody1900nothing" in run.fails("compare", "tran2017deep", "nobody1900nothing", code=1)


def test_a_model_writes_after_its_plan_is_told(own: Runner) -> None:
    text = "Edward is a language for probabilistic programming that is Turing-complete [1]."
    with ScriptedServer(answer_reply(text)) as server:
        outcome = own("summarize", TOPIC, "--llm", f"{server.url}#tiny", "--json")
        (summary,) = outcome.objects
        calls = len(server.requests)
        again = own("summarize", TOPIC, "--llm", f"{server.url}#tiny", "--json")
    assert outcome.code == 0
    assert calls == len(summary["sections"]) + 1
    assert f"{calls} calls to tiny: about " in outcome.err
    assert "at most $0.00" in outcome.err
    assert f"{calls} of {calls}: " in outcome.err
    assert len(server.requests) == calls
    assert again.out == outcome.out


def test_ctrl_c_keeps_the_sections_that_are_there(own: Runner, own_sample: Path) -> None:
    good = answer_reply("Edward is a language for probabilistic programming that is Turing-complete [1].")
    command = ["summarize", TOPIC, "--yes", "--llm"]
    with ScriptedServer(good, replace(good, end="hang")) as server:
        program = [sys.executable, "-m", "assistant", "--store", str(own_sample), *command, f"{server.url}#tiny"]
        with subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
            assert running.stderr is not None
            assert any("1 of 2: " in line for line in running.stderr)
            running.send_signal(signal.SIGINT)
            out, _ = running.communicate(timeout=30)
    assert (running.returncode, out) == (130, "")
    with ScriptedServer(good) as server:
        outcome = own(*command, f"{server.url}#tiny", "--resume")
        assert len(server.requests) == 1
    assert "1 call to tiny, 1 more kept from before" in outcome.err
    assert outcome.code == 0


def test_an_unknown_part_is_refused_before_anything_is_paid(own: Runner) -> None:
    with ScriptedServer(answer_reply("Edward is a language [1].")) as server:
        own.fails("summarize", TOPIC, "--only", "nonsense", "--llm", f"{server.url}#tiny", code=2)
        assert not server.requests


def test_a_folder_that_is_not_there_is_told_before_anything_is_paid(own: Runner, tmp_path: Path) -> None:
    with ScriptedServer(answer_reply("Edward is a language [1].")) as server:
        file = tmp_path / "nowhere" / "report.md"
        assert "there is no folder" in own.fails(
            "summarize", TOPIC, "--out", file, "--llm", f"{server.url}#tiny", code=1
        )
        assert not server.requests


def test_a_second_report_has_the_same_bytes(run: Runner, tmp_path: Path) -> None:
    for suffix in (".md", ".html", ".bib", ".json"):
        for name in ("one", "two"):
            run("summarize", TOPIC, "--out", tmp_path / f"{name}{suffix.replace('.bib', '.md')}")
        assert (tmp_path / f"one{suffix}").read_bytes() == (tmp_path / f"two{suffix}").read_bytes()


def test_an_endpoint_that_is_not_there_leaves_a_summary_without_it(own: Runner) -> None:
    outcome = own("summarize", TOPIC, "--llm", "http://127.0.0.1:9/v1#tiny", "--timeout", "5", "--json")
    (summary,) = outcome.objects
    assert outcome.code == 0
    assert summary["mode"] == "extractive"
    assert summary["fallback"]
    assert summary["overview"]
