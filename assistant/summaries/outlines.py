"""The division of a scope into themes, remembered, so that one more paper changes one section."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from assistant.summaries.members import Member, centroid
from assistant.summaries.shelf import Shelf
from assistant.summaries.themes import Theme

SAME = 0.8  # share of an outline's papers that must still be in scope for it to hold


class OutlineShelf:
    """Outlines by topic, filter and scope, one small file each; one that cannot be read is made anew."""

    def __init__(self, folder: Path) -> None:
        self._shelf = Shelf(folder, "outline-")

    def find(self, name: str, members: Sequence[Member], shown: int) -> tuple[Theme, ...] | None:
        """Return the remembered themes over the papers of today, None where too many of them are others.

        A new paper joins the nearest theme, among the first `shown` ones; a paper that left the scope leaves its theme.
        The others keep their places, so that what is asked of a model about their themes stays the same.
        """
        try:
            groups = [(str(theme["title"]), [str(key) for key in theme["keys"]]) for theme in self._shelf.find(name)]
        except (KeyError, TypeError):
            return None
        known = {key for _, keys in groups for key in keys}
        here = {member.key: member for member in members}
        if not known or len(known & set(here)) < SAME * max(len(known), len(here)):
            return None
        kept = [(title, [here[key] for key in keys if key in here]) for title, keys in groups]
        kept = [(title, group) for title, group in kept if group]
        centres = np.stack([centroid(group) for _, group in kept])
        for member in members:
            if member.key not in known:
                group = kept[int(np.argmax(centres @ member.vector))][1]
                group.insert(min(len(group), shown - 1), member)
        return tuple(Theme(title, tuple(group), ()) for title, group in kept)

    def keep(self, name: str, themes: Sequence[Theme]) -> None:
        """Remember the themes."""
        stored = [{"title": theme.title, "keys": [member.key for member in theme.members]} for theme in themes]
        self._shelf.keep(name, stored)
