"""Flags as notes and categories as one line, for formats without a field for them; our readers take them back."""

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


def keyword_line(paper: Paper) -> str:
    """Return the categories as one line: parted by commas, by semicolons where one of them has a comma itself."""
    if any("," in category for category in paper.categories):
        return "; ".join((*paper.categories, "")).strip()
    return ", ".join(paper.categories)
