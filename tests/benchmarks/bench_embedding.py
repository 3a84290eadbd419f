"""How fast windows are embedded, beside bare loops over the same model, and how near OpenVINO's vectors are.

    python -m tests.benchmarks.bench_embedding [--windows N] [--rounds N]

A bare loop tokenises, runs batches of near-equal length and averages the token states; it makes no sentence vectors and
no token signs, which ours does from the same pass. Rounds of all take turns, and the best of each counts.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice

import numpy as np
import onnxruntime

from assistant.embedders import MiniLM, WindowText
from assistant.embedders.engines import OpenVino
from assistant.embedders.onnx import MODEL_FILE, TOKENIZER_FILE, installed_file, load_tokenizer
from assistant.readers import read_source
from assistant.text import split_sentences
from tests.benchmarks.stores import SHARED

BATCH = 4
LONGEST = 256


def main() -> None:
    """Print windows a second of each way."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--windows", type=int, default=800)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    windows = some_windows(arguments.windows)
    texts = [" ".join((window.title, *window.sentences)) for window in windows]
    ways: dict[str, Callable[[], object]] = {
        "bare loop, one session of two threads": lambda: bare_loop(texts, sessions=1, threads=2),
        "bare loop, two sessions of one thread": lambda: bare_loop(texts, sessions=2, threads=1),
        "ours, onnxruntime": lambda: MiniLM(fast=False).embed_windows(windows),
    }
    if OpenVino.installed():
        fast = MiniLM(fast=True)
        fast.embed_windows(windows[:300])  # compiled once
        ways["ours, OpenVINO"] = lambda: fast.embed_windows(windows)
    best = dict.fromkeys(ways, float("inf"))
    for _ in range(arguments.rounds):
        for name, way in ways.items():
            started = time.perf_counter()
            way()
            best[name] = min(best[name], time.perf_counter() - started)
    bare = min(seconds for name, seconds in best.items() if name.startswith("bare"))
    for name, seconds in best.items():
        print(f"{name:40}{len(windows) / seconds:8.0f} windows/s  {bare / seconds:6.2f} of the best bare loop")
    if OpenVino.installed():
        print(f"OpenVINO against onnxruntime: x{best['ours, onnxruntime'] / best['ours, OpenVINO']:.2f}")
        pairs = zip(MiniLM(fast=False).embed_windows(windows), fast.embed_windows(windows), strict=True)
        cosines = np.array([float(slow.vector @ quick.vector) for slow, quick in pairs])
        print(f"cosine of their vectors: mean {cosines.mean():.5f}, least {cosines.min():.5f}")


def some_windows(count: int) -> list[WindowText]:
    """Return abstracts of the arXiv sample, each a window of its first sentences."""
    read = (record.paper for record in read_source(str(SHARED / "arxiv" / "sample_cs_1k.jsonl.gz")))
    papers = islice((paper for paper in read if paper is not None), count)
    return [WindowText(p.title, tuple(s.text for s in split_sentences(p.abstract))) for p in papers]


def bare_loop(texts: Sequence[str], *, sessions: int, threads: int) -> list[np.ndarray]:
    """Return a vector a text, as few lines as it takes."""
    tokenizer = load_tokenizer(installed_file(*TOKENIZER_FILE))
    tokenizer.enable_truncation(LONGEST)
    ids = [encoding.ids for encoding in tokenizer.encode_batch(list(texts))]
    order = sorted(range(len(ids)), key=lambda place: -len(ids[place]))
    batches = [order[start : start + BATCH] for start in range(0, len(order), BATCH)]
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    model = str(installed_file(*MODEL_FILE))
    running = [onnxruntime.InferenceSession(model, options) for _ in range(sessions)]

    def embed(number: int) -> list[np.ndarray]:
        session = running[number]
        names = {value.name for value in session.get_inputs()}
        made = []
        for batch in batches[number::sessions]:
            longest = max(len(ids[place]) for place in batch)
            tokens = np.zeros((len(batch), longest), np.int64)
            mask = np.zeros_like(tokens)
            for row, place in enumerate(batch):
                tokens[row, : len(ids[place])] = ids[place]
                mask[row, : len(ids[place])] = 1
            feed = {"input_ids": tokens, "attention_mask": mask, "token_type_ids": np.zeros_like(tokens)}
            states = session.run(None, {name: value for name, value in feed.items() if name in names})[0]
            made += list((states * mask[..., None]).sum(axis=1) / mask.sum(axis=1, keepdims=True))
        return made

    with ThreadPoolExecutor(sessions) as pool:
        return [vector for made in pool.map(embed, range(sessions)) for vector in made]


if __name__ == "__main__":
    main()
    sys.stdout.flush()
    os._exit(0)  # as the program does: OpenVINO's threads now and then abort a process that unwinds
