"""Measuring a graph: who matters, who stands between, who belongs together; and as networkx and pandas have it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from kgraph.api.lookups import Lookups
from kgraph.api.options import day_of, edge_types
from kgraph.errors import UsageError
from kgraph.trust import DEFAULT, least

if TYPE_CHECKING:
    import sqlite3
    from datetime import date

    from networkx import MultiDiGraph

    from kgraph.lookup import Actor
    from kgraph.lookup.answers import Community
    from kgraph.lookup.networks import Broker, Central


class Measures(Lookups):
    """A graph that is measured."""

    def networkx(
        self,
        *,
        types: str | Sequence[str] = (),
        realised: bool = False,
        trust: str = DEFAULT,
        roll_up: str | None = None,
        since: str | date | None = None,
        until: str | date | None = None,
        everyone: bool = False,
    ) -> MultiDiGraph[str]:
        """The graph as a networkx.MultiDiGraph with all values on its nodes and edges, for any measure of networkx.

            import networkx

            networkx.pagerank(networkx.DiGraph(graph.networkx(types="SUPPLIES", realised=True)))

        types: only edges of this type, or of these.
        realised, trust, roll_up: as for `claims`.
        since, until: only edges that were reported from a day on, or until one.
        everyone: also actors without edges.

        Nodes are the ids of actors, keys those of edges. Raises UsageError for a type that no edge has, and what is no day.
        """
        from kgraph.lookup import networks

        with self._open() as db:
            return networks.load_graph(
                db,
                realised=realised,
                trust=least(trust),
                types=edge_types(types),
                lift=self._lifted(db, roll_up),
                since=day_of(since) if since else None,
                until=day_of(until) if until else None,
                everyone=everyone,
            )

    def central(
        self,
        *,
        types: str | Sequence[str] = (),
        realised: bool = False,
        trust: str = DEFAULT,
        roll_up: str | None = None,
    ) -> list[Central]:
        """The actors by how many others one reaches from them along the edges, those that reach most first.

        The options are those of `networkx`.
        """
        from kgraph.lookup import networks

        return networks.central(self.networkx(types=types, realised=realised, trust=trust, roll_up=roll_up))

    def brokers(
        self,
        *,
        types: str | Sequence[str] = (),
        realised: bool = False,
        trust: str = DEFAULT,
        roll_up: str | None = None,
    ) -> list[Broker]:
        """The actors that stand between others, those first over whom most shortest ways lead.

        The options are those of `networkx`.
        """
        from kgraph.lookup import networks

        return networks.brokers(self.networkx(types=types, realised=realised, trust=trust, roll_up=roll_up))

    def communities(
        self,
        *,
        types: str | Sequence[str] = (),
        realised: bool = False,
        trust: str = DEFAULT,
        roll_up: str | None = None,
        before: str | date | None = None,
        after: str | date | None = None,
    ) -> list[Community]:
        """Groups of actors with more ties among them than to others, by all edges but those of conflict, the largest first.

        types: by these edges instead.
        realised, trust, roll_up: as for `claims`.
        before, after: two days; the groups are those of what was reported until the later one, with who joined and left
        them since the earlier one.

        Raises UsageError where one of the two days is missing, or is none.
        """
        from kgraph import lookup
        from kgraph.lookup import networks
        from kgraph.lookup.answers import Community

        if (before is None) != (after is None):
            raise UsageError("before and after are two days: give both, or none")

        def found(db: sqlite3.Connection, until: str | None) -> list[frozenset[str]]:
            graph = networks.load_graph(
                db,
                realised=realised,
                trust=least(trust),
                types=edge_types(types) or networks.friendly_types(),
                lift=self._lifted(db, roll_up),
                until=until,
            )
            return networks.communities(graph)

        with self._open() as db:
            every = {actor.id: actor for actor in lookup.actors(db, everyone=True)}
            late = found(db, day_of(after) if after else None)
            early = found(db, day_of(before)) if before else late

        def named(ids: frozenset[str]) -> tuple[Actor, ...]:
            return tuple(sorted((every[id] for id in ids), key=lambda actor: (actor.name, actor.id)))

        changes = networks.community_changes(early, late)
        return [Community(named(one.members), named(one.joined), named(one.left)) for one in changes]

    def near(
        self,
        name: str | Actor,
        *,
        hops: int = 1,
        types: str | Sequence[str] = (),
        realised: bool = False,
        trust: str = DEFAULT,
        roll_up: str | None = None,
    ) -> MultiDiGraph[str]:
        """The part of the graph at most some steps away from an actor, along edges of any direction.

        hops: how many steps. The others are those of `networkx`.

        Raises UsageError where nobody goes by the name, or has a tie in this part of the graph.
        """
        from kgraph.lookup import networks

        with self._open() as db:
            actor, lift = self._id_of(db, name), self._lifted(db, roll_up)
            kinds = edge_types(types)
            graph = networks.load_graph(db, realised=realised, trust=least(trust), types=kinds, lift=lift)
            return networks.neighbourhood(graph, lift.get(actor, actor), hops)

    def dataframe(self, what: str = "claims", **options: Any) -> Any:
        """Claims, quotes, actors or edges as a pandas DataFrame, a row each.

            graph.dataframe("claims", about="Iran").groupby("type").size()

        what: "claims" (with a column for their roles), "quotes" (the sentences of those claims), "actors" or "edges".
        options: those of `claims`, `actors` or `edges`.

        Raises UsageError where pandas is not installed.
        """
        from dataclasses import fields

        try:
            import pandas
        except ImportError as error:
            raise UsageError("pandas is not installed: pip install 'kgraph[pandas]'") from error
        if what not in ("claims", "quotes", "actors", "edges"):
            raise UsageError(f"no table of {what}; known: claims, quotes, actors, edges")
        found = self.claims(**options) if what == "quotes" else getattr(self, what)(**options)
        records = [quote for claim in found for quote in claim.quotes] if what == "quotes" else found
        names = [each.name for each in fields(_record(what)) if each.repr]
        rows = [[_cell(name, getattr(one, name)) for name in names] for one in records]
        return pandas.DataFrame(rows, columns=names)


# Tables. --------------------------------------------------------------------------------------------------------------


def _record(what: str) -> type[Any]:
    from kgraph import lookup

    records = {"claims": lookup.Claim, "quotes": lookup.Quote, "actors": lookup.Actor, "edges": lookup.Edge}
    return records[what]


def _cell(name: str, value: Any) -> Any:
    """A value as a cell: the roles of a claim as names."""
    if name != "roles":
        return value
    roles: dict[str, list[str]] = {}
    for role, actor in value:
        roles.setdefault(role, []).append(actor.name)
    return roles
