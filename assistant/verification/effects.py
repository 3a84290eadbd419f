"""What a text says to move what, and which way: "early exit lowers latency", "A is faster than B".

An effect has a subject, a way on a scale, the thing that is measured, what it is compared with, and whether it is
denied. All of it is read from the places of words, without a parser; what is not read is not an effect.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import dropwhile, takewhile

from assistant.text import word_set
from assistant.verification.lexicon import lexicon, stem
from assistant.verification.negation import negations
from assistant.verification.scales import (
    BEATING,
    NOUNS,
    Scale,
    as_worth,
    is_comparative,
    is_good,
    is_light,
    moves,
    place_of,
    stems,
)
from assistant.verification.verbs import is_finite, is_verb_form
from assistant.verification.words import Word, Words


@dataclass(frozen=True, slots=True)
class Effect:
    """One effect that a text speaks of; `way` is 1 up, -1 down, 0 kept as it was.

    `measured` holds the noun groups that are moved, each with its head last; `versus` what the subject is compared
    with. `named` says whether the text names the subject, or says "we" or "it"; `unsure` that it hopes or may be.
    """

    cue: Word
    scale: Scale
    way: int
    subject: tuple[Word, ...]
    named: bool
    measured: tuple[tuple[Word, ...], ...]
    versus: tuple[Word, ...]
    denied: bool
    unsure: bool


PREPOSITIONS = word_set("""
    in on for by with from to as at into under via through between among across within without during after before
    using
""")
# Words for what a paper made or did, which name no subject of their own.
GENERIC = stems(
    """approach method model system algorithm framework technique experiment result paper study work author proposed
    novel new evaluation analysis empirical extensive finding scheme solution finally moreover conclusion conclusions
    results background objective methods interpretation findings propose strategy"""
)
# "Lack of it" does the opposite of it, and of neither can the other be said.
LACKING = stems(
    """loss lack absence deficiency deficient removal without inhibition depletion knockdown knockout cessation
    insufficiency insufficient"""
)
_BE = frozenset({"is", "are", "was", "were", "be", "been", "being"})
_MODALS = word_set("can could may might will would should must do does did has have had cannot")
_UNSURE = word_set("""
    may might could would should whether if aim aims attempt attempts hope hopes seek seeks potential potentially
    problem problems challenge challenges goal objective task finding desirable
""")
_ENABLING = stems("fail fails help helps able shown found proven demonstrated allow lead serve known")
_MEANS = stems("method technique way means mechanism tool strategy")  # "is a method to"
_NO_ADVERBS = frozenset({"early", "daily", "family", "anomaly", "assembly", "supply", "reply", "likely", "friendly"})
_HARDLY_ANY = frozenset({"trivial", "negligible", "minor", "slight", "minimal", "marginal", "small", "acceptable"})
_PRONOUNS = frozenset({"we", "it", "they", "i"})
_THAN = frozenset({"than", "over", "against", "versus", "vs", "compared with", "compared to", "relative to"})
_GIVING = word_set("""
    provide provides provided show shows showed bring brings brought give gives gave offer offers achieve achieves
    achieved obtain obtains make makes made yield yields lead leads led
""")
_MAKING = word_set("make makes made making let lets help helps render renders")
_SKIPPED = word_set("""
    the a an its their our his her both all each any some several no not
    very much more most even also
""")
_NEVER_SUBJECTS = PREPOSITIONS | {"which", "who", "when", "while", "such", "because"}
_NO_DENIAL = frozenset({"failure", "failures", "outside"})  # "heart failure" denies nothing
AT_ONCE = frozenset({"at the same time", "simultaneously", "simultaneous", "jointly", "together", "at once"})
_NO_COMPARATIVES = frozenset({"rather", "other", "whether", "either", "neither", "another"})
_MEMBER = 4  # words of one member of a list
_AGENT = 5  # words of who does it behind "by"
_AIMING = 6  # words before a cue in which "to" makes it an aim


@functools.lru_cache(maxsize=128)
def effects(words: Words) -> tuple[Effect, ...]:
    """Return the effects that a text speaks of, in order."""
    return tuple(effect for word in words.all if (effect := _effect(word, words)) is not None)


def _effect(cue: Word, words: Words) -> Effect | None:
    scale, way = place_of(cue)
    before, after = _clause(cue, words)
    if _adjective_compares(cue, before, after):
        scale, way = Scale.AMOUNT, 1
    if before and before[-1].folded in _HARDLY_ANY and cue.stem in NOUNS:
        return None  # "with negligible loss of accuracy"
    if cue.stem == stem("loss") and after[:1] and after[0].folded in ("of", "in"):
        scale, way = Scale.AMOUNT, -1
    if scale is None or (after and after[0].joined) or _only_helps(cue, after):
        return None
    groups, versus = _measured(cue, scale, words), _versus(cue, words)
    if _adjective_compares(cue, before, after):
        groups = [(cue,)]
    if _beats(cue, after):
        groups, versus = [], tuple(word for group in _noun_groups(after, words) for word in group) + versus
    elif not _whole(cue, scale, groups, versus) or (groups and is_comparative(cue) and _describes(before)):
        return None
    if any(moves(word) for group in groups for word in group) or any(map(_loss_of_good, groups)):
        return None  # "prevents a loss of accuracy": the inner cue says it
    subject = _subject(cue, groups, words)
    named = any(word.stem not in GENERIC for word in subject)
    scale, way = as_worth(scale, way, groups)
    denied = _denied(cue, groups, words)
    return Effect(cue, scale, way, subject, named, tuple(groups), versus, denied, _unsure(before))


def _adjective_compares(cue: Word, before: Sequence[Word], after: Sequence[Word]) -> bool:
    """Whether any other adjective compares: "is cheaper than"."""
    if place_of(cue)[0] is not None or not (cue.folded.endswith("er") and after and after[0].folded == "than"):
        return False
    rest = [word for word in before if not _adverb(word) and word.folded not in _SKIPPED]
    predicated = bool(rest) and rest[-1].folded in _BE
    return cue.folded not in _NO_COMPARATIVES and (predicated or cue.stem in lexicon().opposites)


def _loss_of_good(group: Sequence[Word]) -> bool:
    return len(group) > 1 and group[-1].stem == stem("loss") and is_good(group[-2])


def _clause(cue: Word, words: Words) -> tuple[list[Word], list[Word]]:
    """Return the words of a cue's clause before and after it."""
    clause = [word for word in words.all if (word.sentence, word.clause) == (cue.sentence, cue.clause)]
    return [word for word in clause if word.index < cue.index], [word for word in clause if word.index > cue.index]


def _only_helps(cue: Word, after: Sequence[Word]) -> bool:
    """Whether "helps" only leads to what is done: "helps to improve"."""
    return cue.stem == stem("help") and bool(after) and (after[0].folded == "to" or is_verb_form(after[0]))


def _beats(cue: Word, after: Sequence[Word]) -> bool:
    improves_on = cue.stem == stem("improve") and bool(after) and after[0].folded in ("over", "on", "upon")
    return cue.stem in BEATING or improves_on


def _whole(cue: Word, scale: Scale, groups: Sequence[Sequence[Word]], versus: Sequence[Word]) -> bool:
    """Whether enough is said for an effect: what is moved, or what is compared."""
    if scale in (Scale.AMOUNT, Scale.RESISTANCE):
        return bool(groups)
    return scale is Scale.SPEED or bool(groups or versus) or cue.folded in ("better", "worse")


def _describes(before: Sequence[Word]) -> bool:
    """Whether a comparative only describes a thing: "more workers do", "for better ranking"."""
    near = [word for word in before if word.folded not in _SKIPPED and not _adverb(word)]
    return not any(word.content for word in before) or (bool(near) and near[-1].folded in PREPOSITIONS)


def _measured(cue: Word, scale: Scale, words: Words) -> list[tuple[Word, ...]]:
    """Return the noun groups that a cue moves: behind it, or before it where it is passive or stands last."""
    before, after = _clause(cue, words)
    if scale is Scale.RESISTANCE:
        at = next((place for place, word in enumerate(after[:2]) if word.folded in ("to", "against")), -1)
        return _noun_groups(after[at + 1 :], words) if at >= 0 or cue.stem == stem("withstand") else []
    passive = _passive(cue, before)
    to_what = ("in", "of", "to", "for") if cue.stem == stem("benefit") else ("in", "of")
    if not passive and cue.stem in NOUNS and after and after[0].folded in to_what:
        return _noun_groups(after[1:], words) or _group_before(before, words)
    groups = [] if passive else _noun_groups(after, words)
    alone = scale in (Scale.WORTH, Scale.SPEED) and is_comparative(cue) and not passive
    if alone and not any(word.folded in _MAKING for word in before):
        return groups  # "A is faster", "A converges worse"
    return groups or _group_before(before, words)


def _passive(cue: Word, before: Sequence[Word]) -> bool:
    near = [word for word in before[-3:] if not _adverb(word)]
    return cue.folded.endswith("ed") and any(word.folded in _BE for word in near)


def _noun_groups(after: Sequence[Word], words: Words) -> list[tuple[Word, ...]]:
    """Return the noun groups at the head of `after`, joined by "and" or commas, each with its head last."""
    groups: list[tuple[list[Word], list[Word]]] = [([], [])]  # what stands before "of", and behind it
    side = 0
    for word in after:
        if word.folded in ("and", "or"):
            groups.append(([], []))
            side = 0
        elif word.folded == "of" and groups[-1][0]:
            side = 1
        elif _ends_group(word, words) or (len(groups) > 1 and not groups[-1][0] and place_of(word)[0]):
            break
        elif word.content and not word.number and not _adverb(word):
            groups[-1][side].append(word)
    found = [_headed(head, rest) for head, rest in groups if head]
    return found + (_listed(after, words) if found else [])


def _headed(head: Sequence[Word], rest: Sequence[Word]) -> tuple[Word, ...]:
    """Return the words of a group, its head last: "amount of memory" is headed by memory, "risk of death" by risk."""
    return (*head, *rest) if rest and is_light(head[-1]) else (*rest, *head)


def _ends_group(word: Word, words: Words) -> bool:
    if word.folded in PREPOSITIONS | _THAN | _BE | _MODALS | AT_ONCE or word.folded in ("that", "which", "of"):
        return True
    return is_finite(word, words) and words.all[word.index - 1].folded not in _SKIPPED


def _listed(after: Sequence[Word], words: Words) -> list[tuple[Word, ...]]:
    """Return the further members of a list behind a comma: clauses of nothing but nouns."""
    found: list[tuple[Word, ...]] = []
    following = [word for word in words.all[after[-1].index + 1 :] if word.sentence == after[-1].sentence]
    for number in dict.fromkeys(word.clause for word in following):
        part = [word for word in following if word.clause == number]
        part = list(takewhile(lambda word: word.folded not in PREPOSITIONS, part))
        plain = all(word.content or word.folded in ("and", "or", "the") for word in part)
        if not plain or len(part) > _MEMBER or any(is_finite(word, words) or place_of(word)[0] for word in part):
            break
        found.append(tuple(word for word in part if word.content))
    return [group for group in found if group]


def _group_before(before: Sequence[Word], words: Words) -> list[tuple[Word, ...]]:
    """Return the noun group right before a passive, or a cue that stands last: "latency is cut", "it costs less"."""
    group: list[Word] = []
    rest: list[Word] = []
    for word in reversed(before):
        passed = word.number or _adverb(word) or word.folded in _BE | _MODALS | _SKIPPED
        if not group and (passed or word.folded in ("keep", "keeps", "kept")):
            continue  # "keeps growing"
        if word.folded == "of" and group:
            rest, group = [*group, *rest], []
        elif not (word.content and not passed) or place_of(word)[0]:
            break
        elif is_finite(word, words):
            return [(word,)] if not group and not rest else [_headed(group[::-1], rest[::-1])]  # "costs less"
        else:
            group.append(word)
    return [_headed(group[::-1], rest[::-1])] if group else []


def _versus(cue: Word, words: Words) -> tuple[Word, ...]:
    """Return the content words behind "than" and the like, up to "in", "on" and the like or the end of the clause."""
    rest = [word for word in words.all[cue.index + 1 :] if word.sentence == cue.sentence]
    at = next((place for place, word in enumerate(rest) if word.folded in _THAN), None)
    if at is None or any(moves(word) and word.folded != "more" for word in rest[:at]):
        return ()
    rest = [word for word in rest[at + 1 :] if word.clause == rest[at].clause]
    told = [word for word in rest if (_tells(word, words) or word.folded in PREPOSITIONS) and not word.number]
    told = list(dropwhile(lambda word: word.folded in PREPOSITIONS, told))
    return tuple(takewhile(lambda word: word.folded not in PREPOSITIONS, told))


def _subject(cue: Word, groups: Sequence[Sequence[Word]], words: Words) -> tuple[Word, ...]:
    """Return the words that name who moves it; none where the text says "we" or "it"."""
    moved = {word for group in groups for word in group}
    before, after = _clause(cue, words)
    noun = cue.stem in NOUNS and bool(after) and after[0].folded in ("in", "of")
    if (noun or _passive(cue, before)) and (agent := _agent(after, words)):
        return tuple(agent)
    that = next((word for word in reversed(before) if word.folded == "that"), None)
    if that is not None and _relative(that, words):
        return tuple(_antecedent(that, words))
    before = [word for word in before if that is None or word.index > that.index]
    if before and before[0].folded in ("which", "who"):
        return tuple(_antecedent(before[0], words))
    head = before if _main(cue, before, words) else _before_verb(before, words)
    if noun and head == before:
        head = []  # "simultaneous gains in accuracy": what kind of gains
    if any(word.folded in _PRONOUNS for word in head):
        return ()
    return tuple(word for word in _things(head, words) if word not in moved) or _subject_before(cue, words)


def _relative(that: Word, words: Words) -> bool:
    """Whether "that" belongs to the noun before it: "a method that improves", not "we show that it improves"."""
    earlier = words.all[that.index - 1] if that.index else that
    return earlier.content and earlier.clause == that.clause and not is_verb_form(earlier)


def _main(cue: Word, before: Sequence[Word], words: Words) -> bool:
    """Whether a cue is the verb right behind its subject, and not a second one behind "and"."""
    rest = [word for word in before if not _adverb(word) and word.folded not in _MODALS | {"not"}]
    return is_finite(cue, words) and bool(rest) and rest[-1].folded not in ("and", "or", "but", "to")


def _agent(after: Sequence[Word], words: Words) -> list[Word]:
    at = next((place for place, word in enumerate(after) if word.folded in ("by", "with", "when", "using")), None)
    return _things(after[at + 1 :], words)[:_AGENT] if at is not None else []


def _tells(word: Word, words: Words) -> bool:
    """Whether a word has content, by itself or in what it makes with the next: "usage-based"."""
    return word.content or (
        any(other.joined for other in words.all[word.index + 1 : word.index + 2]) and not word.joined
    )


def _things(some: Iterable[Word], words: Words) -> list[Word]:
    """Return the words with content that are neither numbers nor adverbs."""
    found = (word for word in some if _tells(word, words) or word.stem in LACKING)
    return [word for word in found if not word.number and not _adverb(word)]


def _adverb(word: Word) -> bool:
    return (word.folded.endswith("ly") and word.folded not in _NO_ADVERBS) or word.folded in (
        "often",
        "alone",
        "indeed",
    )


def _before_verb(before: Sequence[Word], words: Words) -> list[Word]:
    """Return the words before the first verb of a clause."""
    head: list[Word] = []
    for word in before:
        if word.folded in _BE | _MODALS or (head and is_finite(word, words)):
            break
        if any(other.content for other in head) and (word.folded in _GIVING or _is_moving_verb(word, words)):
            break
        head.append(word)
    return head


def _is_moving_verb(word: Word, words: Words) -> bool:
    """Whether a cue is a verb: no comparative, and no noun such as "reduction of"."""
    after = words.all[word.index + 1 : word.index + 2]
    noun = word.stem in NOUNS and (not after or after[0].folded in ("of", "in") or after[0].clause != word.clause)
    return place_of(word)[0] is not None and not is_comparative(word) and not (noun or word.folded[-3:] == "ing")


def _antecedent(relative: Word, words: Words) -> list[Word]:
    """Return the noun group right before "which" or "that"."""
    earlier = (word for word in reversed(words.all[: relative.index]) if word.sentence == relative.sentence)
    group = list(takewhile(lambda word: word.content or word.folded in ("of", "and"), earlier))
    return [word for word in reversed(group) if word.content]


def _subject_before(cue: Word, words: Words) -> tuple[Word, ...]:
    """Return the subject of a clause before, which goes on in this one: "A does this, and improves that"."""
    earlier = [word for word in words.all[: cue.index] if word.sentence == cue.sentence and word.clause < cue.clause]
    bare: tuple[Word, ...] = ()
    for number in sorted({word.clause for word in earlier}, reverse=True):
        clause = [word for word in earlier if word.clause == number]
        that = max((word.index for word in clause if word.folded == "that"), default=-1)
        clause = [word for word in clause if word.index > that]
        head = _before_verb(clause, words)
        member = bool(head) and len(head) == len(clause) and head[0].folded in ("and", "or")
        if not head or member or head[0].folded in _NEVER_SUBJECTS:
            continue
        if any(word.folded in _PRONOUNS for word in head):
            return bare
        found = tuple(_things(head, words))
        if len(head) == len(clause):
            bare = found or bare  # "A, when trained, improves"
        elif bare or found:
            return bare or found
    return bare


def _denied(cue: Word, groups: Sequence[Sequence[Word]], words: Words) -> bool:
    """Whether an effect is said not to be: "does not improve", "adds no overhead", "without hurting"."""
    known = [negation for negation in negations(words) if negation.word.folded not in _NO_DENIAL]
    deniers, scope = {negation.word for negation in known}, {word for one in known for word in one.scope}
    heads = {word for group in groups for word in (group[0], group[-1])}
    last = max((head.index for head in heads), default=cue.index)
    none = any(word.folded in ("no", "little", "neither") for word in words.all[cue.index : last])
    near = {word for word in words.all[max(0, cue.index - 3) : cue.index] if word.sentence == cue.sentence}
    if any(word.folded in ("no", "without") for word in near & deniers):
        return True
    return cue not in deniers and (cue in scope or (none and bool(heads & scope)))


def _unsure(before: Sequence[Word]) -> bool:
    """Whether a text hopes, aims or asks for an effect: "may improve", "to improve"; not "helps to", "a method to"."""
    if any(word.folded in _UNSURE for word in before):
        return True
    near = before[-_AIMING:]
    at = max((place for place, word in enumerate(near) if word.folded.split()[-1] == "to"), default=None)
    if at is None:
        return False
    rest = [word for word in near[at + 1 :] if not _adverb(word)]
    if rest and not (is_verb_form(rest[0]) or rest[0].folded in _GIVING | {"be", "have", "get", "gain"}):
        return False
    means = any(word.stem in _MEANS for word in near[:at]) and any(word.folded in _BE for word in before)
    return not means and not any(word.stem in _ENABLING for word in near[:at])
