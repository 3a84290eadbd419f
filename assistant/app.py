"""The composition root: opens a store and wires its parts. It decides nothing about papers or answers.

What a search does not need (readers, models, LlamaIndex) is imported by the method that does: a third of its start.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from functools import cached_property
from importlib import resources
from types import TracebackType
from typing import TYPE_CHECKING, Any

from assistant.embedders import Embedder
from assistant.embedding import embedding_cost, open_embedder
from assistant.errors import EmptyLibraryError, SourceError, StoreError
from assistant.filters import Filter, parse_filter
from assistant.indexes import Indexes, one_generation
from assistant.interruption import finishing
from assistant.library import Library, Order
from assistant.neighbours import Neighbour, nearest_papers
from assistant.papers import Paper
from assistant.retrieval import Reranker, Retrieval, Searcher
from assistant.settings import Settings, cache_dir
from assistant.stores import Writing, catch_up, has_library, reading, rehearsing, writing
from assistant.windows import WINDOW_RECIPE

if TYPE_CHECKING:
    from assistant.answers import Answer, Summary, Table
    from assistant.audit import AuditedSentence
    from assistant.evaluation import Collection, EvaluationReport
    from assistant.fetch import Fetcher
    from assistant.history import Checked, Kind, Why
    from assistant.ingest import IngestReport
    from assistant.llms import Endpoint, Meter, MeteredModel, Price
    from assistant.qa import AskOptions, Event
    from assistant.readers import Rejection
    from assistant.stance import StanceReport
    from assistant.summaries import ModelWriting, Plan, Progress, Summarizer

__all__ = ["Assistant", "open_assistant"]


def open_assistant(settings: Settings) -> Assistant:
    """Return the assistant over the store that `settings` name. Nothing is opened before it is needed."""
    return Assistant(settings)


class Assistant:
    """Everything a user can do with one store.

    `notices` collects what the user should be told besides the result: repairs, hints.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.store = settings.store_path
        self.notices: list[str] = []
        self._stack = ExitStack()

    def close(self) -> None:
        """Close what was opened."""
        self._stack.close()

    def __enter__(self) -> Assistant:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # parts, each opened on first use

    @cached_property
    def library(self) -> Library:
        """The library, which must exist."""
        return self._stack.enter_context(Library.open(self.store))

    @cached_property
    def embedder(self) -> Embedder:
        """The embedder of new vectors and of questions."""
        return open_embedder(self.settings.embedder, self.settings)

    @cached_property
    def indexes(self) -> Indexes:
        """Both indexes, brought up to the library where nobody else is writing."""
        return self._stack.enter_context(reading(self.library, self.notices.append))

    @cached_property
    def searcher(self) -> Searcher:
        """The retrieval over a library with papers in it.

        Raises:
            EmptyLibraryError: nothing has been ingested.
        """
        if not self.library.count():
            raise EmptyLibraryError(f"the library in {self.store} is empty", "add papers with: assistant ingest FILE")
        _check_vectors(self.library, self.embedder)
        indexes = self.indexes
        parts = (self.library, indexes.vectors, indexes.lexical, self.embedder)
        return Searcher(*parts, self._settled, self._reranker(), self._note_once)

    def _reranker(self) -> Reranker | None:
        spec = self.settings.rerank
        if spec == "none":
            return None
        from assistant.reranking import open_reranker

        return open_reranker(spec, self.model)

    def _note_once(self, notice: str) -> None:
        if notice not in self.notices:
            self.notices.append(notice)

    def warm(self) -> None:
        """Open everything a question needs; a chat does this while its user types."""
        self.embedder.embed_queries(["warm"])
        self.searcher.retrieve("warm", filters=Filter(), limit=1)
        self.indexes.vectors.warm()
        import assistant.qa.answering  # noqa: F401  the chain takes a second to import

    @cached_property
    def meter(self) -> Meter:
        """What the models of this run have taken so far, and the budget they keep."""
        from assistant.llms import Meter

        return Meter(self.settings.budget)

    def model(self, spec: str | None = None) -> MeteredModel | None:
        """Return the language model that `spec`, else the settings, name; None for answers without one."""
        from assistant.llms import MeteredModel, open_chat, price_of, unused_key_hint

        wanted = spec or self.settings.llm
        endpoint = self._endpoint(wanted)
        if hint := unused_key_hint(wanted, endpoint, os.environ):
            self.notices.append(hint)
        if endpoint is None:
            return None
        return MeteredModel(open_chat(endpoint, seed=self.settings.seed), price_of(endpoint), self.meter, endpoint)

    def price(self, spec: str | None = None) -> Price | None:
        """Return what the model that `spec`, else the settings, name costs; None where that is unknown."""
        from assistant.llms import price_of

        endpoint = self._endpoint(spec)
        return price_of(endpoint) if endpoint is not None else None

    def _endpoint(self, spec: str | None) -> Endpoint | None:
        from assistant.llms import resolve_model

        return resolve_model(spec or self.settings.llm, self.settings, os.environ)

    # papers in

    def ingest(  # noqa: PLR0913  each is one choice of the user's
        self,
        sources: Sequence[str],
        *,
        format: str | None = None,
        sample: bool = False,
        dry_run: bool = False,
        maximum: int = 100,
        progress: Callable[[IngestReport], None] | None = None,
        on_rejection: Callable[[Rejection], None] = lambda _: None,
    ) -> IngestReport:
        """Add the papers of `sources` (and the sample library) to the store, made first if need be.

        A source is a file, a folder, a glob, `-`, or an address (arxiv:ID, arxiv:search:QUERY, doi:ID); a search
        gives at most `maximum` records. `on_rejection` hears of each record that cannot be read, also of a source that
        holds no other.

        Raises:
            SourceError: a source is not there, or no record of any can be read; the store is as it was.
        """
        from assistant.fetch import is_address
        from assistant.ingest import Ingester, Intake
        from assistant.online import fetched_records

        addresses = [source for source in sources if is_address(source)]
        files = [source for source in sources if not is_address(source)]
        with ExitStack() as stack:
            fetched = fetched_records(stack.enter_context(self._fetcher()), addresses, maximum) if addresses else ()
            known = stack.enter_context(Library.open(self.store)) if has_library(self.store) else None
            unchanged = known.records.unchanged_file if known is not None else None
            intake = Intake(list(self._sources(files, sample)), format, unchanged, fetched, on_rejection)
            intake.look_ahead()  # sources of which none can be read end here, before anything is made
            if dry_run:
                library = stack.enter_context(rehearsing(self.store, self.settings.wait))
                return Ingester(library, self.embedder).run(intake, dry_run=True, progress=progress)
            opened = stack.enter_context(self._writing(create=True))
            ingester = Ingester(opened.library, self.embedder, after_batch=opened.indexes.follow)
            return ingester.run(intake, progress=progress)

    def ingest_cost(
        self, sources: Sequence[str], *, format: str | None = None, sample: bool = False, maximum: int = 100
    ) -> str | None:
        """Return a line that says what embedding the new papers of `sources` takes; None where it costs nothing.

        They are read once for that, and nothing is embedded; standard input cannot be read twice and is not counted.
        """
        again = [source for source in sources if source != "-"]

        def tokens() -> int:
            try:
                return self.ingest(again, format=format, sample=sample, dry_run=True, maximum=maximum).tokens
            except SourceError:  # the ingest itself will say so
                return 0

        return embedding_cost(self.settings.embedder, self.settings, tokens if again or sample else lambda: 0)

    def enrich(self, *, filters: str = "", progress: Callable[[IngestReport], None] | None = None) -> IngestReport:
        """Complete the papers that lack title, authors, year or abstract from public APIs; the report counts them."""
        from assistant.ingest import Ingester
        from assistant.online import completing_records

        papers = list(self.papers(filters))
        with self._fetcher() as fetcher, self._writing() as opened:
            ingester = Ingester(opened.library, self.embedder, after_batch=opened.indexes.follow)
            return ingester.run(completing_records(fetcher, papers), progress=progress)

    def _fetcher(self) -> Fetcher:
        from assistant.fetch import Fetcher

        settings = self.settings
        return Fetcher(
            cache_dir() / "fetched",
            arxiv_url=settings.arxiv_url,
            crossref_url=settings.crossref_url,
            contact=settings.contact,
        )

    def remove(self, keys: Sequence[str]) -> list[Paper]:
        """Remove the papers of `keys` from the library and both indexes, and return them."""
        papers = [self.library.get(key) for key in keys]
        with self._writing() as opened, finishing():
            numbers = opened.library.ids_of_keys([paper.key for paper in papers])
            with opened.library.transaction() as writer:
                for number in numbers.values():
                    writer.remove(number)
            opened.indexes.follow()
        return papers

    # papers out

    def papers(self, filters: str = "", order: Order | None = None) -> Iterator[Paper]:
        """Yield the papers that the filter expression lets pass, in `order` (as they were added)."""
        return self.library.papers(self.filter(filters), order)

    def count(self, filters: str = "") -> int:
        """Return how many papers the filter expression lets pass."""
        ids = self.library.matching_ids(self.filter(filters))
        return self.library.count() if ids is None else len(ids)

    def find(self, key: str) -> Paper | None:
        """Return the paper with the citation key or alias `key`, None where the library has it no more."""
        return self.library.find(key)

    def get(self, key: str) -> Paper:
        """Return the paper with the citation key or alias `key`."""
        return self.library.get(key)

    def nearest(self, key: str, limit: int = 5) -> list[Neighbour]:
        """Return the papers nearest to the one of `key` by their stored vectors; nothing is embedded."""
        key = self.library.get(key).key
        number = self.library.ids_of_keys([key])[key]
        with self._settled():
            return nearest_papers(self.library, self.indexes.vectors, number, limit)

    def filter(self, expression: str = "") -> Filter:
        """Return the filter of `expression` together with the one the settings hold always."""
        return parse_filter(self.settings.filter) & parse_filter(expression)

    # questions

    def search(self, query: str, *, filters: str = "", top_k: int | None = None, diverse: bool = False) -> Retrieval:
        """Return the papers that retrieval ranks for `query`, with `diverse` unlike one another."""
        limit = top_k or self.settings.top_k
        return self.searcher.retrieve(query, filters=self.filter(filters), limit=limit, diverse=diverse, rerank=True)

    def ask(
        self,
        question: str,
        options: AskOptions | None = None,
        on_event: Callable[[Event], None] = lambda _: None,
    ) -> Answer:
        """Return the answer to `question`, or a refusal; without options, as the settings say."""
        from assistant.qa.answering import QuestionAnswering

        answering = QuestionAnswering(self.library, self.searcher, self.embedder)
        return answering.ask(question, options or self.ask_options(), on_event)

    def ask_options(
        self,
        *,
        filters: str = "",
        top_k: int | None = None,
        llm: str | None = None,
        timeout: float | None = None,
        infer: bool | None = None,
    ) -> AskOptions:
        """Return the options of one question: the settings, and what a command says instead.

        `infer` reads filters from the words of the question, and puts misspelt ones right; a batch must say False.
        """
        from assistant.qa import AskOptions

        model = self.model(llm)
        infer = self.settings.infer if infer is None else infer
        return AskOptions(
            filters=self.filter(filters),
            top_k=top_k or self.settings.top_k,
            model=model,
            holds_to_schema=model.holds_to_schema if model else None,
            timeout=timeout or self.settings.timeout,
            infer=infer,
            respell=infer,
            context_tokens=self.settings.context_tokens,
            full_context=self.settings.context == "full",
            certainty=self.settings.certainty,
            second_opinion=self.settings.verify == "llm",
        )

    def summarize(
        self,
        topic: str,
        *,
        filters: str = "",
        scope: int | str | tuple[str, ...] | None = None,
        columns: Sequence[str] = (),
        writing: ModelWriting | None = None,
    ) -> Summary:
        """Return a structured overview of the library's papers on `topic`.

        Args:
            topic: in plain words.
            filters: a filter expression that holds for every paper.
            scope: how many papers, "strict", "broad", "all", or the keys of exactly the papers to use.
            columns: of the comparison table; the usual ones without any.
            writing: the model that writes, from `model_writing`; without one the abstracts are quoted.
        """
        from assistant.summaries import COLUMNS, SummaryOptions

        options = SummaryOptions(self.filter(filters), scope, tuple(columns) or COLUMNS, writing)
        return self._summarizer.summarize(topic, options)

    def model_writing(
        self,
        llm: str | None = None,
        timeout: float | None = None,
        approve: Callable[[Plan], bool] = lambda _plan: True,
        on_progress: Callable[[Progress], None] = lambda _progress: None,
    ) -> ModelWriting | None:
        """Return how the model that `llm`, else the settings, name writes a summary; None without a model."""
        from assistant.summaries import ModelWriting

        model = self.model(llm)
        if model is None:
            return None
        settings = self.settings
        timeout = timeout or settings.timeout
        return ModelWriting(model, timeout, settings.context_tokens, model.price, approve, on_progress)

    def compare(self, keys: Sequence[str], columns: Sequence[str] = ()) -> Table:
        """Return the papers of `keys` side by side."""
        from assistant.summaries import COLUMNS

        return self._summarizer.compare(keys, tuple(columns) or COLUMNS)

    @property
    def _summarizer(self) -> Summarizer:
        from assistant.summaries import Summarizer

        return Summarizer(self.library, self.searcher, self.embedder)

    def audit(self, text: str) -> Iterator[AuditedSentence]:
        """Yield a verdict for each sentence of `text` that cites something."""
        from assistant.audit import Audit

        return Audit(self.library, self.searcher, self.embedder).check(text)

    def stance(self, claim: str, *, filters: str = "") -> StanceReport:
        """Return where the library's papers stand on `claim`."""
        from assistant.stance import StanceFinder

        return StanceFinder(self.library, self.searcher, self.embedder).find(claim, self.filter(filters))

    def ingest_collection(self, collection: Collection, progress: Callable[[IngestReport], None] | None = None) -> None:
        """Fill a store without papers with a collection's corpus, each record a paper of its own."""
        from assistant.ingest import Ingester
        from assistant.readers import read_source

        if has_library(self.store) and self.library.count():
            return
        with self._writing(create=True) as opened:
            ingester = Ingester(opened.library, self.embedder, after_batch=opened.indexes.follow, separate=True)
            ingester.run(read_source(str(collection.corpus)), progress=progress)

    def evaluate(
        self,
        collection: Collection,
        baseline: dict[str, dict[str, float]] | None = None,
        progress: Callable[[int, int], None] = lambda _done, _all: None,
    ) -> EvaluationReport:
        """Return how well retrieval ranks the papers of `collection`, which the store holds, for its queries."""
        from assistant.evaluation import evaluate

        return evaluate(collection, self.library, self.searcher, baseline, progress)

    def remember(
        self,
        kind: Kind,
        question: str,
        result: StanceReport | Summary | Table,
        *,
        filters: str = "",
        asked: Mapping[str, Any] | None = None,
    ) -> str | None:
        """Keep a result beside the answers and return its id; None, with a notice, where it cannot be kept.

        The id is made of all that is kept, so that the same result is kept once and has the same bytes as JSON.
        `question` is the claim, the topic or the keys, and `asked` the other choices of the user.
        """
        from assistant.history import KEPT

        data = asdict(result)
        if kind == "comparison":
            data["papers"] = [{"key": row["key"], "title": self.library.get(row["key"]).title} for row in data["rows"]]
        saved = {"kind": kind, "question": question, "filters": str(self.filter(filters)), "asked": dict(asked or {})}
        name = hashlib.sha256(json.dumps({**saved, "result": data}).encode()).hexdigest()[:12]
        text = json.dumps({"answer_id": name, **saved, "result": data}, ensure_ascii=False)
        if len(text) > KEPT:
            self.notices.append(f"not kept among the answers: {len(text):,} characters, the most is {KEPT:,}")
            return None
        try:
            now = datetime.now(UTC).isoformat(timespec="microseconds")
            self.library.journal.save_answer(name, now, question, text)
        except StoreError as error:
            self.notices.append(f"the result was not saved: {error.message}")
            return None
        return name

    def why(self, answer_id: str, number: int | str) -> Why:
        """Return why something saved cites the paper of that number or key: quotes, verdicts, rank and neighbours."""
        from assistant.history import explain

        return explain(self.library.journal.answer(answer_id), number)

    def recheck(self, answer: Answer) -> list[Checked]:
        """Return each claim of an answer as it was, and as the library carries it now."""
        from assistant.history import recheck

        return recheck(answer, self.library, self.searcher, self.embedder)

    def answers(self, limit: int = 20, session: str | None = None) -> list[tuple[str, str, str, str]]:
        """Return (id, time, question, kind) of the last answers, newest first."""
        return self.library.journal.answers(limit, session)

    def status(self) -> dict[str, Any]:
        """Return the store's place, size and state."""
        library = self.library
        indexes = Indexes.open(library)
        try:
            return {
                "store": str(self.store),
                "papers": library.count(),
                "generation": library.generation,
                "embedder": library.setting("embedder"),
                "windows": len(indexes.vectors),
                "indexes_current": not indexes.behind,
            }
        finally:
            indexes.close()

    # inside

    def _sources(self, sources: Sequence[str], sample: bool) -> Iterator[str]:
        yield from sources
        if sample:
            with resources.as_file(resources.files("assistant.sample") / "library.jsonl") as path:
                yield str(path)

    @contextmanager
    def _writing(self, *, create: bool = False) -> Iterator[Writing]:
        def prepare(library: Library) -> None:
            if create:
                _adopt(library, self.embedder)

        with writing(self.store, create=create, wait=self.settings.wait, prepare=prepare) as opened:
            self.notices.extend(opened.repaired)
            yield opened

    @contextmanager
    def _settled(self) -> Iterator[None]:
        """Hold the library and both indexes at one generation, mending them where a writer died in between."""
        indexes = self.indexes
        with one_generation(self.library, indexes.vectors, indexes.lexical) as together:
            if together:
                yield
                return
        catch_up(self.library, indexes, self.notices.append)
        with one_generation(self.library, indexes.vectors, indexes.lexical):
            yield


def _adopt(library: Library, embedder: Embedder) -> None:
    """Bind a new library to the embedder, or check that it is the library's."""
    if library.setting("embedder") is None:
        from assistant.reembedding import bind

        bind(library, embedder)
    _check_vectors(library, embedder)


def _check_vectors(library: Library, embedder: Embedder) -> None:
    known, recipe = library.setting("embedder"), library.setting("window_recipe")
    if (known, recipe) != (embedder.name, WINDOW_RECIPE):
        raise StoreError(
            f"the library's vectors were made by {known} ({recipe}), not by {embedder.name} ({WINDOW_RECIPE})",
            "name that embedder in the settings, or make vectors anew with: assistant library reindex --embed",
        )
