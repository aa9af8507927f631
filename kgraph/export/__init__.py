"""The graph as files that other tools read. Each format is a function and a line of the table.

What a format cannot hold is said in docs/formats.md.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from kgraph.errors import UsageError
from kgraph.export.bulk import write_neo4j_admin
from kgraph.export.canonical import canonical_lines, write_jsonl
from kgraph.export.linked import write_jsonld
from kgraph.export.networks import write_csv, write_gexf, write_graphml
from kgraph.export.others import write_ftm, write_stix
from kgraph.export.training import write_training
from kgraph.files import named_failures
from kgraph.trust import DEFAULT, least

__all__ = ["EXPORTERS", "canonical_lines", "export"]

# By the ending of a file's name; the longest that fits counts. Those of the second table also take the least trust of a claim.
EXPORTERS: dict[str, Callable[..., None]] = {
    ".jsonl": write_jsonl,
    ".csv": write_csv,
    ".graphml": write_graphml,
    ".gexf": write_gexf,
    ".jsonld": write_jsonld,
    ".stix.json": write_stix,
    ".ftm.json": write_ftm,
    "neo4j-admin": write_neo4j_admin,  # a folder
    "training": write_training,  # a folder
}
# The level of what they hold if nobody says otherwise. In FollowTheMoney a link says that something is so.
LEVELS_OF = {".csv": "all", ".graphml": "all", ".gexf": "all", ".stix.json": "all", ".ftm.json": DEFAULT}


def export(db: sqlite3.Connection, path: Path, form: str | None = None, trust: str | None = None) -> None:
    """Writes the graph in a format, else in the one that the path's ending names. Raises UsageError for another.

    `trust` leaves out claims and lines below a level, in the formats of which one may want a part.
    """
    fitting = [ending for ending in EXPORTERS if path.name.endswith(ending)]
    if not (form := form or max(fitting, key=len, default="")):
        raise UsageError(f"{path}: its ending names no format; known: {', '.join(EXPORTERS)}")
    if form not in EXPORTERS:
        raise UsageError(f"no format {form!r}; known: {', '.join(EXPORTERS)}")
    if trust and form not in LEVELS_OF:
        raise UsageError(f"{form} holds all that was read, each claim with its trust: leave --trust away")
    write = partial(EXPORTERS[form], trust=least(trust or LEVELS_OF[form])) if form in LEVELS_OF else EXPORTERS[form]
    with named_failures(path):
        if path.exists() and not (path.is_file() or path.is_dir()):  # a pipe, a device
            write(db, path)
        else:
            _write_whole(db, path, write)


def _write_whole(db: sqlite3.Connection, path: Path, write: Callable[..., None]) -> None:
    """Writes into a folder beside, and puts what came of it in its place when it is complete."""
    with TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent) as beside:
        write(db, Path(beside) / path.name)
        for file in sorted(Path(beside).rglob("*")):
            target = path.parent / file.relative_to(beside)
            if file.is_dir():
                target.mkdir(exist_ok=True)
            else:
                file.replace(target)
