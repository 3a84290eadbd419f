"""Polite HTTP: one request at a time, at the pace that the service asks for, answered from a cache where possible.

Pages are cached as soon as they arrive, so that an interrupted search goes on where it stopped. The time of the last
request stands in the cache folder too: two commands in a row keep the pace together.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from assistant import __version__
from assistant.errors import SourceError

if TYPE_CHECKING:
    import httpx

_TRIES = 5
_BUSY = frozenset((429, 500, 502, 503, 504))
_LONGEST_WAIT = 120.0  # seconds; a service that asks for more is left alone
_LARGEST = 64 * 1024 * 1024
_REDIRECTS = 3


@dataclass(frozen=True, slots=True)
class Service:
    """A public API.

    Attributes:
        name: for messages and the cache.
        url: its base address, without a slash at the end.
        pause: seconds between two requests.
        max_age: seconds for which an answer may come from the cache.
    """

    name: str
    url: str
    pause: float
    max_age: float = 86_400.0


class NotFound(Exception):  # noqa: N818  # an answer, not an error
    """The service has no record of that name."""


class PoliteClient:
    """GETs from one service.

    Args:
        service: where, and at which pace.
        cache: folder for answers; None keeps none.
        contact: the user's e-mail address for the service's operators; None sends none.
        timeout: seconds for one request.
        sleep: waits; tests pass their own.
    """

    def __init__(
        self,
        service: Service,
        cache: Path | None = None,
        *,
        contact: str | None = None,
        timeout: float = 60.0,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._service = service
        self._folder = cache / service.name.casefold() if cache else None
        self._timeout = timeout
        self._sleep = sleep
        self._last = 0.0
        self._pause = service.pause
        self._http: httpx.Client | None = None
        self._agent = f"paper-assistant/{__version__} (literature assistant" + (
            f"; mailto:{contact})" if contact else ")"
        )

    def close(self) -> None:
        """Close the connection."""
        if self._http is not None:
            self._http.close()
            self._http = None

    def get(self, path: str, parameters: Mapping[str, str], *, fresh: bool = False) -> bytes:
        """Return the body of an answer.

        Args:
            path: below the service's address, quoted.
            parameters: the query.
            fresh: whether to ask again although the cache has an answer.

        Raises:
            NotFound: the service has no such record.
            SourceError: it cannot be reached, refuses, or stays busy.
        """
        import httpx

        url = str(httpx.URL(self._service.url + path, params=dict(parameters)))
        if not fresh and (body := self._cached(url)) is not None:
            return body
        body = self._asked(url)
        self._keep(url, body)
        return body

    def forget(self, path: str, parameters: Mapping[str, str]) -> None:
        """Drop an answer from the cache: it turned out to be incomplete."""
        import httpx

        if file := self._file(str(httpx.URL(self._service.url + path, params=dict(parameters)))):
            file.unlink(missing_ok=True)

    def _asked(self, url: str) -> bytes:
        import httpx

        problem = ""
        for attempt in range(_TRIES):
            self._keep_pace()
            try:
                status, headers, body = self._request(url)
            except httpx.TransportError as error:
                problem, wait = f"{type(error).__name__}: {error}".rstrip(": "), None
            else:
                if status == 404:
                    raise NotFound
                if status < 300:
                    self._slow_down(headers)
                    return body
                problem, wait = f"HTTP {status}", _retry_after(headers)
                if status not in _BUSY:
                    raise SourceError(f"{self._service.name} refused the request: {problem}", _said(body))
            if wait is not None and wait > _LONGEST_WAIT:
                raise SourceError(f"{self._service.name} asks to wait {wait:.0f} s", "run the command again after that")
            if attempt < _TRIES - 1:
                self._sleep(wait if wait is not None else max(1.0, self._pause) * 2**attempt)
        hint = "check the network and run the command again: what has arrived is not fetched again"
        raise SourceError(f"{self._service.name} at {urlsplit(url).netloc} does not answer ({problem})", hint)

    def _request(self, url: str) -> tuple[int, Mapping[str, str], bytes]:
        """Return status, headers and body; redirects are followed within the service's own domain only."""
        for _ in range(_REDIRECTS + 1):
            with self._client().stream("GET", url) as answer:
                target = answer.headers.get("location") if answer.is_redirect else None
                if target is None:
                    body = b""
                    for piece in answer.iter_bytes():
                        body += piece
                        if len(body) > _LARGEST:
                            raise SourceError(f"{self._service.name} sent more than 64 MB for one page")
                    return answer.status_code, answer.headers, body
                following = str(answer.url.join(target))
            if _domain(following) != _domain(url):
                raise SourceError(
                    f"{self._service.name} sends the request on to another host, {urlsplit(following).netloc}"
                )
            url = following
        raise SourceError(f"{self._service.name} redirects without end")

    def _client(self) -> httpx.Client:
        import httpx

        if self._http is None:
            self._http = httpx.Client(headers={"User-Agent": self._agent}, timeout=self._timeout)
        return self._http

    def _keep_pace(self) -> None:
        stamp = self._folder / "last-request" if self._folder else None
        last = self._last
        if stamp:
            with contextlib.suppress(OSError):
                last = max(last, stamp.stat().st_mtime)
        wait = last + self._pause - time.time()
        if 0 < wait <= self._pause:
            self._sleep(wait)
        self._last = time.time()
        if stamp:
            with contextlib.suppress(OSError):
                stamp.parent.mkdir(parents=True, exist_ok=True)
                stamp.touch()

    def _slow_down(self, headers: Mapping[str, str]) -> None:
        """Follow the pace that the answer names (Crossref's x-rate-limit headers)."""
        with contextlib.suppress(ValueError, ZeroDivisionError):
            requests = float(headers.get("x-rate-limit-limit", ""))
            seconds = float(headers.get("x-rate-limit-interval", "").rstrip("s"))
            self._pause = max(self._service.pause, min(seconds / requests, 60.0))

    def _file(self, url: str) -> Path | None:
        return self._folder / hashlib.sha256(url.encode()).hexdigest()[:32] if self._folder else None

    def _cached(self, url: str) -> bytes | None:
        file = self._file(url)
        try:
            if file and time.time() - file.stat().st_mtime < self._service.max_age:
                return file.read_bytes()
        except OSError:
            pass
        return None

    def _keep(self, url: str, body: bytes) -> None:
        """Write an answer to the cache, whole or not at all; a full disk is no reason to lose it."""
        file = self._file(url)
        if file is None:
            return
        with contextlib.suppress(OSError):
            file.parent.mkdir(parents=True, exist_ok=True)
            part = file.with_suffix(f".{os.getpid()}")
            part.write_bytes(body)
            part.replace(file)


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds that a Retry-After header names, as a number or as a date."""
    value = headers.get("retry-after", "").strip()
    if value.isdecimal():
        return float(value[:9])
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time()) if value else None
    except (ValueError, TypeError, OverflowError):
        return None


def _said(body: bytes) -> str:
    """Return the beginning of an error's text."""
    import re

    text = re.sub(r"<[^>]*>", " ", body[:4000].decode("utf-8", "replace"))
    return " ".join("".join(char for char in text if char.isprintable() or char.isspace()).split())[:200]


def _domain(url: str) -> str:
    host = urlsplit(url).hostname or ""
    return host if host.replace(".", "").isdecimal() else ".".join(host.split(".")[-2:])
