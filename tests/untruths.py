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


RULES: dict[str, Rule] = {
    "number": change_number,
    "unit": change_unit,
    "negation added": add_negation,
    "negation dropped": drop_negation,
    "direction": flip_direction,
    "swap": swap_systems,
    "addition": add_something,
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
