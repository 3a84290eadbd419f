"""`summarize` and `compare`: an overview of the library's papers on a topic, and papers side by side."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli.frame import DONE, REFUSED, Frame, with_globals
from assistant.cli.given import given_text
from assistant.cli.options import (
    BudgetOption,
    FilterOption,
    JsonOption,
    LlmOption,
    OutOption,
    TimeoutOption,
    complete_key,
)
from assistant.cli.output import notify, print_json, print_screen, say, write_text
from assistant.errors import AssistantError, UsageError

if TYPE_CHECKING:
    from assistant.answers import Summary
    from assistant.app import Assistant
    from assistant.summaries import ModelWriting, Plan, Progress

_WORDS = ("strict", "broad", "all")
ColumnsOption = Annotated[
    str, typer.Option("--columns", metavar="A,B", help="Columns of the table: problem, method, data, or your own.")
]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    for function in (summarize, compare):
        app.command(function.__name__)(with_globals(function))


def summarize(
    frame: Frame,
    topic: Annotated[str, typer.Argument(metavar="TOPIC", help="What the overview is about.")],
    filter: FilterOption = "",
    llm: LlmOption = None,
    timeout: TimeoutOption = None,
    budget: BudgetOption = None,
    scope: Annotated[
        str | None,
        typer.Option("--scope", metavar="N|strict|broad|all", help="How many papers, or how freely they are chosen."),
    ] = None,
    from_file: Annotated[
        Path | None, typer.Option("--from-file", metavar="KEYS", help="Exactly the papers whose keys stand there.")
    ] = None,
    columns: ColumnsOption = "",
    only: Annotated[
        str | None, typer.Option("--only", metavar="PART", help="overview, table, timeline or gaps.")
    ] = None,
    style: Annotated[
        str, typer.Option("--style", metavar="NAME", help="Of the references in a file: short, apa, ieee, chicago.")
    ] = "short",
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before a model is used.")] = False,
    resume: Annotated[  # noqa: ARG001 - what is kept is always used; the flag says so
        bool, typer.Option("--resume", help="Go on after an interruption; what was written is always kept.")
    ] = False,
    as_json: JsonOption = False,
    out: OutOption = None,
) -> int:
    """Write an overview of a subfield, every sentence cited."""
    topic = given_text(topic, "TOPIC")
    _check_file(out, style)
    from assistant.history import Kind
    from assistant.summaries import PARTS, excerpt, parse_columns

    if only is not None and only not in PARTS:
        raise UsageError(f"unknown part {only!r} of a summary", f"known parts are {', '.join(PARTS)}")

    chosen = _scope(scope, from_file)
    with frame.assistant(budget=budget) as assistant:
        writing = _writing(frame, assistant, llm, timeout, ask=not yes)
        notify(frame, assistant)
        summary = assistant.summarize(
            topic, filters=filter, scope=chosen, columns=parse_columns(columns), writing=writing
        )
        summary = excerpt(summary, only) if only else summary
        asked = {"scope": scope, "only": only, "columns": parse_columns(columns), "llm": llm}
        answer_id = assistant.remember(Kind.SUMMARY, topic, summary, filters=filter, asked=asked)
        if out is not None:
            _write_report(frame, assistant, summary, out, style)
        notify(frame, assistant)
    if out is None and as_json:
        print_json({"answer_id": answer_id, **summary.to_json()})
    elif out is None:
        from assistant.render import summary_lines

        print_screen(frame, summary_lines(summary))
    elif summary.refused:
        say(frame, f"no summary: {summary.reason}")
    return REFUSED if summary.refused else DONE


def compare(
    frame: Frame,
    keys: Annotated[
        list[str], typer.Argument(metavar="KEY...", help="Citation keys of the papers.", autocompletion=complete_key)
    ],
    columns: ColumnsOption = "",
    as_json: JsonOption = False,
) -> int:
    """Show papers side by side: problem, method, data, main figure, year."""
    from assistant.history import Kind
    from assistant.summaries import parse_columns

    with frame.assistant() as assistant:
        table = assistant.compare(keys, parse_columns(columns))
        asked = {"columns": parse_columns(columns)}
        answer_id = assistant.remember(Kind.COMPARISON, " ".join(keys), table, asked=asked)
        notify(frame, assistant)
    if as_json:
        from dataclasses import asdict

        print_json({"answer_id": answer_id, **asdict(table)})
    else:
        from assistant.render import table_lines

        print_screen(frame, table_lines(table))
    return DONE


def _check_file(out: Path | None, style: str) -> None:
    """Refuse a file or a style that cannot be written before anything is computed or paid."""
    if out is not None:
        from assistant.report import FORMATS

        if out.suffix not in FORMATS:
            known = ", ".join(FORMATS)
            raise UsageError(
                f"cannot write a summary as {out.suffix or out.name!r}", f"name a file that ends in {known}"
            )
        if not out.parent.is_dir():
            raise AssistantError(
                f"cannot write {out}: there is no folder {out.parent}", "make it, or name another file"
            )
    from assistant.export import STYLES

    if style not in STYLES:
        raise UsageError(f"unknown reference style {style!r}", f"known styles are {', '.join(STYLES)}")


def _scope(text: str | None, from_file: Path | None) -> int | str | tuple[str, ...] | None:
    """Return the scope that the flags name: a number, a word, or keys."""
    if from_file is not None:
        if text is not None:
            raise UsageError("--scope and --from-file both say which papers to use", "give one of them")
        return _keys(from_file)
    if text is None or text in _WORDS:
        return text
    if text.isdecimal() and int(text) > 0:
        return int(text)
    raise UsageError(f"--scope cannot be {text!r}", "a number of papers from 1, strict, broad or all")


def _keys(path: Path) -> tuple[str, ...]:
    """Return the keys in a file: parted by white space or commas, `#` starts a comment."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no text"
        raise AssistantError(f"cannot read {path}: {why}", "it must be a text file of citation keys") from None
    keys = tuple(key for line in lines for key in line.split("#")[0].replace(",", " ").split())
    if not keys:
        raise AssistantError(f"{path} names no paper", "write one citation key a line")
    return keys


def _writing(
    frame: Frame, assistant: Assistant, llm: str | None, timeout: float | None, *, ask: bool
) -> ModelWriting | None:
    def approve(plan: Plan) -> bool:
        say(frame, plan.described(assistant.price(llm)))
        return not (ask and sys.stdin.isatty()) or typer.confirm("go on?", default=True, err=True)

    def tell(progress: Progress) -> None:
        how = f": {progress.failure}" if progress.failure else " (kept)" if progress.kept else ""
        say(frame, f"{progress.done} of {progress.sections}: {progress.title}{how}")

    return assistant.model_writing(llm, timeout, approve, tell)


def _write_report(frame: Frame, assistant: Assistant, summary: Summary, out: Path, style: str) -> None:
    """Write the report, and the bibliography of a report for people beside it."""
    from assistant.report import bibliography, format_report

    entries = (*summary.scope, *summary.borderline)
    papers = {entry.key: assistant.get(entry.key) for entry in entries}
    write_text(format_report(summary, papers, out.suffix, style), out)
    if out.suffix != ".json" and summary.references:
        beside = out.with_suffix(".bib")
        write_text(bibliography(summary, papers), beside)
        say(frame, f"the references are in {beside}")
