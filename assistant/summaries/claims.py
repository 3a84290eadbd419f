"""From chosen sentences to claims, each with its quote and its verdict."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from assistant.answers import Claim, Support
from assistant.qa.grounding import cite
from assistant.qa.numbering import Numbering
from assistant.summaries.selection import Pick
from assistant.summaries.voice import retell
from assistant.verification import verify

VERBATIM = "word for word in the abstract"
RETOLD = "the abstract's own words, told in the third person"


def state(picks: Sequence[Pick], numbering: Numbering, idf: Callable[[str], float]) -> tuple[Claim, ...]:
    """Return the claims that the sentences make, in their order.

    A sentence is told in the third person where verification finds the same said; else it stands word for word.
    """
    claims: list[Claim] = []
    before = ""
    for pick in picks:
        paper, quote = pick.member.paper, pick.sentence.text
        text = retell(quote, paper, named=paper.key == before)
        told = text != quote and (quote in text or _same(text, quote, paper.title, idf))
        reason = RETOLD if told else VERBATIM
        citation = cite(paper, pick.sentence, numbering)
        claims.append(Claim(text if told else quote, Support.VERIFIED, reason, (citation,)))
        before = paper.key
    return tuple(claims)


def _same(text: str, quote: str, title: str, idf: Callable[[str], float]) -> bool:
    return verify(text, [quote], idf=idf, context=[title]).support is Support.VERIFIED
