"""Opening a graph folder, to read and to write."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

from kgraph.folder import journal
from kgraph.folder.blank import new_or_blank
from kgraph.folder.connection import connect_to_read, connect_to_write
from kgraph.folder.contents import Contents
from kgraph.folder.damage import FAILED, named_damage
from kgraph.folder.database import transaction
from kgraph.folder.identity import check_folder, note_finished, note_lost, write_identity
from kgraph.folder.lock import PATIENCE, locked, make_folder
from kgraph.folder.migration import migrate
from kgraph.folder.pending import attach_pending, delete_pending, has_pending
from kgraph.folder.tally import note_counts


@contextmanager
def open_for_reading(folder: Contents) -> Iterator[sqlite3.Connection]:
    """The database of a graph folder, to read from: all that is read inside belongs to one and the same state."""
    check_folder(folder)
    with named_damage(folder), closing(connect_to_read(folder)) as db:
        yield db


@contextmanager
def open_as_it_is(folder: Contents) -> Iterator[sqlite3.Connection]:
    """The same, whatever kgraph.json says, for who looks for damage."""
    with named_damage(folder), closing(connect_to_read(folder)) as db:
        yield db


@contextmanager
def open_for_writing(
    folder: Contents,
    *,
    waiting: Callable[[str], None] | None = None,
    patience: float = PATIENCE,
    blank_stays: bool = True,
) -> Iterator[sqlite3.Connection]:
    """The database of a graph folder, to write to, made where there is none. One process at a time: others wait.

    What was made here goes away again if nothing came into it, unless `blank_stays`.
    """
    check_folder(folder, new=True)
    was_there = folder.path.exists()
    make_folder(folder)
    with named_damage(folder, FAILED), locked(folder, waiting, patience), new_or_blank(folder, was_there, blank_stays):
        write_identity(folder)
        migrate(folder, waiting)
        with closing(connect_to_write(folder)) as db:
            note_lost(db, waiting)
            attach_pending(db, waiting)
            yield db
            journal.tidy(db)
            with transaction(db):
                note_counts(db)
            nothing_pending = not has_pending(db)
            note_finished(db)
        if nothing_pending:
            delete_pending(folder)
