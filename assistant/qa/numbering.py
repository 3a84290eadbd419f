"""Numbers of cited papers: a number means a paper, never a sentence."""

from __future__ import annotations

from collections.abc import Iterable

from assistant.answers import Claim, Reference
from assistant.papers import Paper


class Numbering:
    """Gives each paper the next free number on first use and keeps it.

    One `ask` starts with an empty numbering; a chat hands the same one to every turn.
    """

    def __init__(self, keys: Iterable[str] = ()) -> None:
        self._numbers = {key: number for number, key in enumerate(keys, start=1)}

    @property
    def keys(self) -> tuple[str, ...]:
        """The numbered papers' keys in the order of their numbers."""
        return tuple(self._numbers)

    def number(self, key: str) -> int:
        """Return the number of the paper `key`, a new one where it has none."""
        return self._numbers.setdefault(key, len(self._numbers) + 1)

    def forget_after(self, count: int) -> None:
        """Free every number above `count`, given to papers of an answer that was not shown."""
        self._numbers = {key: number for key, number in self._numbers.items() if number <= count}

    def references(self, claims: Iterable[Claim], papers: dict[str, Paper]) -> tuple[Reference, ...]:
        """Return the references of exactly the papers that `claims` cite, by number."""
        cited = {citation.key for claim in claims for citation in claim.citations}
        return tuple(
            Reference.of(papers[key], self._numbers[key]) for key in sorted(cited, key=self._numbers.__getitem__)
        )
