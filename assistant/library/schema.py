"""The tables of the library."""

from __future__ import annotations

import sqlite3

SCHEMA_VERSION = 3
LIBRARY_FILE = "library.sqlite3"
INDEX_FOLDERS = ("chroma", "lexical")  # beside it: derived from a library, so never there before one

_TABLES = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE papers (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL, abstract TEXT NOT NULL, year INTEGER, date TEXT, venue TEXT,
    doi TEXT, arxiv_id TEXT, pmid TEXT, url TEXT,
    lists TEXT NOT NULL,           -- JSON: authors, categories, source_ids, aliases, notes, flags, details, provenance
    sentences TEXT NOT NULL,       -- JSON: start, end, start, end, ... in code points of the abstract
    generation INTEGER NOT NULL    -- of the transaction that last wrote the record
);
CREATE INDEX papers_year ON papers (year);
CREATE INDEX papers_generation ON papers (generation);
CREATE TABLE names (name TEXT NOT NULL, paper_id INTEGER NOT NULL, PRIMARY KEY (name, paper_id)) WITHOUT ROWID;
CREATE INDEX names_paper ON names (paper_id);
CREATE TABLE identifiers (
    kind TEXT NOT NULL, value TEXT NOT NULL, paper_id INTEGER NOT NULL, PRIMARY KEY (kind, value, paper_id)
) WITHOUT ROWID;
CREATE INDEX identifiers_paper ON identifiers (paper_id);
CREATE TABLE authors (name TEXT NOT NULL, paper_id INTEGER NOT NULL, PRIMARY KEY (name, paper_id)) WITHOUT ROWID;
CREATE INDEX authors_paper ON authors (paper_id);
CREATE TABLE categories (
    category TEXT NOT NULL, paper_id INTEGER NOT NULL, PRIMARY KEY (category, paper_id)
) WITHOUT ROWID;
CREATE INDEX categories_paper ON categories (paper_id);
CREATE TABLE records (             -- what each source said last, so that an unchanged record is known again
    source TEXT NOT NULL, hash BLOB NOT NULL, name TEXT NOT NULL, paper_id INTEGER NOT NULL,
    current INTEGER NOT NULL, PRIMARY KEY (source, hash)
) WITHOUT ROWID;
CREATE INDEX records_paper ON records (paper_id);
CREATE TABLE windows (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    paper_id INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,  -- sentences first <= i < last
    hash BLOB NOT NULL,            -- of the text that was embedded
    vector BLOB NOT NULL,          -- float16, normalised
    generation INTEGER NOT NULL
);
CREATE INDEX windows_paper ON windows (paper_id);
CREATE INDEX windows_generation ON windows (generation);
CREATE TABLE sentence_vectors (paper_id INTEGER PRIMARY KEY, vectors BLOB NOT NULL);  -- int8 rows, scaled to 127
CREATE TABLE removed (generation INTEGER NOT NULL, kind TEXT NOT NULL, id INTEGER NOT NULL);
CREATE INDEX removed_generation ON removed (generation);
CREATE TABLE answers (
    id TEXT PRIMARY KEY, time TEXT NOT NULL, session TEXT, question TEXT NOT NULL, data TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX answers_session ON answers (session, time);
CREATE TABLE sessions (
    name TEXT PRIMARY KEY, created TEXT NOT NULL, updated TEXT NOT NULL, state TEXT NOT NULL
) WITHOUT ROWID;
"""


_STEPS = {  # by the format that each one makes
    2: """
CREATE TABLE files (               -- what was read whole and without a rejection, so that it need not be read again
    source TEXT PRIMARY KEY, digest BLOB NOT NULL, recipe TEXT NOT NULL, read INTEGER NOT NULL, records INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX records_name ON records (source, name);
""",
    3: """
ALTER TABLE windows ADD COLUMN tokens BLOB;  -- signs of token states, see TokenBits; NULL where the embedder has none
""",
}


def create_tables(connection: sqlite3.Connection) -> None:
    """Give an empty file the library's tables."""
    steps = "".join(_STEPS.values())
    connection.executescript(f"BEGIN IMMEDIATE; {_TABLES} {steps} PRAGMA user_version = {SCHEMA_VERSION}; COMMIT;")


def upgrade_tables(connection: sqlite3.Connection, version: int) -> None:
    """Bring the tables of an older format up to this program's, in one transaction."""
    steps = "".join(step for number, step in _STEPS.items() if number > version)
    connection.executescript(f"BEGIN IMMEDIATE; {steps} PRAGMA user_version = {SCHEMA_VERSION}; COMMIT;")
