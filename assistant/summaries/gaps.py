"""What the papers of a scope leave open: what they say so themselves, and what can be counted."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from assistant.answers import Coverage, Observation
from assistant.summaries.members import Member
from assistant.summaries.methods import METHOD_WORDS, names_a_method
from assistant.summaries.phrases import read_text, says
from assistant.summaries.roles import Role, announces_open_issues
from assistant.summaries.selection import Pick, Said, alone, picks_of
from assistant.summaries.themes import Theme
from assistant.text import content_words, counted

RAISED = 6  # open questions that are quoted
SIDE = 5  # methods and tasks of the coverage at most
TRIED = 12  # phrases of a theme that may be a method or a task
COMMON = 3  # papers that must speak of a method or a task before its absence elsewhere says anything
EXPECTED = 1.0  # papers that chance alone would give a cell before its emptiness is worth a word
_OPEN = re.compile(
    r"\b(?<!for )(?:future (?:work|research|directions?)|"
    r"remains? (?:an? )?(?:open|unclear|unsolved|unexplored|largely)|open (?:problem|question|challenge|issue)s?|"
    r"(?:further|more) (?:work|research|study|studies) (?:is|are)|little (?:is known|research|work|attention)|"
    r"(?:has|have) (?:not|never|rarely|hardly) (?:yet )?been (?:\w+ ){0,2}?(?:studied|explored|investigated|addressed|"
    r"examined|considered|evaluated|solved|understood|analy[sz]ed|tackled|applied|tried|compared)|"
    r"unclear (?:if|whether|how|what)|"
    r"no (?:prior|previous|existing) (?:work|study|studies|method)|under-?explored|unexplored|understudied|"
    r"lack of (?:\w+ ){0,2}(?:data|research|studies|benchmarks?|understanding)|"
    r"not (?:yet )?(?:well )?(?:been )?(?:understood|studied|explored|addressed|investigated)|"
    r"limitations? of (?:our|the))",
    re.IGNORECASE,
)
_HELPS = re.compile(
    r"\b(?:enabl|facilitat|support|encourag|foster|stimulat|inspir|guid|help|promot|advanc|driv|for)\w*\b[^.;]{0,50}?"
    r"\bfuture (?:work|research)",
    re.IGNORECASE,
)
_VAGUE = frozenset(content_words("method model system approach information"))


def raised(members: Sequence[Member], said: Said) -> tuple[Pick, ...]:
    """Return sentences in which the papers name what is open, the most relevant papers first."""
    chosen: list[Pick] = []
    for member in members:
        if len(chosen) == RAISED:
            break
        if _OPEN.search(member.paper.abstract):
            found = [pick for pick in alone(picks_of(member, member.vector)) if _is_open(pick.sentence.text)]
            for pick in sorted(found, key=lambda pick: (pick.role is not Role.LIMIT, pick.index))[:1]:
                if not said.repeats(pick):
                    said.add(pick)
                    chosen.append(pick)
    return tuple(chosen)


def _is_open(text: str) -> bool:
    """Return whether a sentence names something open, rather than that such things are named or helped elsewhere."""
    return bool(_OPEN.search(text)) and not announces_open_issues(text) and not _HELPS.search(text)


def cover(themes: Sequence[Theme], topic: str) -> tuple[Coverage, tuple[Observation, ...]]:
    """Return how often methods and tasks of the scope meet in one paper, and the pairs that never do.

    Methods and tasks are the distinctive phrases of the themes that at least three papers use and that share no word
    with the topic; a method is known by its last word. An empty cell is reported where chance alone would have filled
    it.
    """
    members = [member for theme in themes for member in theme.members]
    known = set(content_words(topic))
    phrases = [entry for entry in _common_phrases(themes, members) if not set(entry[1]) & known]
    methods = [entry for entry in phrases if names_a_method(entry[0])][:SIDE]
    vague = METHOD_WORDS | _VAGUE
    tasks = [entry for entry in phrases if not (set(entry[1]) & vague or names_a_method(entry[0]))][:SIDE]
    if len(methods) < 2 or len(tasks) < 2:
        return Coverage(), ()
    counts = tuple(tuple(int((row[2] & column[2]).sum()) for column in tasks) for row in methods)
    empty: list[tuple[float, Observation]] = []
    for row, line in zip(methods, counts, strict=True):
        for column, count in zip(tasks, line, strict=True):
            chance = float(row[2].sum() * column[2].sum() / len(members))
            if count == 0 and chance >= EXPECTED and not set(row[1]) & set(column[1]):
                empty.append((chance, _never(row, column, members)))
    empty.sort(key=lambda entry: -entry[0])
    coverage = Coverage(tuple(row[0] for row in methods), tuple(column[0] for column in tasks), counts)
    return coverage, tuple(observation for _, observation in empty[:RAISED])


_Entry = tuple[str, tuple[str, ...], "np.ndarray"]


def _common_phrases(themes: Sequence[Theme], members: Sequence[Member]) -> list[_Entry]:
    """Return phrases of the themes with their stems and the papers that use them, the most used first."""
    texts = [read_text(member) for member in members]
    found: dict[tuple[str, ...], _Entry] = {}
    for theme in themes:
        for phrase in theme.phrases[:TRIED]:
            if len(phrase.words) < 2 or phrase.words in found:
                continue
            used = np.array([says(text, phrase) for text in texts])
            if used.sum() >= COMMON and not any(_same(used, other[2]) for other in found.values()):
                found[phrase.words] = (phrase.text, phrase.words, used)
    return sorted(found.values(), key=lambda entry: (-int(entry[2].sum()), entry[0]))


def _same(first: np.ndarray, second: np.ndarray) -> bool:
    """Return whether two phrases are used by nearly the same papers."""
    return bool((first & second).sum() >= 0.7 * (first | second).sum())


def _never(row: _Entry, column: _Entry, members: Sequence[Member]) -> Observation:
    keys = [member.key for member, one, other in zip(members, row[2], column[2], strict=True) if one or other]
    text = (
        f"No abstract in scope speaks of both “{row[0]}” ({counted(int(row[2].sum()), 'paper')}) "
        f"and “{column[0]}” ({counted(int(column[2].sum()), 'paper')})."
    )
    return Observation(text, tuple(keys))
