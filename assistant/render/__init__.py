"""Everything shown, as lines: pure functions from papers, answers and reports to text for a terminal or a pipe."""

from assistant.render.answers import (
    answer_lines,
    body_lines,
    citation_numbers,
    claim_line,
    footer_lines,
    preface_lines,
    reference_line,
    reference_lines,
)
from assistant.render.findings import audit_lines, evaluation_lines, recheck_lines, stance_lines, why_lines
from assistant.render.lines import BLANK, Line, make_console, one_line, print_lines
from assistant.render.papers import (
    FLAG_WORDS,
    WARNING_FLAGS,
    highlighted,
    hit_lines,
    ingest_lines,
    neighbour_lines,
    paper_line,
    paper_lines,
    short_authors,
)
from assistant.render.summaries import summary_lines, table_lines

__all__ = [
    "BLANK",
    "FLAG_WORDS",
    "WARNING_FLAGS",
    "Line",
    "answer_lines",
    "audit_lines",
    "body_lines",
    "citation_numbers",
    "claim_line",
    "evaluation_lines",
    "footer_lines",
    "highlighted",
    "hit_lines",
    "ingest_lines",
    "make_console",
    "neighbour_lines",
    "one_line",
    "paper_line",
    "paper_lines",
    "preface_lines",
    "print_lines",
    "recheck_lines",
    "reference_line",
    "reference_lines",
    "short_authors",
    "stance_lines",
    "summary_lines",
    "table_lines",
    "why_lines",
]
