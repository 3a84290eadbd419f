"""From chosen sentences to claims, each with its quote and its verdict."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from assistant.answers import Citation, Claim, Support
from assistant.qa.grounding import cite
from assistant.qa.numbering import Numbering
from assistant.summaries.agreement import Place, supporters
from assistant.summaries.members import Member
from assistant.summaries.roles import Role
from assistant.summaries.selection import Pick
from assistant.summaries.voice import quoted, retell, speaks_of_itself
from assistant.verification import verify

VERBATIM = "word for word in the abstract"
MOST_SOURCES = 3  # further papers cited for the same
RETOLD = "the abstract's own words, told in the third person"


class Stater:
    """States the chosen sentences of one summary as claims, each paper under one number.

    Args:
        numbering: the numbers of the summary's papers.
        idf: inverse document frequency of a stemmed word.
        members: the papers that may say the same.
    """

    def __init__(self, numbering: Numbering, idf: Callable[[str], float], members: Sequence[Member] = ()) -> None:
        self._numbering = numbering
        self._idf = idf
        self._members = members

    def state(self, picks: Sequence[Pick]) -> tuple[Claim, ...]:
        """Return the claims that the sentences make, in their order.

        A sentence is told in the third person where verification finds the same said; else it stands word for word, in
        quotation marks where its authors speak.
        A problem or a result that other papers state too cites them as well.
        """
        claims: list[Claim] = []
        before = ""  # whose authors the sentences before name
        for pick in picks:
            paper, quote = pick.member.paper, pick.sentence.text
            named = paper.key == before
            text = retell(quote, paper, named=named)
            same = quote in text or text[1:] in quote  # a quotation, or the sentence without its "However,"
            # "Their" means the authors by name, so the sentence is judged as it says so.
            if text != quote and not same and not self._says(retell(quote, paper, named=False), quote, paper.title):
                text = quoted(quote, paper, named=named) if speaks_of_itself(quote) else quote
            citations = [cite(paper, pick.sentence, self._numbering)]
            if pick.role in (Role.PROBLEM, Role.RESULT) and not speaks_of_itself(quote):
                others = supporters(Place(pick.member, pick.index), self._members, self._idf)
                citations += [self._cite(other) for other in others[:MOST_SOURCES]]
            reason = VERBATIM if text == quote else RETOLD
            claims.append(Claim(text, Support.VERIFIED, reason, tuple(citations)))
            before = paper.key if named or speaks_of_itself(quote) else ""
        return tuple(claims)

    def quote(self, place: Place) -> Claim:
        """Return the claim that one sentence makes, word for word."""
        return Claim(place.text, Support.VERIFIED, VERBATIM, (self._cite(place),))

    def _cite(self, place: Place) -> Citation:
        return cite(place.member.paper, place.member.sentences[place.index], self._numbering)

    def _says(self, text: str, quote: str, title: str) -> bool:
        return verify(text, [quote], idf=self._idf, context=[title]).support is Support.VERIFIED
