"""Fragments completed from the question before: "why?", "and for images?", "by how much?", "and the second?"."""

from __future__ import annotations

import re
from collections.abc import Iterable

_AUX = r"(?:is|are|was|were|does|do|did|can|could|will|would|has|have|had|should)"
_WH = r"(?:what|which|who|whom|whose|when|where|why|how)"
_PREPOSITION = (
    r"(?:on|in|for|with|over|than|at|by|from|against|under|to|of|about|without|after|before|across|between|since|until"
    r"|per|within)"
)
_CLAUSE = r"(?:how (?:often|much|many|fast|long|well)|how|when|where|why|whether)"
_LEAD = re.compile(
    r"^(?:(?:and|but|so|also|then|ok(?:ay)?|well|hm+|right)\b[,:]?\s+|(?:no|nope|sorry|actually|wait)\b[,.:]\s+)*"
    r"(?:i (?:mean|meant)\s+)?(?:(?:what|how) about\s+)?"
    r"(?P<rest>.*?)[\s?.!]*$",
    re.IGNORECASE,
)
_FRAME = re.compile(rf"^(?P<head>(?:{_PREPOSITION} )?{_WH}\b.*?\b{_AUX})\s+(?P<tail>.+?)[?.!]*$", re.IGNORECASE)
_LONGEST = 8  # words of a fragment; longer ones say enough themselves


def split_lead(text: str) -> tuple[str, bool]:
    """Return `text` without "and", "what about" and the like, and whether there was any."""
    found = _LEAD.match(text)
    rest = found["rest"] if found is not None else text
    led = rest.lower() != text.rstrip(" ?.!").lower()
    return rest, led


def is_fragment(rest: str, *, led: bool) -> bool:
    """Return whether `rest` (without its lead) is no question of its own."""
    words = rest.split()
    if not words or len(words) > _LONGEST or re.search(rf"\b{_AUX}\b", rest, re.IGNORECASE):
        return False
    if re.match(rf"{_PREPOSITION}\b", words[0], re.IGNORECASE):
        return not any(re.fullmatch(_WH, word, re.IGNORECASE) for word in words[2:])
    if re.match(rf"{_WH}\b", words[0], re.IGNORECASE):
        return len(words) <= 3
    return led or len(words) <= 2


def opens_with_noun(fragment: str) -> bool:
    """Return whether a fragment names something, instead of opening with a preposition or a question word."""
    return re.match(rf"(?:{_PREPOSITION}|{_WH})\b", fragment, re.IGNORECASE) is None


def embedded(clause: str, bases: Iterable[str]) -> str:
    """Return the latest of `bases` with its clause of this kind changed, empty where none has one.

    "And when they are sent?" after "Which papers control how often notifications are sent?".
    """
    found = re.match(rf"(?P<word>{_CLAUSE}) (?:they|it|this|that|these|those) {_AUX}\b", clause, re.IGNORECASE)
    if found is None:
        return ""
    for base in bases:
        before = re.search(rf"(?<=\w ){_CLAUSE}(?= [\w -]+? {_AUX}\b)", base, re.IGNORECASE)
        if before is not None:
            return base[: before.start()] + found["word"].lower() + base[before.end() :]
    return ""


def complete(fragment: str, base: str, name: str = "") -> str:
    """Return the question that `fragment` asks where `base` was the question before, about a paper called `name`."""
    base = base.rstrip(" ?.!")
    first, *others = fragment.split()
    if not others and re.fullmatch(r"why|how|when|where|who", first, re.IGNORECASE):
        return _with_question_word(first, base)
    if re.match(rf"{_PREPOSITION}\b", first, re.IGNORECASE):
        return _with_phrase(fragment, first.lower(), base)
    if re.match(rf"{_WH}\b", first, re.IGNORECASE):
        return _with_counted(fragment, base, name)
    return _with_noun(fragment, base, name)


def _with_question_word(word: str, base: str) -> str:
    """Complete "why?": the question before, asked with another word."""
    frame = _FRAME.match(base)
    if frame is None:
        return f"{word.capitalize()}: {base}?"
    aux = frame["head"].split()[-1]
    return f"{word.capitalize()} {aux} {frame['tail']}?"


def _with_phrase(fragment: str, preposition: str, base: str) -> str:
    """Complete "for images?": in the place of the phrase with the same preposition, else at the end."""
    if re.search(rf"\b{_WH}\b", fragment, re.IGNORECASE):
        return f"{base}, {fragment[0].lower()}{fragment[1:]}?"
    stop = rf"(?=\s+(?:{_PREPOSITION}|{_AUX})\b|$)"
    phrases = list(re.finditer(rf"\b{preposition}\b\s+.+?{stop}", base, re.IGNORECASE))
    if not phrases:
        return f"{base} {fragment}?"
    last = phrases[-1]
    return f"{base[: last.start()]}{fragment}{base[last.end() :]}?"


def _with_counted(fragment: str, base: str, name: str) -> str:
    """Complete "how many ratings?": the same question about another thing."""
    frame = _FRAME.match(base)
    if frame is None or frame["head"].split()[0].lower() != fragment.split()[0].lower():
        return f"{name or base}: {fragment}?"
    return f"{fragment.capitalize()} {frame['head'].split()[-1]} {frame['tail']}?"


def _with_noun(fragment: str, base: str, name: str) -> str:
    """Complete "the GPT-5 card about biology?" or "reasoning?": another subject, or another object."""
    noun, preposition, rest = _split_phrase(fragment)
    frame = _FRAME.match(base)
    if frame is None:
        return f"{name or base}: {fragment}?"
    if re.match(r"(?:the|an?|[A-Z0-9]\S*)\b", noun):
        changed = f"{frame['head']} {noun}{_after_subject(frame['tail'])}"
    else:
        changed = (
            re.sub(r"\s+\S+$", f" {noun}", base)
            if not re.search(rf"\b{_PREPOSITION}\b", frame["tail"])
            else f"{base}: {noun}"
        )
    return _with_phrase(f"{preposition} {rest}", preposition, changed) if preposition else f"{changed}?"


def _split_phrase(fragment: str) -> tuple[str, str, str]:
    found = re.match(rf"(?P<noun>.+?)\s+(?P<preposition>{_PREPOSITION})\s+(?P<rest>.+)$", fragment, re.IGNORECASE)
    return (found["noun"], found["preposition"], found["rest"]) if found else (fragment, "", "")


def _after_subject(tail: str) -> str:
    """Return what follows the subject after an auxiliary: the verb, the last word before a phrase, and the phrase."""
    phrase = re.search(rf"\s+{_PREPOSITION}\b", tail, re.IGNORECASE)
    clause = tail[: phrase.start()] if phrase else tail
    subject, _, verb = clause.rpartition(" ")
    return (f" {verb}" if subject else "") + tail[len(clause) :]
