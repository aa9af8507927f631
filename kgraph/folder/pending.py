"""What a build has read and nobody sees yet: a database beside the database."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from kgraph.folder.contents import Contents
from kgraph.folder.database import contents_of, get_meta, open_database, set_meta
from kgraph.folder.digests import find_damaged, row_digest


def attach_pending(db: sqlite3.Connection, say: Callable[[str], None] | None = None) -> None:
    """Attaches what was read and is not yet seen; what of it a killed build left damaged is dropped, and read again."""
    folder = contents_of(db)
    try:
        open_database(folder.pending).close()
        db.execute("ATTACH ? AS pending", (str(folder.pending),))
        _drop_damaged(db, say)
        set_meta(db, "graphId", get_meta(db, "graphId") or "", schema="pending")
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF not in DAMAGED:
            raise
        with suppress(sqlite3.OperationalError):
            db.execute("DETACH pending")
        delete_pending(folder)
        open_database(folder.pending).close()
        db.execute("ATTACH ? AS pending", (str(folder.pending),))
        if say:
            say(
                f"{folder}: what a build that was broken off had read is another graph's or is damaged; it is read again"
            )


DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR}  # of a file that we alone write


def _drop_damaged(db: sqlite3.Connection, say: Callable[[str], None] | None) -> None:
    """Drops what is damaged of what a build that was broken off had read."""
    if not has_pending(db):
        return
    if db.execute("PRAGMA pending.integrity_check(1)").fetchone()[0] != "ok" or _is_strange(db):
        raise _Damaged
    if get_meta(db, "graphId", schema="pending") not in (None, get_meta(db, "graphId")):
        raise _Damaged  # it is of another graph
    for one in [*find_damaged(db, "pending")]:
        db.execute("DELETE FROM pending.article WHERE key = ?", (one.article,))
        if say:
            say(f"{one.article}: what a build that was broken off had read of it is damaged; it is read again")


def _is_strange(db: sqlite3.Connection) -> bool:
    """Whether what a build noted beside what it read is otherwise than it was written."""
    return any(row_digest(*row[:2]) != row[2] for row in db.execute("SELECT * FROM pending.meta"))


class _Damaged(sqlite3.DatabaseError):
    sqlite_errorcode = sqlite3.SQLITE_CORRUPT


def delete_pending(folder: Contents) -> None:
    for side in ("-wal", "-shm", ""):
        Path(f"{folder.pending}{side}").unlink(missing_ok=True)


def has_pending(db: sqlite3.Connection) -> bool:
    """Whether something was read, by this build or a killed one, that `settle` has not yet made seen."""
    return bool(db.execute("SELECT EXISTS (SELECT 1 FROM pending.article)").fetchone()[0])


def is_pending(db: sqlite3.Connection, key: str) -> bool:
    """Whether an article was read and is not yet made seen."""
    return bool(db.execute("SELECT EXISTS (SELECT 1 FROM pending.article WHERE key = ?)", (key,)).fetchone()[0])


def forget_pending(db: sqlite3.Connection) -> None:
    """Drops all that was read and not yet made seen, by starting a new database.

    If a kill comes before, the next `settle` does the same once more.
    """
    folder = contents_of(db)
    db.execute("DETACH pending")
    delete_pending(folder)
    attach_pending(db)
