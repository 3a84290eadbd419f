"""Which records speak of the same paper, how they become one, and what the paper is called.

Two records are one paper by an identifier (DOI, arXiv id, PMID), or by title, first author and year. What tells
papers apart goes first: parts of a series, errata and replies, other numbers in the title, other people. The rules
are measured on twins and hard negatives by tests/benchmarks/bench_identity.py.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import re
import string
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import PurePath

from rapidfuzz.distance import Levenshtein

from assistant.papers import Flag, Paper
from assistant.text import STOP_WORDS, fold

Identifier = tuple[str, str]

_WORD = re.compile(r"[^\W_]+")
_TITLE_STOP = STOP_WORDS | frozenset(("towards", "toward", "via", "using", "based"))
# Words that make a title the title of another document about the first one.
_ABOUT = re.compile(
    r"\b(errat(?:um|a)|corrigend(?:um|a)|corrections? (?:to|of)|addend(?:um|a)|(?:a |our |author'?s? )?(?:reply|response|rejoinder|rebuttal)"
    r"(?: to)?|(?:a |some )?(?:comments?|remarks?|notes?|discussion|commentary|critique) (?:on|to|of|about)|retraction(?: note| notice)?"
    r"(?: of| to)?|publisher'?s? (?:note|correction)|author correction|supplement(?:ary)?(?: materials?| information)?(?: for| to)?"
    r"|revisit(?:ed|ing)|refutation|book review|appendix)\b"
)
_ROMAN = {name: str(value) for value, name in enumerate(["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"], start=1)}
_ORDINAL = {
    "one": "1", "two": "2", "three": "3", "four": "4", "first": "1", "second": "2", "third": "3", "fourth": "4", "1st": "1",
    "2nd": "2", "3rd": "3", "4th": "4", "a": "a", "b": "b", "c": "c",
}  # fmt: skip
_SERIES = frozenset(
    ("part", "pt", "volume", "vol", "chapter", "paper", "book", "lecture", "episode", "section", "version", "phase")
)
_PREPRINT_DOI = re.compile(
    r"10\.(?:1101/\d|48550/|2139/ssrn|21203/rs|31234/osf|31219/osf|26434/chemrxiv|20944/preprints|36227/techrxiv|22541/au|5281/zenodo"
    r"|35542/osf|31235/osf|33774/|12688/f1000research|6084/m9)"
)
_NEGATIONS = (
    "un",
    "non",
    "in",
    "im",
    "ir",
    "dis",
    "anti",
    "semi",
    "multi",
    "sub",
    "super",
    "over",
    "under",
    "pre",
    "post",
    "bi",
    "co",
    "de",
    "hyper",
)


def citation_key_stem(paper: Paper) -> str:
    """Return the citation key without a suffix: `naumov2019deep`; `anon` and `nd` stand for what is unknown."""
    family = "".join(_WORD.findall(fold(family_name(paper.authors[0])))) if paper.authors else ""
    words = (word for word in _WORD.findall(fold(paper.title)) if word.isascii())
    first = next((word for word in words if word not in _TITLE_STOP), "")
    family = "".join(char for char in family if char.isascii()) or "anon"
    return f"{family[:40]}{paper.year or 'nd'}{first[:30]}"


def key_suffixes() -> Iterator[str]:
    """Yield "", "a", "b", ... "z", "aa", "ab", ..."""
    yield ""
    for length in itertools.count(1):
        for letters in itertools.product(string.ascii_lowercase, repeat=length):
            yield "".join(letters)


def family_name(name: str) -> str:
    """Return the family name of "Given Family" with its lower-case particles dropped."""
    words = [word for word in name.replace(",", " ").split() if word]
    while len(words) > 1 and fold(words[-1]).strip(".") in ("jr", "sr", "ii", "iii", "iv", "phd", "md"):
        words.pop()
    return words[-1] if words else ""


def identity_keys(paper: Paper) -> tuple[Identifier, ...]:
    """Return the (kind, value) pairs under which a record of the same paper may be found; `same_paper` decides.

    Identifiers, the title's and the abstract's fingerprints, and the first author with each of the longest words
    of the title, so that a twin with a misspelt title shares at least one pair.
    """
    found: list[Identifier] = []
    for kind, value in (("doi", paper.doi), ("arxiv", paper.arxiv_id), ("pmid", paper.pmid)):
        if value:
            found.append((kind, value))
    if not paper.has(Flag.TITLE_INFERRED):
        found.append(("title", _digest(_bare_title(paper.title))))
        if paper.authors:
            family = _plain(family_name(paper.authors[0]))
            words = {word for word in _WORD.findall(fold(paper.title)) if word not in STOP_WORDS}
            longest = sorted(words, key=lambda word: (-len(word), word))[:4]
            found.extend(("author", f"{family} {word}") for word in longest)
    if len(paper.abstract) >= 80 and not paper.has(Flag.OWN_SUMMARY):
        found.append(("abstract", abstract_fingerprint(paper.abstract)))
    return tuple(dict.fromkeys(found))


def abstract_fingerprint(abstract: str) -> str:
    """Return a digest of the abstract's letters and digits, whatever its case, accents, marks and spaces."""
    return _digest(_plain(abstract))


def same_paper(a: Paper, b: Paper) -> bool:
    """Return whether two records speak of one paper; preprint and published version are one."""
    same_abstract = _same_abstract(a, b)
    titled = not a.has(Flag.TITLE_INFERRED) and not b.has(Flag.TITLE_INFERRED)
    for known, other in ((a.doi, b.doi), (a.arxiv_id, b.arxiv_id), (a.pmid, b.pmid)):
        if known and known == other:
            return not titled or same_abstract or _related(a, b)
    if titled and _signature(a.title) != _signature(b.title):
        return False
    if _identifiers_differ(a, b):
        return False
    if same_abstract:
        return not titled or _first_authors(a, b) is not False or _similar_titles(a, b)
    if not titled or _first_authors(a, b) is not True:
        return False
    return _same_title(a, b)


def merge(known: Paper, incoming: Paper) -> Paper:
    """Return `known` completed by `incoming`: the key stays, and every identifier, source and note of both.

    A real abstract replaces a summary of ours, a title replaces one inferred, and the published version's year and
    venue replace the preprint's, whose year stays as a note.
    """
    first, second = (incoming, known) if _more_final(incoming, known) else (known, incoming)
    flags = {*known.flags, *incoming.flags}
    title = next((p.title for p in (first, second) if not p.has(Flag.TITLE_INFERRED)), known.title)
    if not (known.has(Flag.TITLE_INFERRED) and incoming.has(Flag.TITLE_INFERRED)):
        flags.discard(Flag.TITLE_INFERRED)
    abstract, own = _better_abstract(known, incoming)
    if not own:
        flags.discard(Flag.OWN_SUMMARY)
    authors, complete = _better_authors(first, second)
    if complete:
        flags.discard(Flag.AUTHORS_INCOMPLETE)
    year = first.year or second.year
    notes = list(dict.fromkeys((*known.notes, *incoming.notes)))
    for paper in (second, first):
        if paper.year and paper.year != year:
            notes.append(f"also dated {paper.year}")
    dated = next((p.date for p in (first, second) if p.date and (p.year == year or not p.year)), None)
    return replace(
        known,
        title=title,
        abstract=abstract,
        authors=authors,
        year=year,
        date=_full_date(dated, year),
        venue=first.venue or second.venue,
        categories=_union(known.categories, incoming.categories),
        doi=first.doi or second.doi,
        arxiv_id=known.arxiv_id or incoming.arxiv_id,
        pmid=known.pmid or incoming.pmid,
        url=known.url or incoming.url,
        source_ids=_union(known.source_ids, incoming.source_ids),
        aliases=tuple(name for name in _union(known.aliases, incoming.aliases) if name != known.key),
        notes=tuple(dict.fromkeys(notes)),
        flags=tuple(flag for flag in Flag if flag in flags),
        provenance=_provenance(known, incoming),
    )


def record_hash(paper: Paper) -> bytes:
    """Return SHA-256 over what a record says: not where it stands in its file, when it was read, or its key."""
    places = {f"{PurePath(p.file).name or p.file}:{p.line}" for p in paper.provenance}
    content = (
        paper.title, paper.abstract, paper.authors, paper.year, paper.date, paper.venue, paper.categories, paper.doi, paper.arxiv_id,
        paper.pmid, paper.url, [name for name in paper.source_ids if name not in places], paper.aliases, paper.notes, paper.flags,
    )  # fmt: skip
    return hashlib.sha256(json.dumps(content, ensure_ascii=True).encode()).digest()


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=12).hexdigest()


@lru_cache(maxsize=4096)
def _plain(text: str) -> str:
    return "".join(_WORD.findall(fold(text)))


@lru_cache(maxsize=4096)
def _bare_title(title: str) -> str:
    """Return the title's letters and digits without a leading article."""
    return re.sub(r"^(?:the|a|an)(?=\W)\W*", "", fold(title)) and "".join(
        _WORD.findall(re.sub(r"^(?:the|an?)\s+", "", fold(title)))
    )


@lru_cache(maxsize=8192)
def _signature(title: str) -> tuple[str, ...]:
    """Return what tells a title from its neighbours: numbers, parts of a series, "erratum", "reply to", ..."""
    text = fold(title)
    marks = sorted({_kind(match.group(1)) for match in _ABOUT.finditer(text)})
    words = _WORD.findall(text)
    numbers = []
    for index, word in enumerate(words):
        before = words[index - 1] if index else ""
        if word.isdecimal():
            numbers.append(word.lstrip("0") or "0")
        elif before in _SERIES and (word in _ROMAN or word in _ORDINAL):
            numbers.append(_ROMAN.get(word) or _ORDINAL[word])
        elif word in _ROMAN and index and re.search(rf"\b{word.upper()}\b(?=\W*$|\s*[:.(—–-])", title):
            numbers.append(_ROMAN[word])
    return (*marks, *sorted(numbers))


def _kind(mark: str) -> str:
    """Return one word for each kind of document about another."""
    for kind in ("errat", "corr", "addend", "retract", "supplement", "appendix", "review", "revisit", "refut"):
        if kind in mark:
            return kind
    return "reply" if re.search(r"reply|response|rejoinder|rebuttal", mark) else "comment"


def _same_abstract(a: Paper, b: Paper) -> bool:
    if a.has(Flag.OWN_SUMMARY) or b.has(Flag.OWN_SUMMARY) or min(len(a.abstract), len(b.abstract)) < 80:
        return False
    return _plain(a.abstract) == _plain(b.abstract)


def _related(a: Paper, b: Paper) -> bool:
    """Whether an equal identifier is believable: titles or authors have something in common."""
    return _first_authors(a, b) is not False or _similar_titles(a, b, 0.5)


def _identifiers_differ(a: Paper, b: Paper) -> bool:
    """Whether the records have unequal identifiers of a kind that a paper has once."""
    if a.arxiv_id and b.arxiv_id and a.arxiv_id != b.arxiv_id:
        return True
    if a.pmid and b.pmid and a.pmid != b.pmid:
        return True
    if a.doi and b.doi and a.doi != b.doi:
        return not (_PREPRINT_DOI.match(a.doi) or _PREPRINT_DOI.match(b.doi))
    return False


def _first_authors(a: Paper, b: Paper) -> bool | None:
    """Return whether the first authors are the same person, or None where one is unknown."""
    if not a.authors or not b.authors:
        return None
    return same_person(a.authors[0], b.authors[0])


@lru_cache(maxsize=16384)
def same_person(a: str, b: str) -> bool:
    """Return whether two names can be one person: "Maxim Naumov", "M. Naumov", "Naumov Maxim", "Naumov, M."."""
    left, right = _name_parts(a), _name_parts(b)
    if not left or not right:
        return False
    if sorted(left) == sorted(right) or "".join(left) == "".join(right):
        return True
    if _family_like(left[-1], right[-1]):
        return _given_agree(left[:-1], right[:-1])
    # The family name may stand first, or have two words in one of them.
    for x, y in ((left, right), (right, left)):
        if x[-1] == y[0] and _given_agree(x[:-1], y[1:]):
            return True
        if len(y) > 2 and x[-1] in ("".join(y[-2:]), y[-2]) and _given_agree(x[:-1], y[:-2]):
            return True
    return False


@lru_cache(maxsize=16384)
def _name_parts(name: str) -> tuple[str, ...]:
    text = fold(name)
    if "," in text:
        family, _, given = text.partition(",")
        text = f"{given} {family}"
    parts = [part for part in re.split(r"[^\w']+", text.replace("'", "")) if part]
    while len(parts) > 2 and parts[-1] in ("jr", "sr", "ii", "iii", "iv"):
        parts.pop()
    return tuple(parts)


def _family_like(a: str, b: str) -> bool:
    if a == b:
        return True
    return min(len(a), len(b)) > 4 and (
        a.endswith(b) or b.endswith(a) or Levenshtein.distance(a, b, score_cutoff=1) <= 1
    )


def _given_agree(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """Whether two runs of given names do not contradict each other: one may be initials, or missing."""
    if not a or not b:
        return True
    x, y = a[0], b[0]
    if x == y or "".join(a) == "".join(b):
        return True
    if len(x) <= 2 or len(y) <= 2:
        initials_a, initials_b = "".join(part[0] for part in a), "".join(part[0] for part in b)
        return x[0] == y[0] or x == initials_b or y == initials_a
    if x.startswith(y) or y.startswith(x):
        return True
    return min(len(x), len(y)) > 4 and Levenshtein.distance(x, y, score_cutoff=1) <= 1


def _similar_titles(a: Paper, b: Paper, limit: float = 0.85) -> bool:
    x, y = _bare_title(a.title), _bare_title(b.title)
    return Levenshtein.normalized_similarity(x, y) >= limit


def _same_title(a: Paper, b: Paper) -> bool:
    """Whether titles by the same first author, with the same numbers in them, name one paper."""
    years = abs(a.year - b.year) if a.year and b.year else 0
    x, y = _bare_title(a.title), _bare_title(b.title)
    overlap = _overlap(a, b)
    if x == y:
        return years <= 4 or (overlap is not None and overlap > 0.5)
    if overlap is not None and overlap < 0.25:
        return False
    if years > 3:
        return False
    if _differs_by_misspelling(a.title, b.title):
        return overlap is None or overlap > 0.3
    if _main_title_equal(a.title, b.title):
        return (
            overlap is not None and overlap > 0.5
            if not _strong_main(a.title, b.title)
            else overlap is None or overlap > 0.35
        )
    return overlap is not None and overlap > 0.75 and _similar_titles(a, b, 0.6)


def _overlap(a: Paper, b: Paper) -> float | None:
    """Return the share of words that the two abstracts have in common, or None where one is missing or a summary."""
    if a.has(Flag.OWN_SUMMARY) or b.has(Flag.OWN_SUMMARY) or min(len(a.abstract), len(b.abstract)) < 80:
        return None
    x, y = _abstract_words(a.abstract), _abstract_words(b.abstract)
    return len(x & y) / min(len(x), len(y)) if x and y else None


@lru_cache(maxsize=1024)
def _abstract_words(abstract: str) -> frozenset[str]:
    return frozenset(_WORD.findall(fold(abstract))) - STOP_WORDS


def _title_words(title: str) -> list[str]:
    return [word for word in _WORD.findall(fold(title)) if word not in STOP_WORDS]


def _differs_by_misspelling(a: str, b: str) -> bool:
    """Whether two titles are equal but for misspelt, joined or parted words and up to one left out."""
    x, y = _title_words(a), _title_words(b)
    if min(len(x), len(y)) < 3 or "".join(x) == "".join(y):
        return "".join(x) == "".join(y)
    odd = 0
    for step, i, i2, j, j2 in Levenshtein.opcodes(x, y):
        if step == "equal":
            continue
        left, right = x[i:i2], y[j:j2]
        if "".join(left) == "".join(right):
            continue
        if step != "replace" or len(left) != len(right):
            return False
        if not all(_misspelt(p, q) for p, q in zip(left, right, strict=True)):
            return False
        odd += len(left)
    return odd <= max(1, len(x) // 4)


def _misspelt(a: str, b: str) -> bool:
    """Whether one word is the other with a slip of one letter, a swap, or another ending of number or spelling."""
    if a.rstrip("s") == b.rstrip("s") or a.replace("z", "s").replace("our", "or") == b.replace("z", "s").replace(
        "our", "or"
    ):
        return True
    if min(len(a), len(b)) < 5 or any(a == prefix + b or b == prefix + a for prefix in _NEGATIONS):
        return False
    if len(a) == len(b) and sorted(a) == sorted(b):
        return True
    return Levenshtein.distance(a, b, score_cutoff=1) <= 1


def _main_title_equal(a: str, b: str) -> bool:
    """Whether one title is the other without its subtitle or its closing bracket."""
    x, y = _plain(a), _plain(b)
    return any(
        long.startswith(short) and short == _plain(_main(whole)) for short, long, whole in ((x, y, b), (y, x, a))
    )


def _main(title: str) -> str:
    return re.split(r"\s*[:(—–]\s*|\s+-+\s+", title, maxsplit=1)[0]


def _strong_main(a: str, b: str) -> bool:
    return min(len(_title_words(a)), len(_title_words(b))) >= 4


def _more_final(a: Paper, b: Paper) -> bool:
    """Whether `a` is the published version and `b` the preprint."""
    return _published(a) and not _published(b)


def _published(paper: Paper) -> bool:
    if paper.doi and not _PREPRINT_DOI.match(paper.doi):
        return True
    return bool(paper.venue) and not re.match(r"arxiv|corr\b|biorxiv|medrxiv|ssrn", fold(paper.venue or ""))


def _better_abstract(known: Paper, incoming: Paper) -> tuple[str, bool]:
    """Return the abstract to keep, and whether it is a summary of ours."""
    for paper in (known, incoming):
        if paper.abstract and not paper.has(Flag.OWN_SUMMARY):
            return paper.abstract, False
    abstract = known.abstract or incoming.abstract
    return abstract, bool(abstract)


def _better_authors(first: Paper, second: Paper) -> tuple[tuple[str, ...], bool]:
    """Return the longer, else the more complete list of authors, and whether it is all of them."""
    candidates = [paper for paper in (first, second) if paper.authors]
    if not candidates:
        return (), True
    best = max(candidates, key=lambda p: (p.authors_complete, len(p.authors), sum(len(name) for name in p.authors)))
    return best.authors, best.authors_complete


def _full_date(date: str | None, year: int | None) -> str | None:
    return f"{year:04d}{date[1:]}" if date and date.startswith("--") and year else date


def _union(a: tuple[str, ...], b: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*a, *b)))


def _provenance(known: Paper, incoming: Paper) -> tuple:  # type: ignore[type-arg]
    seen = {(p.file, p.line, p.format) for p in known.provenance}
    return (*known.provenance, *(p for p in incoming.provenance if (p.file, p.line, p.format) not in seen))
