"""The comparison table: papers by columns, each cell a short value with the sentence it was read from."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from assistant.answers import Cell, Table, TableRow
from assistant.embedders import FloatArray
from assistant.errors import UsageError
from assistant.sentences import overlap, score_sentences, weighted_words
from assistant.summaries.cells import (
    data_span,
    described_data_span,
    figure_span,
    purpose_span,
    short_span,
    without_purpose,
)
from assistant.summaries.members import Member
from assistant.summaries.roles import Role, has_figure, read_role
from assistant.summaries.selection import picks_of, speaks_of_its_paper
from assistant.summaries.voice import leaning, stands_alone
from assistant.text import content_words

COLUMNS = ("problem", "method", "data", "main figure", "year")
ROWS = 60  # papers of a table at most
_SAID = 0.5  # share of a column's words that a sentence must have to fill it
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
    """Return the problem that the abstract states, else what its proposal is for, else the matter it opens with."""
    stated = [text for text in _ranked(member, (Role.PROBLEM,)) if stands_alone(text) and not leaning(text)]
    hard = set(_ranked(member, (Role.PROBLEM,), least=0.5))
    cell = _first([text for text in stated if text in hard], short_span)
    cell = cell if cell.value else _first(_ranked(member, (Role.PROPOSAL,)), purpose_span)
    return cell if cell.value else _first(stated, short_span)


def _method(member: Member) -> Cell:
    """Return what is proposed; what it is for stands in the cell beside it where that was read from the sentence."""
    own = {pick.sentence.text for pick in picks_of(member, member.vector) if speaks_of_its_paper(pick)}
    methods = [text for text in _ranked(member, (Role.METHOD,)) if text in own]
    cell = _first([*_ranked(member, (Role.PROPOSAL,)), *methods], short_span)
    told = cell.quote is not None and _problem(member).quote == cell.quote
    return Cell(without_purpose(cell.quote), cell.quote) if told and cell.quote else cell


def _limits(member: Member) -> Cell:
    return _first(_ranked(member, (Role.LIMIT,)), short_span)


def _data(member: Member) -> Cell:
    texts = [sentence.text for sentence in member.sentences]
    cell = _first(texts, data_span)
    return cell if cell.value else _first(texts, described_data_span)


def _figure(member: Member) -> Cell:
    ranked = _ranked(member, (Role.RESULT, Role.PROPOSAL, Role.METHOD, Role.OTHER, Role.LIMIT))
    return _first([text for text in ranked if has_figure(text)], figure_span)


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
