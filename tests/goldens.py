"""Golden files: what a test prints, kept in tests/golden; a file that no test of a whole run has opened fails it.

`pytest --update-golden` writes them. Loaded by conftest.py.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parent / "golden"
_USED: pytest.StashKey[set[str]] = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write the golden files instead of comparing")


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_USED] = set()


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compare a text with the golden file of that name."""

    def compare(name: str, text: str) -> None:
        request.config.stash[_USED].add(name)
        path = FOLDER / name
        if request.config.getoption("--update-golden"):
            path.write_text(text, encoding="utf-8")
        assert path.exists(), f"no golden file {name}: make it with pytest --update-golden"
        assert text == path.read_text(encoding="utf-8")

    return compare


def pytest_testnodedown(node: Any) -> None:
    """Collect what a worker of pytest-xdist opened."""
    config: pytest.Config = node.config
    for name in getattr(node, "workeroutput", {}).get("golden", []):
        config.stash[_USED].add(name)


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    config = session.config
    used = config.stash[_USED]
    if hasattr(config, "workeroutput"):
        config.workeroutput["golden"] = sorted(used)
        return
    whole = config.args_source is pytest.Config.ArgsSource.TESTPATHS and not config.option.keyword
    if exitstatus != pytest.ExitCode.OK or not whole or config.option.markexpr or config.option.collectonly:
        return
    unused = sorted(path.name for path in FOLDER.iterdir() if path.name not in used)
    if unused:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        config.get_terminal_writer().line(f"golden files that no test opened: {', '.join(unused)}", red=True)
