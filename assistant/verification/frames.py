"""Who does what to whom, and to, on or for what: the verbs of a text with the words that belong to each."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, takewhile

from assistant.verification.lexicon import stem
from assistant.verification.verbs import (
    ADVERBS,
    BE,
    CONJUNCTIONS,
    JOINING,
    PREPOSITIONS,
    RELATIVE,
    WITH_SUBJECT,
    Verbs,
    form,
    is_gerund,
    is_preposition,
)
from assistant.verification.words import Word, Words

Named = tuple[Word, ...]  # content words in the order of the text
Other = tuple[str, Named]  # a preposition and what stands behind it

_PRONOUNS = frozenset({"we", "it", "they", "i", "our"})
_UNNAMED = _PRONOUNS | {"this", "these", "authors", "paper", "study"}  # as the last word before a verb
_OPENING = frozenset({"according", "compared", "given", "thanks", "due"})
_ENDING = JOINING | RELATIVE - {"what"} | {"but"}  # what ends the words that belong to a verb
_NO_THINGS = frozenset({"themselves", "itself", "online", "offline", "alone", "together", "often"})
# "A builds on B" is "B carries A".
_RESTS = frozenset(f"{stem(verb)} on" for verb in ("build", "rely", "depend", "base", "rest"))
_CARRIES = frozenset(map(stem, ("carry", "support", "underlie", "power", "serve")))


@dataclass(frozen=True, slots=True)
class Frame:
    """A verb with the content words that belong to it.

    `kind` is that of `Verbs`, `relation` the verb's stem; what "is" joins to a noun has the relation "be", to an
    adjective "be" with its stem. `doers` stand for who does it, `objects` for what it is done to (of a passive: its
    subject), `others` for what stands behind each preposition. `doers` is empty where nobody is named. `wide` holds
    all that may be the doer ("which" may stand for all that was said), `reach` all else that may belong to the verb.
    """

    verb: Word
    kind: str
    relation: str
    doers: Named
    objects: Named
    others: tuple[Other, ...]
    wide: Named
    reach: Named


@functools.lru_cache(maxsize=64)
def frames(words: Words) -> tuple[Frame, ...]:
    """Return the frames of a text, sentence by sentence."""
    return tuple(frame for sentence in _sentences(words) for frame in _Reader(sentence, words).frames())


def _sentences(words: Words) -> Iterator[Sequence[Word]]:
    start = 0
    for at in range(1, len(words.all) + 1):
        if at == len(words.all) or words.all[at].sentence != words.all[start].sentence:
            yield words.all[start:at]
            start = at


@dataclass(slots=True)
class _Subject:
    """What stands before a verb: who does it, and what the same words may tell besides."""

    doers: Named = ()
    object: Named = ()  # what "which" stands for where it is the object of the verb: "A, which B does"
    told: Named = ()  # all that this "which" may stand for
    meant: Named = ()  # all that "which" may stand for where it is the subject
    fronted: Sequence[Word] = ()  # "on A" before the subject


class _Reader(Verbs):
    """Reads what stands before and behind each verb of one sentence."""

    def __init__(self, sentence: Sequence[Word], words: Words) -> None:
        super().__init__(sentence, words)
        self.opening = self._read_opening()
        self._found: dict[int, Frame] = {}
        self._subjects: dict[int, Named] = {}
        self._relatives: dict[int, int] = {}  # where the verb of a relative clause begins, to its "that" or "which"

    def frames(self) -> list[Frame]:
        """Return the frames in the order of the verbs."""
        for at in self.kinds:
            self._found[at] = self._frame(at)
        for at, then in pairwise(self._found):  # "finds and extracts A"
            frame, second = self._found[at], self._found[then]
            between = {word.folded for word in self.sentence[at + 1 : then]}
            if not frame.objects and between in ({"and"}, {"or"}) and second.kind == "finite":
                self._found[at] = replace(frame, objects=second.objects, reach=second.reach)
        return list(self._found.values())

    def _read_opening(self) -> int:
        """Return where the sentence begins behind opening phrases: "On A, ...", "In this work, to do B, ..."."""
        verb = next((at for at, kind in self.kinds.items() if kind in WITH_SUBJECT), 0)
        end = 0
        while self._opens(end):
            comma = next((at for at in range(end + 1, len(self.sentence)) if self.marks[at]), 0)
            subject = self.sentence[comma:verb]
            named = any(word.content or word.folded in _UNNAMED for word in subject)
            if not comma or not named or RELATIVE & {word.folded for word in subject[:2]}:
                break
            end = comma
        return end

    def _opens(self, at: int) -> bool:
        """Whether a phrase begins here that is no subject: with a preposition, "to" or a participle."""
        first = self.sentence[at]
        if is_preposition(first) or first.folded.split()[0] in _OPENING:
            return True
        return first.folded.endswith(("ed", "ing")) or form(first).startswith("past")

    def _frame(self, at: int) -> Frame:
        verb, kind = self.sentence[at], self.kinds[at]
        subject = self._subject_of(at)
        self._subjects[at] = doers = subject.doers
        objects, others = self._behind(at)
        relation = "carry" if verb.stem in _CARRIES else verb.stem
        if kind == "be":
            relation, objects = self._predicate(at, objects)
        elif kind in ("passive", "reduced"):
            agents = next((words for tie, words in others if tie == "by"), ())
            objects, doers = doers, () if agents and is_gerund(agents[0]) else agents  # "by doing B" names no doer
            others = tuple(other for other in others if other[0] != "by")
        else:
            objects = objects or subject.object
        if self._rests(at):
            onto = next((words for tie, words in others if tie == "on"), objects if " " in verb.stem else ())
            rester = objects if kind in ("passive", "reduced") else doers
            relation, doers, objects = "carry", onto, rester
            others = tuple(other for other in others if other[0] != "on")
        reach = (*objects, *subject.told, *self._content(at + 1, self._reach_of(at)))
        others = (*others, *self._before_subject(subject))
        wide = (*doers, *subject.meant) if kind in ("finite", "be") else doers
        return Frame(verb, kind, relation, doers, objects, others, wide, tuple(w for w in reach if w not in doers))

    def _before_subject(self, subject: _Subject) -> Iterator[Other]:
        """Yield what stands behind prepositions before the subject of a verb: "On A, B does"."""
        if not self._found:
            ends = [at for at in range(1, self.opening + 1) if self.marks[at]]
            for low, high in pairwise((0, *ends)):
                first, following = (word.folded for word in self.sentence[low : low + 2])
                tie = f"{first} {following}" if following in ("to", "of") and first != "of" else first
                if words := self._content(low, high):
                    yield tie, words
        if subject.fronted:
            yield subject.fronted[0].folded, tuple(word for word in subject.fronted if word.content)

    def _reach_of(self, at: int) -> int:
        """Return where the next verb of a clause of its own stands, relative clauses passed over."""
        for place, kind in self.kinds.items():
            relative = self.sentence[self.group_start(place) - 1].folded in RELATIVE
            if place > at and kind in WITH_SUBJECT and not relative:
                return self._parting(at, place)
        return len(self.sentence)

    def _parting(self, at: int, then: int) -> int:
        """Return where what belongs to a later verb begins: at the last comma or "and" before it, else at the verb."""
        before = range(at + 1, self.group_start(then) + 1)
        parting = (place for place in before if self.marks[place] or self.sentence[place].folded in CONJUNCTIONS)
        return max(parting, default=then)

    def _predicate(self, at: int, objects: Named) -> tuple[str, Named]:
        """Return the relation and the object of "is": "be" with a noun, "be applicable" with nothing."""
        rest = [w for w in self.sentence[at + 1 : at + 4] if not w.folded.endswith("ly") and w.folded not in ADVERBS]
        if not rest or rest[0].folded in ("a", "an", "the") or not rest[0].content:
            return "be", objects
        alone = len(rest) == 1 or rest[1].folded in PREPOSITIONS or not rest[1].content
        if alone and objects[:1] == (rest[0],):
            return f"be {rest[0].stem}", objects[1:]
        return "be", objects

    def _rests(self, at: int) -> bool:
        verb = self.sentence[at]
        following = [w.folded for w in self.sentence[at + 1 : at + 3] if not w.folded.endswith("ly")]
        return verb.stem in _RESTS or f"{verb.stem} {following[0] if following else ''}" in _RESTS

    def _subject_of(self, at: int) -> _Subject:
        """Return what stands before a verb of any kind."""
        kind, start = self.kinds[at], self.group_start(at)
        if kind == "reduced":
            return _Subject(self._noun_before(at))
        if kind == "bare":  # "A is used to do B"
            used = at > 1 and self.sentence[at - 2].folded == "used"
            return _Subject(self._subjects.get(at - 2, ()) if used else ())
        if not start:
            return _Subject()
        before = self.sentence[start - 1].folded
        earlier = [place for place in self._found if place < start and self.kinds[place] in WITH_SUBJECT]
        aside = self.aside(start)
        if before in RELATIVE and not self._says_that(start - 1):
            return self._relative_subject(start)
        if before in CONJUNCTIONS or (self.marks[start] and earlier and not aside):
            return _Subject(self._shared_subject(start, earlier))
        end = aside or self._relative_before(start, earlier)
        return self._own_subject(start, end, [place for place in earlier if place < end])

    def _relative_subject(self, start: int) -> _Subject:
        """Return the subject of a verb right behind "which" or "that"."""
        self._relatives[start] = start - 1
        several = form(self.sentence[start]).startswith("base")
        meant = self._antecedent(start - 1, several=several)
        strict = self._noun_before(start - 1) if self.marks[start - 1] else ()
        return _Subject(strict or meant, meant=meant)

    def _own_subject(self, start: int, end: int, earlier: Sequence[int]) -> _Subject:
        """Return the subject that ends at `end`: the words back to the verb or the joining word before it."""
        subject = _Subject()
        floor = max([*(at + 1 for at in earlier), self.opening])
        low = end
        while low > floor and not self._breaks(low - 1):
            low -= 1
        if low and self.sentence[low - 1].folded in RELATIVE and not self._says_that(low - 1):
            subject.object = self._noun_before(low - 1)
        if subject.object:
            subject.told = self._antecedent(low - 1)
            self._relatives[start] = low - 1
        if earlier and low == floor:
            low = self._behind_object(low, end)
        if low and low < end and self.sentence[low].folded in CONJUNCTIONS:
            low += 1
        comma = next((at for at in range(low + 1, end) if self.marks[at]), 0)
        if low < end and is_preposition(self.sentence[low]):  # "and on A, B does"
            subject.fronted = self.sentence[low : comma or end]
            low = comma or low
        said = self._subjects[earlier[-1]] if earlier else ()
        subject.doers = self._named(low, end, said, fronted=bool(subject.fronted) and not comma)
        return subject

    def _named(self, low: int, end: int, said: Named, *, fronted: bool) -> Named:
        """Return who is named between two places; `said` is the subject before, for "it" and "its"."""
        region = self.sentence[low:end]
        if not region:
            return ()
        if region[-1].folded == "it" and said and all(word.name for word in said):
            return said
        pronouns = _PRONOUNS & {word.folded for word in (*region[:2], region[-1])}
        if pronouns or region[-1].folded in _UNNAMED:
            return ()
        if fronted and region[-1].name:  # "On A B does": the name alone is the subject
            low = end - len(list(takewhile(lambda word: word.name, reversed(region))))
        owned = any(word.folded in ("its", "their") for word in region)
        return (*self._content(low, end), *(said if owned else ()))

    def _relative_before(self, start: int, earlier: Sequence[int]) -> int:
        """Return where the relative clause right before a verb begins ("models that A trained do"), else the verb."""
        if not earlier:
            return start
        relative = self._relatives.get(self.group_start(earlier[-1]), start)
        between = range(earlier[-1] + 1, start)
        ended = any(self.marks[at] or self._breaks(at) for at in between) or self.marks[start]
        return start if ended or self.marks[relative] else relative

    def _breaks(self, at: int) -> bool:
        word = self.sentence[at].folded
        return word in _ENDING or word in BE or word == "what"

    def _says_that(self, at: int) -> bool:
        """Whether "that" follows a verb: "the authors note that A does"."""
        if self.sentence[at].folded != "that" or not at:
            return False
        before = form(self.sentence[at - 1])
        return at - 1 in self.kinds or bool(before and not before.endswith("noun"))

    def _behind_object(self, low: int, start: int) -> int:
        """Return where a subject begins behind the object of the verb before it: "A does B, and C does"."""
        marks = [at for at in range(low + 1, start) if self.marks[at]]
        marks = marks or [at for at in range(low + 1, start) if self.sentence[at].folded in CONJUNCTIONS]
        return marks[0] if marks else low

    def _shared_subject(self, start: int, earlier: Sequence[int]) -> Named:
        """Return the subject of the verb before "and": "A does B and does C"."""
        if not earlier:
            return ()
        own = form(self.sentence[start]).split(" ")[0]
        alike = [at for at in earlier if form(self.sentence[at]).split(" ")[0] == own]
        at = (alike or earlier)[-1]
        kind = self._found[at].objects if self._found[at].relation == "be" else ()
        return (*self._subjects[at], *kind)

    def _antecedent(self, relative: int, *, several: bool = False) -> Named:
        """Return what "which" or "that" stands for, with the subject that an "is" before makes the same thing.

        Behind a comma "which" may stand for all that was said, unless its verb is of the plural.
        """
        earlier = [at for at in self._found if at < relative and self.kinds[at] in WITH_SUBJECT]
        if not earlier:
            return self._content(self.opening, relative)
        last = earlier[-1]
        if self.marks[relative] and not several:
            return (*self._subjects[last], *self._content(last, relative))
        named = self._subjects[last] if self._found[last].relation == "be" else ()
        return (*named, *self._content(last + 1, relative))

    def _noun_before(self, at: int) -> Named:
        group = takewhile(lambda place: self.sentence[place].content, range(at - 1, -1, -1))
        return tuple(self.sentence[place] for place in reversed(list(group)))

    def _behind(self, at: int) -> tuple[Named, tuple[Other, ...]]:
        """Return the object of a verb, and what stands behind each preposition up to the next verb."""
        segments: list[tuple[str, list[Word]]] = [("", [])]
        for word in self.sentence[at + 1 : self._end_of(at)]:
            if (is_preposition(word) and word.folded != "of") or word.stem in ("compar with", "relat to"):
                segments.append((word.folded, []))
            elif _is_thing(word):
                segments[-1][1].append(word)
        return tuple(segments[0][1]), tuple((tie, tuple(words)) for tie, words in segments[1:] if words)

    def _end_of(self, at: int) -> int:
        """Return where what belongs to a verb ends: at the next verb's subject, a relative or a joining word."""
        for place in range(at + 1, len(self.sentence)):
            if self.sentence[place].folded in _ENDING or self._strong_mark(place):
                return place
            kind = self.kinds.get(place, "reduced")
            start = self.group_start(place) if kind != "reduced" else place
            if kind == "bare":
                return start - 1 if start - 1 > at else place
            if kind != "reduced":
                return self._parting(at, place)
        return len(self.sentence)

    def _strong_mark(self, at: int) -> bool:
        text = self.words.texts[self.sentence[0].sentence]
        return any(mark in text[self.sentence[at - 1].end : self.sentence[at].start] for mark in ";:—")

    def _content(self, low: int, high: int) -> Named:
        return tuple(word for word in self.sentence[low:high] if _is_thing(word))


def _is_thing(word: Word) -> bool:
    return word.content and word.folded not in _NO_THINGS and not word.folded.endswith("ly")
