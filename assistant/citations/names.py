"""Names by which a model may mean a source: its number, its key, its authors and year."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from rapidfuzz.distance import DamerauLevenshtein

from assistant.text import fold

_PARTICLES_TEXT = "van von der den de del della di da dos du la le el al bin ibn ten ter zu zur"
_GENERATIONS = frozenset(("jr", "sr", "ii", "iii", "iv"))
_PARTICLES = frozenset(_PARTICLES_TEXT.split())


@dataclass(frozen=True, slots=True)
class SourceName:
    """What a citation can name: a source's number in this answer, its key, authors ("Given Family") and year.

    `aliases` are other keys of it. `sentences` is how many sentences it has; None where that is not known.
    """

    number: int
    key: str = ""
    authors: tuple[str, ...] = ()
    year: int | None = None
    sentences: int | None = None
    aliases: tuple[str, ...] = ()

    @property
    def called(self) -> str:
        """The source in a problem that a reader sees: by its key, for a model counts other numbers than the answer."""
        return self.key or f"source {self.number}"

    @property
    def short(self) -> str:
        """The source in running text: "Naumov et al. (2019)", or "the paper" where no author is known."""
        if not self.authors:
            return "the paper"
        first = family_name(self.authors[0])
        if len(self.authors) == 2:
            first = f"{first} and {family_name(self.authors[1])}"
        elif len(self.authors) > 2:
            first = f"{first} et al."
        return f"{first} ({self.year})" if self.year else first


@dataclass(frozen=True, slots=True)
class SentenceRef:
    """A cited source by its number, and the number of the sentence where the citation names one."""

    source: int
    sentence: int | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What a name led to: sources, and what was wrong with it in words for the reader."""

    refs: tuple[SentenceRef, ...] = ()
    problems: tuple[str, ...] = ()


@dataclass(slots=True)
class SourceIndex:
    """Looks sources up by number, key, or authors and year."""

    sources: Sequence[SourceName]
    _by_number: dict[int, SourceName] = field(init=False)
    _by_key: dict[str, SourceName] = field(init=False)

    def __post_init__(self) -> None:
        self._by_number = {source.number: source for source in self.sources}
        self._by_key = {
            key.casefold(): source for source in self.sources for key in (*source.aliases, source.key) if key
        }

    def get(self, number: int) -> SourceName | None:
        """Return the source of that number."""
        return self._by_number.get(number)

    def number(self, number: int, sentence: int | None, shown: str) -> Found:
        """Return source `number`; `shown` is how the citation was written, for the problem."""
        source = self._by_number.get(number)
        if source is None:
            return Found(problems=(f"{shown}: there is no source {number}",))
        if sentence is not None and not 1 <= sentence <= (source.sentences or sentence):
            return Found((SentenceRef(number),), (f"{shown}: {source.called} has no sentence {sentence}",))
        return Found((SentenceRef(number, sentence),))

    def key(self, word: str) -> Found | None:
        """Return the source whose key is `word` or nearly so; None where `word` does not look like a key.

        What an @ marks is one, whatever it looks like.
        """
        marked = word.startswith("@")
        word = word.strip("@").casefold()
        if word in self._by_key:
            return Found((SentenceRef(self._by_key[word].number),))
        match = re.fullmatch(r"([a-z][a-z'’-]*)[-_:]?((?:19|20)\d\d|nd)[-_:]?([a-z][a-z0-9-]*)?", fold(word))
        if match is None:
            unknown = Found(problems=(f"{word}: there is no source of that key",))
            return unknown if marked and re.fullmatch(r"[\w:.+/-]+", word) else None
        near = list({source.number: source for key, source in self._by_key.items() if _nearly(match, key)}.values())
        if len(near) == 1:
            return Found((SentenceRef(near[0].number),))
        if near:
            return Found(problems=(f"{word}: could be {_either(near)}",))
        if match[2] == "nd" and not marked:
            return None  # "standard" and "background" look like keys of papers without a year
        return Found(problems=(f"{word}: there is no source of that key",))

    def authors(self, names: str, year: str, shown: str) -> Found | None:
        """Return the source by these authors of this year ("2019", "2019a" or empty); None if no author fits at all."""
        wanted = _families(names)
        digits, suffix = year[:4], year[4:]
        by_name = [source for source in self.sources if _same_authors(wanted, source)]
        fits = [source for source in by_name if not digits or source.year in (None, int(digits))]
        if not fits and digits:
            fits = [s for s in self.sources if s.year == int(digits) and _same_authors(wanted, s, typos=True)]
        if suffix and len(fits) > ord(suffix) - ord("a"):
            fits = [fits[ord(suffix) - ord("a")]]
        if len(fits) == 1:
            return Found((SentenceRef(fits[0].number),))
        if fits:
            return Found(problems=(f"{shown}: could be {_either(fits)}",))
        if len(by_name) == 1 and by_name[0].year is not None:
            source = by_name[0]
            problem = f"{shown}: {source.called} is of {source.year}"
            # A preprint and its published version are a year apart; further off it may be another paper.
            refs = (SentenceRef(source.number),) if abs(int(digits) - by_name[0].year) == 1 else ()
            return Found(refs, (problem,))
        return None


def family_name(author: str) -> str:
    """Return the family name of "Given Family", with its particles."""
    words = author.split()
    while len(words) > 1 and words[-1].rstrip(".").casefold() in _GENERATIONS:
        words.pop()
    at = len(words) - 1
    while at > 1 and words[at - 1].casefold() in _PARTICLES:
        at -= 1
    return " ".join(words[max(at, 0) :])


def join_found(parts: Iterable[Found]) -> Found:
    """Return several findings as one, each source once."""
    refs: dict[SentenceRef, None] = {}
    problems: dict[str, None] = {}
    for part in parts:
        refs.update(dict.fromkeys(part.refs))
        problems.update(dict.fromkeys(part.problems))
    return Found(tuple(refs), tuple(problems))


def _nearly(match: re.Match[str], key: str) -> bool:
    """Whether a key is the written one but for a slip, or begins with it; the year must be the same."""
    other = re.fullmatch(r"(\D+)(\d{4}|nd)(\w*)", key)
    if other is None or other[2] != match[2]:
        return False
    if DamerauLevenshtein.distance(match[1], other[1]) > (1 if len(other[1]) >= 5 else 0):
        return False
    return match[3] is None or other[3].startswith(match[3]) or DamerauLevenshtein.distance(match[3], other[3]) <= 2


def _families(names: str) -> list[str]:
    """Return the folded families in "Naumov et al.", "Naumov and Shi", "M. Naumov, H. Shi"; the first one first."""
    plain = re.sub(r"\b(?:et\s+al|and\s+(?:colleagues|co-?workers|others)|etal)\b\.?", "", names)
    people = re.split(r",|&|;|\band\b|\bund\b|\bet\b", plain)
    families = [_last_name(person) for person in people]
    return [family for family in families if family]


def _last_name(person: str) -> str:
    words = [
        word
        for word in person.replace("’s", "").replace("'s", "").split()
        if not re.fullmatch(r"(?:[A-Z]\.-?)+|[A-Z]", word)
    ]
    return fold(family_name(" ".join(words)).strip(" .")) if words else ""


def _same_authors(wanted: list[str], source: SourceName, *, typos: bool = False) -> bool:
    if not wanted or not source.authors:
        return False
    known = [fold(family_name(author)) for author in source.authors]
    whole = fold(source.authors[0])

    def same(left: str, right: str) -> bool:
        slips = 0 if not typos else 2 if len(right) >= 8 else 1 if len(right) >= 5 else 0
        if left == right or right.endswith(f" {left}"):  # "Berg" and "den Berg" for "van den Berg"
            return True
        return slips > 0 and DamerauLevenshtein.distance(left, right) <= slips

    first = same(wanted[0], known[0]) or wanted[0] == whole
    return first and all(any(same(name, other) for other in known) for name in wanted[1:])


def _either(sources: Sequence[SourceName]) -> str:
    numbers = [str(source.number) for source in sources]
    return f"source {', '.join(numbers[:-1])} or {numbers[-1]}"
