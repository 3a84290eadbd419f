"""The input line at a terminal: history, completion, keys, several lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from prompt_toolkit import PromptSession, prompt
from prompt_toolkit.completion import CompleteEvent, Completer, Completion, PathCompleter, ThreadedCompleter
from prompt_toolkit.document import Document
from prompt_toolkit.enums import EditingMode
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent

from assistant.repl.chat import Chat
from assistant.settings import state_dir

QUOTES = '"""'
_OFFERED = 50  # completions at most


class Prompt:
    """Reads one turn at a time from the terminal."""

    def __init__(self, chat: Chat) -> None:
        vi = chat.settings.editing_mode == "vi"
        self._chat = chat
        self._session: PromptSession[str] = PromptSession(
            history=_history(chat.settings.history),
            completer=ThreadedCompleter(ChatCompleter(chat)),
            complete_while_typing=False,
            editing_mode=EditingMode.VI if vi else EditingMode.EMACS,
            enable_history_search=True,
            key_bindings=_keys(),
            prompt_continuation=_continuation,
            reserve_space_for_menu=4,
        )
        self._session.app.after_render += lambda _app: chat.load()  # imports would hold the prompt up

    def read(self) -> str:
        """Return what was typed, without the blanks and quotes around it.

        Raises:
            KeyboardInterrupt: Ctrl-C; the line is gone.
            EOFError: Ctrl-D on an empty line.
        """
        text = self._session.prompt(self._chat.prompt())
        return text.strip().removeprefix(QUOTES).removesuffix(QUOTES).strip()

    def confirm(self, question: str) -> bool:
        """Return whether the user says yes; anything else, Ctrl-C and Ctrl-D too, is a no."""
        try:
            return prompt(f"{question} [y/N] ").strip().lower() in ("y", "yes")
        except (KeyboardInterrupt, EOFError):
            return False


class ChatCompleter(Completer):
    """Completes commands, and their arguments from the library."""

    def __init__(self, chat: Chat) -> None:
        self._chat = chat
        self._paths = PathCompleter(expanduser=True)

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterator[Completion]:
        """Yield what may stand at the cursor."""
        text = document.text_before_cursor
        if not text.startswith("/"):
            return
        from assistant.repl.commands import COMMANDS

        name, blank, argument = text[1:].partition(" ")
        if not blank:
            yield from _starting(text, ((f"/{known.name}", known.help) for known in COMMANDS.values()))
            return
        kind = COMMANDS[name].completes if name in COMMANDS else ""
        if kind == "file":
            yield from self._paths.get_completions(Document(argument), complete_event)
        elif kind == "command":
            yield from _starting(argument, ((known.name, known.help) for known in COMMANDS.values()))
        elif self._chat.ready:  # Tab never waits for the library
            yield from self._from_library(kind, argument)

    def _from_library(self, kind: str, argument: str) -> Iterator[Completion]:
        if kind == "key":
            word = argument.replace(",", " ").rpartition(" ")[2]
            found = ((paper.key, paper.title) for paper in self._chat.assistant.papers())
            yield from _starting(word, found)
        elif kind == "session":
            yield from _starting(argument, ((name, "") for name, _, _ in self._chat.sessions.list()))
        elif kind == "filter":
            yield from self._filter_values(argument.rpartition(" ")[2].lstrip("-"))

    def _filter_values(self, word: str) -> Iterator[Completion]:
        field, colon, value = word.partition(":")
        if not colon:
            from assistant.filters import FIELDS

            yield from _starting(word, ((f"{name}:", "") for name in FIELDS))
            return
        value = value.rpartition(",")[2]
        yield from _starting(value, ((known, "") for known in sorted(_values(self._chat, field))))


def _values(chat: Chat, field: str) -> set[str]:
    """Return what the library's papers have in a field that a filter can name."""
    papers = chat.assistant.papers()
    if field == "author":
        return {author.rpartition(" ")[2] for paper in papers for author in paper.authors}
    if field == "category":
        return {category for paper in papers for category in paper.categories}
    if field == "venue":
        return {f'"{paper.venue}"' for paper in papers if paper.venue}
    if field == "key":
        return {paper.key for paper in papers}
    if field == "year":
        return {str(paper.year) for paper in papers if paper.year}
    return set()


def _starting(word: str, offered: Iterable[tuple[str, str]]) -> Iterator[Completion]:
    """Yield the first of `offered` (text, explanation) that begin with `word`, ignoring case."""
    count = 0
    for text, meaning in offered:
        if text.lower().startswith(word.lower()):
            count += 1
            if count > _OFFERED:
                return
            yield Completion(text, start_position=-len(word), display_meta=meaning)


def _continuation(_width: int, _line: int, wrapped: int) -> str:
    """Return what stands before a further line; nothing where one line goes on because the screen is narrow."""
    return "" if wrapped else "… "


def _keys() -> KeyBindings:
    """Return the keys for several lines: Alt-Enter adds one, Enter inside triple quotes too."""
    keys = KeyBindings()

    @keys.add("escape", "enter")
    def _(event: KeyPressEvent) -> None:
        event.current_buffer.insert_text("\n")

    @keys.add("enter")
    def _(event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        text = buffer.text.strip()
        if text.startswith(QUOTES) and (len(text) < 2 * len(QUOTES) or not text.endswith(QUOTES)):
            buffer.insert_text("\n")
        elif buffer.complete_state and buffer.complete_state.current_completion:
            buffer.complete_state = None
        else:
            buffer.validate_and_handle()

    return keys


def _history(kept: bool) -> History:
    """Return the history file of this user, readable by nobody else; memory where it cannot be written."""
    if not kept:
        return InMemoryHistory()
    path: Path = state_dir() / "history"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
    except OSError:
        return InMemoryHistory()
    return FileHistory(path)
