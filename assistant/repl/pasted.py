"""An abstract pasted into the chat: told from a question, and kept as a file that can be ingested."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from assistant.errors import AssistantError
from assistant.text import split_sentences

_SHORTEST = 300  # characters; questions are shorter
_SENTENCES = 3
_LONGEST_TITLE = 200
FOLDER = "pasted"


def is_abstract(text: str) -> bool:
    """Return whether `text` reads like an abstract: long, of several sentences, asking nothing."""
    return len(text) >= _SHORTEST and "?" not in text and len(split_sentences(text)) >= _SENTENCES


def keep_pasted(store: Path, text: str) -> Path:
    """Write a pasted abstract into the store's folder of pasted texts and return the file.

    A first line that is no sentence is the title.
    """
    first, _, rest = text.strip().partition("\n")
    titled = bool(rest) and len(first) <= _LONGEST_TITLE and not first.rstrip().endswith(".")
    record = {"title": first if titled else None, "abstract": " ".join((rest if titled else text).split())}
    path = store / FOLDER / f"{datetime.now(UTC):%Y-%m-%d-%H%M%S-%f}.jsonl"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(record, ensure_ascii=False) + "\n", encoding="utf-8")
    except OSError as error:
        raise AssistantError(f"cannot write {path}: {error.strerror}", "put it into a file and /ingest that") from None
    return path
