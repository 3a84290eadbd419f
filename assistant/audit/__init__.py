"""Checking the citations of any text against the library: what each cited sentence claims, and who really says so."""

from __future__ import annotations

from assistant.audit.check import Audit, AuditedSentence

__all__ = ["Audit", "AuditedSentence"]
