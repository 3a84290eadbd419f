from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from assistant import __version__
from assistant.cli import main
from assistant.cli.batch import read_questions
from assistant.errors import SourceError
from assistant.settings import setting_fields

HSTU = "How much faster is HSTU than FlashAttention2-based Transformers on long sequences?"


@dataclass(frozen=True)
class Outcome:
    code: int
    out: str
    err: str

    @property
    def objects(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]


class Runner:
    """Runs commands in this process and returns what they wrote."""

    def __init__(self, capsys: pytest.CaptureFixture[str], store: Path | None = None) -> None:
        self._capsys = capsys
        self._store = store

    def __call__(self, *arguments: str | Path) -> Outcome:
        where = ["--store", str(self._store)] if self._store else []
        code = main([*where, *map(str, arguments)])
        captured = self._capsys.readouterr()
        return Outcome(code, captured.out, captured.err)

    def fails(self, *arguments: str | Path, code: int) -> str:
        """Run a command that must fail with `code`, an empty stdout and one line; return the line."""
        outcome = self(*arguments)
        assert (outcome.code, outcome.out) == (code, ""), outcome
        assert outcome.err.count("\n") == 1, outcome.err
        assert outcome.err.startswith("error: ")
        return outcome.err.removeprefix("error: ").strip()


@pytest.fixture
def bare(capsys: pytest.CaptureFixture[str], store: Path) -> Runner:
    """Commands on a store that does not exist yet."""
    return Runner(capsys, store)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], sample_store: Path) -> Runner:
    """Commands on the sample library, which they must not change."""
    return Runner(capsys, sample_store)


@pytest.fixture
def own(capsys: pytest.CaptureFixture[str], own_sample: Path) -> Runner:
    """Commands on a copy of the sample library."""
    return Runner(capsys, own_sample)


class TestShellCompletion:
    @pytest.mark.parametrize(
        ("environment", "offered"),
        [
            ({"_ASSISTANT_COMPLETE": "complete_bash", "COMP_WORDS": "assistant su", "COMP_CWORD": "1"}, "summarize"),
            ({"_ASSISTANT_COMPLETE": "complete_zsh", "_TYPER_COMPLETE_ARGS": "assistant su"}, "summarize"),
            (
                {
                    "_ASSISTANT_COMPLETE": "complete_fish",
                    "_TYPER_COMPLETE_ARGS": "assistant ask --fil",
                    "_TYPER_COMPLETE_FISH_ACTION": "get-args",
                },
                "--filter",
            ),
        ],
    )
    def test_bash_zsh_and_fish_are_answered(
        self,
        capsys: pytest.CaptureFixture[str],
        monkeypatch: pytest.MonkeyPatch,
        environment: dict[str, str],
        offered: str,
    ) -> None:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        with pytest.raises(SystemExit, match="0"):
            main([])
        assert offered in capsys.readouterr().out

    @pytest.mark.parametrize(
        ("words", "offered"),
        [
            ("assistant --store {} show naumov", "naumov2019deep"),
            ("assistant export --store {} naumov2019deep cass", "cassirer2021reverb"),
            ("assistant show --store {}-gone naumov", ""),
        ],
    )
    def test_keys_come_from_the_library(
        self,
        capsys: pytest.CaptureFixture[str],
        monkeypatch: pytest.MonkeyPatch,
        sample_store: Path,
        words: str,
        offered: str,
    ) -> None:
        typed = words.format(sample_store)
        monkeypatch.setenv("_ASSISTANT_COMPLETE", "complete_bash")
        monkeypatch.setenv("COMP_WORDS", typed)
        monkeypatch.setenv("COMP_CWORD", str(len(typed.split()) - 1))
        with pytest.raises(SystemExit, match="0"):
            main([])
        assert capsys.readouterr().out.split() == offered.split()


class TestHelp:
    @pytest.mark.parametrize(
        "command",
        ["", "ingest", "ask", "search", "summarize", "papers", "show", "remove", "export", "chat", "library status"],
    )
    def test_every_command_explains_itself(self, capsys: pytest.CaptureFixture[str], command: str) -> None:
        outcome = Runner(capsys)(*command.split(), "--help")
        assert outcome.code == 0
        assert outcome.out.startswith(f"Usage: assistant {command}".rstrip())
        assert "--store DIR" in outcome.out

    def test_version(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert Runner(capsys)("--version").out == f"assistant {__version__}\n"

    @pytest.mark.parametrize(
        ("shell", "more"),
        [
            ("bash", {"COMP_WORDS": "assistant summ", "COMP_CWORD": "1"}),
            ("zsh", {"_TYPER_COMPLETE_ARGS": "assistant summ"}),
            ("fish", {"_TYPER_COMPLETE_ARGS": "assistant summ", "_TYPER_COMPLETE_FISH_ACTION": "get-args"}),
        ],
    )
    def test_shells_complete_commands(self, shell: str, more: dict[str, str]) -> None:
        environment = {**os.environ, "_ASSISTANT_COMPLETE": f"complete_{shell}", **more}
        done = subprocess.run(
            [sys.executable, "-m", "assistant"], env=environment, capture_output=True, text=True, check=False
        )
        assert "summarize" in done.stdout

    def test_help_loads_nothing_heavy(self) -> None:
        code = (
            "import sys; from assistant.cli import main; main(['ask', '--help']);"
            "print(sorted({'numpy', 'chromadb', 'llama_index', 'openai', 'rich', 'onnxruntime'} & set(sys.modules)))"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        assert done.stdout.splitlines()[-1] == "[]"


class TestUsage:
    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            (["asks"], "no such command 'asks'. Did you mean 'ask'? (see assistant --help)"),
            (["ask", "q", "--top-k", "0"], "--top-k"),
            (["ask", "q", "-k", "many"], "valid int"),
            (["ask", "q", "--nope"], "no such option"),
            (["ask", "q", "--filter", "foo:bar"], "unknown filter field 'foo'"),
            (["search", "q", "--filter", "year:soon"], "cannot read the year 'soon'"),
            (["papers", "--filter", "loose words"], "unknown filter term"),
            (["summarize", "x", "--scope", "some"], "--scope cannot be 'some'"),
            (["summarize", "x", "--out", "report.doc"], "cannot write a summary as '.doc'"),
            (["ask"], "QUESTION is missing"),
            (["ask", "  "], "QUESTION is empty"),
            (["ask", "q", "--questions", "q.jsonl", "--out", "a.jsonl"], "--questions and --out go together"),
            (["ask", "--questions", "q.jsonl"], "--questions and --out go together"),
            (["ingest"], "nothing to ingest (name a file or a folder, or say --sample)"),
            (["ask", "q", "--timeout", "0"], "--timeout"),
            (["export", "--format", "word"], "unknown export format 'word'"),
            (["remove", "zhai2024actions"], "needs a yes (say --yes)"),
            (["papers", "--sort", "size"], "unknown order 'size' (papers can be sorted by added, key, year,"),
        ],
    )
    def test_one_line_and_exit_code_2(self, run: Runner, arguments: list[str], words: str) -> None:
        assert words in run.fails(*arguments, code=2)

    def test_a_bad_configuration_is_a_usage_error(self, run: Runner, tmp_path: Path) -> None:
        config = tmp_path / "c.toml"
        config.write_text("tpo_k = 3")
        assert "did you mean 'top_k'?" in run.fails("papers", "--config", config, code=2)

    def test_global_flags_stand_before_or_after_the_command(self, sample_store: Path, run: Runner, store: Path) -> None:
        assert run("--store", store, "papers", "--store", sample_store).code == 0
        assert "--store" in run("papers", "--help").out


class TestBadInput:
    def refused(self, bare: Runner, store: Path, *arguments: str | Path) -> str:
        message = bare.fails(*arguments, code=1)
        assert not store.exists(), "nothing may be written"
        return message

    def test_missing_file(self, bare: Runner, store: Path, tmp_path: Path) -> None:
        assert "none.bib" in self.refused(bare, store, "ingest", tmp_path / "none.bib")

    def test_empty_file(self, bare: Runner, store: Path, tmp_path: Path) -> None:
        path = tmp_path / "empty.jsonl"
        path.touch()
        assert "empty.jsonl" in self.refused(bare, store, "ingest", path)

    def test_binary_file(self, bare: Runner, store: Path, tmp_path: Path) -> None:
        path = tmp_path / "paper.pdf"
        path.write_bytes(b"%PDF-1.7\n" + bytes(range(256)) * 64)
        assert "paper.pdf" in self.refused(bare, store, "ingest", path)

    def test_folder_without_anything_readable(self, bare: Runner, store: Path, tmp_path: Path) -> None:
        folder = tmp_path / "pictures"
        folder.mkdir()
        (folder / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
        assert "pictures" in self.refused(bare, store, "ingest", folder)

    def test_unknown_format(self, bare: Runner, store: Path, tmp_path: Path) -> None:
        path = tmp_path / "a.bib"
        path.write_text("@article{a, title={T}}")
        outcome = bare("ingest", path, "--format", "word")
        assert outcome.code in (1, 2)
        assert outcome.out == ""
        assert "word" in outcome.err
        assert not store.exists()

    def test_one_endless_line(self, bare: Runner, store: Path, tmp_path: Path) -> None:
        path = tmp_path / "long.jsonl"
        path.write_bytes(b'{"_id": "1", "title": "T", "text": "' + b"word " * 40_000_000 + b'"}\n')
        assert "long.jsonl" in self.refused(bare, store, "ingest", path)

    @pytest.mark.parametrize("command", [["ingest", "--sample"], ["ask", "q"], ["papers"], ["chat", "--plain"]])
    def test_a_store_that_is_a_file(self, bare: Runner, store: Path, command: list[str]) -> None:
        store.write_text("precious")
        message = bare.fails(*command, code=1)
        assert str(store) in message
        assert store.read_text() == "precious"

    @pytest.mark.parametrize("command", [["ask", "q"], ["search", "q"], ["papers"], ["summarize", "q"], ["chat"]])
    def test_no_library_yet(self, bare: Runner, store: Path, command: list[str]) -> None:
        assert "assistant ingest" in self.refused(bare, store, *command)

    @pytest.mark.parametrize("command", ["show", "remove --yes", "export", "compare"])
    def test_unknown_key(self, run: Runner, command: str) -> None:
        name, *flags = command.split()
        assert "no paper has the key 'nobody1999'" in run.fails(name, "nobody1999", *flags, code=1)
        assert "did you mean 'naumov2019deep'?" in run.fails(name, "naumov2019dep", *flags, code=1)

    def test_a_dry_run_writes_nothing(self, bare: Runner, store: Path) -> None:
        outcome = bare("ingest", "--sample", "--dry-run", "--json")
        assert outcome.code == 0
        assert outcome.objects[0]["new"] == 57
        assert not store.exists()


class TestErrors:
    def test_an_unexpected_error_is_one_line(self, run: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
        def broken(*_: object) -> None:
            raise KeyError("x")

        monkeypatch.setattr("assistant.app.Assistant.papers", broken)
        assert run.fails("papers", code=1) == "unexpected KeyError: 'x' (this is a bug; --debug shows where)"
        assert "Traceback" in run("papers", "--debug").err

    def test_an_interrupt_is_130(self, run: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
        def interrupted(*_: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr("assistant.app.Assistant.papers", interrupted)
        assert run("papers").code == 130

    def test_a_reader_that_leaves_early_is_no_error(self, sample_store: Path) -> None:
        script = f"{sys.executable} -m assistant --store {sample_store} export | head -c 10"
        done = subprocess.run(["bash", "-o", "pipefail", "-c", script], capture_output=True, text=True)
        assert (done.returncode, done.stderr, len(done.stdout)) == (0, "", 10)


class TestPapers:
    def test_ingest_twice(self, bare: Runner, tmp_path: Path) -> None:
        path = tmp_path / "two.jsonl"
        path.write_text(
            '{"_id": "1", "title": "Sparse attention", "text": "We skip most pairs.", "metadata": {"year": 2021}}\n'
            '{"_id": "2", "title": "Broken"\n'
            '{"_id": "3", "title": "Dense retrieval", "text": "Vectors find papers.", "metadata": {}}\n'
        )
        first = bare("ingest", path, "--json").objects[0]
        assert (first["read"], first["new"], first["rejected"], first["papers"]) == (3, 2, 1, 2)
        assert first["rejections"][0]["line"] == 2
        second = bare("ingest", path, "--json").objects[0]
        assert (second["same"], second["embedded"], second["new"]) == (2, 0, 0)
        shown = bare("ingest", path).out
        assert "read 3 records" in shown
        assert "two.jsonl:2" in shown

    def test_every_rejection_goes_into_a_file_on_request(self, bare: Runner, store: Path, tmp_path: Path) -> None:
        path, log = tmp_path / "many.jsonl", tmp_path / "rejections.jsonl"
        path.write_text('{"_id": "1", "title": "Sparse attention", "text": "It skips."}\n' + '{"_id": "x"\n' * 9)
        shown = bare("ingest", path, "--dry-run", "--rejections", log)
        assert shown.out.count("many.jsonl:") == 5
        lines = [json.loads(line) for line in log.read_text().splitlines()]
        assert [(line["file"], line["line"]) for line in lines] == [(str(path), number) for number in range(2, 11)]
        assert lines == bare("ingest", path, "--json", "--dry-run").objects[0]["rejections"]
        path.write_text('{"_id": "x"\n')
        assert "nothing readable" in bare.fails("ingest", path, "--rejections", log, code=1)
        assert len(log.read_text().splitlines()) == 1, "also where nothing can be read"
        assert "cannot write" in bare.fails("ingest", path, "--rejections", tmp_path / "no" / "file", code=1)
        assert not store.exists()

    def test_what_was_kept_but_is_odd_is_counted(self, bare: Runner, tmp_path: Path) -> None:
        path = tmp_path / "open.ris"
        path.write_text("TY  - JOUR\nTI  - First\nAU  - Lee, Ann\n\nTY  - JOUR\nTI  - Second\nAB  - Text.\nER  - \n")
        report = bare("ingest", path, "--json").objects[0]
        assert report["warnings"] == [
            {"reason": "the record has no ER line; it was kept", "file": str(path), "line": 1, "count": 1}
        ]
        with path.open("a") as file:
            file.write("TY  - JOUR\nAB  - A text without a title.\nAU  - Roe, Max\nAU  - et al.\nER  - \n")
        again = bare("ingest", path).out
        assert "1 kept: the title was made from the abstract's first words (" in again
        assert "1 kept: the list of authors is incomplete (" in again
        assert "ER line" not in again, "what was known before is not told again"

    def test_papers_and_filter(self, run: Runner) -> None:
        assert len(run("papers").out.splitlines()) == 57
        recent = run("papers", "--filter", "year:2024..", "--json").objects
        assert recent
        assert all(paper["year"] >= 2024 for paper in recent)

    def test_show(self, run: Runner) -> None:
        paper = run("show", "zhai2024actions", "--json").objects[0]
        assert paper["key"] == "zhai2024actions"
        shown = run("show", "zhai2024actions").out
        assert "summary, not the authors' abstract" in shown
        assert paper["abstract"] in shown

    def test_show_names_where_a_paper_is_from_and_its_neighbours(self, run: Runner) -> None:
        paper = run("show", "naumov2019deep", "--json").objects[0]
        near = [neighbour["key"] for neighbour in paper["neighbours"]]
        assert len(near) == 5
        assert "zhai2024actions" in near
        assert "naumov2019deep" not in near
        scores = [neighbour["score"] for neighbour in paper["neighbours"]]
        assert scores == sorted(scores, reverse=True)
        shown = run("show", "naumov2019deep").out
        (origin,) = paper["provenance"]
        assert f"library.jsonl:{origin['line']} (jsonl, {origin['time'][:10]}" in shown
        assert f"{scores[0]:.2f}  {near[0]}" in shown

    def test_show_computes_no_vector(self, sample_store: Path) -> None:
        code = (
            "import sys; from assistant.cli import main;"
            f"main(['show', 'naumov2019deep', '--store', '{sample_store}']);"
            "print(sorted({'chromadb', 'llama_index', 'openai', 'onnxruntime', 'tokenizers'} & set(sys.modules)))"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        assert done.stdout.splitlines()[-1] == "[]"

    def test_a_page_of_the_list_says_how_to_get_the_next(self, run: Runner) -> None:
        page = run("papers", "--sort", "title", "--limit", "3", "--json")
        titles = [paper["title"] for paper in page.objects]
        assert len(titles) == 3
        assert titles == sorted(titles, key=str.casefold)
        assert "papers 1 to 3 of 57; the next ones: --offset 3" in page.err
        last = run("papers", "--limit", "10", "--offset", "50", "--reverse")
        assert len(last.out.splitlines()) == 7
        assert "papers 51 to 57 of 57\n" in last.err
        assert run("papers", "--limit", "3", "--quiet").err == ""
        assert run("papers", "--offset", "99").err == "note: only 57 papers\n"

    def test_export_goes_to_stdout_or_to_a_file(self, run: Runner, tmp_path: Path) -> None:
        out = tmp_path / "all.bib"
        text = run("export", "zhai2024actions").out
        assert text.startswith("@")
        assert run("export", "zhai2024actions", "--out", out).out == ""
        assert out.read_text() == text
        assert len(run("export", "--format", "jsonl").objects) == 57
        assert "cannot write" in run.fails("export", "--out", tmp_path / "no" / "folder.bib", code=1)

    def test_remove(self, own: Runner) -> None:
        assert own("remove", "zhai2024actions", "--yes").out == "removed zhai2024actions\n"
        assert "no paper has the key" in own.fails("show", "zhai2024actions", code=1)
        assert own("library", "status", "--json").objects[0]["papers"] == 56

    def test_a_removed_paper_is_nowhere_and_old_answers_say_so(self, own: Runner) -> None:
        answer = own("ask", HSTU, "--json").objects[0]
        name, keys = answer["answer_id"], [reference["key"] for reference in answer["references"]]
        own("remove", keys[0], "--yes")
        assert keys[0] not in own("papers").out
        assert all(hit["key"] != keys[0] for hit in own("search", HSTU, "--json").objects)
        again = own("ask", HSTU, "--json").objects[0]
        assert keys[0] not in [entry["key"] for entry in (*again["retrieved"], *again["references"])]
        shown = own("answers", "show", name, "--json")
        assert (shown.objects[0]["removed"], shown.objects[0]["changed"]) == ([keys[0]], [])
        gone = f"note: {keys[0]} was removed from the library since: it can no longer be cited\n"
        assert [own("answers", command, name).err for command in ("show", "replay")] == [gone, gone]
        assert own("answers", "why", name, keys[0]).err == gone
        exported = own("export", "--answer", name, "--format", "jsonl")
        assert [paper["key"] for paper in exported.objects] == keys[1:]
        assert keys[0] in exported.err

    def test_status(self, run: Runner, sample_store: Path) -> None:
        state = run("library", "status", "--json").objects[0]
        assert (state["store"], state["papers"], state["indexes_current"]) == (str(sample_store), 57, True)
        assert "papers          57" in run("library", "status").out


class TestUpkeep:
    def test_a_sound_library(self, run: Runner) -> None:
        assert "is sound" in run("library", "doctor").out
        assert run("library", "doctor", "--json").out == ""

    def test_a_lost_index_is_found_and_mended(self, own: Runner, own_sample: Path) -> None:
        shutil.rmtree(own_sample / "lexical")
        assert "assistant library reindex" in own.fails("library", "doctor", code=1)
        assert own("library", "doctor", "--json").objects[0]["code"] == "index_behind"
        repaired = own("library", "doctor", "--repair")
        assert "is sound" in repaired.out
        assert "built anew" in repaired.err
        assert "are new" in own("library", "reindex", "--quiet").out

    def test_backup_and_restore(self, own: Runner, tmp_path: Path) -> None:
        file = tmp_path / "backup.sqlite3"
        assert own("library", "backup", file).code == 0
        assert "exists already" in own.fails("library", "backup", file, code=1)
        own("remove", "zhai2024actions", "--yes")
        assert "57 papers" in own("library", "restore", file).out
        assert own("show", "zhai2024actions").code == 0
        assert "there is no file" in own.fails("library", "restore", tmp_path / "none", code=1)


class TestQuestions:
    def test_ask_shows_the_sentence_and_its_paper(self, own: Runner) -> None:
        outcome = own("ask", HSTU, "--llm", "none")
        assert outcome.code == 0
        assert "5.3x to 15.2x" in outcome.out
        assert "[1] Zhai et al. (2024). Actions Speak Louder than Words" in outcome.out
        assert "summary, not the authors' abstract" in outcome.out
        assert "\x1b" not in outcome.out
        assert outcome.err == ""

    def test_ask_json_has_the_fields_of_the_contract(self, own: Runner) -> None:
        answer = own("ask", HSTU, "--json").objects[0]
        fields = "answer_id question standalone_question status mode intent filters model fallback reason lead claims "
        fields += "references retrieved warnings usage timing"
        assert set(fields.split()) <= set(answer)
        citation = answer["claims"][0]["citations"][0]
        paper = own("show", citation["key"], "--json").objects[0]
        assert paper["abstract"][citation["start"] : citation["end"]] == citation["quote"]

    def test_a_refusal_is_exit_code_3(self, own: Runner) -> None:
        outcome = own("ask", "What is the capital of France?")
        assert outcome.code == 3
        assert "No answer: " in outcome.out
        assert "Nearest papers" in outcome.out

    @pytest.mark.parametrize("command", ["stance", "summarize", "ask", "search"])
    def test_an_argument_that_is_not_utf8(self, own: Runner, command: str) -> None:
        outcome = own(command, "recommendation \udcff models")
        assert outcome.code in (0, 3)
        assert "error" not in outcome.err

    def test_a_question_from_stdin(self, own: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
        import io

        monkeypatch.setattr("sys.stdin", io.StringIO(f"{HSTU}\n"))
        assert own("ask", "-", "--json").objects[0]["question"] == HSTU

    def test_answers_are_kept(self, own: Runner) -> None:
        answer = own("ask", HSTU, "--json").objects[0]
        assert own("answers", "list", "--json").objects[0]["answer_id"] == answer["answer_id"]
        assert own("answers", "show", answer["answer_id"], "--json").objects[0]["claims"] == answer["claims"]
        assert "5.3x to 15.2x" in own("answers", "show", answer["answer_id"]).out
        exported = own("export", "--answer", answer["answer_id"], "--format", "jsonl").objects
        assert [paper["key"] for paper in exported] == [reference["key"] for reference in answer["references"]]

    def test_going_on_with_the_last_session(self, own: Runner) -> None:
        own("ask", "How much faster than Stan is Edward?")
        answer = own("ask", "-c", "Which framework is it integrated into?", "--json").objects[0]
        assert answer["standalone_question"] == "Which framework is Edward integrated into?"
        answer = own("ask", "-c", "and than PyMC3?", "--json").objects[0]
        assert "Edward" in answer["standalone_question"]
        own("ask", HSTU)
        assert own("ask", "-c", "[1]", "--json").objects[0]["references"][0]["key"] == "zhai2024actions"

    def test_nothing_to_go_on_with(self, own: Runner) -> None:
        assert "there is no session to continue" in own.fails("ask", "-c", "and then?", code=1)

    def test_search(self, run: Runner) -> None:
        hits = run("search", "speedup of long sequence recommenders", "-k", "3", "--json").objects
        assert [hit["rank"] for hit in hits] == [1, 2, 3]
        assert list(hits[0]) == ["rank", "key", "source_id", "score", "title", "year", "best_sentence"]
        assert run("search", "q", "--filter", "year:1800").out == ""

    def test_a_diverse_search_begins_alike_and_goes_on_otherwise(self, run: Runner) -> None:
        plain, diverse = (run("search", "recommendation", "--json", *more).objects for more in ((), ("--diverse",)))
        assert plain[0]["key"] == diverse[0]["key"]
        assert [hit["key"] for hit in plain] != [hit["key"] for hit in diverse]

    def test_filters_in_plain_words_are_shown_and_can_be_turned_off(self, own: Runner) -> None:
        outcome = own("ask", "Which papers since 2024 are about recommendation?")
        assert "filter: year:2024.." in outcome.out
        assert "--no-infer" in outcome.err
        assert "filter:" not in own("ask", "Which papers since 2024 are about recommendation?", "--no-infer").out

    def test_words_that_are_not_utf8(self, run: Runner) -> None:
        assert run("search", "caf\udce9 recommender").code == 0


class TestBatch:
    @pytest.fixture
    def questions(self, tmp_path: Path) -> Path:
        path = tmp_path / "q.jsonl"
        lines = [
            {"_id": "a", "text": HSTU},
            {"_id": "b", "text": "What is the capital of France?"},
            {"_id": "c", "text": "What is DLRM?", "filter": "year:2019"},
        ]
        path.write_text("".join(json.dumps(line) + "\n" for line in lines))
        return path

    def test_answers_in_input_order(self, own: Runner, questions: Path, tmp_path: Path) -> None:
        out = tmp_path / "a.jsonl"
        outcome = own("ask", "--questions", questions, "--out", out)
        assert (outcome.code, outcome.out) == (0, "")
        answers = [json.loads(line) for line in out.read_text().splitlines()]
        assert [(next(iter(a.items())), a["status"]) for a in answers] == [
            (("_id", "a"), "answered"),
            (("_id", "b"), "refused"),
            (("_id", "c"), "answered"),
        ]
        assert answers[2]["filters"] == "year:2019"

    def test_a_second_run_continues(self, own: Runner, questions: Path, tmp_path: Path) -> None:
        out = tmp_path / "a.jsonl"
        own("ask", "--questions", questions, "--out", out)
        before = out.read_text()
        lines = before.splitlines(keepends=True)
        out.write_text(lines[0] + lines[1][:40])
        own("ask", "--questions", questions, "--out", out)
        after = out.read_text().splitlines(keepends=True)
        assert after[0] == lines[0]
        assert [json.loads(line)["_id"] for line in after] == ["a", "b", "c"]

    def test_a_question_put_in_between_is_answered_in_its_place(
        self, own: Runner, questions: Path, tmp_path: Path
    ) -> None:
        out = tmp_path / "a.jsonl"
        own("ask", "--questions", questions, "--out", out)
        questions.write_text('{"_id": "z", "text": "What is NASRec?"}\n' + questions.read_text())
        own("ask", "--questions", questions, "--out", out)
        assert [json.loads(line)["_id"] for line in out.read_text().splitlines()] == ["z", "a", "b", "c"]

    def test_changed_text_under_an_old_id_is_refused(self, own: Runner, questions: Path, tmp_path: Path) -> None:
        out = tmp_path / "a.jsonl"
        own("ask", "--questions", questions, "--out", out)
        before = out.read_text()
        questions.write_text('{"_id": "a", "text": "Something else?"}\n')
        assert "under the _id 'a'" in own.fails("ask", "--questions", questions, "--out", out, code=1)
        assert out.read_text() == before

    def test_a_failed_question_is_said_and_is_exit_code_1(self, own: Runner, tmp_path: Path) -> None:
        questions, out = tmp_path / "q.jsonl", tmp_path / "a.jsonl"
        questions.write_text('{"_id": 1, "text": "What is DLRM?", "filter": "colour:red"}\n{"_id": 2, "text": " "}\n')
        assert own("ask", "--questions", questions, "--out", out).code == 1
        first, second = (json.loads(line) for line in out.read_text().splitlines())
        assert first == {"_id": "1", "status": "failed", "reason": first["reason"]}
        assert "unknown filter field 'colour'" in first["reason"]
        assert second["reason"] == "the question is empty"

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("", "there are no questions"),
            ("not json\n", "q.jsonl:1 is not a question"),
            ('{"_id": "1"}\n', "q.jsonl:1 is not a question"),
            ('{"_id": "1", "text": "a"}\n{"_id": "1", "text": "b"}\n', "stands twice"),
            ('{"_id": "1", "text": 5}\n', "q.jsonl:1 is not a question"),
            ("[1]\n", "q.jsonl:1 is not a question"),
        ],
    )
    def test_files_that_hold_no_questions(self, tmp_path: Path, text: str, words: str) -> None:
        path = tmp_path / "q.jsonl"
        path.write_text(text)
        with pytest.raises(SourceError, match=words):
            read_questions(path)

    def test_a_run_of_rankings(self, run: Runner, questions: Path, tmp_path: Path) -> None:
        out = tmp_path / "run.trec"
        assert run("search", "--queries", questions, "--run", out, "-k", "5").code == 0
        rows = [line.split() for line in out.read_text().splitlines()]
        assert {len(row) for row in rows} == {6}
        assert [row[3] for row in rows if row[0] == "a"] == ["1", "2", "3", "4", "5"]
        assert all(row[2].startswith("sample:") for row in rows)
        assert {row[0] for row in rows} == {"a", "b", "c"}


class TestSummarize:
    def test_an_overview_on_screen_and_in_a_file(self, run: Runner, tmp_path: Path) -> None:
        shown = run("summarize", "probabilistic programming")
        assert shown.code == 0
        assert "papers in scope" in shown.out
        out = tmp_path / "s.json"
        assert run("summarize", "probabilistic programming", "--out", out).out == ""
        assert json.loads(out.read_text())["topic"] == "probabilistic programming"

    def test_an_empty_scope_is_exit_code_3(self, run: Runner) -> None:
        assert run("summarize", "medieval church music", "--filter", "year:1800").code == 3


class TestConfig:
    def test_every_setting_is_shown_with_its_origin_and_no_secret(
        self, bare: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        config = tmp_path / "c.toml"
        config.write_text('embedder = "http://user:hidden-word@localhost:1/v1#m"\nplain = true\n')
        monkeypatch.setenv("ASSISTANT_API_KEY", "sk-hidden-word")
        shown = bare("--config", config, "config", "--json")
        settings = {row["name"]: row for row in shown.objects}
        assert settings.keys() == setting_fields().keys()
        assert settings["api_key"] == {"name": "api_key", "value": "(hidden)", "origin": "the environment"}
        assert settings["plain"] == {"name": "plain", "value": True, "origin": str(config)}
        assert settings["store"]["origin"] == "the command line"
        assert settings["budget"] == {"name": "budget", "value": None, "origin": "default"}
        plain = bare("--config", config, "config")
        assert "hidden-word" not in shown.out + plain.out
        assert len(plain.out.splitlines()) == len(settings)

    def test_a_bad_configuration_is_refused(self, bare: Runner, tmp_path: Path) -> None:
        config = tmp_path / "c.toml"
        config.write_text("stroe = 'x'\n")
        assert "did you mean 'store'" in bare.fails("--config", config, "config", code=2)
