"""What a claim adds or turns by its small words: that something will or must be, is the first, or is the cause."""

from __future__ import annotations

import re
from itertools import takewhile

from assistant.text import fold, word_set
from assistant.verification.frames import Frame, frames
from assistant.verification.lexicon import stem
from assistant.verification.licence import Licence
from assistant.verification.statements import statements
from assistant.verification.words import Word, Words

_FUTURE = re.compile(r"\b(?:will|shall|would|going to|future|soon|upcoming|plan\w*|expect\w*|predict\w*)\b")
_DUTY = re.compile(r"\b(?:must|should|ought|needs?|needed|require\w*|ha(?:ve|s|d) to|necessar\w*|essential|demands?)\b")
_ORDINAL = word_set("""
    stage step phase half part round pass time place line order year month week day author quarter person glance
    layer two three few
""")
_ABLE = frozenset({"can", "could", "may", "might"})
_DONE = frozenset({"has", "have", "had", "was", "were"})
_GROUP = 4  # words that may stand before a verb: "can very readily be"
_FIRST = frozenset({"first", "earliest"})
_PRIMACY = re.compile(r"\b(?:novel\w*|pioneer\w*|unprecedented|earliest|no (?:earlier|previous|prior)|new)\b")
_CAUSE = re.compile(r"\b(?:because|due to|thanks to|owing to|therefore|hence|consequently|as a result)\b")
_ANY_CAUSE = re.compile(
    r"\b(?:because|since|as|so|thus|therefore|hence|due|thanks|owing|consequen\w*|through|via|by|from|caus\w*|lead\w*|led"
    r"|result\w*|mak\w*|made|lets?|letting|allow\w*|enabl\w*|helps?|forc\w*|driv\w*|yield\w*|gives?|brings?|ensur\w*|which"
    r"|means?|keeps?|explain\w*|root\w*|reason\w*|if|when|while|to)\b|:"
)


_REASONS = frozenset({"because", "due to", "thanks to", "owing to"})  # what follows is the cause
_RESULTS = frozenset({"therefore", "thus", "hence", "so", "consequently"})  # what follows is the effect
_CAUSES_IT = frozenset(map(stem, ("cause", "lead to", "result in", "induce", "trigger")))
_RESTS = frozenset(map(stem, ("rest", "rely", "depend", "hinge")))
_DEPENDENCE = re.compile(
    r"\b(?:rest\w*|rel(?:y|ies|ied|ying|iance|iant)|depend\w*|hing\w*|bas(?:e[sd]?|is|ing)|build\w*|built|found\w*"
    r"|ground\w*|us(?:e[sd]?|ing)|assum(?:e[sd]?|ing)|require\w*|need\w*|leverag\w*|exploit\w*|carr\w*|support\w*"
    r"|underl\w*|driv\w*|determin\w*|with)\b"
)
_SO_THAT = 8  # words from "so" to its "that": "so diverse in composition that"


def other_modality(licence: Licence) -> str:
    """Return the claim's "will" or "must" where the evidence speaks of no future and no duty; else empty."""
    said = [fold(text) for text in licence.evidence.texts]
    for word in licence.claim.all:
        needed = _FUTURE if word.folded in ("will", "shall") else _DUTY if word.folded == "must" else None
        if needed is not None and not any(needed.search(text) for text in said):
            return word.text
    return ""


def stated_ability(licence: Licence) -> str:
    """Return the evidence's "can" over a verb that the claim says was done; else empty."""
    there = frames(licence.evidence)
    for mine in frames(licence.claim):
        known = [other for other in there if other.relation == mine.relation]
        able = [_before(other, licence.evidence) & _ABLE for other in known]
        if known and all(able) and _before(mine, licence.claim) & _DONE and not _before(mine, licence.claim) & _ABLE:
            return min(able[0])
    return ""


def _before(frame: Frame, words: Words) -> set[str]:
    """Return the words of its clause right before a verb."""
    near = words.all[max(0, frame.verb.index - _GROUP) : frame.verb.index]
    return {word.folded for word in near if word.clause == frame.verb.clause}


def dropped_future(licence: Licence) -> str:
    """Return the evidence's "will" over a verb that the claim states as a fact; else empty."""
    if any(_FUTURE.search(fold(text)) for text in licence.claim.texts):
        return ""
    said = {match for matches in licence.matches.values() for match in matches}
    for word in licence.evidence.all:
        after = [other for other in licence.evidence.all[word.index + 1 : word.index + 4] if other.content]
        if word.folded == "will" and after and after[0].clause == word.clause and after[0] in said:
            return word.text
    return ""


def unstated_primacy(licence: Licence) -> str:
    """Return the claim's "first" where it means that nobody came before, and the evidence does not; else empty."""
    claimed = [word for word in licence.claim.all if _first_of_all(word, licence.claim)]
    known = any(_first_of_all(word, licence.evidence) for word in licence.evidence.all)
    known = known or any(_PRIMACY.search(fold(text)) for text in licence.evidence.texts)
    return claimed[0].text if claimed and not known else ""


def _first_of_all(word: Word, words: Words) -> bool:
    """Whether "first" says that nobody came before: "the first method to", "is first to", not "it first" or "stage"."""
    if word.folded not in _FIRST:
        return False
    before = words.all[word.index - 1].folded if word.index else ""
    after = list(takewhile(lambda other: other.sentence == word.sentence, words.all[word.index + 1 : word.index + 3]))
    if after and (after[0].folded in ("to", "ever") or (after[0].folded == "time" and before in ("the", "a"))):
        return True
    determined = before in ("the", "a", "an", "its", "their", "our", "as", "very") or before.endswith("'s")
    return determined and not any(other.folded.removesuffix("s") in _ORDINAL for other in after)


def unstated_cause(licence: Licence) -> str:
    """Return the claim's "because" where the evidence tells no cause, means or purpose at all; else empty."""
    claimed = next((found for text in licence.claim.texts if (found := _CAUSE.search(fold(text)))), None)
    if claimed is None or any(_ANY_CAUSE.search(fold(text)) for text in licence.evidence.texts):
        return ""
    return claimed.group()


def turned_cause(licence: Licence) -> str:
    """Return the claim's "because" or "so" where the evidence has cause and effect the other way round; else empty."""
    known = _causes(licence.evidence)
    for cue, cause, effect in _causes(licence.claim):
        for _, their_cause, their_effect in known:
            crossed = (_count_said(cause, their_effect, licence), _count_said(effect, their_cause, licence))
            straight = _count_said(cause, their_cause, licence) + _count_said(effect, their_effect, licence)
            if all(crossed) and sum(crossed) > straight:
                return cue.text
    return ""


def other_cause(licence: Licence) -> str:
    """Return the claim's "because" where the evidence ties what it explains to another cause alone; else empty."""
    known = [*_causes(licence.evidence), *_caused(licence.evidence)]
    for cue, cause, effect in _causes(licence.claim):
        theirs = [found for found in known if 2 * _count_said(effect, found[2], licence) >= len(effect) > 0]
        others = [found for found in theirs if not _count_said(cause, found[1], licence)]
        if theirs and len(others) == len(theirs):
            return cue.text
    return ""


def unstated_dependence(licence: Licence) -> str:
    """Return the claim's "rests on" where no evidence sentence ties what it rests on to anything by such words."""
    for word in licence.claim.all:
        verb, *joined = word.stem.split()
        tie = word if joined else next(iter(licence.claim.all[word.index + 1 : word.index + 2]), word)
        if verb not in _RESTS or tie.folded.split()[-1] not in ("on", "upon"):
            continue
        onto = _head(tie, licence.claim)
        sentences = {match.sentence for match in licence.matches.get(onto, ())} if onto else set()
        if sentences and not any(_DEPENDENCE.search(fold(licence.evidence.texts[at])) for at in sentences):
            return word.text
    return ""


def _head(tie: Word, words: Words) -> Word | None:
    """Return the last content word of the noun group behind a preposition."""
    after = (word for word in words.all[tie.index + 1 :] if word.folded not in ("a", "an", "the"))
    group = list(takewhile(lambda word: word.content and word.clause == tie.clause, after))
    return group[-1] if group else None


def _caused(words: Words) -> list[tuple[Word, list[Word], list[Word]]]:
    """Return the verbs by which a text names a cause ("A causes B"), each with the content of cause and effect."""
    told = (frame for frame in frames(words) if frame.relation in _CAUSES_IT and frame.doers and frame.objects)
    return [(frame.verb, list(frame.doers), list(frame.objects)) for frame in told]


def _causes(words: Words) -> list[tuple[Word, list[Word], list[Word]]]:
    """Return the words that tie two statements by a reason, each with the content of the cause and of the effect."""
    found: list[tuple[Word, list[Word], list[Word]]] = []
    for word in words.all:
        if word.folded not in _REASONS | _RESULTS:
            continue
        at = _turning(word, words)
        own = [other for other in words.content if other.sentence == word.sentence]
        before, after = [o for o in own if o.index < at], [o for o in own if o.index > at]
        if before and after:  # a new statement after it is no part of it: "because A, and this has B"
            run = next(run for run in statements(words) if after[0] in run)
            after = [other for other in after if other in run]
        if word.folded in _REASONS and not before and after:  # "Because A, B"
            cause = [other for other in after if other.clause == after[0].clause]
            found.append((word, cause, [other for other in after if other not in cause]))
        elif word.folded in _REASONS:
            found.append((word, after, before))
        else:
            found.append((word, before, after))
    return found


def _turning(cue: Word, words: Words) -> int:
    """Return where the effect begins: at the cue, or at the "that" of "so diverse that"."""
    near = words.all[cue.index + 1 : cue.index + _SO_THAT]
    that = (word.index for word in near if word.folded == "that" and word.sentence == cue.sentence)
    return next(that, cue.index) if cue.folded == "so" else cue.index


def _count_said(words: list[Word], among: list[Word], licence: Licence) -> int:
    return sum(any(match in among for match in licence.matches.get(word, ())) for word in words)
