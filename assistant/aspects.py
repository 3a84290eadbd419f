"""Sides of a matter that a question asks for, such as its limits or data, and the sentences that speak of them."""

from __future__ import annotations

import re
from dataclasses import dataclass

_ASKING = (
    r"^\W*(?:and |but |so )?"
    r"(?:(?:what|which|are there|is there|name|list|tell me)\b.{0,40}?\b|(?:(?:the|any|all|some|main|key|known) )*)"
)
_LIMIT = r"(?:limitations?|drawbacks?|disadvantages?|weakness(?:es)?|shortcomings?|downsides?|pitfalls?)"
_GIVEN_UP = re.compile(  # "to overcome this drawback": of something that is done away with
    r"\b(?:address|overc[oa]m|alleviat|sol[vu]|resolv|tackl|mitigat|remed|handl|circumvent|without|eliminat|remov)\w*"
    r"(?:\W+\w+){0,5}?\W+" + _LIMIT,
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Aspect:
    """What a question asks for: its name behind "no sentence", how it is asked for, how a sentence with it reads."""

    name: str
    asks: re.Pattern[str]
    has: re.Pattern[str]
    lacks: re.Pattern[str] | None = None

    def spoken_of(self, sentence: str) -> bool:
        """Return whether `sentence` speaks of it."""
        return self.has.search(sentence) is not None and (self.lacks is None or not self.lacks.search(sentence))


LIMITS = Aspect(
    "names a limit",
    re.compile(
        _ASKING + rf"(?:{_LIMIT}\b|(?:problems?|challenges?|difficult(?:y|ies)|issues?) (?:of|with|in|does|do)\b)", re.I
    ),
    re.compile(
        rf"\b{_LIMIT}\b|\bsuffers?\b|\b(?:fails?|unable|struggles?) to\b|\bcannot\b|\black(?:s|ing)? of\b|\blacks\b"
        r"|\bproblems? (?:of|is|are|that|with|when)\b"
        r"|\b(?:challeng|difficult|hard to\b|expensive|costly|inefficien|inaccura|ignor(?:es?|ing)\b|neglect)\w*",
        re.IGNORECASE,
    ),
    _GIVEN_UP,
)
BENEFITS = Aspect(
    "names a benefit",
    re.compile(
        _ASKING + r"(?:advantages?|benefits?|strengths?|merits?|upsides?|pros)\b (?:of|in|to|does|do|from|and)\b", re.I
    ),
    re.compile(
        r"\b(?:advantages?|benefits?|cheaper|faster|easier|simpler|better|fewer|higher|lower|sav(?:es?|ing)|beats?)\b"
        r"|\b(?:improv|outperform|reduc|efficien|enabl|boost|speed)\w*",
        re.IGNORECASE,
    ),
)
DATA = Aspect(
    "names the data",
    re.compile(
        _ASKING
        + r"(?:data ?sets?|benchmarks?|corpus|corpora|test collections?)\b(?!-)"
        + r"|\bon (?:what|which) (?:data|corpus|corpora)\b",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?:data ?sets?|benchmarks?|corpus|corpora|test collections?|MovieLens|Netflix|TREC|logs? (?:of|from))\b",
        re.I,
    ),
)
MEASURES = Aspect(
    "names a measure",
    re.compile(
        _ASKING + r"(?:metrics?|measures?)\b|\bhow (?:is|are|was|were|can|do|does)\b.*\b(?:measured?|quantif\w+)\b",
        re.I,
    ),
    re.compile(
        r"\b(?:metrics?|measures?|measur(?:ed|ing)|quantif\w+|nDCG|MRR|recall|precision|F1|AUC|accuracy)\b",
        re.I,
    ),
)
FIGURES = Aspect(
    "gives a figure",
    re.compile(
        r"\b(?:by )?how (?:much|many|fast|large|big|long|often|accurate|expensive|high|low)\b|\bto what extent\b"
        r"|\bwhat (?:speed-?up|improvement|gain|accuracy|percentage|share|fraction)\b",
        re.IGNORECASE,
    ),
    re.compile(
        r"\d\s?(?:%|x\b|×)|\b\d[\d.,]*\b(?!\))"
        r"|\b(?:percent|orders? of magnitude|twice|half|halv\w+|thirds?|quarters?|doubl(?:es?|ed|ing)|two times)\b",
        re.IGNORECASE,
    ),
)
REMEDY = Aspect(
    "speaks of a remedy",
    re.compile(
        r"\b(?:what|how|which|ways?|approach(?:es)?|methods?|techniques?)\b.*\b(?:against|tried|mitigat\w*|prevent\w*"
        r"|overcom\w*|alleviat\w*|solv\w*|fix\w*|remed\w*|combat\w*|tackl\w*|address\w*|deals? with|copes? with)\b"
        r"|^\W*how (?:can|could|do|does|to|should|might)\b.*\b(?:reduc|avoid|lower|handl|correct)\w*",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?:mitigat|alleviat|reduc|lower|avoid|prevent|overc[oa]m|address|sol[vu]|resolv|tackl|eas(?:e|es|ing)\b|counter"
        r"|remed|remov|limit|cuts?\b|meets?\b|copes?\b|control|handl|instead|without)\w*",
        re.IGNORECASE,
    ),
)
RESULTS = Aspect(
    "tells of a result",
    re.compile(
        _ASKING + r"(?:results?|findings?|experiments?|evaluations?)\b"
        r"|\bhow (?:is|are|was|were|has|have|did|do|does)\b.*\b(?:evaluat|assess|validat|tested|benchmarked)\w*"
        r"|\bhow (?:well|good)\b",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?:experiment|evaluat|ablation|outperform|surpass|exceed)\w*|\b(?:results?|tests?|tested|beats?|benchmarks?)\b"
        r"|\b(?:achiev|reach|gain|improv)(?:es?|ed|s)?\b.*\d|\bbetter than\b|\bfaster than\b|\bcomparable\b|\bA/B\b",
        re.IGNORECASE,
    ),
)
ASPECTS = (LIMITS, BENEFITS, DATA, MEASURES, FIGURES, REMEDY, RESULTS)


# Quantities of a system or its training. Of the plain ones the words in front say which is meant: a "learning rate".
_QUANTITY = r"(?:dimension(?:ality)?|depth|width|threshold|temperature|epochs?|layers?|parameters?)"
_PLAIN_QUANTITY = r"(?:size|rate|length|number|ratio|value|level)"
_ASKS_QUANTITY = re.compile(
    r"^\W*(?:and |but |so )?(?:what|which)\s+(?:(?:is|are|was|were)\s+the\s+)?"
    r"(?:(?:best|right|optimal|ideal|good|typical|recommended|usual)\s+)?"
    rf"(?P<phrase>(?:(?!(?:of|for|in|the|is|are)\b)[\w-]+\s+){{0,2}}?(?:{_QUANTITY}|(?P<plain>{_PLAIN_QUANTITY}))s?)"
    r"\s*(?:\?|(?:is|are|was|were|should|works?|do|does|did|can|to|gives?|for|in)\b)",
    re.IGNORECASE,
)
_ASKS_COUNT = re.compile(r"^\W*(?:and |but |so )?how many\s+(?P<thing>[\w-]+)", re.IGNORECASE)
_COUNT = (  # a number of things, rather than a share, a time or a size
    r"(?<![\w.$€£-])\d[\d.,]*(?:\s(?:thousand|million|billion|trillion))?\s"
    r"(?!(?:milli|micro|nano)?seconds?\b|minutes?\b|hours?\b|days?\b|years?\b|times\b|points?\b)"
    r"(?:[a-z-]+\s){0,2}[a-z-]{3,}s\b"
)


def asked_aspect(question: str) -> Aspect | None:
    """Return the side of the matter that a question asks for, None where it asks for the matter itself."""
    return asked_quantity(question) or next((aspect for aspect in ASPECTS if aspect.asks.search(question)), None)


def asked_quantity(question: str) -> Aspect | None:
    """Return the quantity whose value a question asks for ("Which learning rate is best?"), None where it asks none."""
    found = _ASKS_QUANTITY.match(question)
    if found is None:
        return None
    words = found["phrase"].split() if found["plain"] else found["phrase"].split()[-1:]
    said = "".join(rf"(?=.*\b{re.escape(word.rstrip('s'))})" for word in re.findall(r"\w+", " ".join(words)))
    return Aspect(f"speaks of “{found['phrase']}”", _ASKS_QUANTITY, re.compile(f"^{said}", re.I | re.S))


def asked_count(question: str) -> Aspect | None:
    """Return the things that a question asks the number of ("How many parameters ...?"), None where it asks none.

    A sentence that counts something may mean them by another word, so it counts as speaking of them.
    """
    found = _ASKS_COUNT.match(question)
    if found is None:
        return None
    said = re.escape(found["thing"].rstrip("s"))
    return Aspect(f"speaks of “{found['thing']}”", _ASKS_COUNT, re.compile(rf"(?i:\b{said})|{_COUNT}"))
