"""Sections written by a model: asked for in parallel, each kept as soon as it is there, each failing alone."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass

from assistant.errors import ModelError
from assistant.llms import ChatModel, ChatStream, Deadline, Price
from assistant.summaries.briefs import TOKENS, Brief
from assistant.summaries.replies import Reply, ReplyShelf
from assistant.text import counted

PARALLEL = 4  # requests under way at a time


@dataclass(frozen=True, slots=True)
class Plan:
    """What writing with a model will take.

    Args:
        model: its name.
        sections: requests in all.
        kept: replies that are there already and cost nothing.
        input_tokens: about how many will be sent.
        output_tokens: how many may come back at most.
    """

    model: str
    sections: int
    kept: int
    input_tokens: int
    output_tokens: int

    @property
    def calls(self) -> int:
        """Requests that will be made."""
        return self.sections - self.kept

    def cost(self, price: Price | None) -> float | None:
        """Return the most it can cost; None where the price is unknown."""
        return price.of(self.input_tokens, self.output_tokens) if price else None

    def described(self, price: Price | None) -> str:
        """Return the plan in words: calls, tokens and the most it can cost."""
        cost = self.cost(price)
        at_most = f"at most ${cost:.2f}" if cost is not None else "cost not known"
        kept = f", {self.kept} more kept from before" if self.kept else ""
        sent = f"about {self.input_tokens:,} tokens sent, at most {self.output_tokens:,} written"
        return f"{counted(self.calls, 'call')} to {self.model}{kept}: {sent}, {at_most}"


@dataclass(frozen=True, slots=True)
class Progress:
    """One section is there: from the model, from an earlier run, or not at all."""

    title: str
    done: int
    sections: int
    kept: bool
    failure: str | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """A reply or the reason why there is none; `kept` says that no call was made."""

    reply: Reply | None
    failure: str | None = None
    kept: bool = False


class SectionWriter:
    """Asks one model for the parts of summaries.

    Args:
        model: answers.
        shelf: keeps the replies.
        timeout: seconds for each request, retries included.
        parallel: requests under way at a time.
    """

    def __init__(self, model: ChatModel, shelf: ReplyShelf, *, timeout: float, parallel: int = PARALLEL) -> None:
        self._model = model
        self._shelf = shelf
        self._timeout = timeout
        self._parallel = parallel
        self._streams: set[ChatStream] = set()
        self._lock = threading.Lock()
        self._stopped = threading.Event()

    def plan(self, briefs: Sequence[Brief]) -> Plan:
        """Return what `write` would take."""
        asked = [brief for brief in briefs if self._shelf.find(self._model.name, brief.digest) is None]
        kept = len(briefs) - len(asked)
        return Plan(self._model.name, len(briefs), kept, sum(brief.tokens for brief in asked), len(asked) * TOKENS)

    def write(self, briefs: Sequence[Brief], on_progress: Callable[[Progress], None]) -> list[Outcome]:
        """Return an outcome for each brief, in their order.

        Interrupted, it stops the requests and raises; what was complete is kept for the next run.
        """
        outcomes: dict[int, Outcome] = {}
        pool = ThreadPoolExecutor(max_workers=self._parallel, thread_name_prefix="section")
        try:
            waiting: dict[Future[Outcome], int] = {
                pool.submit(self._ask, brief): place for place, brief in enumerate(briefs)
            }
            while waiting:
                for future in wait(waiting, return_when=FIRST_COMPLETED).done:
                    place = waiting.pop(future)
                    outcome = outcomes[place] = future.result()
                    done, title = len(outcomes), briefs[place].title
                    on_progress(Progress(title, done, len(briefs), outcome.kept, outcome.failure))
        except BaseException:
            self._stop()
            raise
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
        return [outcomes[place] for place in range(len(briefs))]

    def _ask(self, brief: Brief) -> Outcome:
        known = self._shelf.find(self._model.name, brief.digest)
        if known is not None:
            return Outcome(known, kept=True)
        try:
            stream = self._model.stream(brief.messages, deadline=Deadline(self._timeout), max_tokens=TOKENS)
            with self._lock:
                if self._stopped.is_set():
                    stream.close()
                    return Outcome(None, "interrupted")
                self._streams.add(stream)
            text = "".join(stream)
        except ModelError as error:
            return Outcome(None, str(error))
        if self._stopped.is_set():
            return Outcome(None, "interrupted")
        usage = stream.usage
        reply = Reply(text, usage.input_tokens if usage else None, usage.output_tokens if usage else None)
        if not text.strip():
            return Outcome(None, "the model wrote nothing")
        self._shelf.keep(self._model.name, brief.digest, reply)
        return Outcome(reply)

    def _stop(self) -> None:
        with self._lock:
            self._stopped.set()
            for stream in self._streams:
                stream.close()
