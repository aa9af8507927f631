"""The graph as files that other tools read. Each format is a function and a line of the table.

What a format cannot hold is said in docs/formats.md.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
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

__all__ = ["EXPORTERS", "canonical_lines", "export"]

# By the ending of a file's name; the longest that fits counts.
EXPORTERS: dict[str, Callable[[sqlite3.Connection, Path], None]] = {
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


def export(db: sqlite3.Connection, path: Path, form: str | None = None) -> None:
    """Writes the graph in a format, else in the one that the path's ending names. Raises UsageError for another."""
    fitting = [ending for ending in EXPORTERS if path.name.endswith(ending)]
    if not (form := form or max(fitting, key=len, default="")):
        raise UsageError(f"{path}: its ending names no format; known: {', '.join(EXPORTERS)}")
    if form not in EXPORTERS:
        raise UsageError(f"no format {form!r}; known: {', '.join(EXPORTERS)}")
    with named_failures(path):
        if path.exists() and not (path.is_file() or path.is_dir()):  # a pipe, a device
            EXPORTERS[form](db, path)
        else:
            _write_whole(db, path, form)


def _write_whole(db: sqlite3.Connection, path: Path, form: str) -> None:
    """Writes into a folder beside, and puts what came of it in its place when it is complete."""
    with TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent) as beside:
        EXPORTERS[form](db, Path(beside) / path.name)
        for file in sorted(Path(beside).rglob("*")):
            target = path.parent / file.relative_to(beside)
            if file.is_dir():
                target.mkdir(exist_ok=True)
            else:
                file.replace(target)
