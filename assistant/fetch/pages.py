"""What a service answered."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Page:
    """One answer: the address it came from for messages and provenance, its format's name, and its bytes.

    `missing` are the addresses that were asked for and that the service has no record of.
    """

    address: str
    format: str
    data: bytes
    missing: tuple[str, ...] = ()
