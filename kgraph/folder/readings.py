"""What was read of an article: written, known already, or set aside."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from kgraph.folder.articles import remember
from kgraph.folder.database import get_meta, set_meta, transaction
from kgraph.folder.rows import rows_of
from kgraph.folder.tables import READ, Row, columns
from kgraph.records import Reading


@dataclass(frozen=True, slots=True)
class Known:
    """What is kept of an article, as far as it says whether it must be read again."""

    version: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class SetAside:
    """An article or file that crashed or hung what read it: which version, what read it, why, and how long it had."""

    version: str
    fingerprint: str
    why: str
    seconds: float  # infinite where more time would not help


# What belongs to something else, and to what; in this order.
BELONGS = (
    *((table, "article", "article", "key") for table in ("signed", "local_actor", "mention", "evidence", "resolution")),
    ("band", "number", "signed", "number"), ("filler", "evidence", "evidence", "id"), ("speaker", "evidence", "evidence", "id"),
)  # fmt: skip


def drop_orphans(db: sqlite3.Connection) -> int:
    """Takes out the rows of what was read that belong to nothing any more, and says how many."""
    sql = "DELETE FROM main.{} WHERE {} NOT IN (SELECT {} FROM main.{})".format
    return sum(db.execute(sql(table, name, key, parent)).rowcount for table, name, parent, key in BELONGS)


SET_ASIDE = "set aside: "  # before the key of an article


def set_aside(db: sqlite3.Connection, key: str, why: SetAside) -> None:
    """Remembers at once, whatever becomes of this build, that an article or a file crashed or hung what read it."""
    set_meta(db, f"{SET_ASIDE}{key}", json.dumps(asdict(why)))


def find_set_aside(db: sqlite3.Connection, key: str) -> SetAside | None:
    """Why an article was set aside, if it was and has not been read since."""
    found = get_meta(db, f"{SET_ASIDE}{key}")
    return SetAside(**json.loads(found)) if found else None


def find_known(db: sqlite3.Connection, key: str) -> Known | None:
    """What is kept of an article, what this build or a killed one read of it first."""
    for schema in ("pending", "main"):
        row = db.execute(f"SELECT version, fingerprint FROM {schema}.article WHERE key = ?", (key,)).fetchone()
        if row:
            return Known(*row)
    return None


def write_reading(db: sqlite3.Connection, reading: Reading, fingerprint: str) -> None:
    """Keeps what was read from an article, instead of what it said before; `settle` makes it seen."""
    with transaction(db):
        write_rows(db, rows_of(reading, fingerprint))


def write_rows(db: sqlite3.Connection, rows: Mapping[str, Sequence[Row]]) -> None:
    """Keeps the rows of some articles, instead of what they said before; another text of one is part of what was."""
    for key, version, *_ in rows["article"]:
        now = datetime.now(UTC).isoformat()
        remember(db, "pending", "pending", "key = ? AND version <> ?", (key, version), now)
        db.execute("DELETE FROM pending.article WHERE key = ?", (key,))
        db.execute("DELETE FROM main.meta WHERE name = ?", (f"{SET_ASIDE}{key}",))
    for table in READ:
        _insert(db, table, rows[table])


def _insert(db: sqlite3.Connection, table: str, rows: Sequence[Row]) -> None:
    if rows:
        places = ", ".join("?" * len(rows[0]))
        db.executemany(f"INSERT INTO pending.{table} VALUES ({places}) ON CONFLICT DO NOTHING", rows)


def holds(db: sqlite3.Connection, article: Row) -> bool:
    """Whether this very article is kept. Where its file lies and when it was read does not matter."""
    names = columns("article")
    telling = [name for name in names if name not in ("path", "cluster", "read_at", "digest")]
    values = tuple(value for name, value in zip(names, article, strict=True) if name in telling)
    for schema in ("pending", "main"):
        found = db.execute(f"SELECT {', '.join(telling)} FROM {schema}.article WHERE key = ?", article[:1]).fetchone()
        if found:
            return tuple(found) == values
    return False


def forget_read(db: sqlite3.Connection, keys: Iterable[str]) -> None:
    """Drops what was read of some articles and not yet made seen."""
    with transaction(db):
        for key in keys:
            for table in ("article", "past_article"):
                db.execute(f"DELETE FROM pending.{table} WHERE key = ?", (key,))
