"""Commands that look at the papers behind the answers."""

from __future__ import annotations

import os
from collections.abc import Iterator

from assistant.answers import Answer, Citation, Reference
from assistant.errors import UsageError
from assistant.export import FORMATS, STYLES, cite_in_style, export
from assistant.history import Kind
from assistant.render import (
    BLANK,
    Line,
    highlighted,
    neighbour_lines,
    paper_lines,
    recheck_lines,
    reference_line,
    table_lines,
    why_lines,
)
from assistant.repl.browser import address, open_in_browser
from assistant.repl.chat import Chat
from assistant.repl.registry import command
from assistant.text import counted


@command("sources")
def sources(chat: Chat, _argument: str) -> Iterator[Line]:
    """Show every abstract that the last answer cites, the quoted sentences marked."""
    answer = chat.last_sourced_answer()
    if answer.answer_id != chat.last_answer().answer_id:
        yield Line.of((f"The last answer cites no paper; these are of “{answer.question}”:", "dim"))
    for place, reference in enumerate(answer.references):
        if place:
            yield BLANK
        yield reference_line(reference)
        paper = chat.find(reference.key)
        if paper is None:
            yield Line.of(("no longer in the library", "dim"), first="      ")
            continue
        spans = [(quote.start, quote.end) for quote in _quotes(answer, reference.key)]
        yield Line(highlighted(paper.abstract, spans), "      ")


@command("show", "N|KEY", completes="key")
def show(chat: Chat, argument: str) -> Iterator[Line]:
    """Show the whole record of a paper."""
    yield from paper_lines(chat.paper(argument))


@command("open", "N|KEY", completes="key")
def open_paper(chat: Chat, argument: str) -> Iterator[Line]:
    """Open the page of a paper in the browser, or print its address where there is none."""
    url = address(chat.paper(argument))
    opened = chat.at_terminal and open_in_browser(url, os.environ)
    yield Line.of(f"opened {url}" if opened else url)


@command("cite", "N|KEY [STYLE]", completes="key")
def cite(chat: Chat, argument: str) -> Iterator[Line]:
    """Print a reference: short, apa, ieee, chicago, or bibtex and the like."""
    name, _, style = argument.partition(" ")
    paper = chat.paper(name)
    style = style.strip() or "short"
    if style in STYLES:
        yield Line.of(cite_in_style(Reference.of(paper, 1), style))
        return
    if style not in FORMATS:
        raise UsageError(f"unknown style {style!r}", f"known are {', '.join((*STYLES, *FORMATS))}")
    for row in "".join(export([paper], style)).rstrip().splitlines():
        yield Line.of(row)


@command("similar", "N|KEY", completes="key")
def similar(chat: Chat, argument: str) -> Iterator[Line]:
    """List the papers nearest to a paper."""
    paper = chat.paper(argument)
    yield Line.of((f"nearest to {paper.key}, {paper.title}:", "dim"))
    yield from neighbour_lines(chat.assistant.nearest(paper.key))


@command("why", "N|KEY", completes="key")
def why(chat: Chat, argument: str) -> Iterator[Line]:
    """Say why the last answer has a paper: its rank, its sentences, what came next."""
    answer, key = chat.last_sourced_answer(), chat.key(argument)
    number = next((reference.number for reference in answer.references if reference.key == key), None)
    if number is not None:
        yield from why_lines(chat.assistant.why(answer.answer_id, number))
        return
    ranks = {entry.key: entry for entry in answer.retrieved}
    if key not in ranks:
        yield Line.of(
            f"{key} was not among the {counted(len(ranks), 'paper')} retrieved for {answer.standalone_question!r}"
        )
        return
    entry = ranks[key]
    yield Line.of(
        (key, "cyan"), f": rank {entry.rank} of {len(ranks)}, score {entry.score:.3f}, retrieved but not cited"
    )


@command("verify", "[N|KEY|llm|rules]", completes="key")
def verify(chat: Chat, argument: str) -> Iterator[Line]:
    """Check the last answer again, or what it cites of a paper; or say who checks from now on."""
    if argument in ("llm", "rules"):
        if argument == "llm" and chat.assistant.model(chat.llm) is None:
            raise UsageError("there is no model to ask", "choose one with /llm")
        chat.second_opinion = argument == "llm"
        also = "the rules and then the model, which can only lower a verdict" if chat.second_opinion else "the rules"
        yield Line.of(f"the sentences of a model's answers are checked by {also}")
        return
    key = chat.key(argument) if argument else ""
    found = [
        checked
        for checked in chat.assistant.recheck(chat.last_sourced_answer())
        if not key or key in (citation.key for citation in checked.before.citations)
    ]
    if not found:
        raise UsageError(f"the last answer has no sentence {f'that cites {key}' if key else 'to check'}")
    yield from recheck_lines(found)


@command("table", "[N,N,...]", completes="key")
def table(chat: Chat, argument: str) -> Iterator[Line]:
    """Put papers side by side: those named, or those that the last answer cites."""
    names = [name for name in argument.replace(",", " ").split() if name]
    keys = [chat.key(name) for name in names] or [reference.key for reference in chat.last_sourced_answer().references]
    compared = chat.assistant.compare(keys)
    chat.assistant.remember(Kind.COMPARISON, " ".join(keys), compared)
    yield from table_lines(compared)


def _quotes(answer: Answer, key: str) -> list[Citation]:
    return [citation for claim in answer.claims for citation in claim.citations if citation.key == key]
