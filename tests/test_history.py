"""Why a saved answer cites a paper."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.app import Assistant
from assistant.cli import main
from assistant.errors import UnknownKeyError
from assistant.history import Kind, outdated
from assistant.qa import AskOptions
from assistant.render import why_lines
from assistant.settings import Settings
from tests.fakes import ScriptedModel, ScriptedServer, answer_reply

SPEEDUP = "What speedup does LlamaRL reach over DeepSpeed-Chat on a 405B model?"
SENTENCE = "On the 405B model, LlamaRL reaches a speed-up of up to 10.7x over systems like DeepSpeed-Chat"


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    settings = Settings(store=tmp_path_factory.mktemp("history") / "store", llm="none")
    with Assistant(settings) as opened:
        opened.ingest([], sample=True)
        yield opened


def test_why_names_quotes_verdicts_rank_and_what_ranked_just_below(assistant: Assistant) -> None:
    answer = assistant.ask("How much faster than Stan is Edward?")
    why = assistant.why(answer.answer_id, 1)
    assert (why.key, why.rank) == ("tran2017deep", 1)
    assert why.quotes[0][1] == answer.claims[0].citations[0].quote
    assert [(paper.rank, paper.number) for paper in why.below] == [(2, None), (3, None), (4, None)]
    assert set(json.loads(json.dumps(why.to_json()))) >= {"number", "key", "quotes", "below", "score", "question"}


def test_a_paper_that_ranked_next_and_is_cited_too_is_told_as_such(assistant: Assistant) -> None:
    why = assistant.why(assistant.ask("Compare Kepler and MLGO").answer_id, 1)
    assert ("trofin2021mlgo", 2) in [(paper.key, paper.number) for paper in why.below]
    assert any("cited too, as [2]" in line.plain for line in why_lines(why))


def test_a_number_that_was_not_cited_names_those_that_were(assistant: Assistant) -> None:
    answer = assistant.ask("How much faster than Stan is Edward?")
    with pytest.raises(UnknownKeyError, match="numbers are 1"):
        assistant.why(answer.answer_id, 9)


def test_why_says_which_model_wrote_and_in_which_words_it_was_asked(assistant: Assistant) -> None:
    answer = assistant.ask(SPEEDUP, AskOptions(model=ScriptedModel(f"{SENTENCE} [1].", name="m1")))
    why = assistant.why(answer.answer_id, 1)
    assert (why.written_by, why.prompt_hash) == ("m1", answer.prompt_hash)
    shown = [line.plain for line in why_lines(why)]
    assert f"    written by m1, prompt {answer.prompt_hash}" in shown
    assert f"  {SENTENCE}." in shown
    assert any(line.startswith("    “") and "10.7x" in line for line in shown)


def test_what_ranked_below_is_named_as_it_was_called_then(assistant: Assistant) -> None:
    answer = assistant.ask("How much faster than Stan is Edward?")
    shown = [line.plain for line in why_lines(assistant.why(answer.answer_id, 1))]
    assert any("dillon2017tensorflow  TensorFlow Distributions" in line for line in shown)


def test_a_refused_answer_says_that_it_cites_nothing_because_it_was_refused(assistant: Assistant) -> None:
    answer = assistant.ask("What is the capital of France?")
    with pytest.raises(UnknownKeyError, match="it was refused: Too little of this"):
        assistant.why(answer.answer_id, 1)


@pytest.mark.parametrize(
    ("question", "reply"),
    [
        ("What is the capital of France?", ""),
        (SPEEDUP, ""),
        ("Which papers use reinforcement learning?", ""),
        ("Compare Kepler and MLGO.", ""),
        ("Which papers since 2024 are about recommendation?", ""),
        ("hello", ""),
        (SPEEDUP, f"{SENTENCE} [1]. It sorts \x1b[31mbananas [9]."),
        (SPEEDUP, "Bananas are yellow [1]."),
    ],
    ids=["refused", "fact", "list", "compare", "filter", "small talk", "a model", "a model's fallback"],
)
def test_an_answer_is_replayed_byte_for_byte_whatever_became_of_the_library(
    own_sample: Path, capfdbinary: pytest.CaptureFixture[bytes], question: str, reply: str
) -> None:
    def run(*arguments: str) -> bytes:
        main([*arguments, "--store", str(own_sample)])
        return capfdbinary.readouterr().out

    with ScriptedServer(answer_reply(reply)) as server:
        printed = run("ask", question, "--llm", f"{server.url}#m" if reply else "none")
    saved = json.loads(run("answers", "list", "--json").splitlines()[0])["answer_id"]
    assert printed
    assert run("answers", "replay", saved) == printed
    cited = [paper["key"] for paper in json.loads(run("answers", "show", saved, "--json"))["retrieved"]]
    run("remove", *cited[:3], "--yes") if cited else None
    assert run("answers", "replay", saved[:8]) == printed


@pytest.fixture(scope="module")
def sample_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sample library in which nothing was asked yet."""
    folder: Path = tmp_path_factory.mktemp("kept") / "store"
    with Assistant(Settings(store=folder, llm="none")) as opened:
        opened.ingest([], sample=True)
    return folder


@pytest.mark.parametrize(
    ("kind", "question", "command", "key"),
    [
        ("stance", "FP8 improves model quality", ["FP8 improves model quality"], "luo2026loka"),
        ("comparison", "luo2026loka tran2017deep", ["luo2026loka", "tran2017deep"], "tran2017deep"),
        ("summary", "games", ["games", "--filter", "year:2018.."], "chen2018q"),
        ("summary", "games", ["games", "--only", "table"], "chen2018q"),
    ],
)
def test_whatever_was_asked_for_is_kept_replayed_and_explained(
    sample_store: Path,
    capsys: pytest.CaptureFixture[str],
    kind: str,
    question: str,
    command: list[str],
    key: str,
) -> None:
    names = {"comparison": "compare", "summary": "summarize"}

    def run(*arguments: str) -> str:
        assert main(["--store", str(sample_store), *arguments]) == 0
        return capsys.readouterr().out

    printed = run(names.get(kind, kind), *command)
    last = json.loads(run("answers", "list", "-n", "1", "--json"))
    assert (last["kind"], last["question"]) == (kind, question)
    assert kind in run("answers", "list", "-n", "1")
    assert run("answers", "replay", last["answer_id"]) == printed
    shown = json.loads(run("answers", "show", last["answer_id"], "--json"))
    assert (shown["answer_id"], shown["kind"], shown["removed"]) == (last["answer_id"], kind, [])
    assert printed in run("answers", "show", last["answer_id"])
    why = json.loads(run("answers", "why", last["answer_id"], key, "--json"))
    assert why["key"] == key
    assert why["quotes"]
    assert key in run("export", "--answer", last["answer_id"])


def test_a_result_that_is_too_large_is_not_kept_and_that_is_said(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.history.KEPT", 100)
    report = assistant.stance("FP8 improves model quality")
    assert assistant.remember(Kind.STANCE, report.claim, report) is None
    assert assistant.notices.pop().startswith("not kept among the answers: ")


def test_quotes_that_no_longer_stand_are_named_whatever_cites_them(assistant: Assistant) -> None:
    report = assistant.stance("FP8 improves model quality")
    name = assistant.remember(Kind.STANCE, report.claim, report)
    saved = json.loads(assistant.library.journal.answer(str(name)))
    paper = assistant.get("luo2026loka")
    assert outdated(saved, assistant.find) == ([], [])
    assert outdated(saved, lambda _: replace(paper, abstract="Another.")) == ([], ["luo2026loka"])
    assert outdated(saved, lambda _: None) == (["luo2026loka"], [])
