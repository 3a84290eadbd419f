"""Audits, stances, reasons and evaluations as lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from assistant.render.lines import BLANK, Line
from assistant.text import counted

if TYPE_CHECKING:
    from assistant.audit import AuditedSentence
    from assistant.evaluation import EvaluationReport
    from assistant.history import Checked, Why
    from assistant.stance import StanceReport

_VERDICTS = {"verified": ("✓", "green"), "weak": ("~", "yellow"), "unsupported": ("✗", "red"), "missing": ("?", "red")}
_STANCES = {"supports": "green", "contradicts": "red", "mixed": "yellow"}


def audit_lines(found: Sequence[AuditedSentence]) -> Iterator[Line]:
    """Yield each cited sentence of a text with its verdict, quotes, and papers that say it better."""
    for sentence in found:
        mark, colour = _VERDICTS[sentence.verdict]
        yield Line.of((sentence.sentence, "bold"), first=f"{mark} ")
        yield Line.of((f"{sentence.verdict}: {sentence.reason}", colour), first="  ")
        for citation in sentence.citations:
            yield Line.of(f"{citation.key}: “{citation.quote}”", first="    ")
        for citation in sentence.better:
            yield Line.of(f"better {citation.key}: “{citation.quote}”", first="    ")
        yield BLANK
    failed = sum(not sentence.passes for sentence in found)
    weak = sum(sentence.verdict == "weak" for sentence in found)
    told = f"{len(found)} cited sentences, {failed} not supported" + (f", {weak} weakly" if weak else "")
    yield Line.of(told if found else "no sentence cites anything")


def recheck_lines(found: Sequence[Checked]) -> Iterator[Line]:
    """Yield claims checked again, each with the reason of its verdict and its quotes, and how many still stand."""
    for checked in found:
        claim = checked.now
        mark, colour = _VERDICTS[claim.support]
        before = f" (was {checked.before.support})" if checked.before.support is not claim.support else ""
        yield Line.of((claim.text, "bold"), first=f"{mark} ")
        yield Line.of((f"{claim.support}{before}: {claim.verdict_reason}", colour), first="  ")
        for citation in claim.citations:
            yield Line.of(f"“{citation.quote}”", first=f"    [{citation.number}] ")
        yield BLANK
    counts = Counter(str(checked.now.support) for checked in found)
    said = ", ".join(f"{counts[name]} {name}" for name in _VERDICTS if counts[name])
    sentences = "1 sentence" if len(found) == 1 else f"{len(found)} sentences"
    yield Line.of(f"{sentences} checked against the library as it is now: {said}")


def stance_lines(report: StanceReport) -> Iterator[Line]:
    """Yield where papers stand on a claim, each with the sentences that prove it, and the counts by year."""
    yield Line.of((report.verdict, "bold"))
    for name, colour in _STANCES.items():
        for paper in report.papers:
            if paper.stance != name:
                continue
            yield BLANK
            yield Line.of((name, colour), f"  {paper.title} ({paper.year or 'no year'}) ", (paper.key, "cyan"))
            for side, quote in paper.quotes:
                yield Line.of(f"“{quote.quote}”", first="  + " if side == "supports" else "  - ")
    years = report.by_year()
    if len(years) > 1:
        yield BLANK
        for year, counts in years.items():
            said = ", ".join(f"{count} {name}" for name, count in counts.items())
            yield Line.of(said, first=f"  {year or 'no year'}  ")


def evaluation_lines(report: EvaluationReport) -> Iterator[Line]:
    """Yield a run's measures with their intervals, how it differs from an earlier one, and the time of a search."""
    yield Line.of(
        (report.collection, "bold"),
        f": {report.queries:,} {'query' if report.queries == 1 else 'queries'} over {counted(report.papers, 'paper')}",
    )
    for measure in report.measures:
        yield Line.of(f"{measure.mean:.4f}   {measure.low:.4f} to {measure.high:.4f}", first=f"  {measure.name:<9}")
    if report.comparisons:
        yield BLANK
        yield Line.of("Against the earlier run (paired randomisation test)")
    for pair in report.comparisons:
        said = f"{pair.difference:+.4f}   {pair.low:+.4f} to {pair.high:+.4f}   p = {pair.p:.4f}"
        yield Line.of(said, first=f"  {pair.name:<9}")
    took = report.latency
    yield BLANK
    yield Line.of(f"A search takes {took.p50:.1f} ms at the median, {took.p95:.1f} at p95, {took.p99:.1f} at p99")


def why_lines(why: Why) -> Iterator[Line]:
    """Yield why an answer cites a paper: rank, claims with quotes and verdicts, and what ranked just below."""
    yield Line.of((why.question, "bold"), f"  {why.filters}" if why.filters else "")
    rank = f"rank {why.rank}, score {why.score}" if why.rank else "not among the papers that retrieval ranked"
    number = f"[{why.number}] " if why.number else ""
    yield Line.of(f"{why.title} ".lstrip(), (why.key, "cyan"), f" · {rank}", first=number)
    if why.written_by:
        yield Line.of((f"written by {why.written_by}, prompt {why.prompt_hash}", "dim"), first="    ")
    for claim, quote, support, reason in why.quotes:
        yield BLANK
        if claim != quote:
            yield Line.of(claim, first="  ")
        yield Line.of(f"“{quote}”", first="    ")
        yield Line.of(f"{support}: {reason}", first="    ")
    if why.below:
        yield BLANK
        yield Line.of(("ranked just below", "bold"), first="  ")
    for paper in why.below:
        cited = f"  cited too, as [{paper.number}]" if paper.number else ""
        yield Line.of(
            (paper.key, "cyan"), f"  {paper.title}", (cited, "dim"), first=f"    {paper.rank:>3}  {paper.score:.4f}  "
        )
