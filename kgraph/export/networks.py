"""The actors and the lines between them: tables of both, GraphML, and GEXF with the days of every line."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from kgraph.lookup.networks import load_graph
from kgraph.records import digest
from kgraph.safe_text import csv_line, xml_text

Values = Mapping[str, Any]


def write_csv(db: sqlite3.Connection, path: Path, trust: float) -> None:
    """The lines into FILE.csv, the actors into FILE-actors.csv."""
    graph = load_graph(db, trust=trust, everyone=True)
    names = {id: data["name"] for id, data in graph.nodes(data=True)}
    edges = [
        {"source": names[source], "type": data["type"], "target": names[target], **_flat(data)}
        | {"sourceId": source, "targetId": target}
        for source, target, data in graph.edges(data=True)
    ]
    _write_rows(path, edges)
    _write_rows(
        path.with_name(f"{path.stem}-actors.csv"), ({"id": id, **_flat(data)} for id, data in graph.nodes(data=True))
    )


def _write_rows(path: Path, rows: Iterable[Values]) -> None:
    found = list(rows)
    with path.open("w", encoding="utf-8", newline="") as lines:
        columns = list(dict.fromkeys(name for row in found for name in row))
        lines.writelines(csv_line(cells) for cells in (columns, *(map(row.get, columns) for row in found)))


def write_graphml(db: sqlite3.Connection, path: Path, trust: float) -> None:
    import networkx

    networkx.write_graphml(_flattened(db, trust), path)


def write_gexf(db: sqlite3.Connection, path: Path, trust: float) -> None:
    """With the time from the first to the last report on each line (or from and to when it is said to hold)."""
    import networkx

    graph = _flattened(db, trust)
    for _, _, data in graph.edges(data=True):
        since = data.get("validFrom") or data.get("firstReported")
        until = data.get("validTo") or (None if data["current"] else data.get("lastReported"))
        data |= {name: day for name, day in (("start", since), ("end", until)) if day}
        data["relation"] = data["label"] = data.pop("type")  # `type` means directed or not there
    networkx.write_gexf(graph, path)


def _flattened(db: sqlite3.Connection, trust: float) -> Any:
    """The graph with texts and numbers alone, without what is unknown: neither format knows lists or null."""
    import networkx

    graph = load_graph(db, trust=trust, everyone=True)
    flat: networkx.MultiDiGraph[str] = networkx.MultiDiGraph()
    for id, data in graph.nodes(data=True):
        flat.add_node(_xml_id(id), label=xml_text(data["name"]), **_known(data))
    for source, target, key, data in graph.edges(keys=True, data=True):
        flat.add_edge(_xml_id(source), _xml_id(target), key=_xml_id(key), **_known(data))
    return flat


def _xml_id(id: str) -> str:
    """An id that XML can hold; two that differ in what it cannot hold stay two."""
    text = xml_text(id)
    return text if text == id else f"{text} {digest(id)[:8]}"


def _known(data: Values) -> dict[str, Any]:
    """What is known, as XML can hold it."""
    known = {name: value for name, value in _flat(data).items() if value is not None}
    return {xml_text(name): xml_text(value) if isinstance(value, str) else value for name, value in known.items()}


def _flat(data: Values) -> dict[str, Any]:
    """Lists as one text each; the tie is what the other values say."""
    return {
        name: "|".join(value) if isinstance(value, tuple) else value for name, value in data.items() if name != "tie"
    }
