"""One running chat: the assistant behind it and the conversation so far."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from typing import TYPE_CHECKING

from assistant.answers import Answer, Citation, Reference
from assistant.errors import AssistantError, UnknownKeyError, UsageError
from assistant.papers import Paper
from assistant.settings import Settings

if TYPE_CHECKING:
    from assistant.app import Assistant
    from assistant.conversation import Conversation
    from assistant.qa import AskOptions, Event


class Chat:
    """What the chat's loop and its commands share.

    The program behind it is imported and opened in a thread, so that the prompt is there first; whoever
    needs it waits for it.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.leaving = False
        self._loader = _Loader(settings)

    @property
    def assistant(self) -> Assistant:
        """The assistant; the first call waits until it is loaded."""
        return self._loader.parts()[0]

    @property
    def conversation(self) -> Conversation:
        """The conversation of this chat."""
        return self._loader.parts()[1]

    def close(self) -> None:
        """Close what was opened."""
        self._loader.close()

    def options(self) -> AskOptions:
        """Return the options of the conversation's next turn."""
        return self.conversation.options(self.assistant.ask_options())

    def ask(
        self, question: str, options: AskOptions | None = None, on_event: Callable[[Event], None] = lambda _: None
    ) -> Answer:
        """Return the answer to the next turn of the conversation."""
        answer = self.assistant.ask(question, options or self.options(), on_event)
        self.conversation.add(answer)
        return answer

    def last_answer(self) -> Answer:
        """Return the last answer that cites something.

        Raises:
            UsageError: there is none yet.
        """
        for answer in reversed(self.conversation.answers):
            if answer.references:
                return answer
        raise UsageError("no answer has cited a paper yet", "ask a question first")

    def paper(self, argument: str) -> Paper:
        """Return the paper that a number of this chat or a citation key names."""
        name = argument.strip().strip("[]")
        if not name:
            raise UsageError("which paper?", "give its number or its key")
        return self.assistant.get(self.conversation.key_of(int(name)) if name.isdecimal() else name)

    def find(self, key: str) -> Paper | None:
        """Return the paper with that key, None where the library has it no more."""
        try:
            return self.assistant.get(key)
        except UnknownKeyError:
            return None

    def take_notices(self) -> list[str]:
        """Return what the user should be told besides answers, once."""
        notices = list(self.assistant.notices)
        self.assistant.notices.clear()
        return notices

    def quotes(self, reference: Reference) -> list[Citation]:
        """Return what the last answer quotes from a paper it cites."""
        claims = self.last_answer().claims
        return [citation for claim in claims for citation in claim.citations if citation.key == reference.key]


class _Loader:
    """Imports and opens the assistant in a thread of its own and hands it over when it is ready."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._parts: Future[tuple[Assistant, Conversation]] = Future()
        threading.Thread(target=self._load, name="loader", daemon=True).start()

    def parts(self) -> tuple[Assistant, Conversation]:
        """Return both, waiting for them; an error while loading is raised here."""
        while True:
            try:
                # A wait without a limit would keep Ctrl-C out on some platforms.
                return self._parts.result(timeout=1.0)
            except TimeoutError:
                continue

    def close(self) -> None:
        if self._parts.done() and self._parts.exception() is None:
            self._parts.result()[0].close()

    def _load(self) -> None:
        try:
            from assistant.app import open_assistant
            from assistant.conversation import Conversation

            assistant = open_assistant(self._settings)
            # Without a library there is nothing to warm; whoever asks is told so.
            with suppress(AssistantError):
                assistant.warm()
            self._parts.set_result((assistant, Conversation()))
        except BaseException as error:  # noqa: BLE001 - raised again in the thread that waits
            self._parts.set_exception(error)
