"""What a model's tokens cost: our price table, and the user's own over it."""

from __future__ import annotations

import fnmatch
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from assistant.errors import SettingsError
from assistant.llms.endpoints import Endpoint
from assistant.settings import config_dir


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars for a million tokens read, and written."""

    read: float
    written: float

    def of(self, input_tokens: int, output_tokens: int) -> float:
        """Return the dollars that so many tokens cost."""
        return (input_tokens * self.read + output_tokens * self.written) / 1e6


FREE = Price(0.0, 0.0)  # a model on this machine


def own_prices() -> Path:
    """Return the file in which a user keeps prices of their own."""
    return config_dir() / "prices.toml"


def load_prices(path: Path | None = None) -> dict[str, Price]:
    """Return prices by model name or pattern: ours, then the user's own prices.toml over them.

    Raises:
        SettingsError: the user's table cannot be read.
    """
    ours = resources.files(__package__).joinpath("prices.toml").read_text(encoding="utf-8")
    own = path or own_prices()
    try:
        theirs = own.read_text(encoding="utf-8") if own.is_file() else ""
        return _read(ours) | _read(theirs)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, TypeError, ValueError) as error:
        raise SettingsError(
            f"cannot read the prices in {own}: {error}", 'write lines like "model" = [1.25, 10.0]'
        ) from None


def price_of(endpoint: Endpoint, prices: Mapping[str, Price] | None = None) -> Price | None:
    """Return what the endpoint's model costs: nothing on this machine, None where the price is unknown.

    The longest name or pattern in the table that fits the model counts.
    """
    if endpoint.is_local_file or endpoint.on_loopback:
        return FREE
    known = load_prices() if prices is None else prices
    fitting = [pattern for pattern in known if fnmatch.fnmatchcase(endpoint.model, pattern)]
    return known[max(fitting, key=len)] if fitting else None


def _read(text: str) -> dict[str, Price]:
    table: dict[str, Price] = {}
    for model, pair in tomllib.loads(text).items():
        read, written = pair
        table[model] = Price(float(read), float(written))
    return table
