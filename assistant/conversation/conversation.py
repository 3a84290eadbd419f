"""The state of a conversation: its turns, the numbers of its papers, its filters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from pydantic import TypeAdapter

from assistant.answers import Answer, Intent
from assistant.conversation.followups import call, read_turn
from assistant.conversation.names import name_in_question
from assistant.conversation.requests import asks_for_similar
from assistant.conversation.rewriting import is_unsure, rewritten
from assistant.conversation.turns import Memory, Reading, Shelf, Turn
from assistant.conversation.wishes import drops_filter, narrowed, standing_filters
from assistant.errors import UnknownKeyError, UsageError
from assistant.filters import Filter, Term
from assistant.llms import ChatModel
from assistant.qa import AskOptions, Numbering

REMEMBERED = 50  # turns that the next one is read against; the answers themselves are in the library


@dataclass(frozen=True, slots=True)
class State:
    """What of a conversation is stored: enough to go on with it."""

    turns: tuple[Turn, ...] = ()
    keys: tuple[str, ...] = ()  # by number, from 1; empty where a number is unused
    answer_ids: tuple[str, ...] = ()
    filters: Filter = field(default_factory=Filter)

    def to_json(self) -> str:
        """Return the state as JSON."""
        return _STATES.dump_json(self).decode()

    @classmethod
    def from_json(cls, text: str) -> State:
        """Return the state that `to_json` wrote."""
        return _STATES.validate_json(text)


_STATES = TypeAdapter(State)


class Conversation:
    """What was said so far. A paper keeps the number it got when it was first cited.

    Args:
        shelf: the library as the reading of turns sees it.
        state: where an earlier conversation stood.
    """

    def __init__(self, shelf: Shelf, state: State | None = None) -> None:
        state = state or State()
        self.filters = state.filters  # these stay until they are taken off
        self._shelf = shelf
        self._turns = list(state.turns)
        self._keys = list(state.keys)
        self._answer_ids = list(state.answer_ids)

    @property
    def state(self) -> State:
        """Where the conversation stands."""
        return State(tuple(self._turns), tuple(self._keys), tuple(self._answer_ids), self.filters)

    @property
    def memory(self) -> Memory:
        """What the next turn is read against."""
        return Memory(tuple(self._turns), {number: key for number, key in enumerate(self._keys, start=1) if key})

    @property
    def answer_ids(self) -> Sequence[str]:
        """The answers of the conversation, oldest first."""
        return tuple(self._answer_ids)

    @property
    def cited(self) -> tuple[str, ...]:
        """The keys of the papers cited so far, by number."""
        return tuple(key for key in self._keys if key)

    def read(self, text: str, model: ChatModel | None = None) -> Reading:
        """Return what `text` means after the turns so far; `model` is asked where the rules are unsure."""
        reading = read_turn(text, self.memory, self._shelf)
        meant = [paper for key in reading.papers if reading.follows and (paper := self._shelf.paper(key))]
        if meant and not any(map(self.filters.matches, meant)):  # they were left behind by /only or /filter
            reading = read_turn(text, Memory(), self._shelf)
        if model is not None and is_unsure(reading, self.memory):
            return rewritten(reading, self.memory, model)
        return reading

    def standing_filter(self, text: str) -> Filter | None:
        """Return the filter that is to hold from `text` on, an empty one to drop it, None where it asks for neither."""
        if drops_filter(text):
            return Filter()
        wish = standing_filters(text, self._shelf)
        return narrowed(self.filters, wish) if wish else None

    def similar_to(self, text: str) -> str:
        """Return the key of the paper that `text` asks papers like it for ("any similar papers?"), else nothing."""
        last = self.memory.last
        return last.focus[0] if last is not None and last.focus and asks_for_similar(text) else ""

    def options(self, reading: Reading, options: AskOptions) -> AskOptions:
        """Return how `reading` is asked: `options`, with the conversation's filters and numbers."""
        filters = options.filters & self.filters & reading.filters
        if reading.only:
            filters = filters & Filter((Term("key", reading.papers),))
        return replace(
            options,
            filters=filters,
            infer=False,
            intent=reading.intent,
            standalone=reading.question,
            numbering=Numbering(self._keys),
        )

    def add(self, reading: Reading, answer: Answer) -> None:
        """Take up the answer to a turn."""
        self._answer_ids.append(answer.answer_id)
        for reference in answer.references:
            # A number that was given to a paper no sentence cites in the end stays unused.
            self._keys += [""] * (reference.number - len(self._keys))
            self._keys[reference.number - 1] = reference.key
        self._turns = [*self._turns, self._turn(reading, answer)][-REMEMBERED:]

    def undo(self) -> Turn:
        """Forget the last turn and return it; the numbers of its papers stay.

        Raises:
            UsageError: there is none.
        """
        if not self._turns:
            raise UsageError("there is nothing to undo", "ask a question first")
        self._answer_ids.pop()
        return self._turns.pop()

    def key_of(self, number: int) -> str:
        """Return the citation key of the paper with that number.

        Raises:
            UnknownKeyError: no paper has it yet.
        """
        if 1 <= number <= len(self._keys) and self._keys[number - 1]:
            return self._keys[number - 1]
        known = f"numbers go from 1 to {len(self._keys)}" if self._keys else "no paper has been cited yet"
        raise UnknownKeyError(f"no paper has the number {number}", known)

    def _turn(self, reading: Reading, answer: Answer) -> Turn:
        cited = tuple(dict.fromkeys(citation.key for claim in answer.claims for citation in claim.citations))
        before = self.memory.last
        if reading.intent is Intent.COMPARE:
            still = before.focus if before is not None and reading.follows and len(cited) < 2 else ()
            focus = reading.papers or still or cited[:2]
        elif len(reading.papers) == 1 or (reading.papers and not cited):
            focus = reading.papers
        else:
            focus = cited[:1] or (before.focus if before is not None and reading.follows else ())
        return Turn(reading, cited, focus, self._name(reading, focus, before))

    def _name(self, reading: Reading, focus: tuple[str, ...], before: Turn | None) -> str:
        paper = self._shelf.paper(focus[0]) if len(focus) == 1 else None
        if paper is None:
            return ""
        if before is not None and before.focus == focus and before.name and reading.follows:
            return before.name
        # The names in a question for papers are of their topic.
        names_it = reading.intent is not Intent.LIST and paper.title not in reading.question
        named = name_in_question(reading.question, paper) if names_it else ""
        return named or call(paper.key, self.memory, self._shelf)
