"""How much was written of what was: a row that is deleted takes its digest along, and is missed only by who has counted.

The connection that writes counts along in a temporary table, by triggers of its own: what another program adds or takes
away is not counted, and a change costs no look at all the rows.
"""

from __future__ import annotations

import json
import sqlite3

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


def count_all(db: sqlite3.Connection) -> str:
    """What is there now."""
    totals = "SELECT count(*), coalesce(sum(digest), 0) FROM main.{}".format
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


def differing(before: str, now: str) -> list[tuple[str, int, int]]:
    """The tables in which other rows are than were written: how many there were, and how many there are."""
    one, other = json.loads(before), json.loads(now)
    return [(table, one[table][0], other[table][0]) for table in COUNTED if one[table] != other[table]]
