"""How much is noted of what was and of what changed, so that rows which are gone are missed."""

from __future__ import annotations

import sqlite3

from kgraph.folder import journal, tally
from kgraph.folder.database import contents_of, get_meta, set_meta
from kgraph.folder.digests import row_digest
from kgraph.folder.identity import load_identity


def note_counts(db: sqlite3.Connection) -> None:
    """Remembers how much is noted of what was and of what changed, so that rows which are gone are missed."""
    before = counted_before(db)
    for name, now in (
        ("history", tally.counted_on(db, before) if before else tally.begin_anew(db)),
        ("journal", journal.measure(db)),
    ):
        if now != get_meta(db, name):
            set_meta(db, name, now)


def counted_before(db: sqlite3.Connection) -> str | None:
    """How much was noted of what was; where that is gone too, what was so when the graph was finished."""
    kept = db.execute("SELECT name, value, digest FROM main.meta WHERE name = 'history'").fetchone()
    if kept and row_digest(*kept[:2]) == kept[2]:
        return str(kept[1])
    return load_identity(contents_of(db)).history or None


def differing_counts(db: sqlite3.Connection, before: str | None) -> str | None:
    """Which tables of what was hold other rows than were written."""
    try:
        found = tally.differing(before, tally.count_all(db)) if before else []
    except (ValueError, TypeError, LookupError):  # the count itself is damaged, which is named as such
        return None
    return " and ".join(f"{table}: {now} rows where {then} belong" for table, then, now in found) or None
