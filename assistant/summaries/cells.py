"""Short values read from sentences: every value is a span of its sentence, cut marks apart."""

from __future__ import annotations

import re
from collections.abc import Callable

from assistant.summaries.voice import leaning, without_lead

LONGEST = 150  # characters of a value
SHORTEST = 25
_CLAUSE = re.compile(
    r"(?<=[;:])\s+|,\s+(?=(?:which|where|while|whereas|because|since|so|but|and thus|thus|as|with|in which|we)\s)"
    r"|\s+(?=(?:while|whereas|so that|and thus|because)\s)|\s[-–—]+\s"
)
_PIECE = re.compile(r"(?<=[,;:])\s+|\s[-–—]+\s")
_HANGING = re.compile(
    r"(?:[\s,;:–—-]+(?:and|or|in|of|for|by|with|to|on|at|from|the|an?|that|which|is|are|made|meant|designed|how))+$"
)
_OPENING = re.compile(
    r"(?:while|with|despite|although|though|due to|in|to|in order to|aiming|as|when|if|since|inspired|by|recently|"
    r"most recently|for|on|given|based on|through|unlike|compared|from|at|after|during|because|given|even)\b",
    re.IGNORECASE,
)
_OBJECT = re.compile(
    r"\b(?:we|the authors?|this (?:paper|work|study|article|survey|report)|our \w+)\s"
    r"(?:(?:have|has) )?(?:(?:\w+ly|also|then|first|further|here|therefore|thus|hence) )?"
    r"(?:propos|present|introduc|develop|design|devis|build|built|offer|describ|releas|formulat|studi|study|investigat|"
    r"explor|examin|evaluat|address|provid|survey|review|analy[sz]|creat|giv)\w*\s+"
    r"(?!(?:it|them|that|this|these|how|and|their|its)\b)(?=\S)"
    r"|\b(?:we|the authors?)\s(?:\w+ly )?(?:posit|find|found|show|argue|demonstrate|observe|conclude)\w*\s+that\s+"
    r"(?=\S)",
    re.IGNORECASE,
)
_NUMBER = (
    r"(?:\d[\d.,]*\s?(?:k|K|M|million|billion|thousand)?|two|three|four|five|six|seven|eight|nine|ten|several|multiple|"
    r"various|many|different)"
)
_SET = r"(?:data ?sets?|benchmarks?|corpus|corpora|collections?|test sets?|tracks?|challenge|environments?)"
_COMMON = r"(?i:this|these|the|our|one|an?|for|in|on|at|from|by|with|using|each|all|both|to|if|when|as|and)"
_NAME = rf"(?!{_COMMON}\b)[A-Z][\w.+-]*(?:['’]s)?"
_NAMED_SET = re.compile(rf"\b{_NAME}(?:(?: (?:of|and|&))? {_NAME}| \d+[MKk]?)* (?:(?!{_COMMON}\b)[a-z]+ )?{_SET}\b")
_KNOWN_SET = re.compile(
    r"\b(?:MovieLens(?:[- ]\d+[MmKk])?|Netflix Prize|TREC(?:[- ](?:[A-Z]\w*|\d+))*|"
    r"CIFAR-?\d*|ImageNet|MNIST|MS ?MARCO|LETOR|MSLR\S*|YAGO|DBpedia|Gowalla|"
    r"Criteo|Taobao|Yoochoose|RecSys Challenge \d+|PubMed|MEDLINE|SQuAD|WikiQA|CLEF\S*|NTCIR\S*|Reuters\S*|"
    r"20 ?Newsgroups|NUS-WIDE|MIRFLICKR\S*|Flickr\d\S*|SWE-Bench\S*(?: Verified)?|VBench|OpenAI Gym|Gym|Atari)\b"
)
_PLATFORM = re.compile(
    r"\b(?:Netflix|Last\.?fm|Yelp|Amazon|Freebase|Wikipedia|Wikidata|Twitter|Foursquare|Flickr|Spotify|Reddit|COCO|Epinions)"
    r"(?: [\w-]+){0,2} "
    r"(?:data|data ?sets?|corpus|corpora|collections?|dumps?|articles|logs?|reviews|ratings|tweets|posts)\b"
)
_KIND = (
    r"(?:real(?:-world| world|-life)?|public(?:ly available)?|open|synthetic|simulated|benchmark|large-scale|"
    r"industrial|standard|challenging|empirical|internal|popular|well-known)"
)
_COUNTED_SET = re.compile(
    rf"\b(?:(?:{_NUMBER} )?{_KIND}(?:,? (?:and |or )?{_KIND})*(?: [a-z]+){{0,2}} "
    r"(?:data ?sets?|benchmarks?|corpora|images|workloads|data)|"
    rf"{_NUMBER}(?: [a-z]+)? (?:data ?sets?|benchmarks?|corpora|images|workloads))\b",
    re.IGNORECASE,
)
_SORT = re.compile(rf" (?:[a-z]+ )?(?:{_SET}|data|logs?|dumps?|articles|reviews|ratings|tweets|posts)$")
_TRIED = re.compile(
    r"\b(?:experiment(?:s|al|ed)?|evaluat(?:e|es|ed|ions?)|conducted|collected|released?|tested|trained|we (?:\w+ly )?"
    r"(?:use|used|analy[sz]ed?|appl(?:y|ied)|construct(?:ed)?|creat(?:e|ed)|collect|buil[dt]|develop))\b",
    re.IGNORECASE,
)
_SETS = r"(?:data ?sets?|corpus|corpora|collections?|logs)\b"
_NO_SET = (
    r"(?!(?:existing|other|these|such|all|both|this|that|any|and|or|the|an?|large|given|new|related|data|our|of|using|"
    r"documents?|text|test|query|experiments|on|various|variety|different|training)\b)"
)
_DESCRIBED_SET = re.compile(  # "a dataset of academic publications", "click-through logs from a search engine"
    r"\b(?:on|over|of|from|using|with|releas\w+|construct\w*|collect\w*|creat\w*|provid\w*|us(?:e|ed|es))"
    r"(?: (?:an?|the|our|its|new|large|vast|novel|first))* "
    rf"(?P<set>(?:{_NO_SET}[\w-]+ ){{1,3}}{_SETS}"
    rf"|{_SETS} (?:of|from|collected from|provided by) (?:the |an? )?(?:[\w,-]+ ){{0,4}}?[\w-]+"
    r"(?=[.;:]|,(?!\d)| (?:and|show|demonstrat|attest|that|which|with|for|in|against)\b|$))"
)
_FIGURE = re.compile(
    r"(?<![\w.])\d+(?:\.\d+)?\s?--?\s?\d+(?:\.\d+)?\s?%|"
    r"(?<![\w.-])\d+(?:[.,]\d+)*\s?(?:%|x\b|×|percent|times|points|milliseconds|ms\b|seconds|minutes|hours|billion|"
    r"million|trillion)|(?<![\d.\w])0?\.\d+\b|\d+\s?(?:to|-|–)\s?\d+(?:x|%)|\borders? of magnitude\b|"
    r"\b\d[\d.]*-fold\b|\b(?:twice|two times|three times) (?:as|the)\b",
    re.IGNORECASE,
)
_TELLING = re.compile(r"%|x\b|×|percent|times|magnitude|fold|twice|\.\d", re.IGNORECASE)
_LEANING = re.compile(r"(?:which|where|while|whereas|with|comprising|resulting|and|thus|as|by)\b", re.IGNORECASE)
_NO_PURPOSE = (
    r"(?!(?:as|short|be|do|the|an?|each|this|these|those|both|its|their|our|other|which|that|example|instance)\b)"
)
_PURPOSE = re.compile(
    r"(?<=\w )(?<!due )(?<!according )(?<!compared )(?<!respect )(?<!similar )(?<!up )(?<!prior )(?<!able )(?<!how )"
    r"(?<!what )(?<!when )(?<!where )(?<!whether )(?<!need )(?<!referred )"
    r"(?<!related )(?<!applied )(?<!allows users )"
    rf"(?:(?:in order )?to {_NO_PURPOSE}(?=[a-z])|for {_NO_PURPOSE}(?=\w))"
)
_GENERAL_TEXT = """
    a an the new novel simple general generic efficient effective powerful unified several two three four five six
    conceptually highly unsupervised supervised approach approaches method methods solution solutions technique
    techniques framework frameworks contribution contributions algorithm algorithms model models system systems
    procedure strategy strategies way ways scheme and yet
"""
_GENERAL = frozenset(_GENERAL_TEXT.split())


def short_span(text: str, wanted: Callable[[str], bool] | None = None) -> str:
    """Return the main clause of a sentence as far as it fits a cell; its lead and "we propose" are left out.

    With `wanted` the span starts at the first piece between commas that it accepts.
    """
    body = without_lead(text)
    pieces = _PIECE.split(body)
    if wanted is not None:
        first = next((piece for piece in pieces if wanted(piece)), body)
        return _cut(body[body.find(first) :])
    if len(pieces) > 1 and _OPENING.match(pieces[0]) and len(body) - len(pieces[0]) >= SHORTEST:
        body = body[len(pieces[0]) :].lstrip(" ,;:–—-")
    if found := _OBJECT.search(body):
        body = body[found.end() :]
    return _cut(body)


def purpose_span(text: str) -> str | None:
    """Return what the thing that a sentence proposes is for, None where it does not say."""
    body = short_span(text)
    found = _purpose(body)
    value = body[found.end() :] if found else ""
    return value if len(value) >= SHORTEST / 2 and not leaning(value) else None


def without_purpose(text: str) -> str:
    """Return what a sentence proposes without what it is for, as far as enough is left."""
    body = short_span(text)
    found = _purpose(body)
    head = _HANGING.sub("", body[: found.start()].strip()) if found else ""
    told = set(re.findall(r"[\w-]+", head.casefold())) - _GENERAL
    return head if told and len(head) > SHORTEST // 2 else body


def _purpose(body: str) -> re.Match[str] | None:
    """Return where a value begins to say what something is for: neither in brackets nor behind a colon."""
    found = _PURPOSE.search(body.split(":")[0])
    return found if found and body.count("(", 0, found.start()) == body.count(")", 0, found.start()) else None


def named_data(text: str) -> tuple[str, ...]:
    """Return the names of the data sets that a sentence names, without the word for what they are."""
    found = [match.group(0) for pattern in (_KNOWN_SET, _PLATFORM, _NAMED_SET) for match in pattern.finditer(text)]
    names = dict.fromkeys(_SORT.sub("", name) for name in found)
    return tuple(name for name in names if not any(name != other and name in other for other in names))


def data_span(text: str) -> str | None:
    """Return the data that a sentence names or counts, None where it names none."""
    if known := dict.fromkeys(match.group(0) for match in _KNOWN_SET.finditer(text)):
        return _cut(", ".join(name for name in known if not any(name != other and name in other for other in known)))
    if named := _PLATFORM.search(text) or _NAMED_SET.search(text):
        return _cut(named.group(0))
    counted = _COUNTED_SET.search(text)
    return _cut(counted.group(0)) if counted else None


def described_data_span(text: str) -> str | None:
    """Return the data that a sentence about experiments or a new collection describes, None where it describes none."""
    found = _DESCRIBED_SET.search(text) if _TRIED.search(text) else None
    return _cut(found["set"]) if found else None


def figure_span(text: str) -> str | None:
    """Return the clause around the most telling figure of a sentence, None where it states none."""
    figures = list(_FIGURE.finditer(text))
    if not figures:
        return None
    found = next((figure for figure in figures if _TELLING.search(figure.group(0))), figures[0])
    bounds = [0, *(match.end() for match in _CLAUSE.finditer(text)), len(text)]
    start = max(bound for bound in bounds if bound <= found.start())
    end = min(bound for bound in bounds if bound >= found.end())
    while start > 0 and (end - start < 2 * SHORTEST or _LEANING.match(text, start)):
        start = max(bound for bound in bounds if bound < start)
    shown = without_lead(text[start:end]) if start == 0 else text[start:end]
    if len(shown) <= LONGEST:
        return _cut(shown)
    place = shown.find(found.group(0))
    if place + len(found.group(0)) <= LONGEST:
        return _cut(shown)
    near = max(shown.find(" ", place - LONGEST // 2) + 1, 0)
    return "…" + _cut(shown[near:])


def _cut(text: str) -> str:
    """Return `text` up to the last clause, else word, that fits a cell; an ellipsis marks what is left out."""
    body = text.strip().rstrip(".;,: ")
    if len(body) <= LONGEST:
        return body
    ends = [match.start() for match in _CLAUSE.finditer(body) if LONGEST // 3 <= match.start() <= LONGEST]
    end = ends[-1] if ends else body.rfind(" ", 0, LONGEST)
    return _HANGING.sub("", body[:end].rstrip(".;,: ")) + "…"
