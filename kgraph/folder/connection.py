"""Connections to the database of a graph folder, of this schema."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from kgraph.errors import StoreError
from kgraph.folder import journal, tally
from kgraph.folder.blank import nothing_built
from kgraph.folder.contents import Contents
from kgraph.folder.database import Opened, get_meta, open_database, set_meta, transaction
from kgraph.folder.identity import load_identity
from kgraph.folder.tally import note_counts
from kgraph.schema import SCHEMA_VERSION


def connect_to_read(folder: Contents) -> sqlite3.Connection:
    """The database as it stands, to read from. Raises StoreError where there is none, or one of an older schema."""
    path = folder.database
    if not path.exists() or not path.stat().st_size:  # a build that was killed at its very start
        raise nothing_built(folder)
    try:
        return _begin(folder, "mode=ro")
    except sqlite3.OperationalError as error:
        is_full = getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_IOERR_SHMSIZE
        if os.access(folder, os.W_OK) and not (is_full and _is_all_in(path)):
            raise
        # SQLite wants to make its two side files. Where it cannot, nobody is writing either, so it needs none.
        return _begin(folder, "immutable=1")


def _is_all_in(path: Path) -> bool:
    """Whether nothing of a database lies beside it."""
    side = Path(f"{os.path.realpath(path)}-wal")
    return not side.exists() or not side.stat().st_size


def _begin(folder: Contents, how: str) -> sqlite3.Connection:
    uri = f"{folder.database.absolute().as_uri()}?{how}"
    db = sqlite3.connect(uri, uri=True, isolation_level=None, factory=Opened)
    db.folder = folder
    try:
        db.execute("BEGIN")
        found = get_meta(db, "schemaVersion") or str(SCHEMA_VERSION)  # from here on the state stands
        if not found.isdigit():
            raise StoreError(f"{folder}: damaged: meta schemaVersion; `kgraph rebuild -g {folder}` writes it anew")
        if (version := int(found)) < SCHEMA_VERSION:
            raise StoreError(
                f"{folder}: written by an older kgraph (schema {version}, this one has {SCHEMA_VERSION}); "
                f"`kgraph rebuild -g {folder}` brings it up to date and keeps a copy of the old database"
            )
    except (sqlite3.Error, StoreError):
        db.close()
        raise
    return db


def connect_to_write(folder: Contents) -> sqlite3.Connection:
    """The database, to write to, with the lock held; what is written from now on is noted in the journal and counted."""
    db = open_database(folder.database)
    if not db.execute("SELECT count(*) FROM meta").fetchone()[0]:
        with transaction(db):
            set_meta(db, "schemaVersion", str(SCHEMA_VERSION))
            set_meta(db, "graphId", load_identity(folder).graph)
            set_meta(db, "changes", "0")
    is_new_journal = journal.keep(db, get_meta(db, "journal"))
    tally.count_along(db)
    if is_new_journal:
        with transaction(db):
            note_counts(db)
    return db
