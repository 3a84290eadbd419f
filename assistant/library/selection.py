"""Filter expressions in SQL: the row ids of the papers that a filter lets pass."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np

from assistant.filters import Filter, Term, category_forms, phrase_pattern, year_range
from assistant.library.database import Database
from assistant.library.rows import IntArray
from assistant.text import fold


def select_ids(database: Database, filters: Filter) -> IntArray:
    """Return the sorted row ids of the papers that meet every term of `filters`."""
    selected: set[int] | None = None
    for term in filters.terms:
        if term.negated:
            continue
        ids = _ids_of(database, term)
        selected = ids if selected is None else selected & ids
    if selected is None:
        selected = set(database.ids("SELECT id FROM papers"))
    for term in filters.terms:
        if term.negated:
            selected -= _ids_of(database, term)
    return np.array(sorted(selected), dtype=np.int64)


def _ids_of(database: Database, term: Term) -> set[int]:
    find = _FINDERS[term.field]
    return {number for value in term.values for number in find(database, value)}


def _year(database: Database, value: str) -> set[int]:
    return _ids(database, "SELECT id FROM papers WHERE year BETWEEN ? AND ?", *year_range(value))


def _author(database: Database, value: str) -> set[int]:
    return _ids(database, "SELECT paper_id FROM authors WHERE name = ?", fold(value))


def _category(database: Database, value: str) -> set[int]:
    folded, bare = category_forms(value)
    # every category below `folded` sorts between "folded." and "folded/", the next character after the dot
    sql = "SELECT paper_id FROM categories WHERE category IN (?, ?) OR (category > ? AND category < ?)"
    return _ids(database, sql, folded, bare, folded + ".", folded + "/")


def _venue(database: Database, value: str) -> set[int]:
    pattern = phrase_pattern(fold(value))
    venues = database.rows("SELECT DISTINCT venue FROM papers WHERE venue IS NOT NULL")
    named = [venue for (venue,) in venues if pattern.search(fold(venue))]
    return {number for venue in named for number in _ids(database, "SELECT id FROM papers WHERE venue = ?", venue)}


def _key(database: Database, value: str) -> set[int]:
    return _ids(database, "SELECT paper_id FROM names WHERE name = ?", value)


def _source(database: Database, value: str) -> set[int]:
    # one provenance entry is ["file", line, "format", "time"] inside the JSON of `lists`
    sql = (
        "SELECT DISTINCT papers.id FROM papers, json_each(papers.lists, '$.provenance') AS origin "
        "WHERE json_extract(origin.value, '$[0]') = ? OR json_extract(origin.value, '$[0]') LIKE ? ESCAPE '\\'"
    )
    return _ids(database, sql, value, "%/" + _like(value))


def _phrase(database: Database, value: str) -> set[int]:
    # LIKE folds the case of ASCII letters only, so other characters and white space stand as wildcards;
    # the pattern then decides
    words = "%".join(re.sub(r"[^\x00-\x7f]", "_", _like(word)) for word in value.split())
    pattern = phrase_pattern(value)
    sql = "SELECT id, title, abstract FROM papers WHERE title LIKE ?1 ESCAPE '\\' OR abstract LIKE ?1 ESCAPE '\\'"
    rows = database.rows(sql, f"%{words}%")
    return {number for number, title, abstract in rows if pattern.search(title) or pattern.search(abstract)}


def _like(text: str) -> str:
    return re.sub(r"([\\%_])", r"\\\1", text)


def _ids(database: Database, sql: str, *values: object) -> set[int]:
    return set(database.ids(sql, *values))


_FINDERS: dict[str, Callable[[Database, str], set[int]]] = {
    "year": _year,
    "author": _author,
    "category": _category,
    "venue": _venue,
    "key": _key,
    "source": _source,
    "phrase": _phrase,
}
