"""Statements that no cited sentence makes: their words stand in several, each of which says something else."""

from __future__ import annotations

import re

from assistant.verification.lexicon import LIGHT
from assistant.verification.licence import Licence, license_words
from assistant.verification.statements import statements
from assistant.verification.words import Word, read_words

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
    for statement in statements(licence.claim):
        telling = [word for word in statement if word.content and word.stem not in LIGHT and licence.matches[word]]
        lacking = [_lacking(telling, single) for single in singles]
        if telling and all(lacking):
            return min(lacking, key=len)[0].text
    return ""


def _lacking(telling: list[Word], single: Licence) -> list[Word]:
    """Return the words that one cited sentence does not say, names aside where it leans on another sentence."""
    leans = bool(_ANAPHOR.search(single.evidence.texts[0]))
    return [word for word in telling if not single.matches[word] and not (leans and word.name)]
