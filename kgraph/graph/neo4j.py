"""A Neo4j that holds the graph: asking it, and making it hold what the tables say, writing only what differs.

Everything of ours carries the label KGraph and a hash of its content; everything else in the database is left alone.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, LiteralString, Self

from kgraph.errors import KgraphError, StoreError, UsageError
from kgraph.evidence import get_meta, open_for_reading
from kgraph.graph import Answer, check_url
from kgraph.graph.cypher import READS_ONLY, check_reading
from kgraph.graph.model import (
    KEYS,
    META,
    NODE_TYPES,
    OWNER,
    Link,
    LinkType,
    Node,
    NodeType,
    Tally,
    batches,
    iter_links,
    iter_nodes,
    link_types,
)
from kgraph.model import Kind
from kgraph.schema import SCHEMA_VERSION

if TYPE_CHECKING:
    import neo4j

OLDEST = 5  # the major version of Neo4j from which on all that is used here exists


@dataclass(slots=True)
class PushSummary:
    """How many nodes and relationships a push wrote."""

    created: int = 0
    changed: int = 0
    deleted: int = 0


class Server:
    """A Neo4j to ask. Implements Store."""

    def __init__(self, driver: neo4j.Driver) -> None:
        self._driver = driver

    def ask(self, text: str, parameters: Mapping[str, object]) -> Answer:
        check_reading(text)
        with _named_failures(), self._driver.session(default_access_mode="READ") as session:
            return session.execute_read(_ask, text, dict(parameters))

    def close(self) -> None:
        self._driver.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


def _ask(transaction: neo4j.ManagedTransaction, text: str, parameters: dict[str, object]) -> Answer:
    result = transaction.run(_text(text), parameters)
    names = tuple(result.keys())
    return Answer(names, [{name: _plain(record[name]) for name in names} for record in result])


def _plain(value: Any) -> Any:
    """A value without the driver's classes: a node or relationship is its properties, a path its nodes."""
    from neo4j.graph import Entity, Path

    if isinstance(value, Path):
        return [_plain(node) for node in value.nodes]
    if isinstance(value, (Entity, dict)):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    return value.iso_format() if hasattr(value, "iso_format") else value


# Connecting. ----------------------------------------------------------------------------------------------------------


def open_server(url: str, *, user: str, password: str) -> Server:
    """A Neo4j that holds a graph of ours, to ask it. Raises StoreError in one line where that fails."""
    driver = _connect(url, user, password)
    try:
        with _named_failures(url):
            owner = driver.execute_query(f"MATCH (m:{META}:{OWNER}) RETURN m.graphId AS graph", routing_="r").records
        if not owner:
            raise StoreError(f"{url}: holds no graph of kgraph's yet; `kgraph push {url}` puts one there")
    except BaseException:
        driver.close()
        raise
    return Server(driver)


def _connect(url: str, user: str, password: str) -> neo4j.Driver:
    from neo4j import GraphDatabase

    driver = GraphDatabase.driver(
        check_url(url), auth=(user, password), notifications_min_severity="OFF", connection_timeout=15,
        max_transaction_retry_time=15,
    )  # fmt: skip
    try:
        with _named_failures(url):
            driver.verify_connectivity()
            check_version(driver.get_server_info().agent)
    except BaseException:
        driver.close()
        raise
    return driver


def check_version(agent: str) -> None:
    """Raises StoreError for a server that is too old ("Neo4j/4.4.38"), or none of Neo4j's making."""
    name, _, version = agent.partition("/")
    major = version.partition(".")[0]
    if name != "Neo4j" or not major.isdigit() or int(major) < OLDEST:
        raise StoreError(f"the server is {agent}; kgraph needs Neo4j {OLDEST} or newer")


@contextmanager
def _named_failures(url: str = "the Neo4j") -> Iterator[None]:
    from neo4j.exceptions import AuthError, ClientError, DriverError, Neo4jError, ServiceUnavailable

    try:
        yield
    except AuthError as error:
        raise StoreError(f"{url}: wrong user or password; set KGRAPH_NEO4J_USER and KGRAPH_NEO4J_PASSWORD") from error
    except ServiceUnavailable as error:
        raise StoreError(f"{url}: no Neo4j answers there; is it running, and is the port Bolt's (7687)?") from error
    except ClientError as error:
        raise _client_error(error) from error
    except (DriverError, Neo4jError) as error:
        raise StoreError(f"{url}: {_first_line(error)}") from error


def _client_error(error: neo4j.exceptions.ClientError) -> KgraphError:
    code = error.code or ""
    if code.endswith("AuthenticationRateLimit"):
        return StoreError("the Neo4j takes no log-ins for some seconds, after wrong passwords; try again then")
    if code.endswith("AccessMode"):
        return UsageError(f"{READS_ONLY}; `kgraph build` and `kgraph remove` change a graph")
    if code.startswith("Neo.ClientError.Statement"):
        return UsageError(f"the query does not work: {_first_line(error)}")
    return StoreError(f"the Neo4j refuses: {_first_line(error)}")


def _first_line(error: Exception) -> str:
    text = getattr(error, "message", None) or str(error)
    return str(text).strip().splitlines()[0] if str(text).strip() else type(error).__name__


# Pushing. -------------------------------------------------------------------------------------------------------------


def push(folder: Path, url: str, *, user: str, password: str) -> PushSummary:
    """Makes a Neo4j hold the graph of a folder, writing only what differs from what it holds.

    A push that is broken off leaves a part of the new graph; the next one goes on from there.
    """
    with open_for_reading(folder) as db, _connect(url, user, password) as driver, _named_failures(url):
        with driver.session() as session:
            graph = get_meta(db, "graphId") or ""
            for statement in _declarations():
                session.run(statement).consume()
            _claim(session, graph, url)
            return _Push(db, session).run()


def _declarations() -> Iterator[LiteralString]:
    """Constraints and indexes, before any data."""
    for label, key in {**KEYS, META: "owner"}.items():
        yield _text(f"CREATE CONSTRAINT kgraph_{label.lower()} IF NOT EXISTS FOR (n:{label}) REQUIRE n.{key} IS UNIQUE")
    yield "CREATE INDEX kgraph_actor_name IF NOT EXISTS FOR (a:Actor) ON (a.name)"
    yield "CREATE INDEX kgraph_claim_type IF NOT EXISTS FOR (c:Claim) ON (c.type)"
    yield "CREATE FULLTEXT INDEX kgraph_names IF NOT EXISTS FOR (a:Actor) ON EACH [a.name, a.aliases]"


def _claim(session: neo4j.Session, graph: str, url: str) -> None:
    """Writes whose database this is; of two graphs that are pushed at once, one gets it."""
    text = _text(
        f"MERGE (m:{META} {{owner: 'kgraph'}}) ON CREATE SET m:{OWNER}, m.graphId = $graph, m.schemaVersion = $schema "
        "RETURN m.graphId AS graph"
    )
    owner = session.execute_write(
        lambda transaction: transaction.run(text, graph=graph, schema=SCHEMA_VERSION).single(strict=True)["graph"]
    )
    if owner != graph:
        raise StoreError(
            f"{url}: the database belongs to another graph ({owner}, this one is {graph}); "
            "push into a database of its own"
        )


def _text(text: str) -> LiteralString:
    """A statement; what is put into it are labels, types and keys of our own schema, never values."""
    return text


@dataclass(slots=True)
class _Push:
    """One push under way. New nodes come first, then relationships, and what is gone goes last."""

    db: sqlite3.Connection
    session: neo4j.Session
    summary: PushSummary = field(default_factory=PushSummary)
    tally: Tally = field(default_factory=Tally)

    def run(self) -> PushSummary:
        gone_nodes = {kind.label: self._nodes(kind) for kind in NODE_TYPES}
        for link in link_types():
            self._links(link)
        self.summary.deleted += self._write(_delete_unknown_links(), [{"types": [link.type for link in link_types()]}])
        for kind in NODE_TYPES:
            for keys in batches(gone_nodes[kind.label]):
                self.summary.deleted += self._write(_delete_nodes(kind), keys)
        self._sign()
        return self.summary

    def _nodes(self, kind: NodeType) -> list[str]:
        """Creates and changes the nodes of a label; gives the keys of those that are gone."""
        held = {record["key"]: record["hash"] for record in self._read(_held_nodes(kind))}
        for nodes in batches(self.tally.watch(kind.label, iter_nodes(self.db, kind))):
            new = [node for node in nodes if node.key not in held]
            other = [node for node in nodes if held.pop(node.key, node.hash) != node.hash]
            for label, rows in _by_kind(new, kind):
                self.summary.created += self._write(_create_nodes(kind, label), rows)
            for label, rows in _by_kind(other, kind):
                self.summary.changed += self._write(_change_nodes(kind, label), rows)
        return list(held)

    def _links(self, kind: LinkType) -> None:
        """Makes the relationships of a type those of the tables."""
        held = {tuple(record["identity"]): record["hash"] for record in self._read(_held_links(kind))}
        for links in batches(self.tally.watch(kind.type, iter_links(self.db, kind))):
            had = [held.pop(_identity(kind, link), None) for link in links]
            both = list(zip(links, had, strict=True))
            new = [_row(link) for link, old in both if old is None]
            other = [{**_row(link), "old": old} for link, old in both if old not in (None, link.hash)]
            self.summary.created += self._write(_create_links(kind), new)
            self.summary.changed += self._write(_change_links(kind), other)
        for rows in batches({"source": ends[0], "target": ends[1], "hash": old} for ends, old in held.items()):
            self.summary.deleted += self._write(_delete_links(kind), rows)

    def _sign(self) -> None:
        text = f"MATCH (m:{META} {{owner: 'kgraph'}}) RETURN m.digest AS digest, m.schemaVersion AS schema"
        held = self._read(text)[0]
        if (held["digest"], held["schema"]) != (self.tally.digest, SCHEMA_VERSION):
            self._write(
                f"UNWIND $rows AS row MATCH (m:{META} {{owner: 'kgraph'}}) SET m += row",
                [{"digest": self.tally.digest, "schemaVersion": SCHEMA_VERSION}],
            )

    def _read(self, text: str) -> list[neo4j.Record]:
        return self.session.execute_read(lambda transaction: list(transaction.run(_text(text))))

    def _write(self, text: str, rows: list[Any]) -> int:
        """How many nodes or relationships a statement wrote, of some rows."""
        if not rows:
            return 0
        return self.session.execute_write(lambda transaction: _count(transaction, text, rows))


def _count(transaction: neo4j.ManagedTransaction, text: str, rows: list[Any]) -> int:
    record = transaction.run(_text(text), rows=rows).single()
    return int(record["n"]) if record and "n" in record.keys() else 0


def _identity(kind: LinkType, link: Link) -> tuple[object, ...]:
    """What makes two relationships of a type the same one."""
    return link.source, link.target, link.properties.get(kind.told_apart or "")


def _row(item: Link | Node) -> dict[str, Any]:
    ends = {"source": item.source, "target": item.target} if isinstance(item, Link) else {"key": item.key}
    return {**ends, "hash": item.hash, "properties": {**item.properties, "hash": item.hash}}


def _by_kind(nodes: Iterable[Node], kind: NodeType) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Rows by the labels they get, since a label cannot be a parameter."""
    ordered = sorted(nodes, key=lambda node: node.kind or "")
    for second, group in groupby(ordered, key=lambda node: node.kind):
        labels = (OWNER, kind.label, *([Kind(second).value] if second else []))
        yield ":".join(labels), [_row(node) for node in group]


# The statements. ------------------------------------------------------------------------------------------------------


def _held_nodes(kind: NodeType) -> str:
    return f"MATCH (n:{kind.label}:{OWNER}) RETURN n.{kind.key} AS key, coalesce(n.hash, '') AS hash"


def _create_nodes(kind: NodeType, labels: str) -> str:
    return f"UNWIND $rows AS row CREATE (n:{labels}) SET n = row.properties RETURN count(n) AS n"


def _find(name: str, label: str, key: str) -> str:
    """One node by its key. The hint keeps a plan made while the database was empty from scanning a full one."""
    return f"MATCH ({name}:{label}:{OWNER} {{{KEYS[label]}: {key}}}) USING INDEX SEEK {name}:{label}({KEYS[label]}) "


def _change_nodes(kind: NodeType, labels: str) -> str:
    off = f"REMOVE n:{':'.join(kind.kinds)} " if kind.kinds else ""
    found = _find("n", kind.label, "row.key")
    return f"UNWIND $rows AS row {found}{off}SET n:{labels} SET n = row.properties RETURN count(n) AS n"


def _delete_nodes(kind: NodeType) -> str:
    return f"UNWIND $rows AS row {_find('n', kind.label, 'row')}DETACH DELETE n RETURN count(*) AS n"


def _ends(kind: LinkType) -> str:
    return _find("a", kind.source, "row.source") + _find("b", kind.target, "row.target")


def _held_links(kind: LinkType) -> str:
    apart = f"r.`{kind.told_apart}`" if kind.told_apart else "null"
    return (
        f"MATCH (a:{kind.source}:{OWNER})-[r:{kind.type}]->(b:{kind.target}:{OWNER}) WHERE r.hash IS NOT NULL "
        f"RETURN [a.{KEYS[kind.source]}, b.{KEYS[kind.target]}, {apart}] AS identity, r.hash AS hash"
    )


def _create_links(kind: LinkType) -> str:
    return (
        f"UNWIND $rows AS row {_ends(kind)}MERGE (a)-[r:{kind.type} {{hash: row.hash}}]->(b) SET r = row.properties "
        "RETURN count(r) AS n"
    )


def _change_links(kind: LinkType) -> str:
    return (
        f"UNWIND $rows AS row {_ends(kind)}MATCH (a)-[r:{kind.type} {{hash: row.old}}]->(b) SET r = row.properties "
        "RETURN count(r) AS n"
    )


def _delete_links(kind: LinkType) -> str:
    return (
        f"UNWIND $rows AS row {_ends(kind)}MATCH (a)-[r:{kind.type} {{hash: row.hash}}]->(b) DELETE r "
        "RETURN count(*) AS n"
    )


def _delete_unknown_links() -> str:
    """Relationships of types that the schema once had."""
    return (
        f"UNWIND $rows AS row MATCH (:{OWNER})-[r]->(:{OWNER}) WHERE r.hash IS NOT NULL AND NOT type(r) IN row.types "
        "DELETE r RETURN count(*) AS n"
    )
