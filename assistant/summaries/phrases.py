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
from assistant.summaries.relevance import facets_of
from assistant.text import STOP_WORDS, content_words, fold, word_set

LONGEST = 4  # words of a phrase
SAMPLE = 120  # papers of a group whose phrases are counted, the most relevant ones
COMPARED = 24  # phrases of a group whose meaning is compared with the groups'
SMALL = 3  # papers of a group that may be named by a title's phrase where they share none
WHOLE = 0.5  # of the papers that use a phrase, those in which it must stand as a whole
TWICE = math.log(2)  # lift from which a phrase has its full weight: twice as common inside as outside; a word 4 times
SAME_TEAM = 0.25  # of a paper, for a phrase that a paper of the same authors has too
REACH = 0.25  # share of a group's papers from which a phrase has its full weight
NEARNESS = 4.0  # weight of a phrase's nearness to its own group over the nearest other one
_PIECE = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_BREAK = re.compile(r"[.,;:!?()\[\]{}\"“”–—/|]+|\s-+\s")
_DULL = frozenset((resources.files("assistant.summaries") / "dull_words.txt").read_text("utf-8").split())
_MEASURES = frozenset(
    {"error", "errors", "precision", "accuracy", "recall", "score", "scores", "complexity"}
)  # head nothing
_CRUTCHES = frozenset(
    {"model", "models", "system", "systems", "method", "methods", "data", "analysis", "evaluation", "quality"}
)
_SUBJECTS = word_set("to we they users people can could may might must should will would not who which it")
_NOT_LAST = re.compile(r"(?:ed|ly|ive|ous|ful|less|ble|est|ize|izes|ise|ises|ary|ant|(?:r|u|n|t|c|s|i)al)$")
_LAST = frozenset({"journal", "signal", "portal", "capital", "hospital", "trial", "material", "tutorial", "proposal"})
_ING = word_set("""
    learning ranking filtering clustering modeling modelling training matching mining processing embedding programming
    hashing linking crawling indexing answering serving sampling tagging parsing advertising shopping tuning bidding
    pricing crowdsourcing computing engineering reasoning drafting matchmaking browsing marketing scheduling caching
    routing streaming gaming labeling coding factoring tracking understanding testing monitoring listening
""")
_VAGUE_ALONE = word_set("""
    learning modeling modelling training matching processing understanding testing information estimation detection
    representation representations optimization optimisation feature features prediction predictions content text topic
    topics change changes corpus generation feedback semantic offline online unfair graph machine bias embedding
    embeddings similarity classification short latent typical service services page pages state class classes source
    sources media language languages document documents text texts
""")  # words that say something with another word only


@dataclass(frozen=True, slots=True)
class _Use:
    """How one paper uses a phrase: a spelling, whether its title has it, and whether it once stands as a whole.

    A phrase is no whole where the words before it make its first word a verb ("users ask"), or where another word of
    the same noun follows ("latent" before "factors").
    """

    spelling: str
    titled: bool
    whole: bool


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
    to its share outside, raised by how much nearer its meaning is to this group than to any other. A further paper of
    the same authors counts less: what one team calls its own does not name a theme.
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


def read_text(member: Member) -> str:
    """Return the stemmed words of a paper's title and abstract, parted by blanks, as `says` wants them."""
    return f" {' '.join(content_words(f'{member.paper.title} . {member.paper.abstract}'))} "


def title_text(member: Member) -> str:
    """Return the stemmed words of a paper's title alone, as `says` wants them."""
    return f" {' '.join(content_words(member.paper.title))} "


def says(text: str, phrase: Phrase) -> bool:
    """Return whether a text from `read_text` has the phrase."""
    return f" {' '.join(phrase.words)} " in text


def _by_count(groups: Sequence[Sequence[Member]], topic: str) -> list[list[Phrase]]:
    counted = [[_phrases_of(member) for member in group[:SAMPLE]] for group in groups]
    spelled: dict[tuple[str, ...], Counter[str]] = {}
    for found in (papers for group in counted for papers in group):
        for words, use in found.items():
            spelled.setdefault(words, Counter())[use.spelling] += 1
    everywhere = Counter(words for group in counted for found in group for words in found)
    whole = Counter(words for group in counted for found in group for words, use in found.items() if use.whole)
    total = sum(len(group) for group in counted)
    # A part of a topic tells the papers on it from those on another part.
    known = set() if facets_of(topic) else set(content_words(topic))
    ranked: list[list[Phrase]] = []
    for members, group in zip(groups, counted, strict=True):
        papers = Counter(words for found in group for words in found)
        inside, titled = _voices(members, group)
        phrases: list[Phrase] = []
        for words, count in inside.items():
            if (
                (papers[words] < 2 and not titled[words])
                or set(words) <= known
                or (len(words) == 1 and not titled[words])
            ):
                continue
            if whole[words] < WHOLE * everywhere[words]:
                continue
            outside = (everywhere[words] - papers[words] + 0.5) / (total - len(group) + 1)
            lift = math.log((papers[words] + 0.1) / len(group) / outside) if total > len(group) else 1.0
            reach = min(1.0, count / len(group) / REACH) * (count + titled[words]) / len(group)
            fresh = len(set(words) - known) / len(words)
            weight = reach * fresh * _contrast(lift, len(words), titled[words] / len(group))
            phrases.append(Phrase(spelled[words].most_common(1)[0][0], words, weight))
        shared = [phrase for phrase in phrases if inside[phrase.words] > 1]
        if any(len(phrase.words) > 1 for phrase in shared) or len(group) > SMALL:
            phrases = shared
        phrases.sort(key=lambda phrase: (-phrase.weight, phrase.text))
        ranked.append(_without_pieces(phrases)[:COMPARED])
    return ranked


def _contrast(lift: float, words: int, titled: float) -> float:
    """Return the weight of a phrase of some `words` by the log-ratio of its share inside to its share outside.

    A single word says less than a phrase, unless many of the titles have it.
    """
    lift = max(lift, 0.05)
    full = TWICE if words > 1 else 2 * TWICE
    bare = 0.3 + 0.7 * min(1.0, max(0.0, titled - 0.25) / 0.5)
    return lift * min(1.0, lift / full) * (bare, 1.0, 1.15, 1.15)[min(words, LONGEST) - 1]


def _voices(
    members: Sequence[Member], found: Sequence[dict[tuple[str, ...], _Use]]
) -> tuple[dict[tuple[str, ...], float], dict[tuple[str, ...], float]]:
    """Return how many papers have each phrase, and how many in the title, less for a team that had it before.

    A second version of a paper, under the same title, counts for nothing.
    """
    heard: dict[tuple[str, ...], set[str]] = {}
    titles: set[str] = set()
    inside: dict[tuple[str, ...], float] = {}
    titled: dict[tuple[str, ...], float] = {}
    for member, phrases in zip(members, found, strict=False):
        authors = {fold(author) for author in member.paper.authors} or {member.key}
        again = (name := fold(member.paper.title)) in titles
        titles.add(name)
        for words, use in phrases.items():
            if again:
                continue
            voice = 1.0 if heard.setdefault(words, set()).isdisjoint(authors) else SAME_TEAM
            inside[words] = inside.get(words, 0.0) + voice
            titled[words] = titled.get(words, 0.0) + voice * use.titled
            heard[words] |= authors
    return inside, titled


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


def _phrases_of(member: Member) -> dict[tuple[str, ...], _Use]:
    """Return the phrases of one paper by their stems."""
    found: dict[tuple[str, ...], _Use] = {}
    for text, in_title in ((member.paper.abstract, False), (member.paper.title, True)):
        for piece in _BREAK.split(text):
            words = _PIECE.findall(piece)
            folded = [fold(word) for word in words]
            for start in range(len(words)):
                for end in range(start + 1, min(start + LONGEST, len(words)) + 1):
                    if _is_phrase(folded[start:end]):
                        _note(
                            found,
                            words[start:end],
                            in_title,
                            capital=in_title or start == 0,
                            whole=_is_whole(folded, start, end),
                        )
    return found


def _is_phrase(words: Sequence[str]) -> bool:
    """Return whether the folded words can be a noun phrase worth a heading."""
    if any(word in STOP_WORDS or word.isdigit() or len(word) < 2 for word in words):
        return False
    first, last = words[0], words[-1]
    if (
        first in _DULL
        or last in _MEASURES
        or first.endswith("ly")
        or (first.endswith("ing") and first not in _ING)
        or (last in _DULL and (len(words) == 1 or last not in _CRUTCHES))
    ):
        return False
    if (_NOT_LAST.search(last) and last not in _LAST) or any(word in _DULL for word in words[1:-1]):
        return False
    if len(words) == 1:
        return len(first) > 3 and "-" not in first and not first.endswith(("ian", "ile")) and first not in _VAGUE_ALONE
    return not (last.endswith("ing") and last not in _ING)


def can_stand(text: str) -> bool:
    """Return whether a phrase can be a heading by itself."""
    return _is_phrase([fold(word) for word in text.split()])


def _is_whole(words: Sequence[str], start: int, end: int) -> bool:
    """Return whether the run of the folded words of a piece has neither a subject before it nor a noun behind it."""
    before, behind = words[start - 1 : start], words[end : end + 1]
    if before and (before[0] in _SUBJECTS or before[0].endswith("ly")):
        return False
    if not behind or behind[0] in STOP_WORDS or behind[0].endswith(("ing", "ed", "ly")):
        return True
    return behind[0] in _DULL and end - start > 1  # "latent" before "factors" is no noun


def _note(
    found: dict[tuple[str, ...], _Use], run: Sequence[str], in_title: bool, *, capital: bool, whole: bool
) -> None:
    """Take down a phrase; where its capitals may be a title's or a sentence's own, they are not its spelling."""
    stems = tuple(content_words(" ".join(run)))
    if not stems:
        return
    spelling = " ".join(word.lower() if capital and _is_plain(word) else word for word in run)
    known = found.get(stems)
    found[stems] = _Use(
        known.spelling if known else spelling,
        in_title or bool(known and known.titled),
        whole or bool(known and known.whole),
    )


def _is_plain(word: str) -> bool:
    """Return whether a capital is only the first letter's, of each part of a compound."""
    return all(part[1:].islower() or len(part) < 2 for part in re.split(r"[-'’]", word)) and not any(
        map(str.isdigit, word)
    )
