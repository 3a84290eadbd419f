"""What a record's flags say in a note, for formats without a field for it; our readers take them back."""

from __future__ import annotations

from assistant.papers import Flag, Paper

OWN_SUMMARY_NOTE = "summary, not the authors' abstract"
_MARKS = {
    Flag.OWN_SUMMARY: OWN_SUMMARY_NOTE,
    Flag.RETRACTED: "retracted",
    Flag.AUTHORS_INCOMPLETE: "list of authors incomplete",
}


def mark_notes(paper: Paper) -> list[str]:
    """Return the notes that stand for the record's flags."""
    return [note for flag, note in _MARKS.items() if paper.has(flag)]
