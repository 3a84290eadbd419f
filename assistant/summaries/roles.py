"""What a sentence of an abstract does: states the problem, the contribution, the method, a result or a limit."""

from __future__ import annotations

import re
from enum import StrEnum

from assistant.papers import Sentence


class Role(StrEnum):
    """The part a sentence plays in its abstract."""

    PROBLEM = "problem"
    CONTRIBUTION = "contribution"
    METHOD = "method"
    RESULT = "result"
    LIMIT = "limit"
    OTHER = "other"


_ACT = (
    r"(?:propos|present|introduc|develop|describ|design|releas|build|built|offer|stud(?:y|ies)|investigat|explor|"
    r"examin|evaluat|address|formulat|recast)\w*"
)
_WE = r"(?:we|the authors|(?:this|our|the) (?:paper|work|study|article|survey|thesis|report|approach|method))"
_CONTRIBUTION = re.compile(
    rf"\b{_WE}\b[^.;]{{0,40}}\b{_ACT}|\bis (?:a|an) (?:\w+[ -]){{0,6}}"
    r"(?:framework|method|model|algorithm|system|platform|library|language|tool|architecture|approach|dataset|solution|"
    r"simulator|technique|benchmark|compiler|pipeline)\b",
    re.IGNORECASE,
)
_RESULT = re.compile(
    r"\b(?:outperform|achiev|improv|reduc|increas|surpass|exceed|beat|faster|gain|raise|show(?:s|ed|n)? that|"
    r"demonstrat|result(?:s)?\b|experiment|superior|state.of.the.art|accura|significant|win rate|speed-?up|save[sd]?\b|"
    r"deployed|confirm|find(?:s|ings)?\b|better than|up to \d)",
    re.IGNORECASE,
)
_METHOD = re.compile(
    r"\b(?:us(?:e|es|ing)|based on|combin|consist|employ|leverag|by means of|train(?:s|ed|ing)?|learn(?:s|ed)?|"
    r"appl(?:y|ies|ied)|optimi[sz]|model(?:s|led|ed)? (?:the|each|a)|estimat|comput|separat|generat)",
    re.IGNORECASE,
)
_LIMIT = re.compile(
    r"\b(?:limitation|limited to|future work|remains? (?:open|unclear|unsolved|to be)|no definitive|"
    r"open (?:problem|question|challenge)|we (?:do not|cannot|leave)|fails? (?:to|when|on)|only (?:works|applies)|"
    r"not (?:yet|clear)|further (?:work|research|study|studies)|caveat|at the cost of|trade-?offs?|"
    r"does not (?:work|scale|generali[sz]e))",
    re.IGNORECASE,
)
_PROBLEM = re.compile(
    r"\b(?:however|challeng|difficult|hard to|problem|suffer|bottleneck|lack(?:s|ing)?\b|expensive|costly|existing|"
    r"current(?:ly)?|traditional|conventional|although|despite|unfortunately|important|need(?:s|ed)? (?:to|for)|"
    r"often|little|unclear|is crucial|growing|increasingly|widely)",
    re.IGNORECASE,
)
_FIGURE = re.compile(
    r"(?<![\w.-])(?:\d+(?:[.,]\d+)*)\s?(?:%|x\b|×|percent|times|points|milliseconds|ms\b|hours|billion|million|trillion)",
    re.IGNORECASE,
)
_DANGLING = re.compile(
    r"(?:it|they|these|those|this|that|he|she|its|their|such|here|there|both|the (?:latter|former|two|first|second|"
    r"resulting|proposed|same|other)|then|thus|hence|therefore|so|also|moreover|furthermore|in addition|additionally|"
    r"finally|besides|similarly|however|but|and|yet|nevertheless|for (?:example|instance)|specifically|in particular|"
    r"to this end|in this way|as a result|consequently|first(?:ly)?|second(?:ly)?|third(?:ly)?|next|lastly|instead|"
    r"in contrast|on the other hand|meanwhile|accordingly|again|unlike these|to do so|to that end)\b(?! (?:paper|work|"
    r"study|article|survey|thesis|report)\b)",
    re.IGNORECASE,
)


def role_of(sentence: Sentence, index: int, count: int) -> Role:
    """Return the role of sentence `index` of an abstract of `count` sentences, by its wording and its place."""
    text = sentence.text
    if _LIMIT.search(text):
        return Role.LIMIT
    if _CONTRIBUTION.search(text):
        return Role.CONTRIBUTION
    late = index >= count / 2
    if _FIGURE.search(text) or (late and _RESULT.search(text)):
        return Role.RESULT
    if not late and _PROBLEM.search(text):
        return Role.PROBLEM
    if _METHOD.search(text):
        return Role.METHOD
    if _RESULT.search(text):
        return Role.RESULT
    return Role.CONTRIBUTION if index == 0 else Role.OTHER


def has_figure(text: str) -> bool:
    """Return whether the text states a measured figure: a share, a factor, a time, a count in millions."""
    return _FIGURE.search(text) is not None


def stands_alone(text: str) -> bool:
    """Return whether a sentence can be read without the one before it: it starts with no pronoun or connective."""
    return _DANGLING.match(text) is None
