"""Headings of themes: the phrases that together most of a theme's papers speak of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.summaries.phrases import Phrase, can_stand, says
from assistant.text import content_words

MOST = 3  # phrases of a heading
ENOUGH = 0.75  # share of a theme's papers that use a phrase of its heading, from which no further phrase is needed
NARROW = 0.5  # share below which a first phrase gives way to a part of it that ENOUGH papers use
FEW = 0.5  # share of papers that bear a heading out below which it says that its theme is mixed
LEAST, LEAST_BARE = 0.2, 0.6  # share of the first phrase's weight that a further phrase needs, and a single word
MIXED = "Further work, such as on "  # opens the heading of a theme that few papers bear out
NEW = 0.15  # share of the papers that a further phrase must add


@dataclass(frozen=True, slots=True)
class Spoken:
    """What a theme's papers say, from `read_text`, their titles, and what the papers of the other themes say."""

    texts: Sequence[str]
    titles: Sequence[str]
    others: Sequence[str] = ()


def choose_heading(phrases: Sequence[Phrase], spoken: Spoken, taken: Sequence[Phrase] = ()) -> tuple[Phrase, ...]:
    """Return up to three phrases for a heading: the weightiest, then those of which further papers speak.

    Args:
        phrases: of a theme, weightiest first.
        spoken: what its papers and the others say.
        taken: phrases of other headings, which are not used again.
    """
    known, texts = {phrase.words for phrase in taken}, spoken.texts
    free = [phrase for phrase in phrases if phrase.words not in known]
    chosen: list[Phrase] = []
    left = set(range(len(texts)))
    while free and len(chosen) < MOST and len(left) > (1 - ENOUGH) * len(texts):
        best = max(free, key=lambda phrase: _worth(phrase, texts, left, chosen)) if chosen else free[0]
        if chosen and not _worth(best, texts, left, chosen):
            break
        best = best if chosen else _widened(best, spoken, known)
        chosen.append(best)
        left -= {place for place in left if says(texts[place], best)}
        free = [phrase for phrase in free if not _forms(phrase) & _forms(best)]
    return tuple(chosen)


def reach(phrases: Sequence[Phrase], texts: Sequence[str]) -> float:
    """Return the share of papers, given by `read_text`, that use one of the phrases."""
    return sum(any(says(text, phrase) for phrase in phrases) for text in texts) / max(len(texts), 1)


def title_of(phrases: Sequence[Phrase], spoken: Spoken, topic: str = "") -> str:
    """Return the heading of papers under its phrases; one that few of them bear out says so.

    A paper bears it out that uses a phrase, or has a word of one in its title that the topic does not have.
    """
    names = [phrase.text for phrase in phrases]
    title = " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
    telling = {word for phrase in phrases for word in phrase.words} - set(content_words(topic))
    bearing = sum(
        any(says(text, phrase) for phrase in phrases) or not telling.isdisjoint(own.split())
        for text, own in zip(spoken.texts, spoken.titles, strict=True)
    )
    if bearing < FEW * len(spoken.texts):
        return f"{MIXED}{title}"
    return title[:1].upper() + title[1:]


def _widened(phrase: Phrase, spoken: Spoken, known: set[tuple[str, ...]]) -> Phrase:
    """Return the longest part of a phrase that most papers use and hardly any others, where few use it whole.

    A single word must stand in half of the titles.
    """
    names = phrase.text.split()
    if reach([phrase], spoken.texts) >= NARROW or len(names) != len(phrase.words):
        return phrase
    spans = [(start, end) for start in range(len(names)) for end in range(start + 1, len(names) + 1)]
    for start, end in sorted(spans, key=lambda span: (span[0] - span[1], span[0])):
        part = Phrase(" ".join(names[start:end]), phrase.words[start:end], phrase.weight)
        told = end - start > 1 or reach([part], spoken.titles) >= NARROW
        wide = reach([part], spoken.texts) >= ENOUGH and reach([part], spoken.others) <= 1 - ENOUGH
        if told and wide and can_stand(part.text) and part.words not in known:
            return part
    return phrase


def _worth(phrase: Phrase, texts: Sequence[str], left: set[int], chosen: Sequence[Phrase]) -> float:
    """Return the weight of a further phrase times the papers it adds, 0 where it adds too few or weighs too little."""
    new = sum(says(texts[place], phrase) for place in left)
    least = LEAST if len(phrase.words) > 1 else LEAST_BARE
    if new < max(2, NEW * len(texts)) or phrase.weight < least * chosen[0].weight:
        return 0.0
    return phrase.weight * new


def _forms(phrase: Phrase) -> set[str]:
    """Return the words of a phrase and its initials, so that no heading says "recurrent neural networks and RNNs"."""
    initials = "".join(word[0] for word in phrase.words)
    return {*phrase.words, *({initials, f"{initials}s"} if len(initials) > 1 else ())}
