"""Saved answers looked into: why a paper was cited, what ranked just below, and whether each sentence still stands."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any

from assistant.answers import Answer, Claim
from assistant.embedders import Embedder
from assistant.errors import UnknownKeyError
from assistant.library import Library
from assistant.qa.grounding import Grounding
from assistant.qa.numbering import Numbering
from assistant.retrieval import Searcher

_BELOW = 3  # papers that are named as having ranked just below


@dataclass(frozen=True, slots=True)
class Why:
    """Why an answer cites a paper.

    `written_by` is the model that wrote it, None for quoted sentences, and `prompt_hash` the wording it was asked in.
    `quotes` are (claim, quote, support, reason) of each claim that cites it; `below` are (key, rank, score, title)
    of the papers that ranked next.
    """

    question: str
    filters: str
    number: int
    key: str
    title: str
    rank: int | None
    score: float | None
    written_by: str | None
    prompt_hash: str | None
    quotes: tuple[tuple[str, str, str, str], ...]
    below: tuple[tuple[str, int, float, str], ...]

    def to_json(self) -> dict[str, Any]:
        """Return the `answers why --json` object."""
        quotes = [dict(zip(("claim", "quote", "support", "reason"), quote, strict=True)) for quote in self.quotes]
        below = [dict(zip(("key", "rank", "score", "title"), paper, strict=True)) for paper in self.below]
        names = ("question", "filters", "number", "key", "title", "rank", "score", "written_by", "prompt_hash")
        return {**{name: getattr(self, name) for name in names}, "quotes": quotes, "below": below}


@dataclass(frozen=True, slots=True)
class Checked:
    """A claim of a saved answer as it stood then, and as the library carries it now."""

    before: Claim
    now: Claim


def recheck(answer: Answer, library: Library, searcher: Searcher, embedder: Embedder) -> list[Checked]:
    """Return each claim of a saved answer checked anew against the papers it cites, quotes and verdict."""
    numbers = {reference.key: reference.number for reference in answer.references}
    keys = {number: key for key, number in numbers.items()}
    numbering = Numbering(keys.get(number, "") for number in range(1, max(keys, default=0) + 1))
    checked = []
    for claim in answer.claims:
        cited = list(dict.fromkeys(citation.key for citation in claim.citations))
        known = library.ids_of_keys(cited)
        gone = [f"{key} is no longer in the library" for key in cited if key not in known]
        grounding = Grounding.of_papers(
            [library.get(key) for key in cited if key in known],
            library=library,
            idf=searcher.idf,
            embedder=embedder,
            numbering=numbering,
        )
        now = grounding.check(claim.text, range(1, len(known) + 1), gone)
        checked.append(Checked(claim, replace(now, attributed=claim.attributed)))
    return checked


def explain(saved: str, number: int) -> Why:
    """Return why a saved answer (its JSON) cites the paper of that number.

    Raises:
        UnknownKeyError: the answer cites no paper under that number.
    """
    answer = json.loads(saved)
    reference = next((r for r in answer["references"] if r["number"] == number), None)
    if reference is None and answer["status"] == "refused":
        raise UnknownKeyError(f"the answer cites no paper, it was refused: {answer['reason']}", "see answers show")
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
        written_by=answer["model"] if answer["mode"] == "llm" else None,
        prompt_hash=answer["prompt_hash"] if answer["mode"] == "llm" else None,
        quotes=tuple(
            (claim["text"], citation["quote"], claim["support"], claim["verdict_reason"])
            for claim in answer["claims"]
            for citation in claim["citations"]
            if citation["key"] == key
        ),
        below=tuple((found["key"], found["rank"], found["score"], found.get("title", "")) for found in below),
    )
