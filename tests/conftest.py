"""Every test runs without keys, without a network, with folders of its own."""

from __future__ import annotations

import ipaddress
import os
import shutil
import signal
import socket
from pathlib import Path
from typing import Any

import pytest

from assistant.app import open_assistant
from assistant.settings import Settings

pytest_plugins = ["tests.goldens"]

signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job begins with Ctrl-C ignored

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    for name in list(os.environ):
        if name.startswith(("OPENAI_", "ASSISTANT_")) or name in {"NO_COLOR", "FORCE_COLOR", "COLUMNS", "PAGER"}:
            monkeypatch.delenv(name)
    home = tmp_path_factory.mktemp("home")
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(home))


@pytest.fixture(autouse=True)
def _loopback_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection that leaves the machine, so that no test can depend on one."""
    real_connect, real_connect_ex = socket.socket.connect, socket.socket.connect_ex

    def connect(self: socket.socket, address: Any) -> None:
        _refuse_remote(self, address)
        real_connect(self, address)

    def connect_ex(self: socket.socket, address: Any) -> int:
        _refuse_remote(self, address)
        return real_connect_ex(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)
    monkeypatch.setattr(socket.socket, "connect_ex", connect_ex)


def _refuse_remote(sock: socket.socket, address: Any) -> None:
    if sock.family not in (socket.AF_INET, socket.AF_INET6):
        return
    host = str(address[0])
    if host == "localhost":
        return
    try:
        local = ipaddress.ip_address(host.split("%")[0]).is_loopback
    except ValueError:
        local = False
    if not local:
        pytest.fail(f"a test tried to connect to {host}: only loopback is allowed")


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A place for a library of this test's own; the folder does not exist yet."""
    return tmp_path / "store"


@pytest.fixture
def settings(store: Path) -> Settings:
    """Default settings on this test's own store, without a model."""
    return Settings(store=store, llm="none")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of development data beside the checkout; tests on it skip where it is absent."""
    if not SHARED_DATA.is_dir():
        pytest.skip(f"the development data is not on this machine: no folder ../{SHARED_DATA.parent.name}/data")
    return SHARED_DATA


@pytest.fixture(scope="session")
def sample_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store that holds the sample library. Read only: a test that writes copies it first."""
    store = tmp_path_factory.mktemp("sample") / "store"
    with open_assistant(Settings(store=store, llm="none")) as assistant:
        assistant.ingest([], sample=True)
    return store


@pytest.fixture
def own_sample(sample_store: Path, store: Path) -> Path:
    """A copy of the sample library that this test may change."""
    shutil.copytree(sample_store, store)
    return store
