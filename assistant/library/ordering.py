"""The order in which papers are listed, and the part of the list that is wanted."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from assistant.errors import UsageError
from assistant.library.database import Database
from assistant.library.rows import IntArray
from assistant.papers import family_names
from assistant.text import fold

_LEADING_MARKS = re.compile(r"^\W+")


@dataclass(frozen=True, slots=True)
class Order:
    """A part of the list of papers: from `offset` (the first is 0) at most `limit`, sorted by one of SORTS.

    Papers without a year, title or author stand last in either direction; equal ones in the order they were added.
    """

    sort: str = "added"
    reverse: bool = False
    offset: int = 0
    limit: int | None = None

    def __post_init__(self) -> None:
        if self.sort not in SORTS:
            raise UsageError(f"unknown order {self.sort!r}", f"papers can be sorted by {', '.join(SORTS)}")


def ordered_ids(database: Database, ids: IntArray | None, order: Order) -> list[int]:
    """Return the row ids of the part that `order` asks for, of the papers in `ids` (None: of all); loads no record."""
    column, sort_key = _SORT_KEYS[order.sort]
    rows = database.rows(f"SELECT id, {column} FROM papers ORDER BY id")  # noqa: S608  constants
    if ids is not None:
        wanted = set(ids.tolist())
        rows = [row for row in rows if row[0] in wanted]
    known = [(sort_key(value), number) for number, value in rows if value not in (None, "")]
    unknown = [number for number, value in rows if value in (None, "")]
    known.sort(key=lambda pair: pair[0], reverse=order.reverse)
    numbers = [*(number for _, number in known), *unknown]
    return numbers[order.offset :][: order.limit]


def _author(name: str) -> tuple[str, str]:
    return fold((family_names(name) or (name,))[0]), fold(name)


_SORT_KEYS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "added": ("id", int),
    "key": ("key", str),
    "year": ("year", int),
    "title": ("title", lambda title: _LEADING_MARKS.sub("", fold(title))),
    "author": ("json_extract(lists, '$.authors[0]')", _author),
}
SORTS = tuple(_SORT_KEYS)
