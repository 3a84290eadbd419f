"""Summaries as files: Markdown, one self-contained HTML page, JSON, and the bibliography beside them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from assistant.answers import Summary
from assistant.errors import UsageError
from assistant.export import to_bibtex
from assistant.papers import Paper
from assistant.report.html import to_html
from assistant.report.markdown import to_markdown

__all__ = ["FORMATS", "bibliography", "format_report", "to_html", "to_markdown"]


def _to_json(summary: Summary, _papers: Mapping[str, Paper], _style: str) -> str:
    return json.dumps(summary.to_json(), ensure_ascii=False, indent=1) + "\n"


FORMATS: Mapping[str, Callable[[Summary, Mapping[str, Paper], str], str]] = {
    ".md": to_markdown,
    ".html": to_html,
    ".json": _to_json,
}


def format_report(summary: Summary, papers: Mapping[str, Paper], suffix: str, style: str = "short") -> str:
    """Return the text of the report in the format of a file's `suffix`.

    Args:
        summary: the overview.
        papers: the records of its scope by key.
        suffix: one of FORMATS.
        style: of the references, one of `assistant.export.STYLES`.

    Raises:
        UsageError: the suffix or the style is unknown.
    """
    if suffix not in FORMATS:
        raise UsageError(f"cannot write a summary as {suffix!r}", f"name a file that ends in {', '.join(FORMATS)}")
    return FORMATS[suffix](summary, papers, style)


def bibliography(summary: Summary, papers: Mapping[str, Paper]) -> str:
    """Return the BibTeX entries of the cited papers in the order of their numbers."""
    return "".join(to_bibtex(papers[reference.key]) for reference in summary.references)
