"""One frozen `Settings` and the folders that belong to it.

Four layers, the later one wins: defaults, a TOML file, `ASSISTANT_*` in the environment, flags of the
command. Each layer is a plain dictionary, so an error names the layer its value came from. The values are checked
here and not by pydantic, whose import alone is a third of the time to the chat's prompt.
"""

from __future__ import annotations

import difflib
import functools
import math
import os
import tomllib
import types
import typing
from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import Any, Literal

import platformdirs

from assistant.errors import SettingsError

LIBRARY_FILE = "library.sqlite3"
CONFIG_FILE = "config.toml"
_APP = "assistant"
_TRUTH = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}


def _about(meaning: str, *, least: float = -math.inf, most: float = math.inf) -> dict[str, Any]:
    """Return what a setting's field knows: a number lies from `least` to `most`; a text is not empty if that is 1."""
    return {"meaning": meaning, "least": least, "most": most}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything a user can set. `load_settings` makes one of checked values; a bare `Settings()` is all defaults."""

    store: Path | None = field(default=None, metadata=_about("folder of the library; without one, see `store_path`"))
    llm: str = field(
        default="auto", metadata=_about("none, auto, openai/MODEL, ollama/MODEL, a URL, gguf:NAME", least=1)
    )
    embedder: str = field(
        default="local",
        metadata=_about(
            "maker of vectors: local, openai/MODEL, ollama/MODEL, a URL, onnx:FOLDER, llama-index:MODULE:NAME", least=1
        ),
    )
    rerank: str = field(
        default="none",
        metadata=_about(
            "what orders the first papers of a search anew: none, onnx:FOLDER (a cross-encoder), llm", least=1
        ),
    )
    api_key: str | None = field(default=None, repr=False, metadata=_about("key for an endpoint named by URL"))
    api_key_command: str | None = field(default=None, metadata=_about("command that prints the key of {host}"))
    timeout: float = field(
        default=60.0, metadata=_about("seconds for one answer, retries included", least=0.1, most=86400)
    )
    top_k: int = field(default=10, metadata=_about("papers that are considered for an answer", least=1, most=1000))
    filter: str = field(default="", metadata=_about("filter expression that always holds"))
    certainty: float = field(
        default=0.5, metadata=_about("chance of an answer below which a question of fact is refused", least=0, most=1)
    )
    wait: float = field(
        default=0.0, metadata=_about("seconds to wait while another process writes", least=0, most=86400)
    )
    infer: bool = field(default=True, metadata=_about("read filters such as 'since 2020' from a question's words"))
    context: Literal["evidence", "full"] = field(
        default="evidence", metadata=_about("what a model reads: evidence sentences, or the whole abstracts")
    )
    context_tokens: int = field(default=1500, metadata=_about("evidence sent to a model, in tokens", least=200))
    verify: Literal["rules", "llm"] = field(
        default="rules",
        metadata=_about(
            "who checks the sentences of a model's answer: rules, or also the model, which can lower a verdict"
        ),
    )
    budget: float | None = field(default=None, metadata=_about("US dollars that one run may spend on a model", least=0))
    color: Literal["auto", "always", "never"] = field(default="auto", metadata=_about("colours on the terminal"))
    plain: bool = field(default=False, metadata=_about("no live display, no colours: for screen readers"))
    history: bool = field(default=True, metadata=_about("keep the lines typed in the chat in a history file"))
    editing_mode: Literal["emacs", "vi"] = field(default="emacs", metadata=_about("keys of the chat's input line"))
    contact: str | None = field(
        default=None, metadata=_about("your e-mail address, sent to public APIs that papers come from")
    )
    arxiv_url: str = field(default="https://export.arxiv.org/api", metadata=_about("address of arXiv's API"))
    crossref_url: str = field(default="https://api.crossref.org", metadata=_about("address of Crossref's API"))
    seed: int = field(default=0, metadata=_about("seed of everything that draws numbers", least=0))

    @property
    def store_path(self) -> Path:
        """The library's folder: the one set, else `./store` where it is in use, else the user data folder."""
        return self.store if self.store is not None else default_store(Path.cwd())


def load_settings(config: Path | None = None, flags: Mapping[str, Any] | None = None) -> Settings:
    """Return the settings in force.

    Args:
        config: the TOML file named by --config, which must exist; without one, the user's own file where there is one.
        flags: what the command line said; a value of None counts as not given.

    Raises:
        SettingsError: an unknown key, a value out of its range, or a file that cannot be read.
    """
    given = _given(config, flags or {})
    return Settings(**{name: _checked(name, value, origin) for name, (value, origin) in given.items()})


def setting_origins(config: Path | None = None, flags: Mapping[str, Any] | None = None) -> dict[str, str]:
    """Return where each setting in force comes from: a file, "the environment", "the command line" or "default".

    The arguments and errors are those of `load_settings`.
    """
    given = _given(config, flags or {})
    return {name: given[name][1] if name in given else "default" for name in setting_fields()}


def _given(config: Path | None, flags: Mapping[str, Any]) -> dict[str, tuple[Any, str]]:
    """Return each setting that some layer gives, unchecked, with the name of the last layer that does."""
    layers: list[tuple[str, dict[str, Any]]] = []
    path = config if config is not None else config_dir() / CONFIG_FILE
    if config is not None or path.is_file():
        layers.append((str(path), _read_toml(path)))
    layers.append(("the environment", _from_environment()))
    layers.append(("the command line", {name: value for name, value in flags.items() if value is not None}))
    return {name: (value, origin) for origin, layer in layers for name, value in layer.items()}


def setting_fields() -> dict[str, Field[Any]]:
    """Return the fields of `Settings` by name; the metadata of each has its `meaning`."""
    return {setting.name: setting for setting in fields(Settings)}


def default_store(folder: Path) -> Path:
    """Return the library's place for a program started in `folder` when nobody named one."""
    local = folder / "store"
    in_checkout = local.is_dir() and (folder / "assistant" / "__init__.py").is_file() and (folder / "prompts").is_dir()
    if (local / LIBRARY_FILE).is_file() or in_checkout:
        return local
    return Path(platformdirs.user_data_dir(_APP, appauthor=False)) / "library"


def config_dir() -> Path:
    """Return the folder of config.toml and of the user's own prompts."""
    return Path(platformdirs.user_config_dir(_APP, appauthor=False))


def cache_dir() -> Path:
    """Return the folder of what was fetched and can be fetched again."""
    return Path(platformdirs.user_cache_dir(_APP, appauthor=False))


def state_dir() -> Path:
    """Return the folder of the chat's input history."""
    return Path(platformdirs.user_state_dir(_APP, appauthor=False))


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise SettingsError(f"there is no configuration file {path}", "check --config") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"cannot read the configuration {path}: {error}", "it must be a TOML file") from None
    for key in values:
        if key not in setting_fields():
            raise SettingsError(f"unknown setting {key!r} in {path}", _nearest(key))
    if isinstance(values.get("store"), str):
        # A path in a file means the same wherever the program is started.
        values["store"] = str(path.parent / Path(values["store"]).expanduser())
    return values


def _from_environment() -> dict[str, str]:
    """Return the settings that ASSISTANT_* variables give; an empty variable counts as unset."""
    values = {key: os.environ.get(f"ASSISTANT_{key.upper()}", "") for key in setting_fields()}
    return {key: value for key, value in values.items() if value}


def _nearest(key: str) -> str:
    match = difflib.get_close_matches(key, setting_fields(), n=1)
    return f"did you mean {match[0]!r}?" if match else "known are " + ", ".join(setting_fields())


def _checked(name: str, value: Any, origin: str) -> Any:
    """Return `value`, which came from `origin`, as the setting `name` has it."""
    setting = setting_fields().get(name)
    if setting is None:
        raise SettingsError(f"unknown setting {name!r} from {origin}", _nearest(name))
    try:
        read = _read(value, _kinds()[name])
        _check_size(read, setting.metadata["least"], setting.metadata["most"])
    except ValueError as error:
        what = repr(value) if setting.repr else "that value"
        raise SettingsError(f"setting {name!r} from {origin} cannot be {what}", str(error)) from None
    return read


@functools.cache
def _kinds() -> dict[str, Any]:
    """Return the type of each setting; the annotations are text, and read once."""
    return typing.get_type_hints(Settings)


def _read(value: Any, kind: Any) -> Any:
    """Return `value`, which may be text from the environment, as a `kind`; ValueError says what it must be."""
    if typing.get_origin(kind) is types.UnionType:  # X | None
        kind = typing.get_args(kind)[0]
    if typing.get_origin(kind) is Literal:
        if value in typing.get_args(kind):
            return value
        raise ValueError("it must be " + " or ".join(repr(choice) for choice in typing.get_args(kind)))
    if kind is bool:
        truth = _TRUTH.get(str(value).lower())
        if truth is None:
            raise ValueError("it must be true or false")
        return truth
    if kind in (int, float):
        return _number(value, kind)
    if isinstance(value, str | kind):
        return kind(value)
    raise ValueError("it must be text")


def _check_size(value: Any, least: float, most: float) -> None:
    """Raise ValueError where a number is outside its limits, or a text shorter than `least`, which is 1 at most."""
    if isinstance(value, str) and len(value) < least:
        raise ValueError("it must not be empty")
    if isinstance(value, int | float) and not least <= value <= most:
        ends = [f"at {name} {end:g}" for name, end in (("least", least), ("most", most)) if math.isfinite(end)]
        raise ValueError("it must be " + " and ".join(ends))


def _number(value: Any, kind: type[int] | type[float]) -> float:
    try:
        if not isinstance(value, bool) and (kind is float or not isinstance(value, float)):
            return kind(value)
    except (TypeError, ValueError):
        pass
    raise ValueError("it must be an integer" if kind is int else "it must be a number")
