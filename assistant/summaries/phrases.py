"""Phrases that tell one group of papers from the others, in the papers' own spelling."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.summaries.members import Member
from assistant.text import STOP_WORDS, content_words, fold

LONGEST = 3  # words of a phrase
_PIECE = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_BREAK = re.compile(r"[.,;:!?()\[\]{}\"“”–—/|]+")
_DULL_TEXT = """
    paper propose proposed present introduce method methods approach approaches model models result results show based
    using use used novel new work problem state art experiments experimental performance large real high low different
    existing data also well many however study two three one first various several provide proposes available authors
    author better best improve improves significantly significant task tasks system systems given set make makes made
    take takes need needs give gives allow allows framework technique techniques algorithm algorithms achieve achieves
    effective efficient efficiently demonstrate experiment recent previous important application applications way
"""
_DULL = frozenset(_DULL_TEXT.split())


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase of one to three words with its weight for a group of papers."""

    text: str
    words: tuple[str, ...]  # stemmed
    weight: float


def distinctive_phrases(
    groups: Sequence[Sequence[Member]], topic: str, limit: int = 12
) -> tuple[tuple[Phrase, ...], ...]:
    """Return, for each group of papers, the phrases that many of its papers share and others lack, best first.

    Weight: papers of the group with the phrase (twice where it stands in the title), times the log-ratio of its share
    inside to its share outside, times the square root of its length.
    """
    counted = [[_phrases_of(member) for member in group] for group in groups]
    spelled: dict[tuple[str, ...], Counter[str]] = {}
    for found in (papers for group in counted for papers in group):
        for words, (spelling, _) in found.items():
            spelled.setdefault(words, Counter())[spelling] += 1
    everywhere = Counter(words for group in counted for found in group for words in found)
    total = sum(len(group) for group in groups)
    known = set(content_words(topic))
    ranked = []
    for group in counted:
        inside = Counter(words for found in group for words in found)
        titled = Counter(words for found in group for words, (_, in_title) in found.items() if in_title)
        phrases = []
        for words, count in inside.items():
            if count < min(2, len(group)) or set(words) <= known:
                continue
            outside = everywhere[words] - count
            lift = math.log(((count + 0.1) / len(group)) / ((outside + 0.5) / max(total - len(group), 1)))
            if lift <= 0 and len(groups) > 1:
                continue
            fresh = len(set(words) - known) / len(words)
            weight = (count + titled[words]) * (max(lift, 0.1)) * math.sqrt(len(words)) * fresh
            phrases.append(Phrase(spelled[words].most_common(1)[0][0], words, weight))
        phrases.sort(key=lambda phrase: (-phrase.weight, phrase.text))
        ranked.append(tuple(phrases[:limit]))
    return tuple(ranked)


def title_of(phrases: Sequence[Phrase], taken: Iterable[str] = (), parts: int = 2) -> str:
    """Return a heading of up to `parts` phrases that share no word; empty where there is none."""
    chosen: list[Phrase] = []
    used = {word for title in taken for word in content_words(title)}
    for phrase in phrases:
        if len(chosen) == parts or (chosen and phrase.weight < 0.4 * chosen[0].weight):
            break
        if not used & set(phrase.words):
            chosen.append(phrase)
            used |= set(phrase.words)
    heading = " and ".join(phrase.text for phrase in chosen)
    return heading[:1].upper() + heading[1:]


def _phrases_of(member: Member) -> dict[tuple[str, ...], tuple[str, bool]]:
    """Return the phrases of one paper by their stems: a spelling, and whether the title has it."""
    found: dict[tuple[str, ...], tuple[str, bool]] = {}
    for text, in_title in ((member.paper.title, True), (member.paper.abstract, False)):
        for piece in _BREAK.split(text):
            words = _PIECE.findall(piece)
            for start in range(len(words)):
                for end in range(start + 1, min(start + LONGEST, len(words)) + 1):
                    _note(found, words[start:end], in_title)
    return found


def _note(found: dict[tuple[str, ...], tuple[str, bool]], run: Sequence[str], in_title: bool) -> None:
    folded = [fold(word) for word in run]
    if any(word in STOP_WORDS or word.isdigit() or len(word) < 2 for word in folded):
        return
    if folded[0] in _DULL or folded[-1] in _DULL - {"models", "systems", "methods"} or all(w in _DULL for w in folded):
        return
    if len(run) == 1 and (folded[0] in _DULL or len(folded[0]) < 4):
        return
    stems = tuple(content_words(" ".join(run)))
    if not stems:
        return
    known = found.get(stems)
    spelling = " ".join(word if not word[0].isupper() or not word[1:].islower() else word.lower() for word in run)
    if known is None:
        found[stems] = (spelling, in_title)
    elif in_title and not known[1]:
        found[stems] = (known[0], True)
