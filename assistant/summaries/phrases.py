"""Phrases that tell one group of papers from the others, in the papers' own spelling."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import resources

import numpy as np

from assistant.embedders import FloatArray
from assistant.summaries.members import Member, centroid
from assistant.text import STOP_WORDS, content_words, fold

LONGEST = 4  # words of a phrase
SAMPLE = 120  # papers of a group whose phrases are counted, the most relevant ones
COMPARED = 24  # phrases of a group whose meaning is compared with the groups'
SMALL = 3  # papers of a group that may be named by a title's phrase where they share none
NEARNESS = 4.0  # weight of a phrase's nearness to its own group over the nearest other one
_PIECE = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_BREAK = re.compile(r"[.,;:!?()\[\]{}\"“”–—/|]+|\s-+\s")
_DULL = frozenset((resources.files("assistant.summaries") / "dull_words.txt").read_text("utf-8").split())
_CRUTCHES = frozenset(
    {"model", "models", "system", "systems", "method", "methods", "data", "analysis", "evaluation", "quality"}
)
_NOT_LAST = re.compile(r"(?:ed|ly|ive|ous|ful|less|ble|est|ize|izes|ise|ises|ary|ant|(?:r|u|n|t|c|s|i)al)$")
_LAST = frozenset({"journal", "signal", "portal", "capital", "hospital", "trial", "material", "tutorial", "proposal"})
_ING_TEXT = """
    learning ranking filtering clustering modeling modelling training matching mining processing embedding programming
    hashing linking crawling indexing answering serving sampling tagging parsing advertising shopping tuning bidding
    pricing crowdsourcing computing engineering reasoning drafting matchmaking browsing marketing scheduling caching
    routing streaming gaming labeling coding factoring tracking understanding testing monitoring listening
"""
_ING = frozenset(_ING_TEXT.split())


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase of one to four words with its weight for a group of papers."""

    text: str
    words: tuple[str, ...]  # stemmed
    weight: float


def distinctive_phrases(
    groups: Sequence[Sequence[Member]], topic: str, embed: Callable[[Sequence[str]], FloatArray]
) -> tuple[tuple[Phrase, ...], ...]:
    """Return, for each group of papers, the phrases that its papers share and others lack, best first.

    A phrase's weight is how many of the group's papers have it, more in titles, times the log-ratio of its share inside
    to its share outside, raised by how much nearer its meaning is to this group than to any other.
    """
    ranked = _by_count(groups, topic)
    if len(groups) < 2:
        return tuple(tuple(phrases) for phrases in ranked)
    centres = np.stack([centroid(group) for group in groups])
    compared: list[tuple[Phrase, ...]] = []
    for place, phrases in enumerate(ranked):
        if not phrases:
            compared.append(())
            continue
        near = embed([phrase.text for phrase in phrases]) @ centres.T
        contrast = near[:, place] - np.delete(near, place, axis=1).max(axis=1)
        weighed = [
            Phrase(phrase.text, phrase.words, phrase.weight * math.exp(NEARNESS * float(gain)))
            for phrase, gain in zip(phrases, contrast, strict=True)
        ]
        compared.append(tuple(sorted(weighed, key=lambda phrase: (-phrase.weight, phrase.text))))
    return tuple(compared)


def heading(phrases: Sequence[Phrase], taken: Sequence[Phrase] = (), parts: int = 2) -> tuple[Phrase, ...]:
    """Return up to `parts` phrases that share no word with each other and are not the `taken` ones."""
    chosen: list[Phrase] = []
    used: set[str] = set()
    known = {phrase.words for phrase in taken}
    for phrase in phrases:
        bare = bool(chosen) and len(chosen[0].words) == 1  # "Search" alone says little
        if len(chosen) == parts or (chosen and phrase.weight < (0.2 if bare else 0.4) * chosen[0].weight):
            break
        if chosen and len(phrase.words) == 1 and (bare or phrase.weight < 0.75 * chosen[0].weight):
            continue
        if not used & _forms(phrase) and phrase.words not in known:
            chosen.append(phrase)
            used |= _forms(phrase)
    return tuple(chosen)


def read_text(member: Member) -> str:
    """Return the stemmed words of a paper's title and abstract, parted by blanks, as `says` wants them."""
    return f" {' '.join(content_words(f'{member.paper.title} . {member.paper.abstract}'))} "


def says(text: str, phrase: Phrase) -> bool:
    """Return whether a text from `read_text` has the phrase."""
    return f" {' '.join(phrase.words)} " in text


def _forms(phrase: Phrase) -> set[str]:
    """Return the words of a phrase and its initials, so that no heading says "recurrent neural networks and RNNs"."""
    initials = "".join(word[0] for word in phrase.words)
    return {*phrase.words, *({initials, f"{initials}s"} if len(initials) > 1 else ())}


def _by_count(groups: Sequence[Sequence[Member]], topic: str) -> list[list[Phrase]]:
    counted = [[_phrases_of(member) for member in group[:SAMPLE]] for group in groups]
    spelled: dict[tuple[str, ...], Counter[str]] = {}
    for found in (papers for group in counted for papers in group):
        for words, (spelling, _) in found.items():
            spelled.setdefault(words, Counter())[spelling] += 1
    everywhere = Counter(words for group in counted for found in group for words in found)
    total, known = sum(len(group) for group in counted), set(content_words(topic))
    ranked: list[list[Phrase]] = []
    for group in counted:
        inside = Counter(words for found in group for words in found)
        titled = Counter(words for found in group for words, (_, in_title) in found.items() if in_title)
        phrases: list[Phrase] = []
        for words, count in inside.items():
            if (count < 2 and not titled[words]) or set(words) <= known or (len(words) == 1 and not titled[words]):
                continue
            outside = (everywhere[words] - count + 0.5) / (total - len(group) + 1)
            lift = math.log((count + 0.1) / len(group) / outside) if total > len(group) else 1.0
            fresh = len(set(words) - known) / len(words)
            length = (0.45, 1.0, 1.15, 1.15)[min(len(words), LONGEST) - 1]
            weight = (count + titled[words]) / len(group) * max(lift, 0.05) * length * fresh
            phrases.append(Phrase(spelled[words].most_common(1)[0][0], words, weight))
        shared = [phrase for phrase in phrases if inside[phrase.words] > 1]
        if any(len(phrase.words) > 1 for phrase in shared) or len(group) > SMALL:
            phrases = shared
        phrases.sort(key=lambda phrase: (-phrase.weight, phrase.text))
        ranked.append(_without_pieces(phrases)[:COMPARED])
    return ranked


def _without_pieces(phrases: Sequence[Phrase]) -> list[Phrase]:
    """Return the phrases without those that are a piece of a longer one that is nearly as heavy."""
    first = phrases[: 6 * COMPARED]
    return [
        phrase
        for phrase in first
        if not any(
            len(other.words) > len(phrase.words)
            and other.weight >= 0.6 * phrase.weight
            and set(phrase.words) < set(other.words)
            for other in first
        )
    ]


def _phrases_of(member: Member) -> dict[tuple[str, ...], tuple[str, bool]]:
    """Return the phrases of one paper by their stems: a spelling, and whether the title has it."""
    found: dict[tuple[str, ...], tuple[str, bool]] = {}
    for text, in_title in ((member.paper.abstract, False), (member.paper.title, True)):
        for piece in _BREAK.split(text):
            words = _PIECE.findall(piece)
            folded = [fold(word) for word in words]
            for start in range(len(words)):
                for end in range(start + 1, min(start + LONGEST, len(words)) + 1):
                    if _is_phrase(folded[start:end]):
                        _note(found, words[start:end], in_title, capital=in_title or start == 0)
    return found


def _is_phrase(words: Sequence[str]) -> bool:
    """Return whether the folded words can be a noun phrase worth a heading."""
    if any(word in STOP_WORDS or word.isdigit() or len(word) < 2 for word in words):
        return False
    first, last = words[0], words[-1]
    if (
        first in _DULL
        or first.endswith("ly")
        or (first.endswith("ing") and first not in _ING)
        or (last in _DULL and (len(words) == 1 or last not in _CRUTCHES))
    ):
        return False
    if (_NOT_LAST.search(last) and last not in _LAST) or any(word in _DULL for word in words[1:-1]):
        return False
    if len(words) == 1:
        return len(first) > 3 and "-" not in first and not first.endswith(("ian", "ile"))
    return not (last.endswith("ing") and last not in _ING)


def _note(found: dict[tuple[str, ...], tuple[str, bool]], run: Sequence[str], in_title: bool, *, capital: bool) -> None:
    """Take down a phrase; where its capitals may be a title's or a sentence's own, they are not its spelling."""
    stems = tuple(content_words(" ".join(run)))
    if not stems:
        return
    spelling = " ".join(word.lower() if capital and _is_plain(word) else word for word in run)
    known = found.get(stems)
    found[stems] = (known[0] if known else spelling, in_title or bool(known and known[1]))


def _is_plain(word: str) -> bool:
    """Return whether a capital is only the first letter's, of each part of a compound."""
    return all(part[1:].islower() or len(part) < 2 for part in re.split(r"[-'’]", word)) and not any(
        map(str.isdigit, word)
    )
