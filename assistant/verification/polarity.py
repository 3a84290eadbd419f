"""Negation, hedges and quantifiers: what turns the same words into another claim."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from itertools import product, takewhile

from assistant.text import fold, word_set
from assistant.verification.effects import LACKING
from assistant.verification.frames import frames
from assistant.verification.lexicon import HEDGES, LIGHT, QUANTIFIERS, lexicon, stem
from assistant.verification.licence import Licence
from assistant.verification.negation import Negation, following, negations
from assistant.verification.words import Word, Words

_HEDGED = 4  # content words after a hedge that it covers
_AS_FAR_AS_KNOWN = re.compile(r"\bknowledge\b|\bas far as\b|\b(?:we|authors) (?:know|believe)\b")
_NEEDS_TO_TEXT = """
    appear appears appeared seem seems seemed tend tends tended expect expected expects attempt attempts
    attempted aim aims aimed believed seek seeks sought try tries tried hope hopes intend intends intended meant
"""
# What follows "they assume that" the paper does not say itself.
_REPORTING = word_set("""
    assume assumes assumed assuming suppose supposes supposed presume presumes presumed imagine imagines pretend
    claim claims claimed write writes wrote assert asserts asserted doubt doubts doubted
""")
_SETTING_ASIDE = re.compile(
    r"(?:replac|substitut|instead|rather|unlike|versus|remov|skip|avoid|eliminat|drop|switch|prefer)"
)
_NEEDS_TO = frozenset(_NEEDS_TO_TEXT.split())


def changed_negation(licence: Licence) -> str:
    """Return what the claim negates, or affirms, against its evidence; empty where both agree."""
    claimed, known = negations(licence.claim), negations(licence.evidence)
    if exchanged := _exchanged(claimed, known, licence):
        return f"it negates {_said(exchanged)!r}, which the paper does not"
    for negation in claimed:
        if not negation.soft and _contested(negation, None, licence.evidence, known):
            return f"it negates {_said(negation)!r}, which the paper does not"
        if not negation.soft and not negation.scope and not known:
            return f"it says {negation.word.text!r}, which the paper does not"
    for negation in claimed:
        if _prefers(negation.word, licence.claim) and _taken_instead(negation, licence, known):
            return f"it rules out {_said(negation)!r}, which the paper does not"
    for negation in known:
        if not negation.soft and _contested(negation, licence.evidence, licence.claim, claimed):
            return f"the paper negates {_said(negation)!r}, which it does not"
    return ""


def _exchanged(claimed: Sequence[Negation], known: Sequence[Negation], licence: Licence) -> Negation | None:
    """Return a negation of the claim where it affirms what the evidence negates, and the other way round."""
    denied = {word for negation in claimed for word in negation.scope}
    denied_there = {word for negation in known for word in negation.scope}
    for mine, other in product(claimed, known):
        if mine.soft or other.soft or not mine.scope or not other.scope:
            continue
        affirmed_there = set(licence.matches.get(mine.scope[0], ()))
        affirmed = {word for word, matches in licence.matches.items() if other.scope[0] in matches}
        if affirmed_there and affirmed and not affirmed_there & denied_there and not affirmed & denied:
            return mine
    return None


def dropped_hedge(licence: Licence) -> str:
    """Return the evidence's hedge over words that the claim says outright; empty where there is none."""
    if any(_is_hedge(word, licence.claim) for word in licence.claim.all):
        return ""
    claimed = [word.stem for word in licence.claim.content]
    lexical = lexicon()
    if any(word.folded in QUANTIFIERS["first"] for word in licence.claim.all):
        known = next((match for text in licence.evidence.texts if (match := _AS_FAR_AS_KNOWN.search(fold(text)))), None)
        if known and not any(_AS_FAR_AS_KNOWN.search(fold(text)) for text in licence.claim.texts):
            return known.group()
    for word in licence.evidence.all:
        if not _is_hedge(word, licence.evidence):
            continue
        covered = following(_what_is_hedged(word, licence.evidence), licence.evidence, _HEDGED)
        said = [other for other in covered if any(lexical.same(other.stem, mine) for mine in claimed)]
        if len(said) * 2 >= len(covered) > 0:
            return word.text
    return ""


def _what_is_hedged(hedge: Word, words: Words) -> Word:
    """Return the word after which the hedged statement begins: "that" in "suggest that", else the hedge itself."""
    after = words.all[hedge.index + 1 : hedge.index + 2]
    return after[0] if after and after[0].folded == "that" else hedge


def stronger_quantifier(licence: Licence) -> str:
    """Return a word of the claim that claims more than the evidence: all, most, only, first, best; else empty."""
    known = {word.folded for word in licence.evidence.all}
    known_texts = [fold(text) for text in licence.evidence.texts]
    for kind in ("all", "most", "none", "only", "first", "best"):
        accepted = QUANTIFIERS[kind] - {"both"}  # of two, not of all
        if kind == "most":
            accepted = accepted | QUANTIFIERS["all"]
        if kind == "none" and negations(licence.evidence):
            continue
        said = [word for word in licence.claim.all if word.folded in QUANTIFIERS[kind] and word.folded not in _MILD]
        said = [word for word in said if kind != "only" or not _counts(word, licence.claim)]
        if (
            said
            and not (known & accepted)
            and not any(phrase in text for text in known_texts for phrase in accepted if "-" in phrase)
        ):
            return said[0].text
    return ""


_ONE = frozenset({"one", "single", "sole"})
_MANY = frozenset({"multiple", "several", "many", "numerous", "various"})
_MUCH = frozenset({"much", "many", "great", "considerable", "extensive", "ample", "plenty"})
_LITTLE = frozenset({"little", "few", "hardly", "scarcely", "barely"})
_DISTRIBUTING = frozenset({"each", "every", "per"})


def changed_count(licence: Licence) -> str:
    """Return "one" or "several", "much" or "little" where the evidence says the other of the same thing; else empty."""
    for here, there in ((_ONE, _MANY), (_MANY, _ONE), (_MUCH, _LITTLE), (_LITTLE, _MUCH)):
        for word in licence.claim.all:
            counted = following(word, licence.claim, 2) if word.folded in here else []
            if not counted or _counted(counted[-1:] + counted[:1], here, licence.evidence):
                continue
            if _counted(counted, there, licence.evidence):
                return word.text
    return ""


def one_for_each(licence: Licence) -> str:
    """Return "each" or the like where the claim counts something for each of others and the evidence does not."""
    if any(word.folded in _DISTRIBUTING or word.folded in ("all", "any", "both") for word in licence.evidence.all):
        return ""
    for word in licence.claim.all:
        before = licence.claim.all[max(0, word.index - 5) : word.index]
        if word.folded in _DISTRIBUTING and any(other.number or other.folded in _ONE for other in before):
            return word.text
    return ""


def other_number(licence: Licence) -> str:
    """Return "several models" where the evidence has the model, or "one model" where it has models."""
    for word in licence.claim.all:
        nouns = _noun_group(word, licence.claim) if word.folded in _ONE | _MANY else []
        noun = next((noun for noun in reversed(nouns) if _plural(noun) == (word.folded in _MANY)), None)
        if noun is None:
            continue
        matches = [match for match in licence.matches.get(noun, ()) if match.stem == noun.stem]
        if matches and all(_plural(match) != _plural(noun) for match in matches):
            single = [match for match in matches if _plural(match) or _determined(match, licence.evidence)]
            if single and word.folded in _MANY | {"one", "sole"}:
                return f"{word.text} {noun.text}"
    return ""


def _noun_group(counter: Word, words: Words) -> list[Word]:
    """Return the content words right after a word that counts: "several small models"."""
    after = words.all[counter.index + 1 : counter.index + 6]
    return list(takewhile(lambda word: (word.content or word.joined) and word.clause == counter.clause, after))


def _plural(word: Word) -> bool:
    return word.folded.endswith("s") and not word.folded.endswith(("ss", "us", "is")) and not word.stem.endswith("s")


def _determined(word: Word, words: Words) -> bool:
    before = words.all[max(0, word.index - 3) : word.index]
    return any(other.folded in ("the", "a", "an", "one", "single") for other in before)


def _counted(things: list[Word], by: frozenset[str], words: Words) -> bool:
    """Whether one of `things` is counted by one of these words."""
    lexical = lexicon()
    near = [other for word in words.all if word.folded in by for other in following(word, words, 2)]
    return any(lexical.same(thing.stem, other.stem) for thing in things for other in near)


def _counts(word: Word, words: Words) -> bool:
    """Whether "only" comments on a number: "only 3", "only around 100"."""
    at = word.index
    return any(other.number for other in words.all[at + 1 : at + 3])


def unstated_part(licence: Licence) -> str:
    """Return "some" or "most" where the evidence says so of words that the claim says of all."""
    parts = QUANTIFIERS["part"] | QUANTIFIERS["most"]
    if any(word.folded in parts for word in licence.claim.all):
        return ""
    lexical = lexicon()
    claimed = [word.stem for word in licence.claim.content]
    for word in licence.evidence.all:
        if word.folded in ("some", "most", "half", "partly", "partially", "sometimes", "occasionally"):
            covered = [other for other in following(word, licence.evidence, 1) if other.clause == word.clause]
            if covered and any(lexical.same(covered[0].stem, mine) for mine in claimed):
                return word.text
    return ""


def unstated_lack(licence: Licence) -> str:
    """Return "low", "lack" or the like where the evidence says so of who does it in the claim; else empty.

    "Low activity kills" does not say that activity kills.
    """
    said = {match for matches in licence.matches.values() for match in matches}
    for frame in frames(licence.claim):
        head = frame.doers[-1] if frame.doers else None
        matches = licence.matches.get(head, ()) if head else ()
        lacks = [_lacking(match, licence.evidence, said) for match in matches]
        if lacks and all(lacks):
            return lacks[0]
    return ""


def _lacking(word: Word, words: Words, said: Collection[Word]) -> str:
    """Return the word of its noun group that says that there is little or nothing of a thing; empty where none does."""
    before = takewhile(lambda other: _of_group(other, word), reversed(words.all[: word.index]))
    after = takewhile(lambda other: _of_group(other, word), words.all[word.index + 1 : word.index + 3])
    lacks = [other for other in before if other.stem in LACKING | _LOW]
    lacks += [other for other in after if other.stem in LACKING]
    return next((other.text for other in lacks if other not in said), "")


def _of_group(other: Word, word: Word) -> bool:
    return other.clause == word.clause and (other.content or other.folded == "of" or len(other.text) == 1)


_LOW = frozenset(map(stem, ("low", "poor", "reduced", "decreased", "inadequate", "limited", "scarce", "weak")))
_MILD = word_set("each both any throughout generally often frequently typically just novel first alone")


def _prefers(word: Word, words: Words) -> bool:
    """Whether a word begins "rather than" or "instead of"."""
    after = words.all[word.index + 1 : word.index + 2]
    return bool(after) and (word.folded, after[0].folded) in (("rather", "than"), ("instead", "of"))


def _taken_instead(negation: Negation, licence: Licence, known: Sequence[Negation]) -> bool:
    """Whether the evidence says without any "no" or "rather" what the claim says is done without."""
    denied = {word for other in known for word in other.scope}
    said = [licence.matches.get(word, ()) for word in negation.scope]
    if len(said) < 2 or not all(said) or any(word in denied for matches in said for word in matches):
        return False
    sentences = {word.sentence for matches in said for word in matches}
    return not any(word.sentence in sentences and _SETTING_ASIDE.match(word.folded) for word in licence.evidence.all)


def _contested(negation: Negation, own: Words | None, other: Words, counterparts: tuple[Negation, ...]) -> bool:
    """Whether the other text says what is negated here, and does not negate it."""
    lexical = lexicon()
    if not negation.scope:
        return False
    head = next((word for word in negation.scope if word.stem not in LIGHT), negation.scope[0])
    if own and any(word.stem == head.stem and word not in negation.scope for word in own.content):
        return False  # said both ways there: with and without
    said = [word for word in other.content if any(lexical.same(word.stem, mine.stem) for mine in negation.scope)]
    if not any(lexical.same(word.stem, head.stem) for word in said) and len(said) < min(2, len(negation.scope)):
        return False
    for counterpart in counterparts:
        if counterpart.word.folded == negation.word.folded and not counterpart.scope:
            return False
        for word in (counterpart.word, *counterpart.scope):
            if any(lexical.same(word.stem, mine.stem) for mine in (negation.word, *negation.scope)):
                return False
    affirmed = any(lexical.same(word.stem, head.stem) for word in other.content)
    return affirmed or not any(lexical.opposed(word.stem, head.stem) for word in other.all)


def _is_hedge(word: Word, words: Words) -> bool:
    following = words.all[word.index + 1 : word.index + 2]
    after = following[0].folded if following else ""
    if word.folded == "whether" or (word.folded in _REPORTING and after == "that"):
        return True
    if word.folded not in HEDGES or (word.folded == "may" and word.text != "may"):
        return False
    if word.folded == "could" and after == "not":
        return False
    if word.folded in _NEEDS_TO:
        return after in ("to", "that")
    return True


def _said(negation: Negation) -> str:
    return " ".join([negation.word.text, *(word.text for word in negation.scope[:2])])
