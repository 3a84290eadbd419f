"""Replies of a model kept on disk by what was asked, so that nothing is paid for twice."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

from assistant.summaries.shelf import Shelf


@dataclass(frozen=True, slots=True)
class Reply:
    """What a model wrote, and the tokens it took; None where the endpoint did not say."""

    text: str
    input_tokens: int | None
    output_tokens: int | None


class ReplyShelf:
    """Replies by model and request. One that cannot be read or written costs a call, never an error."""

    def __init__(self, folder: Path) -> None:
        self._shelf = Shelf(folder)

    def find(self, model: str, digest: str) -> Reply | None:
        """Return the reply that `model` gave to the request, None where there is none."""
        try:
            data = self._shelf.find(f"{model}\0{digest}")
            return Reply(str(data["text"]), data["input_tokens"], data["output_tokens"])
        except (KeyError, TypeError):
            return None

    def keep(self, model: str, digest: str, reply: Reply) -> None:
        """Store a complete reply."""
        self._shelf.keep(f"{model}\0{digest}", asdict(reply))
