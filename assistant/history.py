"""What was saved looked into: why a paper was cited, what ranked just below, and whether each sentence still stands.

Answers, stances, comparisons and overviews are kept in one place and in one way. An answer is its own JSON object. The
others are objects of `kind`, `question`, `filters`, what else was `asked`, and the `result`, all that was printed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

from assistant.answers import Answer, Claim
from assistant.embedders import Embedder
from assistant.errors import UnknownKeyError
from assistant.library import Library
from assistant.papers import Paper
from assistant.qa.grounding import Grounding
from assistant.qa.numbering import Numbering
from assistant.retrieval import Searcher

_BELOW = 3  # papers that are named as having ranked just below
KEPT = 4_000_000  # characters of a saved result; an overview of 5,000 papers has 1.4 million
_VERIFIED = "verified"


class Kind(StrEnum):
    """What was asked for."""

    ANSWER = "answer"
    STANCE = "stance"
    COMPARISON = "comparison"
    SUMMARY = "summary"


@dataclass(frozen=True, slots=True)
class Below:
    """A paper that ranked next, and the number under which the answer cites it, None where it does not."""

    key: str
    rank: int
    score: float
    title: str
    number: int | None


@dataclass(frozen=True, slots=True)
class Why:
    """Why an answer cites a paper.

    `written_by` is the model that wrote it, None for quoted sentences, and `prompt_hash` the wording it was asked in.
    `quotes` are (claim, quote, support, reason) of each claim that cites it; `number` is None where only a table does.
    """

    question: str
    filters: str
    number: int | None
    key: str
    title: str
    rank: int | None
    score: float | None
    written_by: str | None
    prompt_hash: str | None
    quotes: tuple[tuple[str, str, str, str], ...]
    below: tuple[Below, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the `answers why --json` object."""
        quotes = [dict(zip(("claim", "quote", "support", "reason"), quote, strict=True)) for quote in self.quotes]
        below = [asdict(paper) for paper in self.below]
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


def as_answer(saved: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was saved, of whatever kind, with an answer's claims, references and retrieved papers."""
    kind = Kind(saved.get("kind", Kind.ANSWER))
    if kind is Kind.ANSWER:
        return dict(saved)
    result = saved["result"]
    parts = {Kind.STANCE: _of_stance, Kind.COMPARISON: _of_comparison, Kind.SUMMARY: _of_summary}[kind](result)
    known = {name: result.get(name) for name in ("status", "reason", "mode", "model")}
    return {**known, "prompt_hash": None, "standalone_question": saved["question"], **saved, **parts}


def outdated(saved: Mapping[str, Any], find: Callable[[str], Paper | None]) -> tuple[list[str], list[str]]:
    """Return the keys of cited papers that were removed since, and of those whose abstracts lost a quote.

    Args:
        saved: as it was kept, of whatever kind.
        find: returns the paper of a key, None where the library has it no more.
    """
    answer = as_answer(saved)
    papers = {reference["key"]: find(reference["key"]) for reference in answer["references"]}
    changed: dict[str, None] = {}
    for quote in (quote for claim in answer["claims"] for quote in claim["citations"]):
        paper = papers.get(quote["key"])
        if paper is None:
            continue
        abstract = paper.abstract[quote["start"] : quote["end"]] if "start" in quote else paper.abstract
        if quote["quote"] not in abstract:
            changed[quote["key"]] = None
    return [key for key, paper in papers.items() if paper is None], list(changed)


def _of_stance(result: Mapping[str, Any]) -> dict[str, Any]:
    speaking = [paper for paper in result["papers"] if paper["quotes"]]
    claims = [
        _claim(f"{side} the claim", quote["quote"], [quote]) for paper in speaking for side, quote in paper["quotes"]
    ]
    return {
        "claims": claims,
        "references": [{**paper, "number": paper["quotes"][0][1]["number"]} for paper in speaking],
        "retrieved": [paper for paper in result["papers"] if paper["rank"]],
    }


def _of_comparison(result: Mapping[str, Any]) -> dict[str, Any]:
    papers = [{**paper, "number": number} for number, paper in enumerate(result["papers"], start=1)]
    return {"claims": list(_cells(result)), "references": papers, "retrieved": []}


def _of_summary(result: Mapping[str, Any]) -> dict[str, Any]:
    sections = [claim for section in result["sections"] for claim in section["claims"]]
    opposed = [pair[side] for pair in result["contradictions"] for side in ("first", "second")]
    scope = [{**entry, "rank": rank} for rank, entry in enumerate(result["scope"], start=1)]
    claims = [*result["overview"], *sections, *result["gaps"], *opposed, *_cells(result["table"])]
    cited = {reference["key"] for reference in result["references"]}
    others = [row["key"] for row in result["table"]["rows"] if row["key"] not in cited]  # in the table alone
    references = [*result["references"], *({"key": key, "number": None, "title": ""} for key in others)]
    return {"claims": claims, "references": references, "retrieved": scope}


def _cells(table: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield each filled cell of a table as a claim with the quote it was read from."""
    for row in table["rows"]:
        for column, cell in zip(table["columns"], row["cells"], strict=True):
            if cell["quote"]:
                yield _claim(column, cell["value"], [{"key": row["key"], "quote": cell["quote"]}])


def _claim(reason: str, text: str, citations: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {"text": text, "support": _VERIFIED, "verdict_reason": reason, "citations": citations}


def explain(saved: str, number: int | str) -> Why:
    """Return why something saved (its JSON) cites the paper of that number or key.

    Raises:
        UnknownKeyError: it cites no such paper.
    """
    answer = as_answer(json.loads(saved))
    reference = next((r for r in answer["references"] if number in (r["number"], r["key"])), None)
    if reference is None and answer.get("status") == "refused":
        raise UnknownKeyError(f"the answer cites no paper, it was refused: {answer['reason']}", "see answers show")
    if reference is None:
        numbers = ", ".join(str(r["number"] or r["key"]) for r in answer["references"]) or "none"
        raise UnknownKeyError(f"the answer cites no paper {number}", f"its numbers are {numbers}")
    key = reference["key"]
    ranked = next((found for found in answer["retrieved"] if found["key"] == key), None)
    rank = ranked["rank"] if ranked else None
    below = [found for found in answer["retrieved"] if rank is not None and rank < found["rank"] <= rank + _BELOW]
    cited = {paper["key"]: paper["number"] for paper in answer["references"]}
    return Why(
        question=answer["standalone_question"],
        filters=answer["filters"],
        number=reference["number"],
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
        below=tuple(
            Below(found["key"], found["rank"], found["score"], found.get("title", ""), cited.get(found["key"]))
            for found in below
        ),
    )
