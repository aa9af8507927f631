"""A folder of files for `neo4j-admin database import`, with the command: for archives too large to push."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from kgraph.folder.database import get_meta
from kgraph.folder.journal import find_state
from kgraph.graph.nodes import (
    META,
    NODE_TYPES,
    OWNER,
    READ_AS,
    LinkType,
    NodeType,
    Tally,
    columns_of,
    iter_links,
    iter_nodes,
    link_types,
    select,
    typed,
)

BETWEEN = "\x1f"  # the elements of a list; an element that holds it gets a replacement character there
COMMAND = """neo4j-admin database import full neo4j --multiline-fields=true --array-delimiter=U+001F \\
  {files}
# then start the server and run declare.cypher, and `kgraph push` goes on from there
"""


def write_neo4j_admin(db: sqlite3.Connection, target: Path) -> None:
    """A file each label and type, declare.cypher with keys and indexes, and the command in import.txt."""
    from kgraph.graph.statements import declarations

    target.mkdir(parents=True, exist_ok=True)
    tally = Tally()
    files = [_write_nodes(db, target, kind, tally) for kind in NODE_TYPES]
    files += [_write_links(db, target, kind, tally) for kind in link_types()]
    files.insert(len(NODE_TYPES), _write_meta(db, target, tally))
    lines = "".join(f"{statement};\n" for statement in declarations())
    (target / "declare.cypher").write_text(lines, encoding="utf-8")
    (target / "import.txt").write_text(COMMAND.format(files=" \\\n  ".join(files)), encoding="utf-8")


def _write_nodes(db: sqlite3.Connection, target: Path, kind: NodeType, tally: Tally) -> str:
    columns = columns_of(db, kind)
    header = [f"{name}:ID({kind.label})" if name == kind.key else f"{name}:{type}" for name, type in _types(db, kind)]
    rows = (
        (*typed(columns, node.values), node.hash, [OWNER, kind.label, *([node.kind] if node.kind else [])])
        for node in tally.watch(kind.label, iter_nodes(db, kind))
    )
    _write(target / f"{kind.label}.csv", (*header, "hash:long", ":LABEL"), rows)
    return f"--nodes={kind.label}.csv"


def _write_links(db: sqlite3.Connection, target: Path, kind: LinkType, tally: Tally) -> str:
    columns = columns_of(db, kind)
    header = (
        f":START_ID({kind.source})",
        f":END_ID({kind.target})",
        *(f"{n}:{t}" for n, t in _types(db, kind)),
        "hash:long",
    )
    links = tally.watch(kind.type, iter_links(db, kind))
    rows = ((link.source, link.target, *typed(columns, link.values), link.hash) for link in links)
    _write(target / f"{kind.type}.csv", header, rows)
    return f"--relationships={kind.type}={kind.type}.csv"


def _write_meta(db: sqlite3.Connection, target: Path, tally: Tally) -> str:
    """The node by which a later push knows what is there."""
    from kgraph.graph.push import signature

    says = {"graphId": get_meta(db, "graphId"), **signature(tally, find_state(db))}
    header = [f"{name}:{'long' if isinstance(value, int) else 'string'}" for name, value in says.items()]
    row = ("kgraph", *says.values(), [OWNER, META])
    _write(target / f"{META}.csv", (f"owner:ID({META})", *header, ":LABEL"), [row])
    return f"--nodes={META}.csv"


def _types(db: sqlite3.Connection, kind: NodeType | LinkType) -> Iterator[tuple[str, str]]:
    """The properties with the types that the import has for them."""
    text, parameters = select(kind)
    for name in columns_of(db, kind):
        stored = db.execute(f'SELECT typeof("{name}") FROM ({text}) WHERE "{name}" IS NOT NULL LIMIT 1', parameters)
        [kept] = stored.fetchone() or ["null"]
        sample = READ_AS[name](READ_AS_SAMPLE.get(name, 1)) if name in READ_AS else None
        by_type = {bool: "boolean", list: "string[]"}
        yield name, by_type.get(type(sample)) or (_NUMBERS.get(kept, "string") if name not in READ_AS else "string")


_NUMBERS = {"integer": "long", "real": "double"}
READ_AS_SAMPLE: dict[str, Any] = dict.fromkeys(("aliases", "items", "claimIds", "speakers", "cue"), "[]")


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as lines:
        lines.write(",".join(header) + "\n")
        lines.writelines(",".join(map(_field, row)) + "\n" for row in rows)


def _field(value: Any) -> str:
    """An empty text is quoted and stays one; what is unknown is empty and becomes no property."""
    if value is None or value == []:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return str(value)
    return '"' + (_joined(value) if isinstance(value, list) else value).replace('"', '""') + '"'


def _joined(elements: list[str]) -> str:
    return BETWEEN.join(element.replace(BETWEEN, "\ufffd") for element in elements)
