"""The command line: parses first, imports the program behind it when a command runs."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from assistant.cli import (
    answers,
    audit,
    chat,
    config,
    evaluation,
    library,
    models,
    papers,
    questions,
    stance,
    summaries,
)
from assistant.cli.frame import run
from assistant.cli.root import app

__all__ = ["app", "main"]

for group in (papers, questions, summaries, audit, stance, chat, library, answers, models, config, evaluation):
    group.register(app)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    return run(app, sys.argv[1:] if arguments is None else arguments)
