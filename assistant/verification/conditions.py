"""Conditions under which the evidence says something: "when X", "unless X", "on short sequences"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.verification.lexicon import FREE, LIGHT, lexicon
from assistant.verification.licence import Licence
from assistant.verification.statements import statements
from assistant.verification.words import Word, Words

_SAID = 0.5  # share of what is conditioned that a claim must say before the condition is missed in it
_KEPT = 0.34  # share of a condition's words that a claim keeps of it where it keeps it at all
_NEAR = 8  # content words that a condition has at most
_CUES = frozenset({"when", "if", "unless", "once", "whenever", "provided", "until", "except", "assuming", "only"})
_NO_CONDITION = frozenset({"even", "as", "especially", "particularly"})  # before a cue: "even when", "as if"
_PLACES = frozenset({"on", "for", "in", "at", "with", "under", "among", "within", "without", "over"})
_OPENING_PLACES = frozenset(
    {"on", "in", "under", "after", "before", "during", "within", "given", "among", "without", "for"}
)
_LIMITING_TEXT = """
    short long small large low high sparse dense rare few limited noisy cold young old elderly male female early
    late severe mild simple complex scarce presence absence older younger heavy light hard easy certain specific
    some single infrequent unseen imbalanced balanced weak strong deep shallow narrow wide static dynamic
    selected
"""
# Participles before a comma that tell how something was found, not when it holds.
_NO_LIMITS = frozenset({"based", "inspired", "motivated", "compared", "related", "deployed", "measured", "associated"})
_LIMITING = frozenset(_LIMITING_TEXT.split())
_ENDS = frozenset({"and", "but", "than", "by", "to", "that", "which", "while", "compared"})


def dropped_condition(licence: Licence) -> str:
    """Return a condition of the evidence that the claim leaves out of what it says; else empty.

    A clause with "when" or "if" always is one; a phrase such as "on short sequences" is one where the evidence
    compares, raises or lowers something.
    """
    said = {match for matches in licence.matches.values() for match in matches}
    for condition, rest in conditions(licence.evidence):
        conditioned = [word for word in rest if word.content]
        # A word that stands elsewhere as well may be said of something else.
        elsewhere = {word.stem for word in licence.evidence.content if word not in condition}
        own = [word for word in condition if word.stem not in elsewhere] or condition
        kept = sum(word in said for word in own)
        if kept <= _KEPT * len(own) and sum(word in said for word in conditioned) >= _SAID * len(conditioned) > 0:
            first, last = condition[0], condition[-1]
            return licence.evidence.texts[first.sentence][_opening(first, licence.evidence).start : last.end]
    return ""


def conditions(words: Words) -> Iterator[tuple[list[Word], Sequence[Word]]]:
    """Yield the content words of each condition with the words that it restricts."""
    for word in words.all:
        before = words.all[word.index - 1] if word.index else None
        if before is not None and before.folded in _NO_CONDITION:
            continue
        opens = before is None or before.sentence != word.sentence
        if word.folded in _CUES:
            condition = _clause(word, words)
        elif opens and word.folded in _OPENING_PLACES:
            condition = _fronted(word, words)
        elif word.folded in _PLACES:
            condition = _limited(word, words)
        elif opens and word.folded.endswith("ed"):
            condition = [] if word.folded in _NO_LIMITS else _fronted(word, words)
        else:
            continue
        content = [other for other in condition if other.content][:_NEAR]
        if word.folded in _OPENING_PLACES and all(other.stem in LIGHT for other in content):
            continue  # "In this way,"
        rest = _restricted(word, condition, words) if content else []
        if content and (word.folded in _CUES or any(_directs(other) for other in rest)):
            yield content, rest


def _directs(word: Word) -> bool:
    return word.stem in lexicon().opposites or word.folded in ("more", "less", "most", "least")


def _clause(cue: Word, words: Words) -> list[Word]:
    """Return what follows a cue up to the next comma or the end of the sentence."""
    text = words.texts[cue.sentence]
    end = min((at for mark in ",;:" if (at := text.find(mark, cue.end)) >= 0), default=len(text))
    after = [word for word in words.all[cue.index + 1 :] if word.sentence == cue.sentence and word.start < end]
    return after if after and after[0].folded != "compared" else []


def _fronted(opening: Word, words: Words) -> list[Word]:
    """Return what follows the first word of a sentence up to a comma: "Applied directly to LRMs, it ..."."""
    clause = _clause(opening, words)
    end = clause[-1].end if clause else 0
    framing = not clause or clause[-1].folded in FREE  # "In an extensive evaluation,"
    return [] if framing or words.texts[opening.sentence][end : end + 1] != "," else clause


def _limited(preposition: Word, words: Words) -> list[Word]:
    """Return the noun group after a preposition where a limiting adjective opens it; else nothing."""
    group: list[Word] = []
    for word in words.all[preposition.index + 1 : preposition.index + 8]:
        ended = word.clause != preposition.clause or word.folded in _ENDS or word.folded in _PLACES
        if ended or word.folded in _CUES:
            break
        group.append(word)
    content = [word for word in group if word.content or word.folded in _LIMITING]
    opening = content[0].folded.split() if content else []  # "short term" is one word here
    return group if len(content) + len(opening) > 2 and opening[0] in _LIMITING else []


def _restricted(cue: Word, condition: Sequence[Word], words: Words) -> Sequence[Word]:
    """Return the statement that a condition belongs to: its own, else the one before it, or after it at the start."""
    runs = [run for run in statements(words) if run[0].sentence == cue.sentence]
    at = next((place for place, run in enumerate(runs) if cue in run), 0)
    own = [word for word in runs[at] if word not in condition]
    before = [word for word in own if word.index < cue.index]
    for rest in (before if cue.folded in _CUES else own, *runs[max(at - 1, 0) : at], own, *runs[at + 1 : at + 2]):
        if any(word.content for word in rest):
            return rest
    return []


def _opening(first: Word, words: Words) -> Word:
    """Return the cue or the preposition before a condition's first content word."""
    at = first.index
    while at and words.all[at - 1].sentence == first.sentence and first.index - at < 3:
        at -= 1
        if words.all[at].folded in _CUES | _PLACES:
            return words.all[at]
    return first
