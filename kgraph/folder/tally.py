"""How much was written of what was: a row that is deleted takes its digest along, and is missed only by who has counted.

The connection that writes counts along in a temporary table, by triggers of its own: what another program adds or takes
away is not counted, and a change costs no look at all the rows.
"""

from __future__ import annotations

import json
import sqlite3

from kgraph.folder import journal
from kgraph.folder.database import contents_of, get_meta, set_meta
from kgraph.folder.digests import row_digest
from kgraph.folder.identity import load_identity

COUNTED = ("past_article", "past_claim", "renamed")
Tally = dict[str, list[int]]  # of each table how many rows, and the sum of their digests

_EVENTS = {
    "INSERT": "rows = rows + 1, total = total + NEW.digest",
    "UPDATE": "total = total + NEW.digest - OLD.digest",
    "DELETE": "rows = rows - 1, total = total - OLD.digest",
}


def count_along(db: sqlite3.Connection) -> None:
    """Lets a connection count from now on what it writes and takes away."""
    db.execute("PRAGMA recursive_triggers = ON")  # what a row replaces is counted as taken away
    db.execute("CREATE TEMP TABLE tally (name TEXT PRIMARY KEY, rows INTEGER, total INTEGER)")
    for table in COUNTED:
        db.execute("INSERT INTO temp.tally VALUES (?, 0, 0)", (table,))
        for event, change in _EVENTS.items():
            db.execute(
                f"CREATE TEMP TRIGGER tally_{table}_{event} AFTER {event} ON main.{table} "
                f"BEGIN UPDATE tally SET {change} WHERE name = '{table}'; END"
            )


def count_all(db: sqlite3.Connection, schema: str = "main") -> str:
    """What is there now."""
    totals = f"SELECT count(*), coalesce(sum(digest), 0) FROM {schema}.{{}}".format
    return json.dumps({table: db.execute(totals(table)).fetchone() for table in COUNTED})


def begin_anew(db: sqlite3.Connection) -> str:
    """What is there now, from which this connection counts on."""
    db.execute("UPDATE temp.tally SET rows = 0, total = 0")
    return count_all(db)


def counted_on(db: sqlite3.Connection, before: str) -> str:
    """A tally with what this connection has written since it was asked last."""
    tally: Tally = json.loads(before)
    for name, rows, total in db.execute("SELECT name, rows, total FROM temp.tally").fetchall():
        tally[name] = [tally[name][0] + rows, tally[name][1] + total]
    db.execute("UPDATE temp.tally SET rows = 0, total = 0")
    return json.dumps(tally)


def carried_over(kept: str, before: str, now: str) -> str:
    """A tally of rows that have other digests since: what was missing of them is missing still."""
    tally, old, new = (json.loads(text) for text in (kept, before, now))
    sums = {table: zip(tally[table], old[table], new[table], strict=True) for table in COUNTED}
    return json.dumps({table: [own + b - a for own, a, b in found] for table, found in sums.items()})


def differing(before: str, now: str) -> list[tuple[str, int, int]]:
    """The tables in which other rows are than were written: how many there were, and how many there are."""
    one, other = json.loads(before), json.loads(now)
    return [(table, one[table][0], other[table][0]) for table in COUNTED if one[table] != other[table]]


def note_counts(db: sqlite3.Connection) -> None:
    """Remembers how much is noted of what was and of what changed, so that rows which are gone are missed."""
    before = counted_before(db)
    for name, now in (
        ("history", counted_on(db, before) if before else begin_anew(db)),
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
        found = differing(before, count_all(db)) if before else []
    except (ValueError, TypeError, LookupError):  # the count itself is damaged, which is named as such
        return None
    return " and ".join(f"{table}: {now} rows where {then} belong" for table, then, now in found) or None
