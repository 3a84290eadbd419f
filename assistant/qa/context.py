"""What a model reads: numbered papers, each with the sentences that matter, within a budget of tokens."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.answers import Intent
from assistant.citations import SourceName
from assistant.evidence import Evidence
from assistant.llms import Message
from assistant.prompts import Prompt, PromptSource, format_sources, load_prompt
from assistant.qa.wording import answer_form, byline
from assistant.retrieval import RankedPaper, Retrieval

_TITLE_TOKENS = 30  # about what the line of a paper's title and authors takes


@dataclass(frozen=True, slots=True)
class Context:
    """The papers a model may cite, in the order of their numbers from 1, and the other papers retrieved.

    `given` are, for each citable paper, the places of the sentences that the model reads.
    """

    citable: tuple[RankedPaper, ...]
    others: tuple[RankedPaper, ...]
    given: tuple[tuple[int, ...], ...]

    @property
    def allowed(self) -> list[str]:
        """What a model may cite: the numbers of the sentences that it reads, such as "2.1"."""
        return [f"{number}.{place + 1}" for number, places in enumerate(self.given, start=1) for place in places]

    def names(self) -> list[SourceName]:
        """Return the papers as citations may name them."""
        return [
            SourceName(n, ranked.paper.key, ranked.paper.authors, ranked.paper.year, len(ranked.sentences))
            for n, ranked in enumerate(self.citable, start=1)
        ]

    def sources(self) -> str:
        """Return the papers as the prompt shows them."""
        listed = []
        for number, (ranked, places) in enumerate(zip(self.citable, self.given, strict=True), start=1):
            texts = {scored.index: scored.sentence.text for scored in ranked.sentences}
            sentences = tuple((place + 1, texts[place]) for place in sorted(places))
            listed.append(PromptSource(number, ranked.paper.title, byline(ranked.paper), sentences))
        return format_sources(listed)


def choose_context(
    retrieval: Retrieval,
    evidence: Sequence[Evidence],
    *,
    count_tokens: Callable[[Sequence[str]], list[int]],
    budget: int,
    full: bool = False,
) -> Context:
    """Return the papers of `evidence` with its sentences, then their neighbours, as far as `budget` tokens reach.

    The evidence itself is always sent; with `full`, so is every other sentence of its papers.
    """
    ranked = {paper.paper.key: paper for paper in retrieval.papers}
    keys = list(dict.fromkeys(piece.paper.key for piece in evidence))
    given: dict[str, set[int]] = {key: {p.index for p in evidence if p.paper.key == key} for key in keys}
    texts = {key: {s.index: s.sentence.text for s in ranked[key].sentences} for key in keys}
    wanted = _everything(given, texts) if full else _neighbours(evidence, texts)
    lengths = count_tokens([texts[key][place] for key, places in given.items() for place in places])
    used = sum(lengths) + _TITLE_TOKENS * len(keys)
    for key, place in wanted:
        length = 0 if full else count_tokens([texts[key][place]])[0]
        if used + length <= budget or full:
            given[key].add(place)
            used += length
    return Context(
        tuple(ranked[key] for key in keys),
        tuple(paper for key, paper in ranked.items() if key not in given),
        tuple(tuple(sorted(given[key])) for key in keys),
    )


def prompt_digest() -> str:
    """Return the hash of the wording of the prompt for answers."""
    return _answer_prompt().digest


def _answer_prompt() -> Prompt:
    return load_prompt("answer", variables={"sources", "question", "form"})


def answer_messages(question: str, context: Context, intent: Intent) -> list[Message]:
    """Return the messages that ask a model for an answer."""
    return list(_answer_prompt().render(sources=context.sources(), question=question, form=answer_form(intent)))


def repair_messages(question: str, context: Context, faults: Sequence[tuple[str, str]]) -> list[Message]:
    """Return the messages that ask a model to mend (sentence, what is wrong with it) pairs."""
    prompt = load_prompt("repair", variables={"sources", "question", "faults"})
    listed = "\n".join(f"- {' '.join(text.split())} ({reason})" for text, reason in faults)
    return list(prompt.render(sources=context.sources(), question=question, faults=listed))


def _neighbours(evidence: Sequence[Evidence], texts: dict[str, dict[int, str]]) -> list[tuple[str, int]]:
    """Return the sentences next to the evidence, those of the best evidence first."""
    found = [(piece.paper.key, piece.index + step) for piece in evidence for step in (1, -1)]
    return [pair for pair in dict.fromkeys(found) if pair[1] in texts[pair[0]]]


def _everything(given: dict[str, set[int]], texts: dict[str, dict[int, str]]) -> list[tuple[str, int]]:
    return [(key, place) for key in given for place in texts[key]]
