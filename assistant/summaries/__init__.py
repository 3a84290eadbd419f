"""Summaries: a topic's papers as a structured overview, every sentence tied to its paper."""

from assistant.summaries.summarizer import Summarizer, SummaryOptions
from assistant.summaries.table import COLUMNS, parse_columns

__all__ = ["COLUMNS", "Summarizer", "SummaryOptions", "parse_columns"]
