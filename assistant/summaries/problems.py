"""What problem a sentence names, as a span of it: a task as a noun phrase, an aim, or a difficulty as a clause."""

from __future__ import annotations

import re

from assistant.summaries.cells import HANGING, SHORTEST, cut, main_clause
from assistant.summaries.roles import where_difficult
from assistant.summaries.voice import leaning, stands_alone, without_lead

_TASK = re.compile(
    r"(?<!to the )\b(?:problems?|tasks?|challenges?|issues?) of (?!(?:this|these|those|such|both|each|it|its|their|our|"
    r"the (?:same|former|latter|above))\b)(?=\w)"
    r"|\b(?:[Ww]e|[Tt]h(?:is|e) (?:paper|work|study|article|thesis|report)|[Tt]he authors) (?:\w+ly |also |then |"
    r"first )?(?:address|tackl|focus(?:es|ed)? on|deals? with|is concerned with)(?:es|ed|s|e)? "
    r"(?=(?:an?|the|how to|[a-z]+ing) )"
)
_NAMED = re.compile(
    r"(?:the |an? )?(?:general |new |novel |main |important )?(?:problem|task|challenge|issue)s? of (?=\w)"
)
_AIM = re.compile(
    r"\b(?:[Ww]e|[Tt]his (?:paper|work|study|article|thesis|report)) (?:aims?|seeks?|attempts?|tr(?:y|ies)) (?:to|at) "
    r"|\b(?:goal|aim|objective|purpose)s? (?:of (?:this|the|our) (?:\w+ )?(?:paper|work|study|article|research|"
    r"thesis|task) )?(?:here )?(?:is|was|are) to "
    r"(?!(?:propose|present|develop|introduce|describe|provide|give|offer|build|design|create)\b)"
)
_SUBJECT = re.compile(
    r"(?P<task>(?!(?:It|There|They|He|She)\b)[A-Z][^,.;:]{8,80}?) (?:is|are|remains?) (?:an?|"
    r"one of the) (?:[\w-]+ ){0,4}?(?:problem|task|challenge|question)s?\b"
)
_END = re.compile(
    r"\s(?:is|are|was|were|has|have|can|remains?)\s|[,;:]? (?:by (?:\w+ly )?[a-z]+ing|using|based on|via|through|"
    r"while|such that|so that|in which|where|when|wherein|as well as how|with the (?:goal|aim|purpose))\s|[;:]|"
    r", (?=(?:and|but|we|which|namely|a |an |the )\b)| [-–—]+ "
    r"|,? and (?:(?:also|then|thus|we|to) )*(?:show|demonstrate|present|provide|discuss|report|apply|introduce|propose|"
    r"compare|investigate|analy[sz]e|study|describe|consider|prove|argue|test|develop|use)\w* |[.?!] ?(?=[A-Z][a-z]+ )"
)
_NOTHING = re.compile(
    r"(?:(?:an?|the|our|two|three|several|many|main|key|following|research|important|new|novel|open|real|first|"
    r"specific|same|proposed|given|above|\w+ed) )*"
    r"(?:part \(|problems?|tasks?|challenges?|issues?|questions?|aspects?|topics?|cases?|approach|method|model|setting|"
    r"scenarios?|results?|performance|step|goals?|use|setup|number|set|system|domains?|applications?|area|fields?|"
    r"purposes?|(?:\w+ )?users?|data ?sets?|context|research)(?:$| in the context of)",
    re.IGNORECASE,
)
OPENING = 4  # words of a difficulty among which "their" points at what was said before
_POINTER = re.compile(r"\b(?:their|its|they|it|these|this)\b", re.IGNORECASE)
_ANNOUNCED = re.compile(r"(?:challenges|problems|issues|difficulties|limitations|drawbacks)$")  # to be told afterwards
_TURN = re.compile(r"^(?:However|Unfortunately|Particularly|Moreover|Furthermore),? ")
_NAMELESS = re.compile(
    r"(?:the|our) (?:\w+ )?(?:approach(?:es)?|methods?|models?|systems?|technique|solution|framework|algorithm|"
    r"problem|task|results?|experiments?)\b",
    re.IGNORECASE,
)


def task_span(text: str) -> str | None:
    """Return the task that a sentence names: what follows "the problem of" or "this paper addresses"."""
    return _after(_TASK, text)


def aim_span(text: str) -> str | None:
    """Return what the authors say to aim at."""
    return _after(_AIM, text)


def subject_span(text: str) -> str | None:
    """Return the subject of a sentence that calls it a problem or a task: "Rank aggregation is an important task"."""
    found = _SUBJECT.match(without_lead(text))
    value = found["task"] if found else None
    return None if value is None or leaning(value) or says_nothing(value) or not stands_alone(value) else value


def difficulty_span(text: str) -> str | None:
    """Return the main clause of a sentence that states a difficulty, None where it leans on what was said before."""
    if not stands_alone(text) or leaning(text):
        return None
    clause = main_clause(text)
    value = _TURN.sub("", cut(clause, clauses=False))  # the difficulty often stands behind a "but"
    pointing = _POINTER.search(" ".join(value.split()[:OPENING])) or _NAMELESS.match(value) or _ANNOUNCED.search(value)
    shown = 0 <= where_difficult(clause) < len(value) and stands_alone(value)
    return value if shown and not pointing else None


def says_nothing(value: str) -> bool:
    """Return whether a phrase names no problem by itself, as "a specific domain" does."""
    return _NOTHING.match(value) is not None


def _after(pattern: re.Pattern[str], text: str) -> str | None:
    for found in pattern.finditer(text):
        value = text[found.end() :]
        if named := _NAMED.match(value):
            value = value[named.end() :]
        if end := _END.search(value):
            value = HANGING.sub("", value[: end.start()])
        value = cut(value)
        if len(value) >= SHORTEST // 2 and not leaning(value) and not says_nothing(value) and not value.endswith("…"):
            return value
    return None
