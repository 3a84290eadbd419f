"""What kind of answer a question asks for, read from its words."""

from __future__ import annotations

import re

from assistant.answers import Intent
from assistant.phrasing import names_topic

_PAPERS = r"(?:papers?|articles?|works?(?! (?:best|better|well|worse)\b)|stud(?:y|ies)|publications?|authors?)"
_APPROACHES = (
    r"(?:approach(?:es)?|methods?|techniques?|systems?|frameworks?|models?|algorithms?|ways?|strateg(?:y|ies)"
    r"|benchmarks?|datasets?|tools?|librar(?:y|ies)|solutions?|work|research|evidence|applications?|examples?)"
)
_HOLDING = r"(?:library|collection|store|database)"
_ABOUT_HOLDING = (
    rf"(?:are|is|do|does|did|have|has|were|was|there|you|we|i|it|in|here|the|my|this|your|our|of|{_HOLDING}|contain|hold|know"
    r"|got|total|all|altogether|stored|published|written)"
)
_KNOWN = r"(?:known|written|published|done|know|say|reported|learned|tried|attempted|proposed|suggested)"
_LACKING = (
    rf"^\W*(?:which|what|how many) {_PAPERS} (?:ha(?:ve|s) no|lack|miss|are without|are missing|do(?: not|n't) have)"
    r"(?: an?| any| the| their)? (?P<part>abstract|year|doi|author)s?\W*$"
)
_OLDEST = r"(?:oldest|older|earliest|earlier|very first)"
_OF_THESE = rf"(?: of (?:these|those|them|the (?:two|three|four|five))(?: {_PAPERS})?)?"
_BY_AGE = (
    rf"^\W*(?:and )?(?:which|what)(?: {_PAPERS}| ones?)?{_OF_THESE}(?: (?:is|are|was|were))?(?: the| my)? "
    rf"(?P<age>newest|newer|latest|most recent|more recent|{_OLDEST})(?: ones?)?"
    rf"{_OF_THESE}(?: {_PAPERS})?(?: (?:in|of) (?:the|my|this|your|our) {_HOLDING})?\W*$"
)
_PATTERNS: tuple[tuple[Intent, tuple[str, ...]], ...] = (
    (
        Intent.SMALLTALK,
        (
            r"^\W*(?:hi|hello|hey|thanks?|thank you|thx|great|cool|nice|ok(?:ay)?|perfect|awesome|got it|bye|goodbye"
            r"|good (?:morning|evening|day)|how are you|who are you|what are you|what do you do"
            r"|(?:what|how) (?:can|should) (?:i|you) (?:do|ask|help)(?: (?:me|here|you|with))*)"
            r"(?:[\s,]+(?:there|so much|very much|a lot|again|all|everyone|for .{1,40}|that(?:'s| is| was) .{1,30}"
            r"|(?:that|this) help(?:s|ed)(?: a lot)?))?\W*$",
            r"^[\W_]*[^\W\d_]?[\W_]*$",  # a letter asks nothing
        ),
    ),
    (
        Intent.LIBRARY,
        (
            rf"^\W*(?:so |and )?how many {_PAPERS}(?: {_ABOUT_HOLDING})*\W*$",
            _LACKING,
            _BY_AGE,
            rf"^\W*how (?:big|large) is (?:the|my|this|your|our) {_HOLDING}\W*$",
            rf"^\W*what(?:'s| is| do (?:you|we|i) have)(?: (?:there|here))? in (?:the|my|this|your|our) {_HOLDING}\W*$",
        ),
    ),
    (
        Intent.SUMMARY,
        (
            r"\b(?:overview|summar(?:y|ise|ize)|survey) (?:of|on|about|the|what)\b",
            r"^summar(?:ise|ize)\b",
            r"\bstate of the art (?:in|on|of)\b",
        ),
    ),
    (
        Intent.COMPARE,
        (
            r"^\W*(?:please )?(?:compare|contrast)\b",
            r"\b(?:difference|differences|comparison) between\b",
            r"\bhow (?:do|does|did) .+ (?:differ|compare)\b",
            r"\b(?:versus|vs\.?)\b",
        ),
    ),
    (Intent.LOOKUP, (r"^\W*(?:please )?(?:show|open|find)(?: me)? (?:the )?(?:paper|article|abstract)\b",)),
    (
        Intent.LIST,
        (
            rf"^\W*(?:so |and )?how many {_PAPERS}\b",
            rf"\b(?:which|what|any|list|find|show|name)\b(?:\s+\S+){{0,4}}?\s+{_PAPERS}\b",
            rf"\b(?:are|is) there (?:any |an? )?(?:\S+\s+){{0,3}}?{_PAPERS}\b",
            r"^\W*(?:please )?(?:list|name|enumerate)\b",
            rf"\b{_PAPERS} (?:about|on|that|which|by)\b",
            rf"\b(?:which|what)\b(?:\s+\S+){{0,4}}?\s+(?:{_APPROACHES})\b(?! (?:size|is|was|does|did))",
            rf"\bwhat (?:is|was|were|has been|do we|do they|does the literature|is currently) {_KNOWN}\b",
            r"\bwhat (?:work|research) (?:has been|is|was|exists)\b",
            r"\bdo (?:the )?(?:papers|studies|authors) (?:agree|disagree)\b",
            r"\bhow (?:has|have|did) .+ (?:changed?|evolved?|develop(?:ed)?|grow|grown|progress(?:ed)?)\b",
            # how something can be done: which ways there are
            r"^\W*how (?:can|could|should|might|may) .+ be \w+(?:ed|en|t|ne|nd|wn|de|ld)\b",
            r"\bwho (?:has |have )?(?:work|stud|publish|wrote)",
        ),
    ),
)
_COMPILED = tuple((intent, re.compile("|".join(forms), re.IGNORECASE)) for intent, forms in _PATTERNS)


def lacking_part(question: str) -> str:
    """Return which part of a record a question says is missing ("Which papers have no abstract?"); else empty."""
    found = re.match(_LACKING, " ".join(question.split()), re.IGNORECASE)
    return found["part"].lower() if found else ""


def asked_age(question: str) -> str:
    """Return "newest" or "oldest" where a question asks for such papers of the library; else empty."""
    found = re.match(_BY_AGE, " ".join(question.split()), re.IGNORECASE)
    if found is None:
        return ""
    return "oldest" if re.fullmatch(_OLDEST, found["age"], re.IGNORECASE) else "newest"


def detect_intent(question: str) -> Intent:
    """Return the kind of answer that `question` asks for; a question of fact where nothing else fits.

    Keywords, and questions for help ("How can I ..."), ask for papers on their topic.
    """
    words = " ".join(question.split())
    other = Intent.LIST if names_topic(words) else Intent.QUESTION
    return next((intent for intent, pattern in _COMPILED if pattern.search(words)), other)
