"""Questions about the shape of the graph: who matters, who stands between, who belongs together, shortest ties.

    with Folder(Path("graph.kg")).read() as db:
        graph = load_graph(db, realised=True, types=SUPPLY, until="2024-06-30")
        central(graph)[:10]

`load_graph` gives a networkx.MultiDiGraph with everything on nodes and edges; all else here takes such a graph, or one
that you have changed, so that any measure of networkx can stand beside ours.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, islice, pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from kgraph.errors import UsageError
from kgraph.lookup.counts import levels
from kgraph.schema import load_schema

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
    trust: float
    articles: int


@dataclass(frozen=True, slots=True)
class Hop:
    """A step of a path: two actors and everything that joins them."""

    start: str
    end: str
    ties: tuple[Tie, ...]


Path = tuple[Hop, ...]

_EDGES = """SELECT id, type, source, target, status, latest_status, realised, current, disputed, stage, articles, origins,
                   first_reported, last_reported, valid_from, valid_to, trust, items, claims FROM edge
            WHERE (realised OR NOT :realised) AND trust >= :trust AND (:since IS NULL OR last_reported >= :since)
              AND (:until IS NULL OR first_reported <= :until) ORDER BY source, target, type, id"""
EDGE_VALUES = (
    "type", "status", "latestStatus", "realised", "current", "disputed", "stage", "articles", "origins",
    "firstReported", "lastReported", "validFrom", "validTo", "trust", "items", "claims",
)  # fmt: skip
SUPPLY = ("SUPPLIES", "DELIVERS_TO", "FUNDS", "TRAINS", "MANUFACTURES", "HOSTS")  # by what a war is kept going

Lift = Mapping[str, str]  # for each actor that stands for another (see levels.lifted) that other


def load_graph(
    db: sqlite3.Connection,
    *,
    realised: bool = False,
    trust: float = 0.0,
    types: Collection[str] = (),
    since: str | None = None,
    until: str | None = None,
    lift: Lift = MappingProxyType({}),
    everyone: bool = False,
) -> networkx.MultiDiGraph[str]:
    """The actors that have edges (with `everyone` all), by id, and the edges, by theirs.

    Nodes have name, kind, country, aliases, articles; edges have EDGE_VALUES and, under "tie", the Tie as it is stored.
    `trust` is the least of an edge; `types` takes edges of some types alone, `since` and `until` those that were reported
    from a day on or until one.
    """
    import networkx

    graph: networkx.MultiDiGraph[str] = networkx.MultiDiGraph()
    for row in db.execute(_EDGES, {"realised": realised, "trust": trust, "since": since, "until": until}):
        tie = Tie(row[0], row[1], row[2], row[3], row[4], bool(row[6]), row[16], row[10])
        source, target = lift.get(tie.source, tie.source), lift.get(tie.target, tie.target)
        if source != target and (not types or tie.type in types):
            graph.add_edge(source, target, key=tie.edge, tie=tie, **_edge_values(row))
    for id, name, kind, country, aliases, articles in db.execute(
        "SELECT id, name, kind, country, aliases, articles FROM actor ORDER BY id"
    ):
        if everyone or id in graph:
            told = {"country": country, "aliases": tuple(json.loads(aliases)), "articles": articles}
            graph.add_node(id, name=name, kind=kind, **told)
    return graph


def _edge_values(row: Sequence[Any]) -> dict[str, Any]:
    values = dict(zip(EDGE_VALUES, (row[1], *row[4:]), strict=True))
    flags = {name: bool(values[name]) for name in ("realised", "current", "disputed")}
    return values | flags | {name: tuple(json.loads(values[name])) for name in ("items", "claims")}


# Who matters. ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Central:
    """How an actor stands in a graph."""

    actor: str
    name: str
    kind: str
    out: int  # edges that begin at it
    into: int  # edges that end at it
    neighbours: int
    reaches: int  # how many actors one gets to from it along the edges
    between: float  # the share of shortest ways between others that lead over it


def central(graph: networkx.MultiDiGraph[str]) -> list[Central]:
    """The actors of a graph, those first that reach most others along its edges, then those with most neighbours."""
    import networkx

    near = _near(graph)
    between = networkx.betweenness_centrality(near)
    found = [
        Central(
            actor, *_named(graph, actor), graph.out_degree(actor), graph.in_degree(actor), len(near.adj[actor]),
            len(networkx.descendants(graph, actor)), round(between[actor], 6),
        )
        for actor in graph
    ]  # fmt: skip
    return sorted(found, key=lambda one: (-one.reaches, -one.neighbours, one.actor))


@dataclass(frozen=True, slots=True)
class Broker:
    """An actor between others that have no tie of their own."""

    actor: str
    name: str
    kind: str
    pairs: int  # of neighbours without a tie to each other
    between: float
    cuts: bool  # without it the graph falls into more parts


def brokers(graph: networkx.MultiDiGraph[str]) -> list[Broker]:
    """The actors between others, those first over whom most shortest ways lead."""
    import networkx

    near = _near(graph)
    between, cuts = networkx.betweenness_centrality(near), set(networkx.articulation_points(near))
    found = [
        Broker(actor, *_named(graph, actor), _unjoined(near, actor), round(between[actor], 6), actor in cuts)
        for actor in graph
    ]
    return sorted((one for one in found if one.pairs), key=lambda one: (-one.between, -one.pairs, one.actor))


def _unjoined(near: networkx.Graph[str], actor: str) -> int:
    own = sorted(near.adj[actor])
    return sum(other not in near.adj[one] for one, other in combinations(own, 2))


def _named(graph: networkx.MultiDiGraph[str], actor: str) -> tuple[str, str]:
    data = graph.nodes[actor]
    return data.get("name", actor), data.get("kind", "")


def _near(graph: networkx.MultiDiGraph[str]) -> networkx.Graph[str]:
    """The same actors, joined where any edge joins them."""
    import networkx

    near: networkx.Graph[str] = networkx.Graph()
    near.add_nodes_from(sorted(graph))
    near.add_edges_from(sorted({(min(ends), max(ends)) for ends in graph.edges()}))
    return near


# Who belongs together. ------------------------------------------------------------------------------------------------


def friendly_types() -> tuple[str, ...]:
    """The types of edges that join rather than divide: all but those of conflict."""
    relations = [relation for relation in load_schema().values() if relation.family != "conflict"]
    return tuple(dict.fromkeys(edge.type for relation in relations for edge in relation.projections))


def communities(graph: networkx.MultiDiGraph[str]) -> list[frozenset[str]]:
    """Groups of actors with more ties among them than to others (Louvain, always the same), the largest first."""
    import networkx

    found = networkx.community.louvain_communities(_near(graph), seed=1)
    return sorted(map(frozenset, found), key=lambda group: (-len(group), min(group)))


@dataclass(frozen=True, slots=True)
class Change:
    """A community and the earlier one that it shares most with."""

    members: frozenset[str]
    joined: frozenset[str]  # who was in none, or in another one, before
    left: frozenset[str]  # who belonged to the earlier one and no longer does


def community_changes(before: Collection[frozenset[str]], after: Collection[frozenset[str]]) -> list[Change]:
    """How communities became others; an earlier one is the origin of one later one at most."""
    rest, found = set(before), []
    for group in sorted(after, key=lambda group: (-len(group), min(group))):
        likest = max(rest, key=lambda old: (len(old & group) / len(old | group), sorted(old)), default=frozenset[str]())
        if likest & group:
            rest.discard(likest)
        else:
            likest = frozenset()
        found.append(Change(group, group - likest, likest - group))
    return found + [Change(frozenset(), frozenset(), old) for old in sorted(rest, key=min)]


# Ways. ----------------------------------------------------------------------------------------------------------------


def neighbourhood(graph: networkx.MultiDiGraph[str], actor: str, hops: int = 1) -> networkx.MultiDiGraph[str]:
    """The part of a graph at most some steps away from an actor, along edges of any direction."""
    import networkx

    if actor not in graph:
        raise UsageError(f"{actor} has no ties in this part of the graph")
    near: networkx.MultiDiGraph[str] = networkx.ego_graph(graph, actor, radius=hops, undirected=True)
    return near


def shortest_paths(
    db: sqlite3.Connection,
    start: str,
    end: str,
    *,
    realised: bool = False,
    trust: float = 0.0,
    limit: int = 10,
    lift: Lift = MappingProxyType({}),
) -> list[Path]:
    """The shortest ways from one actor to another, along edges of any direction. Raises UsageError without one."""
    import networkx

    start, end = lift.get(start, start), lift.get(end, end)
    graph = load_graph(db, realised=realised, trust=trust, lift=lift)
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
    levels: dict[str, int]  # of all claims: how many stand at each level of trust, and at none before it
    claims: dict[str, int]  # by type; from here on what is not trusted enough is left out
    statuses: dict[str, int]  # of claims
    edges: int
    components: int  # groups of actors without a tie to each other
    central: tuple[tuple[str, str, int], ...]  # id, name and number of neighbours of the busiest actors


def stats(db: sqlite3.Connection, *, trust: float = 0.0, busiest: int = 10, lift: Lift = MappingProxyType({})) -> Stats:
    """Counts over the whole graph, and its busiest actors; claims and edges count from some trust on."""
    import networkx

    graph = load_graph(db, trust=trust, lift=lift)
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
        levels(db),
        _counts(db, "SELECT type, count(*) FROM claim WHERE trust >= ? GROUP BY type ORDER BY 2 DESC, 1", trust),
        _counts(db, "SELECT status, count(*) FROM claim WHERE trust >= ? GROUP BY status ORDER BY 2 DESC, 1", trust),
        graph.number_of_edges(),
        networkx.number_connected_components(near),
        tuple((actor, names[actor], len(near.adj[actor])) for actor in ranked),
    )


def _counts(db: sqlite3.Connection, sql: str, *values: float) -> dict[str, int]:
    return dict(db.execute(sql, values).fetchall())
