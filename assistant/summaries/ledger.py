"""What became of every paper in scope."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from assistant.answers import Claim, Ledger, Unused


def keep_ledger(keys: Iterable[str], claims: Iterable[Claim], reasons: Mapping[str, str]) -> Ledger:
    """Return each of `keys` exactly once: cited by a claim, or unused with its reason."""
    said = {citation.key for claim in claims for citation in claim.citations}
    order = tuple(dict.fromkeys(keys))
    unused = tuple(Unused(key, reasons.get(key, "no sentence of it was chosen")) for key in order if key not in said)
    return Ledger(tuple(key for key in order if key in said), unused)
