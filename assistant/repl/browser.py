"""The page of a paper: its address, and a browser that shows it where somebody sits before one."""

from __future__ import annotations

import sys
from collections.abc import Mapping

from assistant.errors import UsageError
from assistant.papers import Paper

_SCHEMES = ("https://", "http://")  # a record's URL may be anything; only these are a page


def address(paper: Paper) -> str:
    """Return where a paper can be read.

    Raises:
        UsageError: its record names no place.
    """
    if paper.url:
        return paper.url
    if paper.doi:
        return f"https://doi.org/{paper.doi}"
    if paper.arxiv_id:
        return f"https://arxiv.org/abs/{paper.arxiv_id}"
    raise UsageError(f"{paper.key} has no DOI, no arXiv id and no URL", f"/cite {paper.key} prints its reference")


def has_browser(environ: Mapping[str, str], platform: str = sys.platform) -> bool:
    """Return whether a browser can be shown: the user names one, or there is a desktop on this machine."""
    if environ.get("BROWSER"):
        return True
    if environ.get("SSH_CONNECTION"):
        return False
    return platform in ("darwin", "win32") or bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))


def open_in_browser(url: str, environ: Mapping[str, str]) -> bool:
    """Return whether a browser was told to open `url`; it is the browser that contacts the host."""
    if not url.lower().startswith(_SCHEMES) or not has_browser(environ):
        return False
    import webbrowser

    return webbrowser.open(url)
