"""The few sentences that a reader in a hurry reads."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.summaries.members import centroid
from assistant.summaries.roles import Role
from assistant.summaries.selection import Pick, Said, alone, best_new, is_own, names_something, picks_of
from assistant.summaries.themes import Theme
from assistant.summaries.voice import leaning

SENTENCES = 5
CENTRAL = 5  # most relevant papers of a theme that may speak for it


def pick_overview(themes: Sequence[Theme], said: Said) -> tuple[Pick, ...]:
    """Return at most five sentences: each theme's most telling one, in the order of the themes, then second ones."""
    pools = []
    for theme in themes:
        readable = [member for member in theme.members if member.sentences][:CENTRAL]
        pools.append([pick for member in readable for pick in picks_of(member, centroid(readable))])
    chosen: list[tuple[int, Pick]] = []
    spoken: set[str] = set()
    rounds = ((Role.PROPOSAL,), (Role.RESULT,), (Role.PROPOSAL, Role.RESULT))
    for roles in rounds:
        for place, pool in enumerate(pools):
            fresh = [pick for pick in alone(pool) if pick.member.key not in spoken and _clear(pick)]
            pick = best_new(fresh, said, roles)
            if pick is not None and len(chosen) < SENTENCES:
                said.add(pick)
                spoken.add(pick.member.key)
                chosen.append((place, pick))
    return tuple(pick for _, pick in sorted(chosen, key=lambda entry: entry[0]))


def _clear(pick: Pick) -> bool:
    """Return whether a sentence points at nothing before it, and as a proposal names something, as a result its own."""
    if leaning(pick.sentence.text) or not is_own(pick):
        return False
    return pick.role is not Role.PROPOSAL or names_something(pick)
