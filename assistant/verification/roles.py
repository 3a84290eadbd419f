"""Claims that give a deed to someone else: another doer, another object, or the two the other way round."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import takewhile

from assistant.verification.deeds import Deed, bare_deeds, deeds, is_finite, predicates
from assistant.verification.lexicon import lexicon
from assistant.verification.licence import Licence
from assistant.verification.words import Word, Words

_LIST_ENDS = frozenset({"by", "with", "via", "using", "through", "that", "which", "when", "while", "but"})
_MEANS = frozenset({"by", "with", "via", "using", "through"})


def exchanged_roles(licence: Licence) -> str:
    """Return the claim's verb whose doer and object are the evidence's object and doer; else empty."""
    known = [*deeds(licence.evidence, wide=True), *predicates(licence.evidence)]
    known = [deed for deed in known if deed.doers]
    for mine in map(_proper, (*deeds(licence.claim), *predicates(licence.claim))):
        theirs = [other for other in known if _same(mine, other)]
        if mine.doers and mine.object and mine.relation != "be" and _turned(mine, theirs, licence):
            return mine.verb.text
    return ""


def converse_roles(licence: Licence) -> str:
    """Return a verb of the claim whose sides stand the other way round about any verb of the evidence; else empty.

    Some such claims are true ("A needs B", "B serves A"), so this casts doubt and no more; so does a claim that does
    something to the evidence's doer, with the same verb and nothing straight.
    """
    known = [deed for deed in deeds(licence.evidence, wide=True) if deed.doers and deed.relation != "be"]
    for mine in map(_proper, deeds(licence.claim)):
        mine = replace(mine, object=mine.object or mine.done)
        if not mine.doers or not mine.object or mine.relation == "be" or "(passive)" in mine.relation:
            continue
        theirs = [other for other in known if (mine.relation == "carry") == (other.relation == "carry")]
        if _turned(mine, theirs, licence) or _done_to_doer(mine, theirs, licence):
            return mine.verb.text
    return ""


def _done_to_doer(mine: Deed, known: Sequence[Deed], licence: Licence) -> bool:
    theirs = [other for other in known if _same(mine, other)]
    straight = any(_said(mine.doers, other.doers, licence) or _said(mine.done, other.done, licence) for other in theirs)
    return not straight and any(_said(mine.object, other.doers, licence) for other in theirs)


def _turned(mine: Deed, known: Sequence[Deed], licence: Licence) -> bool:
    """Whether more of a deed's sides is said crosswise by one of the `known` deeds than straight by any."""
    if _by_means_of(mine, licence):
        return False
    crossed, straight = 0, 0
    for other in known:
        across = (_count(mine.doers, other.done, licence), _count(mine.done, other.doers, licence))
        along = (_count(mine.doers, other.doers, licence), _count(mine.done, other.done, licence))
        crossed = max(crossed, sum(across) if all(across) else 0)
        straight = max(straight, sum(along))
    return crossed > straight


def other_doer(licence: Licence) -> str:
    """Return whom the evidence names as the doer of what the claim says of someone else; else empty."""
    known = deeds(licence.evidence, wide=True)
    for full in deeds(licence.claim):
        mine = _proper(full) if _proper(full).doers else full
        if not mine.doers or any(_named_by_context(word, licence) for word in mine.doers):
            continue
        theirs = [other for other in known if _same(mine, other)]
        if any(not other.doers and mine.object and _all_said(mine.doers, other.object, licence) for other in theirs):
            return "others"
        theirs = [other for other in theirs if _said(full.done, other.done, licence)]
        others = [other for other in theirs if not _may_do(mine, other, licence)]
        if theirs and len(others) == len(theirs):
            return " ".join(word.text for word in others[0].doers[-3:]) or "others"
    return ""


def other_object(licence: Licence) -> str:
    """Return to what the evidence does what its doer does to something else in the claim; else empty."""
    known = [deed for deed in deeds(licence.evidence, wide=True) if deed.object and deed.relation != "be"]
    for mine in deeds(licence.claim):
        things = [word for word in mine.object if not word.number]
        if not things or any(_named_by_context(word, licence) for word in things):
            continue
        theirs = [other for other in known if _same(mine, other) and _said(mine.doers, other.doers, licence)]
        others = [other for other in theirs if not _said(things, _reach(other, licence), licence)]
        if theirs and len(others) == len(theirs):
            return " ".join(word.text for word in others[0].object[:3])
    return ""


def other_kind(licence: Licence) -> str:
    """Return what the evidence calls a thing that the claim calls something else of what it has; else empty."""
    known = [deed for deed in deeds(licence.evidence, wide=True) if _names_kind(deed, licence.evidence)]
    for mine in deeds(licence.claim):
        if not _names_kind(mine, licence.claim) or _named_by_context(mine.object[-1], licence):
            continue
        theirs = [other for other in known if _said(mine.doers[-1:], other.doers, licence)]
        same = (
            _said(mine.object[-1:], other.object, licence) or _said(mine.object, other.object[-1:], licence)
            for other in theirs
        )
        if theirs and not any(same):
            return " ".join(word.text for word in theirs[0].object[-2:])
    return ""


def _names_kind(deed: Deed, words: Words) -> bool:
    """Whether a deed says what kind of thing its subject is: "A is a B"."""
    after = words.all[deed.verb.index + 1 : deed.verb.index + 2]
    return deed.relation == "be" and bool(deed.object) and bool(after) and after[0].folded in ("a", "an", "the")


def turned_passive(licence: Licence) -> str:
    """Return a verb by which the claim's doer does what the evidence does to it ("A is trained with B"); else empty.

    The evidence names no doer; what it is done to must have the claim's doer in it and nothing of the claim's object.
    """
    known = [deed for deed in deeds(licence.evidence) if "(passive)" in deed.relation]
    for mine in (*deeds(licence.claim), *bare_deeds(licence.claim)):
        things = mine.object or mine.done
        if not mine.doers or not things or "(passive)" in mine.relation or mine.relation == "be":
            continue
        for other in (other for other in known if other.verb.stem == mine.verb.stem):
            turned = _all_said(mine.doers[-1:], other.doers, licence) and _said(things, other.done, licence)
            if turned and not _said(things, other.doers, licence):
                return mine.verb.text
    return ""


def exchanged_objects(licence: Licence) -> str:
    """Return a verb of the claim whose object is another verb's in the evidence, where the claim has that one too."""
    known = [deed for deed in deeds(licence.evidence, wide=True) if deed.relation != "be"]
    here = [deed for deed in deeds(licence.claim) if deed.relation != "be"]
    for mine in (deed for deed in here if deed.object):
        theirs = [other for other in known if _same(mine, other) and not _ends_clause(other.verb, licence.evidence)]
        if not theirs or any(_said(mine.object, [*_reach(other, licence), *other.done], licence) for other in theirs):
            continue
        rivals = [other for other in known if other.object and _all_said(mine.object, other.object, licence)]
        if any(_same(second, rival) and second is not mine for second in here for rival in rivals):
            return mine.verb.text
    return ""


def _ends_clause(verb: Word, words: Words) -> bool:
    """Whether nothing of its clause follows a verb: its object stands before it ("which A requires")."""
    after = words.all[verb.index + 1 : verb.index + 2]
    return not after or after[0].clause != verb.clause


def misdirected(licence: Licence) -> str:
    """Return the claim's verb of direction ("increases") that the evidence says of nothing of what it has here."""
    for mine in deeds(licence.claim):
        matches = licence.matches.get(mine.verb, ())
        if mine.verb.stem not in lexicon().opposites or not mine.object or not matches:
            continue
        clauses = {(match.sentence, match.clause) for match in matches}
        objects = [match for word in mine.object for match in licence.matches.get(word, ())]
        if objects and not any((match.sentence, match.clause) in clauses for match in objects):
            return mine.verb.text
    return ""


def _proper(deed: Deed) -> Deed:
    """Return a deed without the words that stand on both of its sides: they tell neither from the other."""
    shared = {word.stem for word in deed.doers} & {word.stem for word in deed.done}
    doers, direct, done = (
        tuple(word for word in side if word.stem not in shared) for side in (deed.doers, deed.object, deed.done)
    )
    return replace(deed, doers=doers, object=direct, done=done)


def _same(mine: Deed, other: Deed) -> bool:
    if mine.relation == other.relation:
        return True
    if "(passive)" in mine.relation or "(passive)" in other.relation or "be" in (mine.relation, other.relation):
        return False
    return lexicon().same(mine.relation, other.relation)


def _said(words: Iterable[Word], among: Sequence[Word], licence: Licence) -> bool:
    """Whether one of the claim's `words` is said by one of the evidence's."""
    return any(match in among for word in words for match in licence.matches.get(word, ()))


def _all_said(words: Iterable[Word], among: Sequence[Word], licence: Licence) -> bool:
    return all(any(match in among for match in licence.matches.get(word, ())) for word in words)


def _named_by_context(word: Word, licence: Licence) -> bool:
    """Whether only the paper's title licenses a word, or nothing does: that is judged elsewhere."""
    matches = licence.matches.get(word, ())
    return not matches or (word.name and not any(lexicon().same(word.stem, match.stem) for match in matches))


def _may_do(mine: Deed, other: Deed, licence: Licence) -> bool:
    """Whether the claim's doer can be the evidence's: they share a word, or the evidence names none and it is free."""
    if other.doers:
        return _said(mine.doers, other.doers, licence)
    later = [word for word in licence.evidence.content if word.sentence == other.verb.sentence]
    later = [word for word in later if word.index > other.verb.index]
    return _by_means_of(mine, licence) or not all(_said([word], later, licence) for word in mine.doers)


def _by_means_of(mine: Deed, licence: Licence) -> bool:
    """Whether the evidence names the claim's doer as the means: "we do it with A"."""
    starts = (match.index for word in mine.doers for match in licence.matches.get(word, ()))
    before = (licence.evidence.all[max(0, start - 3) : start] for start in starts)
    return any(word.folded in _MEANS for words in before for word in words)


def _count(words: Iterable[Word], among: Sequence[Word], licence: Licence) -> int:
    return sum(_said([word], among, licence) for word in words)


def _reach(deed: Deed, licence: Licence) -> list[Word]:
    """Return the object of a verb with the rest of its list: "supports A, B and C"."""
    later = (word for word in licence.evidence.all[deed.verb.index + 1 :] if word.sentence == deed.verb.sentence)
    listed = takewhile(lambda word: word.folded not in _LIST_ENDS and not is_finite(word, licence.evidence), later)
    return [*deed.object, *(word for word in listed if word.content)]
