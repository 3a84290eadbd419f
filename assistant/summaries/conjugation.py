"""The verb that one author needs: "we propose" becomes "proposes", where that can be done safely."""

from __future__ import annotations

import re

from assistant.text import word_set

PRESENT = word_set("""
    achieve address adopt aim analyse analyze apply argue assess assume attempt believe build call categorize challenge
    characterize choose classify collect combine compare compute conclude conduct conjecture consider construct
    contribute create define demonstrate derive describe design determine develop devise discuss employ establish
    estimate evaluate examine exploit explain explore extend extract find focus follow formalize formulate generalize
    generate give highlight hypothesize identify illustrate implement improve include incorporate integrate introduce
    investigate leverage make measure model motivate need observe obtain offer optimize outline perform present propose
    prove provide recommend release report represent reproduce review seek show simulate study suggest summarise
    summarize survey tackle take test train try use utilize validate
""")  # verbs that an author is the subject of
_IRREGULAR = {"are": "is", "have": "has", "do": "does", "were": "was"}
_SAME = word_set("""
    can could will would may might must should did had found built made showed
    ran took gave chose sought
""")
_ADVERB = r"(?:\w+ly|also|then|first|further|here|therefore|thus|hence|next|now)"
_FIRST = re.compile(rf"\b(?P<we>[Ww]e )(?P<adverb>{_ADVERB} )?(?P<verb>[a-z]+)\b(?!-)")
_JOINED = re.compile(rf"(?:\b(?:and|or|but|then)|[,;]) (?!and |or |but |then )(?:{_ADVERB} )?(?P<verb>[a-z]+)\b")
_SMALL = r"(?:in|on|for|with|from|to|by|of|at|as|how|that|when|where|which|not|without|even|whether|the|an?|into|than)"
_LIKE_A_VERB = re.compile(  # "and outline an approximation"
    rf"\b(?:and|or|but|then) (?:{_ADVERB} )?(?!{_SMALL}\b)[a-z]+ "
    r"(?:an?|the|that|how|whether|our|its|their|it|this|these)\b"
    rf"|\band (?:also|then|further|finally) "
)


def with_one_subject(body: str) -> str | None:
    """Return `body` with the verb behind its first "we" as one person needs it; None where that is not certain.

    It is not where the verb is unknown, or where a second verb may hang on the same "we".
    """
    found = _FIRST.search(body)
    if found is None:
        return None
    verb = found["verb"]
    if verb in _SAME or (verb.endswith("ed") and verb not in ("need", "seed")):
        return body
    if verb not in PRESENT and verb not in _IRREGULAR:
        return None
    rest = body[found.end() :].split(" we ")[0]  # what follows has a subject of its own
    if _LIKE_A_VERB.search(rest) or any(
        other["verb"] in PRESENT or other["verb"] in _IRREGULAR for other in _JOINED.finditer(rest)
    ):
        return None
    return f"{body[: found.start('verb')]}{_IRREGULAR.get(verb) or _third(verb)}{body[found.end() :]}"


def _third(verb: str) -> str:
    """Return "studies" of "study", "focuses" of "focus"."""
    if verb.endswith("y") and verb[-2] not in "aeou":
        return f"{verb[:-1]}ies"
    return f"{verb}es" if verb.endswith(("s", "x", "ch", "sh")) else f"{verb}s"
