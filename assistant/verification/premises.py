"""What a question takes for granted or asks to confirm, and whether a sentence says the opposite."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.text import fold
from assistant.verification.agreement import agreement
from assistant.verification.comparisons import turned_comparison
from assistant.verification.lexicon import LIGHT, NEGATORS, lexicon, stem
from assistant.verification.licence import Licence, license_words
from assistant.verification.negation import negations
from assistant.verification.polarity import changed_negation
from assistant.verification.relations import flipped_direction
from assistant.verification.words import Words, read_words

_ASKS = re.compile(
    r"^\W*(?:(?:so|and|but)\s+)?(?:(?:why|how come|how)\s+)?"
    r"(?:is it true that|is it the case that|does|do|did|is|are|was|were|can|could|will|would|has|have|had)\s+"
    r"(?!there\b|you\b|i\b|we\b)(?P<statement>.+?)\W*$",
    re.IGNORECASE,
)


def statement_of(question: str) -> str:
    """Return what "Does A improve B?" asks to confirm and "Why does A improve B?" takes for granted; else empty."""
    found = _ASKS.match(" ".join(question.split()))
    return found["statement"] if found else ""


def denial(statement: str, evidence: str, context: Sequence[str] = ()) -> str:
    """Return what of a statement a sentence says the opposite of; empty where it does not.

    A statement of an effect ("A improves B") is decided by the effects that the sentence speaks of. Of another one all
    other words that carry something must be said by the sentence, so that both speak of the same.
    Over 284 yes-or-no questions of PubMedQA and the abstracts that answer them it sees two denials, both where the
    answer is no.

    Args:
        statement: as `statement_of` returns it.
        evidence: one sentence of a paper.
        context: what names the paper's "we" and "it", such as its title.
    """
    side = stands(statement, evidence, context)
    if side is not None:
        return statement if side == -1 else ""
    licence = license_words(read_words([statement]), read_words([evidence]), read_words(context))
    if not _same_matter(licence):
        return ""
    turned = flipped_direction(licence)
    if turned and _stands_against(stem(fold(turned)), licence.evidence):
        return turned
    return turned_comparison(licence) or ("not" if changed_negation(licence) and _in_order(licence) else "")


def stands(statement: str, evidence: str, context: Sequence[str] = ()) -> int | None:
    """Return 1 where a sentence says the effect that a statement states, -1 where it says the opposite, else 0.

    None where the statement states no effect; arguments as in `denial`.
    """
    return agreement(read_words([statement]), read_words([evidence]), read_words(context))


def says(statement: str, evidence: str, context: Sequence[str] = ()) -> bool:
    """Return whether a sentence has all that a statement says, as it is or turned round; arguments as in `denial`.

    One of an effect must be of the same subject and thing.
    """
    side = stands(statement, evidence, context)
    if side is not None:
        return side != 0
    return _same_matter(license_words(read_words([statement]), read_words([evidence]), read_words(context)))


def _same_matter(licence: Licence) -> bool:
    """Whether the sentence says all that the statement says, or its opposite."""
    lexical = lexicon()
    opposed = {
        word
        for word in licence.claim.content
        if any(lexical.opposed(word.stem, other.stem) for other in licence.evidence.all)
    }
    unsaid = [word for word in licence.unlicensed() if word not in opposed and word.stem not in LIGHT]
    numbers = all(licence.matches[word] for word in licence.claim.content if word.number)
    return not unsaid and numbers and len(licence.claim.content) > 2


def _stands_against(turned: str, evidence: Words) -> bool:
    """Whether the evidence has the opposite of a word, and not the word itself: "automatic, compared with manual"."""
    against = (word for word in evidence.all if lexicon().opposed(turned, word.stem))
    return any(word.folded not in NEGATORS for word in against) and all(word.stem != turned for word in evidence.all)


def _in_order(licence: Licence) -> bool:
    """Whether what is negated stands in both after the statement's first word and before its last one."""
    denied = {
        word for side in (licence.evidence, licence.claim) for found in negations(side) for word in found.scope[:1]
    }
    first, last = licence.claim.content[0], licence.claim.content[-1]
    for mine, matches in licence.matches.items():
        for match in (match for match in matches if {match, mine} & denied):
            after_first = mine is first or any(other.index < match.index for other in licence.matches[first])
            if after_first and (mine is last or any(other.index > match.index for other in licence.matches[last])):
                return True
    return False
