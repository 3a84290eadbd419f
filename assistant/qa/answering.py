"""The answer to one question: made, timed and saved."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from assistant.answers import Answer, Intent, Notice
from assistant.embedders import Embedder
from assistant.errors import StoreError
from assistant.library import Library
from assistant.qa.events import Event
from assistant.qa.holdings import holdings
from assistant.qa.inference import infer_filters
from assistant.qa.intent import asked_age, detect_intent, lacking_part
from assistant.qa.options import AskOptions
from assistant.qa.turn import Turn, blank_answer, milliseconds
from assistant.qa.wording import small_talk
from assistant.retrieval import Searcher


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
            intent = options.intent or detect_intent(standalone)
        if intent is Intent.SMALLTALK:
            answer = blank_answer(standalone, intent, options, lead=small_talk(standalone))
        elif intent is Intent.LIBRARY:
            held = holdings(self._library, options.filters, lacking=lacking_part(standalone), age=asked_age(standalone))
            answer = blank_answer(standalone, intent, options, lead=held)
        else:
            turn = Turn(self._library, self._searcher, self._embedder, options, on_event)
            answer = turn.run(standalone, intent)
        timing = replace(answer.timing, total_ms=milliseconds(started))
        return self._save(replace(answer, question=question, timing=timing), options.session)

    def _inferred(self, question: str, options: AskOptions) -> tuple[str, AskOptions]:
        """Return the question and the options with the filters that its words mean, if any."""
        inferred = infer_filters(question, self._library.has_author, is_word=self._searcher.knows)
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
