"""Saved answers looked into: why a paper was cited, and which papers ranked just below it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from assistant.errors import UnknownKeyError

_BELOW = 3  # papers that are named as having ranked just below


@dataclass(frozen=True, slots=True)
class Why:
    """Why an answer cites a paper.

    `quotes` are (claim, quote, support, reason) of each claim that cites it; `below` are (key, rank, score)
    of the papers that ranked next.
    """

    question: str
    filters: str
    number: int
    key: str
    title: str
    rank: int | None
    score: float | None
    quotes: tuple[tuple[str, str, str, str], ...]
    below: tuple[tuple[str, int, float], ...]

    def to_json(self) -> dict[str, Any]:
        """Return the `answers why --json` object."""
        quotes = [dict(zip(("claim", "quote", "support", "reason"), quote, strict=True)) for quote in self.quotes]
        below = [dict(zip(("key", "rank", "score"), paper, strict=True)) for paper in self.below]
        names = ("question", "filters", "number", "key", "title", "rank", "score")
        return {**{name: getattr(self, name) for name in names}, "quotes": quotes, "below": below}


def explain(saved: str, number: int) -> Why:
    """Return why a saved answer (its JSON) cites the paper of that number.

    Raises:
        UnknownKeyError: the answer cites no paper under that number.
    """
    answer = json.loads(saved)
    reference = next((r for r in answer["references"] if r["number"] == number), None)
    if reference is None:
        numbers = ", ".join(str(r["number"]) for r in answer["references"]) or "none"
        raise UnknownKeyError(f"the answer cites no paper {number}", f"its numbers are {numbers}")
    key = reference["key"]
    ranked = next((found for found in answer["retrieved"] if found["key"] == key), None)
    rank = ranked["rank"] if ranked else None
    below = [found for found in answer["retrieved"] if rank is not None and rank < found["rank"] <= rank + _BELOW]
    return Why(
        question=answer["standalone_question"],
        filters=answer["filters"],
        number=number,
        key=key,
        title=reference["title"],
        rank=rank,
        score=ranked["score"] if ranked else None,
        quotes=tuple(
            (claim["text"], citation["quote"], claim["support"], claim["verdict_reason"])
            for claim in answer["claims"]
            for citation in claim["citations"]
            if citation["key"] == key
        ),
        below=tuple((found["key"], found["rank"], found["score"]) for found in below),
    )
