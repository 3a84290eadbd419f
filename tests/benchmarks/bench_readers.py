"""Speed and memory of reading: JSONL before and after cleaning, a huge line, long files of each streaming format.

    python -m tests.benchmarks.bench_readers [--size MEGABYTES]

Files are made on the spot. Each measurement runs in a process of its own, so that its peak memory is its own.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from assistant.errors import SourceError
from assistant.readers import contents, jsonlines, read_source
from assistant.readers.records import Origin, Record

FORMATS = Path(__file__).resolve().parents[1] / "data" / "formats"
ABSTRACT = (
    "We study how rows of embedding tables can be cached close to the compute, and find that a small cache serves most "
    "look-ups. "
) * 8


def record(number: int) -> str:
    """Return a line of a BEIR corpus; one in five has LaTeX, as in arXiv."""
    text = ABSTRACT + (r"The cost is $O(n \log n)$, down by 65.8\%." if number % 5 == 0 else "")
    metadata = {"authors": ["Jane Doe", "Max Roe"], "year": 2020, "categories": ["cs.IR"]}
    return json.dumps({"_id": str(number), "title": f"Caching Rows {number}", "text": text, "metadata": metadata})


def repeated(name: str, size: int, ends: tuple[str, str], between: str) -> Callable[[Path], None]:
    """Return a maker of a file that repeats the part between `ends` of a small one up to `size` bytes."""

    def make(path: Path) -> None:
        text = (FORMATS / name).read_text(encoding="utf-8")
        first, last = text.index(ends[0]), text.rindex(ends[1]) + len(ends[1])
        part = text[first:last] + between
        with path.open("w", encoding="utf-8") as file:
            file.write(text[:first])
            for _ in range(size // len(part) + 1):
                file.write(part)
            file.write(text[first:])

    return make


def measure(path: Path, format: str | None, parse_only: bool, answers: multiprocessing.Queue[str]) -> None:
    """Read a file and put the figures into `answers`."""
    started = time.perf_counter()
    papers = rejected = 0
    try:
        if parse_only:
            with path.open("rb") as stream:
                content = contents.Content(stream, path.name)
                papers = sum(not isinstance(item, Record) for item in jsonlines.objects(content, Origin("", "", "")))
        else:
            for found in read_source(str(path), format=format):
                papers += found.paper is not None
                rejected += found.rejection is not None
        outcome = f"{papers} papers, {rejected} rejections"
    except SourceError as error:
        outcome = str(error)[:70].replace(str(path.parent), "")
    seconds = time.perf_counter() - started
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    answers.put(f"{papers / seconds:8.0f} papers/s {memory:5d} MB peak  {path.stat().st_size >> 20:4d} MB  {outcome}")


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", type=int, default=250)
    size = parser.parse_args().size << 20
    context = multiprocessing.get_context("spawn")

    def show(name: str, path: Path, format: str | None = None, *, parse_only: bool = False) -> None:
        answers: multiprocessing.Queue[str] = context.Queue()
        process = context.Process(target=measure, args=(path, format, parse_only, answers))
        process.start()
        print(f"{name:24s} {answers.get()}", flush=True)
        process.join()

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "records.jsonl"
        with path.open("w") as file:
            file.writelines(record(number) + "\n" for number in range(50_000))
        show("JSONL, parsed", path, parse_only=True)
        show("JSONL, read and cleaned", path)
        path = Path(folder) / "line.jsonl"
        with path.open("w") as file:
            file.write(record(1) + '\n{"_id": "long", "text": "')
            for _ in range(200):
                file.write("x" * (1 << 20))
            file.write('"}\n' + record(2) + "\n")
        show("a line of 200 MB", path)
        makers = {
            "rows.pubmed.xml": ("<PubmedArticle>", "</PubmedArticle>"),
            "rows.atom.xml": ("<entry>", "</entry>"),
            "rows.ris": ("TY  -", "ER  -"),
            "rows.nbib": ("PMID-", "Retracted Publication\n"),
            "rows.txt": ("IRJul", "cheap.\n"),
            "rows.csv": ("A1,", ",,,"),
            "rows.bib": ("@article", "{2019}}"),
            "rows.csl.json": ("{", "}"),
        }
        for name, ends in makers.items():
            path = Path(folder) / name
            repeated(name, size, ends, ",\n" if name.endswith(".json") else "\n")(path)
            show(name, path)
            path.unlink()


if __name__ == "__main__":
    main()
