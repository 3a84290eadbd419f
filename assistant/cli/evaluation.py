"""`eval`: how well retrieval does on a collection with judged answers."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from assistant.cli.frame import DONE, Frame, with_globals
from assistant.cli.options import JsonOption, RerankOption
from assistant.cli.output import notify, print_json, print_screen
from assistant.cli.progress import ingest_progress, papers_progress


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command("eval")(with_globals(evaluate))


def evaluate(
    frame: Frame,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="BEIR folder: corpus.jsonl, queries.jsonl, qrels.")],
    split: Annotated[str | None, typer.Option("--split", metavar="NAME", help="Judgements: qrels/NAME.tsv.")] = None,
    run: Annotated[Path | None, typer.Option("--run", metavar="RUN.trec", help="Where the rankings go.")] = None,
    against: Annotated[
        Path | None, typer.Option("--against", metavar="RUN.trec", help="Compare with this earlier run.")
    ] = None,
    rerank: RerankOption = None,
    as_json: JsonOption = False,
) -> int:
    """Measure retrieval on a collection, in a throw-away library or, to keep it, in the one of --store."""
    from assistant.evaluation import read_collection, read_run, write_run

    collection = read_collection(folder, split)
    baseline = read_run(against) if against is not None else None
    with ExitStack() as stack:
        # The store of the environment or the configuration is a user's library, and no place for a collection.
        store = frame.store or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="assistant-eval-")))
        assistant = stack.enter_context(frame.assistant(store=store, rerank=rerank))
        with ingest_progress(frame) as reading:
            assistant.ingest_collection(collection, reading)
        with papers_progress(frame) as progress:
            report = assistant.evaluate(collection, baseline, progress)
        notify(frame, assistant)
    if run is not None:
        write_run(report.run, run)
    if as_json:
        print_json(report.to_json())
    else:
        from assistant.render import evaluation_lines

        print_screen(frame, evaluation_lines(report))
    return DONE
