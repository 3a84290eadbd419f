"""What summaries keep in the store between runs: small JSON files by name."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from pathlib import Path
from typing import Any


class Shelf:
    """Values by name, one small file each. A file that cannot be read or written is missing, never an error.

    Args:
        folder: holds the files; made when it is first needed.
        prefix: of the files' names.
    """

    def __init__(self, folder: Path, prefix: str = "") -> None:
        self._folder = folder
        self._prefix = prefix

    def find(self, name: str) -> Any:
        """Return the value kept under `name`, None where there is none."""
        try:
            return json.loads(self._path(name).read_text("utf-8"))
        except (OSError, ValueError):
            return None

    def keep(self, name: str, value: object) -> None:
        """Keep a value that JSON can hold; a reader sees it whole or not at all."""
        path = self._path(name)
        beside = path.with_suffix(f".{os.getpid()}")
        with contextlib.suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            beside.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
            beside.replace(path)

    def _path(self, name: str) -> Path:
        return self._folder / f"{self._prefix}{hashlib.sha256(name.encode()).hexdigest()[:32]}.json"
