"""A writer killed at any moment leaves whole papers, and indexes that the next command brings up to them."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.kill_loop import KillLoop

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL to survive")

KILLS = 20  # the benchmark does ten times as many


def test_killed_writers_leave_whole_papers_that_both_indexes_reach(tmp_path: Path) -> None:
    with KillLoop(tmp_path, seed=1) as loop:
        loop.run(KILLS)
    assert loop.tally.finished > 0
    assert loop.tally.by_operation["ingest"] > 0
