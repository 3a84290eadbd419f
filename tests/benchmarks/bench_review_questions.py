"""Literature-review questions: which papers keyless answers cite, against labels made by reading.

    python -m tests.benchmarks.bench_review_questions [--store CS_IR_STORE] [--show]

The sample library is ingested into a temporary store. With --store, a library of the arXiv subfield cs.IR, the
questions over that one are answered too. Precision counts cited papers that are relevant or acceptable, recall
relevant papers that are cited; both are means over the questions.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path
from typing import Any

from assistant.app import Assistant
from assistant.settings import Settings

QUESTIONS = Path(__file__).parents[1] / "data" / "review_questions.jsonl"


def main() -> None:
    """Answer every labelled question and print precision and recall."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", type=Path)
    parser.add_argument("--show", action="store_true", help="print every question with its errors")
    arguments = parser.parse_args()
    questions = [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    with tempfile.TemporaryDirectory() as folder, Assistant(Settings(store=Path(folder), llm="none")) as assistant:
        assistant.ingest([], sample=True)
        report("sample", assistant, [q for q in questions if q["library"] == "sample"], show=arguments.show)
    if arguments.store:
        with Assistant(Settings(store=arguments.store, llm="none")) as assistant:
            report("cs.IR", assistant, [q for q in questions if q["library"] == "cs.IR"], show=arguments.show)


def report(name: str, assistant: Assistant, questions: list[dict[str, Any]], *, show: bool) -> None:
    """Print precision and recall of the answers to `questions`."""
    figures: list[tuple[float, float]] = []
    for question in questions:
        answer = assistant.ask(question["text"], assistant.ask_options(infer=True))
        cited = [reference.source_id for reference in answer.references]
        relevant, fine = set(question["relevant"]), {*question["relevant"], *question["acceptable"]}
        precision = sum(source_id in fine for source_id in cited) / len(cited) if cited else 0.0
        recall = len(relevant & set(cited)) / len(relevant)
        figures.append((precision, recall))
        if show:
            print(f"{question['_id']} P {precision:.2f} R {recall:.2f} {answer.intent} {question['text']}")
            titles = {reference.source_id: reference.title for reference in answer.references}
            for place, source_id in enumerate(cited, start=1):
                mark = "+" if source_id in relevant else "o" if source_id in fine else "-"
                print(f"   {mark} {place} {source_id} {titles[source_id][:90]}")
            missed = sorted(relevant - set(cited))
            ranks = {found.source_id: found.rank for found in answer.retrieved}
            print(f"   missed: {[(source_id, ranks.get(source_id)) for source_id in missed]} {answer.reason or ''}")
    mean = [sum(column) / len(figures) for column in zip(*figures, strict=True)]
    print(f"{name}: {len(figures)} questions, precision {mean[0]:.3f}, recall {mean[1]:.3f}")


if __name__ == "__main__":
    main()
