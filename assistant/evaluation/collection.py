"""Test collections in the BEIR layout: a corpus, queries, and judgements of which papers answer them."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO, cast

from assistant.errors import SourceError
from assistant.evaluation.runs import run_name

CORPUS_FILES = ("corpus.jsonl", "corpus.jsonl.gz")
QUERY_FILES = ("queries.jsonl", "queries.jsonl.gz")
SPLITS = ("test", "dev", "train")  # the first one there is taken


@dataclass(frozen=True, slots=True)
class Collection:
    """A corpus file with the texts of the judged queries, and by query the grade of each judged paper."""

    name: str
    corpus: Path
    queries: dict[str, str]
    qrels: dict[str, dict[str, int]]


def read_collection(folder: Path, split: str | None = None) -> Collection:
    """Return the collection in `folder`.

    Args:
        folder: with corpus.jsonl, queries.jsonl (either may be gzipped), and qrels.tsv or qrels/SPLIT.tsv.
        split: whose judgements; without one qrels.tsv, else the first of test, dev and train.

    Raises:
        SourceError: a file is missing or unreadable, or no judged query is left.
    """
    if not folder.is_dir():
        raise SourceError(f"{folder} is not a folder", "name one with corpus.jsonl, queries.jsonl and qrels")
    corpus, queries = _one_of(folder, CORPUS_FILES), _one_of(folder, QUERY_FILES)
    qrels = _read_qrels(_qrels_file(folder, split))
    texts = {name: text for name, text in _read_queries(queries) if name in qrels}
    if not texts:
        raise SourceError(f"no query of {queries} is judged in {folder}")
    return Collection(folder.resolve().name, corpus, texts, {name: qrels[name] for name in texts})


def _one_of(folder: Path, names: tuple[str, ...]) -> Path:
    for name in names:
        if (folder / name).is_file():
            return folder / name
    raise SourceError(f"{folder} holds no {names[0]}", "a collection has corpus.jsonl, queries.jsonl and qrels")


def _qrels_file(folder: Path, split: str | None) -> Path:
    wanted = [f"qrels/{split}.tsv"] if split else ["qrels.tsv", *(f"qrels/{name}.tsv" for name in SPLITS)]
    for name in wanted:
        if (folder / name).is_file():
            return folder / name
    raise SourceError(f"{folder} holds no {' or '.join(wanted)}", "judgements are lines of query, paper, grade")


def _read_queries(path: Path) -> Iterator[tuple[str, str]]:
    with _opened(path) as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                value = json.loads(line)
                yield run_name(str(value["_id"])), str(value["text"])
            except (ValueError, KeyError, TypeError):
                raise SourceError(f'{path}:{number} is not a query: {{"_id": ..., "text": ...}}') from None


def _read_qrels(path: Path) -> dict[str, dict[str, int]]:
    """Return the positive grades; TREC's four columns are read as well as BEIR's three with a header."""
    qrels: dict[str, dict[str, int]] = {}
    with _opened(path) as lines:
        for number, row in enumerate(csv.reader(lines, delimiter="\t" if path.suffix == ".tsv" else " "), start=1):
            fields = row if len(row) != 4 else [row[0], row[2], row[3]]
            try:
                query, paper, grade = fields[0], fields[1], int(fields[2])
            except (IndexError, ValueError):
                if number == 1 or not row:
                    continue  # the header
                raise SourceError(f"{path}:{number} is not a judgement: query, paper, grade") from None
            if grade > 0:
                qrels.setdefault(run_name(query), {})[run_name(paper)] = grade
    return qrels


def _opened(path: Path) -> TextIO:
    try:
        if path.suffix == ".gz":
            return cast("TextIO", gzip.open(path, "rt", encoding="utf-8"))
        return path.open(encoding="utf-8", newline="")
    except OSError as error:
        raise SourceError(f"cannot read {path}: {error.strerror}") from None
