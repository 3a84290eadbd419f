"""What a sentence has to do with a claim: how much of the claim's matter it speaks of, and on which side it stands.

`verify` asks whether evidence proves a claim; this asks less, of sentences that were written for another purpose. The
signals are shares from 0 to 1 and flags; what weighs them is a logistic regression (`stance`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable

from assistant.text import fold
from assistant.verification.agreement import agreement
from assistant.verification.comparisons import comparisons, turned_comparison
from assistant.verification.copies import altered_copy
from assistant.verification.frames import frames
from assistant.verification.lexicon import LIGHT, NEGATORS, lexicon, stem
from assistant.verification.licence import Licence, license_words
from assistant.verification.polarity import changed_negation
from assistant.verification.quantities import missing_quantity, read_quantities
from assistant.verification.relations import flipped_direction
from assistant.verification.verbs import BE, MODALS, is_finite
from assistant.verification.words import Word, Words, read_words

_LIGHT_WEIGHT = 0.3  # of words such as "serves", against those that name a matter
# "No effect", "not associated with", "fails to", "unchanged": findings of nothing.
_NOTHING = re.compile(
    r"\b(?:no|not|without|neither|nor|little|lack of)\b(?:\W+\w+){0,3}?\W+"
    r"(?:effect|affect|differ|associat|correlat|relat|influenc|impact|change|benefit|improv|evidence|alter|reduc"
    r"|increas|decreas|signific|depend|requir|necessary|essential|advantage|gain|help|better|outperform|beat|surpass|exceed)\w*"
    r"|\bfail(?:s|ed|ure|ures|ing)? to\b|\bun(?:affected|changed|related)\b|\bindependent(?:ly)? of\b"
    r"|\b(?:dispensable|ineffective|insufficient)\b|n['’]t\b"
)
# What was asked, is assumed or is put forward, and not found.
_ASKED = re.compile(
    r"\b(?:whether|unknown|unclear|poorly understood|aim\w*|objectives?|purpose|goals?|hypothes\w+|assumed?s?"
    r"|to (?:determine|examine|assess|evaluate|investigate|test|tackle|overcome)"
    r"|we (?:\w+ly )?(?:investigate|examine|assess|study|test|ask)\w*"
    r"|we (?:\w+ly )?(?:propose|present|introduce|develop|design)\b(?! that)"
    r"|(?:attract|gain|receiv)\w* (?:\w+ ){0,3}attention)\b"
)
_MAY = re.compile(r"\b(?:may|might|could|perhaps|possibly)\b")
# How well, and nothing else.
_VALUES_TEXT = "good bad great fine nice well badly poorly useful useless important interesting"
_VALUES = frozenset(map(stem, _VALUES_TEXT.split()))
_STRAY = 2  # words of its own, beside one for each of the claim's, that a sentence may have among the claim's
_LESS_TEXT = """
    reduce reduction decrease lower drop decline fall cut shrink diminish fewer less lessen smaller curb downregulate
    slow degrade worsen worse deteriorate harm hurt impair inferior underperform weak damage degradation deterioration
    loss lose lack absence deficiency deficient deplete depletion delete deletion knockdown knockout ablation ablate
    inhibit inhibition inhibitor suppress suppression block blockade prevent repress abolish abrogate attenuate
    protect protective limit negative negatively inverse inversely fail failure ineffective inaccurate insufficient
    unable remove removal eliminate mitigate alleviate hinder hamper restrict disrupt silence against resist avoid
    avert
"""
_LESS = frozenset(stem(word) for word in _LESS_TEXT.split())


def bearing(
    claim: str, sentence: str, title: str, similarity: float | None, idf: Callable[[str], float]
) -> dict[str, float]:
    """Return the signals of one sentence of a paper for a claim.

    Args:
        claim: one sentence.
        sentence: of the paper's abstract.
        title: of the paper; it says what the sentence calls "we" and "it".
        similarity: cosine of claim and sentence; None where cosines of the embedder are not known to compare.
        idf: weight of a stemmed word.
    """
    words = read_words([claim])
    licence = license_words(words, read_words([sentence]), read_words([title]))
    by_title = license_words(words, read_words([title]), read_words([]))
    signals = _matter(licence, by_title, idf) | _side(licence) | _effect(licence, read_words([title]))
    return signals if similarity is None else signals | {"cosine": similarity}


def _matter(licence: Licence, by_title: Licence, idf: Callable[[str], float]) -> dict[str, float]:
    """Return how much of the claim's matter the sentence, or the title, speaks of."""
    content = [word for word in licence.claim.content if not word.number]
    said_here = {word for word in content if licence.matches[word] or _opposite_in(word, licence.evidence)}
    said = said_here | {word for word in content if by_title.matches[word]}
    names = [word for word in content if word.name]
    at = _relation(licence.claim)
    sides = [[word for word in content if word.index < at], [word for word in content if word.index > at]]
    sides = [side for side in (*sides, content) if side]
    weights = {word: max(idf(word.stem), 0.0) * (_LIGHT_WEIGHT if word.stem in LIGHT else 1.0) for word in content}

    def share(words: Collection[Word], among: Collection[Word]) -> float:
        total = sum(weights[word] for word in words)
        return sum(weights[word] for word in words if word in among) / total if total else 1.0

    lacking = missing_quantity(read_quantities(licence.claim), read_quantities(licence.evidence))
    return {
        "said": share(content, said),
        "weaker_side": min((share(side, said) for side in sides), default=0.0),
        "weaker_side_here": min((share(side, said_here) for side in sides), default=0.0),
        "unsaid": 1.0 - len(said) / max(len(content), 1),
        "names_unsaid": sum(word not in said for word in names) / max(len(names), 1),
        "relation_said": float(_relation_said(licence, at)),
        "asks": float(bool(_ASKED.search(fold(licence.evidence.texts[0])))),
        "other_number": float(lacking is not None),
    }


def _effect(licence: Licence, title: Words) -> dict[str, float]:
    """Return whether the sentence says the effect that the claim claims, or the opposite; nothing where it claims none.

    Of a claim without an effect, whether the sentence says its words in their order, and without a "may".
    """
    side = agreement(licence.claim, licence.evidence, title)
    if side is None:
        told = _in_order(licence) and _predicate_said(licence)
        return {"in_order": float(told and not _MAY.search(fold(licence.evidence.texts[0])))}
    return {"effect_claimed": 1.0, "effect_said": float(side == 1), "effect_opposed": float(side == -1)}


def _in_order(licence: Licence) -> bool:
    """Whether the sentence says the claim's words in the claim's order, and not far from each other."""
    found: list[int] = []
    for word in licence.claim.content:
        after = [match.index for match in licence.matches[word] if match.index >= max(found, default=-1)]
        if licence.matches[word] and not after:
            return False
        found += [min(after)] if after else []
    between = [word for word in licence.evidence.content if found and found[0] < word.index < found[-1]]
    return len(between) <= len(licence.claim.content) + _STRAY


def _predicate_said(licence: Licence) -> bool:
    """Whether the sentence says what the claim tells of its subject: its verbs, and how well.

    That a thing is good, and no more, no sentence proves.
    """
    at = _relation(licence.claim)
    told = [word for word in licence.claim.all if word.index > at]
    if not any((word.content or word.number) and word.stem not in _VALUES for word in told):
        return False
    needed = [word for word in licence.claim.all if word.stem in _VALUES or is_finite(word, licence.claim)]
    return all(_said_in(word, licence.evidence) or _opposite_in(word, licence.evidence) for word in needed)


def _said_in(word: Word, words: Words) -> bool:
    return word.folded in BE | MODALS or any(lexicon().same(word.stem, other.stem) for other in words.all)


def _side(licence: Licence) -> dict[str, float]:
    """Return what sets a sentence that speaks of the same matter against the claim."""
    claim, evidence, lexical = licence.claim, licence.evidence, lexicon()
    directions = [word for word in claim.content if word.stem in lexical.directions]
    opposed = [word for word in directions if not licence.matches[word] and _opposite_in(word, evidence)]
    flipped = flipped_direction(licence)
    nothing_here, nothing_there = (bool(_NOTHING.search(fold(text))) for text in (claim.texts[0], evidence.texts[0]))
    less_here, less_there = _less(claim.all), _less(_shared_clauses(licence))
    turned = bool(turned_comparison(licence))
    if turned and nothing_here != nothing_there:  # "A does not beat B" where "B beats A": nothing is opposed
        return {}
    lacking = missing_quantity(read_quantities(claim), read_quantities(evidence))
    rivals = [other for other in read_quantities(evidence) if lacking is not None and other.unit == lacking.unit]
    return {
        "directed": float(bool(directions)),
        "same_direction": sum(bool(licence.matches[word]) for word in directions) / max(len(directions), 1),
        "other_direction": len(opposed) / max(len(directions), 1),
        "flipped": float(bool(flipped)),
        "flipped_direction": float(any(word.text == flipped for word in directions)),
        "negated": float(bool(changed_negation(licence))),
        "turned": float(turned),
        "altered": float(bool(altered_copy(licence))),
        "rival_number": float(bool(rivals)),
        "nothing_claimed": float(nothing_here),
        "nothing_found": float(nothing_there),
        "nothing_differs": float(nothing_here != nothing_there),
        "less_claimed": float(less_here > 0 == less_there),
        "less_differs": float(less_here % 2 != less_there % 2),
    }


def _relation(claim: Words) -> int:
    """Return the place of the word that relates the claim's subject to the rest: a verb, or what compares."""
    verbs = [frame.verb for frame in frames(claim) if frame.kind in ("finite", "passive")]
    cues = [comparison.cue for comparison in comparisons(claim)]
    directed = [word for word in claim.all if word.index and word.stem in lexicon().opposites]
    linking = [word for word in claim.all if word.folded in ("is", "are", "was", "were", "be", "have", "has", "can")]
    found = verbs or cues or directed or linking
    return min((word.index for word in found), default=-1)


def _relation_said(licence: Licence, relation: int) -> bool:
    """Whether the evidence says a direction of the claim, or its opposite; of a claim without any, its relation."""
    content = licence.claim.content
    turning = [word for word in content if word.stem in lexicon().directions]
    turning = turning or [word for word in content if word.index == relation]
    return not turning or any(licence.matches[word] or _opposite_in(word, licence.evidence) for word in turning)


def _opposite_in(word: Word, words: Words) -> bool:
    return any(lexicon().opposed(word.stem, other.stem) for other in words.all)


def _shared_clauses(licence: Licence) -> list[Word]:
    """Return the words of the evidence's clauses that speak of what the claim speaks of, its directions aside."""
    plain = [w for w in licence.claim.content if w.stem not in _LESS and w.stem not in lexicon().opposites]
    clauses = {match.clause for word in plain for match in licence.matches[word] if match.content}
    return [word for word in licence.evidence.all if word.clause in clauses]


def _less(words: Iterable[Word]) -> int:
    """Return how many words say less, or no."""
    return sum(word.stem in _LESS or word.folded in NEGATORS or word.folded.endswith(("n't", "n’t")) for word in words)
