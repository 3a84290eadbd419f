"""`ask` and `search`: one question, or a file of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.cli.frame import DONE, REFUSED, Frame, with_globals
from assistant.cli.given import given_text
from assistant.cli.options import (
    BudgetOption,
    ContextOption,
    FilterOption,
    JsonOption,
    LlmOption,
    NoInferOption,
    RerankOption,
    TimeoutOption,
    TopKOption,
    VerifyOption,
)
from assistant.cli.output import notify, print_json, print_screen
from assistant.errors import StoreError, UsageError

if TYPE_CHECKING:
    from assistant.answers import Answer
    from assistant.app import Assistant
    from assistant.qa import AskOptions
    from assistant.retrieval import Retrieval

ONE_SHOT = "ask"  # the session of the last question that was asked on its own


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("ask")(with_globals(ask))
    app.command("search")(with_globals(search))


def ask(
    frame: Frame,
    question: Annotated[
        str | None, typer.Argument(metavar="QUESTION", help="The question; - reads it from stdin.")
    ] = None,
    filter: FilterOption = "",
    top_k: TopKOption = None,
    llm: LlmOption = None,
    timeout: TimeoutOption = None,
    budget: BudgetOption = None,
    context: ContextOption = None,
    verify: VerifyOption = None,
    rerank: RerankOption = None,
    no_infer: NoInferOption = False,
    go_on: Annotated[bool, typer.Option("-c", "--continue", help="Go on with the last session.")] = False,
    as_json: JsonOption = False,
    questions: Annotated[
        Path | None,
        typer.Option("--questions", metavar="Q.jsonl", help='Answer every line of {"_id", "text", "filter"?}.'),
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="A.jsonl", help="Where those answers go.")] = None,
) -> int:
    """Answer a question, every sentence with its source."""
    files = _pair(question, questions, out, "--questions", "--out")
    text = given_text(question, "QUESTION") if files is None else ""
    with frame.assistant(llm=llm, budget=budget, context=context, verify=verify, rerank=rerank) as assistant:
        infer = False if no_infer or files is not None else None
        options = assistant.ask_options(filters=filter, top_k=top_k, llm=llm, timeout=timeout, infer=infer)
        if files is not None:
            from assistant.cli.batch import answer_all

            return answer_all(frame, assistant, options, files)
        answer = _in_session(assistant, text, options, go_on=go_on)
        notify(frame, assistant, (notice.message for notice in answer.warnings))
        if as_json:
            print_json(answer.to_json())
        else:
            from assistant.render import answer_lines

            print_screen(frame, answer_lines(answer))
    return REFUSED if answer.refused else DONE


def search(
    frame: Frame,
    query: Annotated[str | None, typer.Argument(metavar="QUERY", help="Plain words; - reads them from stdin.")] = None,
    filter: FilterOption = "",
    top_k: TopKOption = None,
    diverse: Annotated[
        bool, typer.Option("--diverse", help="Papers unlike one another, at some cost in relevance.")
    ] = False,
    rerank: RerankOption = None,
    as_json: JsonOption = False,
    queries: Annotated[
        Path | None,
        typer.Option("--queries", metavar="Q.jsonl", help='Search every line of {"_id", "text", "filter"?}.'),
    ] = None,
    run: Annotated[Path | None, typer.Option("--run", metavar="RUN.trec", help="Where those rankings go.")] = None,
) -> int:
    """Find papers, each with its best sentence."""
    files = _pair(query, queries, run, "--queries", "--run")
    text = given_text(query, "QUERY") if files is None else ""
    with frame.assistant(rerank=rerank) as assistant:
        if files is not None:
            from assistant.cli.batch import search_all

            return search_all(frame, assistant, files, filters=filter, top_k=top_k, diverse=diverse)
        retrieval = assistant.search(text, filters=filter, top_k=top_k, diverse=diverse)
        hits = list(search_objects(retrieval))
        notify(frame, assistant, () if hits else [f"nothing found; papers searched: {retrieval.searched:,}"])
    if as_json:
        print_json(*hits)
    else:
        from assistant.render import hit_lines

        print_screen(frame, hit_lines(hits))
    return DONE


def _in_session(assistant: Assistant, text: str, options: AskOptions, *, go_on: bool) -> Answer:
    """Return the answer to a question on its own, or to the next turn of the session that was used last.

    A question on its own begins the session "ask" anew, so that -c can go on from it.
    """
    from assistant.conversation import Reading, Sessions

    sessions = Sessions(assistant)
    if go_on:
        name = sessions.last()
        conversation = sessions.open(name)
        reading = conversation.read(text)
        answer = assistant.ask(text, replace(conversation.options(reading, options), session=name))
    else:
        name, (_, conversation) = ONE_SHOT, sessions.new()
        answer = assistant.ask(text, replace(options, session=name))
        searched = answer.standalone_question
        reading = Reading(text, searched, answer.intent, base=searched)
    conversation.add(reading, answer)
    # A library that cannot be written still answers; it has said so already.
    with suppress(StoreError):
        sessions.save(name, conversation)
    return answer


def search_objects(retrieval: Retrieval) -> Iterator[dict[str, Any]]:
    """Yield the `search --json` object of each paper found."""
    for ranked in retrieval.papers:
        yield {
            "rank": ranked.rank,
            "key": ranked.paper.key,
            "source_id": ranked.paper.source_id,
            "score": round(ranked.score, 6),
            "title": ranked.paper.title,
            "year": ranked.paper.year,
            "best_sentence": ranked.sentences[0].sentence.text if ranked.sentences else None,
        }


def _pair(argument: str | None, read: Path | None, write: Path | None, *names: str) -> tuple[Path, Path] | None:
    """Return the two files of a batch, None where one question was asked."""
    if read is None and write is None:
        return None
    if argument is not None or read is None or write is None:
        raise UsageError(f"{names[0]} and {names[1]} go together, without a question beside them")
    return read, write
