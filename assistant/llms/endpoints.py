"""The LLM spec a user writes, and the endpoint it means.

    none                        no model
    auto                        what the configuration names, else none
    openai/MODEL                api.openai.com, with OPENAI_API_KEY
    ollama/MODEL                Ollama on this machine (or where OLLAMA_HOST says)
    http://HOST:PORT/v1#MODEL   any OpenAI-compatible server, with ASSISTANT_API_KEY or a dummy
    gguf:PATH-or-NAME           llama.cpp's own server, started here on loopback

A key goes to the one host it is for: OPENAI_API_KEY to api.openai.com, ASSISTANT_API_KEY to the address in the spec,
and a key of the key file or the key command (see keys) to the host it stands under.
"""

from __future__ import annotations

import ipaddress
import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass, field

from assistant.errors import SettingsError
from assistant.llms.keys import find_key
from assistant.settings import Settings

OPENAI_URL = "https://api.openai.com/v1"
DUMMY_KEY = "none"  # local servers want some key and look at none
_FORMS = "use none, auto, openai/MODEL, ollama/MODEL, http://HOST:PORT/v1#MODEL or gguf:FILE"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a model is and how it is called. The key is in no repr.

    `base_url` is empty for a `gguf:` spec: its server gets an address when it is started.
    """

    spec: str
    model: str
    base_url: str
    api_key: str = field(default=DUMMY_KEY, repr=False)
    key_name: str = ""  # the variable that holds the key, for messages

    @property
    def host(self) -> str:
        """Host name of the address, without the port."""
        return urllib.parse.urlsplit(self.base_url).hostname or ""

    @property
    def on_loopback(self) -> bool:
        """Whether the endpoint is on this machine."""
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"

    @property
    def is_openai(self) -> bool:
        """Whether this is OpenAI's own service."""
        return self.base_url == OPENAI_URL

    @property
    def is_local_file(self) -> bool:
        """Whether the model is a file that we serve ourselves."""
        return self.spec.startswith("gguf:")

    @property
    def secret(self) -> str:
        """What must be shown nowhere; empty where the key is none."""
        return self.api_key if self.api_key != DUMMY_KEY and len(self.api_key) > 3 else ""

    def redact(self, text: str) -> str:
        """Return `text` with the key replaced, for messages and logs."""
        return text.replace(self.secret, "[key]") if self.secret else text


def resolve_model(spec: str, settings: Settings, environ: Mapping[str, str]) -> Endpoint | None:
    """Return the endpoint that `spec` means, or None for no model.

    Raises:
        SettingsError: the spec has no known form, or the key it needs is missing.
    """
    spec = spec.strip()
    if spec == "auto":
        spec = next(
            (named for named in (settings.llm, environ.get("ASSISTANT_LLM", "")) if named not in ("", "auto")), ""
        )
    if spec in ("", "none"):
        return None
    scheme, slash, model = spec.partition("/")
    if spec.startswith(("http://", "https://")):
        return _by_address(spec, settings)
    if spec.startswith("gguf:") and len(spec) > len("gguf:"):
        name = spec.removeprefix("gguf:")
        return Endpoint(spec=spec, model=name.rsplit("/", 1)[-1].removesuffix(".gguf"), base_url="")
    if slash and model.strip() and scheme == "openai":
        return _at_openai(spec, model.strip(), settings, environ)
    if slash and model.strip() and scheme == "ollama":
        return Endpoint(spec=spec, model=model.strip(), base_url=_ollama_url(environ))
    raise SettingsError(f"cannot read the model {spec!r}", _FORMS)


def unused_key_hint(spec: str, endpoint: Endpoint | None, environ: Mapping[str, str]) -> str:
    """Return what to tell somebody whose OpenAI key is set while `auto` chose no model; empty otherwise."""
    if spec.strip() != "auto" or endpoint is not None or not environ.get("OPENAI_API_KEY"):
        return ""
    return "OPENAI_API_KEY is set but not used: choose a model with --llm openai/MODEL"


def _at_openai(spec: str, model: str, settings: Settings, environ: Mapping[str, str]) -> Endpoint:
    key = environ.get("OPENAI_API_KEY", "").strip() or find_key("api.openai.com", settings.api_key_command)
    if not key:
        raise SettingsError(f"{spec} needs a key", "set OPENAI_API_KEY")
    return Endpoint(spec=spec, model=model, base_url=OPENAI_URL, api_key=key, key_name="OPENAI_API_KEY")


def _by_address(spec: str, settings: Settings) -> Endpoint:
    address, _, model = spec.partition("#")
    parts = urllib.parse.urlsplit(address)
    try:
        has_host = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        has_host = False
    if parts.username or parts.password:
        raise SettingsError("an address with a name or password in it would show them", "set ASSISTANT_API_KEY instead")
    if not has_host or parts.query:
        raise SettingsError(f"{address!r} is no address of a server", "write http://HOST:PORT/v1#MODEL")
    if not model.strip():
        raise SettingsError(f"{spec!r} names no model", f"write {address.rstrip('/')}#MODEL")
    return Endpoint(
        spec=spec,
        model=urllib.parse.unquote(model.strip()),
        base_url=address.rstrip("/"),
        api_key=(settings.api_key or "").strip() or find_key(parts.netloc, settings.api_key_command) or DUMMY_KEY,
        key_name="ASSISTANT_API_KEY",
    )


def _ollama_url(environ: Mapping[str, str]) -> str:
    """Return Ollama's address: the host the user set for Ollama's own client, else its default port here."""
    host = environ.get("OLLAMA_HOST", "").strip().rstrip("/") or "127.0.0.1:11434"
    address = host if host.startswith(("http://", "https://")) else f"http://{host}"
    parts = urllib.parse.urlsplit(address)
    name = "127.0.0.1" if parts.hostname in (None, "0.0.0.0") else str(parts.hostname)  # noqa: S104 - a server's bind address
    port = parts.port or (443 if parts.scheme == "https" else 11434)
    return f"{parts.scheme}://{f'[{name}]' if ':' in name else name}:{port}/v1"
