"""From a topic to a structured overview of the library's papers on it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from assistant.answers import (
    Claim,
    Contradiction,
    Notice,
    Observation,
    ScopeEntry,
    Section,
    SectionPart,
    Summary,
    Table,
    Timing,
)
from assistant.embedders import Embedder
from assistant.errors import AssistantError
from assistant.filters import Filter
from assistant.library import Library
from assistant.llms import ChatModel, Price
from assistant.qa.numbering import Numbering
from assistant.retrieval import Searcher
from assistant.summaries.agreement import oppositions
from assistant.summaries.briefs import PAPERS, brief_overview, brief_section, in_telling_order
from assistant.summaries.claims import Stater
from assistant.summaries.contrasts import contrasts
from assistant.summaries.firsts import FirstRuns
from assistant.summaries.gaps import cover, raised
from assistant.summaries.ledger import keep_ledger
from assistant.summaries.members import Member
from assistant.summaries.modelled import ModelledParts
from assistant.summaries.outlines import OutlineShelf
from assistant.summaries.overview import pick_overview
from assistant.summaries.phrases import distinctive_phrases
from assistant.summaries.replies import ReplyShelf
from assistant.summaries.roles import has_figure
from assistant.summaries.scope import Scope, ScopeChooser
from assistant.summaries.sections import READ, Draft, common_phrases, draft_section
from assistant.summaries.selection import Said
from assistant.summaries.table import COLUMNS, compare
from assistant.summaries.themes import Theme, find_themes
from assistant.summaries.timeline import count_years, milestones
from assistant.summaries.writing import Plan, Progress, SectionWriter


@dataclass(frozen=True, slots=True)
class ModelWriting:
    """How a model writes a summary.

    Args:
        model: is asked once for the overview and once for each section.
        timeout: seconds for each request.
        budget: tokens of evidence in each request.
        price: of the model's tokens; None where unknown.
        approve: sees the plan before the first call and may refuse it.
        on_progress: hears of each section that is there.
    """

    model: ChatModel
    timeout: float = 60.0
    budget: int = 6000
    price: Price | None = None
    approve: Callable[[Plan], bool] = lambda _plan: True
    on_progress: Callable[[Progress], None] = lambda _progress: None


@dataclass(frozen=True, slots=True)
class SummaryOptions:
    """How one summary is made.

    Args:
        filters: holds for every paper.
        scope: how many papers, "strict", "broad" or "all", or the keys of exactly these papers; None cuts by relevance.
        columns: of the comparison table.
        writing: the model that writes; None quotes the abstracts.
    """

    filters: Filter = field(default_factory=Filter)
    scope: int | str | tuple[str, ...] | None = None
    columns: tuple[str, ...] = COLUMNS
    writing: ModelWriting | None = None


class Summarizer:
    """Writes summaries over one library.

    Args:
        library: the papers.
        searcher: knows how rare a word is in the library.
        embedder: the one that made the library's vectors.
    """

    def __init__(self, library: Library, searcher: Searcher, embedder: Embedder) -> None:
        self._scopes = ScopeChooser(library, searcher, embedder)
        self._folder = library.store / "summaries"
        self._searcher = searcher
        self._embedder = embedder

    def summarize(self, topic: str, options: SummaryOptions | None = None) -> Summary:
        """Return the overview of `topic`, refused where no paper is about it.

        An unchanged scope gives the same summary, with the usage and the timing of its first run.
        """
        options = options or SummaryOptions()
        started = time.perf_counter()
        if isinstance(options.scope, tuple):
            scope = self._scopes.named(options.scope, topic)
        else:
            scope = self._scopes.choose(topic, filters=options.filters, width=options.scope)
        scoped = time.perf_counter()
        summary = Summary(topic, "refused", "extractive", reason=scope.reason)
        if scope.reason is None:
            summary = self._written(topic, scope, options)
        timing = Timing(_milliseconds(started, time.perf_counter()), _milliseconds(started, scoped))
        told = replace(summary, filters=str(options.filters), lead=scope.told, timing=timing)
        return FirstRuns(self._folder).of(told)

    def compare(self, keys: Sequence[str], columns: Sequence[str] = COLUMNS) -> Table:
        """Return the papers of `keys` side by side, in their order.

        Raises:
            UnknownKeyError: a key that no paper has.
        """
        members = {member.key: member for member in self._scopes.named(keys, " ".join(keys)).members}
        return self._table([members[key] for key in self._scopes.canonical(keys)], columns)

    def _written(self, topic: str, scope: Scope, options: SummaryOptions) -> Summary:
        members = scope.members
        themes = self._themes(topic, members, options)
        said, numbering = Said(), Numbering()
        modelled = self._modelled(topic, themes, options.writing, numbering) if options.writing else None
        stater = Stater(numbering, self._searcher.idf, members)
        glance = pick_overview(themes, Said())  # the sections say it again, in its place
        drafts = [draft_section(theme, said) for theme in themes]
        overview = (modelled.claims(0) if modelled else None) or stater.state(glance)
        sections = tuple(_section(place, draft, stater, modelled) for place, draft in enumerate(drafts, start=1))
        timeline = count_years(members)
        coverage, uncovered = cover(themes, topic)
        summary = Summary(
            topic,
            "answered",
            "llm" if modelled and modelled.written else "extractive",
            scope=tuple(_entry(member) for member in members),
            borderline=tuple(_entry(member) for member in scope.borderline),
            curve=scope.curve,
            overview=overview,
            sections=sections,
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
        if modelled and options.writing:
            summary = replace(
                summary,
                model=options.writing.model.name,
                fallback=modelled.fallback,
                warnings=modelled.notices,
                usage=modelled.usage(options.writing.price),
            )
        papers = {member.key: member.paper for member in members}
        return replace(
            summary,
            warnings=(*_sampled(themes), *summary.warnings),
            observations=(*_sources(summary.claims), *uncovered),
            ledger=keep_ledger(papers, summary.claims, _reasons(drafts)),
            references=numbering.references(summary.claims, papers),
        )

    def _themes(self, topic: str, members: Sequence[Member], options: SummaryOptions) -> tuple[Theme, ...]:
        """Return the themes; with a model those of the last time, as far as they still hold."""
        embed = self._embedder.embed_queries
        if options.writing is None:
            return find_themes(members, topic, embed)
        shelf = OutlineShelf(self._folder)
        name = json.dumps([topic, str(options.filters), options.scope])
        themes = shelf.find(name, members, PAPERS)
        if themes is None:
            themes = tuple(in_telling_order(theme) for theme in find_themes(members, topic, embed))
        shelf.keep(name, themes)
        phrases = distinctive_phrases([theme.members for theme in themes], topic, embed)
        return tuple(replace(theme, phrases=found) for theme, found in zip(themes, phrases, strict=True))

    def _modelled(
        self, topic: str, themes: Sequence[Theme], writing: ModelWriting, numbering: Numbering
    ) -> ModelledParts:
        """Return the overview and the sections that the model writes, once the plan is approved.

        Raises:
            AssistantError: it is not.
        """
        budget = writing.budget
        briefs = [brief_overview(themes, topic, budget), *(brief_section(theme, topic, budget) for theme in themes)]
        writer = SectionWriter(writing.model, ReplyShelf(self._folder), timeout=writing.timeout)
        plan = writer.plan(briefs)
        if plan.calls and not writing.approve(plan):
            raise AssistantError(
                "nothing was written: the plan was refused", "without a model the abstracts are quoted"
            )
        outcomes = writer.write(briefs, writing.on_progress)
        return ModelledParts(briefs, outcomes, numbering=numbering, idf=self._searcher.idf, embedder=self._embedder)

    def _table(self, members: Sequence[Member], columns: Sequence[str]) -> Table:
        return compare(members, columns, idf=self._searcher.idf, embed=self._embedder.embed_queries)


def _section(place: int, draft: Draft, stater: Stater, modelled: ModelledParts | None) -> Section:
    """Return the section of a theme: the model's claims, else those of the draft with the run of each part."""
    title, keys = draft.theme.title, tuple(member.key for member in draft.theme.members)
    common, differing = common_phrases(draft.theme), contrasts(draft.theme)
    if modelled and (written := modelled.claims(place)):
        return Section(title, written, keys, common=common, differing=differing)
    claims: list[Claim] = []
    parts: list[SectionPart] = []
    for part in draft.parts:
        start = len(claims)
        claims += stater.state(part.picks)
        parts.append(SectionPart(part.label, start, len(claims)))
    return Section(title, tuple(claims), keys, tuple(parts), common, differing)


def _entry(member: Member) -> ScopeEntry:
    return ScopeEntry(member.key, member.paper.source_id, round(member.score, 4))


def _reasons(drafts: Sequence[Draft]) -> dict[str, str]:
    return {key: reason for draft in drafts for key, reason in draft.unused.items()}


def _sampled(themes: Sequence[Theme]) -> tuple[Notice, ...]:
    """Return the notice that large themes were sampled, where any is."""
    large = sum(len(theme.members) > READ for theme in themes)
    if not large:
        return ()
    which = "One theme has" if large == 1 else f"{large} themes have"
    text = f"{which} more than {READ} papers; {READ} of each were read for its section, spread over the theme."
    return (Notice("sampled", text),)


def _sources(claims: Sequence[Claim]) -> tuple[Observation, ...]:
    """Return how many of the figures above have one source only."""
    figures = {claim.citations[0]: claim for claim in claims if claim.citations and has_figure(claim.text)}.values()
    single = [claim for claim in figures if len({citation.key for citation in claim.citations}) == 1]
    if not figures:
        return ()
    counted = f"{len(single)} of the {len(figures)} statements with a figure rest"
    if len(single) == len(figures):
        counted = f"Each of the {len(figures)} statements with a figure rests"
    if len(figures) == 1:
        counted = "One statement with a figure rests"
    keys = dict.fromkeys(citation.key for claim in single for citation in claim.citations)
    return (Observation(f"{counted} on a single paper of this scope.", tuple(keys)),) if single else ()


def _milliseconds(start: float, end: float) -> float:
    return round((end - start) * 1000, 1)
