"""Embeddings of an OpenAI-compatible server: OpenAI itself, Ollama, vLLM, llama.cpp."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from assistant.embedders.base import FloatArray
from assistant.embedders.plain import PlainEmbedder
from assistant.errors import EmbedderError

if TYPE_CHECKING:
    import openai

BATCH = 128  # texts of one request: well below OpenAI's 2,048 texts and 300,000 tokens
TIMEOUT = 60.0  # seconds for one request
RETRIES = 5  # of a request that was refused for now or failed on the way; Retry-After is kept


class RemoteEmbedder(PlainEmbedder):
    """Embeds through the /v1/embeddings of a server, in batches; `tokens` counts what the server says it has read.

    Args:
        name: identity of the vectors.
        base_url: the server's address, up to /v1.
        model: the model's name there.
        api_key: sent to this server alone.
        redact: takes the key out of a message.
    """

    def __init__(
        self,
        name: str,
        base_url: str,
        model: str,
        api_key: str,
        *,
        redact: Callable[[str], str] = str,
    ) -> None:
        super().__init__(name)
        self.tokens = 0
        self._base_url = base_url
        self._model = model
        self._api_key = api_key
        self._redact = redact

    def _embed(self, texts: Sequence[str], *, question: bool) -> FloatArray:  # noqa: ARG002 - one way for both
        parts = [self._request(texts[start : start + BATCH]) for start in range(0, len(texts), BATCH)]
        if len({part.shape[1] for part in parts}) != 1:
            raise EmbedderError(f"{self.name} gave vectors of several lengths", "use another embedder")
        return np.concatenate(parts)

    def _request(self, texts: Sequence[str]) -> FloatArray:
        import openai

        try:
            reply = self._client.embeddings.create(model=self._model, input=list(texts))
            rows = {int(row.index): row.embedding for row in reply.data}
            vectors = np.array([rows[place] for place in range(len(texts))], np.float32)
        except openai.APIStatusError as error:
            raise EmbedderError(self._said(f"answered {error.status_code}: {_line(error)}"), _hint(error)) from error
        except openai.APIConnectionError as error:
            raise EmbedderError(self._said("does not answer"), "start the server, or check the address") from error
        except (openai.OpenAIError, KeyError, ValueError, TypeError, AttributeError) as error:
            raise EmbedderError(self._said("did not answer with one vector for each text")) from error
        if vectors.ndim != 2 or not vectors.shape[1]:
            raise EmbedderError(self._said("did not answer with one vector for each text"))
        self.tokens += _tokens(reply)
        return vectors

    @cached_property
    def _client(self) -> openai.OpenAI:
        import openai

        return openai.OpenAI(
            api_key=self._api_key, base_url=self._base_url, timeout=TIMEOUT, max_retries=RETRIES, organization=""
        )

    def _said(self, what: str) -> str:
        return self._redact(f"the embedder {self.name} at {self._base_url} {what}")


def _line(error: Any) -> str:
    return " ".join(str(getattr(error, "message", error)).split())[:200]


def _hint(error: Any) -> str:
    if error.status_code in (401, 403):
        return "check the key"
    return "check the model's name" if error.status_code == 404 else "try again later"


def _tokens(reply: Any) -> int:
    usage = getattr(reply, "usage", None)
    return int(getattr(usage, "prompt_tokens", 0) or 0)
