"""Comparisons: what is set against what, and whether a claim turns the sides round."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from assistant.text import word_set
from assistant.verification.lexicon import lexicon
from assistant.verification.licence import Licence
from assistant.verification.quantities import Quantity
from assistant.verification.words import Word, Words, passive

_BEATS = frozenset(
    {"outperform", "beat", "surpass", "exceed", "outdo", "outstrip", "underperform", "supersed", "domin"}
)
_AGAINST = frozenset({"than", "versus", "vs"})
_POINTING = frozenset({"this", "these", "latter", "they", "it", "former"})
_RELATIVE = frozenset({"compar with", "compar to", "relat to"})
_FRONTED = frozenset({"over", "against", "unlike"})
_LATER = frozenset({"then", "before", "afterwards", "subsequently", "followed"})
_EARLIER = frozenset({"after"})
_BESIDE = 4  # words between a comparison and the quantity that measures it
_LEFT, _RIGHT = 10, 4  # content words that a side may have
_ENDS = word_set("on in by for with at while when where which that as from under across during of and")


@dataclass(frozen=True, slots=True)
class Comparison:
    """Content words on the two sides of what compares them: the subject's side and the standard's side."""

    cue: Word
    left: tuple[Word, ...]
    right: tuple[Word, ...]


def turned_comparison(licence: Licence) -> str:
    """Return the claim's comparing word where its sides are the evidence's the other way round; else empty."""
    known = comparisons(licence.evidence)
    for mine in comparisons(licence.claim):
        scored = [(_crossed(mine, theirs), theirs) for theirs in known]
        if any(_beaten_by_named_before(mine, theirs, licence) for theirs in known):
            return mine.cue.text
        if not scored:
            continue
        (straight, crossed), theirs = max(scored, key=lambda pair: sum(pair[0]))
        if (crossed > straight) != _opposed(mine, theirs) and crossed != straight:
            return mine.cue.text
    return ""


def _beaten_by_named_before(mine: Comparison, theirs: Comparison, licence: Licence) -> bool:
    """Whether the evidence sets what wins in the claim below what it names a sentence before ("methods of this class").

    What loses in the claim must be said in that sentence.
    """
    cue = theirs.cue
    pointing = any(word.folded in _POINTING and word.index < cue.index for word in _sentence(cue, licence.evidence))
    won = [word for word in mine.left if _shared([word], theirs.right)]
    before = [word for word in licence.evidence.content if word.sentence == cue.sentence - 1]
    if not pointing or not before or _opposed(mine, theirs) or _shared(mine.left, theirs.left):
        return False
    return len(won) >= 2 and _shared(mine.right, before) == len(mine.right) > _shared(mine.right, theirs.right)


def _sentence(word: Word, words: Words) -> list[Word]:
    return [other for other in words.all if other.sentence == word.sentence]


def turned_order(licence: Licence) -> str:
    """Return the claim's "then" or "before" where the evidence has what comes first last; else empty."""
    known = sequences(licence.evidence)
    for mine in sequences(licence.claim):
        scored = [_crossed(mine, theirs) for theirs in known]
        if scored and all(crossed > straight for straight, crossed in scored):
            return mine.cue.text
    return ""


def sequences(words: Words) -> list[Comparison]:
    """Return what comes first (left) and what comes later (right) by the words of a text, such as "A, then B"."""
    found: list[Comparison] = []
    for word in words.all:
        if word.folded not in _LATER and word.folded not in _EARLIER:
            continue
        own = [other for other in words.content if other.sentence == word.sentence and not other.number]
        left = tuple(other for other in own if other.index < word.index)[-_LEFT:]
        right = tuple(other for other in own if other.index > word.index)[:_LEFT]
        if word.folded in _EARLIER and left:
            left, right = right, left
        elif word.folded in _EARLIER:  # "after A, B"
            clause = right[0].clause if right else -1
            left, right = (
                tuple(o for o in right if o.clause == clause),
                tuple(o for o in right if o.clause != clause),
            )
        if left and right:
            found.append(Comparison(word, left, right))
    return found


def unfounded_comparison(licence: Licence) -> str:
    """Return "than" and the like where the evidence compares nothing; else empty."""
    claimed = [mine for mine in comparisons(licence.claim) if mine.cue.folded in _AGAINST]
    return claimed[0].cue.text if claimed and not comparisons(licence.evidence) else ""


def other_standard(licence: Licence) -> str:
    """Return a name after "than" that the evidence has beside its comparisons only: "Combined with A, it beats B"."""
    known = comparisons(licence.evidence)
    for mine in comparisons(licence.claim):
        behind = takewhile(
            lambda word: word.content and " " not in word.folded, licence.claim.all[mine.cue.index + 1 :]
        )
        names = [word for word in behind if word.name] if mine.cue.folded in _AGAINST else []
        said = [match for name in names for match in licence.matches.get(name, ())]
        if known and said and not any(_compares(other, match) for other in known for match in said):
            return names[0].text
    return ""


def _compares(comparison: Comparison, word: Word) -> bool:
    """Whether a word stands on a side of a comparison or behind what compares."""
    behind = word.sentence == comparison.cue.sentence and word.index > comparison.cue.index
    return behind or word in comparison.left or word in comparison.right


def mismeasured(licence: Licence, claimed: Sequence[Quantity], known: Sequence[Quantity]) -> str:
    """Return a quantity that the evidence measures against another standard ("6x faster than A"); else empty."""
    here, there = _measured(licence.claim, claimed), _measured(licence.evidence, known)
    for quantity, standard in here:
        against = [other for other, known_standard in there if _shared(standard, known_standard)]
        rivals = [other for other in against if other.unit == quantity.unit]
        if rivals and not any(quantity.equals(other) for other in against):
            return f"{quantity.shown} than {standard[0].text}, where the paper has {rivals[0].shown}"
    return ""


def _measured(words: Words, quantities: Sequence[Quantity]) -> list[tuple[Quantity, tuple[Word, ...]]]:
    """Return the quantities that measure a comparison, each with its standard, as far as they stand beside it."""
    found: list[tuple[Quantity, tuple[Word, ...]]] = []
    for comparison in comparisons(words):
        names = tuple(word for word in comparison.right if word.name)
        if not names:
            continue
        cue, last = comparison.cue, names[-1]
        before = [q for q in quantities if q.word.clause == cue.clause and 0 < cue.index - q.word.index <= _BESIDE]
        after = [q for q in quantities if q.word.sentence == cue.sentence and 0 < q.word.index - last.index <= _BESIDE]
        after = [q for q in after if any(word.folded == "by" for word in words.all[last.index : q.word.index])]
        found += [(quantity, names) for quantity in before[-1:] or after[:1]]
    return found


def comparisons(words: Words) -> list[Comparison]:
    """Return the comparisons of a text."""
    found: list[Comparison] = []
    lexical = lexicon()
    for at, word in enumerate(words.all):
        first = at == 0 or words.all[at - 1].sentence != word.sentence
        instead = (
            word.folded in ("instead", "rather")
            and at + 1 < len(words.all)
            and words.all[at + 1].folded in ("of", "than")
        )
        against = word.folded in _AGAINST and not (at and words.all[at - 1].folded in ("rather", "other"))
        ahead = word.folded == "of" and at > 0 and words.all[at - 1].folded == "ahead"
        if against or instead or ahead or word.stem in _RELATIVE or (first and word.folded in _FRONTED):
            found.append(_sides(at, words))
        elif word.stem in _BEATS:
            sides = _sides(at, words)
            found.append(Comparison(word, sides.right, sides.left) if passive(word, words) else sides)
        elif (
            word.folded == "over"
            or (word.folded == "against" and _compared(at, words))
            or (word.folded in ("to", "of") and words.all[at - 1].folded in ("superior", "inferior"))
        ):
            before = [other for other in words.all[:at] if other.sentence == word.sentence]
            counted = at + 1 < len(words.all) and (
                words.all[at + 1].number or words.all[at + 1].folded in ("time", "the", "years")
            )
            if not counted and any(other.stem in lexical.opposites for other in before):
                found.append(_sides(at, words))
    return found


def _compared(at: int, words: Words) -> bool:
    """Whether a comparative stands shortly before a word: "a higher rate against A"."""
    near = words.all[max(0, at - _BESIDE) : at]
    return any(word.folded.endswith("er") and word.stem in lexicon().opposites for word in near)


def _sides(at: int, words: Words) -> Comparison:
    """Return what stands before and after a comparing word; "compared with B, A ..." names B first."""
    cue = words.all[at]
    before = [word for word in words.all[:at] if word.content and word.sentence == cue.sentence and not word.number]
    text = words.texts[cue.sentence]
    comma = max(text.rfind(mark, 0, cue.start) for mark in ",;:")
    own = [word for word in before if word.start > comma]
    before = own if len(own) > 1 else before  # what a comma parts from the comparison is no side of it
    right: list[Word] = []
    rest: list[Word] = []
    for word in words.all[at + 1 :]:
        if word.sentence != cue.sentence:
            break
        ended = bool(rest) or (bool(right) and (word.folded in _ENDS or word.clause != right[0].clause or word.number))
        if word.content and not word.number:
            (rest if ended or len(right) == _RIGHT else right).append(word)
        elif ended and not rest:
            rest.append(word)
    if not before:
        return Comparison(cue, tuple(word for word in rest if word.content)[:_LEFT], tuple(right))
    return Comparison(cue, tuple(before[-_LEFT:]), tuple(right))


def _crossed(mine: Comparison, theirs: Comparison) -> tuple[int, int]:
    """Return how many standards agree straight, and how many are the other comparison's subject.

    Where all of the claim's standard is the evidence's subject, and nothing of its own subject is, what the evidence
    compares with may stand further off.
    """
    right, their_right = _without(mine.right, mine.left), _without(theirs.right, theirs.left)
    left, their_left = _without(mine.left, mine.right), _without(theirs.left, theirs.right)
    straight, turned = _shared(right, their_right), _shared(right, their_left)
    own = [word for word in left if word != mine.left[-1]]  # the last one is the adjective: "more robust than"
    whole = bool(right) and turned == len(right) and not straight and not _shared(own, their_left)
    return straight, turned if whole else min(turned, _shared(their_right, left))


def _without(words: Sequence[Word], others: Sequence[Word]) -> list[Word]:
    stems = {word.stem for word in others}
    return [word for word in words if word.stem not in stems]


def _shared(left: Sequence[Word], right: Sequence[Word]) -> int:
    lexical = lexicon()
    return sum(any(lexical.same(word.stem, other.stem) for other in right) for word in left)


def _opposed(mine: Comparison, theirs: Comparison) -> bool:
    """Whether the comparing words, or the adjectives before them, are opposites."""
    lexical = lexicon()
    here = [mine.cue, *mine.left[-2:]]
    there = [theirs.cue, *theirs.left[-2:]]
    return any(lexical.opposed(left.stem, right.stem) for left in here for right in there)
