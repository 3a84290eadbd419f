"""What a claim adds by its small words: that something will be, must be, is the first of its kind, or is a cause."""

from __future__ import annotations

import re
from itertools import takewhile

from assistant.text import fold
from assistant.verification.licence import Licence
from assistant.verification.words import Word, Words

_FUTURE = re.compile(r"\b(?:will|shall|would|going to|future|soon|upcoming|plan\w*|expect\w*|predict\w*)\b")
_DUTY = re.compile(r"\b(?:must|should|ought|needs?|needed|require\w*|ha(?:ve|s|d) to|necessar\w*|essential|demands?)\b")
_ORDINAL_TEXT = """
    stage step phase half part round pass time place line order year month week day author quarter person glance
    layer two three few
"""
_ORDINAL = frozenset(_ORDINAL_TEXT.split())
_FIRST = frozenset({"first", "earliest"})
_PRIMACY = re.compile(r"\b(?:novel\w*|pioneer\w*|unprecedented|earliest|no (?:earlier|previous|prior)|new)\b")
_CAUSE = re.compile(r"\b(?:because|due to|thanks to|owing to|therefore|hence|consequently|as a result)\b")
_ANY_CAUSE = re.compile(
    r"\b(?:because|since|as|so|thus|therefore|hence|due|thanks|owing|consequen\w*|through|via|by|from|caus\w*|lead\w*|led"
    r"|result\w*|mak\w*|made|lets?|letting|allow\w*|enabl\w*|helps?|forc\w*|driv\w*|yield\w*|gives?|brings?|ensur\w*|which"
    r"|means?|keeps?|explain\w*|root\w*|reason\w*|if|when|while|to)\b|:"
)


def other_modality(licence: Licence) -> str:
    """Return the claim's "will" or "must" where the evidence speaks of no future and no duty; else empty."""
    said = [fold(text) for text in licence.evidence.texts]
    for word in licence.claim.all:
        needed = _FUTURE if word.folded in ("will", "shall") else _DUTY if word.folded == "must" else None
        if needed is not None and not any(needed.search(text) for text in said):
            return word.text
    return ""


def dropped_future(licence: Licence) -> str:
    """Return the evidence's "will" over a verb that the claim states as a fact; else empty."""
    if any(_FUTURE.search(fold(text)) for text in licence.claim.texts):
        return ""
    said = {match for matches in licence.matches.values() for match in matches}
    for word in licence.evidence.all:
        after = [other for other in licence.evidence.all[word.index + 1 : word.index + 4] if other.content]
        if word.folded == "will" and after and after[0].clause == word.clause and after[0] in said:
            return word.text
    return ""


def unstated_primacy(licence: Licence) -> str:
    """Return the claim's "first" where it means that nobody came before, and the evidence does not; else empty."""
    claimed = [word for word in licence.claim.all if _first_of_all(word, licence.claim)]
    known = any(_first_of_all(word, licence.evidence) for word in licence.evidence.all)
    known = known or any(_PRIMACY.search(fold(text)) for text in licence.evidence.texts)
    return claimed[0].text if claimed and not known else ""


def _first_of_all(word: Word, words: Words) -> bool:
    """Whether "first" says that nobody came before: "the first method to", "is first to", not "it first" or "stage"."""
    if word.folded not in _FIRST:
        return False
    before = words.all[word.index - 1].folded if word.index else ""
    after = list(takewhile(lambda other: other.sentence == word.sentence, words.all[word.index + 1 : word.index + 3]))
    if after and (after[0].folded in ("to", "ever") or (after[0].folded == "time" and before in ("the", "a"))):
        return True
    determined = before in ("the", "a", "an", "its", "their", "our", "as", "very") or before.endswith("'s")
    return determined and not any(other.folded.removesuffix("s") in _ORDINAL for other in after)


def unstated_cause(licence: Licence) -> str:
    """Return the claim's "because" where the evidence tells no cause, means or purpose at all; else empty."""
    claimed = next((found for text in licence.claim.texts if (found := _CAUSE.search(fold(text)))), None)
    if claimed is None or any(_ANY_CAUSE.search(fold(text)) for text in licence.evidence.texts):
        return ""
    return claimed.group()
