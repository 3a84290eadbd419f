from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document

from assistant.answers import Answer, Citation, Claim, Reference, Support
from assistant.errors import AssistantError, UnknownKeyError, UsageError
from assistant.papers import Paper
from assistant.repl.browser import address, has_browser, open_in_browser
from assistant.repl.chat import Chat, Opening
from assistant.repl.line import ChatCompleter
from assistant.repl.pasted import is_abstract, keep_pasted
from assistant.repl.pipe import chat_in_pipe
from assistant.repl.registry import COMMANDS, find_command, split_command
from assistant.repl.transcript import transcript
from assistant.repl.turns import turn_lines, turn_object
from assistant.settings import Settings, state_dir
from tests.fakes import ScriptedServer, answer_reply, remember_without_schema


@pytest.fixture
def chat(own_sample: Path) -> Iterator[Chat]:
    opened = Chat(Settings(store=own_sample, llm="none"))
    yield opened
    opened.close()


def output(chat: Chat, *lines: str) -> str:
    """Return what is shown for the last of `lines`."""
    for line in lines[:-1]:
        list(turn_lines(chat, line))
    return "\n".join(line.plain for line in turn_lines(chat, lines[-1]))


class TestRegistry:
    @pytest.mark.parametrize(
        ("text", "parts"),
        [
            ("/show 1", ("show", "1")),
            ("/help", ("help", "")),
            ("/", ("", "")),
            ("/usr/share/papers", None),
            ("/2 of the papers", None),
            ("what is a/b testing", None),
        ],
    )
    def test_what_is_a_command(self, text: str, parts: tuple[str, str] | None) -> None:
        assert split_command(text) == parts

    def test_a_beginning_is_enough_where_it_is_the_only_one(self) -> None:
        assert find_command("sim").name == "similar"
        assert find_command("quit").name == "quit"

    @pytest.mark.parametrize(
        ("name", "hint"),
        [("shwo", "did you mean /show?"), ("se", "/search or /sessions"), ("xyzzy", "/help lists all")],
    )
    def test_an_unknown_command_names_the_nearest(self, name: str, hint: str) -> None:
        with pytest.raises(UsageError) as caught:
            find_command(name)
        assert hint in str(caught.value)

    def test_every_command_has_help_that_fits_a_line(self) -> None:
        for known in COMMANDS.values():
            assert known.help.endswith(".")
            assert len(known.help) < 90


class TestCommands:
    def test_sources_marks_the_quoted_sentence(self, chat: Chat) -> None:
        shown = output(chat, "In which frameworks is DLRM implemented?", "/sources")
        assert shown.startswith("  [1] Naumov et al. (2019).")
        assert "»DLRM is implemented in both the PyTorch and the Caffe2 framework.«" in shown

    def test_show_takes_a_number_or_a_key(self, chat: Chat) -> None:
        assert (
            output(chat, "What is DLRM?", "/show 1")
            == output(chat, "/show naumov2019deep")
            == output(chat, "/show [1]")
        )

    def test_open_prints_an_address_off_a_terminal(self, chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("BROWSER", "false")
        assert output(chat, "/open naumov2019deep") == "https://arxiv.org/abs/1906.00091"

    def test_a_mistyped_key_names_the_nearest(self, chat: Chat) -> None:
        with pytest.raises(UnknownKeyError, match="did you mean 'naumov2019deep'"):
            output(chat, "/show naumov2019dep")

    def test_verify_checks_every_sentence_again(self, chat: Chat) -> None:
        shown = output(chat, "Which papers study Multiplayer Online Battle Arena games?", "/verify")
        claims = chat.last_answer().claims
        assert shown.count("verified: the paper's own words") == len(claims)
        assert shown.endswith(
            f"{len(claims)} sentences checked against the library as it is now: {len(claims)} verified"
        )
        assert "1 sentence checked" in output(chat, "/verify 1")

    def test_verify_chooses_who_checks(self, chat: Chat) -> None:
        with pytest.raises(UsageError, match="there is no model to ask"):
            output(chat, "/verify llm")
        good = answer_reply("DLRM is implemented in both the PyTorch and the Caffe2 framework [1]. ")
        with ScriptedServer(good, answer_reply("1: partly"), good) as server:
            remember_without_schema(state_dir(), f"{server.url}#scripted")
            output(chat, f"/llm {server.url}#scripted", "/verify llm", "In which frameworks is DLRM implemented?")
            assert "only part of it" in chat.last_answer().claims[0].verdict_reason
            output(chat, "/verify rules", "/retry")
            assert chat.last_answer().claims[0].support is Support.VERIFIED

    def test_verify_says_what_no_longer_stands(self, chat: Chat) -> None:
        output(chat, "In which frameworks is DLRM implemented?")
        chat.assistant.remove(["naumov2019deep"])
        shown = output(chat, "/verify")
        assert "unsupported (was verified): naumov2019deep is no longer in the library" in shown
        assert shown.endswith("checked against the library as it is now: 2 unsupported")

    def test_cite(self, chat: Chat) -> None:
        assert output(chat, "/cite naumov2019deep").startswith("Naumov et al. (2019). Deep Learning")
        assert output(chat, "/cite naumov2019deep bibtex").startswith("@misc{naumov2019deep,")

    def test_similar_leaves_the_paper_itself_out(self, chat: Chat) -> None:
        shown = output(chat, "/similar naumov2019deep")
        title, *nearest = shown.splitlines()
        assert title.startswith("nearest to naumov2019deep, Deep Learning Recommendation Model")
        assert len(nearest) == 5
        assert "naumov2019deep" not in "".join(nearest)

    def test_why_shows_rank_quotes_and_what_came_next(self, chat: Chat) -> None:
        shown = output(chat, "In which frameworks is DLRM implemented?", "/why 1")
        assert "naumov2019deep · rank 1" in shown
        assert "“DLRM is implemented in both the PyTorch and the Caffe2 framework.”" in shown
        assert "ranked just below" in shown
        other = next(entry.key for entry in chat.last_answer().retrieved if not entry.cited)
        assert "retrieved but not cited" in output(chat, f"/why {other}")
        assert "was not among" in output(chat, "/why zheng2020shadowsync") or "rank" in output(
            chat, "/why zheng2020shadowsync"
        )

    def test_filters_hold_and_can_be_taken_off(self, chat: Chat) -> None:
        assert output(chat, "/filter year:2019") == "filter: year:2019 (2 papers)"
        assert chat.prompt() == "[year:2019] > "
        assert "filter: year:2019" in output(chat, "Which papers are about recommendation?")
        assert {reference.year for reference in chat.last_answer().references} == {2019}
        assert output(chat, "/filter off") == "filter: none (57 papers)"
        assert chat.prompt() == "> "

    def test_filters_of_plain_words_stand_in_the_prompt_while_one_goes_on(self, chat: Chat) -> None:
        output(chat, "Which papers are about recommendation?", "only before 2020")
        assert chat.prompt() == "(year:..2019) > "
        output(chat, "/filter category:IR")
        assert chat.prompt() == "[category:IR] (year:..2019) > "
        output(chat, "What is DLRM?")
        assert chat.prompt() == "[category:IR] > "
        output(chat, "/filter key:naumov2019deep,cassirer2021reverb,zheng2020shadowsync")
        assert chat.prompt() == "[key:naumov2019deep,cassirer20…] > "

    def test_commands_and_keys_may_be_typed_in_any_case(self, chat: Chat) -> None:
        output(chat, "What is DLRM?")
        assert output(chat, "/Show NAUMOV2019DEEP") == output(chat, "/show naumov2019deep")
        assert output(chat, "/SIMILAR 1") == output(chat, "/similar Naumov2019Deep")

    def test_sources_after_small_talk_are_those_of_the_last_answer_that_has_some(self, chat: Chat) -> None:
        with pytest.raises(UsageError, match="no answer of this chat cites a paper yet"):
            output(chat, "hello", "/sources")
        before = output(chat, "What is DLRM?", "/sources")
        after = output(chat, "thanks", "/sources")
        assert after == f"The last answer cites no paper; these are of “What is DLRM?”:\n{before}"
        assert output(chat, "/verify")
        assert "verified" in output(chat, "/verify 1")

    def test_only_and_exclude(self, chat: Chat) -> None:
        output(chat, "Which papers study reinforcement learning?")
        first, second = (reference.key for reference in chat.last_answer().references[:2])
        assert output(chat, "/only 1,2") == f"filter: key:{first},{second} (2 papers)"
        assert output(chat, "/exclude 2") == f"filter: key:{first},{second} -key:{second} (1 paper)"
        assert output(chat, "/exclude 1") == f"filter: key:{first},{second} -key:{second},{first} (0 papers)"
        assert output(chat, "/only 2") == f"filter: key:{second} (1 paper)"

    def test_search_ignores_what_was_said(self, chat: Chat) -> None:
        output(chat, "What is DLRM?", "/search Is it robust to noise?")
        assert chat.last_answer().standalone_question == "Is it robust to noise?"

    def test_summary(self, chat: Chat) -> None:
        assert "At a glance" in output(chat, "/summary probabilistic programming")

    def test_a_summary_with_a_model_shows_its_plan_and_asks_first(self, chat: Chat) -> None:
        asked: list[str] = []

        def refuse(question: str) -> bool:
            asked.append(question)
            return False

        chat.confirm = refuse
        with ScriptedServer(answer_reply("Edward is Turing-complete [1].")) as server:
            output(chat, f"/llm {server.url}#tiny")
            with pytest.raises(AssistantError, match="the plan was refused"):
                output(chat, "/summary probabilistic programming")
            assert not server.requests
            assert re.fullmatch(
                r"\d calls to tiny: about [\d,]+ tokens sent, .* written, at most \$0.00. Go on\?", asked[0]
            )
            chat.confirm = lambda _question: True
            assert "At a glance" in output(chat, "/summary probabilistic programming")
            assert server.requests

    def test_stance_and_audit(self, chat: Chat, tmp_path: Path) -> None:
        assert output(chat, "/stance DLRM is implemented in PyTorch")
        draft = tmp_path / "draft.md"
        draft.write_text(
            "DLRM is implemented in PyTorch and Caffe2 [naumov2019deep]. It cures colds [naumov2019deep].\n"
        )
        shown = output(chat, f"/audit {draft}")
        assert "2 cited sentences, 1 not supported" in shown
        with pytest.raises(AssistantError, match="cannot read"):
            output(chat, f"/audit {tmp_path / 'none.md'}")

    def test_table_of_the_cited_papers(self, chat: Chat) -> None:
        shown = output(chat, "What is DLRM?", "/table")
        assert "naumov2019deep" in shown
        assert "year" in shown
        assert "zheng2020shadowsync" in output(chat, "/table 1,zheng2020shadowsync")

    def test_retry_replaces_the_answer(self, chat: Chat) -> None:
        output(chat, "What is DLRM?", "/retry none")
        assert [answer.question for answer in chat.answers()] == ["What is DLRM?"]

    def test_a_retry_that_fails_loses_nothing(self, chat: Chat) -> None:
        output(chat, "What is DLRM?")
        with pytest.raises(AssistantError):
            output(chat, "/retry nonsense")
        assert output(chat, "/history") == "  1  What is DLRM?"

    def test_undo_then_history(self, chat: Chat) -> None:
        assert output(chat, "What is DLRM?", "What is STEVE?", "/undo") == "forgotten: What is STEVE?"
        assert output(chat, "/history") == "  1  What is DLRM?"

    def test_stats(self, chat: Chat) -> None:
        shown = output(chat, "What is DLRM?", "/stats")
        assert "answers: 1 in" in shown
        assert "papers cited: 1 of 57" in shown
        assert "0 tokens, cost $0.0000" in shown

    def test_the_session_counts_what_its_model_took(self, chat: Chat) -> None:
        before = chat.assistant.meter.input_tokens
        with ScriptedServer(answer_reply("DLRM is implemented in PyTorch and Caffe2 [1].")) as server:
            output(chat, f"/llm {server.url}#m", "In which frameworks is DLRM implemented?")
        assert chat.assistant.meter.input_tokens == before + 2 * 120, "what the endpoint can do was asked first"

    def test_model_choice(self, chat: Chat) -> None:
        assert "no model" in output(chat, "/llm")
        with pytest.raises(AssistantError):
            output(chat, "/llm nonsense")
        assert chat.llm is None
        assert "model: m" in output(chat, "/llm http://127.0.0.1:9/v1#m")

    def test_save_and_bibliography(self, chat: Chat, tmp_path: Path) -> None:
        output(chat, "What is DLRM?", f"/save {tmp_path / 'chat.md'}")
        assert "## What is DLRM?" in (tmp_path / "chat.md").read_text()
        output(chat, f"/bib {tmp_path / 'cited.bib'}")
        assert (tmp_path / "cited.bib").read_text().count("@") == 1
        with pytest.raises(UsageError, match="cannot save as"):
            output(chat, f"/save {tmp_path / 'chat.doc'}")
        with pytest.raises(AssistantError, match="cannot write"):
            output(chat, f"/save {tmp_path / 'no' / 'chat.md'}")

    def test_sessions(self, chat: Chat) -> None:
        output(chat, "What is DLRM?", "/rename first")
        output(chat, "/clear")
        assert chat.conversation.answer_ids == ()
        output(chat, "What is STEVE?")
        first = next(line for line in output(chat, "/sessions").splitlines() if line.startswith("  first"))
        assert first.endswith("  What is DLRM?")
        assert output(chat, "/sessions first") == "this is first, 1 answer so far"
        assert chat.key("1") == "naumov2019deep"
        with pytest.raises(UsageError, match="there is no session 'none'"):
            output(chat, "/sessions none")

    def test_only_the_last_sessions_are_listed(self, chat: Chat) -> None:
        for number in range(25):
            chat.sessions.save(f"talk {number:02}", chat.conversation)
        rows = output(chat, "/sessions").splitlines()
        assert rows[0].startswith("  talk 24")
        assert rows[-1].startswith("and 5 older ones")

    def test_ingest(self, chat: Chat, tmp_path: Path) -> None:
        path = tmp_path / "a paper.jsonl"
        path.write_text('{"_id": "1", "title": "Zebra stripes", "text": "Stripes confuse flies."}\n')
        assert "58 papers in the library" in output(chat, f'/ingest "{path}"')
        assert "Stripes confuse flies." in output(chat, "What do stripes confuse?")
        with pytest.raises(UsageError, match="cannot read"):
            output(chat, '/ingest "open')

    @pytest.mark.parametrize(
        "line",
        [
            "/show",
            "/sources",
            "/why 1",
            "/table",
            "/only",
            "/search",
            "/summary",
            "/undo",
            "/retry",
            "/verify",
            "/save",
            "/bib x",
            "/show 3",
        ],
    )
    def test_a_command_too_early_says_what_is_missing(self, chat: Chat, line: str) -> None:
        with pytest.raises((UsageError, UnknownKeyError)):
            output(chat, line)

    def test_help(self, chat: Chat) -> None:
        shown = output(chat, "/help")
        assert all(f"/{name}" in shown for name in COMMANDS)
        assert output(chat, "/help /why").startswith("/why N|KEY")


class TestPlainWords:
    @pytest.mark.parametrize("text", ["exit", "quit", "Quit.", "/exit", ":q"])
    def test_leaving(self, chat: Chat, text: str) -> None:
        assert output(chat, text) == ""
        assert chat.leaving

    def test_help(self, chat: Chat) -> None:
        assert output(chat, "help") == output(chat, "/help")

    @pytest.mark.parametrize(
        ("text", "filters"),
        [
            ("From now on only papers since 2020.", "year:2020.."),
            ("please only use papers by Naumov", "author:Naumov"),
            ("restrict the search to papers published before 2018", "year:..2017"),
        ],
    )
    def test_a_filter_set_and_dropped(self, chat: Chat, text: str, filters: str) -> None:
        assert output(chat, text).startswith(f"filter: {filters} (")
        assert chat.prompt() == f"[{filters}] > "
        assert output(chat, "drop the filter") == "filter: none (57 papers)"

    @pytest.mark.parametrize(
        ("text", "name"),
        [("How do I save this?", "save"), ("how can I add papers", "ingest"), ("How do I leave the chat?", "quit")],
    )
    def test_how_to_do_something_here(self, chat: Chat, text: str, name: str) -> None:
        assert output(chat, text) == output(chat, f"/help {name}")

    @pytest.mark.parametrize(
        "text", ["Which models exit early?", "How do you filter noise?", "only use papers about games", "What helps?"]
    )
    def test_questions_stay_questions(self, chat: Chat, text: str) -> None:
        output(chat, text)
        assert chat.last_answer().question == text


class TestBrowser:
    PAPER = Paper(title="T", abstract="A.", key="k")

    def test_address(self) -> None:
        assert address(replace(self.PAPER, url="https://e.org/p", doi="10.1/x")) == "https://e.org/p"
        assert address(replace(self.PAPER, doi="10.1/x", arxiv_id="1906.00091")) == "https://doi.org/10.1/x"
        with pytest.raises(UsageError, match="k has no DOI"):
            address(self.PAPER)

    @pytest.mark.parametrize(
        ("environ", "platform", "there"),
        [
            ({}, "linux", False),
            ({"DISPLAY": ":0"}, "linux", True),
            ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True),
            ({"DISPLAY": ":10", "SSH_CONNECTION": "1 2 3 4"}, "linux", False),
            ({"BROWSER": "firefox", "SSH_CONNECTION": "1 2 3 4"}, "linux", True),
            ({}, "darwin", True),
        ],
    )
    def test_where_a_browser_can_be_shown(self, environ: dict[str, str], platform: str, there: bool) -> None:
        assert has_browser(environ, platform) is there

    @pytest.mark.parametrize("url", ["file:///etc/passwd", "javascript:alert(1)", "--help", "ftp://e.org"])
    def test_what_is_no_page_is_never_opened(self, url: str) -> None:
        assert not open_in_browser(url, {"BROWSER": "true"})


class TestPipe:
    def run(
        self, chat: Chat, capsys: pytest.CaptureFixture[str], *lines: str, as_json: bool = False
    ) -> tuple[str, str]:
        out = io.StringIO()
        chat_in_pipe(chat, [f"{line}\n" for line in lines], out, as_json=as_json)
        return out.getvalue(), capsys.readouterr().err

    def test_plain_lines(self, chat: Chat, capsys: pytest.CaptureFixture[str]) -> None:
        out, err = self.run(chat, capsys, "What is DLRM?", "", "/shwo 1", "thanks", "/quit", "What is STEVE?")
        assert "naumov2019deep" in out
        assert "\x1b" not in out
        assert "STEVE" not in out
        assert err == "error: unknown command /shwo (did you mean /show?)\n"

    def test_no_line_is_broken(self, chat: Chat, capsys: pytest.CaptureFixture[str]) -> None:
        out, _ = self.run(chat, capsys, "What is DLRM?", "/help")
        assert max(len(row) for row in out.splitlines()) > 150
        assert not re.search(r"\w\n\w", out.partition("Papers")[0])

    def test_one_object_a_line(self, chat: Chat, capsys: pytest.CaptureFixture[str]) -> None:
        out, _ = self.run(chat, capsys, "What is DLRM?", "/cite 1", "thanks", "/show 9", as_json=True)
        answer, command, talk, failed = (json.loads(line) for line in out.splitlines())
        assert answer["references"][0]["number"] == 1
        assert command == {"command": "/cite 1", "output": command["output"]}
        assert (talk["status"], talk["claims"], talk["intent"]) == ("answered", [], "smalltalk")
        assert (failed["command"], failed["output"], failed["status"]) == ("/show 9", None, "failed")

    def test_without_a_library_nothing_is_read(self, store: Path) -> None:
        lines = iter(["What is DLRM?"])
        with pytest.raises(AssistantError, match="no library"):
            chat_in_pipe(Chat(Settings(store=store)), lines, io.StringIO(), as_json=False)
        assert next(lines) == "What is DLRM?"


class TestResuming:
    def test_a_session_goes_on_in_another_process(self, own_sample: Path) -> None:
        settings = Settings(store=own_sample, llm="none")
        first = Chat(settings, Opening(session="games"))
        output(first, "What is DLRM?")
        output(first, "/filter year:2019")
        first.close()
        second = Chat(settings, Opening(resume=True))
        assert second.session == "games"
        assert second.prompt() == "[year:2019] > "
        shown = output(second, "In which frameworks is it implemented?")
        assert shown.startswith("searched: In which frameworks is DLRM implemented?")
        assert second.last_answer().references[0].number == 1
        second.close()

    def test_nothing_to_resume(self, own_sample: Path) -> None:
        chat = Chat(Settings(store=own_sample, llm="none"), Opening(resume=True))
        with pytest.raises(UnknownKeyError, match="no session to continue"):
            _ = chat.assistant


class TestPasted:
    ABSTRACT = "Stripes confuse flies. " * 20

    def test_what_reads_like_an_abstract(self) -> None:
        assert is_abstract(self.ABSTRACT)
        assert not is_abstract("What is DLRM? " * 40)
        assert not is_abstract("short. text. here.")

    def test_a_first_line_is_the_title(self, store: Path) -> None:
        kept = json.loads(keep_pasted(store, f"Zebras\n{self.ABSTRACT}").read_text())
        assert kept == {"title": "Zebras", "abstract": self.ABSTRACT.strip()}
        assert json.loads(keep_pasted(store, self.ABSTRACT).read_text())["title"] is None

    def test_a_place_that_cannot_be_written(self, store: Path) -> None:
        store.write_text("a file")
        with pytest.raises(AssistantError, match="cannot write"):
            keep_pasted(store, self.ABSTRACT)


class TestCompletion:
    def offered(self, chat: Chat, text: str) -> list[str]:
        return [found.text for found in ChatCompleter(chat).get_completions(Document(text), CompleteEvent())]

    def test_commands(self, chat: Chat) -> None:
        assert self.offered(chat, "/so") == ["/sources"]
        assert self.offered(chat, "/help so") == ["sources"]
        assert self.offered(chat, "What is") == []

    def test_from_the_library(self, chat: Chat) -> None:
        assert self.offered(chat, "/show naum") == []  # not loaded yet: Tab does not wait
        _ = chat.assistant
        assert self.offered(chat, "/show naum") == ["naumov2019deep"]
        assert self.offered(chat, "/only 1,NAUM") == ["naumov2019deep"]
        assert self.offered(chat, "/filter ye") == ["year:"]
        assert self.offered(chat, "/filter year:2020 author:Nau") == ["Naumov"]
        assert self.offered(chat, "/filter category:I") == ["IR"]

    def test_files(self, chat: Chat, tmp_path: Path) -> None:
        (tmp_path / "papers.bib").touch()
        assert self.offered(chat, f"/ingest {tmp_path}/pap") == ["ers.bib"]


class TestTranscript:
    HOSTILE = "<script>alert(1)</script> [x](http://e) `a` \x1b[31m"

    def answer(self) -> Answer:
        citation = Citation(1, "k", "s", self.HOSTILE, 0, 5)
        claim = Claim(self.HOSTILE, Support.WEAK, "half of it", (citation,))
        paper = Paper(title=self.HOSTILE, abstract="A.", authors=("A <b>",), key="k")
        return Answer(
            "id",
            self.HOSTILE,
            "q",
            "answered",
            "llm",
            lead=self.HOSTILE,
            claims=(claim,),
            references=(Reference.of(paper, 1),),
        )

    def written(self, suffix: str) -> str:
        return transcript(suffix, "<b>name", [self.answer()], lambda _key: None)

    def test_html_shows_markup_as_text(self) -> None:
        page = self.written(".html")
        assert "<script>" not in page
        assert "&lt;script&gt;" in page
        assert "\x1b" not in page
        assert "(weak: half of it)" in page

    def test_markdown_makes_no_link_and_no_html(self) -> None:
        text = self.written(".md")
        assert "<script>" not in text.replace("\\<script\\>", "")
        assert "[x](" not in text
        assert "\x1b" not in text

    def test_json_is_whole(self) -> None:
        whole: dict[str, Any] = json.loads(self.written(".json"))
        assert whole["answers"][0]["claims"][0]["text"] == self.HOSTILE

    def test_a_refusal_is_said(self) -> None:
        refused = Answer("id", "q", "q", "refused", "extractive", reason="no paper says so")
        assert "No answer: no paper says so" in transcript(".md", "n", [refused], lambda _key: None)


def test_a_turn_as_an_object_is_an_ask_object(chat: Chat) -> None:
    found = turn_object(chat, "What is DLRM?")
    assert list(found)[:3] == ["answer_id", "question", "standalone_question"]
