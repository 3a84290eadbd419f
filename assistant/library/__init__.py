"""The SQLite library: papers, identifiers, windows with vectors, sessions and answers. It is the truth."""

from assistant.library.journal import Journal
from assistant.library.library import Library
from assistant.library.lock import writer_lock
from assistant.library.rows import (
    Changes,
    FloatArray,
    IntArray,
    PaperWrite,
    SourceRecord,
    StoredPaper,
    StoredWindow,
    WindowTable,
)
from assistant.library.writer import Writer

__all__ = [
    "Changes",
    "FloatArray",
    "IntArray",
    "Journal",
    "Library",
    "PaperWrite",
    "SourceRecord",
    "StoredPaper",
    "StoredWindow",
    "WindowTable",
    "Writer",
    "writer_lock",
]
