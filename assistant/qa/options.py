"""How a question is asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from assistant.answers import Intent, Notice
from assistant.filters import Filter
from assistant.llms import ChatModel, Deadline
from assistant.qa.numbering import Numbering
from assistant.refusal import CERTAINTY


@dataclass(frozen=True, slots=True)
class AskOptions:
    """How one question is asked.

    `context_tokens` bounds the evidence that a model reads, and `full_context` sends whole abstracts instead.
    `certainty` is the chance of an answer below which a question of fact is refused.
    `second_opinion` asks the model once more whether the quotes carry what it wrote; it can only lower verdicts.
    `holds_to_schema` says, within a deadline, whether the model's endpoint holds it to a JSON schema.
    `infer` reads filters from the words of the question, `respell` also takes a misspelt word for the only one that it
    can mean, where the question has no answer as it stands. `numbering` and `standalone` come from a
    conversation; `session` names it in the saved answer.
    """

    filters: Filter = field(default_factory=Filter)
    top_k: int = 10
    model: ChatModel | None = None
    holds_to_schema: Callable[[Deadline], bool] | None = None
    timeout: float = 60.0
    infer: bool = False
    respell: bool = False
    context_tokens: int = 1500
    full_context: bool = False
    certainty: float = CERTAINTY
    second_opinion: bool = False
    intent: Intent | None = None
    standalone: str | None = None
    numbering: Numbering | None = None
    session: str | None = None
    notices: tuple[Notice, ...] = ()
