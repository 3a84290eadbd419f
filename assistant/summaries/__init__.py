"""Summaries: a topic's papers as a structured overview, every sentence tied to its paper."""

from assistant.summaries.summarizer import Summarizer

__all__ = ["Summarizer"]
