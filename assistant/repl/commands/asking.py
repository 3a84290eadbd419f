"""Commands that ask, or change what is asked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from assistant.errors import AssistantError, UsageError
from assistant.filters import Filter, Term, parse_filter
from assistant.history import Kind
from assistant.render import Line, audit_lines, stance_lines, summary_lines
from assistant.repl.chat import Chat
from assistant.repl.registry import Asking, command
from assistant.text import counted


@command("search", "WORDS")
def search(_chat: Chat, argument: str) -> Asking:
    """Ask exactly these words, whatever was said before."""
    if not argument:
        raise UsageError("search for what?", "write /search and the question to search for")
    from assistant.conversation import Reading
    from assistant.qa import detect_intent

    return Asking(Reading(argument, argument, detect_intent(argument), base=argument))


@command("summary", "TOPIC")
def summary(chat: Chat, argument: str) -> Iterator[Line]:
    """Write an overview of a topic, every sentence cited."""
    if not argument:
        raise UsageError("an overview of what?", "write /summary and a topic")
    price = chat.assistant.price(chat.llm)
    writing = chat.assistant.model_writing(
        chat.llm, approve=lambda plan: chat.confirm(f"{plan.described(price)}. Go on?")
    )
    filters = str(chat.conversation.filters)
    written = chat.assistant.summarize(argument, filters=filters, writing=writing)
    chat.assistant.remember(Kind.SUMMARY, argument, written, filters=filters)
    yield from summary_lines(written)


@command("stance", "CLAIM")
def stance(chat: Chat, argument: str) -> Iterator[Line]:
    """Show which papers support a claim and which contradict it."""
    if not argument:
        raise UsageError("the stance on what?", "write /stance and one sentence")
    filters = str(chat.conversation.filters)
    report = chat.assistant.stance(argument, filters=filters)
    chat.assistant.remember(Kind.STANCE, argument, report, filters=filters)
    yield from stance_lines(report)


@command("audit", "FILE", completes="file")
def audit(chat: Chat, argument: str) -> Iterator[Line]:
    """Check the citations of a text file against the library."""
    if not argument:
        raise UsageError("audit which file?", "name a Markdown, LaTeX or text file")
    path = Path(argument.strip("\"'")).expanduser()
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise AssistantError(f"cannot read {path}: {error.strerror}", "name another file") from None
    yield from audit_lines(list(chat.assistant.audit(text)))


@command("filter", "[EXPR|off]", completes="filter")
def set_filter(chat: Chat, argument: str) -> Iterator[Line]:
    """Search only papers such as year:2020.. author:chen, until /filter off."""
    if argument == "off":
        chat.conversation.filters = Filter()
    elif argument:
        chat.conversation.filters = parse_filter(argument)
    if argument:
        chat.save()
    yield _filter_line(chat)


@command("only", "N,N,...", completes="key")
def only(chat: Chat, argument: str) -> Iterator[Line]:
    """Search only these papers, until /filter off."""
    yield from _restrict(chat, argument, negated=False)


@command("exclude", "N,N,...", completes="key")
def exclude(chat: Chat, argument: str) -> Iterator[Line]:
    """Leave these papers out, until /filter off."""
    yield from _restrict(chat, argument, negated=True)


@command("llm", "[SPEC]")
def choose_model(chat: Chat, argument: str) -> Iterator[Line]:
    """Say which model writes, or choose one: none, ollama/MODEL, a URL."""
    if argument:
        chat.assistant.model(argument)
        chat.llm = argument
    model = chat.assistant.model(chat.llm)
    yield Line.of(
        f"model: {model.name}" if model is not None else "no model: answers are made of the papers' sentences"
    )


@command("retry", "[SPEC]")
def retry(chat: Chat, argument: str) -> Asking:
    """Answer the last question again, with another model if you name one."""
    return Asking(chat.last_reading(), argument or None, again=True)


@command("undo")
def undo(chat: Chat, _argument: str) -> Iterator[Line]:
    """Forget the last question and its answer."""
    yield Line.of(f"forgotten: {chat.undo().text}")


def _restrict(chat: Chat, argument: str, *, negated: bool) -> Iterator[Line]:
    names = [name for name in argument.replace(",", " ").split() if name]
    if not names:
        raise UsageError("which papers?", "give their numbers, such as 1,3")
    keys = [chat.key(name) for name in names]
    terms = chat.conversation.filters.terms
    if negated:
        # What was left out before stays out; what only names papers is kept.
        keys = [key for term in terms if term.field == "key" and term.negated for key in term.values] + keys
        kept = tuple(term for term in terms if (term.field, term.negated) != ("key", True))
    else:
        kept = tuple(term for term in terms if term.field != "key")
    chat.conversation.filters = Filter((*kept, Term("key", tuple(dict.fromkeys(keys)), negated)))
    chat.save()
    yield _filter_line(chat)


def _filter_line(chat: Chat) -> Line:
    filters = chat.conversation.filters
    count = chat.assistant.count(str(filters))
    return Line.of(f"filter: {filters or 'none'} ({counted(count, 'paper')})")
