"""What one ingest did."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from assistant.papers import Flag
from assistant.readers import Record, Rejection

_KEPT = 100_000  # rejections in memory; whoever wants all of a damaged snapshot hears of each one from the intake
_FLAG_REMARKS = {
    Flag.TITLE_INFERRED: "the title was made from the abstract's first words",
    Flag.AUTHORS_INCOMPLETE: "the list of authors is incomplete",
}


@dataclass(slots=True)
class Remark:
    """Something odd about records that were kept: what, of how many, and where the first of them stands."""

    reason: str
    file: str
    line: int | None
    count: int = 0


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
    tokens: int = 0  # about how many were embedded
    papers: int = 0
    without_abstract: int = 0
    rejections: list[Rejection] = field(default_factory=list)  # the first ones; `rejected` counts all
    remarks: dict[str, Remark] = field(default_factory=dict)  # by reason; of records that were not known before
    merges: list[tuple[str, str]] = field(default_factory=list)  # (source id, key it joined), the first few
    seconds: float = 0.0
    fraction: float | None = None  # of the sources' bytes that were read, while it runs

    def reject(self, rejection: Rejection) -> None:
        """Keep a rejection, where there are not too many of them."""
        if len(self.rejections) < _KEPT:
            self.rejections.append(rejection)

    def remark(self, record: Record) -> None:
        """Count what is odd about a record that was kept."""
        flags = record.paper.flags if record.paper is not None else ()
        reasons = [_FLAG_REMARKS[flag] for flag in flags if flag in _FLAG_REMARKS]
        if record.warning is not None:
            reasons.append(record.warning.reason)
        for reason in reasons:
            place = record.paper.provenance[0].file if record.paper is not None and record.paper.provenance else "-"
            self.remarks.setdefault(reason, Remark(reason, place, record.line)).count += 1

    def to_json(self) -> dict[str, Any]:
        """Return the `ingest --json` object."""
        return {
            **{name: getattr(self, name) for name in ("read", "new", "changed", "same", "merged", "rejected")},
            "embedded": self.embedded,
            "papers": self.papers,
            "without_abstract": self.without_abstract,
            "rejections": [{"file": r.file, "line": r.line, "reason": r.reason} for r in self.rejections],
            "warnings": [asdict(remark) for remark in self.remarks.values()],
            "timing": {"total_ms": round(self.seconds * 1000, 1)},
        }
