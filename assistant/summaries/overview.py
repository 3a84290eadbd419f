"""The few sentences that a reader in a hurry reads."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.summaries.members import centroid
from assistant.summaries.roles import Role
from assistant.summaries.selection import Pick, Said, candidates, first_new
from assistant.summaries.themes import Theme

SENTENCES = 5
CENTRAL = 5  # most relevant papers of a theme that may speak for it


def pick_overview(themes: Sequence[Theme], said: Said) -> tuple[Pick, ...]:
    """Return at most five sentences: each theme's most telling one, in the order of the themes, then second ones."""
    queues: list[list[Pick]] = []
    for theme in themes:
        centre = centroid(theme.members)
        picks = [pick for member in theme.members[:CENTRAL] for pick in candidates(member, centre)]
        queues.append(sorted(picks, key=lambda pick: (-pick.score, pick.member.key, pick.index)))
    chosen: list[tuple[int, Pick]] = []
    spoken: set[str] = set()
    while len(chosen) < SENTENCES:
        before = len(chosen)
        for place, queue in enumerate(queues):
            fresh = [pick for pick in queue if pick.member.key not in spoken]
            pick = first_new(fresh, said, (Role.CONTRIBUTION, Role.RESULT))
            if pick is not None and len(chosen) < SENTENCES:
                said.add(pick)
                spoken.add(pick.member.key)
                chosen.append((place, pick))
        if len(chosen) == before:
            break
    return tuple(pick for _, pick in sorted(chosen, key=lambda entry: entry[0]))
