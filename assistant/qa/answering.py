"""The answer to one question: retrieved, written or chosen, checked, numbered and saved."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

from assistant.answers import Answer, Claim, Intent, Notice, Retrieved, Support, Timing, Usage
from assistant.chain import EndpointLLM, PaperQueryEngine, PaperRetriever, StreamingResponse
from assistant.citations import CitedSentence, Kind, SentenceStream, SourceName
from assistant.embedders import Embedder
from assistant.errors import ModelError, StoreError
from assistant.evidence import Evidence, select_evidence
from assistant.library import Library
from assistant.llms import Deadline, Message
from assistant.prompts import PromptSource, format_sources, load_prompt
from assistant.qa.events import ClaimStated, Event, PapersFound, Restarted
from assistant.qa.grounding import Grounding, cite
from assistant.qa.inference import infer_filters
from assistant.qa.intent import detect_intent
from assistant.qa.numbering import Numbering
from assistant.qa.options import AskOptions
from assistant.qa.wording import answer_form, byline, extractive_lead, model_lead, refusal_text, small_talk
from assistant.refusal import RefusalReason
from assistant.retrieval import RankedPaper, Retrieval, Searcher

MODEL_SENTENCES = 18  # evidence sentences a model reads; about 600 tokens
FACT_SENTENCES = 3
MAX_CLAIMS = 40  # a model that goes on longer is stopped
_SILENCE = "the papers do not say"


class QuestionAnswering:
    """Answers questions over one library."""

    def __init__(self, library: Library, searcher: Searcher, embedder: Embedder) -> None:
        self._library = library
        self._searcher = searcher
        self._embedder = embedder

    def ask(self, question: str, options: AskOptions, on_event: Callable[[Event], None] = lambda _: None) -> Answer:
        """Return the answer to `question`, or a refusal, and save it; `on_event` watches it being made."""
        started = time.perf_counter()
        standalone = options.standalone or " ".join(question.split())
        intent = options.intent or detect_intent(standalone)
        if options.infer and intent is not Intent.SMALLTALK:
            standalone, options = self._inferred(standalone, options)
        if intent is Intent.SMALLTALK:
            answer = _blank(question, standalone, intent, options, lead=small_talk(standalone))
        else:
            turn = _Turn(self._library, self._searcher, self._embedder, standalone, intent, options, on_event)
            answer = replace(turn.run(), question=question)
        timing = replace(answer.timing, total_ms=_milliseconds(started))
        return self._save(replace(answer, timing=timing), options.session)

    def _inferred(self, question: str, options: AskOptions) -> tuple[str, AskOptions]:
        """Return the question and the options with the filters that its words mean, if any."""
        inferred = infer_filters(question, self._library.has_author)
        if not inferred.filters:
            return question, options
        notice = Notice("inferred_filter", f"read as a filter: {inferred.filters} (--no-infer reads none)")
        filters = options.filters & inferred.filters
        return inferred.question, replace(options, filters=filters, notices=(*options.notices, notice))

    def _save(self, answer: Answer, session: str | None) -> Answer:
        now = datetime.now(UTC).isoformat(timespec="microseconds")
        data = json.dumps(answer.to_json(), ensure_ascii=False)
        try:
            self._library.journal.save_answer(answer.answer_id, now, answer.question, data, session)
        except StoreError as error:
            notice = Notice("not_saved", f"the answer was not saved: {error.message}")
            return replace(answer, warnings=(*answer.warnings, notice))
        return answer


class _Turn:
    """One question on its way to an answer."""

    def __init__(  # noqa: PLR0913  the three parts of a store, and the question with what its caller wants
        self,
        library: Library,
        searcher: Searcher,
        embedder: Embedder,
        question: str,
        intent: Intent,
        options: AskOptions,
        on_event: Callable[[Event], None],
    ) -> None:
        self._library = library
        self._searcher = searcher
        self._embedder = embedder
        self._question = question
        self._intent = intent
        self._options = options
        self._on_event = on_event
        self._started = time.perf_counter()
        self._numbering = options.numbering or Numbering()
        self._usage = Usage()
        self._retrieval_ms = 0.0
        self._first_token_ms: float | None = None
        self._warnings = list(options.notices)

    def run(self) -> Answer:
        """Return the answer or the refusal."""
        options = self._options
        llm = EndpointLLM(options.model, timeout=options.timeout) if options.model else None
        engine = PaperQueryEngine(
            retriever=PaperRetriever(self._searcher, filters=options.filters, limit=options.top_k),
            llm=llm,
            prompter=partial(model_messages, intent=self._intent),
            intent=self._intent,
            sentences=MODEL_SENTENCES if llm else _sentence_count(self._intent, options.top_k),
            deadline=Deadline(options.timeout),
        )
        response = engine.query(self._question)
        metadata: dict[str, Any] = response.metadata or {}
        retrieval: Retrieval = metadata["retrieval"]
        self._retrieval_ms = _milliseconds(self._started)
        self._on_event(PapersFound(self._question, retrieval.searched))
        if not metadata["evidence"]:
            return self._refusal(retrieval, metadata["refusal"])
        if isinstance(response, StreamingResponse):
            return self._written(retrieval, metadata, response.response_gen)
        return self._extractive(retrieval, metadata["evidence"])

    def _refusal(self, retrieval: Retrieval, reason: RefusalReason | None) -> Answer:
        hidden = bool(self._options.filters) and self._answered_without_filter()
        return replace(
            self._answer(retrieval, ()),
            status="refused",
            reason=refusal_text(reason, self._options.filters, hidden=hidden),
        )

    def _answered_without_filter(self) -> bool:
        engine = PaperQueryEngine(retriever=PaperRetriever(self._searcher, limit=5), intent=self._intent)
        metadata = engine.query(self._question).metadata or {}
        return metadata["refusal"] is None and bool(metadata["evidence"])

    def _extractive(self, retrieval: Retrieval, evidence: Sequence[Evidence]) -> Answer:
        """Return the answer made of the evidence sentences themselves."""
        claims = []
        for piece in evidence:
            citation = cite(piece.paper, piece.sentence, self._numbering)
            claim = Claim(piece.sentence.text, Support.VERIFIED, "word for word in the abstract", (citation,))
            claims.append(claim)
            self._state(claim, retrieval)
        return replace(self._answer(retrieval, tuple(claims)), lead=extractive_lead(self._intent, evidence))

    def _written(self, retrieval: Retrieval, metadata: dict[str, Any], deltas: Iterator[str]) -> Answer:
        """Return the model's answer, sentence by sentence checked, or the keyless one where that is worth more."""
        start = self._numbering.copy()
        claims: list[Claim] = []
        problem = ""
        try:
            for claim in self._claims(retrieval, metadata["evidence"], deltas):
                claims.append(claim)
                self._state(claim, retrieval)
        except ModelError as error:
            problem = str(error)
        except KeyboardInterrupt:
            if not claims:
                raise
            self._warnings.append(Notice("interrupted", "the answer was cut short by the user"))
        tokens = metadata.get("usage")
        self._usage = Usage(tokens.input_tokens, tokens.output_tokens, None) if tokens else Usage(None, None, None)
        model = self._options.model.name if self._options.model else None
        if all(claim.support is Support.UNSUPPORTED for claim in claims):
            reason = problem or _worthless(claims)
            self._on_event(Restarted(reason))
            self._numbering = start
            count = _sentence_count(self._intent, self._options.top_k)
            evidence = select_evidence(retrieval, self._intent, count)
            return replace(self._extractive(retrieval, evidence), model=model, fallback=reason)
        if problem:
            self._warnings.append(Notice("cut", f"the model's answer is incomplete: {problem}"))
        answer = self._answer(retrieval, tuple(claims))
        return replace(answer, mode="llm", model=model, lead=model_lead(model or "a model", claims))

    def _claims(self, retrieval: Retrieval, evidence: Sequence[Evidence], deltas: Iterator[str]) -> Iterator[Claim]:
        """Yield the claims of a model's text as it comes; closing it stops the request."""
        cited, others = _sources(retrieval, evidence)
        grounding = Grounding.over(
            cited,
            others,
            library=self._library,
            idf=self._searcher.idf,
            embedder=self._embedder,
            numbering=self._numbering,
        )
        stream = SentenceStream(
            [SourceName(n, r.paper.key, r.paper.authors, r.paper.year) for n, r in enumerate(cited, start=1)]
        )
        stated = 0
        for sentence in self._sentences(stream, deltas):
            if stream.rambling or stated == MAX_CLAIMS:
                self._warnings.append(Notice("rambling", f"the model was stopped after {stated} sentences"))
                return
            if sentence.kind is Kind.SENTENCE and sentence.text and _SILENCE not in sentence.text.lower():
                stated += 1
                yield grounding.ground(sentence)

    def _sentences(self, stream: SentenceStream, deltas: Iterator[str]) -> Iterator[CitedSentence]:
        """Yield the sentences of a text as it comes; of a text that breaks off, all but the broken one."""
        try:
            for delta in deltas:
                if self._first_token_ms is None:
                    self._first_token_ms = _milliseconds(self._started)
                yield from stream.feed(delta)
        except ModelError:
            yield from (sentence for sentence in stream.close() if sentence.text.endswith((".", "!", "?")))
            raise
        yield from stream.close()

    def _state(self, claim: Claim, retrieval: Retrieval) -> None:
        papers = {ranked.paper.key: ranked.paper for ranked in retrieval.papers}
        self._on_event(ClaimStated(claim, self._numbering.references([claim], papers)))

    def _answer(self, retrieval: Retrieval, claims: tuple[Claim, ...]) -> Answer:
        """Return the answer that `claims` make, with its references and what was retrieved."""
        cited = {citation.key for claim in claims for citation in claim.citations}
        papers = {ranked.paper.key: ranked.paper for ranked in retrieval.papers}
        return replace(
            _blank(self._question, self._question, self._intent, self._options),
            claims=claims,
            references=self._numbering.references(claims, papers),
            retrieved=tuple(
                Retrieved(r.paper.key, r.paper.source_id, r.rank, round(r.score, 4), r.paper.key in cited)
                for r in retrieval.papers
            ),
            warnings=tuple(self._warnings),
            usage=self._usage,
            timing=Timing(0.0, self._retrieval_ms, self._first_token_ms),
        )


def model_messages(question: str, evidence: Sequence[Evidence], intent: Intent) -> list[Message]:
    """Return what a model is sent: the papers of `evidence`, numbered from 1, with their numbered sentences."""
    prompt = load_prompt("answer", variables={"sources", "question", "form"})
    pieces: dict[str, list[Evidence]] = {}
    for piece in evidence:
        pieces.setdefault(piece.paper.key, []).append(piece)
    sources = [
        PromptSource(
            number,
            found[0].paper.title,
            byline(found[0].paper),
            tuple(sorted((piece.index + 1, piece.sentence.text) for piece in found)),
        )
        for number, found in enumerate(pieces.values(), start=1)
    ]
    return list(prompt.render(sources=format_sources(sources), question=question, form=answer_form(intent)))


def _sources(retrieval: Retrieval, evidence: Sequence[Evidence]) -> tuple[list[RankedPaper], list[RankedPaper]]:
    """Return the papers of `evidence` in the order a model sees them, and the other papers retrieved."""
    order = list(dict.fromkeys(piece.paper.key for piece in evidence))
    ranked = {paper.paper.key: paper for paper in retrieval.papers}
    return [ranked[key] for key in order], [paper for key, paper in ranked.items() if key not in order]


def _blank(question: str, standalone: str, intent: Intent, options: AskOptions, lead: str = "") -> Answer:
    return Answer(
        answer_id=uuid.uuid4().hex[:12],
        question=question,
        standalone_question=standalone,
        status="answered",
        mode="extractive",
        intent=intent,
        filters=str(options.filters),
        lead=lead,
        warnings=options.notices,
    )


def _sentence_count(intent: Intent, top_k: int) -> int:
    """Return how many sentences a keyless answer shows: a few for a fact, one a paper where papers are asked for."""
    return FACT_SENTENCES if intent is Intent.QUESTION else top_k


def _worthless(claims: Sequence[Claim]) -> str:
    if not claims:
        return "the model found no answer in the papers"
    return "nothing the model wrote is supported by the papers it cites"


def _milliseconds(start: float) -> float:
    return round((time.perf_counter() - start) * 1000, 1)
