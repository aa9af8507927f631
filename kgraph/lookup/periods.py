"""A graph as it was known by a day, or from what was reported between two days.

Everything that follows is computed from those articles alone, and laid over the tables of the connection: whoever reads
them afterwards sees the smaller graph. The date that counts is when something was reported; articles without one are in
no period.
"""

from __future__ import annotations

import re
import sqlite3
from dataclasses import dataclass
from datetime import date

from kgraph.errors import UsageError
from kgraph.folder import Folder
from kgraph.projection.update import lay_over


@dataclass(frozen=True, slots=True)
class Period:
    """Which reports count: all of them, those until a day (as of it), or those from one day to another."""

    as_of: str | None = None
    since: str | None = None
    until: str | None = None

    def __bool__(self) -> bool:
        return bool(self.as_of or self.since or self.until)

    def has(self, published: str | None) -> bool:
        day = (published or "")[:10]
        last = min(filter(None, (self.as_of, self.until)), default="9999")
        return bool(day) and (self.since or "") <= day <= last


def check_date(typed: str) -> str:
    """A day as it was typed. Raises UsageError for what is none."""
    try:
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", typed):
            raise ValueError
        return date.fromisoformat(typed).isoformat()
    except ValueError as error:
        raise UsageError(f"{typed!r}: no date; write it like 2024-06-30") from error


def restrict(db: sqlite3.Connection, period: Period) -> int:
    """From now on this connection shows only what follows from a period; says how many articles have no date."""
    published = db.execute("SELECT key, published FROM main.article").fetchall()
    _hide_articles(db, {key for key, day in published if period.has(day)})
    lay_over(db, *Folder.of(db).knowledge())
    if period.as_of:
        for table in ("claim", "edge"):
            db.execute(
                f"UPDATE temp.{table} SET current = 0 WHERE substr(valid_to, 1, 10) < ?1 OR valid_from > ?1",
                (period.as_of,),
            )
    return sum(not day for _, day in published)


# How each table that was read says of which article it is.
_ARTICLES = {
    "article": "key IN kept", "local_actor": "article IN kept", "mention": "article IN kept",
    "evidence": "article IN kept", "filler": "evidence IN (SELECT id FROM evidence)",
    "speaker": "evidence IN (SELECT id FROM evidence)",
}  # fmt: skip


def _hide_articles(db: sqlite3.Connection, kept: set[str]) -> None:
    db.execute("CREATE TEMP TABLE kept (key TEXT PRIMARY KEY)")
    db.executemany("INSERT INTO temp.kept VALUES (?)", ((key,) for key in sorted(kept)))
    (told,) = db.execute("SELECT sql FROM main.sqlite_schema WHERE name = 'told'").fetchone()
    for table, condition in _ARTICLES.items():
        db.execute(
            f"CREATE TEMP VIEW {table} AS SELECT * FROM main.{table} WHERE {condition.replace('kept', 'temp.kept')}"
        )
    db.execute(told.replace("CREATE VIEW told", "CREATE TEMP VIEW told", 1))
