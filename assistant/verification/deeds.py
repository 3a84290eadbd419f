"""Who does what: the finite verbs of a text with the words before and after them."""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace
from itertools import takewhile

from assistant.verification.lexicon import lines, stem
from assistant.verification.words import Word, Words

_DOERS, _DONE = 10, 8  # content words before and after a verb that are looked at
_SUBJECT = 6  # the same before an adjective
_BE = frozenset({"is", "are", "was", "were"})
_AUXILIARIES = _BE | {"be", "been", "being", "get", "gets"}
_MODALS_TEXT = "have has had do does did can could may might will would should cannot"
_MODALS = frozenset(_MODALS_TEXT.split())
_BEFORE_A_BASE = _MODALS | {"we", "they", "you", "i", "who", "which", "that", "not", "to", "also"}
_BEFORE_A_NOUN_TEXT = (
    "the a an of in on for by with from to this these those its their our his her each every any no some all as at"
    " more less most many several few two three four into over under than"
)
_BEFORE_A_NOUN = frozenset(_BEFORE_A_NOUN_TEXT.split())
_PREPOSITIONS_TEXT = (
    "of in on for by with from to as at into over under than via through between among across within without"
    " during after before using when while if because that which"
)
_PREPOSITIONS = frozenset(_PREPOSITIONS_TEXT.split())
_UNNAMED = frozenset({"we", "it", "they", "this", "these", "our", "i", "authors", "paper", "study"})
_RELATIVE = frozenset({"which", "that", "who", "whose"})
_BREAKS = frozenset({"so", "because", "but", "while", "whereas", "although", "though"})  # no doer stands beyond them
_BESIDE = frozenset({"to", "of", "for", "from", "with"})
# What holds both ways round: "A is similar to B".
_MUTUAL_TEXT = "similar comparable equal equivalent identical different distinct independent related close compatible"
_MUTUAL = frozenset(map(stem, _MUTUAL_TEXT.split()))
_BEFORE_AN_OBJECT_TEXT = "the a an its their our both all each every more less many most several these"
_BEFORE_AN_OBJECT = frozenset(_BEFORE_AN_OBJECT_TEXT.split())
# "A builds on B" is "B carries A".
_RESTS = frozenset(f"{stem(verb)} on" for verb in ("build", "rely", "depend", "base", "rest", "run"))
_CARRIES = frozenset(map(stem, ("carry", "support", "underlie", "power", "serve")))


@dataclass(frozen=True, slots=True)
class Deed:
    """A finite verb, who does it, and to what; `doers` is empty where the text says "we" or "it".

    `object` holds the words right after the verb, before any preposition; `done` those up to the end of the clause.
    """

    verb: Word
    relation: str
    doers: tuple[Word, ...]
    object: tuple[Word, ...]
    done: tuple[Word, ...]


@functools.lru_cache(maxsize=64)
def deeds(words: Words, *, wide: bool = False) -> tuple[Deed, ...]:
    """Return the finite verbs of a text with who does them and to what.

    `wide` counts all that stands before "that" and "who" as the doer, as in "A is a method that does"; else only the
    nearest noun does it.
    """
    found: list[Deed] = []
    for word in words.all:
        if is_finite(word, words):
            found.append(_deed(word, words, wide=wide))
        elif word.folded in _BE and _is_copula(word, words):
            found.append(replace(_deed(word, words, wide=wide), relation="be"))
        elif _is_passive(word, words):
            found.append(_passive(word, words))
    certain = {deed.verb.clause for deed in found}
    for word in sorted(words.all, key=lambda word: _form(word).endswith("noun")):
        if word.clause not in certain and _may_be_finite(word, words):
            found.append(_deed(word, words, wide=wide))
            certain.add(word.clause)
    return tuple(found)


def _may_be_finite(word: Word, words: Words) -> bool:
    """Whether a word is the verb of a clause that has no surer one: "training supports distributed computation"."""
    form = _form(word)
    if not form.startswith(("third", "base")) or not 0 < word.index < len(words.all) - 1:
        return False
    before, after = words.all[word.index - 1], words.all[word.index + 1]
    if before.clause != word.clause or after.clause != word.clause or not before.content or after.joined:
        return False
    return not (after.folded in _PREPOSITIONS or (before.folded.endswith("ing") and form == "base")) and (
        not _form(before) or _form(before).endswith("noun")
    )


def _deed(verb: Word, words: Words, *, wide: bool) -> Deed:
    doers, done = _before(verb, words, wide=wide), _after(verb, words)
    if _on_what(verb, words) in _RESTS:
        return Deed(verb, "carry", done, doers, doers)
    relation = "carry" if verb.stem in _CARRIES else verb.stem
    return Deed(verb, relation, doers, _direct(verb, words), done)


def predicates(words: Words) -> list[Deed]:
    """Return what a text says of things beside others by adjectives: "A is applicable to B" does so with B."""
    found: list[Deed] = []
    for word in (word for word in words.all if word.folded in _BE):
        rest = [other for other in _clause_after(word, words) if not other.folded.endswith("ly")]
        if len(rest) > 2 and rest[0].content and rest[1].folded in _BESIDE and rest[0].stem not in _MUTUAL:
            others = tuple(other for other in rest[2:] if other.content)
            before = [other for other in words.all[: word.index] if other.sentence == word.sentence and other.content]
            found.append(Deed(word, f"be {rest[0].stem}", tuple(before[-_SUBJECT:]), others, others))
    return found


def bare_deeds(words: Words) -> list[Deed]:
    """Return what is said without a finite verb: "the data examined by the model", "A is used to align B"."""
    found = _reduced_passives(words)
    for word in words.all[2:]:
        used, to = words.all[word.index - 2 : word.index]
        if _form(word).startswith("base") and to.folded == "to" and used.folded == "used" and _is_passive(used, words):
            found.append(Deed(word, word.stem, _before(used, words), _direct(word, words), _after(word, words)))
    return found


def _reduced_passives(words: Words) -> list[Deed]:
    named = (word for word in words.all if _form(word).startswith("past") and not _is_passive(word, words))
    after = ((word, words.all[word.index + 1 : word.index + 2]) for word in named)
    return [_passive(word, words) for word, by in after if by and by[0].folded == "by" and by[0].clause == word.clause]


def _passive(verb: Word, words: Words) -> Deed:
    """Return a passive verb turned to the active where its agent is named; else a deed of the one it is done to."""
    patients, done = _before(verb, words), _after(verb, words)
    if _on_what(verb, words) in _RESTS:
        return Deed(verb, "carry", done, patients, patients)
    clause = _clause_after(verb, words)
    at = next((place for place, word in enumerate(clause[:3]) if word.folded == "by"), None)
    if at is None or any(word.folded.endswith("ing") for word in clause[at + 1 : at + 2]):
        return Deed(verb, f"{verb.stem} (passive)", patients, (), done)
    until = takewhile(lambda word: word.folded not in _BE and not is_finite(word, words), clause[at + 1 :])
    agents = tuple(word for word in until if word.content)[:4]
    return Deed(verb, verb.stem, agents, patients, patients)


def _on_what(verb: Word, words: Words) -> str:
    """Return the stem of a verb with the word after it; the two may be one phrase already."""
    following = [word for word in words.all[verb.index + 1 : verb.index + 3] if not word.folded.endswith("ly")]
    return f"{verb.stem} {following[0].folded}" if " " not in verb.stem and following else verb.stem


def _before(verb: Word, words: Words, *, wide: bool = True) -> tuple[Word, ...]:
    """Return who stands before a verb: its clause's content words, else those before the clause ("A, which does")."""
    earlier = [word for word in words.all[: verb.index] if word.sentence == verb.sentence]
    own = [word for word in earlier if word.clause == verb.clause]
    if any(word.folded in _UNNAMED for word in own):
        return ()
    related = bool(own) and own[0].folded in _RELATIVE and not any(word.content for word in own)
    if related and not wide and own[0].folded in ("that", "who"):
        return _antecedent(own[0], words)
    named = [word for word in earlier if word.content and not word.folded.endswith("ly")]
    start = max((word.index for word in earlier if _breaks(word, words)), default=-1)
    named = [word for word in named if word.index > start] or named
    content = [word for word in own if word in named and not related]
    if wide and content:  # a list of doers has commas: "A, B and C do"
        copulas = (word for word in earlier if word.folded in _BE and _is_copula(word, words))
        verbs = [word.index for word in (*copulas, *(word for word in earlier if is_finite(word, words)))]
        content = [word for word in named if word in content or word.index > max(verbs, default=-1)]
    if related and own[0].folded == "which" and _form(verb).startswith("base"):
        content = _plural_antecedent(own[0], named, words)
    content = content or named
    return tuple(content[-_DOERS:])


def _breaks(word: Word, words: Words) -> bool:
    before = words.texts[word.sentence][: word.start].rstrip()
    return word.folded in _BREAKS and (word.folded != "so" or before.endswith(","))


def _antecedent(relative: Word, words: Words) -> tuple[Word, ...]:
    """Return the noun group right before "that" or "who"."""
    group = list(takewhile(lambda word: word.content, reversed(words.all[: relative.index])))
    return tuple(word for word in reversed(group) if word.sentence == relative.sentence)


def _plural_antecedent(relative: Word, named: list[Word], words: Words) -> list[Word]:
    """Return what stands between the last verb and "which make": the subject of a plural verb is not the sentence's."""
    verbs = (word.index for word in words.all[: relative.index] if is_finite(word, words) or word.folded in _BE)
    last = max((index for index in verbs if words.all[index].sentence == relative.sentence), default=-1)
    return [word for word in named if word.index > last]


def _clause_after(verb: Word, words: Words) -> list[Word]:
    after = (word for word in words.all[verb.index + 1 :] if word.sentence == verb.sentence)
    return [word for word in after if word.clause == verb.clause]


def _after(verb: Word, words: Words) -> tuple[Word, ...]:
    """Return the content words after a verb, up to the next one or the end of the clause."""
    clause = takewhile(lambda word: not (is_finite(word, words) or word.folded in _BE), _clause_after(verb, words))
    return tuple(word for word in clause if word.content)[:_DONE]


def _direct(verb: Word, words: Words) -> tuple[Word, ...]:
    """Return the part of `_after` that stands before any preposition."""
    direct = takewhile(lambda word: word.folded not in _PREPOSITIONS or word.folded == "of", _clause_after(verb, words))
    until = {word for word in direct if word.content}
    return tuple(word for word in _after(verb, words) if word in until)


def _is_copula(word: Word, words: Words) -> bool:
    after = words.all[word.index + 1 : word.index + 3]
    if after and after[0].folded in ("a", "an", "the"):
        return True
    return bool(after) and not any(other.folded.endswith(("ed", "ing")) or _form(other) for other in after)


def _form(word: Word) -> str:
    """Return what form of a verb a word is; empty where it is none. A phrase is what its first word is."""
    return _forms().get(word.folded.split()[0], "") if not word.joined else ""


def _is_passive(word: Word, words: Words) -> bool:
    if not _form(word).startswith("past"):
        return False
    before = [other for other in words.all[max(0, word.index - 3) : word.index] if other.clause == word.clause]
    return any(other.folded in _AUXILIARIES for other in before)


def is_verb_form(word: Word) -> bool:
    """Return whether a word can be a verb."""
    return bool(_form(word)) or word.folded.split()[0] in _AUXILIARIES | _MODALS


def is_finite(word: Word, words: Words) -> bool:
    """Return whether a word is a verb that has a subject: "predicts", "we predict", "predicted the"."""
    form, _, noun = _form(word).partition(" ")
    if not form or word.index == 0 or words.all[word.index - 1].sentence != word.sentence:
        return False
    before = words.all[word.index - 1].folded
    after = next((other for other in words.all[word.index + 1 : word.index + 2] if other.clause == word.clause), None)
    if (after is not None and (after.joined or after.folded == "of")) or (before in _BEFORE_A_NOUN):
        return False
    object_follows = after is not None and after.folded in _BEFORE_AN_OBJECT
    if form == "base" and before in ("and", "or"):
        return (object_follows or not noun) and _goes_on(word, words)
    if form == "base" and before == "that" and after is not None and _form(after):
        return object_follows or not _form(after).endswith("noun")  # "that use cases compete"
    if form == "base":
        return before in _BEFORE_A_BASE or (before.endswith("s") and (object_follows or not noun))
    if form == "third":
        return object_follows or not noun
    previous = words.all[word.index - 1]
    if previous.folded.endswith("ly") and previous.index:
        previous = words.all[previous.index - 1]
    listed = words.all[word.index - 1].clause != word.clause  # "are built, improved and compared"
    bare = listed or after is None or after.folded in _PREPOSITIONS or previous.folded in _BEFORE_A_NOUN
    bare = bare or (previous.folded in ("and", "or") and not object_follows)
    adjective = is_verb_form(previous) and not _form(previous).endswith("noun")  # "showed increased levels"
    return not (bare or adjective or _is_passive(word, words))


def _goes_on(verb: Word, words: Words) -> bool:
    """Whether a base form after "and" is a second verb: "users fall back and lose", "can train and serve"."""
    clause = (word for word in reversed(words.all[: verb.index - 1]) if word.sentence == verb.sentence)
    first = next((word for word in clause if _form(word).startswith(("base", "third", "past"))), None)
    if first is None or not _form(first).startswith("base"):
        return False
    return is_finite(first, words) or words.all[first.index - 1].folded.endswith("s")


@functools.cache
def _forms() -> dict[str, str]:
    """Return the forms of known verbs with what they are: base, third (person) or past, "noun" added where also one."""
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
