"""Papers that a question names: by key, DOI, arXiv id, title, author and year, or as an author's own."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rapidfuzz import fuzz

from assistant.filters import Filter, Term
from assistant.identity import identity_keys
from assistant.library import Library
from assistant.papers import Paper
from assistant.text import STOP_WORDS, fold

NEAR_TITLE = 90.0  # of 100: a title with a word changed or a few letters wrong
LONGEST_NAME = 8  # words of a question that may be "author year topic"; longer ones are sentences

_DOI = re.compile(r"\b10\.\d{4,9}/[^\s\"<>]+")
_ARXIV = re.compile(r"(?<![\d.])(\d{4}\.\d{4,5}|[a-z][a-z-]+(?:\.[A-Za-z]{2})?/\d{7})(?:v\d+)?(?![\d])")
_YEAR = re.compile(r"(?:19|20)\d\d")
_KEY = re.compile(r"\S*\d\S*|[a-z]{2,}nd[a-z]{2,}")  # naumov2019deep; of a paper without a year naumovnddeep
_WORD = re.compile(r"[^\W\d_][\w'-]*")
_PERSON = r"[A-ZÀ-ÞŠŽČ][\w'’-]+"
_CITED = re.compile(
    rf"({_PERSON})(?:\s+et\s+al\.?|\s+(?:and|&)\s+({_PERSON}))?(?:['’]s)?,?\s*\(?((?:19|20)\d\d)[a-z]?\b\)?"
)


_OWN = re.compile(
    rf"({_PERSON})['’]s? (?:\w+ ){{0,2}}?"
    r"(?:thesis|dissertation|papers?|articles?|stud(?:y|ies)|works?|survey|report|book)\b"
)
FEW_OWN = 3  # papers of one author that "Müller's thesis" may mean


def named_papers(library: Library, question: str, nearest: Sequence[int]) -> list[int]:
    """Return the row ids of the papers that `question` names, in no order; none where it names no paper.

    Args:
        library: where they are looked up.
        question: as the user wrote it.
        nearest: row ids of the first papers that a search found, for titles with errors.
    """
    text = " ".join(question.split()).strip("\"'“”?.! ")
    if not text:
        return []
    return (
        _by_key(library, text)
        or _by_identifier(library, text)
        or _by_title(library, text, nearest)
        or _by_citation(library, text)
        or _by_author_and_year(library, text)
        or _by_owner(library, text)
    )


def _by_key(library: Library, text: str) -> list[int]:
    """Return the papers of the citation keys in the text, or of the text as a whole."""
    words = [word.strip("@[](){},;") for word in text.split()]
    keys = [text, *filter(_KEY.fullmatch, words)]
    return list(dict.fromkeys(library.ids_of_keys(keys).values()))


def _by_identifier(library: Library, text: str) -> list[int]:
    pairs = [("doi", doi.rstrip(".,;)").lower()) for doi in _DOI.findall(text)]
    pairs += [("arxiv", number) for number in _ARXIV.findall(text)]
    return library.with_identifiers(pairs) if pairs else []


def _by_title(library: Library, text: str, nearest: Sequence[int]) -> list[int]:
    exact = library.with_identifiers(identity_keys(Paper(title=text)))
    if exact or len(text.split()) < 3:
        return exact
    wanted = fold(text)
    titles = library.titles(nearest)
    return [number for number, title in titles.items() if fuzz.ratio(wanted, fold(title)) >= NEAR_TITLE]


def _by_citation(library: Library, text: str) -> list[int]:
    """Return the papers that are cited as in running text: "Naumov et al. (2019)", "Chen and Lee, 2017"."""
    found: list[int] = []
    for first, second, year in _CITED.findall(text):
        found += _of_year(library, [name for name in (first, second) if name], year)
    return list(dict.fromkeys(found))


def _by_author_and_year(library: Library, text: str) -> list[int]:
    """Return the papers of a year by an author, where a short text has both: "naumov 2019 recommendation"."""
    years = _YEAR.findall(text)
    if len(years) != 1 or len(text.split()) > LONGEST_NAME:
        return []
    names = [word.removesuffix("'s") for word in _WORD.findall(text)]
    for name in names:
        if fold(name) in STOP_WORDS:
            continue
        found = _of_year(library, [name], years[0])
        if found:
            return found
    return []


def _by_owner(library: Library, text: str) -> list[int]:
    """Return the papers of an author who has few, where the text calls one theirs: "the limits of Müller's thesis"."""
    owner = _OWN.search(text)
    ids = library.matching_ids(Filter((Term("author", (owner[1],)),))) if owner else None
    return [] if ids is None or len(ids) > FEW_OWN else [int(number) for number in ids]


def _of_year(library: Library, authors: Sequence[str], year: str) -> list[int]:
    """Return the papers of a year by all of the authors."""
    ids = library.matching_ids(Filter((*(Term("author", (name,)) for name in authors), Term("year", (year,)))))
    return [] if ids is None else [int(number) for number in ids]
