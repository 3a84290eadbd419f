"""Statements that no cited sentence makes: their words stand in several, each of which says something else."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.verification.lexicon import LIGHT
from assistant.verification.licence import Licence, license_words
from assistant.verification.relations import coordinated
from assistant.verification.statements import statements
from assistant.verification.verbs import BE, is_finite
from assistant.verification.words import Word, Words, read_words

_ANAPHOR = re.compile(
    r"\b(?:we|our|us|this(?! (?:paper|study|work|article|report|card)\b)|these|it|its|they|their"
    r"|the (?:proposed|resulting|new|same|system|model|method|framework|approach|algorithm|authors))\b",
    re.IGNORECASE,
)


def mixed_statement(licence: Licence) -> str:
    """Return a word that no cited sentence says beside the rest of its statement; empty where one says all of it.

    A sentence that leans on another one ("it", "the method") may have its names from there.
    """
    texts = licence.evidence.texts
    if len(texts) < 2:
        return ""
    none = read_words([])
    singles = [license_words(licence.claim, read_words([text]), none) for text in texts]
    for statement in (part for run in statements(licence.claim) for part in _parts(run, licence.claim)):
        telling = [word for word in statement if word.content and word.stem not in LIGHT and licence.matches[word]]
        lacking = [_lacking(telling, single) for single in singles]
        if telling and all(lacking):
            return min(lacking, key=len)[0].text
    return ""


def _lacking(telling: list[Word], single: Licence) -> list[Word]:
    """Return the words that one cited sentence does not say, names aside where it leans on another sentence."""
    leans = bool(_ANAPHOR.search(single.evidence.texts[0]))
    said = [word for word in telling if single.matches[word]]
    lacking = [word for word in telling if word not in said and not (leans and word.name)]
    # "A and B do it": each of them may have a sentence of its own
    return [word for word in lacking if not (word.name and any(_listed(word, other, single.claim) for other in said))]


def _listed(word: Word, other: Word, words: Words) -> bool:
    return (
        other.name
        and any(between.folded == "and" for between in words.between(word, other))
        and coordinated(word, other, words)
    )


def _parts(run: Sequence[Word], words: Words) -> list[list[Word]]:
    """Return a run in the parts around an "and" that have a verb each: "A is in B and C is faster"."""
    parts: list[list[Word]] = [[]]
    for at, word in enumerate(run):
        if word.folded == "and" and _has_verb(parts[-1], words) and _has_verb(run[at + 1 :], words):
            parts.append([])
        parts[-1].append(word)
    return parts


def _has_verb(run: Sequence[Word], words: Words) -> bool:
    return any(word.folded in BE or is_finite(word, words) for word in run)
