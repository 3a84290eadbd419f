"""In what the papers of a theme differ: the data and the methods that some of them name and others do not."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from assistant.answers import Contrast, Observation
from assistant.summaries.datasets import data_sources
from assistant.summaries.members import Member
from assistant.summaries.methods import names_a_method
from assistant.summaries.phrases import read_text, says
from assistant.summaries.themes import Theme
from assistant.text import content_words

_VAGUE = content_words("model")[0]  # "ranking models" is no method of its own
_SIZE = re.compile(r"[- ]\d+[MKk]\b")
VALUES = 5  # values of an aspect that are named at most


def contrasts(theme: Theme) -> tuple[Contrast, ...]:
    """Return the aspects in which papers of a theme differ; an aspect has two values at least, each of other papers."""
    texts = {member.key: read_text(member) for member in theme.members}
    methods = {
        phrase.text: [key for key, text in texts.items() if says(text, phrase)]
        for phrase in theme.phrases
        if len(phrase.words) > 1 and names_a_method(phrase.text) and phrase.words[-1] != _VAGUE
    }
    found = (_contrast("method", methods, len(texts)), _contrast("data", _data(theme.members), len(texts)))
    return tuple(contrast for contrast in found if contrast is not None)


def _data(members: Sequence[Member]) -> dict[str, list[str]]:
    """Return the papers of each data set, under the spelling met first."""
    papers: dict[str, list[str]] = {}
    spelling: dict[str, str] = {}
    for member in members:
        names = dict.fromkeys(name for sentence in member.sentences for name in data_sources(sentence.text))
        for name in names:
            bare = _SIZE.sub("", name)  # "MovieLens 1M" is MovieLens
            known = spelling.setdefault("".join(filter(str.isalnum, bare.casefold())), bare)
            if member.key not in papers.setdefault(known, []):
                papers[known].append(member.key)
    return papers


def _contrast(aspect: str, papers: Mapping[str, Sequence[str]], total: int) -> Contrast | None:
    """Return the values that most papers share, none of them all; None where fewer than two tell papers apart."""
    chosen: list[Observation] = []
    for name, keys in sorted(papers.items(), key=lambda entry: (-len(entry[1]), entry[0])):
        new = all(set(keys) != set(other.keys) for other in chosen)
        if 0 < len(keys) < total and new and len(chosen) < VALUES:
            chosen.append(Observation(name, tuple(keys)))
    return Contrast(aspect, tuple(chosen)) if len(chosen) > 1 else None
