"""The embedder spec a user writes, and the embedder it means.

    local                        all-MiniLM-L6-v2 on this machine
    openai/MODEL                 api.openai.com, such as openai/text-embedding-3-small
    ollama/MODEL                 Ollama on this machine
    http://HOST:PORT/v1#MODEL    any OpenAI-compatible server
    onnx:FOLDER                  a sentence-transformers model exported to ONNX
    llama-index:MODULE:NAME      a LlamaIndex BaseEmbedding: an instance, or what makes one without arguments

A library knows the name of its vectors and takes no others; but it never chooses the embedder. Only the user's own
settings do, for a spec may name a host or code to run, and a store can come from anybody.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.embedders import Embedder, FolderEmbedder, MiniLM, RemoteEmbedder
from assistant.errors import SettingsError
from assistant.settings import Settings

if TYPE_CHECKING:
    from assistant.llms import Endpoint, Price

LOCAL = "local"
_FORMS = "use local, openai/MODEL, ollama/MODEL, http://HOST:PORT/v1#MODEL, onnx:FOLDER or llama-index:MODULE:NAME"


def open_embedder(spec: str, settings: Settings, environ: Mapping[str, str] | None = None) -> Embedder:
    """Return the embedder that `spec` means.

    Raises:
        SettingsError: the spec has no known form, or the key it needs is missing.
        EmbedderError: the embedder cannot be loaded.
    """
    if spec == LOCAL:
        return MiniLM()
    kind, _, rest = spec.partition(":")
    if kind == "onnx" and rest:
        return FolderEmbedder(Path(rest).expanduser())
    if kind == "llama-index" and rest:
        from assistant.chain import BorrowedEmbedder  # imports LlamaIndex, which takes a second

        return BorrowedEmbedder.imported(rest)
    endpoint = _endpoint(spec, settings, environ)
    if endpoint is None:
        raise SettingsError(f"cannot read the embedder {spec!r}", _FORMS)
    # The vectors of a model are the same wherever its server stands.
    name = spec if spec.startswith(("openai/", "ollama/")) else f"server/{endpoint.model}"
    return RemoteEmbedder(name, endpoint.base_url, endpoint.model, endpoint.api_key, redact=endpoint.redact)


def embedding_price(spec: str, settings: Settings, environ: Mapping[str, str] | None = None) -> Price | None:
    """Return what a spec's server takes for tokens; None where that is not known. What runs here costs nothing."""
    from assistant.llms import Price, price_of

    endpoint = _endpoint(spec, settings, environ)
    return price_of(endpoint) if endpoint is not None else Price(0.0, 0.0)


def embedding_cost(
    spec: str, settings: Settings, tokens: Callable[[], int], environ: Mapping[str, str] | None = None
) -> str | None:
    """Return a line that says what embedding will take; None where it costs nothing, or there is nothing to embed.

    `tokens` says how many there are, and is not called where they cost nothing.
    """
    price = embedding_price(spec, settings, environ)
    if price is not None and not price.read:
        return None
    count = tokens()
    if not count:
        return None
    cost = f"about ${price.of(count, 0):.2f}" if price is not None else "at a price that is not known"
    return f"{spec} will read about {count:,} tokens, {cost}"


def _endpoint(spec: str, settings: Settings, environ: Mapping[str, str] | None) -> Endpoint | None:
    """Return the server that a spec names; None where it names none."""
    if not spec.startswith(("openai/", "ollama/", "http:", "https:")):
        return None
    from assistant.llms import resolve_model  # a local embedder does without

    return resolve_model(spec, settings, os.environ if environ is None else environ)
