"""A claim that copies its evidence but for a word or two: what was changed is then the whole question."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher

from assistant.verification.lexicon import NEGATORS, lexicon
from assistant.verification.licence import Licence
from assistant.verification.words import Word

_COPIED = 0.8  # share of a claim's words that stand in the same order from which it counts as a copy
_SHORTEST = 6  # words of a claim that can be a copy


def altered_copy(licence: Licence) -> str:
    """Return what a near copy changes against the sentence it copies; empty where it changes nothing or is no copy."""
    evidence = licence.evidence
    mine = list(licence.claim.all)
    if len(mine) < _SHORTEST:
        return ""
    for sentence in range(len(evidence.texts)):
        theirs = [word for word in evidence.all if word.sentence == sentence]
        if changed := _altered(mine, theirs):
            return changed
    return ""


def _altered(mine: Sequence[Word], theirs: Sequence[Word]) -> str:
    # Most pairs share too few words to be copies; counting is cheaper than aligning.
    shared = Counter(word.stem for word in mine) & Counter(word.stem for word in theirs)
    if shared.total() < _COPIED * len(mine):
        return ""
    matcher = SequenceMatcher(None, [word.stem for word in mine], [word.stem for word in theirs], autojunk=False)
    if sum(block.size for block in matcher.get_matching_blocks()) < _COPIED * len(mine):
        return ""
    changes = [(mine[a:b], theirs[c:d]) for tag, a, b, c, d in matcher.get_opcodes() if tag != "equal"]
    return _negation(changes, mine, theirs) or _exchange(changes) or _replacement(changes, mine, theirs)


def _negation(
    changes: Sequence[tuple[Sequence[Word], Sequence[Word]]], mine: Sequence[Word], theirs: Sequence[Word]
) -> str:
    """Return a negator that was put in, or taken out of the middle of what was copied."""
    added = [word for here, _ in changes for word in here if _negates(word)]
    for _, there in changes[: None if _reaches_end(mine, theirs) else -1]:
        dropped = [word for word in there if _negates(word)]
        if dropped and not added and len(there) <= 3:
            return f"it leaves out the paper's {dropped[0].text!r}"
    if added and not any(_negates(word) for _, there in changes for word in there):
        return f"it puts in {added[0].text!r}, which the paper does not say"
    return ""


def _exchange(changes: Sequence[tuple[Sequence[Word], Sequence[Word]]]) -> str:
    """Return two runs of words that stand in each other's place."""
    replaced = [(here, there) for here, there in changes if here and there]
    for at, (here, there) in enumerate(replaced):
        for other_here, other_there in replaced[at + 1 :]:
            first, second = _stems(here), _stems(there)
            if first & _stems(other_there) and second & _stems(other_here) and not first & second:
                return f"{here[0].text!r} and {there[0].text!r} have changed places"
    return ""


def _replacement(
    changes: Sequence[tuple[Sequence[Word], Sequence[Word]]], mine: Sequence[Word], theirs: Sequence[Word]
) -> str:
    """Return what stands where the paper names something else, and what the paper says elsewhere only."""
    here_all, there_all = Counter(word.stem for word in mine), Counter(word.stem for word in theirs)
    for here, there in changes:
        put, dropped = (_stems([word for word in run if not word.number]) for run in (here, there))
        # What was put in stands in its own place as well, or it has only moved.
        repeated = bool(put) and all(here_all[stem] > there_all[stem] > 0 for stem in put)
        if repeated and dropped and not any(here_all[stem] for stem in dropped) and not _alike(put, dropped):
            return f"it says {here[0].text!r} where the paper says {there[0].text!r}"
    return ""


def _alike(left: set[str], right: set[str]) -> bool:
    return any(lexicon().same(one, other) for one in left for other in right)


def _stems(words: Sequence[Word]) -> set[str]:
    return {word.stem for word in words if word.content}


def _negates(word: Word) -> bool:
    return word.folded in NEGATORS or word.folded.endswith("n't")


def _reaches_end(mine: Sequence[Word], theirs: Sequence[Word]) -> bool:
    """Whether the copy goes to the end of the sentence; what follows it may hold a negation of its own."""
    return bool(mine and theirs) and lexicon().same(mine[-1].stem, theirs[-1].stem)
