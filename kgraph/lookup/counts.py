"""What is counted in a graph: who brought its articles, and how much there is of everything."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from kgraph.trust import LEVELS


@dataclass(frozen=True, slots=True)
class Outlet:
    """Who brought articles: how many, with the Admiralty letter and the owner that people gave it."""

    outlet: str
    articles: int
    letter: str | None
    owner: str | None


def outlets(db: sqlite3.Connection) -> list[Outlet]:
    """The outlets of a graph, those with most articles first."""
    rows = db.execute("SELECT name, articles, letter, owner FROM outlet ORDER BY articles DESC, name")
    return [Outlet(*row) for row in rows]


def sizes(db: sqlite3.Connection, trust: float) -> dict[str, int]:
    """How many articles, actors, claims and edges there are (these from some trust on), counted without reading them."""
    trusted = {name: f"{name} WHERE trust >= :trust" for name in ("claim", "edge")}
    tables = {
        "articles": "article",
        "actors": "actor WHERE articles",
        "claims": trusted["claim"],
        "edges": trusted["edge"],
    }
    found = {name: db.execute(f"SELECT count(*) FROM {table}", {"trust": trust}) for name, table in tables.items()}
    return {name: rows.fetchone()[0] for name, rows in found.items()}


def levels(db: sqlite3.Connection) -> dict[str, int]:
    """How many claims stand at each level of trust, and not at a stricter one."""
    found, stricter = dict[str, int](), 0
    for level, trust in LEVELS.items():
        (count,) = db.execute("SELECT count(*) FROM claim WHERE trust >= ?", (trust,)).fetchone()
        found[level], stricter = count - stricter, count
    return found
