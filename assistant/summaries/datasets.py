"""Which data a sentence says was used or made: names, kinds and sizes; spans of the sentence."""

from __future__ import annotations

import re

from assistant.summaries.cells import cut
from assistant.summaries.voice import speaks_of_itself

NAMES = 4  # data sets of a cell
_COUNT = (
    r"(?:\d[\d.,]*\s?(?:k|K|M|million|billion|thousand)?|two|three|four|five|six|seven|eight|nine|ten|several|multiple|"
    r"various|many|different|diverse)"
)
_SET = (
    r"(?:[Dd]ata ?[Ss]ets?|[Bb]enchmarks?|[Cc]orpus|[Cc]orpora|[Tt]est [Cc]ollections?|[Cc]ollections?|[Tt]est ?sets?)"
)
_COMMON = (
    r"(?i:this|these|those|the|our|its|their|we|they|it|such|one|an?|for|in|on|at|from|by|with|using|each|all|"
    r"both|to|if|when|"
    r"as|and|or|then|also|most|many|some|other|new|finally|moreover|however|first|second|experiments?|results?|"
    r"extensive|"
    r"experimental|existing|although|while|based|since|given|RGB(?:-D)?|GPS|CNN|RNN|LSTM|IR|QA|CQA|AI|ML|NLP|IoT|"
    r"API|CAD|FL|"
    r"state-of-the-art|learning|private|AV|E-[Cc]om\w*|federated|open|public|big|linked|training|test|real|synthetic|large)"
)
_NAME = rf"(?!{_COMMON}\b)(?:[A-Z][\w.+-]*\w|[a-z]+[A-Z]\w+|[A-Z]\d?)(?:['’]s)?"
_NAMES = rf"(?<![\w-]){_NAME}(?:(?: (?:of|and|&|for))? {_NAME}| \d+(?:\.\d+)?[MKk]?\b)*(?: \([A-Z][\w-]+\))?"
_NAMED = re.compile(
    rf"(?<!\bto )(?P<names>{_NAMES}(?:(?:,? and |, ){_NAMES})*) (?:(?!{_COMMON}\b)[a-z-]+ ){{0,2}}{_SET}\b"
)
_LISTED = re.compile(
    rf"{_SET}\b(?: \([^)]*\))?(?:,|:)? (?:(?:i\.e\.|e\.g\.|namely|including|such as|called|named|viz\.?|like)[,:]? )"
    rf"(?:the )?(?P<names>{_NAMES}(?:(?:,? and (?:the )?|, ){_NAMES})*)"
    rf"|{_SET}\b(?:,|:| \() ?(?P<bare>{_NAMES}(?:(?:,? and |, ){_NAMES})*)(?=[,).]| (?:and )?(?:show|demonstrat|"
    rf"that|to|verif)|$)"
)
_KNOWN = re.compile(
    r"\b(?:MovieLens(?:[- ]?\d+[MmKk])?|Netflix Prize|TREC(?:[- ](?:20\d\d|\d+|[A-Z]\w*))+|TREC(?:-|"
    r" )?\d*\b(?= (?:data|test|"
    r"collection|corp))|CIFAR-?\d*|ImageNet|(?:Fashion-)?MNIST|MS ?MARCO|LETOR(?:[ -]?\d\S*\w)|MSLR\S*\w|MQ200[78]|"
    r"FIRE(?:[- ]20\d\d)|YAGO|Gowalla|Diginetica|Criteo|Yoochoose|RecSys Challenge \d+|SQuAD|WikiQA|"
    r"(?:CLEF|NTCIR)(?:[- ]?\d\S*\w)|Reuters-\S*\w|20 ?Newsgroups|NUS-WIDE|MIRFLICKR\S*\w|Flickr\d\w*|SWE-Bench\S*\w"
    r"(?: Verified)?|VBench|OpenAI Gym|Atari|EUR-Lex|DUC ?\d+|SemEval[- ]20\d\d)\b"
)
_PLATFORM = re.compile(
    r"\b(?:on|over|of|from|using|with|analy[sz]\w*|(?:gathered|collected|taken) from|collect\w*|us(?:e|ed|"
    r"es)) (?:the |an? |our |large |real |full |English )*"
    r"(?P<set>Taobao|(?P<name>Netflix|Last\.?fm|Yelp|Amazon|Freebase|DBpedia|Wikipedia|Wikidata|Twitter|Foursquare|"
    r"Flickr|Spotify|Reddit|"
    r"COCO|Epinions|PubMed|MEDLINE|arXiv|Quora|StackOverflow|Stack Overflow|Sowiport|Steam)(?: [\w-]+){0,2}? "
    r"(?:data|data ?sets?|corpus|corpora|collections?|dumps?|articles|logs?|reviews|ratings|tweets|posts|"
    r"abstracts|papers))\b"
)
_KIND = (
    r"(?:real(?:-world| world|-life)?|public(?:ly available)?|open|synthetic|simulated|benchmark|large-scale|"
    r"large scale|"
    r"industrial|standard|challenging|empirical|internal|popular|well-known|widely used|in-house|proprietary|"
    r"recently published)"
)
_COUNTED = re.compile(
    rf"(?<![\w'’-])(?:(?:{_COUNT} )?{_KIND}(?:,? (?:and |or )?{_KIND})*(?: (?!with\b|on\b|of\b|from\b|in\b|for\b|and\b|"
    rf"experiments?\b)[a-z-]+){{0,3}}? "
    r"(?:data ?sets?|benchmark databases|benchmarks?(?! databases)|corpora|workloads|test collections?|logs"
    r"|data(?! [a-z]+ing\b))"
    rf"|{_COUNT}(?: (?!of\b|the\b)[a-z-]+){{0,2}} (?:data ?sets?|benchmarks?|corpora|workloads|test collections?))\b",
    re.IGNORECASE,
)
_DESCRIBED = re.compile(  # "a dataset of academic publications", "click-through logs from a search engine"
    r"\b(?:on|over|of|from|using|with|releas\w+|construct\w*|collect\w*|creat\w*|provid\w*|us(?:e|ed|es)|buil[dt])"
    r"(?: (?:an?|the|our|its|new|large|vast|novel|first))* "
    r"(?P<set>(?:(?!(?:existing|other|these|such|all|both|this|that|any|and|or|the|an?|large|given|new|related|"
    r"data|our|of|using|"
    r"documents?|text|test|query|experiments|on|various|variety|different|training|retrieval|target|same|whole|"
    r"entire|document|unseen|held-out|proposed|presented|standard|each|every|another|same|as|than|more|one|vast|is|are|for|"
    r"to)\b)[\w-]+ ){1,3}(?:data ?sets?|corpus|corpora|collections?|logs)\b"
    r"|(?:data ?sets?|corpus|corpora|collections?|logs)\b (?:of|from|gathered from|collected from|provided by|"
    r"containing) (?!(?:the |large |all )*(?:text|documents?|data|items|concert)\b)(?:the |"
    r"an? )?(?:(?!to\b)[\w,-]+ ){0,4}?(?!to\b)[\w-]+"
    r"(?=[.;:]|,(?!\d)| (?:and|shows?|demonstrat\w*|attest|that|which|with|for|in|against|from)\b|$))",
    re.IGNORECASE,
)
_THING = (
    r"(?:questions|queries|tweets|documents|images|users|ratings|reviews|articles|pairs|sessions|clicks|"
    r"records|songs|"
    r"judg(?:e)?ments|annotations|abstracts|posts|sentences|interactions|videos|web ?pages|websites|products|"
    r"recommendations|"
    r"listening events|grasps|trajectories|patients|participants|publications|citations|books|movies|tables|"
    r"log entries)"
)
_SIZED = re.compile(
    rf"(?<!\^)\b(?:(?:over|more than|about|around|approximately|nearly|some) )?(?:\d[\d,.]*\d(?:\s?[kKM]\b)?|"
    rf"(?:\d[\d.]*|two|three|four|five|six|ten) (?:million|billion|thousand|hundred))(?: [a-z-]+){{0,3}}? {_THING}\b"
)
_USED = re.compile(
    r"\b(?:experiment(?:s|al|ed|ally)?|evaluat(?:e|es|ed|ions?|ing)|empirical(?:ly)?|results?|conducted|collected|"
    r"releas(?:e|ed)|tested|tried|wins|outperform\w*|(?:achiev|reach|obtain|attain|beat|surpass|exceed)\w*|improve[sd]?|verif(?:y|ied)|"
    r"validat(?:e|ed)|tests? on|simulations?)\b",
    re.IGNORECASE,
)
_FIELD = re.compile(r"(?:Recent(?:ly)?|Existing|Traditional|Most|Many|Several|Current|Previous)\b")  # opens background
_ON = re.compile(r"\b(?:on|over|with|using|from|of|both|and|collect\w*|use|used)(?: (?:the|a|our|real))? $")
_OTHERS = re.compile(  # data of other people's work, or of none
    r"\b(?:such as|models? (?:from|trained on)|unavailability of|no public|previous|than (?:previous|prior)|"
    r"unlike|availability of|lack of|like|recent language models|mostly|need(?:s|ed)? "
    r"(?:for|of)|require[sd]?)\b[^.;]{0,40}$",
    re.IGNORECASE,
)


def speaks_of_data(text: str) -> bool:
    """Return whether a sentence is about experiments, or its authors' own work: only then is its data the paper's."""
    return speaks_of_itself(text) or (_USED.search(text) is not None and not _FIELD.match(text))


def data_names(text: str) -> tuple[str, ...]:
    """Return the names of the data sets that a sentence about experiments or the authors' work names."""
    if not speaks_of_data(text):
        return ()
    found: list[tuple[int, str]] = []
    for match in (*_NAMED.finditer(text), *_LISTED.finditer(text)):
        group = "names" if match["names"] else "bare"
        if not _OTHERS.search(text[: match.start()]):
            parts = re.split(r",? and (?:the )?|, ", match[group])
            found += [(match.start(group), part) for part in parts]
    found += [
        (match.start(), match.group(0)) for match in _KNOWN.finditer(text) if not _OTHERS.search(text[: match.start()])
    ]
    names = list(dict.fromkeys(name for _, name in sorted(found, key=lambda entry: entry[0])))
    return tuple(name for name in names if not any(name != other and name in other for other in names))


def data_sources(text: str) -> tuple[str, ...]:
    """Return the names of the data sets, and of the platforms whose data a sentence says was used."""
    platforms = [match["name"] or match["set"] for match in _PLATFORM.finditer(text)] if speaks_of_data(text) else []
    return tuple(dict.fromkeys((*data_names(text), *platforms)))


def data_span(text: str) -> str | None:
    """Return the data sets of its paper that a sentence names, None where it names none."""
    if not speaks_of_data(text):
        return None
    if names := data_names(text):
        whole = [match.group(0) for match in _NAMED.finditer(text) if match["names"] == names[0]]
        return cut(whole[0] if len(names) == 1 and whole else ", ".join(names[:NAMES]))
    if platform := _PLATFORM.search(text):
        return None if _OTHERS.search(text[: platform.start("set")]) else cut(platform["set"])
    return None


def described_data_span(text: str) -> str | None:
    """Return the data that a sentence describes, by what it holds, its number or its kind; else its size."""
    if not speaks_of_data(text):
        return None
    found = _DESCRIBED.search(text)
    if found and not _OTHERS.search(text[: found.start("set")]):
        return cut(found["set"])
    kinds = (m for m in _COUNTED.finditer(text) if not m.group(0).endswith(" data") or _ON.search(text[: m.start()]))
    counted = next(kinds, None)
    if counted and not _OTHERS.search(text[: counted.start()]):
        return cut(counted.group(0))
    return None


def size_span(text: str) -> str | None:
    """Return how many documents, users or the like a sentence says its authors worked on, None where it does not."""
    sized = (
        _SIZED.search(text)
        if speaks_of_data(text) or re.search(r"\bdata ?set|corpus|collection|logs?\b", text)
        else None
    )
    return cut(sized.group(0)) if sized else None
