"""Bibliographies out: papers as BibTeX, RIS, CSL-JSON or our own JSONL, and references in a style."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator

from assistant.errors import UsageError
from assistant.export.bibtex import to_bibtex
from assistant.export.csl import to_csl
from assistant.export.marks import OWN_SUMMARY_NOTE
from assistant.export.ris import to_ris
from assistant.export.styles import STYLES, cite_in_style
from assistant.papers import Paper

__all__ = [
    "FORMATS",
    "OWN_SUMMARY_NOTE",
    "STYLES",
    "cite_in_style",
    "export",
    "to_bibtex",
    "to_csl",
    "to_jsonl",
    "to_ris",
]


def export(papers: Iterable[Paper], format: str) -> Iterator[str]:
    """Yield the text of the papers in `format`, piece by piece, with its line ends.

    Raises:
        UsageError: the format is not one of FORMATS.
    """
    if format not in FORMATS:
        raise UsageError(f"unknown export format {format!r}", f"known formats are {', '.join(FORMATS)}")
    return FORMATS[format](papers)


def to_jsonl(paper: Paper) -> str:
    """Return the paper as one line of our own JSONL."""
    return json.dumps(paper.to_json(), ensure_ascii=False) + "\n"


def _csl_list(papers: Iterable[Paper]) -> Iterator[str]:
    """Yield one JSON array, one paper a line."""
    between = "[\n"
    for paper in papers:
        yield between + json.dumps(to_csl(paper), ensure_ascii=False)
        between = ",\n"
    yield "\n]\n" if between == ",\n" else "[]\n"


FORMATS: dict[str, Callable[[Iterable[Paper]], Iterator[str]]] = {
    "bibtex": lambda papers: map(to_bibtex, papers),
    "ris": lambda papers: map(to_ris, papers),
    "csl-json": _csl_list,
    "jsonl": lambda papers: map(to_jsonl, papers),
}
