"""The verbs of a text, found by their forms and places: without a tagger, so that a check stays fast and exact."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from itertools import pairwise

from assistant.text import word_set
from assistant.verification.lexicon import lines
from assistant.verification.words import Word, Words

WITH_SUBJECT = frozenset({"finite", "passive", "be"})  # kinds of verbs
BE = frozenset({"is", "are", "was", "were"})
AUXILIARIES = BE | {"be", "been", "being", "get", "gets"}
MODALS = word_set("have has had do does did can could may might will would should must cannot")
_NO_OBJECT = AUXILIARIES | {"to", "not", "had", "become", "also", "often", "already", "long", "never"}
_SURE_MODALS = frozenset({"can", "could", "may", "might", "will", "would", "should", "must", "cannot"})
_OWNING = frozenset({"has", "have", "had", "gets", "get", "got"})
_BEFORE_A_BASE = MODALS | {"we", "they", "you", "i", "who", "which", "that", "not", "to", "also"}
_BEFORE_A_NOUN_TEXT = (
    "the a an of in on for by with from to this these those its their our his her each every any no some all as at"
    " more less most many several few two three four into over under than"
)
_BEFORE_A_NOUN = frozenset(_BEFORE_A_NOUN_TEXT.split())
_BEFORE_AN_OBJECT = word_set("the a an its their our both all each every more less many most several these")
_PREPOSITIONS_TEXT = (
    "of in on for by with from to as at into onto inside over under than via through between among across within"
    " without during after before using against like unlike despite towards toward"
)
PREPOSITIONS = frozenset(_PREPOSITIONS_TEXT.split())
JOINING = word_set("when while if because since although though whereas unless so where whether how why whereby")
RELATIVE = frozenset({"which", "that", "who", "whose", "what"})
CONJUNCTIONS = frozenset({"and", "or", "but", "nor"})
_AFTER_A_BARE_VERB = PREPOSITIONS | JOINING | RELATIVE
_ADVERBS_TEXT = (
    "almost always nearly also often even not only then thus therefore still already now rather hardly never"
)
ADVERBS = frozenset(_ADVERBS_TEXT.split()) | {"well"}
_EMPTY_NOUNS = frozenset({"set", "sets", "method", "methods", "approach", "approaches", "results"})
_NO_VERBS = frozenset({"existing", "following", "including", "using"})
_NO_INFINITIVE = frozenset({"due", "thanks", "owing", "relative", "compared"})  # before "to"
_NEAR = 12  # words before a second verb in which the first one is looked for
_LETTING = 6  # the same from "let" to what it lets do


class Verbs:
    """The verbs of one sentence, by place and kind.

    A verb is "finite", "passive", "be" (before a noun or an adjective), "bare" (no doer of its own: "to do", "by
    doing") or "reduced" ("A done by B").
    """

    def __init__(self, sentence: Sequence[Word], words: Words) -> None:
        self.sentence = sentence
        self.words = words
        text = words.texts[sentence[0].sentence]
        gaps = (text[left.end : right.start] for left, right in pairwise(sentence))
        # Which words a comma or the like stands before; what stands in parentheses parts nothing.
        self.marks = [False, *(any(mark in gap for mark in ",;:—–") for gap in gaps)]
        self.opening = 0  # where the sentence begins behind opening phrases
        self.kinds: dict[int, str] = {}
        self._read()

    def group_start(self, at: int) -> int:
        """Return where a verb begins with what stands before it: "can often be"."""
        while at and not self.marks[at]:
            before = self.sentence[at - 1]
            adverb = before.folded.endswith("ly") and not before.name
            if not adverb and before.folded not in AUXILIARIES | MODALS | ADVERBS:
                break
            at -= 1
        return at

    def aside(self, start: int) -> int:
        """Return the comma of what tells a subject again before its verb: "A, a B, does", "A, which is B, does"."""
        if not self.marks[start]:
            return 0
        for comma in range(start - 1, 0, -1):
            opening = [word.folded for word in self.sentence[comma : comma + 2]]
            if self.marks[comma] and (opening[0] in ("a", "an", "the") or {"which", "who"} & {*opening}):
                return comma if any(self.sentence[at].content for at in range(self.opening, comma)) else 0
        return 0

    def _read(self) -> None:
        first = next((at for at, mark in enumerate(self.marks) if mark), 0)
        opening = first if is_preposition(self.sentence[0]) else 0
        for at in range(len(self.sentence)):
            kind = next((kind for kind, test in _TESTS if test(self, at)), "")
            if kind and not (at < opening and kind == "finite" and form(self.sentence[at]).startswith("past")):
                self.kinds[at] = kind
            if kind and (letting := self._letting(at)) >= 0:
                self.kinds[letting] = "finite"
        places = range(opening, len(self.sentence))
        for at in sorted(places, key=lambda at: form(self.sentence[at]).endswith("noun")):
            if at not in self.kinds and not self._has_verb(at) and self._may_be_finite(at):
                self.kinds[at] = "finite"
        self.kinds = dict(sorted(self.kinds.items()))

    def _is_passive(self, at: int) -> bool:
        """Whether "is" stands before a participle; it makes any word in "ed" a verb ("is developed")."""
        word = self.sentence[at]
        if is_passive(word, self.words) or (word.folded == "used" and self._before(at) in AUXILIARIES):
            return True
        group = {other.folded for other in self.sentence[self.group_start(at) : at]}
        return word.folded.endswith("ed") and bool(group & AUXILIARIES) and not self.marks[at]

    def _is_let(self, at: int) -> bool:
        return self._letting(at) >= 0

    def _letting(self, at: int) -> int:
        """Return the place of "let" or the like that makes a word a verb ("lets A improve B"); -1 where none does."""
        if not form(self.sentence[at]).startswith("base"):
            return -1
        for place in range(at - 1, max(at - _LETTING, -1), -1):
            if self.sentence[place].stem in ("let", "make", "help"):
                return place if 0 < place < at - 1 and self.sentence[place + 1].folded != "it" else -1
            if self.marks[place] or self.sentence[place].folded in PREPOSITIONS:
                return -1
        return -1

    def _goes_on_in_past(self, at: int) -> bool:
        """Whether a past tense is one more verb of a list: "A gained B, improved C and saved D"."""
        if not form(self.sentence[at]).startswith("past") or at + 1 == len(self.sentence):
            return False
        after = self.sentence[at + 1]
        listed = self.marks[at] or self._before(at) in ("and", "but")
        finite = [place for place, kind in self.kinds.items() if kind == "finite"]
        started = bool(finite) and form(self.sentence[finite[-1]]).startswith("past")
        return listed and started and (after.content or after.folded in _BEFORE_AN_OBJECT)

    def _is_infinitive(self, at: int) -> bool:
        """Whether "to" makes a word a verb: "fails to scale", not "thanks to scale" or "adapts to change"."""
        if not form(self.sentence[at]).startswith("base") or self._before(at) != "to" or at < 2:
            return False
        return self._leads_on(at) and self._before(at - 1) not in _NO_INFINITIVE

    def _is_finite(self, at: int) -> bool:
        return is_finite(self.sentence[at], self.words)

    def _is_copula(self, at: int) -> bool:
        word = self.sentence[at]
        after = self.words.all[word.index + 1 : word.index + 3]
        if word.folded not in BE or not after:
            return False
        named = after[0].folded in ("a", "an", "the")
        return named or not any(other.folded.endswith(("ed", "ing")) or form(other) for other in after)

    def _owns(self, at: int) -> bool:
        """Whether "has" is a verb of its own: "A has a B", not "A has been" or "has to"."""
        after = self.sentence[at + 1 : at + 2]
        if self.sentence[at].folded not in _OWNING or not after:
            return False
        return not (form(after[0]).startswith("past") or after[0].folded in _NO_OBJECT)

    def _is_behind_modal(self, at: int) -> bool:
        """Whether a modal makes any word a verb: "cannot mend", "may still thrive"."""
        word = self.sentence[at]
        group = [other.folded for other in self.sentence[self.group_start(at) : at]]
        if not word.content or word.folded.endswith("ly"):
            return False
        return bool(group) and group[0] in _SURE_MODALS and not set(group) & AUXILIARIES

    def _is_in_relative(self, at: int) -> bool:
        """Whether a past tense ends a relative clause without a verb so far: "models that A trained on B"."""
        if not form(self.sentence[at]).startswith("past"):
            return False
        for place in range(at - 1, 0, -1):
            if self.sentence[place].folded in ("that", "which"):
                return place < at - 1
            if place in self.kinds or self.marks[place] or not self.sentence[place].content:
                return False
        return False

    def _is_behind_aside(self, at: int) -> bool:
        """Whether a past tense is the first verb behind "A, a B,"."""
        return form(self.sentence[at]).startswith("past") and not self.kinds and bool(self.aside(at))

    def _is_reduced(self, at: int) -> bool:
        """Whether a participle follows its noun: "the data examined by", "models built on"."""
        if not form(self.sentence[at]).startswith("past") or not at or self.marks[at]:
            return False
        after = self.sentence[at + 1].folded if at + 1 < len(self.sentence) else ""
        before = self.sentence[at - 1]
        return after in PREPOSITIONS and (before.content or before.folded in _EMPTY_NOUNS)

    def _is_gerund(self, at: int) -> bool:
        return (not at or self._before(at) in PREPOSITIONS) and is_gerund(self.sentence[at]) and self._leads_on(at)

    def _leads_on(self, at: int) -> bool:
        """Whether something follows that a word may be done to, or it is a verb whatever follows."""
        word = self.sentence[at]
        after = self.sentence[at + 1 : at + 2]
        sure = not word.folded.endswith("ing") and not form(word).endswith("noun")
        object_follows = bool(after) and (after[0].content or after[0].folded in _BEFORE_AN_OBJECT)
        return sure or (object_follows and not self.marks[at + 1])

    def _has_verb(self, at: int) -> bool:
        """Whether the clause of a word has a verb already; one behind "and" may be the second one."""
        own = [place for place, kind in self.kinds.items() if kind in WITH_SUBJECT]
        own = [place for place in own if self.sentence[place].clause == self.sentence[at].clause]
        joined = [place for place in own if self.sentence[self.group_start(place) - 1].folded in CONJUNCTIONS]
        return any(place < at or place not in joined for place in own)

    def _may_be_finite(self, at: int) -> bool:
        """Whether a word is the verb of a clause that has no surer one: "training supports distributed computation"."""
        word = self.sentence[at]
        if not form(word).startswith(("third", "base")) or word.name or not 0 < at < len(self.sentence) - 1:
            return False
        before, after = self.sentence[at - 1], self.sentence[at + 1]
        if self.marks[at] or after.clause != word.clause or not before.content or after.joined:
            return False
        if (form(before) and not form(before).endswith("noun")) or after.folded in ("of", "and", "or"):
            return False
        if after.folded in _BEFORE_AN_OBJECT:
            return True
        if form(word).startswith("third"):
            alone = not self.kinds and not before.folded.endswith("s")
            return alone or after.folded not in _AFTER_A_BARE_VERB
        start = next((place for place in range(at, 0, -1) if self.marks[place]), 0)
        subject = [other.folded for other in self.sentence[start:at]]
        several = "and" in subject or any(folded.endswith("s") and len(folded) > 4 for folded in subject)
        return several and not before.folded.endswith("ing")

    def _before(self, at: int) -> str:
        return self.sentence[at - 1].folded if at else ""


# What makes a word a verb, the surest first.
_TESTS: tuple[tuple[str, Callable[[Verbs, int], bool]], ...] = (
    ("passive", Verbs._is_passive),
    ("finite", Verbs._is_let),
    ("finite", Verbs._goes_on_in_past),
    ("bare", Verbs._is_infinitive),
    ("finite", Verbs._is_finite),
    ("be", Verbs._is_copula),
    ("finite", Verbs._owns),
    ("finite", Verbs._is_behind_modal),
    ("finite", Verbs._is_in_relative),
    ("finite", Verbs._is_behind_aside),
    ("reduced", Verbs._is_reduced),
    ("bare", Verbs._is_gerund),
)


def is_preposition(word: Word) -> bool:
    """Return whether a word is a preposition, and no part of a compound ("model-like")."""
    return word.folded in PREPOSITIONS and not word.joined


def form(word: Word) -> str:
    """Return what form of a verb a word is; empty where it is none. A phrase is what its first word is."""
    return "" if word.joined else _form(word.folded)


@functools.lru_cache(maxsize=20_000)
def _form(folded: str) -> str:
    first = folded.split()[0]
    return _forms().get(first) or _form_by_ending(first)


def _form_by_ending(folded: str) -> str:
    """Return the form of a word in "ize" or "ify", which is a verb whether known or not."""
    if len(folded) > 7 and folded.endswith(("ize", "ise", "ify")):
        return "base"
    return "third" if len(folded) > 7 and folded.endswith(("izes", "ises", "ifies")) else ""


def is_passive(word: Word, words: Words) -> bool:
    """Return whether a known participle stands behind "is"."""
    if not form(word).startswith("past"):
        return False
    before = [other for other in words.all[max(0, word.index - 3) : word.index] if other.clause == word.clause]
    return any(other.folded in AUXILIARIES for other in before)


def is_gerund(word: Word) -> bool:
    """Return whether a word is a verb's form in "ing"."""
    root = word.folded.removesuffix("ing")
    if root == word.folded or word.joined or word.folded in _NO_VERBS:
        return False
    return any(_forms().get(base, "").startswith("base") for base in (root, root + "e", root[:-1]))


def is_verb_form(word: Word) -> bool:
    """Return whether a word can be a verb."""
    return bool(form(word)) or word.folded.split()[0] in AUXILIARIES | MODALS


def is_finite(word: Word, words: Words) -> bool:
    """Return whether a word is a verb that has a subject: "predicts", "we predict", "predicted the"."""
    own, _, noun = form(word).partition(" ")
    if not own or word.name or word.index == 0 or words.all[word.index - 1].sentence != word.sentence:
        return False
    before = words.all[word.index - 1].folded
    after = next((other for other in words.all[word.index + 1 : word.index + 2] if other.clause == word.clause), None)
    if (after is not None and (after.joined or after.folded == "of")) or (before in _BEFORE_A_NOUN):
        return False
    sure = not noun or (after is not None and (after.folded in _BEFORE_AN_OBJECT or after.number))
    if own == "base":
        return _is_finite_base(word, after, words, sure=sure)
    if own == "third":
        second = before in ("and", "or") and after is not None and (after.content or after.folded in PREPOSITIONS)
        named = after is not None and after.name and words.all[word.index - 1].name  # "GPT-4o equals GPT-4"
        return sure or before == "it" or named or (second and _third_before(word, words))
    return _is_finite_past(word, after, words)


def _is_finite_base(word: Word, after: Word | None, words: Words, *, sure: bool) -> bool:
    before = words.all[word.index - 1].folded
    if before in ("and", "or"):
        return sure and _goes_on(word, words)
    if before == "that" and after is not None and form(after):
        return (after.folded in _BEFORE_AN_OBJECT) or not form(after).endswith("noun")
    if before == "that" and form(word).endswith("noun"):
        # "models that use A", not "the problem that use cases compete"
        return word.index > 1 and words.all[word.index - 2].folded.endswith("s")
    return before in _BEFORE_A_BASE or (before.endswith("s") and sure)


def _is_finite_past(word: Word, after: Word | None, words: Words) -> bool:
    previous = words.all[word.index - 1]
    if previous.folded.endswith("ly") and previous.index:
        previous = words.all[previous.index - 1]
    listed = words.all[word.index - 1].clause != word.clause  # "are built, improved and compared"
    if listed or after is None or word.stem in ("build on", "base on"):  # "models built on A"
        return False
    if after.folded in AUXILIARIES | MODALS | _AFTER_A_BARE_VERB or previous.folded in _BEFORE_A_NOUN:
        return False
    object_follows = after.folded in _BEFORE_AN_OBJECT or after.number
    adjective = is_verb_form(previous) and not form(previous).endswith("noun")  # "showed increased levels"
    joined = previous.folded in ("and", "or") and not object_follows
    return not (joined or adjective or is_passive(word, words))


def _third_before(verb: Word, words: Words) -> bool:
    """Whether another verb of the third person stands before one: "uses A and scales to B"."""
    earlier = words.all[max(0, verb.index - _NEAR) : verb.index]
    return any(form(word) == "third" and word.sentence == verb.sentence and not word.name for word in earlier)


def _goes_on(verb: Word, words: Words) -> bool:
    """Whether a base form after "and" is a second verb: "users fall back and lose", "can train and serve"."""
    earlier = [word for word in words.all[: verb.index - 1] if word.sentence == verb.sentence]
    first = [word for word in earlier if form(word).startswith("base") and not word.name]
    if any(form(word) == "base" for word in first):
        return True
    return any(is_finite(word, words) or words.all[word.index - 1].folded.endswith("s") for word in first)


@functools.cache
def _forms() -> dict[str, str]:
    """Return the forms of known verbs with what they are: base, third (person) or past; "noun" where also one."""
    forms: dict[str, str] = {}
    plain, _, nouns = " ".join(lines("verbs.txt")).partition("+")
    for entry in nouns.split():
        forms |= {form: f"{kind} noun" for form, kind in _inflected(entry).items()}
    for entry in plain.split():
        forms |= _inflected(entry)
    return forms


def _inflected(entry: str) -> dict[str, str]:
    base, _, irregular = entry.partition(":")
    root = base[:-1] + "i" if base.endswith("y") and base[-2] not in "aeo" else base
    third = base + "s" if root == base and not base.endswith(("s", "x", "z", "ch", "sh")) else root + "es"
    past = irregular or (base + "d" if base.endswith("e") else root + "ed")
    doubled = base + base[-1] + "ed"
    return {doubled: "past", third: "third", past: "past", base: "base"}
