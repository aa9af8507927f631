"""Everything that a graph folder holds, as sorted JSON lines: two graphs are equal when these are."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

# Each table of the canonical export, with the columns that say when something was read left out.
_TABLES = {
    "actor": "SELECT * FROM actor",
    "added": "SELECT * FROM added",
    "article": """SELECT key, version, title, text, published, outlet, url, path, given, language, boilerplate, cluster,
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


def write_jsonl(db: sqlite3.Connection, path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as lines:
        lines.writelines(f"{line}\n" for line in canonical_lines(db))
