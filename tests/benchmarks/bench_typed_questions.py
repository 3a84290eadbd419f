"""Questions as people type them: vague, keywords only, misspelt, with an author's name, a third without an answer.

    python -m tests.benchmarks.bench_typed_questions [--store CS_IR_STORE] [--show]

The 60 questions of tests/data/typed_questions.jsonl were labelled by reading the papers: `answer` holds papers one of
which a good answer cites first, `fine` others that may stand behind it, `refusals` the reasons of which a refusal gives
one where no paper answers. Half of the questions were seen while the rules were made, half were held back.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from assistant.app import Assistant
from assistant.settings import Settings
from tests.benchmarks.stores import SHARED

QUESTIONS = Path(__file__).parents[1] / "data" / "typed_questions.jsonl"


def main() -> None:
    """Ask every question and print how many of each half are answered, and refused, as they should be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", type=Path, help="a library of the arXiv subfield cs.IR")
    parser.add_argument("--show", action="store_true", help="print every question with what became of it")
    arguments = parser.parse_args()
    questions = [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    fared: Counter[tuple[str, str, bool]] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        stores = {"sample": Path(folder) / "sample", "seeds": Path(folder) / "seeds", "cs.IR": arguments.store}
        for library, store in stores.items():
            if store is None:
                continue
            with Assistant(Settings(store=store, llm="none")) as assistant:
                if library != "cs.IR":
                    sources = [str(SHARED / "seeds")] if library == "seeds" else []
                    assistant.ingest(sources, sample=library == "sample")
                names = _names(assistant, library)
                for question in (question for question in questions if question["library"] == library):
                    good = _fares_well(assistant, question, names, show=arguments.show)
                    fared[question["half"], "refused" if question["refusals"] else "answered", good] += 1
    for half in ("seen", "held"):
        for kind in ("answered", "refused"):
            right, wrong = fared[half, kind, True], fared[half, kind, False]
            print(f"{half}: {right} of {right + wrong} {kind} as they should be")


def _names(assistant: Assistant, library: str) -> dict[str, str]:
    """Return the names by which the labels call papers, by key: the seeds are the sample's papers, in its order."""
    papers = list(assistant.library.papers())
    if library == "seeds":
        return {paper.key: f"sample:{place}" for place, paper in enumerate(papers, start=1)}
    return {paper.key: paper.source_id for paper in papers}


def _fares_well(assistant: Assistant, question: dict[str, Any], names: dict[str, str], *, show: bool) -> bool:
    answer = assistant.ask(question["text"], assistant.ask_options(infer=True))
    cited = [names[reference.key] for reference in answer.references]
    if question["refusals"]:
        good = answer.reason_code in question["refusals"]
    else:
        fine = [source_id in (*question["answer"], *question["fine"]) for source_id in cited]
        good = bool(cited) and cited[0] in question["answer"] and 2 * sum(fine) >= len(fine)
    if show:
        print(
            f"{'+' if good else '-'} {question['half']} {answer.intent} {question['text']} | {answer.reason or cited}"
        )
    return good


if __name__ == "__main__":
    main()
