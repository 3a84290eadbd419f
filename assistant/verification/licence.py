"""Which words of the evidence license which words of a claim."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.text import STOP_WORDS
from assistant.verification.lexicon import FREE, LIGHT, USING, lexicon
from assistant.verification.negation import negated
from assistant.verification.verbs import is_finite
from assistant.verification.words import Word, Words

_REACH = 6  # content words to either side that make up a word's context
_OTHER_CLAUSE = 0.3  # weight of a context word beyond a comma or the like
_ACRONYM = 3  # letters from which capitals may stand for the words of a name: two are too often something else
_COMPOUND = 6  # letters above which a word may be two written in one


@dataclass(frozen=True, slots=True)
class Licence:
    """A claim beside its evidence: for each content word of the claim the evidence words that say it."""

    claim: Words
    evidence: Words
    matches: dict[Word, tuple[Word, ...]]

    def unlicensed(self) -> list[Word]:
        """Return the content words of the claim that nothing in the evidence says."""
        return [word for word in self.claim.content if not word.number and not self.matches[word]]


def license_words(claim: Words, evidence: Words, context: Words) -> Licence:
    """Return which evidence words say each content word of the claim.

    Args:
        claim: the claim's words.
        evidence: the words of the cited sentences.
        context: words that may name what the evidence speaks of as "we" or "it", such as the paper's title; they
            license names and nothing else.
    """
    by_stem: dict[str, list[Word]] = defaultdict(list)
    for word in evidence.all:
        coded = word.stem.split("-")[:1] if word.name else []  # GPT-4 also says GPT
        for part in {word.stem, *word.stem.split(), *coded}:  # a phrase also says its parts
            by_stem[part].append(word)
    named = {_core(word) for word in context.content}
    forms: list[dict[str, tuple[Word, ...]]] = []  # of the evidence and of the claim, made when first needed
    denied, denied_there = negated(claim), negated(evidence)
    lexical = lexicon()

    def opposed(word: Word, other: Word) -> bool:
        # "does not lose" licenses "keeps"
        return lexical.opposed(word.stem, other.stem) and (word in denied) != (other in denied_there)

    matches: dict[Word, tuple[Word, ...]] = {}
    repeated = {word.stem for word in claim.content}
    for word in claim.content:
        found = _same_words(word, by_stem, evidence)
        if word.stem in lexical.opposites and word.stem not in by_stem:
            # What the claim repeats in the paper's own words does not also stand for a direction: "data augmentation".
            found = [other for other in found if other.stem not in repeated]
        if not found and not word.number:
            forms = forms or [_spoken_forms(evidence), _spoken_forms(claim)]
            found = forms[0].get(_core(word), ()) if _may_be_short(word) else ()
            found = found or _as_part(word, forms[1], evidence)
        if not found and word.name and _core(word) in named:
            found = evidence.all[:1]
        if not found and not word.number:
            found = [other for other in evidence.content if opposed(word, other)]
        matches[word] = tuple(found)
    return Licence(claim, evidence, matches)


def context_of(word: Word, words: Words) -> dict[Word, float]:
    """Return the content words around `word` with weights that fall with the distance; negative to its left."""
    around: dict[Word, float] = {}
    for other in words.content:
        distance = other.place - word.place
        if other is word or other.sentence != word.sentence or not 0 < abs(distance) <= _REACH:
            continue
        weight = 1.0 / abs(distance)
        if other.clause != word.clause:
            weight *= _OTHER_CLAUSE
        around[other] = weight if distance > 0 else -weight
    return around


def overlap(left: dict[Word, float], right: dict[Word, float], *, sided: bool = False) -> float:
    """Return how much two contexts share; with `sided`, only what stands on the same side of both."""
    lexical = lexicon()
    total = 0.0
    for word, weight in left.items():
        best = 0.0
        for other, other_weight in right.items():
            if (not sided or weight * other_weight > 0) and lexical.same(word.stem, other.stem):
                best = max(best, min(abs(weight), abs(other_weight)))
        total += best
    return total


def _same_words(word: Word, by_stem: dict[str, list[Word]], evidence: Words) -> Sequence[Word]:
    lexical = lexicon()
    exact = by_stem.get(word.stem, [])
    if exact or word.number:
        return exact
    if "-" in word.folded:
        return _coded(word, by_stem, evidence)
    if word.name and any(char.isdigit() or char.isupper() for char in word.text[1:]):
        core = _core(word)
        kin = lexical.synonyms.get(word.stem, frozenset())
        return [other for other in evidence.all if _core(other) == core or other.stem in kin]
    found = [other for other in evidence.all if other.content and lexical.same(word.stem, other.stem)]
    synonyms = lexical.synonyms.get(word.stem, ())
    found = found or [other for other in evidence.all if other.stem in synonyms and other.folded not in USING]
    return found or _by_parts(word, by_stem)


def _coded(word: Word, by_stem: dict[str, list[Word]], evidence: Words) -> Sequence[Word]:
    """Return what licenses a name with a number: the same spelled apart (GPT 4), or a kind of it (GPT-4-Turbo)."""
    kinds = [other for other in evidence.all if other.folded.startswith(f"{_core(word)}-")]
    apart = [by_stem.get(part, []) for part in _core(word).split("-")]
    return kinds or (apart[0] if all(apart) else [])


def _by_parts(phrase: Word, by_stem: dict[str, list[Word]]) -> Sequence[Word]:
    """Return what licenses a phrase part by part, words that carry nothing aside."""
    texts = phrase.folded.split()
    if len(texts) < 2:
        return ()
    parts = [
        part
        for part, text in zip(phrase.stem.split(), texts, strict=True)
        if text not in FREE and text not in STOP_WORDS and part not in LIGHT
    ]
    found = [by_stem.get(part, []) for part in parts]
    if not found:
        return next(iter(by_stem.values()), ())[:1]
    return found[0] if all(found) else ()


def _core(word: Word) -> str:
    """Return a name without possessive and plural: "LLMs", "LLM's" and "llm" are one."""
    folded = word.folded.removesuffix("'s")
    return folded[:-1] if word.name and folded.endswith("s") and len(folded) > 3 else folded


def _may_be_short(word: Word) -> bool:
    """Whether a word may stand for several: an acronym of three letters or more (CTR, LLMs), or a long compound."""
    core = _core(word)
    acronym = word.text.removesuffix("'s").rstrip("s").isupper()
    return (acronym and len(core) >= _ACRONYM) or len(core) > _COMPOUND


def _spoken_forms(words: Words) -> dict[str, tuple[Word, ...]]:
    """Return what the words of a name are also written as: their initials (CTR) and their letters in one (lowrank).

    No name reaches across a verb or into another clause.
    """
    forms: dict[str, tuple[Word, ...]] = {}
    for at in range(len(words.all)):
        for length in range(1, 7):
            run = words.all[at : at + length]
            if len(run) < length or run[-1].clause != run[0].clause or is_finite(run[-1], words):
                break
            parts = [part for word in run for part in word.folded.split()]
            if len(parts) >= _ACRONYM:
                forms.setdefault("".join(part[0] for part in parts), run)
            if len(parts) == 2:
                forms.setdefault("".join(parts), run)
    return forms


def _as_part(word: Word, claimed_forms: dict[str, tuple[Word, ...]], evidence: Words) -> Sequence[Word]:
    """Return the evidence's acronym or compound that a run of claim words with this one in it spells out."""
    spelled = {form for form, run in claimed_forms.items() if word in run}
    return [other for other in evidence.all if _core(other) in spelled and _may_be_short(other)]
