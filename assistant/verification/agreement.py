"""Whether a sentence says the effect that a claim claims, or the opposite of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from assistant.verification.effects import AT_ONCE, GENERIC, LACKING, PREPOSITIONS, Effect, effects
from assistant.verification.lexicon import LIGHT, lexicon
from assistant.verification.scales import Scale, is_light, place_of, stems
from assistant.verification.verbs import is_verb_form
from assistant.verification.words import Word, Words

# "Treatment with statins" does what statins do.
_CARRYING = stems(
    """use usage using treatment therapy administration supplementation intake application incorporation introduction
    addition advance exploitation exposure"""
)
_CARRYING_LINKS = frozenset(("", "of", "with", "using", "by", "based", "in", "from"))


def agreement(claim: Words, sentence: Words, title: Words) -> int | None:
    """Return 1 where a sentence says the effect that a claim claims, -1 where it says the opposite, 0 where neither.

    Both must speak of the same subject and the same thing, compared with the same, and the sentence must say what else
    the claim says. What does not improve does not get worse, and what does not get worse does not improve.

    Args:
        claim: one sentence.
        sentence: of a paper's abstract.
        title: of the paper; where it names a system, that is what the sentence calls "we" and "it".

    Returns:
        None where the claim claims no effect.
    """
    first = next((effect for effect in effects(claim) if effect.subject), None)
    first = first or next((effect for effect in effects(claim) if effect.measured), None)
    if first is None:
        return None
    further = [effect for effect in effects(claim) if effect is not first and effect.subject == first.subject]
    sides = [_stands(claimed, claim, sentence, title) for claimed in (first, *further)]
    return 0 if 0 in sides else min(sides)  # "improves A and lowers B" falls with one of them


def _stands(claimed: Effect, claim: Words, sentence: Words, title: Words) -> int:
    """Return how a sentence stands to one effect of a claim, as `agreement` does."""
    told = [*sentence.content, *title.content]
    if not all(_said(word, told) for word in _others(claimed, claim)):
        return 0
    known = [found for found in effects(sentence) if not found.unsure and claimed.scale is found.scale]
    each: list[int] = []
    for group in claimed.measured or ((),):
        near = [found for found in known if _same_thing(claimed, group, found, told)]
        sides = {_side(claimed, found, claim, sentence, title) for found in near} - {0}
        if len(sides) != 1:
            return 0  # of two things at once nothing is said by a sentence that speaks of one
        each += sides
    one = 1 if claimed.denied else -1  # "A and B" falls with one of them, "not A and B" with both
    return one if one in each else -one


def _others(claimed: Effect, claim: Words) -> list[Word]:
    """Return the words of a claim beside its effect's subject and thing, which the sentence must say somewhere."""
    roles = {claimed.cue, *claimed.subject, *(word for group in claimed.measured for word in group)}
    rest = [word for word in claim.content if word not in roles and place_of(word)[0] is None]
    return [word for word in rest if len(claimed.measured) == 1 or word.folded not in AT_ONCE]


def _side(claimed: Effect, found: Effect, claim: Words, sentence: Words, title: Words) -> int:
    turn = _same_subjects(claimed, found, sentence, title)
    if not turn and not found.named and _ability(claimed, claim):
        told = [*sentence.content, *title.content]
        done = not found.denied and found.way == claimed.way
        return _sign(claimed, found) if done and all(_said(word, told) for word in claimed.subject) else 0
    if turn == -1 and (claimed.denied or found.denied):
        return 0  # what does not beat the other may be its equal
    return turn * _sign(claimed, found)


def _ability(claimed: Effect, claim: Words) -> bool:
    """Whether a claim is of what can be done, which one that does it shows: "can improve", "cannot improve"."""
    before = (word for word in claim.all[: claimed.cue.index] if word.clause == claimed.cue.clause)
    return any(word.folded in ("can", "cannot") for word in before)


def _sign(claimed: Effect, found: Effect) -> int:
    """Return how two effects on one scale stand to each other."""
    if claimed.way == found.way:
        return 1 if claimed.denied == found.denied else -1
    if found.denied and found.way:
        return 0 if claimed.way else _kept(claimed)
    if found.way == 0:  # kept is not lowered
        return (1 if claimed.denied else -1) if claimed.way == -1 and not found.denied else 0
    if claimed.way == 0:
        return -_kept(claimed) if found.way == -1 else 0
    return 1 if claimed.denied else -1


def _kept(claimed: Effect) -> int:
    return -1 if claimed.denied else 1


def _same_thing(claimed: Effect, group: Sequence[Word], found: Effect, told: Sequence[Word]) -> bool:
    """Whether both move the same thing: a claim's head among a group's last words, and the claim's others said."""
    if not group:
        return not found.measured or (found.scale is Scale.WORTH and bool(claimed.versus and found.versus))
    group = group[:-1] if len(group) > 1 and is_light(group[-1]) else group  # blood glucose levels
    return all(_said(word, told) for word in group) and any(_said(group[-1], other[-2:]) for other in found.measured)


def _same_subjects(claimed: Effect, found: Effect, sentence: Words, title: Words) -> int:
    """Return 1 where both speak of the same subject, -1 where it changed places with its rival, else 0."""
    subject = [word for word in claimed.subject if word.stem not in GENERIC | LIGHT] or list(claimed.subject)
    own = not found.named or all(_said(word, title.content) for word in found.subject)
    own = own and bool(title.all) and any(_names(word, title) for word in subject)
    named = [*found.subject, *(title.content if own else ())]
    if _lacks(found.subject) != _lacks(subject):
        return 0
    if all(_said(word, named) for word in subject) and (own or _heads(found.subject, subject, sentence)):
        rivals = not claimed.versus or any(_said(word, found.versus) for word in _apart(claimed.versus, subject))
        return int(rivals)
    lacking = [word for word in subject if not _said(word, named)]
    swapped = claimed.versus and lacking and all(_said(word, found.versus) for word in lacking)
    return -1 if swapped and all(_said(word, named) for word in _apart(claimed.versus, subject)) else 0


def _apart(words: Sequence[Word], others: Sequence[Word]) -> list[Word]:
    """Return the words that tell one side of a comparison from the other: "shallow" in "deep and shallow nets"."""
    return [word for word in words if not _said(word, others)] or list(words)


def _names(word: Word, title: Words) -> bool:
    """Whether a word is the name of a title's system: "Kepler: Learning", "GPT-4o Card", "The Sync algorithm"."""
    first, *rest = title.all
    alone = bool(rest) and rest[0].clause != first.clause
    called = first.folded == "the" and len(rest) > 1 and rest[1].folded in ("algorithm", "system", "framework")
    coded = [other for other in title.all[:2] if not other.joined and any(map(_odd, other.text[1:]))]
    named = [*coded, *([first] if alone else ()), *(rest[:1] if called else ())]
    return any(_said(word, [other]) for other in named)


def _odd(char: str) -> bool:
    return char.isupper() or char.isdigit()


def _lacks(words: Iterable[Word]) -> bool:
    return any(word.stem in LACKING for word in words)


def _heads(found: Sequence[Word], subject: Sequence[Word], sentence: Words) -> bool:
    """Whether a subject is the thing itself, not something that has it: a receptor of it, an attack on it."""
    carried = True
    for link, group in _parts(found, sentence):
        reached = link in ("and", "or") or (carried and link in _CARRYING_LINKS)
        head = next((word for word in reversed(group) if word.stem not in GENERIC | LIGHT | _CARRYING), None)
        if reached and head is not None and any(_said(word, [head]) for word in subject):
            return True
        carried = reached and group[-1].stem in GENERIC | LIGHT | _CARRYING
    return not found


def _parts(found: Sequence[Word], sentence: Words) -> Iterator[tuple[str, list[Word]]]:
    """Yield the noun groups of a subject with the word that links each to the one before."""
    link = ""
    group: list[Word] = []
    for word in sentence.all[found[0].index : found[-1].index + 1] if found else ():
        participle = is_verb_form(word) and word.folded.split()[0].endswith(("ed", "ilt"))
        if word in found and not participle:
            group.append(word)
        elif participle or word.folded in PREPOSITIONS or word.folded in ("and", "or", "of", "based"):
            if group:
                yield link, group
            link, group = word.folded.split()[-1], []
    if group:
        yield link, group


def _said(word: Word, words: Iterable[Word]) -> bool:
    """Whether one of `words` says the same, as a word, as part of a phrase or as the name of a kind ("bert-large")."""
    variant = word.name and not word.joined  # "ABC-MART" is another one than MART
    return any(
        lexicon().same(word.stem, other.stem)
        or word.stem in other.stem.split()
        or other.folded.startswith(f"{word.folded}-")
        for other in words
        if not (variant and other.joined)
    )
