"""The SQLite library: papers, identifiers, windows with vectors, sessions and answers. It is the truth."""

from assistant.library.files import check_file, copy_file, free_name, salvage_file, take_place
from assistant.library.journal import Journal
from assistant.library.library import Library
from assistant.library.lock import lock_holder, writer_lock
from assistant.library.ordering import SORTS, Order
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
from assistant.library.schema import INDEX_FOLDERS, LIBRARY_FILE
from assistant.library.writer import Writer

__all__ = [
    "INDEX_FOLDERS",
    "LIBRARY_FILE",
    "SORTS",
    "Changes",
    "FloatArray",
    "IntArray",
    "Journal",
    "Library",
    "Order",
    "PaperWrite",
    "SourceRecord",
    "StoredPaper",
    "StoredWindow",
    "WindowTable",
    "Writer",
    "check_file",
    "copy_file",
    "free_name",
    "lock_holder",
    "salvage_file",
    "take_place",
    "writer_lock",
]
