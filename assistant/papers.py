"""The paper record and its sentences: the nouns that every other module speaks of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any


class Flag(StrEnum):
    """What a reader must know about a record before trusting it."""

    TITLE_INFERRED = "title_inferred"  # the title was made from the abstract's first words
    AUTHORS_INCOMPLETE = "authors_incomplete"  # the source says "et al."
    RETRACTED = "retracted"  # retracted or withdrawn
    OWN_SUMMARY = "own_summary"  # the text is a summary, not the authors' abstract


EXPORTED_BY = "paper-assistant"  # in our own RIS and CSL-JSON, whose text is plain, without TeX or HTML
# What a reference list wants beside them, under the names that CSL gives to its variables and types.
DETAILS = ("type", "genre", "volume", "issue", "number", "page", "edition", "editor", "collection-title",
           "chapter-number", "publisher", "publisher-place",
           "ISBN", "ISSN")  # fmt: skip

_SUFFIXES = {"jr", "jr.", "sr", "sr.", "ii", "iii", "iv"}


def family_names(author: str) -> tuple[str, ...]:
    """Return the forms of an author's family name, the plain one first, the whole name last.

    "Maxim Naumov" gives Naumov; a name with lower-case particles gives the last word and the name with
    its particles ("Berg", "van der Berg"); generational suffixes are passed over.
    """
    words = author.split()
    while len(words) > 1 and words[-1].lower() in _SUFFIXES:
        words.pop()
    if not words:
        return ()
    start = len(words) - 1
    while start > 1 and words[start - 1].islower():
        start -= 1
    return tuple(dict.fromkeys((words[-1], " ".join(words[start:]), author)))


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a record was read: file (or address), line (1-based, where known), format and time (ISO 8601, UTC)."""

    file: str
    line: int | None
    format: str
    time: str


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper as the library knows it.

    A reader leaves `key` empty; the library assigns it once. Text fields are cleaned: no control
    characters, no markup, single spaces. `abstract` is empty for a record without one, and every
    offset in the program counts Unicode code points of this string.
    """

    title: str
    abstract: str = ""
    authors: tuple[str, ...] = ()  # "Given Family", in order
    year: int | None = None
    date: str | None = None  # "2022-07-14", "2022-07", or "--07-14" where the year is unknown
    venue: str | None = None
    categories: tuple[str, ...] = ()
    doi: str | None = None  # bare and lower-case: 10.1145/3534678.3539081
    arxiv_id: str | None = None  # without the version: 2207.07187
    pmid: str | None = None
    url: str | None = None
    source_ids: tuple[str, ...] = ()  # the first one is the record's name in runs and answers
    aliases: tuple[str, ...] = ()  # other citation keys that lead here
    notes: tuple[str, ...] = ()
    flags: tuple[Flag, ...] = ()
    details: tuple[tuple[str, str], ...] = ()  # (name, value), names and order of DETAILS; editors parted by "; "
    provenance: tuple[Provenance, ...] = ()
    key: str = field(default="", kw_only=True)

    @property
    def source_id(self) -> str:
        """The first source id, or the key where no source named the record."""
        return self.source_ids[0] if self.source_ids else self.key

    @property
    def authors_complete(self) -> bool:
        """Whether the listed authors are all of them."""
        return Flag.AUTHORS_INCOMPLETE not in self.flags

    def to_json(self) -> dict[str, Any]:
        """Return the object of `papers --json` and of the JSONL export."""
        names = ("title", "authors", "authors_complete", "year", "date", "venue", "categories", "abstract")
        rest = ("doi", "arxiv_id", "pmid", "url", "flags", "notes")
        return {
            **{name: getattr(self, name) for name in ("key", "aliases", "source_id", "source_ids", *names, *rest)},
            "details": dict(self.details),
            "provenance": [asdict(origin) for origin in self.provenance],
        }

    def detail(self, name: str) -> str | None:
        """Return one of the details, None where no source gave it."""
        return dict(self.details).get(name)

    @property
    def editors(self) -> tuple[str, ...]:
        """The editors of the book or volume, "Given Family" each."""
        return editors_of(dict(self.details))

    def has(self, flag: Flag) -> bool:
        """Return whether the record carries `flag`."""
        return flag in self.flags


def editors_of(details: Mapping[str, str]) -> tuple[str, ...]:
    """Return the editors that a publication's details name, "Given Family" each."""
    return tuple(name for name in details.get("editor", "").split("; ") if name)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of an abstract: `abstract[start:end] == text`, half-open, in code points."""

    text: str
    start: int
    end: int
