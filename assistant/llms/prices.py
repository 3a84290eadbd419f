"""What a call costs, and a budget that stops the call that would pass it."""

from __future__ import annotations

import fnmatch
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path

from assistant.errors import ModelError, SettingsError
from assistant.llms.endpoints import Endpoint
from assistant.llms.wire import TokenUsage
from assistant.settings import config_dir

_CHARACTERS = 4  # of English a token, for a call whose endpoint counts none


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars for a million tokens read, and written."""

    read: float
    written: float


def load_prices(path: Path | None = None) -> dict[str, Price]:
    """Return prices by model name or pattern: ours, then the user's own prices.toml over them.

    Raises:
        SettingsError: the user's table cannot be read.
    """
    ours = resources.files(__package__).joinpath("prices.toml").read_text(encoding="utf-8")
    own = path or config_dir() / "prices.toml"
    try:
        theirs = own.read_text(encoding="utf-8") if own.is_file() else ""
        return _read(ours) | _read(theirs)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, TypeError, ValueError) as error:
        raise SettingsError(
            f"cannot read the prices in {own}: {error}", 'write lines like "model" = [1.25, 10.0]'
        ) from None


def cost(endpoint: Endpoint, usage: TokenUsage | None, prices: Mapping[str, Price]) -> float | None:
    """Return the dollars a call took: 0 on this machine, None where the price or the tokens are unknown."""
    if endpoint.is_local_file or endpoint.on_loopback:
        return 0.0
    price = _price(endpoint.model, prices)
    if price is None or usage is None:
        return None
    return (usage.input_tokens * price.read + usage.output_tokens * price.written) / 1e6


def count_tokens(texts: Sequence[str]) -> int:
    """Return about how many tokens texts are, for endpoints that count none."""
    return sum(-(-len(text) // _CHARACTERS) for text in texts)


@dataclass(slots=True)
class Budget:
    """Dollars that may be spent; ask before each call, tell after it."""

    limit: float
    spent: float = field(default=0.0)

    def check(self, endpoint: Endpoint, prompt: Sequence[str], max_tokens: int, prices: Mapping[str, Price]) -> None:
        """Let the next call pass.

        Raises:
            ModelError: with an answer of `max_tokens` it would pass the limit, or its price is not known.
        """
        most = cost(endpoint, TokenUsage(count_tokens(prompt), max_tokens), prices)
        if most is None:
            raise ModelError(
                f"no price is known for {endpoint.model}, so no budget can be kept", "add it to prices.toml"
            )
        if self.spent + most > self.limit:
            spent = f"${self.spent:.4f} of ${self.limit:.4f} is spent"
            raise ModelError(f"the next call may cost ${most:.4f}, and {spent}", "raise --budget")

    def add(self, dollars: float | None) -> None:
        """Count what a call took."""
        self.spent += dollars or 0.0


def _price(model: str, prices: Mapping[str, Price]) -> Price | None:
    fitting = [pattern for pattern in prices if fnmatch.fnmatchcase(model, pattern)]
    return prices[max(fitting, key=len)] if fitting else None


def _read(text: str) -> dict[str, Price]:
    table: dict[str, Price] = {}
    for model, pair in tomllib.loads(text).items():
        read, written = pair
        table[model] = Price(float(read), float(written))
    return table
