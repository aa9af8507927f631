"""Folders into which nothing was built: they are named, and taken away where a build made them for nothing."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress

from kgraph.catalogue.kept import forget_kept
from kgraph.errors import StoreError
from kgraph.folder.contents import Contents
from kgraph.folder.database import contents_of
from kgraph.folder.identity import load_identity
from kgraph.folder.readings import SET_ASIDE


def check_not_blank(db: sqlite3.Connection) -> None:
    """Raises StoreError for a graph into which nothing was built: its tables would be empty answers."""
    if is_blank(db):
        raise nothing_built(contents_of(db))


def is_blank(db: sqlite3.Connection) -> bool:
    """Whether no article is in a graph, and none ever was."""
    return not any(has_rows(db, table) for table in ("main.article", "main.past_article"))


def has_rows(db: sqlite3.Connection, table: str) -> bool:
    return bool(db.execute(f"SELECT EXISTS (SELECT 1 FROM {table})").fetchone()[0])


def nothing_built(folder: Contents) -> StoreError:
    with suppress(StoreError):
        known = load_identity(folder)
        if change := known.lost or known.change:
            return StoreError(
                f"{folder}: its database is gone, with all up to change {change}: restore the folder, or build again"
            )
    return StoreError(f"{folder}: nothing was built into it yet; `kgraph build ARTICLES -g {folder}` does")


# The files of a folder in which nothing is, in the order in which they go: what is left at any point is none, or blank.
_BLANK = ("evidence.db-wal", "evidence.db-shm", "evidence.db", "pending.db-wal", "pending.db-shm", "pending.db",
          "kgraph.json", "decisions.lock-journal", "decisions.lock", "lock.db-journal", "lock.db")  # fmt: skip


@contextmanager
def new_or_blank(folder: Contents, was_there: bool, blank_stays: bool) -> Iterator[None]:
    """Takes away at the end what was made since the beginning, if nothing came into it; with the lock held."""
    is_new = not folder.identity.exists()
    try:
        yield
    finally:
        if is_new and not blank_stays:
            with suppress(OSError, sqlite3.Error):  # then it stays, and says that nothing was built into it
                _take_away(folder, was_there)


def _take_away(folder: Contents, was_there: bool) -> None:
    strange = {path.name for path in folder.path.iterdir()} - {*_BLANK, folder.catalogue_files.name}
    if strange or _holds_something(folder):
        return
    forget_kept(folder.catalogue_files)
    if folder.catalogue_files.exists():  # somebody else's files are in it
        return
    for name in _BLANK:
        (folder.path / name).unlink(missing_ok=True)
    if not was_there:
        folder.path.rmdir()


def _holds_something(folder: Contents) -> bool:
    """Whether anything was read into a folder, or set aside."""
    if not folder.database.exists():
        return False
    with closing(sqlite3.connect(folder.database, isolation_level=None)) as db:
        put_aside = db.execute("SELECT EXISTS (SELECT 1 FROM meta WHERE name LIKE ?)", (f"{SET_ASIDE}%",)).fetchone()[0]
        if put_aside or not is_blank(db):
            return True
    if not folder.pending.exists():
        return False
    with closing(sqlite3.connect(folder.pending, isolation_level=None)) as db:
        return has_rows(db, "article")
