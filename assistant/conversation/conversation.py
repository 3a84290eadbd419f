"""The state of a conversation: its turns, the numbers of its papers, its filters."""

from __future__ import annotations

from dataclasses import replace

from assistant.answers import Answer
from assistant.errors import UnknownKeyError
from assistant.filters import Filter
from assistant.qa import AskOptions, Numbering


class Conversation:
    """What was said so far. A paper keeps the number it got when it was first cited."""

    def __init__(self) -> None:
        self.answers: list[Answer] = []
        self.filters = Filter()
        self._keys: list[str] = []

    @property
    def last(self) -> Answer | None:
        """The last answer, None before the first."""
        return self.answers[-1] if self.answers else None

    def options(self, options: AskOptions) -> AskOptions:
        """Return `options` for the next turn of this conversation."""
        return replace(options, filters=options.filters & self.filters, numbering=Numbering(self._keys))

    def add(self, answer: Answer) -> None:
        """Take up the answer to the turn that `options` was asked for."""
        self.answers.append(answer)
        for reference in answer.references:
            # A number that was given to a paper no sentence cites in the end stays unused.
            self._keys += [""] * (reference.number - len(self._keys))
            self._keys[reference.number - 1] = reference.key

    def key_of(self, number: int) -> str:
        """Return the citation key of the paper with that number.

        Raises:
            UnknownKeyError: no paper has it yet.
        """
        if 1 <= number <= len(self._keys) and self._keys[number - 1]:
            return self._keys[number - 1]
        known = f"numbers go from 1 to {len(self._keys)}" if self._keys else "no paper has been cited yet"
        raise UnknownKeyError(f"no paper has the number {number}", known)
