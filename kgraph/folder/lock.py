"""The lock of a graph folder: one process at a time writes."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from kgraph.errors import StoreError
from kgraph.folder.contents import Contents

PATIENCE = 600.0  # seconds that a build waits for another one


@contextmanager
def locked(folder: Contents, waiting: Callable[[str], None] | None, patience: float) -> Iterator[None]:
    """Holds the folder's lock: SQLite's own, on an empty database, so that it ends with the process on any system.

    Who had it may have taken the folder away, in which nothing was: then the lock is that of the folder made anew.
    """
    while True:
        make_folder(folder)
        before = _which(folder.lock)
        try:
            opening = closing(sqlite3.connect(folder.lock, isolation_level=None, timeout=0))
        except sqlite3.OperationalError:
            if folder.path.exists():
                raise
            continue  # taken away just now
        with opening as lock:
            opened = _which(folder.lock)
            try:
                if not _try_lock(lock):
                    if waiting:
                        waiting(f"{folder}: another kgraph is writing to it; waiting")
                    _wait_for_lock(lock, folder, patience)
            except sqlite3.DatabaseError as error:
                if error.sqlite_errorcode == sqlite3.SQLITE_NOTADB:
                    raise StoreError(f"{folder.lock}: damaged; nothing is kept in it: delete it") from error
                if opened and _which(folder.lock) == opened:
                    raise
                continue  # SQLite calls it a failure of the disk that its file is gone
            if before in (None, opened) and opened and _which(folder.lock) == opened:
                yield
                return


def _which(path: Path) -> tuple[int, int] | None:
    """Which file lies there, if one does."""
    try:
        about = path.stat()
    except FileNotFoundError:
        return None
    return about.st_dev, about.st_ino


def _wait_for_lock(lock: sqlite3.Connection, folder: Contents, patience: float) -> None:
    until = time.monotonic() + patience
    while not _try_lock(lock):
        if time.monotonic() > until:
            raise StoreError(f"{folder}: another kgraph is still writing to it; try again when it is done")
        time.sleep(min(0.1, patience))


def _try_lock(lock: sqlite3.Connection) -> bool:
    try:
        lock.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
            raise
        return False
    return True


def make_folder(folder: Contents) -> None:
    """Raises StoreError where it cannot be made."""
    try:
        folder.path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"{folder}: cannot be made ({error.strerror}); name another folder with -g") from error
