"""One frozen `Settings` and the folders that belong to it.

Four layers, the later one wins: defaults, a TOML file, `ASSISTANT_*` in the environment, flags of the
command. Each layer is a plain dictionary, so an error names the layer its value came from. (pydantic-settings
does the same in a tenth of a second that every command would pay.)
"""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import platformdirs
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from assistant.errors import SettingsError

LIBRARY_FILE = "library.sqlite3"
CONFIG_FILE = "config.toml"
_APP = "assistant"
_PATHS = ("store",)


class Settings(BaseModel):
    """Everything a user can set. Make one with `load_settings`; a bare `Settings()` is all defaults."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    store: Path | None = Field(default=None, description="folder of the library; without one, see `store_path`")
    llm: str = Field(
        default="auto", min_length=1, description="none, auto, openai/MODEL, ollama/MODEL, a URL, gguf:NAME"
    )
    embedder: str = Field(
        default="local",
        min_length=1,
        description="maker of vectors: local, openai/MODEL, ollama/MODEL, a URL, onnx:FOLDER, llama-index:MODULE:NAME",
    )
    api_key: SecretStr | None = Field(default=None, description="key for an endpoint named by URL")
    api_key_command: str | None = Field(default=None, description="command that prints the key of {host}")
    timeout: float = Field(default=60.0, gt=0, le=86400, description="seconds for one answer, retries included")
    top_k: int = Field(default=10, ge=1, le=1000, description="papers that are considered for an answer")
    filter: str = Field(default="", description="filter expression that always holds")
    certainty: float = Field(
        default=0.5,
        ge=0,
        le=1,
        description="chance of an answer below which a question of fact is refused",
    )
    wait: float = Field(default=0.0, ge=0, le=86400, description="seconds to wait while another process writes")
    infer: bool = Field(default=True, description="read filters such as 'since 2020' from a question's words")
    context: Literal["evidence", "full"] = Field(
        default="evidence", description="what a model reads: evidence sentences, or the whole abstracts"
    )
    context_tokens: int = Field(default=1500, ge=200, description="evidence sent to a model, in tokens")
    verify: Literal["rules", "llm"] = Field(
        default="rules",
        description="who checks the sentences of a model's answer: rules, or also the model, which can lower a verdict",
    )
    budget: float | None = Field(default=None, ge=0, description="US dollars that one run may spend on a model")
    color: Literal["auto", "always", "never"] = Field(default="auto", description="colours on the terminal")
    plain: bool = Field(default=False, description="no live display, no colours: for screen readers")
    history: bool = Field(default=True, description="keep the lines typed in the chat in a history file")
    editing_mode: Literal["emacs", "vi"] = Field(default="emacs", description="keys of the chat's input line")
    contact: str | None = Field(
        default=None, description="your e-mail address, sent to public APIs that papers come from"
    )
    arxiv_url: str = Field(default="https://export.arxiv.org/api", description="address of arXiv's API")
    crossref_url: str = Field(default="https://api.crossref.org", description="address of Crossref's API")
    seed: int = Field(default=0, ge=0, description="seed of everything that draws numbers")

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
    layers: list[tuple[str, dict[str, Any]]] = []
    path = config if config is not None else config_dir() / CONFIG_FILE
    if config is not None or path.is_file():
        layers.append((str(path), _read_toml(path)))
    layers.append(("the environment", _from_environment()))
    layers.append(("the command line", {name: value for name, value in (flags or {}).items() if value is not None}))
    merged: dict[str, Any] = {}
    origin: dict[str, str] = {}
    for name, layer in layers:
        merged.update(layer)
        origin.update(dict.fromkeys(layer, name))
    try:
        return Settings(**merged)
    except ValidationError as error:
        raise _explain(error, origin) from None


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
        if key not in Settings.model_fields:
            raise SettingsError(f"unknown setting {key!r} in {path}", _nearest(key))
    for key in _PATHS:
        if isinstance(values.get(key), str):
            # A path in a file means the same wherever the program is started.
            values[key] = str(path.parent / Path(values[key]).expanduser())
    return values


def _from_environment() -> dict[str, str]:
    """Return the settings that ASSISTANT_* variables give; an empty variable counts as unset."""
    values = {key: os.environ.get(f"ASSISTANT_{key.upper()}", "") for key in Settings.model_fields}
    return {key: value for key, value in values.items() if value}


def _nearest(key: str) -> str:
    match = difflib.get_close_matches(key, Settings.model_fields, n=1)
    return f"did you mean {match[0]!r}?" if match else "known are " + ", ".join(Settings.model_fields)


def _explain(error: ValidationError, origin: Mapping[str, str]) -> SettingsError:
    first = error.errors()[0]
    key = str(first["loc"][0]) if first["loc"] else "?"
    if first["type"] == "extra_forbidden":
        return SettingsError(f"unknown setting {key!r} from {origin.get(key, 'the program')}", _nearest(key))
    value = "that value" if key == "api_key" else repr(first["input"])
    what = first["msg"][0].lower() + first["msg"][1:]
    return SettingsError(f"setting {key!r} from {origin.get(key, 'the program')} cannot be {value}", what)
