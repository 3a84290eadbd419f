"""What a caller can watch while an answer is made."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.answers import Claim, Reference


@dataclass(frozen=True, slots=True)
class PapersFound:
    """Retrieval is done: the question searched and the number of papers it was searched in."""

    standalone_question: str
    searched: int


@dataclass(frozen=True, slots=True)
class ClaimStated:
    """One checked claim of the answer, with the references of the papers it cites."""

    claim: Claim
    references: tuple[Reference, ...]


@dataclass(frozen=True, slots=True)
class Restarted:
    """What was stated so far does not count; another answer follows, for `reason`."""

    reason: str


Event = PapersFound | ClaimStated | Restarted
