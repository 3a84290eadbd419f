"""The commands of the chat."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.render import BLANK, Line, highlighted, paper_lines, reference_line
from assistant.repl.chat import Chat
from assistant.repl.registry import COMMANDS, command, find_command


@command("help", "[COMMAND]", completes="command")
def show_help(_chat: Chat, argument: str) -> Iterator[Line]:
    """What one can type here."""
    if argument:
        found = find_command(argument.lstrip("/"))
        yield Line.of((f"/{found.name} {found.usage}".rstrip(), "bold"))
        yield Line.of(found.help, first="  ")
        return
    yield Line.of("Ask a question in plain words, or type a command:")
    width = max(len(f"/{known.name} {known.usage}") for known in COMMANDS.values())
    for known in COMMANDS.values():
        yield Line.of(known.help, first=f"  {f'/{known.name} {known.usage}':<{width}}  ")
    yield Line.of(("Ctrl-C stops an answer, Ctrl-D leaves.", "dim"))


@command("sources", "")
def sources(chat: Chat, _argument: str) -> Iterator[Line]:
    """Every abstract that the last answer cites, the quoted sentences marked."""
    for reference in chat.last_answer().references:
        yield reference_line(reference)
        paper = chat.find(reference.key)
        spans = [(quote.start, quote.end) for quote in chat.quotes(reference)]
        yield Line(highlighted(paper.abstract, spans), "      ") if paper else Line.of("no longer in the library")
        yield BLANK


@command("show", "N|KEY", completes="key")
def show(chat: Chat, argument: str) -> Iterator[Line]:
    """The whole record of a paper."""
    yield from paper_lines(chat.paper(argument))


@command("quit", "")
def leave(chat: Chat, _argument: str) -> Iterator[Line]:
    """Leave the chat."""
    chat.leaving = True
    yield from ()
