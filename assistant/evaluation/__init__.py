"""Measuring retrieval on collections with judged answers, in the BEIR layout."""

from assistant.evaluation.collection import Collection, read_collection
from assistant.evaluation.evaluate import EvaluationReport, Latency, evaluate
from assistant.evaluation.measures import Comparison, Measure, compare, summarise
from assistant.evaluation.runs import Run, read_run, run_name, write_run

__all__ = [
    "Collection",
    "Comparison",
    "EvaluationReport",
    "Latency",
    "Measure",
    "Run",
    "compare",
    "evaluate",
    "read_collection",
    "read_run",
    "run_name",
    "summarise",
    "write_run",
]
