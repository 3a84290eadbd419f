"""An answer coming into view: each sentence as soon as it has been checked, the rest when it is complete."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from rich.console import Console
from rich.status import Status

from assistant.answers import Answer
from assistant.render import BLANK, Line, claim_line, footer_lines, preface_lines, print_lines, reference_lines

if TYPE_CHECKING:
    from assistant.conversation import Reading
    from assistant.qa import AskOptions, Event


class AnswerStream:
    """Prints the claims of one answer while it is made, and shows what is going on until the first one.

    Args:
        console: where they are printed.
        first_words: what is going on at first.
        moving: whether what is going on may be shown at all: a line that comes and goes disturbs a screen reader.
    """

    def __init__(self, console: Console, first_words: str, *, moving: bool) -> None:
        self._console = console
        self._first_words = first_words
        self._moving = moving and console.is_terminal
        self._stated = 0
        self._restarted = False
        self._status: Status | None = None

    def __enter__(self) -> AnswerStream:
        self._say(self._first_words)
        return self

    def __exit__(self, *_: object) -> None:
        self._say("")

    def quietly(self, confirm: Callable[[str], bool]) -> Callable[[str], bool]:
        """Return `confirm` so that what is going on makes room for the question."""

        def ask(question: str) -> bool:
            self._say("")
            said_yes = confirm(question)
            self._say(self._first_words)
            return said_yes

        return ask

    def watch(self, reading: Reading, options: AskOptions) -> Callable[[Event], None]:
        """Show what is searched for, and return what watches the answer being made."""
        self._say("")
        if reading.intent.needs_papers:
            print_lines(self._console, preface_lines(reading.text, reading.question, str(options.filters)))
        self._say("searching")
        return self.on_event if options.model is not None else self.on_progress

    def on_progress(self, event: Event) -> None:
        """Take up one event of an answer without a model: it comes all at once, its lead first."""
        from assistant.qa import PapersFound

        if isinstance(event, PapersFound):
            self.on_event(event)

    def on_event(self, event: Event) -> None:
        """Take up one event of an answer that a model writes."""
        from assistant.qa import ClaimStated, PapersFound, Restarted

        if isinstance(event, PapersFound):
            self._say(f"reading, {event.searched:,} papers searched")
        elif isinstance(event, Restarted):
            self._restarted = True
            if self._stated:
                reason = f"That answer does not stand: {event.reason}. From the papers themselves:"
                print_lines(self._console, [Line.of((reason, "yellow"))])
        elif isinstance(event, ClaimStated) and not self._restarted:
            self._say("")
            print_lines(self._console, [claim_line(event.claim)])
            self._stated += 1

    def rest(self, answer: Answer, full: Iterator[Line]) -> Iterator[Line]:
        """Yield what is still to be shown of the finished answer, whose every line `full` has."""
        if self._restarted or not self._stated:
            yield from full
            return
        yield BLANK
        yield Line.of((answer.lead, "dim"))
        yield from reference_lines(answer.references)
        yield from footer_lines(answer)

    def _say(self, words: str) -> None:
        """Show what is going on in a line that goes away again; nothing where nothing may move."""
        if self._status is not None:
            self._status.stop()
            self._status = None
        if words and self._moving:
            self._status = self._console.status(Line.of((words, "dim")).text)
            self._status.start()
