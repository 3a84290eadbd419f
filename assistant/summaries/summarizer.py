"""From a topic to a structured overview of the library's papers on it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from assistant.answers import (
    Claim,
    Contradiction,
    Observation,
    ScopeEntry,
    Section,
    SectionPart,
    Summary,
    Table,
    Timing,
)
from assistant.embedders import Embedder
from assistant.filters import Filter
from assistant.library import Library
from assistant.qa.numbering import Numbering
from assistant.retrieval import Searcher
from assistant.summaries.agreement import oppositions
from assistant.summaries.claims import Stater
from assistant.summaries.gaps import cover, raised
from assistant.summaries.ledger import keep_ledger
from assistant.summaries.members import Member
from assistant.summaries.overview import pick_overview
from assistant.summaries.roles import has_figure
from assistant.summaries.scope import Scope, ScopeChooser
from assistant.summaries.sections import Draft, draft_section
from assistant.summaries.selection import Said
from assistant.summaries.table import COLUMNS, compare
from assistant.summaries.themes import find_themes
from assistant.summaries.timeline import count_years, milestones


@dataclass(frozen=True, slots=True)
class SummaryOptions:
    """How one summary is made.

    Args:
        filters: holds for every paper.
        scope: how many papers, "strict", "broad" or "all"; None cuts by relevance.
        keys: exactly these papers, in place of a scope.
        columns: of the comparison table.
    """

    filters: Filter = field(default_factory=Filter)
    scope: int | str | None = None
    keys: tuple[str, ...] = ()
    columns: tuple[str, ...] = COLUMNS


class Summarizer:
    """Writes summaries over one library.

    Args:
        library: the papers.
        searcher: knows how rare a word is in the library.
        embedder: the one that made the library's vectors.
    """

    def __init__(self, library: Library, searcher: Searcher, embedder: Embedder) -> None:
        self._scopes = ScopeChooser(library, searcher, embedder)
        self._searcher = searcher
        self._embedder = embedder

    def summarize(self, topic: str, options: SummaryOptions | None = None) -> Summary:
        """Return the overview of `topic`, refused where no paper is about it."""
        options = options or SummaryOptions()
        started = time.perf_counter()
        if options.keys:
            scope = self._scopes.named(options.keys, topic)
        else:
            scope = self._scopes.choose(topic, filters=options.filters, width=options.scope)
        scoped = time.perf_counter()
        summary = Summary(topic, "refused", "extractive", reason=scope.reason)
        if scope.reason is None:
            summary = self._written(topic, scope, options)
        timing = Timing(_milliseconds(started, time.perf_counter()), _milliseconds(started, scoped))
        return replace(summary, filters=str(options.filters), lead=scope.told, timing=timing)

    def compare(self, keys: Sequence[str], columns: Sequence[str] = COLUMNS) -> Table:
        """Return the papers of `keys` side by side, in their order.

        Raises:
            UnknownKeyError: a key that no paper has.
        """
        members = {member.key: member for member in self._scopes.named(keys, " ".join(keys)).members}
        return self._table([members[key] for key in self._scopes.canonical(keys)], columns)

    def _written(self, topic: str, scope: Scope, options: SummaryOptions) -> Summary:
        members = scope.members
        themes = find_themes(members, topic, self._embedder.embed_queries)
        said, numbering = Said(), Numbering()
        glance = pick_overview(themes, said)
        drafts = [draft_section(theme, said) for theme in themes]
        stater = Stater(numbering, self._searcher.idf, members)
        timeline = count_years(members)
        coverage, uncovered = cover(themes)
        summary = Summary(
            topic,
            "answered",
            "extractive",
            scope=tuple(_entry(member) for member in members),
            borderline=tuple(_entry(member) for member in scope.borderline),
            curve=scope.curve,
            overview=stater.state(glance),
            sections=tuple(_section(draft, stater) for draft in drafts),
            table=self._table(members, options.columns),
            timeline=timeline,
            milestones=milestones(timeline, themes),
            gaps=stater.state(raised(members, said)),
            contradictions=tuple(
                Contradiction(stater.quote(pair.first), stater.quote(pair.second), pair.reason)
                for pair in oppositions(members)
            ),
            coverage=coverage,
        )
        papers = {member.key: member.paper for member in members}
        return replace(
            summary,
            observations=(*_sources(summary.claims), *uncovered),
            ledger=keep_ledger(papers, summary.claims, _reasons(drafts)),
            references=numbering.references(summary.claims, papers),
        )

    def _table(self, members: Sequence[Member], columns: Sequence[str]) -> Table:
        return compare(members, columns, idf=self._searcher.idf, embed=self._embedder.embed_queries)


def _section(draft: Draft, stater: Stater) -> Section:
    """Return the section of a draft: its claims in order and the run of each part."""
    claims: list[Claim] = []
    parts: list[SectionPart] = []
    for part in draft.parts:
        start = len(claims)
        claims += stater.state(part.picks)
        parts.append(SectionPart(part.label, start, len(claims)))
    return Section(draft.theme.title, tuple(claims), tuple(m.key for m in draft.theme.members), tuple(parts))


def _entry(member: Member) -> ScopeEntry:
    return ScopeEntry(member.key, member.paper.source_id, round(member.score, 4))


def _reasons(drafts: Sequence[Draft]) -> dict[str, str]:
    return {key: reason for draft in drafts for key, reason in draft.unused.items()}


def _sources(claims: Sequence[Claim]) -> tuple[Observation, ...]:
    """Return how many of the figures above have one source only."""
    figures = [claim for claim in claims if has_figure(claim.text)]
    single = [claim for claim in figures if len({citation.key for citation in claim.citations}) == 1]
    if not figures:
        return ()
    counted = (
        f"{len(single)} of the {len(figures)} statements with a figure rest"
        if len(figures) > 1
        else "One statement with a figure rests"
    )
    keys = dict.fromkeys(citation.key for claim in single for citation in claim.citations)
    return (Observation(f"{counted} on a single paper of this scope.", tuple(keys)),) if single else ()


def _milliseconds(start: float, end: float) -> float:
    return round((end - start) * 1000, 1)
