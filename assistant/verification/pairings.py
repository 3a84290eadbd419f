"""Which words go together: what is paired with what, on which side of a preposition, and which noun a modifier is of.

A claim may pair A with Y and B with X where its evidence pairs A with X and B with Y.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import combinations, takewhile

from assistant.text import STOP_WORDS, word_set
from assistant.verification.lexicon import lexicon
from assistant.verification.licence import Licence
from assistant.verification.statements import statements
from assistant.verification.verbs import is_finite, is_verb_form
from assistant.verification.words import Word, Words

_DETERMINERS = frozenset({"the", "a", "an", "its", "their", "this", "these", "both", "all", "such"})
_TIES = word_set("of for to into inside with in on under over by from")
_ADJECTIVE = 2  # content words from an adjective to its noun
_GROUP = 4  # words before a noun that may modify it
_LIST = 8  # the same where they are a list: "image, video and speech capabilities"
_COMPLEMENT = 6  # words after "of" that may complete a noun
_GRAMMAR = word_set("the a an its their this that these those our all each every both and or of")
_COMPLETING = frozenset({"of", "for", "in", "on", "under", "at", "with", "from", "by", "to", "between", "over"})

Slot = Callable[[Word, Words], list[Word]]
Places = dict[Word, frozenset[int]]  # the runs of the evidence in which a word of the claim is said


def crossed_pairs(licence: Licence) -> str:
    """Return the words of a claim that are paired the other way round in the evidence; else empty."""
    runs = _said(licence.evidence)
    sentences = range(len(licence.evidence.texts))
    found = (_crossed_in([run for run in runs if run[0].sentence == sentence], licence) for sentence in sentences)
    return next(filter(None, found), "")


def turned_tie(licence: Licence) -> str:
    """Return "A of B", "A for B" or the like where the evidence has B of A and nowhere A of B; else empty."""
    there = _ties(licence.evidence)
    for left, tie, right in _ties(licence.claim):
        mine, theirs = _said_by(left, licence), _said_by(right, licence)
        same = [(one, other) for one, preposition, other in there if preposition == tie]
        straight = any(mine & {*one} and theirs & {*other} for one, other in same)
        if not straight and any(mine & {*other} and theirs & {*one} for one, other in same):
            return f"{left[-1].text} {tie} {right[-1].text}"
    return ""


def _ties(words: Words) -> list[tuple[list[Word], str, list[Word]]]:
    """Return what stands on both sides of each preposition: the word, with those that a hyphen ties to it."""
    found = []
    for word in words.all:
        before = words.all[word.index - 1] if word.index else None
        after = next((other for other in words.all[word.index + 1 : word.index + 4] if other.content), None)
        if word.folded in _TIES and not word.joined and before is not None and before.content and after is not None:
            grouped = _grouped if word.folded == "into" else _hyphenated
            found.append((grouped(before, words), word.folded, grouped(after, words)))
    return found


def other_complement(licence: Licence) -> str:
    """Return of or for what the evidence says that the claim says of something else ("a benchmark for X"); else empty.

    Head and preposition must be the evidence's, and what the claim puts behind them must stand elsewhere there.
    """
    known = _complements(licence.evidence)
    for head, preposition, complement in _complements(licence.claim):
        mine = {match for word in complement for match in licence.matches.get(word, ())}
        same = [(there, rest) for there, tie, rest in known if tie == preposition and _same_group(head, there, licence)]
        if not mine or not same or any(_behind(mine, there, licence.evidence) for there, _ in same):
            continue
        return " ".join(word.text for word in same[0][1])
    return ""


def _complements(words: Words) -> list[tuple[list[Word], str, list[Word]]]:
    """Return (noun group, preposition, content words behind it) for each "A B of C", "A B for C"."""
    found = []
    for word in words.all:
        if word.folded not in ("of", "for"):
            continue
        clause = word.clause
        before = (other for other in reversed(words.all[: word.index]) if other.clause == clause)
        head = list(takewhile(lambda other: other.content, before))
        rest = [other for other in words.all[word.index + 1 : word.index + 5] if other.clause == clause]
        behind = list(takewhile(lambda other: other.content or other.folded in _DETERMINERS, rest))
        behind = [other for other in behind if other.content]
        if head and behind and not any(other.number for other in (*head[:1], *behind)):
            found.append((head[:2], word.folded, behind))
    return found


def _same_group(head: Sequence[Word], there: Sequence[Word], licence: Licence) -> bool:
    """Whether two heads are the same words, both of them where the claim has two."""
    return len(there) >= len(head) and all(
        other in licence.matches.get(mine, ()) for mine, other in zip(head, there, strict=False)
    )


def _behind(matches: set[Word], head: Sequence[Word], words: Words) -> bool:
    """Whether one of the words stands behind a head in its statement, or beside it in its noun group."""
    first = head[0]
    run = next(run for run in statements(words) if first in run)
    return any(
        word in run and (word.index > first.index or abs(word.index - first.index) <= len(head)) for word in matches
    )


def _hyphenated(word: Word, words: Words) -> list[Word]:
    first = last = word.index
    while words.all[first].joined:
        first -= 1
    while last + 1 < len(words.all) and words.all[last + 1].joined:
        last += 1
    return list(words.all[first : last + 1])


def _grouped(word: Word, words: Words) -> list[Word]:
    """Return the content words that stand together with a word."""
    before = takewhile(lambda other: other.content, reversed(words.all[: word.index]))
    after = takewhile(lambda other: other.content, words.all[word.index + 1 :])
    return [other for other in (*before, word, *after) if other.clause == word.clause]


def _said_by(words: Sequence[Word], licence: Licence) -> set[Word]:
    return {match for word in words for match in licence.matches.get(word, ())}


def _crossed_in(there: Sequence[Sequence[Word]], licence: Licence) -> str:
    """Return the words that the runs of one sentence pair the other way round."""
    here = _said(licence.claim)
    places = {word: at for at, run in enumerate(there) for word in run}
    known = {
        word: frozenset(places[match] for match in licence.matches[word] if match in places)
        for run in here
        for word in run
        if not word.number
    }
    for first, second in combinations(here, 2):
        shared = {word.stem for word in first} & {word.stem for word in second}
        one, other = ([word for word in run if word.stem not in shared and known.get(word)] for run in (first, second))
        if found := _crossing(one, other, known):
            return found
        heads = [word for word in (*first, *second) if word.stem in shared]
        if found := _misgiven(one, other, heads, known) or _misgiven(other, one, heads, known):
            return found
    return ""


def _crossing(one: Sequence[Word], other: Sequence[Word], known: Places) -> str:
    """Return words A and B where the claim says A with X and B with Y, the evidence A with Y and B with X."""
    for a, x in combinations(one, 2):
        if known[a] & known[x]:
            continue
        for b, y in combinations(other, 2):
            if known[b] & known[y] or not (known[a] & known[y] and known[x] & known[b]):
                continue
            if not (known[a] & known[b] or known[x] & known[y]):
                return f"{a.text!r} and {b.text!r}"
    return ""


def _misgiven(one: Sequence[Word], other: Sequence[Word], heads: Sequence[Word], known: Places) -> str:
    """Return adjectives A and B of one noun ("fast model", "deep model") where A is said with what is B's."""
    for a in (word for word in one if _describes(word, heads)):
        for b in (word for word in other if _describes(word, heads) and not known[a] & known[word]):
            for x in one:
                if x.index > a.index + _ADJECTIVE and known[b] & known[x] and not known[a] & known[x]:
                    return f"{a.text!r} and {b.text!r}"
    return ""


def _describes(word: Word, heads: Sequence[Word]) -> bool:
    return any(0 < head.place - word.place <= _ADJECTIVE and head.clause == word.clause for head in heads)


def _said(words: Words) -> list[list[Word]]:
    content = ([word for word in statement if word.content] for statement in statements(words))
    return [statement for statement in content if statement]


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
    mine = [*_modifiers_before(head, licence.claim), *_complement_after(head, licence.claim, binding="of")]
    places = [
        {at for at, words in enumerate(bound) if words & set(licence.matches[word])}
        for word in mine
        if everywhere.issuperset(licence.matches[word])
    ]
    return any(one and other and not one & other for one, other in combinations(places, 2))


def _is_head(word: Word, words: Words) -> bool:
    """Whether a word is a noun that ends its group: no content word of its clause follows, or a verb does."""
    if word.number or _is_described_by(word) or word.folded in STOP_WORDS or is_finite(word, words):
        return False
    after = next(iter(words.all[word.index + 1 : word.index + 2]), None)
    if after is None or after.clause != word.clause:
        return True
    return not after.joined and (not after.content or is_finite(after, words))


def _bound(head: Word, words: Words) -> list[Word]:
    """Return all that may modify a noun, the members of a list before it among them."""
    after = words.all[head.index + 1].folded if head.index + 1 < len(words.all) else ""
    completed = _complement_after(head, words, binding=after) if after in _COMPLETING else []
    return [*_listed(head, words), *completed]


def _modifiers_before(head: Word, words: Words) -> list[Word]:
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
    return word.content and not verb and not _is_described_by(word)


def _is_described_by(word: Word) -> bool:
    """Whether a word reads as an adjective or adverb: these go with any noun ("a better and a worse molecule")."""
    return word.stem in lexicon().opposites or word.folded.endswith(("ly", "ed", "ing"))


def _complement_after(head: Word, words: Words, *, binding: str) -> list[Word]:
    """Return what completes a noun after "of" or "for"."""
    after = words.all[head.index + 1 : head.index + 2 + _COMPLEMENT]
    if not after or after[0].folded != binding or after[0].sentence != head.sentence:
        return []
    rest = takewhile(lambda word: (word.content or word.folded in _GRAMMAR) and not is_finite(word, words), after[1:])
    return [word for word in rest if word.content and word.sentence == head.sentence and not word.number]


_SLOTS: tuple[Slot, ...] = (
    _modifiers_before,
    partial(_complement_after, binding="of"),
    partial(_complement_after, binding="for"),
)
