"""What a sentence proposes and what that is for: noun phrases, each a span of the sentence."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.summaries.cells import SHORTEST, cut, short_span
from assistant.summaries.conjugation import PRESENT
from assistant.summaries.problems import says_nothing
from assistant.summaries.voice import leaning, speaks_of_itself, without_lead
from assistant.text import word_set

_WHO = (
    r"\b(?:we|(?<![\w.])I(?= [a-z])|the authors?|(?:this|the|the present|our) (?:short |present )?"
    r"(?:paper|work|study|article|survey|report|thesis|research|letter)(?: (?:of|on) [^,;.]{1,60}?)?|"
    r"our (?:main |key |first |second )?(?:contribution|goal|aim|approach|idea|method)s?)"
)
_ADVERB = r"(?:\w+ly|also|then|first|further|here|therefore|thus|hence|next|now|will|have|has|are|is|both)"
_TRY = r"(?:(?:aim|seek|attempt|want|intend)(?:s|ed)? (?:to|at) |tr(?:y|ies|ied) to )?"
_MADE = (
    r"(?:(?:propos|introduc|devis|releas|creat|provid|contribut|outlin|deriv|describ)(?:e|es|ed|ing)|"
    r"(?:present|develop|design|offer|construct|implement|suggest)(?:s|ed|ing)?|buil(?:d|ds|t|ding)|put forward|"
    r"gives?|gave|report(?:s|ed)? on|demonstrates?(?= an? )|benchmark(?= an? ))"
)
_USED = (
    r"(?:(?:us|combin|utili[sz]|leverag)(?:e|es|ed|ing)|(?:employ|adopt|extend|adapt|train|exploit)(?:s|ed|ing)?|"
    r"appl(?:y|ies|ied|ying))"
)
_STUDIED = (
    r"(?:stud(?:y|ies|ied)|(?:investigat|explor|examin|evaluat|compar|analy[sz]|assess|revisit|survey)(?:e|es|ed|s)?|"
    r"reviews?(?:ed)?)"
)
MADE, USED, STUDIED = (
    re.compile(rf"{_WHO},? (?:{_ADVERB} ){{0,2}}{_TRY}{verbs} (?=\S)", re.IGNORECASE)
    for verbs in (_MADE, _USED, _STUDIED)
)
_BY_MAKING = re.compile(r"\bby (?:proposing|presenting|introducing|developing|designing) (?=\S)")
_PASSIVE = re.compile(
    r"(?P<object>(?:An?|Two|Three|Several) [^,;:]{8,120}?) (?:is|are|was|were|has been|have been) "
    r"(?:\w+ly )?(?:proposed|presented|introduced|developed|described|designed)\b"
)
_NO_PHRASE = re.compile(  # what cannot open a noun phrase that a cell shows
    r"(?:to|that|how|whether|why|what|when|where|which|who|it|them|they|this|these|those|such|their|its|his|here|for|"
    r"in|on|with|by|from|of|as|at|into|and|or|both|each|all|only|evidence|up|out|not|us|one|be|been|some|more|most|"
    r"much|me|also|involves?|is|are|was|consists?|shows?|\w+ed|clear|good|"
    r"(?:an?|the|our|various|several|many|two|three|extensive|our own) (?:\w+ )?"
    r"(?:results?|experiments?|findings|evaluations?|efforts?|works?|overall|following|same|above|latter|former|other|"
    r"proposed|way|fact|reader|evidence)|"
    r"the \w+ of (?:our|the proposed)|"
    r"our (?:\w+ )?(?:approach|method|model|techniques?|system|solution|framework|algorithm)|"
    r"the (?:system|approach|method|model|algorithm|framework|technique))\b",
    re.IGNORECASE,
)
_NOTHING = word_set("""
    topic topics result results effort efforts evaluation experiment experiments work works technique techniques
    research problem problems issue issues question questions challenge challenges task tasks detail details
    finding findings evidence insight insights discussion idea ideas paper aspect aspects way ways performance fact
    importance need potential limitation limitations property properties direction directions reason reasons
    advantage advantages case cases contribution contributions strategies possibility possibilities ability outcome
    outcomes step steps example examples notion information relationship relationships hypothesis goal goals
    conclusion conclusions guidelines lessons factors solution solutions answer answers features implementation
    support recommendations suggestions
""")  # nouns that say nothing of what is proposed
_DATA = word_set("""
    query queries report reports data dataset datasets log logs corpus corpora collection collections document documents
    sample samples text texts article articles tweets records users images
""")  # what is used, but is no method
_GENERAL = word_set("""
    dataset datasets data set decoding learning a an the our new novel simple general generic efficient effective
    powerful unified several two three four five six conceptually highly unsupervised supervised approach
    approaches method methods technique techniques framework frameworks algorithm algorithms model models system
    systems procedure strategy way scheme and yet first fast tool tools scalable different various alternative
    practical principled
""")
_HEAD_END = re.compile(
    r"[,;:(]|\s(?:of|for|to|in|on|with|by|from|that|which|whose|where|wherein|using|based|called|named|as|at|over|via|"
    r"under|and|or|is|are|can|will|has|have|without|between|among|through|when|while|so|into|against|within|across)\s"
)
_NEXT = re.compile(  # the authors do a second thing
    r",? and (?:(?:also|then|further|thereby|thus|we|to) )*(?:show|demonstrate|present|provide|discuss|report|evaluate|"
    r"apply|introduce|propose|compare|investigate|analy[sz]e|study|describe|consider|prove|find|observe|conclude|argue|"
    r"test|examine|explain|explore|validate|verify|derive|develop|use|highlight|give|outline|motivate)(?:e?s|e?d)? "
    r"|[.?!] ?(?=[A-Z][a-z]+ )"
)
_KIND = re.compile(
    r"(?:framework|method|methodology|model|algorithm|system|platform|library|language|tool|toolkit|architecture|"
    r"approach|data ?set|solution|simulator|technique|benchmark|compiler|pipeline|strategy|network|scheme|mechanism|"
    r"index|engine|corpus|paradigm|measure|metric|function|layer|procedure|software|kernel|protocol|classifier|"
    r"recommender|ontology|representation|loss|agent|encoder|autoencoder|application|prototype|policy|attack|defense|"
    r"crawler|estimator|planner|controller|detector|interface|survey|review|overview|collection|extension|variant|"
    r"heuristic|process|ranker|formulation|extractor|generator|optimizer|module|schema)s?$",
    re.IGNORECASE,
)
_LOOSE = re.compile(  # something hangs on the noun, so that what follows "for" or "to" may belong to it
    r"\b(?:that|which|whose|who|where|wherein|when|is|are|was|were|can|could|will|would|may|by|using|used|able|"
    r"how|from)\b|\band (?:\w+ )?(?:use|show|compare|propose|evaluate|apply)\b|[;:]",
    re.IGNORECASE,
)
OPENING = 4  # words at the front of a sentence among which the name of its paper's work stands
_NAME = re.compile(r"\b[\w-]*[A-Z][\w-]*[A-Z0-9][\w-]*\b")
PROPER = 4  # letters of a name that its title does not give; a shorter one is mostly "IR" or "QA"
_FIELD = word_set("""
    LSTM BERT TREC CLEF LETOR MovieLens Wikipedia DBpedia WordNet YouTube ImageNet RNNs CNNs DNNs GANs LLMs GPUs SPARQL
    PageRank TF-IDF tf-idf BM25 GitHub FPGA COVID-19
""")  # names that many papers use
_HISTORY = re.compile(
    r"\b(?:have|has) (?:\w+ly )?(?:been|become|improved|shown|received|achieved)\b|\b(?:widely|commonly) \w+ed\b"
)
_PAPER = re.compile(
    r"This (?:paper|work|study|article) (?!(?:\w+ly )?(?:address|describ|present|discuss|aim|deal|focus|consider|"
    r"investigat|stud|report|tackl|explor|examin|provid|give|concern|involv|is|was|has|also|find|found|show|argu|demonstrat)\w*)"
)
_KIND_OF = re.compile(r"(?:The )?[A-Z][\w-]*(?: [\w-]+){0,6}?(?: \([^)]*\))?,? (?:is|are) (?:an?|the) ")
_PURPOSE = re.compile(
    r"(?<=\w )(?:(?:in order )?to (?P<verb>[a-z]+)\b"
    r"|for (?!(?:example|instance|each|this|these|those|both|its|their|which|the first time|it)\b)(?=\w))"
)
_PURPOSE_END = re.compile(
    r"[,;]? (?:by [a-z]+ing|using|based on|via|through|while|such that|so that|in which|where|when|which|whose|wherein|"
    r"without|called|named)\s|,(?= (?:and )?[a-z]+ing |as well as|compared|the|an? )|:\s|" + _NEXT.pattern
)
_VERBS_TEXT = """
    learn predict detect solve recommend retrieve rank classify reduce enhance support enable capture handle
    overcome mitigate discover search facilitate alleviate answer automate process approximate encode represent
    embed map link infer match cluster group filter select score aggregate diversify personalize personalise
    interpret visualize understand browse access help assist guide encourage promote ensure guarantee protect
    preserve remove correct correlate resolve align translate summarise speed accelerate scale compress store index
    query merge fuse integrate track monitor control balance mine recognize recognise label annotate tag segment
    perform produce complete bridge deal cope minimize maximize minimise maximise avoid prevent increase decrease
    boost diagnose forecast simulate test rewrite expand disambiguate localize estimate reconstruct grasp plan
    navigate manipulate teach transfer refine update adjust quantify manage organize organise share simplify
    explain foster
"""
_VAGUE_VERBS = frozenset(("obtain", "achieve", "make", "take", "give", "provide", "have", "do", "attempt"))
_VERBS = PRESENT | frozenset(_VERBS_TEXT.split())


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a sentence proposes.

    Args:
        whole: the phrase with all that hangs on it.
        thing: without what it is for, where that can be told apart.
        purpose: what it is for.
    """

    whole: str
    thing: str | None = None
    purpose: str | None = None


def read_proposal(text: str, verbs: re.Pattern[str] = MADE) -> Proposal | None:
    """Return what the authors make, use or study by a sentence, None where it gives no noun phrase that says what."""
    body = without_lead(text)
    if verbs is MADE and (passive := _PASSIVE.match(body)):
        thing = passive["object"]
        after = _PURPOSE.match(body, passive.end() + 1)
        return Proposal(cut(thing), cut(thing), _purpose(body, after) if after else None) if _says(thing) else None
    for found in (*verbs.finditer(body), *(_BY_MAKING.finditer(body) if verbs is MADE else ())):
        phrase = body[found.end() :]
        if end := _NEXT.search(phrase):
            phrase = phrase[: end.start()]
        if leaning(phrase):
            phrase = phrase.split(",")[0]
        if not _NO_PHRASE.match(phrase) and _says(phrase) and (verbs is MADE or _head(phrase)[-1] not in _DATA):
            return _parted(phrase, cut(phrase))
    return None


def names_of_work(title: str, texts: Sequence[str]) -> frozenset[str]:
    """Return the names that a paper has for its own work: words with capitals inside, and names that its title gives.

    Of those that are not in the title two sentences must have them; those that look like other words must never be
    written small.
    """
    abstract = " ".join(texts)
    small = set(re.findall(r"\b[a-z][\w-]*", f"{title} {abstract}"))
    titled = {word for word in re.findall(r"\b[A-Z][\w-]+", title) if word.lower() not in small and word in abstract}
    said = Counter(name for text in texts for name in set(_NAME.findall(text)) if len(name) >= PROPER)
    return frozenset(
        (titled | set(_NAME.findall(title)) | {name for name, count in said.items() if count > 1}) - _FIELD
    )


def read_named(text: str, names: frozenset[str]) -> Proposal | None:
    """Return what a sentence says that opens with a name of its paper's work: "X is a tool for Y", "X controls Y"."""
    opening = re.findall(r"[\w-]+", " ".join(text.split()[:OPENING]))
    if speaks_of_itself(text) or _HISTORY.search(text) or not names & set(opening):
        return None
    body = short_span(text)
    return _parted(body, body)


def read_paper(text: str) -> Proposal | None:
    """Return what a sentence says that its paper does, where that is more than to treat of a topic."""
    return Proposal(short_span(text)) if _PAPER.match(without_lead(text)) and not leaning(text) else None


def read_purpose(text: str) -> str | None:
    """Return what the thing is for that a sentence proposes, or that a sentence without "we" says to be a system."""
    found = read_proposal(text)
    if found is None and _KIND_OF.match(text) and not speaks_of_itself(text):
        found = _parted(short_span(text), text)
    return found.purpose if found and found.purpose and not says_nothing(found.purpose) else None


def _says(phrase: str) -> bool:
    """Return whether a phrase says what it names: its noun is not "results", and nothing in it points back."""
    words = _head(phrase)
    if not words or words[-1] in _NOTHING or leaning(phrase):
        return False
    return len(phrase) >= SHORTEST // 2 and not set(re.findall(r"[\w-]+", phrase.casefold())) <= _GENERAL


def _head(phrase: str) -> list[str]:
    """Return the words of a phrase up to its noun, without what hangs on that."""
    end = _HEAD_END.search(f"{phrase} ")
    return phrase[: end.start() if end else len(phrase)].casefold().rstrip(".").split()


def _parted(phrase: str, whole: str) -> Proposal:
    """Return a phrase parted in a thing and what it is for, where nothing else hangs on the thing."""
    for found in _PURPOSE.finditer(phrase):
        thing = phrase[: found.start()].rstrip()
        head = re.split(r" (?:is|are) (?=an?|the|one)", thing)[-1]
        words = head.casefold().split()
        if _LOOSE.search(head) or head.count("(") != head.count(")"):
            break
        last = words[-2] if len(words) > 1 and words[-1].endswith(")") else words[-1] if words else ""
        if not _KIND.search(last):
            continue
        if (purpose := _purpose(phrase, found)) is not None:
            told = set(re.findall(r"[\w-]+", thing.casefold())) - _GENERAL
            return Proposal(whole, cut(thing) if told else None, purpose)
    return Proposal(whole)


def _purpose(phrase: str, found: re.Match[str]) -> str | None:
    """Return what stands behind "to" or "for", None where it is no purpose or does not fit."""
    if found["verb"] is not None and found["verb"] not in _VERBS - _VAGUE_VERBS:
        return None
    value = phrase[found.start("verb") if found["verb"] else found.end() :]
    if end := _PURPOSE_END.search(value):
        value = value[: end.start()]
    value = cut(value)
    if len(value) < SHORTEST // 2 or leaning(value) or value.endswith("…") or value.count("(") != value.count(")"):
        return None
    return None if found["verb"] is None and " that " in value else value  # "a protocol for data that tolerates loss"
