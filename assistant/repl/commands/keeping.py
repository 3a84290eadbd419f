"""Commands that keep, find and leave conversations, and add papers."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path

from assistant.errors import AssistantError, UsageError
from assistant.export import export
from assistant.render import Line, ingest_lines
from assistant.repl.chat import Chat
from assistant.repl.registry import COMMANDS, command, find_command
from assistant.repl.transcript import transcript
from assistant.text import counted

SESSIONS = 20  # that /sessions lists


@command("history", "[N]")
def history(chat: Chat, argument: str) -> Iterator[Line]:
    """List the questions of this session."""
    shown = int(argument) if argument.isdecimal() else 20
    names = chat.conversation.answer_ids
    for place, name in list(enumerate(names, start=1))[-shown:]:
        answer = chat.sessions.answer(name)
        status = "" if answer.status == "answered" else f" ({answer.status})"
        yield Line.of(answer.question, (status, "yellow"), first=f"{place:>3}  ")
    if not names:
        yield Line.of("no questions yet")


@command("stats")
def stats(chat: Chat, _argument: str) -> Iterator[Line]:
    """Say how many turns, papers, tokens and seconds this chat took."""
    spent, meter = chat.spent, chat.assistant.meter
    tokens = meter.input_tokens + meter.output_tokens
    cost = "unknown" if meter.cost is None else f"${meter.cost:.4f}"
    yield Line.of(f"session {chat.session}")
    yield Line.of(f"answers: {spent.turns} in {spent.seconds:.1f} s, {tokens:,} tokens, cost {cost}")
    yield Line.of(f"papers cited: {len(chat.conversation.cited)} of {chat.assistant.library.count():,} in the library")


@command("save", "FILE.md|.html|.json", completes="file")
def save(chat: Chat, argument: str) -> Iterator[Line]:
    """Write the conversation to a file, with references and BibTeX."""
    path = _target(argument)
    text = transcript(path.suffix, chat.session, chat.answers(), chat.find)
    _write(path, text)
    yield Line.of(f"answers in {path}: {len(chat.conversation.answer_ids)}")


@command("bib", "FILE.bib", completes="file")
def bibliography(chat: Chat, argument: str) -> Iterator[Line]:
    """Write the papers cited in this session as BibTeX."""
    path = _target(argument)
    papers = [paper for paper in map(chat.find, chat.conversation.cited) if paper is not None]
    if not papers:
        raise UsageError("no paper has been cited yet", "ask a question first")
    _write(path, "".join(export(papers, "bibtex")))
    yield Line.of(f"papers in {path}: {len(papers)}")


@command("sessions", "[NAME]", completes="session")
def sessions(chat: Chat, argument: str) -> Iterator[Line]:
    """List the stored sessions, or go on with one."""
    known = chat.sessions.list()
    if argument:
        if argument not in {name for name, _, _ in known}:
            raise UsageError(f"there is no session {argument!r}", "/sessions lists them")
        chat.begin(argument)
        yield Line.of(f"this is {argument}, {counted(len(chat.conversation.answer_ids), 'answer')} so far")
        return
    for name, _, updated in known[:SESSIONS]:
        mark = "*" if name == chat.session else " "
        begun = chat.sessions.first_question(name)
        yield Line.of(name, (f"  {updated[:16].replace('T', ' ')}", "dim"), f"  {begun}", first=f"{mark} ")
    if len(known) > SESSIONS:
        yield Line.of((f"and {len(known) - SESSIONS} older ones; Tab after /sessions completes their names", "dim"))
    if not known:
        yield Line.of("no session is stored yet")


@command("rename", "NAME")
def rename(chat: Chat, argument: str) -> Iterator[Line]:
    """Give this session a name."""
    chat.rename(argument)
    yield Line.of(f"this session is now {argument}")


@command("clear")
def clear(chat: Chat, _argument: str) -> Iterator[Line]:
    """Begin a new session: nothing before it is referred to."""
    chat.begin()
    yield Line.of("a new session; numbers begin at 1 again")


@command("ingest", "SOURCE...", completes="file")
def ingest(chat: Chat, argument: str) -> Iterator[Line]:
    """Add papers to the library."""
    try:
        sources = shlex.split(argument)
    except ValueError as error:
        raise UsageError(f"cannot read {argument!r}: {error}", "put names with blanks in quotes") from None
    if not sources:
        raise UsageError("ingest what?", "name files or folders, or --sample")
    sample = "--sample" in sources
    files = [name for name in sources if name != "--sample"]
    if cost := chat.assistant.ingest_cost(files, sample=sample):
        yield Line.of((cost, "dim"))
    yield from ingest_lines(chat.assistant.ingest(files, sample=sample))


@command("help", "[COMMAND]", completes="command")
def show_help(_chat: Chat, argument: str) -> Iterator[Line]:
    """Say what one can type here."""
    if argument:
        found = find_command(argument.lstrip("/"))
        yield Line.of((f"/{found.name} {found.usage}".rstrip(), "bold"))
        yield Line.of(found.help, first="  ")
        return
    yield Line.of("Ask a question in plain words, or type a command:")
    width = max(len(f"/{known.name} {known.usage}") for known in COMMANDS.values())
    for known in COMMANDS.values():
        yield Line.of(known.help, first=f"  {f'/{known.name} {known.usage}':<{width}}  ")
    yield Line.of(('Several lines: Alt-Enter, or """ before and after. Ctrl-C stops an answer, Ctrl-D leaves.', "dim"))


@command("quit")
def leave(chat: Chat, _argument: str) -> Iterator[Line]:
    """Leave the chat."""
    chat.leaving = True
    yield from ()


def _target(argument: str) -> Path:
    if not argument:
        raise UsageError("which file?", "give its name")
    return Path(argument.strip("\"'")).expanduser()


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise AssistantError(f"cannot write {path}: {error.strerror}", "name another file") from None
