"""Untrue variants of true sentences, made by seeded rules: what verification must not let through.

Each rule takes a sentence and a source of chance and returns its variant, or None where it does not apply.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

Rule = Callable[[str, random.Random], str | None]

_NUMBER = re.compile(r"(?<![\w.@-])\d+(?:[.,]\d+)*(?![\w.]*[A-Za-z]\d)(?!\d)")
_UNITS_TEXT = """
    %:ms,x,_points percent:points,times ms:s,minutes seconds:minutes,hours minutes:seconds,hours hours:days,minutes
    days:weeks,hours weeks:days,months months:years,days years:months,days GB:MB,TB MB:GB,KB KB:MB,GB mg:g,kg kg:g,mg
    times:percent,points million:billion,thousand billion:million,thousand dB:%,ms cm:mm,km mm:cm,m x:%,_points
"""
_UNITS = {unit: others.split(",") for unit, _, others in (entry.partition(":") for entry in _UNITS_TEXT.split())}
_UNIT = re.compile(rf"(?<![\w.])(\d+(?:[.,]\d+)*)(\s?-?)({'|'.join(sorted(_UNITS, key=len, reverse=True))})(?!\w)")
_VERBS = re.compile(r"\b(is|are|was|were|can|has|have|does|will|should)\b(?!\s+(?:not|no|n't|never))")
_NEGATED = re.compile(
    r"\b(is|are|was|were|can|do|does|did|has|have|had|could|would|should|will) not\b|\bcannot\b", re.IGNORECASE
)
_OPPOSITES_TEXT = """
    increases:decreases increase:decrease increased:decreased increasing:decreasing decreases:increases
    decrease:increase
    decreased:increased reduces:increases reduce:increase reduced:increased reducing:increasing higher:lower
    lower:higher
    better:worse worse:better improves:worsens improve:worsen improved:worsened improving:worsening faster:slower
    slower:faster larger:smaller smaller:larger more:less fewer:more less:more outperforms:underperforms
    outperform:underperform greater:smaller stronger:weaker high:low low:high raises:lowers superior:inferior
    reduction:increase improvement:deterioration improvements:deteriorations best:worst
"""
_OPPOSITES = {word: other for word, _, other in (entry.partition(":") for entry in _OPPOSITES_TEXT.split())}
_DIRECTION = re.compile(rf"\b({'|'.join(sorted(_OPPOSITES, key=len, reverse=True))})\b")
_NAME = re.compile(r"(?<![\w-])(?:[A-Z][a-z]*[A-Z0-9][A-Za-z0-9]*|[A-Z]{2,}[0-9]*|[A-Z][a-z]+[0-9]+)(?![\w-])")
_RELATING_TEXT = "than over by from to with using of for in on outperforms is are uses"
_RELATING = frozenset(_RELATING_TEXT.split())
ADDITIONS = (
    "and also reduces memory consumption",
    "especially for low-resource languages",
    "with statistical significance in a clinical trial",
    "because attention captures long-range dependencies",
    "which lowers the energy costs of the data center",
    "and generalizes to unseen hospitals",
    "as confirmed by human annotators",
    "at the cost of a longer training schedule",
    "thanks to contrastive pretraining",
    "in twelve European countries",
)


def change_number(sentence: str, chance: random.Random) -> str | None:
    """Return the sentence with one digit of a number changed."""
    match = _choose(_NUMBER, sentence, chance)
    if match is None:
        return None
    digits = match.group()
    at = chance.choice([index for index, char in enumerate(digits) if char.isdigit()])
    changed = digits[:at] + chance.choice([digit for digit in "123456789" if digit != digits[at]]) + digits[at + 1 :]
    return sentence[: match.start()] + changed + sentence[match.end() :]


def change_unit(sentence: str, chance: random.Random) -> str | None:
    """Return the sentence with the unit of one number changed."""
    match = _choose(_UNIT, sentence, chance)
    if match is None:
        return None
    unit = chance.choice(_UNITS[match[3]]).replace("_", " ")
    return f"{sentence[: match.start()]}{match[1]}{match[2]}{unit}{sentence[match.end() :]}"


def add_negation(sentence: str, chance: random.Random) -> str | None:
    """Return the sentence with a verb negated."""
    match = _choose(_VERBS, sentence, chance)
    return match and f"{sentence[: match.end()]} not{sentence[match.end() :]}"


def drop_negation(sentence: str, chance: random.Random) -> str | None:
    """Return the sentence with a negation taken out."""
    match = _choose(_NEGATED, sentence, chance)
    return match and sentence[: match.start()] + (match[1] or "can") + sentence[match.end() :]


def flip_direction(sentence: str, chance: random.Random) -> str | None:
    """Return the sentence with a direction turned round."""
    match = _choose(_DIRECTION, sentence, chance)
    return match and sentence[: match.start()] + _OPPOSITES[match.group()] + sentence[match.end() :]


def swap_systems(sentence: str, chance: random.Random) -> str | None:
    """Return the sentence with two names exchanged that no list and no noun group holds together."""
    found = [match for match in _NAME.finditer(sentence) if match.start() and sentence.count(match.group()) == 1]
    pairs = [
        (left, right)
        for at, left in enumerate(found)
        for right in found[at + 1 :]
        if left.group() not in right.group() and right.group() not in left.group()
        if _apart(sentence[left.end() : right.start()])
    ]
    if not pairs:
        return None
    left, right = chance.choice(pairs)
    middle = sentence[left.end() : right.start()]
    return sentence[: left.start()] + right.group() + middle + left.group() + sentence[right.end() :]


def add_something(sentence: str, chance: random.Random) -> str | None:
    """Return the sentence with a plausible phrase added at its end."""
    addition = chance.choice(ADDITIONS)
    if not sentence.endswith(".") or any(word in sentence for word in addition.split() if len(word) > 6):
        return None
    return f"{sentence[:-1]}, {addition}."


_DOING_TEXT = """
    improves reduces inhibits induces promotes predicts outperforms achieves requires enables provides produces
    regulates suppresses affects generates captures learns combines prevents enhances mediates contains
    drives exploits inhibited induced promoted predicted suppressed prevented caused stimulated
    significantly_improved significantly_reduced significantly_increased significantly_decreased significantly_improves
    significantly_reduces facilitates determines controls integrates incorporates employs utilizes extends leverages
    uses adopts encodes introduces replaces increases decreases strengthens weakens impairs blocks
"""
_DOING = re.compile(rf"\b({'|'.join(_DOING_TEXT.split()).replace('_', ' ')})\b")
_NO_GROUP_TEXT = """
    a an the and or of in on for with by to at from as than that which who we it they this these those its their our
    is are was were be been has have had can may not but also both all while when if between among via using into
    significantly more most less over through during after before under such several many two three only how what
    could would should will do does did no any each here there despite although since because even usually thus
    therefore paper study approach method methods approaches researcher authors result results
    research work article framework process
"""
_NO_GROUP = frozenset(_NO_GROUP_TEXT.split())
_SUBJECT = re.compile(r"(?:(The|A|An|Our|Their) )?((?:[\w-]+ ){0,3}[\w-]+(?<!ly)) $")
_OBJECT = re.compile(
    r" (?:the |a |an |its )?((?:[a-z-]{3,} ){0,2}[a-z-]{4,})"
    r"(?= (?:in|on|for|with|by|to|from|and|that|via|through)\b|[,.;])"
)
_GROUP = re.compile(
    r"\b(?:of|in|on|for|with|to|from) (?:the |a |an |its )?((?:[a-z-]{3,} ){0,2}[a-z-]{4,})(?=[,.;]| and\b)"
)
_LIMITING_TEXT = "short long small large low high sparse rare severe mild elderly older younger female male early late"
_CONDITION = re.compile(
    r"(?P<opening>^(?:When|If|Unless|In the absence of|In the presence of) [^,;.:()]{8,90}, )"
    r"|(?<!,) (?:only )?(?:when|if|unless|in the absence of|in the presence of) (?!compar|used)[^,;.:()]{8,90}(?=\.$)"
    r"|(?<!,) only (?:in|for|on|with|among|under) [^,;.:()]{6,60}(?=\.$)"
    rf"|(?<!,) (?:in|for|on|with|among|at|under) (?:the )?(?:{_LIMITING_TEXT.replace(' ', '|')}) [a-z-]{{4,}}"
    r"(?: [a-z-]{4,})?(?=\.$)"
)
_NO_CONDITION = re.compile(
    r"\b(?:especially|particularly|even|including|both|and|or|whether|determine|see"
    r"|(?:than|versus)(?: \w+){0,4}|comparison) *$"
)


def swap_subject(sentence: str, chance: random.Random) -> str | None:
    """Return the sentence with its doer exchanged with what is done to, or replaced by another thing it names."""
    verb = _DOING.search(sentence)
    subject = _SUBJECT.match(sentence[: verb.start()]) if verb else None
    if verb is None or subject is None or len(subject[2]) < 4 or _NO_GROUP & set(subject[2].lower().split()):
        return None
    rest = sentence[verb.end() :]
    done = _OBJECT.match(rest)
    others = [match[1] for match in _GROUP.finditer(rest)]
    others = [other for other in others if not (done and other == done[1]) and _apart_from(other, subject[2])]
    if others and chance.random() < 0.5:
        return f"{_capital(chance.choice(others))} {verb.group()}{rest}"
    if done is None or not _apart_from(done[1], subject[2]):
        return None
    proper = any(char.isupper() or char.isdigit() for char in subject[2][1:])
    doer = subject[2] if proper else subject[2][0].lower() + subject[2][1:]
    return f"{_capital(done[1])} {verb.group()}{rest[: done.start(1)]}{doer}{rest[done.end(1) :]}"


def drop_condition(sentence: str, chance: random.Random) -> str | None:
    """Return a sentence that raises, lowers or compares something without the condition that it sets."""
    match = _choose(_CONDITION, sentence, chance)
    if match is None or _NO_CONDITION.search(sentence[: match.start()]):
        return None
    rest = sentence[match.end() :]
    kept = sentence[: match.start()] + (_capital(rest) if match["opening"] else rest)
    said = re.split("[,;:]", kept)[0 if match["opening"] else -1]
    return kept if _DIRECTION.search(said) and len(said) > 30 else None


def _apart_from(thing: str, other: str) -> bool:
    """Whether two noun groups share no word, and the first is one."""
    words = set(thing.lower().split())
    return not words & set(other.lower().split()) and not words & _NO_GROUP and "ly " not in thing


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


RULES: dict[str, Rule] = {
    "number": change_number,
    "unit": change_unit,
    "negation added": add_negation,
    "negation dropped": drop_negation,
    "direction": flip_direction,
    "swap": swap_systems,
    "addition": add_something,
    "subject": swap_subject,
    "condition": drop_condition,
}


def untruths(sentences: Sequence[str], kind: str, count: int, seed: int = 0) -> list[tuple[str, str]]:
    """Return at most `count` pairs (true sentence, untrue variant of that kind)."""
    chance = random.Random(f"{kind}{seed}")
    pairs: list[tuple[str, str]] = []
    for sentence in sentences:
        variant = RULES[kind](sentence, chance)
        if variant is not None and variant != sentence:
            pairs.append((sentence, variant))
        if len(pairs) == count:
            break
    return pairs


def _choose(pattern: re.Pattern[str], sentence: str, chance: random.Random) -> re.Match[str] | None:
    found = list(pattern.finditer(sentence))
    return chance.choice(found) if found else None


def _apart(between: str) -> bool:
    """Whether words between two names relate them: more than a list's commas, an abbreviation, or one noun group."""
    return "(" not in between and bool(set(re.findall(r"[A-Za-z]+", between)) & _RELATING)
