"""The tables of tables.sql: what was read, what follows from it, and what was."""

from __future__ import annotations

import sqlite3

from kgraph.folder import digests

READ = digests.READ


FOLLOWS = (
    "actor", "resolution", "claim", "claim_role", "claim_evidence", "conflict", "edge", "background", "redirect",
    "revision", "added", "outlet", "orphan", "naming", "learnt", "rejected",
)  # fmt: skip


PAST = ("past_article", "renamed", "past_claim")


Row = digests.Row


def columns_of(db: sqlite3.Connection, table: str, *, key: bool = False) -> list[str]:
    rows = db.execute("SELECT name FROM pragma_table_info(?) WHERE pk OR NOT ?", (table, key))
    return [f'"{name}"' for (name,) in rows]
