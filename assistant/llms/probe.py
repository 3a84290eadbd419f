"""Whether an endpoint holds a model to a JSON schema: asked once, then remembered."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

from assistant.errors import ModelError
from assistant.llms.client import ChatModel
from assistant.llms.deadline import Deadline
from assistant.settings import state_dir

_SCHEMA = {
    "type": "object",
    "properties": {"probe": {"type": "integer", "enum": [7]}},
    "required": ["probe"],
    "additionalProperties": False,
}
_QUESTION = [{"role": "user", "content": "Write one short sentence about the sea."}]


def holds_to_schema(model: ChatModel, place: str, *, deadline: Deadline, memory: Path | None = None) -> bool:
    """Return whether `model` writes what a schema says even where its prompt asks for something else.

    Args:
        model: the model to try.
        place: what names the endpoint and the model, such as "http://127.0.0.1:8000/v1#m".
        deadline: of the one call it takes.
        memory: file of what is known; by default endpoints.json in the state folder.

    Raises:
        ModelError: the endpoint does not answer at all; nothing is remembered then.
    """
    path = memory or state_dir() / "endpoints.json"
    known = _read(path)
    if place not in known:
        known[place] = _try(model, deadline)
        with contextlib.suppress(OSError):  # a memory that cannot be kept costs one call more
            path.parent.mkdir(parents=True, exist_ok=True)
            temporary = path.with_suffix(".new")
            temporary.write_text(json.dumps(known, indent=1), encoding="utf-8")
            temporary.replace(path)
    return known[place]


def _try(model: ChatModel, deadline: Deadline) -> bool:
    stream = model.stream(_QUESTION, deadline=deadline, max_tokens=40, schema=_SCHEMA)
    try:
        text = "".join(stream)
    except ModelError as error:
        if error.retryable or deadline.expired:
            raise
        return False
    finally:
        stream.close()
    try:
        return bool(json.loads(text) == {"probe": 7})
    except (ValueError, RecursionError):  # a reply of nothing but brackets
        return False


def _read(path: Path) -> dict[str, bool]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(place): bool(holds) for place, holds in found.items()} if isinstance(found, dict) else {}
