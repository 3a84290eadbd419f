"""The comparison table: papers by columns, each cell a short value with the sentence it was read from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from assistant.answers import Cell, Table, TableRow
from assistant.embedders import FloatArray
from assistant.errors import UsageError
from assistant.sentences import overlap, score_sentences, weighted_words
from assistant.summaries.cells import short_span
from assistant.summaries.datasets import data_span, described_data_span, size_span
from assistant.summaries.figures import figure_span
from assistant.summaries.members import Member
from assistant.summaries.problems import aim_span, difficulty_span, subject_span, task_span
from assistant.summaries.proposals import (
    MADE,
    STUDIED,
    USED,
    Proposal,
    names_of_work,
    read_named,
    read_paper,
    read_proposal,
    read_purpose,
)
from assistant.summaries.roles import Role, read_role
from assistant.summaries.voice import leaning, speaks_of_itself
from assistant.text import content_words

COLUMNS = ("problem", "method", "data", "main figure", "year")
ROWS = 60  # papers of a table at most
_SAID = 0.5  # share of a column's words that a sentence must have to fill it
HARD = 0.5  # strength from which a sentence states a difficulty and not only a matter
_TOLD = (Role.RESULT, Role.PROPOSAL, Role.METHOD, Role.OTHER, Role.LIMIT)
_SILENT = Cell(None, None)
_ALIASES = {
    "task": "problem",
    "goal": "problem",
    "motivation": "problem",
    "approach": "method",
    "technique": "method",
    "proposal": "method",
    "contribution": "method",
    "dataset": "data",
    "datasets": "data",
    "corpus": "data",
    "benchmark": "data",
    "figure": "main figure",
    "result": "main figure",
    "results": "main figure",
    "limitation": "limits",
    "limitations": "limits",
}


def parse_columns(text: str) -> tuple[str, ...]:
    """Return the columns of a comma-separated list, in its order; the usual ones where it is empty.

    Raises:
        UsageError: a name is empty, or more than ten are given.
    """
    if not text.strip():
        return COLUMNS
    names = tuple(dict.fromkeys(" ".join(name.split()) for name in text.split(",")))
    if not all(names) or len(names) > 10:
        raise UsageError(f"cannot read the columns {text!r}", "give one to ten names with commas between them")
    return names


def compare(
    members: Sequence[Member],
    columns: Sequence[str],
    *,
    idf: Callable[[str], float],
    embed: Callable[[Sequence[str]], FloatArray],
) -> Table:
    """Return the table of the papers, one row each in their order.

    A column that is none of the known ones is filled by the sentence that speaks of it, where one does.

    Args:
        members: the papers.
        columns: known are problem, method, data, main figure, limits, year, authors, venue.
        idf: inverse document frequency of a stemmed word.
        embed: turns texts into vectors of length one.
    """
    free = [name for name in columns if _known(name) not in _READERS and _known(name) not in _RECORD]
    vectors = dict(zip(free, embed(free), strict=True)) if free else {}
    rows = []
    for member in members[:ROWS]:
        cells = []
        for name in columns:
            known = _known(name)
            if known in _RECORD:
                cells.append(Cell(_RECORD[known](member) or None, None))
            elif known in _READERS:
                cells.append(_READERS[known](member))
            else:
                cells.append(_spoken_of(member, name, vectors[name], idf))
        rows.append(TableRow(member.key, tuple(cells)))
    return Table(tuple(columns), tuple(rows))


def _known(name: str) -> str:
    lowered = name.casefold()
    return _ALIASES.get(lowered, lowered)


def _ranked(member: Member, roles: Sequence[Role], least: float = 0.0) -> list[str]:
    """Return the sentences that play one of `roles`, in the order of the roles, the plainest first."""
    last = max(len(member.sentences) - 1, 1)
    found = []
    for index, sentence in enumerate(member.sentences):
        reading = read_role(sentence.text, index / last)
        if reading.role in roles and reading.strength >= least:
            rank = (roles.index(reading.role), leaning(sentence.text), -reading.strength, index)
            found.append((*rank, sentence.text))
    return [text for *_, text in sorted(found)]


def _problem(member: Member) -> Cell:
    """Return the task that the authors name, else a difficulty, else what their proposal is for, else their aim.

    Else it is what the abstract calls a problem or a task.
    """
    own = [sentence.text for sentence in member.sentences if speaks_of_itself(sentence.text)]
    readers: tuple[tuple[Sequence[str], Callable[[str], str | None]], ...] = (
        (own, task_span),
        (_ranked(member, (Role.PROBLEM,), least=HARD), difficulty_span),
        (_ranked(member, (Role.PROPOSAL, Role.METHOD)), read_purpose),
        (own, aim_span),
        (_ranked(member, (Role.PROBLEM,)), subject_span),
    )
    return next((cell for texts, read in readers if (cell := _first(texts, read)).value), _SILENT)


def _method(member: Member) -> Cell:
    """Return what the authors make, else what they use or study, as a noun phrase; else what their work is said to do.

    What it is for stands in the cell beside it where that was read from the same sentence.
    """
    told = _problem(member).quote
    texts, stated = _ranked(member, _TOLD), _ranked(member, (Role.PROPOSAL, Role.METHOD))
    names = names_of_work(member.paper.title, [sentence.text for sentence in member.sentences])
    readers: tuple[tuple[Sequence[str], Callable[[str], Proposal | None]], ...] = (
        *((texts, partial(read_proposal, verbs=verbs)) for verbs in (MADE, USED, STUDIED)),
        (stated, partial(read_named, names=names)),
        (stated, read_paper),
    )
    found = (Cell(_told(read(text), told == text), text) for texts, read in readers for text in texts)
    return next((cell for cell in found if cell.value), _SILENT)


def _told(proposal: Proposal | None, purpose_told: bool) -> str | None:
    if proposal is None:
        return None
    return proposal.thing if purpose_told and proposal.thing else proposal.whole


def _limits(member: Member) -> Cell:
    return _first(_ranked(member, (Role.LIMIT,)), short_span)


def _data(member: Member) -> Cell:
    """Return the data that is named, else described, else counted; of others' data the abstract's opening speaks."""
    texts = [text for text in _ranked(member, _TOLD) if text]
    for read in (data_span, described_data_span, size_span):
        if (cell := _first(texts, read)).value:
            return cell
    return _SILENT


def _figure(member: Member) -> Cell:
    """Return the figure of a result; of others' results the abstract's opening speaks."""
    opening = {sentence.text for sentence in member.sentences[: len(member.sentences) // 3]}
    told = [text for text in _ranked(member, _TOLD) if speaks_of_itself(text) or text not in opening]
    return _first(told, figure_span)


def _first(texts: Sequence[str], shorten: Callable[[str], str | None]) -> Cell:
    """Return the cell of the first text that has a value."""
    for text in texts:
        if value := shorten(text):
            return Cell(value, text)
    return _SILENT


def _spoken_of(member: Member, name: str, vector: FloatArray, idf: Callable[[str], float]) -> Cell:
    words, stems = weighted_words(name, idf), set(content_words(name))
    texts = [sentence.text for sentence in member.sentences]
    scores = score_sentences(words, vector, texts, member.vectors)
    for place in (-scores).argsort(kind="stable").tolist():
        if overlap(words, texts[place]) >= _SAID:
            return Cell(short_span(texts[place], lambda piece: bool(stems & set(content_words(piece)))), texts[place])
    return _SILENT


def _authors(member: Member) -> str:
    names = ", ".join(member.paper.authors[:3])
    return f"{names} et al." if len(member.paper.authors) > 3 or not member.paper.authors_complete else names


_READERS: dict[str, Callable[[Member], Cell]] = {
    "problem": _problem,
    "method": _method,
    "data": _data,
    "main figure": _figure,
    "limits": _limits,
}
_RECORD: dict[str, Callable[[Member], str]] = {
    "year": lambda member: str(member.paper.year or ""),
    "authors": _authors,
    "venue": lambda member: member.paper.venue or "",
    "title": lambda member: member.paper.title,
}
