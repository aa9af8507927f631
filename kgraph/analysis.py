"""Questions about the shape of the graph: shortest ties between two actors, and what a graph consists of."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice, pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING

from kgraph.errors import UsageError

if TYPE_CHECKING:
    import networkx


@dataclass(frozen=True, slots=True)
class Tie:
    """One edge on a path, as it is stored: from its source to its target."""

    edge: str
    type: str
    source: str
    target: str
    status: str
    realised: bool
    articles: int
    claims: str  # JSON list of claim ids


@dataclass(frozen=True, slots=True)
class Hop:
    """A step of a path: two actors and everything that joins them."""

    start: str
    end: str
    ties: tuple[Tie, ...]


Path = tuple[Hop, ...]

_TIES = """SELECT id, type, source, target, status, realised, articles, claims FROM edge
           WHERE realised OR NOT :realised ORDER BY source, target, type, id"""


Lift = Mapping[str, str]  # for each actor that stands for another (see tables.lifted) that other


def load_graph(
    db: sqlite3.Connection, *, realised: bool = False, lift: Lift = MappingProxyType({})
) -> networkx.MultiDiGraph[str]:
    """The actors, lifted if asked, and their edges; each edge has its Tie, as it is stored, under "tie"."""
    import networkx

    graph: networkx.MultiDiGraph[str] = networkx.MultiDiGraph()
    for row in db.execute(_TIES, {"realised": realised}):
        tie = Tie(row[0], row[1], row[2], row[3], row[4], bool(row[5]), row[6], row[7])
        source, target = lift.get(tie.source, tie.source), lift.get(tie.target, tie.target)
        if source != target:
            graph.add_edge(source, target, key=tie.edge, tie=tie)
    return graph


def shortest_paths(
    db: sqlite3.Connection,
    start: str,
    end: str,
    *,
    realised: bool = False,
    limit: int = 10,
    lift: Lift = MappingProxyType({}),
) -> list[Path]:
    """The shortest ways from one actor to another, along edges of any direction. Raises UsageError without one."""
    import networkx

    start, end = lift.get(start, start), lift.get(end, end)
    graph = load_graph(db, realised=realised, lift=lift)
    if start == end:
        raise UsageError("a path needs two different actors")
    near = graph.to_undirected(as_view=True)
    try:
        ways = sorted(islice(networkx.all_shortest_paths(near, start, end), 1000))
    except (networkx.NetworkXNoPath, networkx.NodeNotFound):
        what = "realised ties" if realised else "ties"
        raise UsageError(f"no path of {what} joins {start} and {end}") from None
    return [tuple(_hops(graph, way)) for way in ways[:limit]]


def _hops(graph: networkx.MultiDiGraph[str], way: list[str]) -> Iterator[Hop]:
    for one, other in pairwise(way):
        both = [*(graph.get_edge_data(one, other) or {}).values(), *(graph.get_edge_data(other, one) or {}).values()]
        yield Hop(one, other, tuple(sorted((data["tie"] for data in both), key=lambda tie: (tie.type, tie.edge))))


@dataclass(frozen=True, slots=True)
class Stats:
    """What a graph consists of."""

    articles: int
    first_published: str | None
    last_published: str | None
    evidence: int
    actors: dict[str, int]  # by kind
    claims: dict[str, int]  # by type
    statuses: dict[str, int]  # of claims
    edges: int
    components: int  # groups of actors without a tie to each other
    central: tuple[tuple[str, str, int], ...]  # id, name and number of neighbours of the busiest actors


def stats(db: sqlite3.Connection, *, busiest: int = 10, lift: Lift = MappingProxyType({})) -> Stats:
    """Counts over the whole graph, and its busiest actors."""
    import networkx

    graph = load_graph(db, lift=lift)
    near = networkx.Graph(graph.to_undirected(as_view=True))
    names = dict(db.execute("SELECT id, name FROM actor"))
    ranked = sorted(near.nodes, key=lambda actor: (-len(near.adj[actor]), actor))[:busiest]
    articles, first, last = db.execute("SELECT count(*), min(published), max(published) FROM article").fetchone()
    return Stats(
        articles,
        first,
        last,
        db.execute("SELECT count(*) FROM evidence").fetchone()[0],
        _counts(db, "SELECT kind, count(*) FROM actor GROUP BY kind ORDER BY 2 DESC, 1"),
        _counts(db, "SELECT type, count(*) FROM claim GROUP BY type ORDER BY 2 DESC, 1"),
        _counts(db, "SELECT status, count(*) FROM claim GROUP BY status ORDER BY 2 DESC, 1"),
        graph.number_of_edges(),
        networkx.number_connected_components(near),
        tuple((actor, names[actor], len(near.adj[actor])) for actor in ranked),
    )


def _counts(db: sqlite3.Connection, sql: str) -> dict[str, int]:
    return dict(db.execute(sql).fetchall())
