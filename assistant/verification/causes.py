"""Causes and effects: which of two statements a text gives as the reason of the other."""

from __future__ import annotations

from assistant.verification.licence import Licence
from assistant.verification.statements import statements
from assistant.verification.words import Word, Words

_REASONS = frozenset({"because", "due to", "thanks to", "owing to"})  # what follows is the cause
_RESULTS = frozenset({"therefore", "thus", "hence", "so", "consequently"})  # what follows is the effect
_SO_THAT = 8  # words from "so" to its "that": "so diverse in composition that"


def turned_cause(licence: Licence) -> str:
    """Return the claim's "because" or "so" where the evidence has cause and effect the other way round; else empty."""
    known = _causes(licence.evidence)
    for cue, cause, effect in _causes(licence.claim):
        for _, their_cause, their_effect in known:
            crossed = (_said(cause, their_effect, licence), _said(effect, their_cause, licence))
            straight = _said(cause, their_cause, licence) + _said(effect, their_effect, licence)
            if all(crossed) and sum(crossed) > straight:
                return cue.text
    return ""


def _causes(words: Words) -> list[tuple[Word, list[Word], list[Word]]]:
    """Return the words that tie two statements by a reason, each with the content of the cause and of the effect."""
    found: list[tuple[Word, list[Word], list[Word]]] = []
    for word in words.all:
        if word.folded not in _REASONS | _RESULTS:
            continue
        at = _turning(word, words)
        own = [other for other in words.content if other.sentence == word.sentence]
        before, after = [o for o in own if o.index < at], [o for o in own if o.index > at]
        if before and after:  # a new statement after it is no part of it: "because A, and this has B"
            run = next(run for run in statements(words) if after[0] in run)
            after = [other for other in after if other in run]
        if word.folded in _REASONS and not before and after:  # "Because A, B"
            cause = [other for other in after if other.clause == after[0].clause]
            found.append((word, cause, [other for other in after if other not in cause]))
        elif word.folded in _REASONS:
            found.append((word, after, before))
        else:
            found.append((word, before, after))
    return found


def _turning(cue: Word, words: Words) -> int:
    """Return where the effect begins: at the cue, or at the "that" of "so diverse that"."""
    near = words.all[cue.index + 1 : cue.index + _SO_THAT]
    that = (word.index for word in near if word.folded == "that" and word.sentence == cue.sentence)
    return next(that, cue.index) if cue.folded == "so" else cue.index


def _said(words: list[Word], among: list[Word], licence: Licence) -> int:
    return sum(any(match in among for match in licence.matches.get(word, ())) for word in words)
