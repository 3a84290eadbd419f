"""Answers, refusals and references as lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.answers import Answer, Claim, Reference, Support
from assistant.papers import Flag
from assistant.render.lines import BLANK, Line
from assistant.render.papers import FLAG_WORDS, WARNING_FLAGS, as_sentence, paper_line, short_authors

_MARKS = {Support.VERIFIED: ("✓", "green"), Support.WEAK: ("~", "yellow"), Support.UNSUPPORTED: ("✗", "bold red")}

_NEAREST = 3  # papers that a refusal names


def citation_numbers(claim: Claim) -> str:
    """Return the marker of a claim, "[1, 3]", empty where it cites nothing."""
    numbers = dict.fromkeys(citation.number for citation in claim.citations)
    return f"[{', '.join(map(str, numbers))}]" if numbers else ""


def claim_line(claim: Claim, *, first: str = "  ") -> Line:
    """Return a claim with its numbers and its verdict; whatever is not verified says so in words."""
    mark, style = _MARKS[claim.support]
    parts: list[str | tuple[str, str]] = [claim.text]
    # The mark stands at the number, so that no row begins with a mark alone.
    numbers = citation_numbers(claim)
    parts += [(f" {numbers}", "cyan"), (mark, style)]
    if claim.support is not Support.VERIFIED:
        reason = f": {claim.verdict_reason}" if claim.verdict_reason else ""
        parts.append((f" ({claim.support.value}{reason})", style))
    if claim.attributed:
        parts.append((f" (source found by the check: {claim.verdict_reason})", "dim"))
    return Line.of(*parts, first=first)


def claims_under(heading: str, claims: Sequence[Claim]) -> Iterator[Line]:
    """Yield a heading and the claims below it, nothing where there are none."""
    if claims:
        yield BLANK
        yield Line.of((heading, "bold"))
        for claim in claims:
            yield claim_line(claim)


def reference_line(reference: Reference, width: int = 1) -> Line:
    """Return a numbered reference; `width` is the number of digits of the largest number beside it."""
    complete = Flag.AUTHORS_INCOMPLETE not in reference.flags
    parts: list[str | tuple[str, str]] = [
        f"{short_authors(reference.authors, complete=complete)} ({reference.year or 'no year'}). ",
        (as_sentence(reference.title), "bold"),
    ]
    if reference.venue:
        parts.append((f" {as_sentence(reference.venue)}", "italic"))
    parts.append((f" {reference.key}", "cyan"))
    parts.extend((f" · {FLAG_WORDS[flag]}", "yellow") for flag in WARNING_FLAGS if flag in reference.flags)
    number = f"[{reference.number}]"
    return Line.of(*parts, first=f"  {number:>{width + 2}} ")


def reference_lines(references: Sequence[Reference], heading: str = "Papers") -> Iterator[Line]:
    """Yield a heading and the numbered references, nothing where there are none."""
    if not references:
        return
    width = len(str(max(reference.number for reference in references)))
    yield BLANK
    yield Line.of((heading, "bold"))
    for reference in references:
        yield reference_line(reference, width)


def answer_lines(answer: Answer) -> Iterator[Line]:
    """Yield an answer, or a refusal with the nearest papers."""
    if answer.intent.needs_papers:
        yield from preface_lines(answer.question, answer.standalone_question, answer.filters)
    yield from body_lines(answer)


def body_lines(answer: Answer) -> Iterator[Line]:
    """Yield an answer or a refusal without what was searched."""
    if answer.refused:
        yield from _refusal_lines(answer)
    else:
        if answer.lead:
            yield Line.of(answer.lead)
        if answer.claims:
            yield BLANK
        for claim in answer.claims:
            yield claim_line(claim)
        yield from reference_lines(answer.references)
    yield from footer_lines(answer)


_NO_TOPIC = frozenset(
    ["which", "what", "are", "there", "papers", "about", "on"]
)  # is left where a filter took the rest


def preface_lines(typed: str, searched: str, filters: str) -> Iterator[Line]:
    """Yield what was searched, where it differs from what was typed, and the filter in force."""
    if _words(searched) != _words(typed) and not _NO_TOPIC.issuperset(_words(searched)):
        yield Line.of((f"searched: {searched}", "dim"))
    if filters:
        yield Line.of((f"filter: {filters}", "dim"))


def _words(question: str) -> list[str]:
    """Return the words of a question, without what is no other question: case, and its mark."""
    return question.lower().rstrip(" ?.!").split()


def footer_lines(answer: Answer) -> Iterator[Line]:
    """Yield why the model was not used, and one line of model, time, tokens and cost."""
    if answer.fallback:
        yield BLANK
        yield Line.of((f"Answered without the model: {answer.fallback}", "yellow"))
    parts = [answer.model] if answer.model and answer.mode == "llm" else []
    parts.append(_duration(answer.timing.total_ms))
    if answer.searched is not None:
        parts.append(f"{answer.searched:,} {'paper' if answer.searched == 1 else 'papers'} searched")
    tokens = (answer.usage.input_tokens or 0) + (answer.usage.output_tokens or 0)
    if tokens:
        parts.append(f"{tokens:,} tokens")
    if answer.usage.cost:
        parts.append(f"${answer.usage.cost:.4f}")
    if answer.intent.needs_papers:
        yield BLANK
        yield Line.of((" · ".join(parts), "dim"))


def _refusal_lines(answer: Answer) -> Iterator[Line]:
    yield Line.of(("No answer: ", "bold yellow"), answer.reason or "the library does not say")
    if answer.retrieved:
        yield BLANK
        yield Line.of(("Nearest papers", "bold"))
    for entry in answer.retrieved[:_NEAREST]:
        yield paper_line(entry)


def _duration(milliseconds: float) -> str:
    return f"{milliseconds:.0f} ms" if milliseconds < 1000 else f"{milliseconds / 1000:.1f} s"
