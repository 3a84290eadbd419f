"""How far a claim reaches: to all and to any, to another time, to another variant of a name, to another measure."""

from __future__ import annotations

from assistant.verification.lexicon import QUANTIFIERS, lexicon
from assistant.verification.licence import Licence
from assistant.verification.negation import following, negations
from assistant.verification.scales import is_comparative
from assistant.verification.words import Word, Words

_UNIVERSAL = QUANTIFIERS["all"] - {"both", "each", "throughout", "consistently"}
_EVER = frozenset({"never", "ever", "no", "none", "cannot"})
_OPEN = frozenset({"if", "whether", "without", "can", "could", "may", "unless"})  # "any" says less
_TIMES = frozenset({"before", "after", "during"})
_NEAR = 3  # words from a preposition to its noun
_GRADES = frozenset({"more", "less", "fewer", "higher", "lower", "greater", "smaller", "larger"})


def unstated_extent(licence: Licence) -> str:
    """Return "any", "all" or "never" where the sentence that says the rest reaches less far; else empty."""
    for word in licence.claim.all:
        if word.folded == "never" and not any(other.folded in _EVER for other in licence.evidence.all):
            return word.text
        if word.folded not in _UNIVERSAL or (word.folded == "any" and _open(word, licence.claim)):
            continue
        covered = following(word, licence.claim, 2)
        said = {match.sentence for other in covered for match in licence.matches.get(other, ())}
        known = {
            other.sentence for other in licence.evidence.all if other.folded in _UNIVERSAL | {"both", "each", "no"}
        }
        if said and not said & known:
            return word.text
    return ""


def _open(word: Word, words: Words) -> bool:
    """Whether "any" stands where it claims nothing of all: behind a negation, "if" or "can"."""
    before = [other for other in words.all[: word.index] if other.sentence == word.sentence]
    if before and before[-1].folded in ("than", "before"):
        return True
    return any(other.folded in _OPEN for other in before) or any(
        negation.word in before for negation in negations(words)
    )


def other_time(licence: Licence) -> str:
    """Return "during A" where the evidence has "after A" only, or the like; else empty."""
    for word in licence.claim.all:
        noun = next(iter(following(word, licence.claim, 1)), None) if word.folded in _TIMES else None
        if noun is None:
            continue
        times = [_time(match, licence.evidence) for match in licence.matches.get(noun, ())]
        if any(times) and word.folded not in times:
            return f"{word.text} {noun.text}"
    return ""


def _time(word: Word, words: Words) -> str:
    """Return the preposition of time shortly before a word, empty where none is."""
    near = words.all[max(0, word.index - _NEAR) : word.index]
    return next(
        (other.folded for other in reversed(near) if other.folded in _TIMES and other.clause == word.clause), ""
    )


def other_variant(licence: Licence) -> str:
    """Return a name with its number ("Llama 2") that the evidence has as a part of longer names only; else empty."""
    for number in licence.claim.all:
        before = licence.claim.all[max(0, number.index - 1) : number.index]
        if not (number.number and not number.unit and before and before[0].name):
            continue
        said = [match for match in licence.matches.get(number, ()) if match.index]
        said = [match for match in said if licence.evidence.all[match.index - 1].stem == before[0].stem]
        after = {
            match.sentence for word in following(number, licence.claim, 1) for match in licence.matches.get(word, ())
        }
        said = [match for match in said if not after or match.sentence in after]
        variants = [_suffix(match, licence.evidence) for match in said]
        if variants and all(variants) and _next(number, licence.claim) not in variants:
            return f"{before[0].text} {number.text}"
    return ""


def _suffix(word: Word, words: Words) -> str:
    """Return the stem of a name that a hyphen ties to a word: "Chat" in "Llama 2-Chat"."""
    after = words.all[word.index + 1 : word.index + 2]
    return after[0].stem if after and after[0].joined and after[0].name else ""


def _next(word: Word, words: Words) -> str:
    return next((other.stem for other in words.all[word.index + 1 : word.index + 2]), "")


def other_measure(licence: Licence) -> str:
    """Return "50% faster" where the evidence has another comparative behind 50%, and "faster" elsewhere; else empty."""
    for number in licence.claim.all:
        mine = _compared(number, licence.claim)
        if mine is None or mine.folded in _GRADES:
            continue
        equal = [other for other in licence.evidence.all if other.folded == number.folded and other.number]
        theirs = [_compared(other, licence.evidence) for other in equal]
        if any(other is None or lexicon().same(mine.stem, other.stem) for other in theirs):
            continue
        if theirs and licence.matches.get(mine):
            return f"{number.text} {mine.text}"
    return ""


def _compared(number: Word, words: Words) -> Word | None:
    """Return the comparative right behind a number: "50% faster", "5.3x faster"."""
    after = words.all[number.index + 1 : number.index + 2]
    found = number.number and after and after[0].clause == number.clause
    return after[0] if found and is_comparative(after[0]) else None
