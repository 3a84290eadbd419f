"""Which sentences speak for a group of papers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from assistant.embedders import FloatArray
from assistant.papers import Sentence
from assistant.summaries.members import Member
from assistant.summaries.proposals import MADE, STUDIED, USED, read_proposal
from assistant.summaries.roles import Reading, Role, has_figure, is_outcome, read_role
from assistant.summaries.voice import follows, leaning, speaks_first, speaks_of_itself, stands_alone
from assistant.text import content_words

REPEAT = 0.5  # share of common words from which a sentence says the same as another
_NAME = re.compile(r"\b[\w-]*[A-Z][\w-]*[A-Z0-9][\w-]*\b|(?<=\S )[A-Z][a-z][\w-]+")
PLAIN = 0.5  # strength from which a sentence states a result, a problem or a limit plainly enough
PROPER = 4  # letters from which a name is a paper's own where its title lacks it; a shorter one is mostly "IR" or "QA"
TITLED = 0.4  # weight of the title's words in a sentence that proposes something
NAME = 3  # words of a name that a title may start with
SHORTEST, LONGEST = 40, 420  # characters of a sentence worth showing
_LATER = re.compile(  # says itself that something was said before it
    r"^(?:second|third|then|finally|lastly|also|moreover|furthermore|in addition|additionally|besides)(?:ly)?\b|"
    r"\b[Ww]e (?:also|then|further|finally) ",
    re.IGNORECASE,
)
_EMPTY = re.compile(
    r"\b(?:we|the authors) (?:\w+ )?(?:hope|believe|thank|conclude (?:the|this|our) (?:paper|work|article))\b|"
    r"\bhope to\b|"
    r"\b(?:provid|releas|shar)\w+ (?:the |our |all )?(?:source )?code\b|"
    r"\bfollowing (?:\w+ )?questions?\b|"
    r"\b(?:fac\w+|pos(?:e|es)|ha[sv]e?|are|with|rais\w+) (?:\w+ ){0,3}(?:challenges|problems|issues|questions)\.?$|"
    r"\borgani[sz]ed as follows\b|\bremainder of th|"
    r"\b(?:code|data|datasets?|implementation|software|source|demo|video|models?)\b[^.;]{0,60}"
    r"\b(?:available (?:at|on|from|online|here|under|via)|(?:publicly|freely|openly) (?:available|released)|https?:)",
    re.IGNORECASE,
)


_BARE = re.compile(r" (?:that|which|to|for) ")  # what stands before is the noun phrase alone
_BROKEN_LIST = re.compile(r":\s?(?:\((?:1|i|a)\)|1[.)]|[Ff]irst(?:ly)?,)(?!.*(?:\((?:2|ii|b)\)|2[.)]|[Ss]econd))")


@dataclass(frozen=True, slots=True)
class Pick:
    """Sentence `index` of a paper: its role, how well it speaks for its group, and what must stand before it.

    One that is `alone` needs nothing; one that `follows` needs its paper's work to be named; another the very sentence
    before it.
    """

    member: Member
    index: int
    reading: Reading
    score: float
    alone: bool
    follows: bool

    @property
    def sentence(self) -> Sentence:
        """The sentence itself."""
        return self.member.sentences[self.index]

    @property
    def role(self) -> Role:
        """The part the sentence plays in its abstract."""
        return self.reading.role


@dataclass(slots=True)
class Said:
    """What a summary has said so far, so that nothing is said twice."""

    words: list[frozenset[str]] = field(default_factory=list)
    places: set[tuple[str, int]] = field(default_factory=set)

    def repeats(self, pick: Pick) -> bool:
        """Return whether the sentence, or one that says the same, was said."""
        if (pick.member.key, pick.index) in self.places:
            return True
        words = frozenset(content_words(pick.sentence.text))
        return any(len(words & other) > REPEAT * len(words | other) for other in self.words)

    def add(self, pick: Pick) -> None:
        """Take note of the sentence."""
        self.places.add((pick.member.key, pick.index))
        self.words.append(frozenset(content_words(pick.sentence.text)))


def picks_of(member: Member, centre: FloatArray) -> tuple[Pick, ...]:
    """Return the sentences of a paper that say something, in order.

    The score is the nearness to its group and the strength of the role; of sentences that propose something, the one in
    the words of the title says what the paper is about.
    """
    title = set(content_words(member.paper.title))
    near = member.vectors @ centre
    last = max(len(member.sentences) - 1, 1)
    picks = []
    texts = [sentence.text for sentence in member.sentences]
    for index, sentence in enumerate(member.sentences):
        if _EMPTY.search(sentence.text):
            continue
        reading = read_role(sentence.text, index / last)
        score = float(near[index]) + 0.6 * reading.strength
        score += 0.1 if has_figure(sentence.text) else 0.0
        if reading.role is Role.PROPOSAL and title and speaks_of_itself(sentence.text):
            score += TITLED * len(title & set(content_words(sentence.text))) / len(title)
        score -= 0.1 if _LATER.search(sentence.text) else 0.0
        score -= 0.0 if SHORTEST <= len(sentence.text) <= LONGEST else 0.5
        score -= 0.2 * min(leaning(sentence.text), 2)
        score -= 0.5 if _BROKEN_LIST.search(sentence.text) else 0.0
        score += 0.1 if speaks_first(sentence.text) else 0.0
        before = texts[:index]
        alone = stands_alone(sentence.text, before)
        picks.append(Pick(member, index, reading, score, alone, follows(sentence.text, before)))
    return tuple(picks)


def best_new(picks: Iterable[Pick], said: Said, roles: Sequence[Role]) -> Pick | None:
    """Return the best of the picks that has one of `roles` and says something new."""
    ranked = sorted((pick for pick in picks if pick.role in roles), key=lambda pick: (-pick.score, pick.index))
    return next((pick for pick in ranked if not said.repeats(pick)), None)


def alone(picks: Iterable[Pick]) -> list[Pick]:
    """Return the picks that can be read on their own."""
    return [pick for pick in picks if pick.alone]


def names_something(pick: Pick) -> bool:
    """Return whether a proposal says what is proposed: not "results", "details of the system" or "this model".

    What hangs on the noun may point back: "a procedure that mitigates this issue" names something.
    """
    text = pick.sentence.text
    if not speaks_of_itself(text):
        return True
    return any(read_proposal(part, verbs) for part in (text, _BARE.split(text)[0]) for verbs in (MADE, STUDIED, USED))


def speaks_of_its_paper(pick: Pick) -> bool:
    """Return whether a sentence says "we" or the like, or a name of the paper's own; else it is background.

    Such a name stands in the title, or in a second sentence of the abstract.
    """
    text = pick.sentence.text
    if speaks_of_itself(text):
        return True
    others = [sentence.text for sentence in pick.member.sentences if sentence.text != text]
    return any(
        name in pick.member.paper.title or (len(name) >= PROPER and any(name in other for other in others))
        for name in _NAME.findall(text)
    )


def introduces_its_paper(pick: Pick) -> bool:
    """Return whether a sentence is the first to say the name before the colon of its paper's title."""
    name, colon, _ = pick.member.paper.title.partition(":")
    if not colon or len(name.split()) > NAME:
        return False
    before = pick.member.sentences[: pick.index]
    return name in pick.sentence.text and not any(name in sentence.text for sentence in before)


def is_own(pick: Pick) -> bool:
    """Return whether a sentence is about its paper's work; a result must also be stated plainly."""
    if pick.role is Role.RESULT and pick.reading.strength < PLAIN:
        return False
    return speaks_of_its_paper(pick) or pick.role is not Role.RESULT or is_outcome(pick.sentence.text)
