"""One question on its way to an answer: retrieved, refused, or answered with or without a model."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from assistant.answers import Answer, Claim, Intent, Notice, Retrieved, Support, Timing, Usage
from assistant.chain import EndpointLLM, PaperQueryEngine, PaperRetriever, StreamingResponse, stream_reply
from assistant.citations import answer_schema
from assistant.embedders import Embedder
from assistant.errors import ModelError
from assistant.evidence import Evidence, asks_for_all, select_evidence
from assistant.filters import Filter
from assistant.library import Library
from assistant.llms import Deadline, Message
from assistant.qa.calls import Calls
from assistant.qa.context import Context, answer_messages, choose_context, prompt_digest, repair_messages
from assistant.qa.events import ClaimStated, Event, PapersFound, Restarted
from assistant.qa.grounding import Grounding, cite
from assistant.qa.numbering import Numbering
from assistant.qa.opinion import asked_about, lowered, opinion_messages
from assistant.qa.options import AskOptions
from assistant.qa.voices import HEARD, Matter, agreement_asked, voices, voices_lead, with_findings
from assistant.qa.wording import (
    NO_SENTENCE,
    answer_size,
    catalogue_lead,
    denying,
    denying_lead,
    extractive_lead,
    hidden_reason,
    missing_remark,
    model_lead,
    record_lead,
    silent_reason,
)
from assistant.qa.writing import write_answer
from assistant.refusal import RefusalReason
from assistant.retrieval import RankedPaper, Retrieval, Searcher
from assistant.spelling import beyond_doubt, corrected

MODEL_SENTENCES = 18  # evidence sentences chosen for a model, before their neighbours
FACT_SENTENCES = 3  # sentences of a keyless answer to a question of fact


class Turn:
    """One question over one library.

    Args:
        library: the papers and their sentence vectors.
        searcher: the retrieval over it.
        embedder: compares a model's sentences with theirs.
        options: how the question is asked.
        on_event: watches the answer being made.
    """

    def __init__(
        self,
        library: Library,
        searcher: Searcher,
        embedder: Embedder,
        options: AskOptions,
        on_event: Callable[[Event], None],
    ) -> None:
        self._library = library
        self._searcher = searcher
        self._embedder = embedder
        self._options = options
        self._on_event = on_event
        self._numbering = options.numbering or Numbering()
        self._deadline = Deadline(options.timeout)
        self._started = time.perf_counter()
        self._calls = Calls(options.model) if options.model else None
        self._llm = EndpointLLM(self._calls, timeout=options.timeout) if self._calls else None
        self._retrieval_ms = 0.0
        self._first_token_ms: float | None = None
        self._warnings = list(options.notices)
        self._matter: Matter | None = None

    def run(self, question: str, intent: Intent) -> Answer:
        """Return the answer to the standalone `question`, or the refusal."""
        self._question, self._intent = question, intent
        self._matter = agreement_asked(question)
        response = self._engine().query(self._matter.text if self._matter else question)
        metadata: dict[str, Any] = response.metadata or {}
        retrieval: Retrieval = metadata["retrieval"]
        self._retrieval_ms = milliseconds(self._started)
        self._on_event(PapersFound(question, retrieval.searched))
        if not metadata["evidence"]:
            return self._refusal(retrieval, metadata["refusal"])
        if isinstance(response, StreamingResponse):
            return self._written(retrieval, metadata, response.response_gen)
        return self._extractive(retrieval, metadata["evidence"])

    def _engine(self) -> PaperQueryEngine:
        options = self._options
        return PaperQueryEngine(
            retriever=PaperRetriever(
                self._searcher,
                filters=options.filters,
                limit=self._considered(),
                rerank=True,
                intent=self._intent,
            ),
            llm=self._llm,
            prompter=self._messages,
            intent=self._intent,
            filtered=bool(options.filters),
            certainty=options.certainty,
            sentences=MODEL_SENTENCES if self._llm else self._sentence_count(),
            deadline=self._deadline,
        )

    def _considered(self) -> int:
        """Return how many papers are looked at: more where their voices are counted."""
        return max(self._options.top_k, HEARD) if self._matter else self._options.top_k

    def _refusal(self, retrieval: Retrieval, reason: RefusalReason | None) -> Answer:
        meant = self._respelt(retrieval)
        if meant and self._options.respell and beyond_doubt(self._question, meant):
            self._warnings.append(Notice("respelt", f"read as: {meant} (--no-infer takes words as they are typed)"))
            return self.run(meant, self._intent)
        terms = self._options.filters.terms
        if any(term.field == "key" and len(term.values) == 1 and not term.negated for term in terms):
            if retrieval.papers:  # what other papers say is beside the point
                reason = silent_reason(retrieval.papers[0].paper)
        elif terms and (hiding := self._hiding_filter()):
            reason = hidden_reason(hiding)
        reason = reason or NO_SENTENCE
        text = f"{reason.text} Did you mean “{meant}”?" if meant else reason.text
        return replace(self._answer(retrieval, ()), status="refused", reason=text, reason_code=reason.code)

    def _respelt(self, retrieval: Retrieval) -> str | None:
        """Return the question with misspelt words put right, where that one is answered; else None."""
        texts = (text for ranked in retrieval.papers for text in (ranked.paper.title, ranked.paper.abstract))
        meant = corrected(self._question, self._is_known, texts)
        return meant if meant is not None and self._answers_under(self._options.filters, meant) else None

    def _is_known(self, word: str) -> bool:
        return self._searcher.knows(word) or self._library.has_author(word)

    def _hiding_filter(self) -> Filter | None:
        """Return the one term of the filter without which the question is answered, else all of them, else None."""
        terms = self._options.filters.terms
        smaller = [Filter(terms[:place] + terms[place + 1 :]) for place in range(len(terms))] if len(terms) > 1 else []
        for term, rest in zip(terms, smaller, strict=False):
            if self._answers_under(rest):
                return Filter((term,))
        return self._options.filters if self._answers_under(Filter()) else None

    def _answers_under(self, filters: Filter, question: str | None = None) -> bool:
        retriever = PaperRetriever(self._searcher, filters=filters, limit=5)
        engine = PaperQueryEngine(retriever=retriever, intent=self._intent, certainty=self._options.certainty)
        metadata = engine.query(question or self._question).metadata or {}
        return metadata["refusal"] is None and bool(metadata["evidence"])

    def _extractive(self, retrieval: Retrieval, evidence: Sequence[Evidence]) -> Answer:
        """Return the answer made of the evidence sentences themselves."""
        claims = []
        heard = ""
        if record := record_lead(self._question, evidence):
            evidence = evidence[:1]  # the record is the answer
        elif self._matter is not None:
            heard, evidence = self._heard(self._matter, retrieval, evidence)
        against = denying(self._question, evidence)
        for piece in evidence if against is None else [against, *(piece for piece in evidence if piece is not against)]:
            citation = cite(piece.paper, piece.sentence, self._numbering)
            claim = Claim(piece.sentence.text, Support.VERIFIED, "word for word in the abstract", (citation,))
            claims.append(claim)
            self._state(claim, retrieval)
        lead = record or heard
        if not lead and self._intent is Intent.QUESTION:
            lead = denying_lead(self._question, against) if against else self._nearest_lead(evidence)
        lead = lead or extractive_lead(self._intent, evidence, self._options.top_k, self._question)
        if asks_for_all(retrieval):
            lead = catalogue_lead(retrieval.searched, evidence)
        return replace(self._answer(retrieval, tuple(claims)), lead=lead)

    def _heard(
        self, matter: Matter, retrieval: Retrieval, evidence: Sequence[Evidence]
    ) -> tuple[str, Sequence[Evidence]]:
        """Return what papers say of a matter on which they are asked to agree, and the line in front of it."""
        saying, denying = voices(matter.text, retrieval.papers) if matter.is_statement else ([], [])
        if matter.is_statement and not (saying or denying):
            return voices_lead(matter, saying, denying), with_findings(evidence[:FACT_SENTENCES], retrieval.papers)
        shown = self._options.top_k
        return voices_lead(matter, saying, denying), (saying + denying or evidence)[:shown]

    def _nearest_lead(self, evidence: Sequence[Evidence]) -> str:
        remark = missing_remark(self._question, [(piece.sentence.text, piece.paper.title) for piece in evidence])
        return f"{remark}; what comes nearest, quoted word for word:" if remark else ""

    def _written(self, retrieval: Retrieval, metadata: dict[str, Any], deltas: Iterator[str]) -> Answer:
        """Return the model's answer, or the keyless one where that is worth more."""
        known = len(self._numbering.keys)
        context = self._context(retrieval, metadata["evidence"])
        grounding = Grounding.over(
            context.citable,
            context.others,
            library=self._library,
            idf=self._searcher.idf,
            embedder=self._embedder,
            numbering=self._numbering,
        )
        written = write_answer(
            self._timed(deltas),
            context,
            grounding,
            lambda faults: self._reply(repair_messages(self._question, context, faults)),
            lambda claim: None if self._options.second_opinion else self._state(claim, retrieval),
        )
        if self._options.second_opinion:
            written.claims = self._second_opinion(written.claims)
            for claim in written.claims:
                self._state(claim, retrieval)
        self._warnings += written.notices
        model = self._options.model.name if self._options.model else None
        prompt = prompt_digest()
        if not written.worth_showing:
            reason = written.problem or _worthless(written.claims)
            self._on_event(Restarted(reason))
            self._numbering.forget_after(known)
            evidence = select_evidence(retrieval, self._intent, self._sentence_count())
            answer = self._extractive(retrieval, evidence)
            return replace(answer, model=model, prompt_hash=prompt, fallback=reason)
        if written.problem:
            self._warnings.append(Notice("cut", f"the model's answer is incomplete: {written.problem}"))
        answer = self._answer(retrieval, tuple(written.claims))
        lead = model_lead(model or "a model", written.claims, cut=bool(written.problem))
        if against := denying(self._question, metadata["evidence"]):
            lead = f"{denying_lead(self._question, against)[:-1]}. {lead}"
        elif self._intent is Intent.QUESTION:
            titles = {reference.key: reference.title for reference in answer.references}
            quotes = [(quote.quote, titles[quote.key]) for claim in answer.claims for quote in claim.citations]
            remark = missing_remark(self._question, quotes)
            lead = f"{remark}. {lead}" if remark else lead
        return replace(answer, mode="llm", model=model, prompt_hash=prompt, lead=lead)

    def _second_opinion(self, claims: list[Claim]) -> list[Claim]:
        """Return the claims with the verdicts that the model lowers when it is asked; unchanged where it fails."""
        asked = asked_about(claims)
        if not asked:
            return claims
        if self._calls is not None:
            self._calls.schema = None  # an opinion is no answer
        try:
            return lowered(claims, self._reply(opinion_messages(asked)))
        except ModelError as error:
            self._warnings.append(Notice("no_second_opinion", f"no second opinion on the verdicts: {error}"))
        except KeyboardInterrupt:
            self._warnings.append(Notice("interrupted", "the second opinion was cut short by the user"))
        return claims

    def _messages(self, retrieval: Retrieval, evidence: Sequence[Evidence]) -> list[Message]:
        context = self._context(retrieval, evidence)
        asked = self._options.holds_to_schema
        if self._calls is not None and asked is not None and asked(self._deadline):
            self._calls.schema = answer_schema(context.allowed, *answer_size(self._intent))
        return answer_messages(self._question, context, self._intent)

    def _context(self, retrieval: Retrieval, evidence: Sequence[Evidence]) -> Context:
        return choose_context(
            retrieval,
            evidence,
            count_tokens=self._embedder.count_tokens,
            budget=self._options.context_tokens,
            full=self._options.full_context,
        )

    def _reply(self, messages: Sequence[Message]) -> Iterator[str]:
        """Yield the model's reply to `messages` within what is left of the deadline."""
        if self._llm is None:
            raise TypeError("there is no model to reply")
        yield from stream_reply(self._llm, messages, self._deadline)

    def _timed(self, deltas: Iterator[str]) -> Iterator[str]:
        for delta in deltas:
            if self._first_token_ms is None:
                self._first_token_ms = milliseconds(self._started)
            yield delta

    def _state(self, claim: Claim, retrieval: Retrieval) -> None:
        papers = {ranked.paper.key: ranked.paper for ranked in retrieval.papers}
        self._on_event(ClaimStated(claim, self._numbering.references([claim], papers)))

    def _answer(self, retrieval: Retrieval, claims: tuple[Claim, ...]) -> Answer:
        """Return the answer that `claims` make, with its references and what was retrieved."""
        cited = {citation.key for claim in claims for citation in claim.citations}
        papers = {ranked.paper.key: ranked.paper for ranked in retrieval.papers}
        return replace(
            blank_answer(self._question, self._intent, self._options),
            claims=claims,
            references=self._numbering.references(claims, papers),
            retrieved=tuple(_retrieved(ranked, ranked.paper.key in cited) for ranked in retrieval.papers),
            searched=retrieval.searched,
            warnings=tuple(self._warnings),
            usage=self._calls.usage if self._calls else Usage(),
            timing=Timing(0.0, self._retrieval_ms, self._first_token_ms),
        )

    def _sentence_count(self) -> int:
        """Return how many sentences a keyless answer shows: a few for a fact, one a paper where papers are wanted."""
        return FACT_SENTENCES if self._intent is Intent.QUESTION else self._options.top_k


def blank_answer(question: str, intent: Intent, options: AskOptions, lead: str = "") -> Answer:
    """Return an answer to the standalone `question` that says nothing yet."""
    return Answer(
        answer_id=uuid.uuid4().hex[:12],
        question=question,
        standalone_question=question,
        status="answered",
        mode="extractive",
        intent=intent,
        filters=str(options.filters),
        lead=lead,
        warnings=options.notices,
    )


def _retrieved(ranked: RankedPaper, cited: bool) -> Retrieved:
    paper, score = ranked.paper, round(ranked.score, 4)
    named = (paper.title, paper.authors, paper.year, paper.flags)
    return Retrieved(paper.key, paper.source_id, ranked.rank, score, cited, *named)


def milliseconds(start: float) -> float:
    """Return the milliseconds since `start` on the performance counter."""
    return round((time.perf_counter() - start) * 1000, 1)


def _worthless(claims: Sequence[Claim]) -> str:
    if not claims:
        return "the model found no answer in the papers"
    return "nothing the model wrote is supported by the papers it cites"
