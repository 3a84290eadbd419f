"""What a model wrote, as claims: each sentence tied to the papers it was written from, or left out and counted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from assistant.answers import Claim, Notice, Support, Usage
from assistant.citations import Kind, SourceName, parse_sentences
from assistant.embedders import Embedder
from assistant.llms import Price
from assistant.qa.grounding import Grounding, Source
from assistant.qa.numbering import Numbering
from assistant.summaries.briefs import OVERVIEW, Brief
from assistant.summaries.overview import SENTENCES as GLANCE
from assistant.summaries.selection import REPEAT as AGAIN
from assistant.summaries.writing import Outcome
from assistant.text import content_words


class ModelledParts:
    """The parts of one summary that a model was asked for.

    Args:
        briefs: what was asked.
        outcomes: what came back, one a brief.
        numbering: the numbers of the summary's papers.
        idf: inverse document frequency of a stemmed word.
        embedder: compares sentences.
    """

    def __init__(
        self,
        briefs: Sequence[Brief],
        outcomes: Sequence[Outcome],
        *,
        numbering: Numbering,
        idf: Callable[[str], float],
        embedder: Embedder,
    ) -> None:
        self._outcomes = outcomes
        self._briefs = briefs
        self._numbering = numbering
        self._idf = idf
        self._embedder = embedder
        self._failed: list[str] = []
        self._left_out = 0
        self.written = 0

    def claims(self, place: int) -> tuple[Claim, ...] | None:
        """Return the claims of brief `place` that its papers carry, None where the model gave none worth showing.

        A sentence that its papers do not carry is left out; one that they carry only weakly stays with its verdict.
        """
        outcome, brief = self._outcomes[place], self._briefs[place]
        if outcome.reply is None:
            self._failed.append(f"{brief.title}: {outcome.failure}")
            return None
        names = [
            SourceName(n, m.key, m.paper.authors, m.paper.year, len(m.sentences))
            for n, m in enumerate(brief.members, start=1)
        ]
        grounding = Grounding(
            [Source(member.paper, member.sentences, member.vectors) for member in brief.members],
            len(brief.members),
            idf=self._idf,
            embedder=self._embedder,
            numbering=Numbering(),
        )
        sentences = [found for found in parse_sentences(outcome.reply.text, names) if found.kind is Kind.SENTENCE]
        found = [grounding.ground(sentence) for sentence in sentences if sentence.text]
        kept = [claim for claim in found if claim.support is not Support.UNSUPPORTED]
        if not kept:
            self._failed.append(f"{brief.title}: nothing the model wrote is supported by the papers it cites")
            return None
        self._left_out += len(found) - len(kept)
        self.written += 1
        told = _once(kept)
        return tuple(self._renumbered(claim) for claim in (told[:GLANCE] if brief.title == OVERVIEW else told))

    @property
    def fallback(self) -> str | None:
        """Why parts were written without the model; None where it wrote all."""
        return "; ".join(self._failed) or None

    @property
    def notices(self) -> tuple[Notice, ...]:
        """What the reader should know about the model's part."""
        found = [Notice("fallback", f"written without the model: {failure}") for failure in self._failed]
        if self._left_out:
            count = "1 sentence" if self._left_out == 1 else f"{self._left_out} sentences"
            found.append(Notice("left_out", f"{count} of the model were left out: the papers cited do not say them"))
        return tuple(found)

    def usage(self, price: Price | None) -> Usage:
        """Return the tokens of the calls that were made, and their cost."""
        replies = [outcome.reply for outcome in self._outcomes if outcome.reply and not outcome.kept]
        sent, got = (_sum([getattr(reply, name) for reply in replies]) for name in ("input_tokens", "output_tokens"))
        if not replies:
            return Usage()
        if sent is None or got is None or price is None:
            return Usage(sent, got, None)
        return Usage(sent, got, price.of(sent, got))

    def _renumbered(self, claim: Claim) -> Claim:
        """Return the claim with each paper under its number in the summary."""
        citations = tuple(replace(found, number=self._numbering.number(found.key)) for found in claim.citations)
        return replace(claim, citations=citations)


def _once(claims: Sequence[Claim]) -> list[Claim]:
    """Return the claims without those that say again what one before them said."""
    said: list[frozenset[str]] = []
    kept: list[Claim] = []
    for claim in claims:
        words = frozenset(content_words(claim.text))
        if not any(len(words & other) > AGAIN * len(words | other) for other in said):
            said.append(words)
            kept.append(claim)
    return kept


def _sum(counts: Sequence[int | None]) -> int | None:
    return None if None in counts else sum(count or 0 for count in counts)
