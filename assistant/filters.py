"""Filter expressions: which papers a question may see.

    year:2019..2022 year:2020 author:chen category:cs.IR venue:kdd key:a,b source:FILE -author:lee "exact phrase"

Terms are joined by AND, a comma inside a term is OR, a leading minus is NOT. A value with spaces
stands in double quotes: venue:"neural networks". `Filter.matches` is the definition of what a filter
means; the library answers the same question in SQL.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from assistant.errors import FilterError
from assistant.papers import Paper, family_names
from assistant.text import fold

FIELDS = ("year", "author", "category", "venue", "key", "source")
_TERM = re.compile(r'\s*(?P<minus>-?)(?:(?P<field>[A-Za-z_]+):)?(?P<value>(?:"[^"]*"|[^\s",]+|,)+)')
_VALUE = re.compile(r'"([^"]*)"|([^,"]+)')
_YEARS = re.compile(r"(\d{4})?\.\.(\d{4})?|(\d{4})")


@dataclass(frozen=True, slots=True)
class Term:
    """One condition: any of `values` in `field` ("phrase" for quoted text), or none of them where negated."""

    field: str
    values: tuple[str, ...]
    negated: bool = False

    def matches(self, paper: Paper) -> bool:
        """Return whether `paper` meets the condition."""
        test = _TESTS[self.field]
        return any(test(paper, value) for value in self.values) is not self.negated

    def __str__(self) -> str:
        """Return the term as the user would write it."""
        minus = "-" if self.negated else ""
        if self.field == "phrase":
            return minus + ",".join(f'"{value}"' for value in self.values)
        return f"{minus}{self.field}:" + ",".join(_quoted(value) for value in self.values)


@dataclass(frozen=True, slots=True)
class Filter:
    """A conjunction of terms; the empty filter lets every paper pass."""

    terms: tuple[Term, ...] = ()

    def __bool__(self) -> bool:
        """Return whether there is any condition."""
        return bool(self.terms)

    def matches(self, paper: Paper) -> bool:
        """Return whether `paper` meets every term."""
        return all(term.matches(paper) for term in self.terms)

    def __and__(self, other: Filter) -> Filter:
        """Return the filter that holds both, each term once."""
        return Filter(self.terms + tuple(term for term in other.terms if term not in self.terms))

    def __str__(self) -> str:
        """Return the canonical expression; `parse_filter` reads it back as the same filter."""
        return " ".join(str(term) for term in self.terms)


def parse_filter(expression: str) -> Filter:
    """Return the filter that `expression` describes.

    Raises:
        FilterError: an unknown field, an unreadable year, an empty value or an unclosed quote.
    """
    terms: list[Term] = []
    position = 0
    end = len(expression.rstrip())
    while position < end:
        found = _TERM.match(expression, position)
        if found is None or expression.count('"', position) % 2:
            rest = expression[position:].strip()
            raise FilterError(f"cannot read the filter at {rest[:40]!r}", 'write field:value or "exact phrase"')
        terms.append(_term(found))
        position = found.end()
    return Filter(tuple(dict.fromkeys(terms)))


def year_range(value: str) -> tuple[int, int]:
    """Return the first and last year that a `year:` value admits, both included."""
    found = _YEARS.fullmatch(value)
    if found is None or value == "..":
        raise FilterError(
            f"cannot read the year {value!r}", "write year:2020, year:2019..2022, year:2019.. or year:..2022"
        )
    first, last, single = found.groups()
    if single:
        return int(single), int(single)
    low, high = int(first or 0), int(last or 9999)
    if low > high:
        raise FilterError(f"the year range {value!r} runs backwards", f"write year:{high}..{low}")
    return low, high


def category_forms(value: str) -> tuple[str, str | None]:
    """Return the folded category, and the bare last part that also matches it (cs.ir: ir)."""
    folded = fold(value)
    return folded, folded.rpartition(".")[2] if "." in folded else None


def phrase_pattern(phrase: str) -> re.Pattern[str]:
    """Return the pattern that finds `phrase` as whole words, ignoring case and the kind of white space."""
    words = [re.escape(word) for word in phrase.split()]
    return re.compile(r"(?<!\w)" + r"\s+".join(words) + r"(?!\w)", re.IGNORECASE)


def _term(found: re.Match[str]) -> Term:
    field = found["field"]
    values = tuple(" ".join((quoted or bare).split()) for quoted, bare in _VALUE.findall(found["value"]))
    values = tuple(value for value in values if value)
    if not values:
        raise FilterError(f"the filter term {found[0].strip()!r} has no value", "write field:value")
    if field is None:
        if not found["value"].startswith('"'):
            raise FilterError(f"unknown filter term {found[0].strip()!r}", 'write field:value or "exact phrase"')
        return Term("phrase", values, bool(found["minus"]))
    field = field.lower()
    if field not in FIELDS:
        raise FilterError(f"unknown filter field {field!r}", f"known fields are {', '.join(FIELDS)}")
    if field == "year":
        for value in values:
            year_range(value)
    return Term(field, values, bool(found["minus"]))


def _quoted(value: str) -> str:
    return f'"{value}"' if re.search(r"[\s,]", value) else value


def _year(paper: Paper, value: str) -> bool:
    low, high = year_range(value)
    return paper.year is not None and low <= paper.year <= high


def _author(paper: Paper, value: str) -> bool:
    wanted = fold(value)
    return any(wanted in {fold(name) for name in family_names(author)} for author in paper.authors)


def _category(paper: Paper, value: str) -> bool:
    wanted, bare = category_forms(value)
    for category in map(fold, paper.categories):
        if category in {wanted, bare} or category.startswith(wanted + "."):
            return True
    return False


def _venue(paper: Paper, value: str) -> bool:
    return paper.venue is not None and phrase_pattern(fold(value)).search(fold(paper.venue)) is not None


def _key(paper: Paper, value: str) -> bool:
    return value == paper.key or value in paper.aliases


def _source(paper: Paper, value: str) -> bool:
    return any(file == value or file.endswith("/" + value) for file in (p.file for p in paper.provenance))


def _phrase(paper: Paper, value: str) -> bool:
    pattern = phrase_pattern(value)
    return bool(pattern.search(paper.title) or pattern.search(paper.abstract))


_TESTS: dict[str, Callable[[Paper, str], bool]] = {
    "year": _year,
    "author": _author,
    "category": _category,
    "venue": _venue,
    "key": _key,
    "source": _source,
    "phrase": _phrase,
}
