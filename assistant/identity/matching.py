"""Whether two records speak of the same paper, and the pairs under which such a record is looked up.

Two records are one paper by an identifier (DOI, arXiv id, PMID), or by title, first author, year and abstract. What
tells papers apart goes first: other identifiers of the same kind, parts of a series, errata and replies, other
numbers in the title, other people. The limits were set on pairs of arXiv records by the same first author;
tests/benchmarks/bench_identity.py measures them.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache

from assistant.identity.people import family_name, same_family, same_person
from assistant.identity.titles import (
    WORD,
    bare,
    differs_by_spelling,
    is_main_title,
    shared_words,
    signature,
    similarity,
    words_of,
)
from assistant.papers import Flag, Paper
from assistant.text import fold

Identifier = tuple[str, str]

_LONG_ENOUGH = 80  # characters of an abstract that can prove or disprove anything
PREPRINT_DOI = re.compile(
    r"10\.(?:1101/|48550/|2139/ssrn|21203/rs|31234/osf|31219/osf|31235/osf|35542/osf|26434/chemrxiv|20944/preprints|36227/techrxiv"
    r"|22541/au|5281/zenodo|12688/f1000research|6084/m9)"
)


def identity_keys(paper: Paper) -> tuple[Identifier, ...]:
    """Return the (kind, value) pairs under which a record of the same paper may be found; `same_paper` decides.

    Identifiers, the fingerprints of title and abstract, and the first author with each of the longest words of the
    title, so that a twin with a misspelt title shares at least one pair.
    """
    found = [
        (kind, value) for kind, value in (("doi", paper.doi), ("arxiv", paper.arxiv_id), ("pmid", paper.pmid)) if value
    ]
    if not paper.has(Flag.TITLE_INFERRED):
        found.append(("title", _digest(bare(paper.title))))
        if paper.authors:
            longest = sorted(set(words_of(paper.title)), key=lambda word: (-len(word), word))
            family, given = _plain(family_name(paper.authors[0])), _plain(paper.authors[0].partition(" ")[0])
            found.extend(("author", f"{family} {word}") for word in longest[:4])
            if len(given) > 2 and given != family:  # the family name may stand first
                found.extend(("author", f"{given} {word}") for word in longest[:3])
    if _has_abstract(paper):
        found.append(("abstract", _digest(_plain(paper.abstract))))
    return tuple(dict.fromkeys(found))


def same_paper(a: Paper, b: Paper) -> bool:
    """Return whether two records speak of one paper; a preprint and its published version do."""
    titled = not a.has(Flag.TITLE_INFERRED) and not b.has(Flag.TITLE_INFERRED)
    if _share_identifier(a, b):
        return not titled or _believable(a, b)
    if _identifiers_differ(a, b):
        return False
    overlap = abstract_overlap(a, b)
    if (
        titled
        and signature(a.title) != signature(b.title)
        and not (_equal(overlap) and is_main_title(a.title, b.title))
    ):
        return False
    if not titled:
        return _equal(overlap)
    people = _first_authors(a, b)
    if _equal(overlap):
        return _with_equal_abstracts(a, b, people)
    return people is True and _same_title(a, b, overlap)


def abstract_overlap(a: Paper, b: Paper) -> float | None:
    """Return the Dice coefficient of the abstracts' three-word runs, or None where there is no abstract to compare."""
    if not _has_abstract(a) or not _has_abstract(b):
        return None
    if a.abstract == b.abstract:
        return 1.0
    x, y = _word_runs(a.abstract), _word_runs(b.abstract)
    return 2 * len(x & y) / (len(x) + len(y)) if x and y else float(_plain(a.abstract) == _plain(b.abstract))


def _equal(overlap: float | None) -> bool:
    """Whether abstracts are equal but for a few words."""
    return overlap is not None and overlap > 0.9


def _share_identifier(a: Paper, b: Paper) -> bool:
    return any(
        known and known == other for known, other in ((a.doi, b.doi), (a.arxiv_id, b.arxiv_id), (a.pmid, b.pmid))
    )


def _believable(a: Paper, b: Paper) -> bool:
    """Whether an equal identifier can be right: a wrong DOI in a bibliography names another title by other people."""
    return (
        _first_authors(a, b) is not False or similarity(a.title, b.title) > 0.5 or (abstract_overlap(a, b) or 0.0) > 0.5
    )


def _identifiers_differ(a: Paper, b: Paper) -> bool:
    """Whether the records have unequal identifiers of a kind that a paper has once."""
    if (a.arxiv_id and b.arxiv_id and a.arxiv_id != b.arxiv_id) or (a.pmid and b.pmid and a.pmid != b.pmid):
        return True
    if a.doi and b.doi and a.doi != b.doi:
        return bool(PREPRINT_DOI.match(a.doi)) == bool(PREPRINT_DOI.match(b.doi))
    return False


def _with_equal_abstracts(a: Paper, b: Paper, people: bool | None) -> bool:
    """Decide for records whose abstracts are equal, or nearly so: the titles must not name two things."""
    if people is None or _plain(a.abstract) == _plain(b.abstract):
        return people is not False or similarity(a.title, b.title) > 0.8
    if not people and not (a.authors and b.authors and same_family(a.authors[0], b.authors[0])):
        return False
    return (
        bare(a.title) == bare(b.title) or differs_by_spelling(a.title, b.title) or shared_words(a.title, b.title) >= 0.6
    )


def _first_authors(a: Paper, b: Paper) -> bool | None:
    """Return whether the first authors are the same person, or None where one is unknown."""
    return same_person(a.authors[0], b.authors[0]) if a.authors and b.authors else None


def _same_title(a: Paper, b: Paper, overlap: float | None) -> bool:
    """Decide for records by the same first author, with the same numbers in their titles."""
    years = abs(a.year - b.year) if a.year and b.year else 0
    if bare(a.title) == bare(b.title):
        return _equal_titles_suffice(a, b, years, overlap)
    if years > 4:
        return False
    if differs_by_spelling(a.title, b.title):
        return overlap > 0.3 if overlap is not None else years <= 3
    if is_main_title(a.title, b.title):
        distinctive = min(len(words_of(a.title)), len(words_of(b.title))) >= 3
        return overlap > 0.5 if overlap is not None else distinctive and years <= 2
    return overlap is not None and overlap > 0.75 and shared_words(a.title, b.title) >= 0.7


def _equal_titles_suffice(a: Paper, b: Paper, years: int, overlap: float | None) -> bool:
    """Whether equal titles by one first author are one paper: "Editorial" of every other year or issue is not."""
    if len(words_of(a.title)) < 3:
        return overlap > 0.3 if overlap is not None else years <= 1 and not _printed_apart(a, b)
    return years <= 5 or (overlap or 0.0) > 0.3


def _printed_apart(a: Paper, b: Paper) -> bool:
    """Whether the records name different volumes, issues or pages of one venue; a preprint has its own pages."""
    if fold(a.venue or "") != fold(b.venue or ""):
        return False
    return any(
        a.detail(name) and b.detail(name) and a.detail(name) != b.detail(name) for name in ("volume", "issue", "page")
    )


def _has_abstract(paper: Paper) -> bool:
    return len(paper.abstract) >= _LONG_ENOUGH and not paper.has(Flag.OWN_SUMMARY)


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=12).hexdigest()


@lru_cache(maxsize=4096)
def _plain(text: str) -> str:
    return "".join(WORD.findall(fold(text)))


@lru_cache(maxsize=512)
def _word_runs(abstract: str) -> frozenset[tuple[str, str, str]]:
    words = WORD.findall(fold(abstract))
    return frozenset(zip(words, words[1:], words[2:], strict=False))
