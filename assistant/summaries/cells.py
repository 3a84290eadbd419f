"""Short values read from sentences: every value is a span of its sentence, cut marks apart."""

from __future__ import annotations

import re
from collections.abc import Callable

from assistant.summaries.voice import without_lead

LONGEST = 110  # characters of a value
SHORTEST = 25
_CLAUSE = re.compile(
    r"(?<=[,;:])\s+|\s+(?=(?:which|that|where|while|whereas|so that|and thus|because|since)\s)|\s[-–—]+\s"
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
    r"explor|examin|evaluat|address|provid|survey|review|analy[sz]|creat|giv)\w*\s+(?=\S)",
    re.IGNORECASE,
)
_NUMBER = (
    r"(?:\d[\d.,]*\s?(?:k|K|M|million|billion|thousand)?|two|three|four|five|six|seven|eight|nine|ten|several|multiple|"
    r"various|many|different)"
)
_SET = r"(?:data ?sets?|benchmarks?|corpus|corpora|collections?|test sets?|tracks?|challenge|environments?)"
_NAME = r"(?!(?:This|These|The|Our|An?|For|In|On|At|From|By|With|Using|Each|All|Both|To)\b)[A-Z][\w.+-]*(?:['’]s)?"
_NAMED_SET = re.compile(rf"\b{_NAME}(?:(?: (?:of|and|&))? {_NAME}| \d+[MKk]?)* (?:[a-z]+ )?{_SET}\b")
_KNOWN_SET = re.compile(
    r"\b(?:MovieLens(?:[- ]\d+[MmKk])?|Netflix(?: Prize)?|Last\.?fm|Yelp|Amazon(?: \w+)?|TREC(?:[- ](?:[A-Z]\w*|\d+))*|"
    r"CIFAR-?\d*|ImageNet|MNIST|MS ?MARCO|LETOR|MSLR\S*|YAGO|DBpedia|Freebase|Wikipedia|Twitter|Gowalla|Foursquare|"
    r"Criteo|Taobao|Yoochoose|RecSys Challenge \d+|PubMed|MEDLINE|SQuAD|WikiQA|CLEF\S*|NTCIR\S*|Reuters\S*|"
    r"20 ?Newsgroups|NUS-WIDE|MIRFLICKR\S*|Flickr\S*|COCO|SWE-Bench\S*(?: Verified)?|VBench|OpenAI Gym|Gym|Atari)\b"
)
_KIND = (
    r"(?:real(?:-world| world|-life)?|public(?:ly available)?|open|synthetic|simulated|benchmark|large-scale|"
    r"industrial|standard|challenging|empirical|internal|popular|well-known)"
)
_COUNTED_SET = re.compile(
    rf"\b(?:(?:{_NUMBER} )?{_KIND}(?:,? (?:and |or )?{_KIND})*(?: [a-z]+)?|{_NUMBER}(?: [a-z]+)?) "
    r"(?:data ?sets?|benchmarks?|corpora|images|workloads|data)\b",
    re.IGNORECASE,
)
_FIGURE = re.compile(
    r"(?<![\w.-])\d+(?:[.,]\d+)*\s?(?:%|x\b|×|percent|times|points|milliseconds|ms\b|seconds|minutes|hours|billion|"
    r"million|trillion)|\b0?\.\d+\b|\d+\s?(?:to|-|–)\s?\d+(?:x|%)",
    re.IGNORECASE,
)


def short_span(text: str, wanted: Callable[[str], bool] | None = None) -> str:
    """Return the main clauses of a sentence as far as they fit a cell; its lead and "we propose" are left out.

    With `wanted` the span starts at the first clause that it accepts.
    """
    body = without_lead(text)
    if found := _OBJECT.search(body):
        body = body[found.end() :]
    starts = [0, *(match.end() for match in _CLAUSE.finditer(body))]
    pieces = [body[start:end] for start, end in zip(starts, [*starts[1:], len(body)], strict=True)]
    first = 0
    if wanted is not None:
        first = next((place for place, piece in enumerate(pieces) if wanted(piece)), 0)
    elif len(pieces) > 1 and _OPENING.match(pieces[0]) and len("".join(pieces[1:])) >= SHORTEST:
        first = 1
    return _cut(body[starts[first] :])


def data_span(text: str) -> str | None:
    """Return the data that a sentence names or counts, None where it names none."""
    for pattern in (_KNOWN_SET, _NAMED_SET):
        found = [match.group(0) for match in pattern.finditer(text)]
        found = [value for value in found if value.casefold() not in ("the dataset", "the benchmark")]
        if found:
            return _cut(", ".join(dict.fromkeys(found))) if pattern is _KNOWN_SET else _cut(found[0])
    counted = _COUNTED_SET.search(text)
    return _cut(counted.group(0)) if counted else None


def figure_span(text: str) -> str | None:
    """Return the clause around the first figure of a sentence, None where it states none."""
    found = _FIGURE.search(text)
    if found is None:
        return None
    bounds = [0, *(match.end() for match in _CLAUSE.finditer(text)), len(text)]
    start = max(bound for bound in bounds if bound <= found.start())
    end = min(bound for bound in bounds if bound >= found.end())
    while end - start < SHORTEST and start > 0:
        start = max(bound for bound in bounds if bound < start)
    if end - start > LONGEST:
        near = max(start, found.start() - LONGEST // 2)
        start = near if near == start else text.find(" ", near) + 1
    return ("…" if start > 0 and not _starts_clause(text, start) else "") + _cut(text[start:end])


def _starts_clause(text: str, start: int) -> bool:
    return any(match.end() == start for match in _CLAUSE.finditer(text))


def _cut(text: str) -> str:
    """Return `text` up to the last clause, else word, that fits a cell; an ellipsis marks a cut inside a clause."""
    body = text.strip().rstrip(".;,: ")
    if len(body) <= LONGEST:
        return body
    ends = [match for match in _CLAUSE.finditer(body) if SHORTEST <= match.start() <= LONGEST]
    if not ends:
        return body[: body.rfind(" ", 0, LONGEST)].rstrip(".;,: ") + "…"
    kept = body[: ends[-1].start()]
    return kept.rstrip(".;,: ") + ("…" if kept.endswith(",") else "")
