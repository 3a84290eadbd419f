"""Commands that look at the papers behind the answers."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.answers import Citation
from assistant.errors import UsageError
from assistant.export import export
from assistant.render import (
    BLANK,
    Line,
    highlighted,
    hit_lines,
    paper_lines,
    reference_line,
    short_authors,
    table_lines,
)
from assistant.repl.chat import Chat
from assistant.repl.registry import command

SIMILAR = 5  # papers that /similar shows


@command("sources")
def sources(chat: Chat, _argument: str) -> Iterator[Line]:
    """Show every abstract that the last answer cites, the quoted sentences marked."""
    answer = chat.last_answer()
    if not answer.references:
        raise UsageError("the last answer cites no paper", "/history shows the turns before")
    for place, reference in enumerate(answer.references):
        if place:
            yield BLANK
        yield reference_line(reference)
        paper = chat.find(reference.key)
        if paper is None:
            yield Line.of(("no longer in the library", "dim"), first="      ")
            continue
        spans = [(quote.start, quote.end) for quote in _quotes(chat, reference.key)]
        yield Line(highlighted(paper.abstract, spans), "      ")


@command("show", "N|KEY", completes="key")
def show(chat: Chat, argument: str) -> Iterator[Line]:
    """Show the whole record of a paper."""
    yield from paper_lines(chat.paper(argument))


@command("open", "N|KEY", completes="key")
def address(chat: Chat, argument: str) -> Iterator[Line]:
    """Print the address of a paper."""
    paper = chat.paper(argument)
    if paper.url:
        yield Line.of(paper.url)
    elif paper.doi:
        yield Line.of(f"https://doi.org/{paper.doi}")
    elif paper.arxiv_id:
        yield Line.of(f"https://arxiv.org/abs/{paper.arxiv_id}")
    else:
        raise UsageError(f"{paper.key} has no DOI, no arXiv id and no URL")


@command("cite", "N|KEY [bibtex]", completes="key")
def cite(chat: Chat, argument: str) -> Iterator[Line]:
    """Print a reference, as text or as BibTeX."""
    name, _, style = argument.partition(" ")
    paper = chat.paper(name)
    if style.strip() in ("", "text"):
        where = paper.venue or (f"arXiv:{paper.arxiv_id}" if paper.arxiv_id else "")
        tail = f"https://doi.org/{paper.doi}" if paper.doi else ""
        authors = ", ".join(paper.authors) or short_authors(())
        others = "" if paper.authors_complete else " and others"
        parts = [f"{authors}{others} ({paper.year or 'no year'})", paper.title, where, tail]
        yield Line.of(". ".join(part for part in parts if part))
        return
    for row in "".join(export([paper], style.strip())).rstrip().splitlines():
        yield Line.of(row)


@command("similar", "N|KEY", completes="key")
def similar(chat: Chat, argument: str) -> Iterator[Line]:
    """List the papers nearest to a paper."""
    paper = chat.paper(argument)
    found = chat.assistant.search(f"{paper.title}. {paper.abstract[:300]}", top_k=SIMILAR + 1)
    others = [ranked for ranked in found.papers if ranked.paper.key != paper.key][:SIMILAR]
    yield from hit_lines(
        [
            {
                "rank": rank,
                "key": ranked.paper.key,
                "title": ranked.paper.title,
                "year": ranked.paper.year,
                "score": ranked.score,
                "best_sentence": None,
            }
            for rank, ranked in enumerate(others, start=1)
        ]
    )


@command("why", "N|KEY", completes="key")
def why(chat: Chat, argument: str) -> Iterator[Line]:
    """Say why the last answer has a paper: its rank, its sentences, what came next."""
    answer, key = chat.last_answer(), chat.key(argument)
    ranks = {entry.key: entry for entry in answer.retrieved}
    if key not in ranks:
        yield Line.of(f"{key} was not among the {len(ranks)} papers retrieved for {answer.standalone_question!r}")
        return
    entry = ranks[key]
    role = "cited" if entry.cited else "retrieved, not cited"
    yield Line.of((key, "cyan"), f": rank {entry.rank} of {len(ranks)}, score {entry.score:.3f}, {role}")
    for quote in _quotes(chat, key):
        yield Line.of(quote.quote, first="  quoted: ")
    below = next((other for other in answer.retrieved if other.rank == entry.rank + 1), None)
    if below is not None:
        yield Line.of((f"next below: {below.key}, score {below.score:.3f}", "dim"))


@command("table", "[N,N,...]", completes="key")
def table(chat: Chat, argument: str) -> Iterator[Line]:
    """Put papers side by side: those named, or those that the last answer cites."""
    names = [name for name in argument.replace(",", " ").split() if name]
    keys = [chat.key(name) for name in names] or [reference.key for reference in chat.last_answer().references]
    if not keys:
        raise UsageError("which papers?", "give their numbers, such as /table 1,3")
    yield from table_lines(chat.assistant.compare(keys))


def _quotes(chat: Chat, key: str) -> list[Citation]:
    claims = chat.last_answer().claims
    return [citation for claim in claims for citation in claim.citations if citation.key == key]
