"""What a rebuild writes anew of a damaged folder, from what is left."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing

from kgraph.errors import StoreError
from kgraph.folder import digests, tally
from kgraph.folder.contents import Contents
from kgraph.folder.damage import named_damage, strange_values
from kgraph.folder.database import contents_of, get_meta, set_meta, transaction
from kgraph.folder.identity import Identity, load_identity, signed_names, write_whole
from kgraph.folder.readings import SET_ASIDE, drop_orphans
from kgraph.folder.tables import FOLLOWS
from kgraph.folder.tally import counted_before, differing_counts
from kgraph.schema import SCHEMA_VERSION


def mend_identity(folder: Contents) -> bool:
    """Writes a kgraph.json that is damaged, missing or another graph's anew from the database; says whether it did."""
    path = folder.database
    if not path.exists() or not path.stat().st_size:
        return False
    with named_damage(folder), closing(sqlite3.connect(path)) as db:
        known = signed_names(db)
    try:
        kept = load_identity(folder).graph
        if kept == known.get("graphId", kept):
            return False
    except StoreError:
        if len(known) < 2:
            raise
    if len(known) == 2:
        write_whole(folder.identity, Identity(int(known["schemaVersion"]), known["graphId"]))
    return len(known) == 2


def drop_unreadable(db: sqlite3.Connection) -> None:
    """Empties the tables that follow in which values are none of their kind, or no text, so that they are filled anew."""
    for table in FOLLOWS:
        if not _is_readable(db, table):
            db.execute(f"DELETE FROM main.{table}")
    if db.execute("SELECT EXISTS (SELECT 1 FROM main.decided WHERE NOT json_valid(decision))").fetchone()[0]:
        db.execute("DELETE FROM main.decided")


def _is_readable(db: sqlite3.Connection, table: str) -> bool:
    if next(strange_values(db, [table]), None):
        return False
    try:
        for _ in db.execute(f"SELECT * FROM main.{table}"):
            pass
    except sqlite3.OperationalError:  # a text that is no UTF-8
        return False
    return True


def mend_rows(db: sqlite3.Connection) -> Iterator[str]:
    """Writes anew, or drops, the damaged rows of `meta` and of what was; says which."""
    known = load_identity(contents_of(db))
    for table, key in [*digests.find_damaged_rows(db)]:
        yield f"{table} {key}: not what was written; {_what_becomes_of(table, key, known)}"
    if gone := differing_counts(db, counted_before(db)):
        yield f"{gone}; counted anew"
    with transaction(db):
        orphans = drop_orphans(db)
        for table in digests.SIGNED:
            digests.drop_damaged_rows(db, table)
        last = max(known.change, *(db.execute("SELECT coalesce(max(change), 0) FROM main.state").fetchone()))
        values = {
            "schemaVersion": str(SCHEMA_VERSION),
            "graphId": known.graph,
            "changes": str(last),
            "model": known.model,
        }
        for name, value in values.items():
            if value and get_meta(db, name) is None:
                set_meta(db, name, value)
        if get_meta(db, "graphId") != known.graph:
            set_meta(db, "graphId", known.graph)
        set_meta(db, "history", tally.begin_anew(db))
    if orphans:
        yield f"{orphans} rows that belonged to no article; taken out"


def _what_becomes_of(table: str, key: str, known: Identity) -> str:
    """What is done with a row that is damaged."""
    if table != "meta" or key.startswith(SET_ASIDE):
        return "dropped"
    if key == "model" and not known.model:
        return "dropped: the default model reads from now on, unless --model names another"
    return "written anew"
