"""Rankings in TREC's form: one line a query and paper."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from assistant.errors import AssistantError, SourceError

Run = dict[str, dict[str, float]]  # by query the score of each paper

RUN_TAG = "assistant"  # the last column


def run_name(name: str) -> str:
    """Return a name as it stands in a run, where white space parts columns."""
    return re.sub(r"\s", "_", name) or "_"


def write_run(run: Mapping[str, Mapping[str, float]], path: Path) -> None:
    """Write a run, best papers first.

    Raises:
        AssistantError: the file cannot be written.
    """
    lines = [
        f"{query} Q0 {paper} {rank} {score:.6f} {RUN_TAG}\n"
        for query, papers in run.items()
        for rank, (paper, score) in enumerate(sorted(papers.items(), key=lambda pair: -pair[1]), start=1)
    ]
    try:
        path.write_text("".join(lines), encoding="utf-8")
    except OSError as error:
        raise AssistantError(f"cannot write the run {path}: {error.strerror}") from None


def read_run(path: Path) -> Run:
    """Return the run in a file.

    Raises:
        SourceError: it cannot be read, or a line is not of a run.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(f"cannot read the run {path}: {error}") from None
    run: Run = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            query, _, paper, _, score, _ = line.split()
            run.setdefault(query, {})[paper] = float(score)
        except ValueError:
            raise SourceError(f"{path}:{number} is not a line of a TREC run") from None
    return run
