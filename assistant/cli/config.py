"""`config`: the settings in force, and where each comes from."""

from __future__ import annotations

import re
from typing import Any

import typer

from assistant.cli.frame import DONE, Frame, with_globals
from assistant.cli.options import JsonOption
from assistant.cli.output import print_json, print_screen

_HIDDEN = "(hidden)"
_LOGIN = re.compile(r"(?<=://)[^/@\s]+(?=@)")  # the user and password of an address


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command("config")(with_globals(show_config))


def show_config(frame: Frame, as_json: JsonOption = False) -> int:
    """Show every setting, its value, and where that comes from; keys are hidden."""
    from assistant.settings import setting_fields, setting_origins

    settings = frame.settings()
    origins = setting_origins(frame.config, {"store": frame.store})
    rows = [(name, _shown(name, settings), origins[name]) for name in setting_fields()]
    if as_json:
        print_json(*({"name": name, "value": value, "origin": origin} for name, value, origin in rows))
        return DONE
    from assistant.render import Line

    width = max(len(name) for name, _, _ in rows)
    lines = []
    for name, value, origin in rows:
        text = "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
        source = [] if origin == "default" else [(f"  from {origin}", "dim")]
        lines.append(Line.of(text, *source, first=f"{name:{width}}  "))
    print_screen(frame, lines)
    return DONE


def _shown(name: str, settings: Any) -> Any:
    """Return a setting's value as it may be shown and written as JSON: paths as text, no keys, no passwords."""
    from assistant.settings import setting_fields

    if name == "store":
        return str(settings.store_path)
    value = getattr(settings, name)
    if not setting_fields()[name].repr:
        return None if value is None else _HIDDEN
    return _LOGIN.sub("***", value) if isinstance(value, str) else value
