"""What is counted in a graph: who brought its articles, and how much there is of everything."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass


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


def sizes(db: sqlite3.Connection) -> dict[str, int]:
    """How many articles, actors, claims and edges there are, counted without reading them."""
    tables = {"articles": "article", "actors": "actor WHERE articles", "claims": "claim", "edges": "edge"}
    return {name: db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for name, table in tables.items()}
