"""One SQLite database of a graph folder: its connection, its transactions, and the values that a graph remembers."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kgraph.folder import digests
from kgraph.folder.contents import Contents
from kgraph.folder.digests import row_digest


def open_database(path: Path) -> sqlite3.Connection:
    """A connection to a database with the tables of tables.sql, which are made if they are missing."""
    db = sqlite3.connect(path, isolation_level=None, timeout=60, factory=Opened)
    db.folder = Contents(path.parent)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = NORMAL")  # with WAL: a power cut may cost the last articles, never the database
    db.execute("PRAGMA foreign_keys = ON")
    digests.know_digests(db)
    if not db.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
        db.executescript(f"BEGIN; {digests.script()} COMMIT;")
    return db


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    """All that is done inside, or nothing of it."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")


class Opened(sqlite3.Connection):
    """A connection that knows its graph folder: the database itself may lie elsewhere, behind a symbolic link."""

    folder: Contents


def contents_of(db: sqlite3.Connection) -> Contents:
    """The graph folder of an open database."""
    assert isinstance(db, Opened)
    return db.folder


def get_meta(db: sqlite3.Connection, name: str, *, schema: str = "main") -> str | None:
    """A value that the graph remembers: schemaVersion, graphId, model, changes, …"""
    row = db.execute(f"SELECT value FROM {schema}.meta WHERE name = ?", (name,)).fetchone()
    return row and str(row[0])


def set_meta(db: sqlite3.Connection, name: str, value: str, *, schema: str = "main") -> None:
    """Remembers a value; in the schema `pending` until the next `settle`."""
    db.execute(
        f"INSERT OR REPLACE INTO {schema}.meta VALUES (?, ?, ?)",
        (name, value, row_digest(name, value)),
    )
