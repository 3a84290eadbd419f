"""One running chat: the assistant behind it, the conversation so far, and what the user has set."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant.errors import AssistantError, StoreError, UsageError
from assistant.settings import Settings

if TYPE_CHECKING:
    from assistant.answers import Answer
    from assistant.app import Assistant
    from assistant.conversation import Conversation, Reading, Sessions
    from assistant.papers import Paper
    from assistant.qa import AskOptions, Event
    from assistant.repl.registry import Asking

    Watch = Callable[[Reading, AskOptions], Callable[[Event], None]]


LONGEST_MARK = 30  # characters of filters in the prompt


@dataclass(frozen=True, slots=True)
class Opening:
    """Which conversation a chat begins with: a named one, the last one, or a new one."""

    session: str | None = None
    resume: bool = False


@dataclass(slots=True)
class Spent:
    """How long the turns of this chat took; the assistant's meter counts tokens and dollars."""

    turns: int = 0
    seconds: float = 0.0

    def add(self, answer: Answer) -> None:
        """Count one answer."""
        self.turns += 1
        self.seconds += answer.timing.total_ms / 1000


class Chat:
    """What the chat's loops and its commands share.

    The program behind it is imported and opened in a thread, from `load` or the first use on; whoever needs it
    waits for it. A terminal calls `load` when its prompt is there, since imports hold up everything else.
    """

    def __init__(self, settings: Settings, opening: Opening | None = None) -> None:
        self.settings = settings
        self.llm: str | None = None  # what /llm chose
        self.second_opinion: bool | None = None  # what /verify chose
        self.spent = Spent()
        self.leaving = False
        self.confirm: Callable[[str], bool] = lambda _question: True  # a terminal asks whoever sits there
        self.at_terminal = False  # somebody sits there, whom a browser may be opened for
        self._last: Answer | None = None
        self._loader = _Loader(settings, opening or Opening())

    @property
    def ready(self) -> bool:
        """Whether everything is loaded."""
        return self._loader.ready

    @property
    def assistant(self) -> Assistant:
        """The assistant; the first call waits until it is loaded."""
        return self._loader.parts().assistant

    @property
    def sessions(self) -> Sessions:
        """The stored conversations."""
        return self._loader.parts().sessions

    @property
    def conversation(self) -> Conversation:
        """The conversation of this chat."""
        return self._loader.parts().conversation

    @property
    def session(self) -> str:
        """The name of the conversation."""
        return self._loader.parts().session

    def load(self) -> None:
        """Begin to load, behind whatever the caller does next."""
        self._loader.start()

    def close(self) -> None:
        """Close what was opened."""
        self._loader.close()

    def prompt(self) -> str:
        """Return what stands before the input, without waiting for anything: the filters that hold.

        Those in brackets hold until /filter off; those in parentheses came from the words of the last question and hold
        while one goes on with it.
        """
        if not self.ready:
            return "> "
        standing, last = self.conversation.filters, self.conversation.memory.last
        of_words = [term for term in last.reading.filters.terms if term not in standing.terms] if last else []
        marks = [f"[{_short(str(standing))}] "] if standing else []
        marks += [f"({_short(' '.join(map(str, of_words)))}) "] if of_words else []
        return "".join(marks) + "> "

    def read(self, text: str) -> Reading:
        """Return what `text` means after the turns so far."""
        return self.conversation.read(text, self.assistant.model(self.llm))

    def ask(self, asking: Asking, watch: Watch | None = None) -> Answer:
        """Return the answer to a turn, and take both into the conversation.

        A turn that is asked again takes the place of the last one when its answer is there, not before.

        Args:
            asking: what was typed, as `read` understood it, and by whom it is answered.
            watch: told how the turn is asked before it is answered; returns what watches the answer being made.
        """
        reading = asking.reading
        options = self.conversation.options(reading, self.assistant.ask_options(llm=asking.llm or self.llm))
        opinion = options.second_opinion if self.second_opinion is None else self.second_opinion
        options = replace(options, session=self.session, second_opinion=opinion)
        on_event = watch(reading, options) if watch is not None else _nobody
        answer = self.assistant.ask(reading.text, options, on_event)
        if asking.again:
            self.conversation.undo()
        self.conversation.add(reading, answer)
        self.spent.add(answer)
        self._last = answer
        self.save()
        return answer

    def save(self) -> None:
        """Store where the conversation stands; a library that cannot be written is no reason to stop talking."""
        try:
            self.sessions.save(self.session, self.conversation)
        except StoreError as error:
            self.assistant.notices.append(f"the session was not saved: {error.message}")

    def begin(self, name: str | None = None) -> None:
        """Go on with the conversation `name`, or begin a new one."""
        parts = self._loader.parts()
        if name is None:
            parts.session, parts.conversation = parts.sessions.new()
        else:
            parts.session, parts.conversation = name, parts.sessions.open(name)
        self._last = None

    def rename(self, name: str) -> None:
        """Give the conversation another name."""
        parts = self._loader.parts()
        parts.sessions.save(parts.session, parts.conversation)
        parts.sessions.rename(parts.session, name)
        parts.session = name

    def last_reading(self) -> Reading:
        """Return how the last turn was read.

        Raises:
            UsageError: there is none yet.
        """
        turns = self.conversation.memory.turns
        if not turns:
            raise UsageError("there is nothing to ask again", "ask a question first")
        return turns[-1].reading

    def undo(self) -> Reading:
        """Forget the last turn and return how it was read."""
        undone = self.conversation.undo().reading
        self._last = None
        self.save()
        return undone

    def answers(self) -> list[Answer]:
        """Return the answers of the conversation, oldest first."""
        return [self.sessions.answer(name) for name in self.conversation.answer_ids]

    def last_sourced_answer(self) -> Answer:
        """Return the last answer that cites a paper: small talk and refusals have nothing to show.

        Raises:
            UsageError: there is none yet.
        """
        for name in reversed(self.conversation.answer_ids):
            if (answer := self.sessions.answer(name)).references:
                return answer
        raise UsageError("no answer of this chat cites a paper yet", "ask a question first")

    def last_answer(self) -> Answer:
        """Return the last answer.

        Raises:
            UsageError: there is none yet.
        """
        if self._last is None and self.conversation.answer_ids:
            self._last = self.sessions.answer(self.conversation.answer_ids[-1])
        if self._last is None:
            raise UsageError("there is no answer yet", "ask a question first")
        return self._last

    def key(self, argument: str) -> str:
        """Return the citation key that a number of this chat, or a key, stands for."""
        name = argument.strip().strip("[]@")
        if not name:
            raise UsageError("which paper?", "give its number or its key")
        return self.conversation.key_of(int(name)) if name.isdecimal() else self.assistant.get(name).key

    def paper(self, argument: str) -> Paper:
        """Return the paper that a number of this chat or a citation key names."""
        return self.assistant.get(self.key(argument))

    def find(self, key: str) -> Paper | None:
        """Return the paper with that key, None where the library has it no more."""
        return self.assistant.find(key)

    def take_notices(self) -> list[str]:
        """Return what the user should be told besides answers, once."""
        notices = list(self.assistant.notices)
        self.assistant.notices.clear()
        return notices


def _short(filters: str) -> str:
    return filters if len(filters) <= LONGEST_MARK else f"{filters[: LONGEST_MARK - 1]}…"


def _nobody(_event: Event) -> None:
    """Watch nothing."""


@dataclass(slots=True)
class _Parts:
    assistant: Assistant
    sessions: Sessions
    session: str
    conversation: Conversation


class _Loader:
    """Imports and opens the assistant in a thread of its own and hands it over when it is ready."""

    def __init__(self, settings: Settings, opening: Opening) -> None:
        self._settings = settings
        self._opening = opening
        self._parts: Future[_Parts] = Future()
        self._thread: threading.Thread | None = None

    @property
    def ready(self) -> bool:
        return self._parts.done() and self._parts.exception() is None

    def start(self) -> None:
        """Start the thread, once."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._load, name="loader", daemon=True)
            self._thread.start()

    def parts(self) -> _Parts:
        """Return all parts, waiting for them; an error while loading is raised here."""
        self.start()
        while True:
            try:
                # A wait without a limit would keep Ctrl-C out on some platforms.
                return self._parts.result(timeout=1.0)
            except TimeoutError:
                if self._parts.done():
                    raise

    def close(self) -> None:
        if self.ready:
            self._parts.result().assistant.close()

    def _load(self) -> None:
        try:
            from assistant.app import open_assistant
            from assistant.conversation import Sessions

            assistant = open_assistant(self._settings)
            sessions = Sessions(assistant)
            name = self._opening.session or (sessions.last() if self._opening.resume else None)
            new_name, conversation = sessions.new() if name is None else (name, sessions.open(name))
            # Without a library there is nothing to warm; whoever asks is told so.
            with suppress(AssistantError):
                assistant.warm()
            self._parts.set_result(_Parts(assistant, sessions, new_name, conversation))
        except BaseException as error:  # noqa: BLE001 - raised again in the thread that waits
            self._parts.set_exception(error)
