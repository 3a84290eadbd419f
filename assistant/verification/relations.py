"""Directions, and which name stands for what."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from assistant.text import STOP_WORDS
from assistant.verification.lexicon import lexicon
from assistant.verification.licence import Licence, context_of, overlap
from assistant.verification.negation import negated
from assistant.verification.verbs import is_finite
from assistant.verification.words import Word, Words, passive

_PREPOSITIONS_TEXT = "than over to from of by in with against on for into"
_SIZES = frozenset({"large", "big", "small", "great", "high", "low", "long", "short", "deep"})
_COMPARATIVES = frozenset({"better", "worse", "stronger", "weaker", "superior", "inferior"})
_PREPOSITIONS = frozenset(_PREPOSITIONS_TEXT.split())
_NEAR = 0.4  # context that an opposite word must share where the claim's own word is missing from the evidence
_SWAPPED = 0.5  # the same, on the right side of each word, before two names count as swapped
_SUBJECT = 0.6  # weight of what stands to the left of a direction
_BESIDE = 4  # content words from a word to its opposite where a text speaks of both
_MARGIN = 0.2  # by which a context must fit another word better before a swap is claimed


def flipped_direction(licence: Licence) -> str:
    """Return the claim's word that says the opposite of the evidence, such as "increases"; empty where none does."""
    lexical = lexicon()
    denied, denied_there = negated(licence.claim), negated(licence.evidence)
    for word in licence.claim.all:
        if word.stem not in lexical.opposites or _little(word, licence.claim):
            continue
        same = [other for other in licence.evidence.all if other.stem in lexical.opposites or other.folded == "one"]
        same = [other for other in same if lexical.same(word.stem, other.stem)]
        against = [other for other in licence.evidence.all if lexical.opposed(word.stem, other.stem)]
        against = [other for other in against if not _little(other, licence.evidence)]
        against = [other for other in against if (word in denied) == (other in denied_there)]
        against = [other for other in against if not _of_other_thing(other, licence)]
        if word.folded in _SIZES:  # "large models lower it" does not turn "it lowers"
            against = [other for other in against if not _said_apart(other, word, licence.claim)]
        if not against or _both_sides(word, same, against, licence):
            continue
        around = _object_first(context_of(word, licence.claim))
        fits = max((overlap(around, context_of(other, licence.evidence)) for other in same), default=0.0)
        opposite = max(overlap(around, context_of(other, licence.evidence)) for other in against)
        if opposite > (fits + _MARGIN if same else _NEAR):
            return word.text
    return ""


def _of_other_thing(word: Word, licence: Licence) -> bool:
    """Whether a comparative describes a thing of which the claim says nothing: "better kernels"."""
    if word.folded not in _COMPARATIVES:
        return False
    after = licence.evidence.all[word.index + 1 :]
    group = list(takewhile(lambda other: other.content and other.clause == word.clause, after))
    said = {match for matches in licence.matches.values() for match in matches}
    return bool(group) and group[-1] not in said


def _little(word: Word, words: Words) -> bool:
    """Whether "little" or "few" says how much, not how large: "little or no change"."""
    before = words.all[word.index - 1].folded if word.index else ""
    return word.folded == "little" and before not in ("a", "the")


def _said_apart(other: Word, size: Word, claim: Words) -> bool:
    """Whether the claim says a direction of the evidence itself, beside a word of size."""
    return any(lexicon().same(mine.stem, other.stem) for mine in claim.all if mine is not size)


def _both_sides(word: Word, same: Sequence[Word], against: Sequence[Word], licence: Licence) -> bool:
    """Whether a word stands beside its opposite in both texts: "a better and a worse molecule"."""
    here = [other for other in licence.claim.all if lexicon().opposed(word.stem, other.stem)]
    return any(_beside(word, other) for other in here) and any(
        _beside(mine, other) for mine in same for other in against
    )


def _beside(left: Word, right: Word) -> bool:
    return left.sentence == right.sentence and abs(left.place - right.place) <= _BESIDE


def swapped_names(licence: Licence) -> str:
    """Return two words of the claim that changed places against the evidence; empty where none did."""
    words = [word for word in licence.claim.content if licence.matches[word] and not word.number]
    # Verbs and adverbs move freely: what changes places are things.
    words = [
        word
        for word in words
        if not word.folded.endswith(("ly", "ed", "ing", "'s")) and not passive(word, licence.claim)
    ]
    words = [word for word in words if not is_finite(word, licence.claim) and not _infinitive(word, licence.claim)]
    for at, left in enumerate(words):
        for right in words[at + 1 :]:
            if left.stem == right.stem:
                continue
            named = left.name and right.name and not (_compound(left, licence.claim) or _compound(right, licence.claim))
            if (named and _changed_places(left, right, licence)) or _changed_anchors(left, right, licence):
                return f"{left.text!r} and {right.text!r}"
    return ""


def _infinitive(word: Word, words: Words) -> bool:
    return words.all[max(0, word.index - 1)].folded in ("to", "can", "could", "may", "might", "will", "would", "must")


def _object_first(around: dict[Word, float]) -> dict[Word, float]:
    """Return a context that weighs what follows more: what is raised or is higher mostly stands to the right."""
    return {word: weight if weight > 0 else _SUBJECT * weight for word, weight in around.items()}


def _compound(word: Word, words: Words) -> bool:
    """Whether a hyphen ties a word to its neighbour: such words move freely ("AI-based", "based on AI")."""
    at = word.index + 1
    return word.joined or (at < len(words.all) and words.all[at].joined)


def _changed_anchors(left: Word, right: Word, licence: Licence) -> bool:
    """Whether two words took each other's neighbours: "output scores ... use critiques" turned round."""
    claim, evidence = licence.claim, licence.evidence
    for side in (-1, 1):
        here, there = _neighbour(left, claim, side), _neighbour(right, claim, side)
        if not here or not there or {here, there} & {left.stem, right.stem} or here == there:
            continue
        for mine in licence.matches[left]:
            for other in licence.matches[right]:
                known, known_there = _neighbour(mine, evidence, side), _neighbour(other, evidence, side)
                crossed = (here, there) == (known_there, known)
                if crossed and not coordinated(mine, other, evidence):
                    return True
    return False


def _neighbour(word: Word, words: Words, side: int) -> str:
    """Return the stem of the next word that is no mere grammar on one side, within the clause; empty where none is."""
    at = word.index + side
    while 0 <= at < len(words.all) and words.all[at].folded in STOP_WORDS:
        at += side
    if not 0 <= at < len(words.all) or words.all[at].clause != word.clause or passive(words.all[at], words):
        return ""
    if words.all[at].folded.endswith(("ed", "ing")):
        return ""  # "model-based", "data understanding": these go before and after their noun
    return words.all[at].stem


def _changed_places(left: Word, right: Word, licence: Licence) -> bool:
    """Whether each of two words stands in the claim where the other one stands in the evidence."""
    pairs = [
        (here, there)
        for here in licence.matches[left]
        for there in licence.matches[right]
        if here.sentence == there.sentence
    ]
    pairs = [(here, there) for here, there in pairs if here is not there and here.stem != there.stem]
    if not pairs or any(coordinated(here, there, licence.evidence) for here, there in pairs):
        return False
    skip = {left.stem, right.stem}
    mine_left, mine_right = (_context(word, licence.claim, skip) for word in (left, right))
    for sided in (True, False):
        straight = max(
            overlap(mine_left, _context(here, licence.evidence, skip), sided=sided)
            + overlap(mine_right, _context(there, licence.evidence, skip), sided=sided)
            for here, there in pairs
        )
        crossed = max(
            overlap(mine_left, _context(there, licence.evidence, skip), sided=sided)
            + overlap(mine_right, _context(here, licence.evidence, skip), sided=sided)
            for here, there in pairs
        )
        if crossed <= straight + (_SWAPPED if sided else -_MARGIN):
            return False
    return True


def _context(word: Word, words: Words, skip: set[str]) -> dict[Word, float]:
    """Return a word's context without the words that may have been swapped, passive verbs turned to the active."""
    around = {other: weight for other, weight in context_of(word, words).items() if other.stem not in skip}
    return {other: -weight if passive(other, words) else weight for other, weight in around.items()}


def coordinated(left: Word, right: Word, words: Words) -> bool:
    """Whether two words stand in one list: "A, B and C"."""
    if left.sentence != right.sentence:
        return False
    if abs(left.place - right.place) <= 2 and not {word.folded for word in words.between(left, right)} & _PREPOSITIONS:
        return True  # one noun group: "FlashAttention2-based Transformers"
    low, high = sorted((left, right), key=lambda word: word.start)
    between = words.texts[low.sentence][low.end : high.start]
    inner = words.between(low, high)
    if len(inner) > 8 or any(
        word.folded not in ("and", "or", "the", "a", "an", "as", "well", "both") and not word.content for word in inner
    ):
        return False
    return not between.strip(" -/") or "," in between or any(word.folded in ("and", "or") for word in inner)
