"""The chat in a real pseudo-terminal, as a user sees it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pexpect
import pyte
import pytest

from assistant.render import make_console, print_lines
from assistant.repl.chat import Chat
from assistant.repl.turns import turn_lines
from assistant.settings import Settings
from tests.fakes import Reply, ScriptedServer, answer_reply, remember_without_schema

pytestmark = pytest.mark.pty

PATIENCE = 60  # seconds; a test that passes waits for none of them
DLRM = "In which frameworks is DLRM implemented?"


class Screen:
    """A program in a pseudo-terminal, and what its screen shows."""

    def __init__(self, arguments: list[str], home: Path, width: int = 80, height: int = 40) -> None:
        environment = {
            **{name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR")},
            "TERM": "xterm-256color",
            "PROMPT_TOOLKIT_NO_CPR": "1",
            "XDG_STATE_HOME": str(home),
        }
        self._screen = pyte.HistoryScreen(width, height, history=2000)
        self._stream = pyte.ByteStream(self._screen)
        self.raw = b""
        self._process = pexpect.spawn(
            sys.executable,
            ["-m", "assistant", *arguments],
            env=environment,
            dimensions=(height, width),
            timeout=PATIENCE,
        )

    @property
    def text(self) -> str:
        """What the screen shows, without blank rows at the end."""
        return "\n".join(row.rstrip() for row in self._screen.display).rstrip()

    def wait_for(self, words: str | Callable[[str], bool]) -> str:
        """Read until the screen shows `words`; return the screen."""
        is_there = words if callable(words) else lambda text: words in text
        until = time.monotonic() + PATIENCE
        while not is_there(self.text):
            assert time.monotonic() < until, f"not on the screen: {words}\n{self.text}"
            self._read()
        return self.text

    def wait_for_prompt(self) -> str:
        """Read until an empty prompt waits for input."""
        return self.wait_for(lambda text: text.splitlines()[-1:] == [">"])

    def type(self, keys: str) -> None:
        self._process.send(keys)

    def ask(self, line: str) -> str:
        """Type a line and return the screen when the next prompt is there."""
        before = self.text  # a fast answer and its prompt may come in one piece
        self.type(f"{line}\r")
        return self.wait_for(lambda text: text != before and text.splitlines()[-1:] == [">"])

    def resize(self, width: int, height: int) -> None:
        self._screen.resize(height, width)
        self._process.setwinsize(height, width)

    def leave(self) -> int:
        """Press Ctrl-D and return the exit code."""
        self._process.sendeof()
        return self.ended()

    def ended(self) -> int:
        """Read to the end and return the exit code."""
        self._process.expect(pexpect.EOF)
        self._process.close()
        assert self._process.exitstatus is not None, f"died of signal {self._process.signalstatus}"
        return int(self._process.exitstatus)

    def kill(self) -> None:
        """Kill the program without any warning."""
        self._process.kill(signal.SIGKILL)
        self._process.wait()

    def close(self) -> None:
        self._process.close(force=True)

    def _read(self) -> None:
        try:
            data = self._process.read_nonblocking(65536, timeout=0.05)
        except pexpect.TIMEOUT:
            return
        self.raw += data
        self._stream.feed(data)


@pytest.fixture
def open_chat(own_sample: Path, tmp_path: Path) -> Iterator[Callable[..., Screen]]:
    screens: list[Screen] = []

    def opened(*flags: str, width: int = 80, llm: str = "none") -> Screen:
        arguments = ["--store", str(own_sample), "chat", "--llm", llm, *flags]
        remember_without_schema(tmp_path / "state" / "assistant", llm)
        screens.append(Screen(arguments, tmp_path / "state", width))
        screens[-1].wait_for_prompt()
        return screens[-1]

    yield opened
    for screen in screens:
        screen.close()


class TestTalking:
    @pytest.mark.parametrize("width", [40, 80, 160])
    def test_a_question_and_its_answer(self, open_chat: Callable[..., Screen], width: int) -> None:
        screen = open_chat(width=width)
        shown = " ".join(screen.ask(DLRM).split())
        assert "DLRM is implemented in both the PyTorch and the Caffe2 framework. [1]✓" in shown
        assert "[1] Naumov et al. (2019)." in shown
        assert screen.leave() == 0

    def test_a_question_typed_while_it_loads_waits(self, open_chat: Callable[..., Screen]) -> None:
        screen = open_chat()
        screen.type(f"{DLRM}\r/stats\r")
        assert "papers cited: 1 of 57" in screen.wait_for("papers cited")

    @pytest.mark.parametrize("pause", [0.0, 0.15, 0.3, 0.6])
    def test_ctrl_c_while_it_loads_stops_the_turn_and_nothing_else(
        self, open_chat: Callable[..., Screen], pause: float
    ) -> None:
        screen = open_chat()
        screen.type("What is ShadowSync?\r")
        time.sleep(pause)
        screen.type("\x03")
        screen.type(f"{DLRM}\r")
        screen.wait_for("Naumov et al. (2019).")
        assert "Traceback" not in screen.text

    def test_colours_and_no_color(self, open_chat: Callable[..., Screen]) -> None:
        screen = open_chat()
        screen.ask(DLRM)
        assert b"\x1b[36m [1]" in screen.raw
        plain = open_chat("--plain")
        plain.ask(DLRM)
        answer = plain.raw.partition(b"quoted word for word")[2].partition(b"Papers")[0]
        assert b"\x1b" not in answer

    def test_plain_wraps_at_words(self, open_chat: Callable[..., Screen]) -> None:
        screen = open_chat("--plain", width=50)
        shown = screen.ask(DLRM)
        assert "DLRM is implemented in both the PyTorch and the\n  Caffe2 framework. [1]✓" in shown

    def test_open_shows_the_page_in_the_browser_that_the_user_names(
        self, own_sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        opened = tmp_path / "opened"
        browser = tmp_path / "browser"
        browser.write_text(f'#!/bin/sh\necho "$1" > "{opened}"\n')
        browser.chmod(0o755)
        monkeypatch.setenv("BROWSER", str(browser))
        screen = Screen(["--store", str(own_sample), "chat", "--llm", "none"], tmp_path / "state")
        screen.wait_for_prompt()
        assert "opened https://arxiv.org/abs/1906.00091" in screen.ask("/open naumov2019deep")
        assert opened.read_text() == "https://arxiv.org/abs/1906.00091\n"
        screen.close()

    def test_exit_leaves(self, open_chat: Callable[..., Screen]) -> None:
        screen = open_chat()
        screen.type("exit\r")
        assert screen.ended() == 0

    @pytest.mark.parametrize("wait", [0.0, 0.2, 0.4, 0.7, 1.1])
    def test_leaving_while_it_loads(self, open_chat: Callable[..., Screen], wait: float) -> None:
        screen = open_chat()
        time.sleep(wait)
        assert screen.leave() == 0

    def test_errors_leave_the_chat_alive(self, open_chat: Callable[..., Screen]) -> None:
        screen = open_chat()
        assert "error: unknown command /shwo (did you mean /show?)" in screen.ask("/shwo 1")
        assert "error: unknown filter field 'colour'" in screen.ask("/filter colour:red")
        assert "papers cited: 0" in screen.ask("/stats")


class TestSessions:
    def test_a_killed_chat_goes_on_where_it_was(self, open_chat: Callable[..., Screen]) -> None:
        first = open_chat("--session", "games")
        first.ask("What is DLRM?")
        first.kill()
        second = open_chat("--resume")
        assert "1  What is DLRM?" in second.ask("/history")
        shown = " ".join(second.ask("In which frameworks is it implemented?").split())
        assert "searched: In which frameworks is DLRM implemented?" in shown


class TestKeys:
    def test_tab_completes_commands_and_keys(self, open_chat: Callable[..., Screen]) -> None:
        screen = open_chat()
        screen.ask("/stats")
        screen.type("/sou\t")
        screen.wait_for("> /sources")
        screen.type("\x03")
        screen.wait_for_prompt()
        screen.type("/show naum\t")
        screen.wait_for("> /show naumov2019deep")

    def test_ctrl_c_clears_the_line_and_ctrl_d_leaves(self, open_chat: Callable[..., Screen]) -> None:
        screen = open_chat()
        screen.type("half a question")
        screen.wait_for("> half a question")
        screen.type("\x03")
        screen.wait_for_prompt()
        assert screen.leave() == 0

    def test_history_comes_back_in_the_next_chat(self, open_chat: Callable[..., Screen], tmp_path: Path) -> None:
        first = open_chat()
        first.ask("/stats")
        first.leave()
        second = open_chat()
        second.type("\x1b[A")
        second.wait_for("> /stats")
        history = tmp_path / "state" / "assistant" / "history"
        assert history.stat().st_mode & 0o777 == 0o600

    def test_several_lines(self, open_chat: Callable[..., Screen]) -> None:
        screen = open_chat()
        screen.type('"""In which frameworks\r')
        screen.wait_for("…")
        screen.type('is DLRM implemented?"""\r')
        screen.wait_for("Caffe2")
        screen.wait_for_prompt()
        screen.type("What is\x1b\r")
        screen.wait_for(lambda text: text.splitlines()[-1].startswith("…"))

    def test_a_pasted_abstract_stays_one_turn(self, open_chat: Callable[..., Screen]) -> None:
        screen = open_chat()
        screen.type("\x1b[200~What is DLRM?\nIt is a model\nfor recommendation.\x1b[201~")
        screen.wait_for("for recommendation.")
        screen.type("\r")
        screen.wait_for("naumov2019deep")

    def test_a_pasted_abstract_can_be_ingested(self, open_chat: Callable[..., Screen]) -> None:
        abstract = "Zebra stripes and flies\n" + " ".join(
            f"Stripes confuse biting flies in field trial {number}, where landings fell by a third."
            for number in range(5)
        )
        screen = open_chat()
        screen.type(f"\x1b[200~{abstract}\x1b[201~\r")
        screen.wait_for("Add it to the library? [y/N]")
        screen.type("y\r")
        assert "58 papers in the library" in screen.wait_for("in the library\n")
        screen.wait_for_prompt()
        assert "Zebra stripes and flies" in screen.ask("What do stripes confuse?")


class TestModel:
    TEXT = "DLRM is implemented in PyTorch and Caffe2 [1]. "
    # A sentence is shown when the next ones say that no more citations of it follow.
    UNFINISHED = (
        TEXT,
        "It is offered as a benchmark for later experiments [1]. ",
        "Recommendation networks must process categorical features [1]. ",
        "Its parallelization scheme is specialized",
    )

    def test_sentences_come_into_view_one_by_one(self, open_chat: Callable[..., Screen]) -> None:
        with ScriptedServer(Reply(self.UNFINISHED, end="hang")) as server:
            screen = open_chat(llm=f"{server.url}#scripted")
            screen.type(f"{DLRM}\r")
            screen.wait_for("DLRM is implemented in PyTorch and Caffe2. [1]")
            screen.type("\x03")
            screen.wait_for_prompt()
            assert server.gone.wait(PATIENCE), "the request goes on after Ctrl-C"
            shown = screen.text
            assert "cut short" in shown
            assert "[1] Naumov et al. (2019)." in shown
            assert f"1  {DLRM}" in screen.ask("/history")
            assert screen.leave() == 0

    @pytest.mark.parametrize("command", ["/retry", f"/search {DLRM}"])
    def test_commands_that_ask_stream_too(self, open_chat: Callable[..., Screen], command: str) -> None:
        with ScriptedServer(answer_reply(self.TEXT), Reply(self.UNFINISHED, end="hang")) as server:
            screen = open_chat(llm=f"{server.url}#scripted")
            screen.ask(DLRM)
            screen.type(f"{command}\r")
            screen.wait_for(lambda text: "DLRM is implemented" in text.partition(command)[2])
            screen.type("\x03")
            assert "cut short" in screen.wait_for("cut short")

    def test_ctrl_c_before_the_first_sentence(self, open_chat: Callable[..., Screen]) -> None:
        with ScriptedServer(Reply([], end="hang")) as server:
            screen = open_chat(llm=f"{server.url}#scripted")
            screen.type(f"{DLRM}\r")
            assert server.asked.wait(PATIENCE)
            screen.type("\x03")
            screen.wait_for("stopped")
            screen.wait_for_prompt()
            assert "papers cited: 0" in screen.ask("/stats")

    def test_a_resize_while_it_streams(self, open_chat: Callable[..., Screen]) -> None:
        with ScriptedServer(Reply(self.UNFINISHED, end="hang"), answer_reply(self.TEXT)) as server:
            screen = open_chat(llm=f"{server.url}#scripted", width=100)
            screen.type(f"{DLRM}\r")
            screen.wait_for("DLRM is implemented in PyTorch and Caffe2.")
            screen.resize(50, 40)
            screen.type("\x03")
            screen.wait_for_prompt()
            screen.ask(DLRM)
            assert all(len(row) <= 50 for row in screen.text.splitlines())

    def test_a_failing_model_is_said(self, open_chat: Callable[..., Screen]) -> None:
        with ScriptedServer(Reply(raw=[b"nonsense"], status=401)) as server:
            screen = open_chat(llm=f"{server.url}#scripted")
            shown = " ".join(screen.ask(DLRM).split())
            assert "Answered without the model:" in shown
            assert "Caffe2" in shown


def test_the_terminal_is_restored_after_a_crash(own_sample: Path, tmp_path: Path) -> None:
    code = (
        "import sys, termios; before = termios.tcgetattr(0)\n"
        "from assistant.repl.commands import keeping\n"
        "from assistant.repl.registry import COMMANDS, command\n"
        "@command('crash')\n"
        "def crash(chat, argument):\n    'Crash.'\n    raise RuntimeError('boom')\n"
        "from assistant.cli import main\n"
        f"code = main(['--store', {str(own_sample)!r}, 'chat', '--llm', 'none'])\n"
        "print('code', code, 'restored', termios.tcgetattr(0) == before)\n"
    )
    environment = {**os.environ, "TERM": "xterm", "PROMPT_TOOLKIT_NO_CPR": "1", "XDG_STATE_HOME": str(tmp_path)}
    process = pexpect.spawn(sys.executable, ["-c", code], env=environment, timeout=PATIENCE, encoding="utf-8")
    process.expect(">")
    process.send("/crash\r")
    process.expect(r"code (\d+) restored (\w+)")
    assert process.match.groups() == ("1", "True")
    process.close()


# The papers nearest to a question that none answers change with every turn of a ranking weight, so none is asked here
# but the one that an empty filter refuses.
SCRIPT = (
    "Which papers study Multiplayer Online Battle Arena games?",
    "What about the third one?",
    "/sources",
    "/filter year:1800",
    "What is the capital of France?",
    "/filter year:2019",
    "Which papers are about recommendation?",
    "/show naumov2019deep",
    "thanks",
)


@pytest.mark.parametrize("width", [40, 80, 160])
def test_a_transcript_at_each_width(
    own_sample: Path, width: int, golden: Callable[[str, str], None], capsys: pytest.CaptureFixture[str]
) -> None:
    chat = Chat(Settings(store=own_sample, llm="none"))
    console = make_console(chat.settings)
    console.soft_wrap = False
    console.width = width
    for line in SCRIPT:
        print_lines(console, [])
        console.print(f"> {line}", markup=False, highlight=False)
        print_lines(console, turn_lines(chat, line))
    chat.close()
    text = re.sub(r"^\d+ ms\b", "0 ms", capsys.readouterr().out, flags=re.MULTILINE)
    # where the sample was read from, and how that wraps, is the checkout's
    text = re.sub(r"^(read from  ).*\n(?: {11}\S.*\n)*", r"\1FILE\n", text, flags=re.MULTILINE)
    assert all(len(row) <= width for row in text.splitlines())
    golden(f"chat-{width}.txt", text)


@pytest.mark.pty
@pytest.mark.parametrize(("reply", "stays", "code"), [("n", True, 1), ("y", False, 0)])
def test_remove_asks_on_a_terminal(own_sample: Path, reply: str, stays: bool, code: int) -> None:
    arguments = ["-m", "assistant", "--store", str(own_sample), "remove", "naumov2019deep"]
    process = pexpect.spawn(sys.executable, arguments, timeout=PATIENCE, encoding="utf-8")
    process.expect_exact("Remove naumov2019deep, 'Deep Learning Recommendation Model")
    process.sendline(reply)
    process.expect_exact("naumov2019deep stays" if stays else "removed naumov2019deep")
    process.expect(pexpect.EOF)
    process.close()
    assert process.exitstatus == code


def test_a_pipe_that_is_not_utf8_is_answered_to_its_end(own_sample: Path) -> None:
    told = subprocess.run(
        [sys.executable, "-m", "assistant", "--store", str(own_sample), "chat", "--json"],
        input=b"What is DLRM?\nrecommen\xffdation\nWhat is EOMM?\n",
        capture_output=True,
        timeout=PATIENCE,
        check=False,
    )
    assert (told.returncode, len(told.stdout.splitlines()), told.stderr) == (0, 3, b"")
