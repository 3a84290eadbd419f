"""What a conversation remembers of its turns, and what it reads into the next one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from assistant.answers import Intent
from assistant.filters import Filter
from assistant.papers import Paper


@dataclass(frozen=True, slots=True)
class Reading:
    """What one turn means on its own.

    `question` is what to search for; for small talk it is the text itself. `filters` are those that the words of this
    turn, and of the ones it narrows, ask for. `papers` are the keys of the papers it names or points at; `only`
    restricts the search to them. `base` is the question that a later fragment ("and for images?") completes.
    `follows` says that it goes on with the turn before.
    """

    text: str
    question: str
    intent: Intent
    filters: Filter = field(default_factory=Filter)
    papers: tuple[str, ...] = ()
    only: bool = False
    base: str = ""
    follows: bool = False


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn that was answered: how it was read, the papers its answer cites, best first, and the ones it is about.

    `name` is what the conversation calls the paper in focus.
    """

    reading: Reading
    cited: tuple[str, ...]
    focus: tuple[str, ...]
    name: str = ""


@dataclass(frozen=True, slots=True)
class Memory:
    """The turns so far and the numbers of the papers they cite."""

    turns: Sequence[Turn] = ()
    numbers: Mapping[int, str] = field(default_factory=dict)

    @property
    def last(self) -> Turn | None:
        """The last turn that papers were searched for."""
        return next((turn for turn in reversed(self.turns) if turn.reading.intent.needs_papers), None)

    @property
    def listed(self) -> tuple[str, ...]:
        """The papers of the last answer that cites several: "the second one" counts in it."""
        return next((turn.cited for turn in reversed(self.turns) if len(turn.cited) > 1), ())

    @property
    def discussed(self) -> tuple[str, ...]:
        """The papers the turns were about, each once, in the order of their last turn."""
        keys = [key for turn in reversed(self.turns) for key in reversed(turn.focus)]
        return tuple(reversed(tuple(dict.fromkeys(keys))))


class Shelf(Protocol):
    """What the reading of a turn needs to know about the library."""

    def paper(self, key: str) -> Paper | None:
        """Return the paper with that key or alias, None where there is none."""

    def nearest(self, question: str, filters: Filter) -> Sequence[Paper]:
        """Return the papers that retrieval ranks first for `question`."""

    def weight(self, word: str) -> float:
        """Return the inverse document frequency of a stemmed word."""

    def knows(self, word: str) -> bool:
        """Return whether a word stands in any paper; a stop word does."""

    def is_rare(self, name: str) -> bool:
        """Return whether at most a handful of papers use `name`."""

    def has_author(self, name: str) -> bool:
        """Return whether a paper has an author of that name."""
