"""Claims that give a deed to someone else: another doer, another object, or two that changed places."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations, product, takewhile

from assistant.text import STOP_WORDS
from assistant.verification.comparisons import comparisons
from assistant.verification.frames import Frame, frames
from assistant.verification.lexicon import CAUSING, FREE, LIGHT, lexicon
from assistant.verification.licence import Licence
from assistant.verification.negation import negations
from assistant.verification.quantities import Quantity, is_measure
from assistant.verification.verbs import is_verb_form
from assistant.verification.words import Word, Words

_MEANS = frozenset({"by", "with", "via", "using", "through", "thanks to", "due to", "because of", "in"})
_WITHIN = frozenset({"of", "in", "for", "from", "the", "a", "an", "and", "or"})
_STANDARDS = frozenset({"like", "unlike", "than", "against", "over"})
_SETTING = frozenset({"while", "whereas", "but"})
_EMPTY = frozenset(FREE) - STOP_WORDS  # nouns that say nothing: "use of A", "A method"


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing named in a frame: its noun, None where that says nothing, and the words that go with it."""

    head: Word | None
    rest: tuple[Word, ...]


def exchanged_roles(licence: Licence) -> str:
    """Return a verb of the claim two of whose words changed places against the evidence; else empty.

    Each stands in the claim where only the other one stands in the evidence: who does it and to whom, to whom and
    with what.
    """
    for mine, known in _pairs(licence):
        here = _slots(mine)
        for other in known:
            there = _slots(other)
            for (one, first), (two, second) in combinations(here.items(), 2):
                if _moved(first, one, two, there, licence) and _moved(second, two, one, there, licence):
                    return mine.verb.text
            if _crossed_over(mine, other, licence):
                return mine.verb.text
    return ""


def _crossed_over(mine: Frame, other: Frame, licence: Licence) -> bool:
    """Whether a word of the claim's doer stands behind the evidence's verb, and one behind the claim's before it."""
    if mine.kind != "finite" or other.kind != "finite" or "carry" in (mine.relation, other.relation):
        return False
    here = {"before": mine.doers, "behind": tuple(word for word in mine.reach if word.index > mine.verb.index)}
    own = [word for word in licence.evidence.content if word.sentence == other.verb.sentence]
    before = tuple(word for word in own if word.index < other.verb.index)
    there = {"before": before, "behind": tuple(word for word in own if word in other.reach and word not in before)}
    return all(_moved(here[a], a, b, there, licence) for a, b in (("before", "behind"), ("behind", "before")))


def _slots(frame: Frame) -> dict[str, tuple[Word, ...]]:
    found: dict[str, tuple[Word, ...]] = {"doers": frame.doers, "objects": frame.objects}
    for tie, words in frame.others:
        found[tie] = (*found.get(tie, ()), *words)
    places = Counter(word for words in found.values() for word in words)
    return {slot: tuple(word for word in words if places[word] == 1) for slot, words in found.items() if words}


def _moved(words: Iterable[Word], here: str, there: str, slots: dict[str, tuple[Word, ...]], licence: Licence) -> bool:
    """Whether one of the claim's words stands in another slot of the evidence's verb, and none in its own."""
    own, other = slots.get(here, ()), slots.get(there, ())
    found = (licence.matches.get(word, ()) for word in words if not is_measure(word))
    return any(any(m in other for m in matches) and not any(m in own for m in matches) for matches in found)


def other_doer(licence: Licence) -> str:
    """Return whom the evidence names as the doer of what the claim says of someone else; else empty."""
    for mine, known in _pairs(licence):
        doers = things(mine.doers, licence.claim)
        if doers and mine.kind != "bare" and not any(_may_do(mine, doers, other, licence) for other in known):
            return " ".join(word.text for word in known[0].doers[-3:]) or "others"
    return ""


def ruled_out(licence: Licence) -> str:
    """Return what the claim sets aside ("for A rather than for B") where the evidence says just that and not A."""
    aside = [negation for negation in negations(licence.claim) if negation.word.folded in ("rather", "instead")]
    denied = {word for negation in negations(licence.evidence) for word in negation.scope}
    for negation, (mine, known) in product(aside, _pairs(licence)):
        for tie, words in _slots(mine).items():
            dropped = [word for word in words if word in negation.scope]
            kept = {match for word in words if word not in dropped for match in licence.matches.get(word, ())}
            for there in (_slots(other).get(tie, ()) for other in known):
                said = [word for word in dropped if set(licence.matches.get(word, ())) & (set(there) - denied)]
                if said and not kept & set(there):
                    return said[0].text
    return ""


def named_doer(licence: Licence) -> str:
    """Return the name of who does it in the evidence where the claim has another name, which only the title has."""
    for mine, known in _pairs(licence):
        doers = [thing.head for thing in things(mine.doers, licence.claim) if thing.head and thing.head.name]
        if mine.relation == "be" or not doers or not all(_by_title(word, licence) for word in doers):
            continue
        names = [[word.text for word in other.doers if word.name] for other in known]
        if all(names):
            return names[0][-1]
    return ""


def _by_title(word: Word, licence: Licence) -> bool:
    return bool(licence.matches.get(word, ())) and _unnamed(word, licence)


def other_object(licence: Licence) -> str:
    """Return to what the evidence does what its doer does to something else in the claim; else empty."""
    there = frames(licence.evidence)
    for mine, known in _pairs(licence):
        if mine.relation == "be" and (mine.kind != "be" or not _kinds(mine, licence)):
            continue
        own = things(mine.objects, licence.claim)
        for thing in own[:1] if mine.kind in ("bare", "be") else own:
            if not any(_done_to(thing, mine, other, there, licence) for other in known):
                return " ".join(word.text for word in known[0].objects[:3]) or "others"
    return ""


def _kinds(mine: Frame, licence: Licence) -> bool:
    """Whether a claim tells of what kind something is: "A is a B"."""
    return licence.claim.all[mine.verb.index + 1].folded in ("a", "an", "the")


def _done_to(thing: Thing, mine: Frame, other: Frame, there: Sequence[Frame], licence: Licence) -> bool:
    """Whether a deed of the evidence may be done to a thing of the claim.

    It may where the thing stands among its objects, or behind it and the claim has one of those objects too. Of a deed
    without objects only what is the object of another deed of both texts is denied.
    """
    if mine.kind == "be" and not _any(things(mine.doers, licence.claim), other.doers, licence):
        return True
    if thing.head is not None and thing.head.stem in lexicon().opposites:
        return True  # "makes it efficient"
    if all(is_measure(word) for word in (thing.head, *thing.rest) if word):
        return True
    objects = [word for word in other.objects if not word.number]
    if not objects and other.kind == "bare":
        return True  # "hard to deploy"
    if not objects:
        here = [frame for frame in frames(licence.claim) if frame is not mine]
        rivals = [rival for rival in there if any(_same(frame, rival) for frame in here) and rival.objects]
        taken = any(_in(thing, rival.objects, licence) for rival in rivals)
        return _in(thing, other.reach, licence) or not (taken and _said(thing, licence))
    if _in(thing, objects, licence):
        return True
    heads = {item.head for item in things(objects, licence.evidence)}
    kept = any(match in heads for word in mine.objects for match in licence.matches.get(word, ()))
    return kept and _in(thing, other.reach, licence)


def _said(thing: Thing, licence: Licence) -> bool:
    return bool(thing.head and licence.matches.get(thing.head, ()) and thing.head.stem not in LIGHT)


def other_place(licence: Licence) -> str:
    """Return on, to or for what the evidence says that the claim says of something else; else empty.

    The claim then has what stands there in the evidence nowhere, or as the doer or the object.
    """
    for mine, known in _pairs(licence):
        sides = _named_in((*mine.doers, *mine.objects), licence)
        for tie, words in mine.others:
            if tie in _STANDARDS or any(is_measure(word) for word in words):
                continue
            theirs = [behind for other in known for there, behind in other.others if there == tie]
            said = [word for other in known for word in (*other.objects, *other.wide)]
            said += [word for other in known for _, behind in other.others for word in behind]
            own = [thing for thing in things(words, licence.claim) if _said(thing, licence)]
            heads = {thing.head for behind in theirs for thing in things(behind, licence.evidence)}
            others = heads - {None} - (_named_in(words, licence) - sides)
            if heads and others == heads and any(not _in(thing, said, licence) for thing in own):
                return " ".join(word.text for word in theirs[0][:3])
    return ""


def _named_in(words: Sequence[Word], licence: Licence) -> set[Word | None]:
    """Return the evidence's words for the nouns among the words of a frame."""
    return {match for thing in things(words, licence.claim) for match in _named(thing, licence)}


def other_amount(licence: Licence, claimed: Sequence[Quantity], known: Sequence[Quantity]) -> str:
    """Return a number that the claim gives with a verb with which the evidence gives other ones only; else empty."""
    for mine, known_frames in _pairs(licence):
        others = _nearest(mine, known_frames, licence)
        for quantity in (quantity for quantity in claimed if quantity.word in mine.reach and quantity.unit):
            theirs = [[amount for amount in known if amount.word in other.reach] for other in others]
            rivals = [[amount for amount in amounts if amount.unit == quantity.unit] for amounts in theirs]
            given = any(amount.equals(mine) for amounts in theirs for amount in amounts for mine in claimed)
            if rivals and all(rivals) and not given:
                return f"{quantity.shown}, where the paper has {rivals[0][0].shown}"
    return ""


def _nearest(mine: Frame, known: Sequence[Frame], licence: Licence) -> list[Frame]:
    """Return the frames of the evidence that have the claim's own "on A", all where none has: "on A it gains 3%"."""

    def shared(other: Frame) -> int:
        there = dict(other.others)
        return sum(
            word.name and any(match in there.get(tie, ()) for match in licence.matches.get(word, ()))
            for tie, words in mine.others
            for word in words
        )

    most = max(map(shared, known))
    return [other for other in known if shared(other) == most]


def misdirected(licence: Licence) -> str:
    """Return the claim's verb of direction ("increases") that the evidence says of nothing of what it has here."""
    for mine in frames(licence.claim):
        matches = licence.matches.get(mine.verb, ())
        if mine.verb.stem not in lexicon().directions or mine.kind == "passive" or not matches:
            continue
        clauses = {(match.sentence, match.clause) for match in matches}
        objects = [match for word in mine.objects or mine.doers for match in licence.matches.get(word, ())]
        if objects and not any((match.sentence, match.clause) in clauses for match in objects):
            return mine.verb.text
        described = [_described(match, licence.evidence) for match in matches]
        if objects and all(described) and not any(match in group for group in described for match in objects):
            return mine.verb.text  # "high levels of A" raise no B
    return ""


def _described(word: Word, words: Words) -> list[Word]:
    """Return what an adjective before a noun describes, with what the noun is of; empty for any other word."""
    after = list(takewhile(lambda other: _in_phrase(other, word), words.all[word.index + 1 :]))
    return after if after and after[0].content and not is_verb_form(word) else []


def _in_phrase(other: Word, word: Word) -> bool:
    return other.clause == word.clause and (other.content or other.folded in _WITHIN)


def converse_roles(licence: Licence) -> str:
    """Return a verb of the claim whose doer the evidence has behind a verb, and its object before it; else empty.

    Some such claims are true ("A needs B", "B serves A"), so this casts doubt and no more.
    """
    there = [other for other in frames(licence.evidence) if other.doers and other.relation != "be"]
    for mine in frames(licence.claim):
        doers, objects = things(mine.doers, licence.claim), things(mine.objects, licence.claim)
        if not doers or not objects or mine.kind == "be" or mine.relation in CAUSING or _by_means(mine, licence):
            continue
        if any(_any(doers, other.doers, licence) or _any(objects, other.reach, licence) for other in there):
            continue
        known = [other for other in there if (mine.relation == "carry") == (other.relation == "carry")]
        if any(_any(doers, other.reach, licence) and _any(objects, other.doers, licence) for other in known):
            return mine.verb.text
    return ""


def standard_only(licence: Licence) -> str:
    """Return the claim's subject where the evidence only compares with it: "it takes 3 ms, much like A"; else empty."""
    if comparisons(licence.claim) or any(word.folded in _STANDARDS | _SETTING for word in licence.claim.all):
        return ""
    there = frames(licence.evidence)
    standards = [word for other in there for tie, words in other.others if tie in _STANDARDS for word in words]
    for mine in frames(licence.claim)[:1]:
        own = [thing for thing in things(mine.doers, licence.claim) if thing.head]
        named = [match for thing in own for match in _named(thing, licence)]
        if named and all(match in standards for match in named):
            return own[0].head.text if own[0].head else ""
    return ""


def things(words: Sequence[Word], text: Words) -> list[Thing]:
    """Return what the words of a frame name: "the size and the cost of A" are two, A goes with the second."""
    groups: list[list[Word]] = []
    for word in words:
        before = groups[-1][-1] if groups else None
        between = [] if before is None else [other.folded for other in text.all[before.index + 1 : word.index]]
        apart = before is not None and "," in text.texts[word.sentence][before.end : word.start]
        if before is None or apart or {"and", "or", "nor"} & {*between}:
            groups.append([])
        groups[-1].append(word)
    return [_thing(group, text) for group in groups]


@functools.lru_cache(maxsize=64)
def _verbs(text: Words) -> frozenset[Word]:
    return frozenset(frame.verb for frame in frames(text))


def _thing(group: Sequence[Word], text: Words) -> Thing:
    """Return words as a thing: its noun is the last one before a preposition or the like."""
    head = group[0]
    for word in group[1:]:
        if any(not other.content and not other.joined for other in text.all[head.index + 1 : word.index]):
            break
        head = word
    after = text.all[head.index + 1 : head.index + 2]
    named = not after or after[0].folded not in _EMPTY or after[0] in _verbs(text)
    return Thing(head if named else None, tuple(word for word in group if word is not head or not named))


def _in(thing: Thing, among: Collection[Word], licence: Licence) -> bool:
    """Whether evidence words say a thing: its noun, or where that adds nothing one of the words with it.

    A thing that the evidence does not name at all is judged elsewhere.
    """
    found = _named(thing, licence) if thing.head else []
    if any(match in among for match in found):
        return True
    done = bool(found) and all(match in _verbs(licence.evidence) for match in found)  # "annotations" for "annotates"
    if thing.head and thing.head.stem not in LIGHT and not done:
        return _unnamed(thing.head, licence)
    said = [match for word in thing.rest for match in licence.matches.get(word, ())]
    return not said or any(match in among for match in said)


def _named(thing: Thing, licence: Licence) -> list[Word]:
    """Return the evidence's words for a thing's noun; of several those beside words that go with it here too."""
    found = list(licence.matches.get(thing.head, ())) if thing.head else []
    with_it = {match for word in thing.rest for match in licence.matches.get(word, ())}
    if len(found) > 1 and with_it:
        shared = {match: len(with_it & set(_group(match, licence.evidence))) for match in found}
        most = max(shared.values())
        found = [match for match in found if shared[match] == most]
    return found


def _group(word: Word, text: Words) -> list[Word]:
    """Return the noun group of a word: the content words that stand together with it."""
    low = high = word.index
    while low and text.all[low - 1].content and text.all[low - 1].clause == word.clause:
        low -= 1
    while high + 1 < len(text.all) and text.all[high + 1].content and text.all[high + 1].clause == word.clause:
        high += 1
    return list(text.all[low : high + 1])


def _any(mine: Iterable[Thing], among: Collection[Word], licence: Licence) -> bool:
    return any(_in(thing, among, licence) for thing in mine)


def _pairs(licence: Licence) -> list[tuple[Frame, list[Frame]]]:
    """Return the claim's frames that the evidence has too, each with those; of several those with its own number."""
    there = frames(licence.evidence)
    found: list[tuple[Frame, list[Frame]]] = []
    for mine in frames(licence.claim):
        known = [other for other in there if _same(mine, other)]
        numbers = {match for word in mine.reach if word.number for match in licence.matches.get(word, ())}
        found.append((mine, [other for other in known if numbers & set(other.reach)] or known))
    return [(mine, known) for mine, known in found if known]


def _same(mine: Frame, other: Frame) -> bool:
    return mine.relation == other.relation or lexicon().same(mine.relation, other.relation)


def _may_do(mine: Frame, doers: Sequence[Thing], other: Frame, licence: Licence) -> bool:
    """Whether the claim's doers do what the evidence's do, or name the evidence's doer as their means."""
    if not other.doers:  # unnamed: whoever the evidence does not name behind the verb, unless as the means
        later = [word for word in licence.evidence.content if word.index > other.verb.index]
        behind = all(any(match in later for match in _named(doer, licence)) for doer in doers)
        return not behind or _by_means(mine, licence)
    by_it = mine.kind in ("passive", "reduced")  # "done by A" may name the means
    with_it = (word for tie, words in other.others if by_it and tie in _MEANS for word in words)
    among = (*other.wide, *with_it, *(other.objects if other.relation == "be" else ()))
    means = [word for tie, words in mine.others if tie in _MEANS for word in words]
    named = any(match in other.doers for word in means for match in licence.matches.get(word, ()))
    return named or _any(doers, among, licence)


def _unnamed(word: Word, licence: Licence) -> bool:
    """Whether only the paper's title licenses a word, or nothing does: that is judged elsewhere."""
    matches = licence.matches.get(word, ())
    return not matches or (word.name and not any(lexicon().same(word.stem, match.stem) for match in matches))


def _by_means(mine: Frame, licence: Licence) -> bool:
    """Whether the evidence names the claim's doer as the means: "we do it with A"."""
    starts = (match.index for word in mine.doers for match in licence.matches.get(word, ()))
    before = (licence.evidence.all[max(0, start - 3) : start] for start in starts)
    return any(word.folded in _MEANS - {"in"} for words in before for word in words)
