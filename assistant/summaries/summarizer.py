"""From a topic to a structured overview of the library's papers on it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from assistant.answers import Claim, ScopeEntry, Section, SectionPart, Summary, Timing
from assistant.embedders import Embedder
from assistant.filters import Filter
from assistant.library import Library
from assistant.qa.numbering import Numbering
from assistant.retrieval import Searcher
from assistant.summaries.claims import state
from assistant.summaries.ledger import keep_ledger
from assistant.summaries.members import Member
from assistant.summaries.overview import pick_overview
from assistant.summaries.scope import Scope, ScopeChooser
from assistant.summaries.sections import Draft, draft_section
from assistant.summaries.selection import Said
from assistant.summaries.themes import find_themes
from assistant.summaries.timeline import count_years


class Summarizer:
    """Writes summaries over one library.

    Args:
        library: the papers.
        searcher: knows how rare a word is in the library.
        embedder: the one that made the library's vectors.
    """

    def __init__(self, library: Library, searcher: Searcher, embedder: Embedder) -> None:
        self._library = library
        self._searcher = searcher
        self._embedder = embedder

    def summarize(self, topic: str, *, filters: Filter, scope: int | str | None = None) -> Summary:
        """Return the overview of `topic`, refused where no paper is about it.

        Args:
            topic: in plain words.
            filters: holds for every paper of the summary.
            scope: how many papers, "strict", "broad", "all", or None for a cut by relevance.
        """
        started = time.perf_counter()
        chosen = ScopeChooser(self._library, self._searcher, self._embedder).choose(topic, filters=filters, width=scope)
        scoped = time.perf_counter()
        summary = self._refused(topic, chosen) if chosen.reason else self._written(topic, chosen)
        timing = Timing(_milliseconds(started, time.perf_counter()), _milliseconds(started, scoped))
        return replace(summary, filters=str(filters), timing=timing)

    def _refused(self, topic: str, scope: Scope) -> Summary:
        return Summary(topic, "refused", "extractive", reason=scope.reason)

    def _written(self, topic: str, scope: Scope) -> Summary:
        themes = find_themes(scope.members, topic, self._embedder.embed_queries)
        said = Said()
        glance = pick_overview(themes, said)
        drafts = [draft_section(theme, said) for theme in themes]
        numbering, idf = Numbering(), self._searcher.idf
        overview = state(glance, numbering, idf)
        sections = tuple(_section(draft, numbering, idf) for draft in drafts)
        claims = [*overview, *(claim for section in sections for claim in section.claims)]
        papers = {member.key: member.paper for member in scope.members}
        return Summary(
            topic,
            "answered",
            "extractive",
            scope=tuple(_entry(member) for member in scope.members),
            overview=overview,
            sections=sections,
            timeline=count_years(scope.members),
            ledger=keep_ledger(papers, claims, _reasons(drafts)),
            references=numbering.references(claims, papers),
        )


def _section(draft: Draft, numbering: Numbering, idf: Callable[[str], float]) -> Section:
    """Return the section of a draft: its claims in order and the run of each part."""
    claims: list[Claim] = []
    parts: list[SectionPart] = []
    for part in draft.parts:
        start = len(claims)
        claims += state(part.picks, numbering, idf)
        parts.append(SectionPart(part.label, start, len(claims)))
    return Section(draft.theme.title, tuple(claims), tuple(m.key for m in draft.theme.members), tuple(parts))


def _entry(member: Member) -> ScopeEntry:
    return ScopeEntry(member.key, member.paper.source_id, round(member.score, 4))


def _reasons(drafts: Sequence[Draft]) -> dict[str, str]:
    return {key: reason for draft in drafts for key, reason in draft.unused.items()}


def _milliseconds(start: float, end: float) -> float:
    return round((end - start) * 1000, 1)
