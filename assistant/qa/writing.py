"""A model's answer: its sentences checked as they come, mended once where they fail."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from assistant.answers import Claim, Notice, Support
from assistant.citations import CitedSentence, Kind, SentenceStream
from assistant.errors import ModelError
from assistant.qa.context import Context
from assistant.qa.grounding import Grounding

MAX_CLAIMS = 40  # a model that goes on longer is stopped
REPEATS = 3  # times that a sentence comes until the model counts as going round in circles
_SILENCE = "the papers do not say"

Reply = Iterable[str]
Repairer = Callable[[Sequence[tuple[str, str]]], Reply]


@dataclass(slots=True)
class Written:
    """What came of a model's text: its claims in order, and what went wrong, if anything."""

    claims: list[Claim] = field(default_factory=list)
    problem: str = ""
    notices: list[Notice] = field(default_factory=list)

    @property
    def worth_showing(self) -> bool:
        """Whether any claim is supported at least weakly."""
        return any(claim.support is not Support.UNSUPPORTED for claim in self.claims)


def write_answer(
    reply: Reply, context: Context, grounding: Grounding, repair: Repairer, state: Callable[[Claim], None]
) -> Written:
    """Return the claims of a model's reply; `state` is called with each as soon as it stands.

    A supported sentence stands when it has been checked. The others wait for the end: `repair` gives the
    model one chance to mend them, and what it cannot mend is shown with what is known of it.
    """
    written = Written()
    held: list[int] = []
    faulty: dict[str, tuple[str, ...]] = {}  # what is wrong with the citations of a sentence
    try:
        for sentence in _sentences(reply, context, written):
            claim = grounding.ground(sentence)
            if sentence.problems:
                faulty[claim.text] = sentence.problems
            if claim.support is Support.UNSUPPORTED:
                held.append(len(written.claims))
            else:
                state(claim)
            written.claims.append(claim)
    except ModelError as error:
        written.problem = str(error)
    except KeyboardInterrupt:
        if not written.claims:
            raise
        written.notices.append(Notice("interrupted", "the answer was cut short by the user"))
    else:
        _mend(written, held, context, grounding, repair)
    for place in held:
        state(written.claims[place])
    problems = dict.fromkeys(problem for claim in written.claims for problem in faulty.get(claim.text, ()))
    if problems:
        written.notices.append(Notice("citation", f"the model cited what is not there: {'; '.join(problems)}"))
    return written


def _mend(written: Written, held: Sequence[int], context: Context, grounding: Grounding, repair: Repairer) -> None:
    """Put mended sentences in the places of those that failed, as far as the model can mend them."""
    if not held:
        return
    faults = [(written.claims[place].text, written.claims[place].verdict_reason) for place in held]
    places = iter(held)
    said = {claim.text for claim in written.claims}
    try:
        for sentence in _sentences(repair(faults), context, Written()):
            claim = grounding.ground(sentence)
            if claim.support is not Support.UNSUPPORTED and claim.text not in said:
                place = next(places, None)
                if place is None:
                    break
                written.claims[place] = claim
                said.add(claim.text)
    except ModelError as error:
        written.notices.append(Notice("not_mended", f"the model did not mend its unsupported sentences: {error}"))


def _sentences(reply: Reply, context: Context, written: Written) -> Iterator[CitedSentence]:
    """Yield the sentences of a reply that say something new; of one that breaks off, all but the broken one."""
    stream = SentenceStream(context.names())
    stated = 0
    said: Counter[str] = Counter()
    for sentence in _until_the_break(reply, stream):
        plain = sentence.text.casefold().rstrip(". ")
        if sentence.kind is not Kind.SENTENCE or not plain:
            continue
        said[plain] += 1
        if said[plain] == REPEATS or stated == MAX_CLAIMS:
            written.notices.append(_stopped_after(stated))
            return
        if said[plain] == 1 and _SILENCE not in plain:
            stated += 1
            yield sentence
    if stream.endless:
        written.notices.append(_stopped_after(stated))


def _stopped_after(stated: int) -> Notice:
    return Notice("rambling", f"the model was stopped after {stated} sentences")


def _until_the_break(reply: Reply, stream: SentenceStream) -> Iterator[CitedSentence]:
    try:
        for delta in reply:
            yield from stream.feed(delta)
            if stream.endless:
                break
    except ModelError:
        yield from (sentence for sentence in stream.close() if sentence.text.endswith((".", "!", "?")))
        raise
    yield from stream.close()
