"""What changed in a graph folder since some state of it, so that a copy elsewhere need not be compared whole.

The database notes it itself, by triggers on its tables: whoever writes, nothing is missed. Every change of the graph has a
number (meta: changes) and a name made by chance, since numbers come again where a folder was restored from a backup.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

# What is noted, and by which columns of which tables one knows that it may be otherwise now. Of an article hang its
# mentions and what its sentences say of when and by whom; ties are lines between two actors.
KEYS = {
    "actor": (("actor", "{}.id"),),
    "claim": (("claim", "{}.id"), ("claim_role", "{}.claim"), ("claim_evidence", "{}.claim"), ("conflict", "{}.claim")),
    "evidence": (
        ("evidence", "{}.id"), ("revision", "{}.evidence"), ("added", "{}.id"), ("speaker", "{}.evidence"),
        ("claim_evidence", "{}.evidence"),
    ),
    "article": (("article", "{}.key"), ("mention", "{}.article"), ("resolution", "{}.article")),
    "tie": (
        ("edge", "json_array({0}.type, {0}.source, {0}.target, {0}.id)"),
        ("background", "json_array({0}.type, {0}.source, {0}.target)"),
    ),
}  # fmt: skip
# Both tables have an index on all that is in them, so that SQLite's own check sees a value that is not what was written.
MOST = 100_000  # so many notes are kept: where more has changed, comparing all is as quick

TABLES = """
CREATE TABLE IF NOT EXISTS state (change INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS state_of_name ON state(name);
CREATE TABLE IF NOT EXISTS touched (
  what TEXT NOT NULL, key TEXT NOT NULL, change INTEGER NOT NULL, PRIMARY KEY (what, key)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS touched_in ON touched(change)"""
# A graph that nobody can have a copy of yet notes nothing: its first build would note all of it.
NOTE = """
INSERT INTO touched SELECT '{what}', {key}, value + 1 FROM meta WHERE name = 'changes' AND value <> '0'
ON CONFLICT (what, key) DO UPDATE SET change = excluded.change"""
NAME = "INSERT OR REPLACE INTO state VALUES (NEW.value, lower(hex(randomblob(8))))"
CHANGED = "NEW.name = 'changes' AND NEW.value <> '0'"


@dataclass(frozen=True, slots=True)
class State:
    """A state of a graph: the number of the change that made it, and the name of that change."""

    change: int
    name: str


class Tie(NamedTuple):
    """A line between two actors."""

    type: str
    source: str
    target: str
    id: str | None = None  # of an edge


Touched = dict[str, list[str]]  # by what of KEYS: the keys of what may be otherwise, sorted


def keep(db: sqlite3.Connection, measured: str | None = None) -> bool:
    """Makes a database note what changes from now on; one that does so in another way begins anew. Says whether it did.

    So does one whose notes are not those that were `measured`: who has an older state compares all then.
    """
    wanted = dict(_triggers())
    found = dict(db.execute("SELECT name, sql FROM main.sqlite_schema WHERE type = 'trigger' AND name GLOB 'note_*'"))
    if found == wanted and measured in (None, measure(db)):
        return False
    begin = [f"DROP TRIGGER {name};" for name in found]
    script = "\n".join(
        (*begin, f"{TABLES};", "DELETE FROM state; DELETE FROM touched;", *(f"{s};" for s in wanted.values()))
    )
    db.executescript(f"BEGIN IMMEDIATE; {script} {_RENAME} COMMIT;")
    return True


_RENAME = "INSERT INTO state SELECT value, lower(hex(randomblob(8))) FROM meta WHERE name = 'changes' AND value <> '0';"


def _triggers() -> Iterator[tuple[str, str]]:
    for what, tables in KEYS.items():
        for table, key in tables:
            for event, rows in (("INSERT", ("NEW",)), ("UPDATE", ("OLD", "NEW")), ("DELETE", ("OLD",))):
                name = f"note_{what}_of_{table}_{event.lower()}"
                notes = " ".join(f"{NOTE.strip().format(what=what, key=key.format(row))};" for row in rows)
                yield name, f"CREATE TRIGGER {name} AFTER {event} ON {table} BEGIN {notes} END"
    for event in ("INSERT", "UPDATE"):
        name = f"note_state_{event.lower()}"
        yield name, f"CREATE TRIGGER {name} AFTER {event} ON meta WHEN {CHANGED} BEGIN {NAME}; END"


def measure(db: sqlite3.Connection) -> str:
    """What the notes come to, so that it is seen when some are gone."""
    notes = db.execute("SELECT count(*), total(change), total(length(what || key)) FROM main.touched").fetchone()
    states = db.execute("SELECT count(*), total(change), total(length(name)) FROM main.state").fetchone()
    return " ".join(f"{number:.0f}" for number in (*notes, *states))


def tidy(db: sqlite3.Connection) -> None:
    """Forgets what was noted where it has become too much; who has an older state compares all then."""
    if db.execute("SELECT count(*) FROM main.touched").fetchone()[0] > MOST:
        db.executescript(f"BEGIN IMMEDIATE; DELETE FROM main.touched; DELETE FROM main.state; {_RENAME} COMMIT;")


def find_state(db: sqlite3.Connection) -> State | None:
    """The state that a database is in; None where nothing is noted (a graph that was never written to since)."""
    if not _keeps(db):
        return None
    row = db.execute("SELECT change, name FROM main.state ORDER BY change DESC LIMIT 1").fetchone()
    return State(*row) if row else None


def touched_since(db: sqlite3.Connection, state: State) -> Touched | None:
    """What may be otherwise now than in a state; None where this graph was never in it, or that is too long ago."""
    if (
        not _keeps(db)
        or not db.execute(
            "SELECT 1 FROM main.state WHERE change = ? AND name = ?", (state.change, state.name)
        ).fetchone()
    ):
        return None
    found: Touched = defaultdict(list)
    rows = db.execute("SELECT what, key FROM main.touched WHERE change > ? ORDER BY what, key", (state.change,))
    for what, key in rows:
        found[what].append(key)
    return dict(found)


def read_tie(key: str) -> Tie:
    """The tie of a key."""
    return Tie(*json.loads(key))


def _keeps(db: sqlite3.Connection) -> bool:
    found = db.execute("SELECT 1 FROM main.sqlite_schema WHERE type = 'table' AND name = 'touched'")
    return bool(found.fetchone())
