"""Citations in a model's text: the grammar of markers, and the sentences they belong to. Pure."""

from __future__ import annotations

from assistant.citations.lines import CitedSentence, Kind
from assistant.citations.names import SentenceRef, SourceName
from assistant.citations.stream import SentenceStream, parse_sentences
from assistant.citations.structured import answer_schema

__all__ = ["CitedSentence", "Kind", "SentenceRef", "SentenceStream", "SourceName", "answer_schema", "parse_sentences"]
