"""Whether a cited sentence says what a claim says: pure, fast, without a model."""

from __future__ import annotations

from assistant.verification.bearing import bearing
from assistant.verification.opposition import OPPOSE, opposition
from assistant.verification.premises import denial, says, stands, statement_of
from assistant.verification.verdict import Verdict, scattered, verify

__all__ = [
    "OPPOSE",
    "Verdict",
    "bearing",
    "denial",
    "opposition",
    "says",
    "scattered",
    "stands",
    "statement_of",
    "verify",
]
