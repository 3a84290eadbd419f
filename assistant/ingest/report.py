"""What one ingest did."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from assistant.readers import Rejection


@dataclass(slots=True)
class IngestReport:
    """What one ingest did: read = new + changed + same + merged + rejected; `embedded` counts windows."""

    read: int = 0
    new: int = 0
    changed: int = 0
    same: int = 0
    merged: int = 0
    rejected: int = 0
    embedded: int = 0
    papers: int = 0
    without_abstract: int = 0
    rejections: list[Rejection] = field(default_factory=list)
    merges: list[tuple[str, str]] = field(default_factory=list)  # (source id, key it joined), the first few
    seconds: float = 0.0
    fraction: float | None = None  # of the sources' bytes that were read, while it runs

    def to_json(self) -> dict[str, Any]:
        """Return the `ingest --json` object."""
        return {
            **{name: getattr(self, name) for name in ("read", "new", "changed", "same", "merged", "rejected")},
            "embedded": self.embedded,
            "papers": self.papers,
            "without_abstract": self.without_abstract,
            "rejections": [{"file": r.file, "line": r.line, "reason": r.reason} for r in self.rejections],
            "timing": {"total_ms": round(self.seconds * 1000, 1)},
        }
