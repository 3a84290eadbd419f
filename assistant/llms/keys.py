"""Keys: from the environment, a file that only the user can read, or a command; each for one host and no other."""

from __future__ import annotations

import os
import shlex
import stat
import subprocess
import tomllib
from pathlib import Path

from assistant.errors import SettingsError
from assistant.settings import config_dir

_COMMAND_SECONDS = 30.0


def find_key(host: str, command: str | None, path: Path | None = None) -> str:
    """Return the key for `host` from the key file or the key command; empty where neither has one.

    Args:
        host: host name, with the port where the address has one: "api.openai.com", "127.0.0.1:8000".
        command: prints the key of the host that stands for {host} in it, such as `pass show llm/{host}`.
        path: the key file: TOML lines `"host" = "key"`; by default keys.toml in the configuration folder.

    Raises:
        SettingsError: others can read the file, it cannot be read, or the command fails.
    """
    return _from_file(host, path or config_dir() / "keys.toml") or (_from_command(host, command) if command else "")


def _from_file(host: str, path: Path) -> str:
    if not path.is_file():
        return ""
    if os.name == "posix" and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise SettingsError(f"others can read the keys in {path}", f"run: chmod 600 {path}")
    try:
        keys = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        # The parser's message would quote the line, and with it a key.
        raise SettingsError(f"cannot read the keys in {path}", 'write lines like "api.openai.com" = "KEY"') from None
    key = keys.get(host, "")
    return key.strip() if isinstance(key, str) else ""


def _from_command(host: str, command: str) -> str:
    words = [word.replace("{host}", host) for word in shlex.split(command)]
    try:
        ran = subprocess.run(words, capture_output=True, text=True, timeout=_COMMAND_SECONDS, check=False)  # noqa: S603 - the user's own
    except (OSError, subprocess.TimeoutExpired) as error:
        raise SettingsError(
            f"the key command {words[0]!r} failed: {type(error).__name__}", "see api_key_command"
        ) from None
    if ran.returncode != 0:
        raise SettingsError(f"the key command {words[0]!r} ended with {ran.returncode}", "see api_key_command")
    return ran.stdout.strip().splitlines()[0].strip() if ran.stdout.strip() else ""
