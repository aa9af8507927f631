"""The graph as files: canonical JSON lines, a table of edges, and formats that other tools draw."""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from kgraph.errors import UsageError
from kgraph.tables import edges

# Each table of the canonical export, with the columns that say when something was read left out.
_TABLES = {
    "actor": "SELECT * FROM actor",
    "added": "SELECT * FROM added",
    "article": """SELECT key, version, title, text, published, outlet, url, path, language, boilerplate, cluster,
                         credit
                  FROM article""",
    "background": "SELECT * FROM background",
    "claim": "SELECT * FROM claim",
    "claim_evidence": "SELECT * FROM claim_evidence",
    "claim_role": "SELECT * FROM claim_role",
    "conflict": "SELECT * FROM conflict",
    "edge": "SELECT * FROM edge",
    "evidence": "SELECT * FROM evidence",
    "filler": "SELECT * FROM filler",
    "local_actor": "SELECT * FROM local_actor",
    "mention": "SELECT * FROM mention",
    "orphan": "SELECT * FROM orphan",
    "outlet": "SELECT * FROM outlet",
    "redirect": "SELECT * FROM redirect",
    "resolution": "SELECT * FROM resolution",
    "revision": "SELECT * FROM revision",
    "speaker": "SELECT * FROM speaker",
}


def canonical_lines(db: sqlite3.Connection) -> Iterator[str]:
    """Every row as a JSON object, sorted: two graphs are equal when these lines are."""
    for table, sql in _TABLES.items():
        rows = db.execute(sql)
        names = [column[0] for column in rows.description]
        yield from sorted(
            json.dumps({"table": table, **dict(zip(names, row, strict=True))}, ensure_ascii=False) for row in rows
        )


def _write_jsonl(db: sqlite3.Connection, path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as lines:
        lines.writelines(f"{line}\n" for line in canonical_lines(db))


def _write_csv(db: sqlite3.Connection, path: Path) -> None:
    names = dict(db.execute("SELECT id, name FROM actor"))
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines)
        writer.writerow(
            (
                "source",
                "type",
                "target",
                "status",
                "realised",
                "disputed",
                "articles",
                "origins",
                "firstReported",
                "lastReported",
                "items",
                "sourceId",
                "targetId",
            )
        )
        writer.writerows(
            (
                names[e.source],
                e.type,
                names[e.target],
                e.status,
                e.realised,
                e.disputed,
                e.articles,
                e.origins,
                e.first_reported,
                e.last_reported,
                "|".join(e.items),
                e.source,
                e.target,
            )
            for e in edges(db)
        )


def _network(db: sqlite3.Connection) -> Any:
    """The actors and edges for networkx, without what is unknown (neither format knows null)."""
    import networkx

    graph: networkx.MultiDiGraph[str] = networkx.MultiDiGraph()
    for id, name, kind, country in db.execute("SELECT id, name, kind, coalesce(country, '') FROM actor ORDER BY id"):
        graph.add_node(id, label=name, kind=kind, country=country)
    for e in edges(db):
        graph.add_edge(
            e.source,
            e.target,
            key=e.id,
            type=e.type,
            status=e.status,
            realised=e.realised,
            disputed=e.disputed,
            articles=e.articles,
            origins=e.origins,
            lastReported=e.last_reported or "",
        )
    return graph


def _write_graphml(db: sqlite3.Connection, path: Path) -> None:
    import networkx

    networkx.write_graphml(_network(db), path)


def _write_gexf(db: sqlite3.Connection, path: Path) -> None:
    import networkx

    networkx.write_gexf(_network(db), path)


EXPORTERS: dict[str, Callable[[sqlite3.Connection, Path], None]] = {
    ".jsonl": _write_jsonl,
    ".csv": _write_csv,
    ".graphml": _write_graphml,
    ".gexf": _write_gexf,
}


def export(db: sqlite3.Connection, path: Path) -> None:
    """Writes the graph in the format that the path's ending names. Raises UsageError for another."""
    if path.suffix not in EXPORTERS:
        raise UsageError(f"{path}: no format ends in {path.suffix or 'nothing'}; known: {', '.join(EXPORTERS)}")
    EXPORTERS[path.suffix](db, path)
