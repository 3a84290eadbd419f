"""What a model is given for one part of a summary: a theme's papers with the sentences that may be cited."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.llms import Message
from assistant.prompts import PromptSource, format_sources, load_prompt
from assistant.qa.wording import byline
from assistant.summaries.members import Member, centroid
from assistant.summaries.roles import Role
from assistant.summaries.sections import representatives
from assistant.summaries.selection import Pick, picks_of
from assistant.summaries.themes import Theme

PAPERS = 12  # of one section that a model sees
OVERVIEW_PAPERS = 10
SENTENCES = 14  # that a model may write about one section at most
TOKENS = 1200  # of one reply
OVERVIEW = "At a glance"
_ROLES = (Role.PROPOSAL, Role.RESULT, Role.METHOD, Role.LIMIT, Role.PROBLEM, Role.OTHER)
_PER_PAPER = 4  # sentences of one paper that a model sees
_LETTERS = 4.0  # characters of a token, roughly


@dataclass(frozen=True, slots=True)
class Brief:
    """One request: the part it is for, the papers under the numbers from 1, and the messages."""

    title: str
    members: tuple[Member, ...]
    messages: tuple[Message, ...]

    @property
    def digest(self) -> str:
        """A name for exactly these messages."""
        return hashlib.sha256(json.dumps(self.messages, sort_keys=True).encode()).hexdigest()

    @property
    def tokens(self) -> int:
        """About how many tokens the messages have."""
        return round(sum(len(message["content"]) for message in self.messages) / _LETTERS)


def brief_section(theme: Theme, topic: str, budget: int) -> Brief:
    """Return the request for a theme's section over its first papers; its evidence keeps within `budget` tokens."""
    shown = _within([member for member in theme.members if member.sentences][:PAPERS], budget)
    prompt = load_prompt("section", variables={"sources", "topic", "theme", "count"})
    count = f"{min(4, len(shown) + 2)} to {min(SENTENCES, 2 * len(shown) + 2)}"
    sources = format_sources(_sources(shown))
    messages = prompt.render(sources=sources, topic=topic, theme=theme.title, count=count)
    return Brief(theme.title, tuple(shown), tuple(messages))


def in_telling_order(theme: Theme) -> Theme:
    """Return the theme with the papers first that together say most of it."""
    first = representatives([member for member in theme.members if member.sentences], PAPERS)
    rest = [member for member in theme.members if member not in first]
    return replace(theme, members=(*first, *rest))


def brief_overview(themes: Sequence[Theme], topic: str, budget: int) -> Brief:
    """Return the request for the overview, over the most relevant papers of each theme in turn."""
    queues = [[member for member in theme.members if member.sentences] for theme in themes]
    chosen = [queue[place] for place in range(OVERVIEW_PAPERS) for queue in queues if place < len(queue)]
    shown = _within(chosen[:OVERVIEW_PAPERS], budget)
    prompt = load_prompt("overview", variables={"sources", "topic", "themes"})
    titles = "; ".join(theme.title for theme in themes)
    messages = prompt.render(sources=format_sources(_sources(shown)), topic=topic, themes=titles)
    return Brief(OVERVIEW, tuple(shown), tuple(messages))


def _within(members: Sequence[Member], budget: int) -> list[Member]:
    """Return the first papers whose evidence keeps within `budget` tokens, at least one."""
    kept: list[Member] = []
    used = 0.0
    for member in members:
        used += sum(len(member.sentences[index].text) for index in _telling(member)) / _LETTERS
        if kept and used > budget:
            break
        kept.append(member)
    return kept


def _sources(members: Sequence[Member]) -> list[PromptSource]:
    return [
        PromptSource(
            number,
            member.paper.title,
            byline(member.paper),
            tuple((index + 1, member.sentences[index].text) for index in _telling(member)),
        )
        for number, member in enumerate(members, start=1)
    ]


def _telling(member: Member) -> list[int]:
    """Return the places of a paper's most telling sentences, one of each role first, in their order.

    They depend on the paper alone, so that a section is asked for anew only when its papers change.
    """
    picks = picks_of(member, centroid([member]))
    ranked = sorted(picks, key=lambda pick: (-pick.score, pick.index))
    first: list[Pick] = []
    for role in _ROLES:
        first += [pick for pick in ranked if pick.role is role][:1]
    chosen = [*first, *(pick for pick in ranked if pick not in first)][:_PER_PAPER]
    return sorted(pick.index for pick in chosen)
