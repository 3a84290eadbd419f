"""The folder of a word index: which index is in use, and the generation it holds."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.errors import StoreError
from assistant.lexical.analysis import ANALYZER, RECIPE, analyzer, schema

if TYPE_CHECKING:
    import tantivy

STATE_FILE = "state.json"


@dataclass(frozen=True, slots=True)
class State:
    """What the state file says: the folder in use, its last noted commit, and the generation that commit holds."""

    folder: str = ""
    opstamp: int = -1
    generation: int = -1


def create_index(path: Path) -> tantivy.Index:
    """Return an empty index in the new folder `path`."""
    import tantivy

    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(parents=True, exist_ok=True)
    index = tantivy.Index(schema(), str(path))
    index.register_tokenizer(ANALYZER, analyzer())
    return index


@dataclass(frozen=True, slots=True)
class Opened:
    """An open index, and the temporary folder it is read through where its own cannot be locked."""

    index: tantivy.Index
    folder: tempfile.TemporaryDirectory[str] | None = None


def open_index(path: Path) -> Opened | None:
    """Open the index under `path`; return None where it is missing or damaged."""
    if not path.is_dir():
        return None
    with suppress(OSError, ValueError):
        return Opened(_open(path))
    # tantivy locks the folder to read it, and this one may not be written: links to its files stand in another.
    folder = tempfile.TemporaryDirectory(prefix="assistant-", ignore_cleanup_errors=True)
    try:
        for file in path.iterdir():
            if file.name == "meta.json":
                shutil.copy(file, folder.name)
            elif not file.name.startswith("."):
                (Path(folder.name) / file.name).symlink_to(file.absolute())
        return Opened(_open(Path(folder.name)), folder)
    except (OSError, ValueError):
        folder.cleanup()
        return None


def _open(path: Path) -> tantivy.Index:
    import tantivy

    index = tantivy.Index.open(str(path))
    index.config_reader(reload_policy="manual")  # else it follows a writer by itself, half a second later
    index.reload()
    index.register_tokenizer(ANALYZER, analyzer())
    index.searcher()
    return index


def last_opstamp(folder: Path) -> int:
    """Return the number of the last commit in an index folder."""
    try:
        return int(json.loads((folder / "meta.json").read_text("utf-8"))["opstamp"])
    except (OSError, ValueError, KeyError, TypeError):
        return -1


def read_state(path: Path) -> State:
    """Return the state noted under `path`; one of generation -1 where there is none, or it is of another recipe."""
    try:
        state = json.loads((path / STATE_FILE).read_text("utf-8"))
        if state["recipe"] != RECIPE:
            return State()
        return State(str(state["folder"]), int(state["opstamp"]), int(state["generation"]))
    except (OSError, ValueError, KeyError, TypeError):
        return State()


def write_state(path: Path, state: State) -> None:
    """Note `state` under `path`, in one step."""
    fresh = path / f"{STATE_FILE}.new"
    fresh.write_text(json.dumps({"recipe": RECIPE, **asdict(state)}), "utf-8")
    os.replace(fresh, path / STATE_FILE)


@contextmanager
def as_store_error(path: Path) -> Iterator[None]:
    """Turn what goes wrong in writing under `path` into a StoreError."""
    try:
        yield
    except (OSError, ValueError) as error:
        raise StoreError(f"The word index cannot be written under {path}: {error}", "free some space") from error
