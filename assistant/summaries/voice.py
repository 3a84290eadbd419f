"""An abstract's sentence as a third person tells it: "We propose X" becomes "Wu et al. (2018) propose X".

Only who speaks and how the sentence hangs on the one before it change; every word of substance stays, and the quote of
the claim is the sentence as it was written.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Sequence

from assistant.papers import Paper, family_names
from assistant.summaries.conjugation import with_one_subject

KEPT = 8192  # sentences whose reading is remembered
_PAPER = r"(?:paper|piece of work|work|study|article|survey|thesis|report|letter|chapter|manuscript|research)"
_THAT = r"(?:this|these|those|such|the above|the aforementioned|the latter)"
_CONNECTIVES = (
    r"however|moreover|furthermore|further|in addition|additionally|besides|finally|lastly|also|thus|therefore|hence|"
    r"consequently|as a result|accordingly|to this end|to that end|(?:in order )?to do (?:so|this)|specifically|"
    r"in particular|in other words|"
    r"more specifically|concretely|overall|in summary|in conclusion|to summarize|here|herein|then|next|firstly|first|"
    r"secondly|second|thirdly|third|notably|importantly|interestingly|remarkably|nevertheless|nonetheless|meanwhile|"
    r"similarly|subsequently|afterwards|at the same time|"
    r"for this purpose|for this reason|as such|that is|indeed|in fact|in this way|in this regard|"
    rf"in this (?:context|direction|respect)|in (?:this|the present|the current) {_PAPER}|with this {_PAPER}|"
    rf"through(?:out)? this {_PAPER}"
)
_LEAD = re.compile(rf"(?:{_CONNECTIVES}),\s*", re.IGNORECASE)
_COUNTER = re.compile(r"(?:\(?(?:\d|[ivx]{1,4})\)|\d\s?[-.:])\s+(?=[A-Z])")  # "2 - We propose", "(ii) We show"
_BARE_LEAD = re.compile(
    rf"(?:(?:and|but|so|first|thus|therefore|hence|finally|also|here|herein|then|furthermore|moreover|additionally|besides|"
    rf"in (?:this|the present|the current) {_PAPER})\s+)(?=(?:we|our|this {_PAPER})\b)",
    re.IGNORECASE,
)
_PURPOSE = re.compile(
    r"(?:to|in order to|for|aiming to) (?:address|addressing|tackl\w+|overcom\w+|solv\w+|mitigat\w+|bridg\w+|fill\w*|"
    rf"alleviat\w+|remedy\w*|handl\w+|meet\w*|cop\w+ with|deal\w* with|resolv\w+|combat\w*) "
    rf"(?:{_THAT}|it|them|that|both|the (?:problem|issue|challenge|gap|limitation|shortcoming|drawback)s?(?=,)|"
    r"(?:the )?(?:challenge|problem|issue)s? \(\w\)(?=,))"
    r"[^,.;:]{0,60},\s+"
    rf"|(?:due to|based on|given|motivated by|inspired by|following|driven by|towards?|with|in light of) {_THAT}\b"
    r"[^,.;:]{0,60},\s+",
    re.IGNORECASE,
)
_ADVERB = re.compile(
    r"\b([Ww]e(?: have| are)?|[Oo]ur (?:results|findings|experiments)) "
    r"(?:therefore|thus|hence|also|further|furthermore|then|finally|first|firstly|next|now) "
)
_SELF = re.compile(
    rf"\b(?<!what )(?<!than )(?:we|our|ours|(?-i:us)|ourselves|my)\b|\bthis {_PAPER}\b|\bthe present {_PAPER}\b"
    r"|\bthe proposed \w+|(?:^|, )(?-i:I) (?=[a-z])",
    re.IGNORECASE,
)
_EVERYBODY = re.compile(r"\b(?:that|if|what|why|how|because) we (?:all )?(?:need|should|must|have to|ought)\b")
_SPEAKERS = re.compile(r"\b(?:we|(?-i:us)|ourselves|my)\b|(?:^|, )(?-i:I) (?=[a-z])", re.IGNORECASE)
_I = re.compile(r"(^|, )I (?=[a-z])")
_PERSON = re.compile(
    rf"\b(?P<we>we|We)\b|\b(?P<our>our|Our)\b|\b(?P<us>us)\b|\b(?P<ours>ours)\b|\b(?P<selves>ourselves)\b"
    rf"|\b(?P<this>[Tt]his|[Tt]he present) (?P<noun>{_PAPER})\b|\b(?P<proposed>[Tt]he proposed)(?= [\w-]+)"
)
_PRONOUNS = {"we": "they", "our": "their", "us": "them", "ours": "theirs", "selves": "themselves"}
_LEANS = re.compile(
    r"(?:it|they|these|those|this|that|he|she|its|their|such|here|there|both|each|all|another|instead|again|or|yet|but|"
    r"and|so|especially|in particular|either (?:of|way)|(?:for|in|with) (?:each|every|either)|doing so|"
    r"(?:keeping|making|using|combining|joining|putting|taking) (?:them|it|these|this|both)|"
    r"some of|most of these|additional(?:ly)?|similar(?:ly)?|the (?:latter|former|two|first|second|third|"
    r"resulting|same|other|others|above|rest|key|main|idea|goal|aim|problem|task)|one (?:of|is|such)|"
    r"a (?:key|second|third|further|final)|unlike (?:these|this)|compared (?:to|with) (?:these|this)|as (?:a|an|such)|"
    r"for (?:example|instance|each)|in (?:both|contrast|these|those|all|the (?:first|second|end))|on the other hand|"
    r"with (?:it|this|these|them)|by (?:doing so|this|these)|using (?:this|these|it)|from (?:this|these)|to the best|"
    r"due to (?:this|these|its|their)|since (?:it|this|they)|if (?:it|this|they)|when (?:it|this|they))\b"
    rf"(?! {_PAPER}\b)",
    re.IGNORECASE,
)
_POINTERS = re.compile(
    rf"\b(?:these|those|such(?! as)|this|the (?:former|latter|above|aforementioned))\b(?! {_PAPER}\b)"
    r"|^\w+ (?:them|it|these)\b|\b(?:that|show|shows|which) (?:it|they)\b|\bfor (?:this|that|it)\b|"
    r"\bthe other\b|\bboth aspects\b|\b(?:thus|therefore|hence)\b|"
    r"\bthe (?:two|given|presented|mentioned|above-mentioned|following) \w+|"
    r"\bthe (?:problems?|issues?|challenges?|system|effect|gap|target|task|approach|method|technique|module)\b"
    r"(?! (?:of|that|which|in|for|to|where|when|called|named|is|are|we|on|by|with)\b)(?=[ ,.;])",
    re.IGNORECASE,
)
_IN_PAPER = re.compile(rf"(?<=\S)(?P<before>,?) in (?:this|the present) {_PAPER}(?P<after>,?)(?=[.;\s](?!of |by ))")
_NAMELESS = re.compile(
    r"(?:the (?:paper|study|method|approach|model|system|platform|framework|results?|experiments?|"
    r"experimental results?|algorithm|tool|evaluation|technique|authors?|work|contributions?|analysis|dataset)|"
    r"experiments|results|"
    r"(?:extensive |comprehensive |experimental |empirical |numerical |preliminary |initial )+"
    r"(?:experiments|results|evaluations?|study|studies)|evaluations?|simulations?)\b",
    re.IGNORECASE,
)


_DEFINITE = re.compile(r"\b[Tt]he (?=([a-z][\w-]+ [a-z][\w-]+)\b)")
_INDEFINITE = re.compile(r"\b[Aa]n? ((?:[\w-]+ ){1,3}[\w-]+)")
_WORK = re.compile(
    r"\b[Tt]he (?:[\w-]+ )?(?:method|approach|model|framework|algorithm|system|technique|architecture|tool|solution)\b"
)
_SUBJECT = re.compile(rf"(?:we|our|this {_PAPER}|the proposed|i)\b", re.IGNORECASE)
_OPENING = 8  # words at the front of a sentence in which a name must not need the sentences before


def retell(text: str, paper: Paper, *, named: bool) -> str:
    """Return the sentence `text` of `paper` for a reader who has not read the one before it.

    Args:
        text: the sentence as the abstract has it.
        paper: whose authors speak.
        named: whether the sentence shown before names them already.
    """
    body = _IN_PAPER.sub(lambda found: found["before"] and found["after"], without_lead(text))
    if not _SELF.search(body):
        return body
    if _EVERYBODY.search(body):  # "that we need to understand" means more people than the authors
        return quoted(text, paper, named=named)
    names = _names(paper)
    if names is None:
        return _spoken_by(body, "The authors", "The authors'", "The paper") if not named else _spoken_by_them(body)
    who, several = names
    if named and several:
        return _spoken_by_them(body)
    year = f" ({paper.year})" if paper.year and not named else ""
    if not several and _SPEAKERS.search(body):
        alone = with_one_subject(_I.sub(r"\1we ", body))
        if alone is None:
            return quoted(text, paper, named=named)
        body = alone[:1].upper() + alone[1:]
    return _spoken_by(body, f"{who}{year}", f"{who}'s{year}", f"The {{noun}} by {who}{year}")


def quoted(text: str, paper: Paper, *, named: bool) -> str:
    """Return the sentence between quotation marks, with who writes it unless the sentence before names them."""
    who, several = _names(paper) or ("The authors", True)
    year = f" ({paper.year})" if paper.year and who != "The authors" else ""
    return f"“{text}”" if named else f"{who}{year} {'write' if several else 'writes'}: “{text}”"


def speaks_of_itself(text: str) -> bool:
    """Return whether a sentence says "we", "our", "this paper" or the like."""
    return _SELF.search(text) is not None


def stands_alone(text: str, before: Sequence[str] = ()) -> bool:
    """Return whether a sentence, once retold, can be read by someone who has read nothing of the sentences before."""
    body = without_lead(text)
    if _NAMELESS.match(body) and not _SELF.search(body):
        return False
    return follows(text) and not _points_back(body, before)


def follows(text: str, before: Sequence[str] = ()) -> bool:
    """Return whether a sentence, once retold, can be read after any other one that names its paper's work."""
    body = without_lead(text)
    return _LEANS.match(body) is None and not _points_back(_WORK.sub("", body), before)


def speaks_first(text: str) -> bool:
    """Return whether a sentence has its authors or its paper as the subject it opens with."""
    return _SUBJECT.match(without_lead(text)) is not None


def _points_back(body: str, before: Sequence[str]) -> bool:
    """Return whether a sentence opens with "the X" where X came up as "a X" in a sentence before it."""
    opening = _DEFINITE.findall(" ".join(body.split()[:_OPENING]))
    met = [words.casefold().split() for text in before for words in _INDEFINITE.findall(text)]
    known = {f"{first} {second}" for words in met for first, second in itertools.pairwise(words)}
    return any(words in known for words in opening)


@functools.lru_cache(maxsize=KEPT)
def leaning(text: str) -> int:
    """Return how many words inside a sentence point at something said before it."""
    return len(_POINTERS.findall(without_lead(text)))


def without_lead(text: str) -> str:
    """Return the sentence without the connectives in front that tie it to the one before."""
    body = text
    while found := _COUNTER.match(body) or _LEAD.match(body) or _BARE_LEAD.match(body) or _PURPOSE.match(body):
        body = body[found.end() :]
    body = _ADVERB.sub(r"\1 ", body, count=1)
    return body if body == text else body[:1].upper() + body[1:]


def _names(paper: Paper) -> tuple[str, bool] | None:
    """Return the authors as a reader says them, and whether they are several; None where they are unknown."""
    families = [family_names(author)[0] for author in paper.authors[:2] if family_names(author)]
    if not families:
        return None
    if len(paper.authors) > 2 or not paper.authors_complete:
        return f"{families[0]} et al.", True
    return " and ".join(families), len(families) > 1


def _spoken_by_them(body: str) -> str:
    return _spoken_by(body, "They", "Their", "The {noun}")


def _spoken_by(body: str, subject: str, possessive: str, paper: str) -> str:
    """Return `body` with the first mention of its speakers replaced by name, the later ones by pronouns."""
    met = False

    def replace(found: re.Match[str]) -> str:
        nonlocal met
        kind = str(found.lastgroup if found.lastgroup != "noun" else "this")
        first, met = not met, True
        start = found.start() == 0
        if kind == "this":
            told = paper.format(noun=found["noun"]) if first else f"the {found['noun']}"
        elif kind == "proposed":
            told = possessive if first else "the proposed"
        elif first and kind in ("we", "our"):
            told = subject if kind == "we" else possessive
        else:
            told = _PRONOUNS[kind]
        return told if start else _inside(told)

    return _PERSON.sub(replace, body)


def _inside(told: str) -> str:
    """Return what replaces a mention in the middle of a sentence: the small words lose their capital."""
    head, _, rest = told.partition(" ")
    return f"{head.lower()} {rest}".rstrip() if head in ("They", "Their", "The") else told
