"""The tables of a graph folder (tables.sql): what was read, what follows from it, and what was; their columns."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from functools import cache
from importlib.resources import files

Row = tuple[object, ...]

READ = ("article", "local_actor", "mention", "evidence", "filler", "speaker")  # parents before children
FOLLOWS = (
    "actor", "resolution", "claim", "claim_role", "claim_evidence", "conflict", "edge", "background", "redirect",
    "revision", "added", "outlet", "orphan", "naming", "learnt", "rejected",
)  # fmt: skip
PAST = ("past_article", "renamed", "past_claim")


@cache
def script() -> str:
    """What makes the tables."""
    return files("kgraph.folder").joinpath("tables.sql").read_text(encoding="utf-8")


def empty_tables() -> sqlite3.Connection:
    """A database in memory with the tables, and nothing in them."""
    db = sqlite3.connect(":memory:")
    db.executescript(script())
    return db


@cache
def columns(table: str) -> tuple[str, ...]:
    """The columns of a table of tables.sql."""
    return tuple(name for name, _ in described(table))


@cache
def described(table: str) -> tuple[tuple[str, int], ...]:
    """The columns of a table, with the place of each in its key (0: in none)."""
    with closing(empty_tables()) as db:
        return tuple(db.execute("SELECT name, pk FROM pragma_table_info(?)", (table,)).fetchall())


@cache
def kinds(table: str) -> tuple[tuple[str, str, bool], ...]:
    """The columns of a table in quotes, with the kind of their values, and whether there must be one."""
    with closing(empty_tables()) as db:
        rows = db.execute('SELECT name, lower(type), "notnull" OR pk FROM pragma_table_info(?)', (table,))
        return tuple((f'"{name}"', kind, bool(fixed)) for name, kind, fixed in rows)
