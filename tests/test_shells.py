"""Tab in real shells, after `assistant --install-completion`: sub-commands, options and the library's keys."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pexpect
import pyte
import pytest

pytestmark = pytest.mark.pty

PATIENCE = 60  # seconds; a test that passes waits for none of them
PROMPT = "ready> "
# How each shell gets a prompt that can be waited for, and a file that keeps it from greeting newcomers.
STARTS = {
    "bash": (["--norc", "-i"], f"PS1='{PROMPT}'; source ~/.bash_completions/assistant.sh"),
    "zsh": (["-i"], f"PS1='{PROMPT}'"),
    "fish": (["-i"], f"function fish_prompt; echo -n '{PROMPT}'; end"),
}


class Shell:
    """An interactive shell in a pseudo-terminal, with `assistant` on its path and a home of its own."""

    def __init__(self, name: str, home: Path, store: Path) -> None:
        program = home / "bin" / "assistant"
        program.parent.mkdir(exist_ok=True)
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m assistant "$@"\n', encoding="utf-8")
        program.chmod(0o755)
        (home / ".zshrc").touch()
        kept = {key: value for key, value in os.environ.items() if key in ("PYTHONPATH", "COVERAGE_PROCESS_START")}
        environment = {
            **kept,
            "PATH": f"{program.parent}:/usr/bin:/bin",
            "HOME": str(home),
            "XDG_CONFIG_HOME": str(home / ".config"),
            "TERM": "xterm-256color",
            "LANG": "C.UTF-8",
            "ASSISTANT_STORE": str(store),
        }
        flags, first = STARTS[name]
        self._screen = pyte.Screen(100, 30)
        self._stream = pyte.ByteStream(self._screen)
        path = shutil.which(name)
        assert path is not None
        self._process = pexpect.spawn(
            path, flags, env=environment, cwd=str(home), dimensions=(30, 100), timeout=PATIENCE
        )
        self._ran = 0
        self.run(first)

    @property
    def text(self) -> str:
        """What the screen shows, without blank rows at the end."""
        return "\n".join(row.rstrip() for row in self._screen.display).rstrip()

    def wait_for(self, is_there: Callable[[str], bool]) -> str:
        until = time.monotonic() + PATIENCE
        while not is_there(self.text):
            assert time.monotonic() < until, f"not on the screen:\n{self.text}"
            try:
                self._stream.feed(self._process.read_nonblocking(65536, timeout=0.05))
            except pexpect.TIMEOUT:
                continue
        return self.text

    def run(self, line: str) -> None:
        """Run a command and wait for its end and the next prompt, on a cleared screen."""
        self._ran += 1
        self._process.send(f"{line}; clear; echo ran {self._ran}\r")
        self.wait_for(lambda text: text == f"ran {self._ran}\n{PROMPT.rstrip()}")

    def completes(self, typed: str, wanted: str) -> bool:
        """Type, press Tab, and wait until the line is `wanted`."""
        self._process.send(typed)
        self.wait_for(lambda text: text.endswith(typed))
        self._process.send("\t")
        self.wait_for(lambda text: f"{PROMPT}{wanted}" in text)
        self._process.send("\x03")
        self.run("true")
        return True

    def close(self) -> None:
        self._process.close(force=True)


@pytest.fixture(params=sorted(STARTS))
def shell(request: pytest.FixtureRequest, tmp_path: Path, sample_store: Path) -> Iterator[Shell]:
    """A shell that was started anew after the completion had been installed from within it."""
    name = request.param
    if shutil.which(name) is None:
        pytest.skip(f"{name} is not installed")
    (tmp_path / ".bash_completions").mkdir()
    (tmp_path / ".bash_completions" / "assistant.sh").touch()
    before = Shell(name, tmp_path, sample_store)
    before.run("assistant --install-completion")
    before.close()
    opened = Shell(name, tmp_path, sample_store)
    yield opened
    opened.close()


def test_tab_completes_commands_options_and_keys(shell: Shell) -> None:
    assert shell.completes("assistant summ", "assistant summarize")  # the first Tab of a new shell, too
    assert shell.completes("assistant library doc", "assistant library doctor")
    assert shell.completes("assistant ask --fil", "assistant ask --filter")
    assert shell.completes("assistant show naumov", "assistant show naumov2019deep")
    assert shell.completes(
        "assistant compare naumov2019deep cassi", "assistant compare naumov2019deep cassirer2021reverb"
    )
