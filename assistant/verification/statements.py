"""The statements of a sentence: runs of words that say one thing each."""

from __future__ import annotations

import functools
from collections.abc import Sequence

from assistant.verification.verbs import is_finite, is_verb_form
from assistant.verification.words import Word, Words

_RELATIVE = frozenset({"which", "that", "who", "whose", "where"})
_CONTRASTING = frozenset({"but", "while", "whereas", "unlike"})
_COORDINATING = frozenset({"and", "or", "but", "while", "whereas"})
_PAIRING = frozenset({"for", "to", "into", "from", "on", "in", "with", "at"})


@functools.lru_cache(maxsize=64)
def statements(words: Words) -> tuple[tuple[Word, ...], ...]:
    """Return the words of a text in runs that say one thing each.

    A run ends at a comma or a conjunction where a new statement begins: one with a verb of its own, or with the
    preposition of the run before ("A to B and C to D"). A relative clause belongs to what stands before it.
    """
    runs: list[list[Word]] = []
    for piece in _pieces(words):
        if runs and not _begins_statement(piece, runs[-1], words):
            runs[-1] += piece
        else:
            runs.append(piece)
    return tuple(map(tuple, runs))


def _pieces(words: Words) -> list[list[Word]]:
    pieces: list[list[Word]] = []
    for word in words.all:
        before = words.all[word.index - 1] if word.index else None
        other_clause = before is None or word.clause != before.clause or word.folded in _COORDINATING
        if other_clause or not pieces:
            pieces.append([])
        pieces[-1].append(word)
    return pieces


def _begins_statement(piece: Sequence[Word], run: Sequence[Word], words: Words) -> bool:
    if piece[0].sentence != run[0].sentence:
        return True
    if piece[0].folded in _RELATIVE or any(word.folded in ("it", "they") for word in piece[:2]):
        return False
    if piece[0].folded in _CONTRASTING or _breaks_before(piece[0], words):
        return True
    coordinated = piece[0].folded in ("and", "or")
    if coordinated and len(piece) > 1 and is_verb_form(piece[1]):
        return True
    if coordinated and _preposition(piece) and _preposition(piece) == _preposition(run[-len(piece) - 2 :]):
        return True
    if coordinated and words.all[piece[0].index - 1].clause == piece[0].clause:
        return False
    return _has_verb(run, words) and _has_verb(piece, words)


def _has_verb(run: Sequence[Word], words: Words) -> bool:
    return any(is_finite(word, words) or word.folded in ("is", "are", "was", "were") for word in run)


def _breaks_before(word: Word, words: Words) -> bool:
    """Whether a colon or a semicolon stands before a word."""
    return words.texts[word.sentence][: word.start].rstrip()[-1:] in (":", ";")


def _preposition(piece: Sequence[Word]) -> str:
    """Return the first pairing preposition that has content words on both sides."""
    for at, word in enumerate(piece):
        if word.folded in _PAIRING:
            before, after = piece[:at], piece[at + 1 :]
            if any(other.content for other in before) and any(other.content for other in after):
                return word.folded
    return ""
