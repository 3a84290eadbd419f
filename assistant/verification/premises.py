"""What a question takes for granted or asks to confirm, and whether a sentence says the opposite."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.text import fold
from assistant.verification.comparisons import turned_comparison
from assistant.verification.lexicon import LIGHT, NEGATORS, lexicon, stem
from assistant.verification.licence import Licence, license_words
from assistant.verification.negation import negated, negations
from assistant.verification.polarity import changed_negation
from assistant.verification.relations import flipped_direction
from assistant.verification.words import Word, Words, read_words

_ASKS = re.compile(
    r"^\W*(?:(?:so|and|but)\s+)?(?:(?:why|how come|how)\s+)?"
    r"(?:is it true that|is it the case that|does|do|did|is|are|was|were|can|could|will|would|has|have|had)\s+"
    r"(?!there\b|you\b|i\b|we\b)(?P<statement>.+?)\W*$",
    re.IGNORECASE,
)
# Of these more is better, so that to improve and to raise them is one, and to keep them is not to lower them.
_GOODS_TEXT = "quality accuracy performance throughput efficiency stability robustness recall precision engagement"
_GOODS = frozenset(map(stem, _GOODS_TEXT.split()))
_UP_TEXT = "improve increase raise boost enhance lift strengthen gain"
_DOWN_TEXT = "reduce lower decrease degrade harm hurt worsen lose impair limit drop weaken"
_UP, _DOWN, _KEPT = (
    frozenset(map(stem, text.split())) for text in (_UP_TEXT, _DOWN_TEXT, "keep preserve maintain retain")
)
_BEFORE = 5  # words from such a verb to what it does that to


def statement_of(question: str) -> str:
    """Return what "Does A improve B?" asks to confirm and "Why does A improve B?" takes for granted; else empty."""
    found = _ASKS.match(" ".join(question.split()))
    return found["statement"] if found else ""


def denial(statement: str, evidence: str, context: Sequence[str] = ()) -> str:
    """Return the word of a statement that a sentence says the opposite of; empty where it does not.

    All other words of the statement that carry something must be said by the sentence, so that both speak of the same.
    Over 284 yes-or-no questions of PubMedQA and the abstracts that answer them it sees four denials, all where the
    answer is no (one of them in a sentence that speaks of something else).

    Args:
        statement: as `statement_of` returns it.
        evidence: one sentence of a paper.
        context: what names the paper's "we" and "it", such as its title.
    """
    licence = license_words(read_words([statement]), read_words([evidence]), read_words(context))
    undone = _undone(licence)
    if not _same_matter(licence, undone):
        return ""
    if undone is not None:
        return undone.text
    turned = flipped_direction(licence)
    if turned and _stands_against(stem(fold(turned)), licence.evidence):
        return turned
    return turned_comparison(licence) or ("not" if changed_negation(licence) and _in_order(licence) else "")


def says(statement: str, evidence: str, context: Sequence[str] = ()) -> bool:
    """Return whether a sentence has all that a statement says, as it is or turned round; arguments as in `denial`."""
    return _same_matter(license_words(read_words([statement]), read_words([evidence]), read_words(context)), None)


def _same_matter(licence: Licence, undone: Word | None) -> bool:
    """Whether the sentence says all that the statement says, or its opposite."""
    lexical = lexicon()
    opposed = {undone} | {
        word
        for word in licence.claim.content
        if any(lexical.opposed(word.stem, other.stem) for other in licence.evidence.all)
    }
    unsaid = [word for word in licence.unlicensed() if word not in opposed and word.stem not in LIGHT]
    numbers = all(licence.matches[word] for word in licence.claim.content if word.number)
    return not unsaid and numbers and len(licence.claim.content) > 2


def _undone(licence: Licence) -> Word | None:
    """Return the statement's verb that raises or lowers a good where the sentence does the opposite to it."""
    for verb, side in _moved(licence.claim):
        others = [(other, theirs) for other, theirs in _moved(licence.evidence) if other[1] == verb[1]]
        against = {_DOWN: (_UP, _KEPT), _UP: (_DOWN,)}.get(side, ())
        if others and all(theirs in against for _, theirs in others):
            return verb[0]
    return None


def _moved(words: Words) -> list[tuple[tuple[Word, str], frozenset[str]]]:
    """Return the verbs that are done to goods, each with the good, and which way they move it."""
    found: list[tuple[tuple[Word, str], frozenset[str]]] = []
    denied = negated(words)
    for good in (word for word in words.all if word.stem in _GOODS):
        near = words.all[max(0, good.index - _BEFORE) : good.index]
        verb = next((word for word in reversed(near) if word.stem in _UP | _DOWN | _KEPT), None)
        if verb is not None and verb.sentence == good.sentence and not {verb, good} & denied:
            found.append(((verb, good.stem), next(side for side in (_UP, _DOWN, _KEPT) if verb.stem in side)))
    return found


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
