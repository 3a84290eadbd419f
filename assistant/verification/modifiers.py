"""Which noun a modifier belongs to: "a special case of EOMM" is not EOMM as a special case of something."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import combinations, takewhile

from assistant.text import STOP_WORDS
from assistant.verification.deeds import is_finite, is_verb_form
from assistant.verification.lexicon import lexicon
from assistant.verification.licence import Licence
from assistant.verification.words import Word, Words

_GROUP = 4  # words before a noun that may modify it
_LIST = 8  # the same where they are a list: "image, video and speech capabilities"
_COMPLEMENT = 6  # words after "of" that may complete a noun
_GRAMMAR_TEXT = "the a an its their this that these those our all each every both and or of"
_GRAMMAR = frozenset(_GRAMMAR_TEXT.split())
_PREPOSITIONS = frozenset({"of", "for", "in", "on", "under", "at", "with", "from", "by", "to", "between", "over"})

Slot = Callable[[Word, Words], list[Word]]


def other_modifier(licence: Licence) -> str:
    """Return the noun of a claim whose modifiers the evidence gives to something else; else empty.

    Either the noun changed modifiers with another one ("EOMM is a special case of A" for "A is a special case of
    EOMM"), or it has at once what the evidence says of two different things of that name.
    """
    for head in licence.claim.all:
        matches = [match for match in licence.evidence.all if match.stem == head.stem]
        if not matches or not _is_head(head, licence.claim):
            continue
        if not all(_is_head(match, licence.evidence) for match in matches):
            continue
        if any(_exchanged(head, matches, slot, licence) for slot in _SLOTS) or _mixed(head, matches, licence):
            return head.text
    return ""


def _exchanged(head: Word, matches: Sequence[Word], slot: Slot, licence: Licence) -> bool:
    """Whether a noun has nothing of its modifiers in the evidence, and the claim has those with something else."""
    theirs = {word for match in matches for word in slot(match, licence.evidence)}
    known = {word for match in matches for word in _bound(match, licence.evidence)}
    said = [licence.matches[word] for word in slot(head, licence.claim)]
    if not said or not theirs or not all(said) or any(match in known for found in said for match in found):
        return False
    own = {head, *_bound(head, licence.claim)}
    return any(match in theirs for word in licence.claim.content if word not in own for match in licence.matches[word])


def _mixed(head: Word, matches: Sequence[Word], licence: Licence) -> bool:
    """Whether two modifiers of a noun each stand in the evidence with another noun of that name only."""
    bound = [set(_bound(match, licence.evidence)) for match in matches]
    everywhere = {word for words in bound for word in words}
    mine = [*_before(head, licence.claim), *_after(head, licence.claim, binding="of")]
    places = [
        {at for at, words in enumerate(bound) if words & set(licence.matches[word])}
        for word in mine
        if everywhere.issuperset(licence.matches[word])
    ]
    return any(one and other and not one & other for one, other in combinations(places, 2))


def _is_head(word: Word, words: Words) -> bool:
    """Whether a word is a noun that ends its group: no content word of its clause follows, or a verb does."""
    if word.number or _describes(word) or word.folded in STOP_WORDS or is_finite(word, words):
        return False
    after = next(iter(words.all[word.index + 1 : word.index + 2]), None)
    if after is None or after.clause != word.clause:
        return True
    return not after.joined and (not after.content or is_finite(after, words))


def _bound(head: Word, words: Words) -> list[Word]:
    """Return all that may modify a noun, the members of a list before it among them."""
    after = words.all[head.index + 1].folded if head.index + 1 < len(words.all) else ""
    completed = _after(head, words, binding=after) if after in _PREPOSITIONS else []
    return [*_listed(head, words), *completed]


def _before(head: Word, words: Words) -> list[Word]:
    """Return the modifiers right before a noun."""
    near = reversed(words.all[max(0, head.index - _GROUP) : head.index])
    group = takewhile(lambda word: word.clause == head.clause and _modifies(word), near)
    return [word for word in group if not word.number]


def _listed(head: Word, words: Words) -> list[Word]:
    """Return the words before a noun up to the next one that neither modifies it nor joins a list."""
    near = reversed(words.all[max(0, head.index - _LIST) : head.index])
    group = takewhile(
        lambda word: word.sentence == head.sentence and (_modifies(word) or word.folded in ("and", "or")), near
    )
    return [word for word in group if word.content and not word.number]


def _modifies(word: Word) -> bool:
    verb = is_verb_form(word) and not word.joined
    return word.content and not verb and not _describes(word)


def _describes(word: Word) -> bool:
    """Whether a word reads as an adjective or adverb: these go with any noun ("a better and a worse molecule")."""
    return word.stem in lexicon().opposites or word.folded.endswith(("ly", "ed", "ing"))


def _after(head: Word, words: Words, *, binding: str) -> list[Word]:
    """Return what completes a noun after "of" or "for"."""
    after = words.all[head.index + 1 : head.index + 2 + _COMPLEMENT]
    if not after or after[0].folded != binding or after[0].sentence != head.sentence:
        return []
    rest = takewhile(lambda word: (word.content or word.folded in _GRAMMAR) and not is_finite(word, words), after[1:])
    return [word for word in rest if word.content and word.sentence == head.sentence and not word.number]


_SLOTS: tuple[Slot, ...] = (_before, partial(_after, binding="of"), partial(_after, binding="for"))
