"""Replies of a model kept on disk by what was asked, so that nothing is paid for twice."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Reply:
    """What a model wrote, and the tokens it took; None where the endpoint did not say."""

    text: str
    input_tokens: int | None
    output_tokens: int | None


class ReplyShelf:
    """Replies by model and request, one small file each.

    A file that cannot be read or written costs a call, never an error.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def find(self, model: str, digest: str) -> Reply | None:
        """Return the reply that `model` gave to the request, None where there is none."""
        try:
            data = json.loads(self._path(model, digest).read_text("utf-8"))
            return Reply(str(data["text"]), data["input_tokens"], data["output_tokens"])
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def keep(self, model: str, digest: str, reply: Reply) -> None:
        """Store a complete reply."""
        path = self._path(model, digest)
        beside = path.with_suffix(f".{os.getpid()}")
        with contextlib.suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            beside.write_text(json.dumps(asdict(reply), ensure_ascii=False), encoding="utf-8")
            beside.replace(path)

    def _path(self, model: str, digest: str) -> Path:
        name = hashlib.sha256(f"{model}\0{digest}".encode()).hexdigest()[:32]
        return self._folder / f"{name}.json"
