"""The parts of an author's name, for formats that want them apart."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.papers import family_names

_BREAKING = re.compile(r"[,;{}]|(?:^|\s)(?:and|&)(?:\s|$)", re.IGNORECASE)
_SUFFIX = re.compile(r"(?:jr|sr|ii|iii|iv|2nd|3rd)\.?", re.IGNORECASE)
_ORGANISATION = re.compile(
    r"\b(?:team|group|consortium|collaboration|initiative|network|society|association|committee|council|university|"
    r"institute|laborator(?:y|ies)|labs?|department|centre|center|foundation|organi[sz]ation|inc|ltd|gmbh|ai|research|the)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Name:
    """A person's name: given names, family name with its particles ("van der Berg"), suffix ("Jr.")."""

    given: str
    family: str
    suffix: str


def parted(author: str) -> Name | None:
    """Return the parts of "Given Family", None for a name that must stay whole: a single word, an organisation's.

    A name with a comma, a semicolon, a brace or an "and" in it would fall apart in a list of names, and stays whole.
    """
    if _BREAKING.search(author) or _ORGANISATION.search(author):
        return None
    forms = family_names(author)
    if not forms:
        return None
    family = forms[1] if len(forms) > 2 else forms[0]
    given, _, suffix = author.rpartition(family)
    given, suffix = given.strip(), suffix.strip()
    if not given or _SUFFIX.fullmatch(given) or (suffix and not _SUFFIX.fullmatch(suffix)):
        return None
    return Name(given, family, suffix)
