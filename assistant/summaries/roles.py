"""What a sentence of an abstract does: states the problem, what is proposed, how, with which result, or a limit."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from enum import StrEnum

KEPT = 8192  # readings that are remembered: each part of a summary reads the same sentences


class Role(StrEnum):
    """The part a sentence plays in its abstract."""

    PROBLEM = "problem"
    PROPOSAL = "proposal"
    METHOD = "method"
    RESULT = "result"
    LIMIT = "limit"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Reading:
    """The role of a sentence and how plainly it plays it, from 0 to 1."""

    role: Role
    strength: float


_SELF = r"(?:we|the authors?|th(?:is|e|e present) (?:paper|work|study|article|survey|thesis|report|research))"
_KIND = (
    r"(?:framework|method|model|algorithm|system|platform|library|language|tool|toolkit|architecture|approach|dataset|"
    r"data ?set|solution|simulator|technique|benchmark|compiler|pipeline|strategy|architecture|network|scheme|"
    r"mechanism|index|engine|corpus|study|survey|review|paradigm|theory|measure|metric)s?"
)
_COMMON = (
    r"(?:very |most |widely )?(?:common|popular|widely|important|fundamental|key|well[- ]known|simple|standard|"
    r"challenging|crucial|integral|promising|typical|major|central|critical|essential|vital|useful|powerful)\b"
)
_MAKE = (
    r"(?:propos|present|introduc|develop|design|devis|releas|build|built|offer|contribut|implement|construct|creat)\w*"
)
_STUDY = (
    r"(?:stud(?:y|ies|ied)|investigat|explor|examin|evaluat|address|formulat|recast|describ|analy[sz]|survey|review|"
    r"discuss|compar|revisit|tackl|extend|report|focus|aim|show how|give|provid|consider|recommend|limit)\w*"
)
_BETWEEN = r"(?:[^.;]{0,60}?\b)"
_PROPOSAL = (
    (re.compile(rf"\b{_SELF}\b (?:\w+ ){{0,2}}{_MAKE}\b", re.IGNORECASE), 1.0),
    (
        re.compile(
            rf"^(?:the )?[A-Z][\w-]*(?: [\w-]+){{0,6}}?(?: \([^)]*\))?,? (?:is|are) (?:also )?"
            rf"(?:an?|the|one|two|three|[A-Z]\w+['’]s) (?!{_COMMON})"
            rf"(?:(?!of |for |in |to |that |which |and )[\w-]+ ){{0,5}}{_KIND}\b"
        ),
        0.9,
    ),
    (re.compile(rf"\b{_SELF}\b (?:\w+ ){{0,2}}{_STUDY}\b", re.IGNORECASE), 0.8),
    (re.compile(rf"\b{_SELF}\b{_BETWEEN}{_MAKE}\b", re.IGNORECASE), 0.7),
    (re.compile(rf"\b{_MAKE}\b{_BETWEEN}\b(?:in|by) {_SELF}\b|\b(?:is|are) (?:proposed|presented|introduced)\b"), 0.7),
    (re.compile(r"\bour (?:main )?(?:contribution|goal|aim|approach|idea)s? (?:is|are)\b", re.IGNORECASE), 0.6),
)
_COMPARED = re.compile(
    r"\b(?:outperform|surpass|exceed|beat|superior|state.of.the.art|better than|improve[sd]? (?:on|over|upon|the|by)|"
    r"improvements?\b|speed-?ups?|faster than|gains?\b|win rate|"
    r"(?:reduce|increase|raise|cut|save|boost)[sd]? (?!(?:[\w-]+ ){0,6}(?:concern|issue|question)s?\b)|higher|lower)",
    re.IGNORECASE,
)
_FOUND = re.compile(
    r"\b(?:experiment|results?\b|empirical|evaluation|show(?:s|ed|n)? that|demonstrat|find(?:s|ings)?\b|found|confirm|"
    r"reveal|conclude|observe|validat|deployed|A/B test|achiev|accura)",
    re.IGNORECASE,
)
_OUTCOME = re.compile(
    r"(?:\w+,? )?(?:(?:our |the |extensive |comprehensive |experimental |empirical |evaluation |numerical |several )*"
    r"(?:experiments?|results?|evaluations?|findings|simulations?)\b|"
    r"we (?:\w+ly )?(?:show|find|found|demonstrate|observe)\b)",
    re.IGNORECASE,
)
_SPEAKS = re.compile(rf"\b{_SELF}\b|\bour\b", re.IGNORECASE)
_METHOD = re.compile(
    r"\b(?:us(?:e|es|ing)|based on|combin|consist|employ|leverag|by means of|train(?:s|ed)?|learn(?:s|ed)?|"
    r"appl(?:y|ies|ied)|optimi[sz]|model(?:s|led|ed)? (?:the|each|a)|estimat|comput|separat|generat|integrat|extract)",
    re.IGNORECASE,
)
_LIMIT = re.compile(
    r"\b(?<!for )(?:future (?:work|research|directions?)|remains? (?:an? )?(?:open|unclear|unsolved|unexplored|to be)|"
    r"open (?:problem|question|challenge|issue)s?|"
    r"limitations? of (?:our|the proposed|this|these)|(?:our|the proposed) \w+ "
    r"(?:cannot|does not(?! (?:\w+ )?(?:require|need|rely|depend|assume|suffer|bound|use))|is limited|fails)|"
    r"we (?:do not|did not|cannot|leave|could not)|"
    r"(?:further|more) (?:work|research|study|studies|investigation)s? (?:is|are|on|into|needed|required|should|could)|"
    r"no definitive|is still (?:far|an open|limited)|not yet (?:been )?|little is known|"
    r"to the best of our knowledge, (?:no|there))",
    re.IGNORECASE,
)
_TALK = re.compile(  # announces that open issues are talked about, and names none
    r"\b(?:discuss|outlin|summari|highlight|identif|explor|suggest|present|list|point|detail|describ)\w*\b[^.;]{0,80}?\b(?:open|future)\b",
    re.IGNORECASE,
)
_HARD = re.compile(
    r"\b(?:(?<!to )(?-i:challeng)|difficult|hard to|hardly|suffer|bottleneck|lack(?:s|ing)?\b|expensive|costly|"
    r"fails?\b|cannot|poorly|inefficien|limited|prohibitive|ignor(?:es?|ing)\b|neglect|overlook|sparsity|degrade|unclear|"
    r"oblivious to|restricts?\b|tedious|suboptimal|ill-understood|insufficient|inadequate|time-consuming|"
    r"labou?r-intensive|no (?:previous|prior|existing) (?:work|stud|method|approach)|"
    r"without (?:\w+ )?(?:considering|taking|accounting)|(?:only|mainly) (?:consider|focus|exploit|rely)|"
    r"vulnerable to|hamper|hinder|impede|burden|little attention|rarely|"
    r"not (?:\w+ )?(?:designed|sufficient|able|available|suitable|applicable|scalable|feasible)\b|far from \w+|"
    r"at the (?:cost|expense) of|too (?:slow|costly|expensive|large)|do not scale|problematic|drawback|shortcoming)",
    re.IGNORECASE,
)
_SETTING = re.compile(
    r"\b(?:however|problem|existing|current(?:ly)?|traditional|conventional|although|despite|important|often|"
    r"crucial|growing|increasing|widely|recent(?:ly)?|popular|need(?:s|ed)? (?:to|for)|most )",
    re.IGNORECASE,
)
_FIGURE = re.compile(
    r"(?<![\w.])\d+(?:\.\d+)?\s?--?\s?\d+(?:\.\d+)?\s?%|"
    r"(?<![\w.-])(?:\d+(?:[.,]\d+)*)\s?(?:%|x\b|×|percent|times|points|milliseconds|ms\b|seconds|minutes|hours|"
    r"billion|million|trillion)|\b(?:AUC|accuracy|F1|MAP|MRR|NDCG|precision|recall)[^.;]{0,30}?\b0?\.\d+|"
    r"\borders? of magnitude\b|\b\d[\d.]*-fold\b",
    re.IGNORECASE,
)


@functools.lru_cache(maxsize=KEPT)
def read_role(text: str, place: float) -> Reading:
    """Return the role of a sentence by its wording and its place, from 0 (first of the abstract) to 1 (last)."""
    if _LIMIT.search(text) and not announces_open_issues(text):
        return Reading(Role.LIMIT, 1.0)
    made = next((strength for pattern, strength in _PROPOSAL if pattern.search(text)), 0.0)
    found = 0.5 * bool(_COMPARED.search(text)) + 0.3 * bool(_FOUND.search(text)) + 0.5 * has_figure(text)
    if _OUTCOME.match(text) and found:
        return Reading(Role.RESULT, min(found, 1.0))
    if made >= 0.9 or (made and found < 0.5):
        return Reading(Role.PROPOSAL, made)
    speaks = _SPEAKS.search(text) is not None
    if _HARD.search(text) and place <= 0.6 and not speaks and not has_figure(text):
        return Reading(Role.PROBLEM, 0.9 - 0.4 * place)
    if found and (place >= 0.4 or found >= 0.7):
        return Reading(Role.RESULT, min(found, 1.0))
    if place <= 0.4 and _SETTING.search(text) and not speaks:
        return Reading(Role.PROBLEM, 0.3)
    if made:
        return Reading(Role.PROPOSAL, made)
    if _METHOD.search(text):
        return Reading(Role.METHOD, 0.6)
    return Reading(Role.RESULT, found) if found else Reading(Role.OTHER, 0.0)


def announces_open_issues(text: str) -> bool:
    """Return whether a sentence says that open issues are talked about, and names none."""
    return _TALK.search(text) is not None


def has_figure(text: str) -> bool:
    """Return whether the text states a measured figure: a share, a factor, a time, a count in millions."""
    return _FIGURE.search(text) is not None


def where_difficult(text: str) -> int:
    """Return where the first words of a difficulty stand ("cannot", "suffers from", "is limited"), -1 without any."""
    found = _HARD.search(text)
    return found.start() if found else -1


def is_outcome(text: str) -> bool:
    """Return whether a sentence opens with experiments or results: "Experiments show that"."""
    return _OUTCOME.match(text) is not None
