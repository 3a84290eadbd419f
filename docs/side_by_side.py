"""Puts answers without a model and with one side by side, as Markdown on standard output.

assistant ask --questions tests/data/model_questions.jsonl --llm none --out plain.jsonl
assistant ask --questions tests/data/model_questions.jsonl --llm MODEL --out model.jsonl
python docs/side_by_side.py plain.jsonl model.jsonl > docs/examples/with-a-model.md
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Answer = dict[str, Any]


def page(plain: list[Answer], written: list[Answer]) -> Iterator[str]:
    """Yield the lines of the page; the two lists answer the same questions in the same order."""
    verdicts = Counter(claim["support"] for answer in written for claim in answer["claims"] if answer["mode"] == "llm")
    models = sorted({str(answer["model"]) for answer in written if answer["model"]})
    yield "# With a model and without\n"
    yield f"The same {len(plain)} questions over the sample library, as the answers came out. Where the check does"
    yield "not hold a sentence for verified, its verdict stands beside it.\n"
    told = ", ".join(f"{count} {verdict}" for verdict, count in sorted(verdicts.items()))
    by_model = sum(answer["mode"] == "llm" for answer in written)
    yield f"Model: {', '.join(models)}. Answers written by it: {by_model}; its sentences: {told}."
    yield ""
    for left, right in zip(plain, written, strict=True):
        yield f"## {left['question']}\n"
        yield "Without a model:\n"
        yield from _told(left)
        yield "With the model:\n"
        yield from _told(right)


def _told(answer: Answer) -> Iterator[str]:
    if answer["fallback"]:
        yield f"*Given without the model: {answer['fallback']}*\n"
    if answer["status"] == "refused":
        yield f"> Not answered: {answer['reason']}\n"
        return
    if answer["lead"]:
        yield f"> {answer['lead']}\n>"
    for claim in answer["claims"]:
        keys = ", ".join(dict.fromkeys(citation["key"] for citation in claim["citations"]))
        verdict = "" if claim["support"] == "verified" else f" **{claim['support']}: {claim['verdict_reason']}**"
        yield f"> - {claim['text']} [{keys}]{verdict}"
    yield ""


def main() -> None:
    """Read both files of answers, and print the page."""
    plain, written = (
        [json.loads(line) for line in Path(name).read_text("utf-8").splitlines()] for name in sys.argv[1:3]
    )
    sys.stdout.write("\n".join(page(plain, written)))


if __name__ == "__main__":
    main()
