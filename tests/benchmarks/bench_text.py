"""Sentence boundaries against SciFact's, and the speed of cleaning, splitting and stemming.

    python -m tests.benchmarks.bench_text FOLDER

FOLDER holds scifact/corpus.jsonl.gz and arxiv/*.jsonl.gz. SciFact's sentences are another program's: it splits after
"+/-" and inside rows of dots, so a part of the differences are its own. Structured abstracts are left out. Where the
package sentencex is installed, its figures are printed beside ours.
"""

from __future__ import annotations

import argparse
import gzip
import importlib
import importlib.util
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from assistant.text import clean_abstract, clean_line, content_words, split_sentences


def ours(text: str) -> set[int]:
    """Return where our sentences end, but for the last."""
    return {sentence.end for sentence in split_sentences(text)[:-1]}


def sentencex(text: str) -> set[int]:
    """Return where sentencex's sentences end, but for the last."""
    package = importlib.import_module("sentencex")
    found = [part for part in package.get_sentence_boundaries("en", text) if part["text"].strip()]
    return {part["start_index"] + len(part["text"].rstrip()) for part in found[:-1]}


def boundaries(record: dict[str, Any]) -> set[int] | None:
    """Return where SciFact's sentences end, but for the last; None where they do not give the text."""
    sentences = [sentence.strip() for sentence in record["metadata"]["sentences"] if sentence.strip()]
    if record["metadata"]["structured"] or " ".join(sentences) != record["text"] or ". . ." in record["text"]:
        return None
    ends, position = set(), 0
    for sentence in sentences[:-1]:
        position += len(sentence)
        ends.add(position)
        position += 1
    return ends


def read(path: Path) -> list[dict[str, Any]]:
    """Return the records of a compressed JSONL file."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def timed(name: str, values: list[Any], work: Callable[[Any], object]) -> None:
    """Print how many values a second `work` takes."""
    started = time.perf_counter()
    for value in values:
        work(value)
    print(f"    {len(values) / (time.perf_counter() - started):9.0f} records/s  {name}")


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    scifact = [(record["text"], boundaries(record)) for record in read(folder / "scifact" / "corpus.jsonl.gz")]
    known = [(text, ends) for text, ends in scifact if ends is not None]
    splitters: list[Callable[[str], set[int]]] = [ours]
    if importlib.util.find_spec("sentencex"):
        splitters.append(sentencex)
    print(f"sentences of {len(known)} abstracts")
    for split in splitters:
        right = wrong = missed = 0
        started = time.perf_counter()
        for text, ends in known:
            found = split(text)
            right, wrong, missed = right + len(found & ends), wrong + len(found - ends), missed + len(ends - found)
        speed = len(known) / (time.perf_counter() - started)
        precision, recall = right / (right + wrong), right / (right + missed)
        print(f"    precision {precision:.4f} recall {recall:.4f} {speed:7.0f}/s  {split.__name__}")
    records = [record for path in sorted((folder / "arxiv").glob("*.gz")) for record in read(path)][:20_000]
    print(f"{len(records)} arXiv records")
    timed("cleaned", records, lambda record: (clean_line(record["title"]), clean_abstract(record["text"])))
    abstracts = [clean_abstract(record["text"]) for record in records]
    timed("split into sentences", abstracts, split_sentences)
    timed("stemmed", abstracts, content_words)


if __name__ == "__main__":
    main()
