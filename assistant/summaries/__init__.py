"""Summaries: a topic's papers as a structured overview, every sentence tied to its paper."""

from assistant.summaries.excerpts import PARTS, excerpt
from assistant.summaries.summarizer import ModelWriting, Summarizer, SummaryOptions
from assistant.summaries.table import COLUMNS, parse_columns
from assistant.summaries.writing import Plan, Progress

__all__ = [
    "COLUMNS",
    "PARTS",
    "ModelWriting",
    "Plan",
    "Progress",
    "Summarizer",
    "SummaryOptions",
    "excerpt",
    "parse_columns",
]
