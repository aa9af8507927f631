"""A Neo4j that holds the graph: asking it, and making it hold what the tables say, writing only what differs.

Everything of ours carries the label KGraph and a hash of its content; the rest of the database is left alone.
"""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import groupby, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, LiteralString, Self

from kgraph.errors import KgraphError, StoreError, UsageError
from kgraph.evidence import get_meta, open_for_reading
from kgraph.graph import NO_LIMITS, Answer, Limits, check_url
from kgraph.graph.cypher import PROCEDURES, READS_ONLY, check_reading
from kgraph.graph.model import (
    BATCH,
    KEYS,
    META,
    NODE_TYPES,
    OWNER,
    Item,
    Link,
    LinkType,
    Node,
    NodeType,
    Tally,
    batches,
    columns_of,
    iter_links,
    iter_nodes,
    link_types,
    number,
    typed,
)
from kgraph.model import Kind
from kgraph.schema import SCHEMA_VERSION

if TYPE_CHECKING:
    import neo4j

MODULUS = 2**31 - 1  # what is summed of a hash, so that no sum is too large for Cypher
LISTED = "listed_"  # begins the properties of the meta node that list what was written
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
        self._explained: set[str] = set()  # texts that were found to read only

    def ask(self, text: str, parameters: Mapping[str, object], limits: Limits = NO_LIMITS) -> Answer:
        check_reading(text)
        with _named_failures(limits=limits), self._driver.session(default_access_mode="READ") as session:
            if text not in self._explained:
                _explain(session, text, dict(parameters))
                self._explained.add(text)
            from neo4j import unit_of_work

            read = unit_of_work(timeout=limits.seconds)(_ask)
            return session.execute_read(read, text, dict(parameters), limits)

    def close(self) -> None:
        self._driver.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


def _explain(session: neo4j.Session, text: str, parameters: dict[str, object]) -> None:
    """Raises UsageError for a text whose plan does more than read the graph; the server says so before it runs it."""
    summary = session.run(_text(f"EXPLAIN {text}"), parameters).consume()
    if summary.query_type != "r":
        raise UsageError(f"{READS_ONLY}; the server would take this for a query that writes or administers")
    for operator, details in _operators(summary.plan or {}):
        procedure = details.partition("(")[0].strip().lower()
        if operator.startswith("LoadCSV") or (operator.startswith("ProcedureCall") and procedure not in PROCEDURES):
            raise UsageError(f"{READS_ONLY}: no files, no addresses, no procedure {procedure}")


def _operators(plan: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield str(plan.get("operatorType", "")), str(plan.get("args", {}).get("Details", ""))
    for child in plan.get("children", ()):
        yield from _operators(child)


def _ask(transaction: neo4j.ManagedTransaction, text: str, parameters: dict[str, object], limits: Limits) -> Answer:
    result = transaction.run(_text(text), parameters)
    names = tuple(result.keys())
    records = list(islice(result, None if limits.rows is None else limits.rows + 1))
    rows = [{name: _plain(record[name]) for name in names} for record in records]
    return Answer(names, rows[: limits.rows], limits.rows is not None and len(rows) > limits.rows)


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


def _connect(url: str, user: str, password: str, patience: float = 15) -> neo4j.Driver:
    from neo4j import GraphDatabase

    driver = GraphDatabase.driver(
        check_url(url), auth=(user, password), notifications_min_severity="OFF", connection_timeout=15,
        max_transaction_retry_time=patience,
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
def _named_failures(url: str = "the Neo4j", limits: Limits = NO_LIMITS) -> Iterator[None]:
    from neo4j.exceptions import AuthError, ClientError, DriverError, Neo4jError, ServiceUnavailable

    try:
        yield
    except AuthError as error:
        raise StoreError(f"{url}: wrong user or password; set KGRAPH_NEO4J_USER and KGRAPH_NEO4J_PASSWORD") from error
    except ServiceUnavailable as error:
        raise StoreError(
            f"{url}: no Neo4j answers there, or it went away; is it running, and is the port Bolt's (7687)? "
            "Without TLS write bolt://"
        ) from error
    except Neo4jError as error:
        if "TransactionTimedOut" in (error.code or "") and limits.seconds:
            raise limits.too_long() from error
        raise _client_error(error) if isinstance(error, ClientError) else _refusal(url, error) from error
    except DriverError as error:
        raise StoreError(f"{url}: {_first_line(error)}") from error


def _refusal(url: str, error: neo4j.exceptions.Neo4jError) -> StoreError:
    return StoreError(f"{url}: the Neo4j refuses: {_first_line(error)}")


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
    lines = str(getattr(error, "message", None) or error).strip().splitlines() or [type(error).__name__]
    return " ".join(line.strip() for line in lines[: 1 + lines[0].endswith(":")])


# Pushing. -------------------------------------------------------------------------------------------------------------


def push(folder: Path, url: str, *, user: str, password: str, patience: float = 15) -> PushSummary:
    """Makes a Neo4j hold the graph of a folder, writing only what differs from what it holds.

    A push that is broken off leaves a part of the new graph; the next one goes on from there. Where the server goes
    away, a step is tried again for `patience` seconds.
    """
    with open_for_reading(folder) as db, _connect(url, user, password, patience) as driver, _named_failures(url):
        with driver.session() as session:
            _claim(session, get_meta(db, "graphId") or "", url)
            return _Push(db, session).run()


def declarations() -> Iterator[LiteralString]:
    """Constraints and indexes, before any data."""
    for label, key in {**KEYS, META: "owner"}.items():
        yield _text(f"CREATE CONSTRAINT kgraph_{label.lower()} IF NOT EXISTS FOR (n:{label}) REQUIRE n.{key} IS UNIQUE")
    yield "CREATE INDEX kgraph_actor_name IF NOT EXISTS FOR (a:Actor) ON (a.name)"
    yield "CREATE INDEX kgraph_claim_type IF NOT EXISTS FOR (c:Claim) ON (c.type)"
    yield "CREATE FULLTEXT INDEX kgraph_names IF NOT EXISTS FOR (a:Actor) ON EACH [a.name, a.aliases]"


def _claim(session: neo4j.Session, graph: str, url: str) -> None:
    """Writes whose database this is, on what keys; of two graphs that are pushed at once, one gets it."""
    names = {row["name"] for row in session.run("SHOW INDEXES YIELD name WHERE name STARTS WITH 'kgraph_' RETURN name")}
    for statement in declarations():
        if statement.split()[2 + statement.startswith("CREATE FULLTEXT")] not in names:
            session.run(statement).consume()
    owner = _owner(session) or session.execute_write(
        lambda transaction: transaction.run(_text(_OWN), graph=graph).single(strict=True)["graph"]
    )
    if owner != graph:
        raise StoreError(
            f"{url}: the database belongs to another graph ({owner}, this one is {graph}); "
            "push into a database of its own"
        )


_OWN = (
    f"MERGE (m:{META} {{owner: 'kgraph'}}) ON CREATE SET m:{OWNER}, m.graphId = $graph, "
    f"m.schemaVersion = {SCHEMA_VERSION} RETURN m.graphId AS graph"
)


def _owner(session: neo4j.Session) -> str | None:
    text = _text(f"MATCH (m:{META}:{OWNER} {{owner: 'kgraph'}}) RETURN m.graphId AS graph")
    found = session.execute_read(lambda transaction: transaction.run(text).single())
    return str(found["graph"]) if found else None


def _text(text: str) -> LiteralString:
    """A statement; what is put into it are labels, types and keys of our own schema, never values."""
    return text


Statement = tuple[str, str, list[Any]]  # what its count is a part of, its text, its rows
Held = dict[int, Any]  # of what a server holds of a label or type: identity → hash
Sums = tuple[int, int]  # how many, and the sum of their hashes


@dataclass(slots=True)
class _Push:
    """One push under way. New nodes come first, then relationships, and what is gone goes last.

    The meta node lists, after every push, the identity and hash of all that was written. What a server holds is known
    from there, as long as its own sums of the hashes say the same; what somebody else touched is read anew.
    """

    db: sqlite3.Connection
    session: neo4j.Session
    summary: PushSummary = field(default_factory=PushSummary)
    tally: Tally = field(default_factory=Tally)
    wrote: dict[str, bytes] = field(default_factory=dict)  # what the meta node is to list, by label and type
    listed: dict[str, bytes] = field(default_factory=dict)  # what it listed before
    sums: dict[str, Sums] = field(default_factory=dict)
    waiting: list[Statement] = field(default_factory=list)

    def run(self) -> PushSummary:
        meta = self._read(f"MATCH (m:{META} {{owner: 'kgraph'}}) RETURN properties(m) AS own")[0]["own"]
        self.listed = {name.removeprefix(LISTED): value for name, value in meta.items() if name.startswith(LISTED)}
        self.sums = {row["name"]: (row["n"], row["sum"]) for text in _sums() for row in self._read(text)}
        gone = {kind: self._nodes(kind) for kind in NODE_TYPES}
        for link in link_types():
            self._links(link)
        if unknown := sorted({*self.sums} - {kind.type for kind in link_types()} - {*KEYS}):
            self._write("deleted", _delete_unknown_links(), unknown)
        for kind, found in gone.items():
            for keys in batches(found):
                self._write("deleted", _delete_nodes(kind), keys)
        self._sign(meta)
        self._flush()
        return self.summary

    def _nodes(self, kind: NodeType) -> list[str]:
        """Creates and changes the nodes of a label; gives the keys of those that are gone."""
        held, columns = self._held(kind.label, _held_nodes(kind)), columns_of(self.db, kind)
        for nodes in batches(self._watch(kind.label, iter_nodes(self.db, kind))):
            had = [held.pop(node.identity, None) for node in nodes]
            new = [node for node, old in zip(nodes, had, strict=True) if old is None]
            other = [node for node, old in zip(nodes, had, strict=True) if old not in (None, node.hash)]
            for label, rows in _by_kind(new, kind):
                self._write("created", _create_nodes(label, columns), list(map(_row, rows)))
            for label, rows in _by_kind(other, kind):
                self._write("changed", _change_nodes(kind, label), list(map(_change, rows)))
        return [row["key"] for row in self._read(_held_nodes(kind)) if number(row["key"]) in held] if held else []

    def _links(self, kind: LinkType) -> None:
        """Makes the relationships of a type those of the tables."""
        held, columns = self._held(kind.type, _held_links(kind), _delete_links(kind)), columns_of(self.db, kind)
        for links in batches(self._watch(kind.type, iter_links(self.db, kind))):
            had = [held.pop(link.identity, None) for link in links]
            both = list(zip(links, had, strict=True))
            self._write("created", _create_links(kind, columns), [_row(link) for link, old in both if old is None])
            other = [[*_change(link), old] for link, old in both if old not in (None, link.hash)]
            self._write("changed", _change_links(kind), other)
        for hashes in batches(held.values()):
            self._write("deleted", _delete_links(kind), hashes)

    def _held(self, name: str, text: str, delete: str | None = None) -> Held:
        """What the server holds of a label or type."""
        listed = array("q", self.listed.get(name, b""))
        held = dict(zip(listed[::2], listed[1::2], strict=True))
        if _sum(held.values()) == self.sums.get(name, (0, 0)):
            return held
        return self._read_held(text, delete)

    def _read_held(self, text: str, delete: str | None) -> Held:
        """The same, read from the server. Of relationships that stand twice, all go first, and one is written again."""
        held, twice = Held(), Held()
        for row in self._read(text):
            identity = number(*row["key"]) if isinstance(row["key"], list) else number(row["key"])
            (twice if identity in held else held)[identity] = row["hash"]
        if twice and delete:
            gone = {held.pop(identity) for identity in twice} | {*twice.values()}
            self._write("deleted", delete, sorted(gone, key=str))
        return held

    def _watch(self, name: str, items: Iterable[Item]) -> Iterator[Item]:
        """The same items, counted and listed."""
        listed = array("q")
        for item in self.tally.watch(name, items):
            listed.extend((item.identity, item.hash))
            yield item
        self.wrote[name] = listed.tobytes()

    def _sign(self, held: Mapping[str, Any]) -> None:
        """Writes into the meta node what the database holds now, where it said otherwise."""
        ours: dict[str, Any] = {f"{LISTED}{name}": listed for name, listed in self.wrote.items() if listed}
        ours |= {"digest": self.tally.digest, "schemaVersion": SCHEMA_VERSION}
        gone = {name: None for name in held if name.startswith(LISTED) and name not in ours}
        if differs := {name: value for name, value in {**gone, **ours}.items() if held.get(name) != value}:
            self._write("", f"UNWIND $rows AS row MATCH (m:{META} {{owner: 'kgraph'}}) SET m += row", [differs])

    def _read(self, text: str) -> list[neo4j.Record]:
        return self.session.execute_read(lambda transaction: list(transaction.run(_text(text))))

    def _write(self, what: str, text: str, rows: list[Any]) -> None:
        """Puts a statement in line; a transaction takes about a batch of rows, of however many statements."""
        if rows:
            self.waiting.append((what, text, rows))
        if sum(len(rows) for _, _, rows in self.waiting) >= BATCH:
            self._flush()

    def _flush(self) -> None:
        if not self.waiting:
            return
        for what, count in self.session.execute_write(_run, self.waiting):
            if what:
                setattr(self.summary, what, getattr(self.summary, what) + count)
        self.waiting = []


def _run(transaction: neo4j.ManagedTransaction, statements: list[Statement]) -> list[tuple[str, int]]:
    """How many nodes or relationships each statement wrote."""
    found = [(what, transaction.run(_text(text), rows=rows).single()) for what, text, rows in statements]
    return [(what, int(record["n"])) for what, record in found if record]


def _sum(hashes: Iterable[int]) -> Sums:
    each = [hash % MODULUS for hash in hashes]
    return len(each), sum(each)


def _row(item: Link | Node) -> list[Any]:
    """A row of values: sent without the names of the properties, it is half as long and packed in half the time."""
    ends = [item.source, item.target] if isinstance(item, Link) else []
    return [*ends, *typed(item.columns, item.values), item.hash]


def _change(item: Link | Node) -> list[Any]:
    """The keys of an item and all its properties; a statement that names none of them is planned faster."""
    ends = [item.source, item.target] if isinstance(item, Link) else [item.key]
    return [*ends, {**item.properties, "hash": item.hash}]


def _by_kind(nodes: Iterable[Node], kind: NodeType) -> Iterator[tuple[str, list[Node]]]:
    """Nodes by the labels they get, since a label cannot be a parameter."""
    ordered = sorted(nodes, key=lambda node: node.kind or "")
    for second, group in groupby(ordered, key=lambda node: node.kind):
        labels = (OWNER, kind.label, *([Kind(second).value] if second else []))
        yield ":".join(labels), list(group)


# The statements. ------------------------------------------------------------------------------------------------------


def _sums() -> Iterator[str]:
    """How much there is of each label and type, and the sum of its hashes; what has none counts as 0."""
    total = f"count(*) AS n, coalesce(sum(toInteger(x.hash) % {MODULUS}), 0) AS sum"
    yield " UNION ALL ".join(
        f"MATCH (x:{kind.label}:{OWNER}) RETURN '{kind.label}' AS name, {total}" for kind in NODE_TYPES
    )
    yield f"MATCH (:{OWNER})-[x]->(:{OWNER}) WHERE x.hash IS NOT NULL RETURN type(x) AS name, {total}"


def _map(columns: Iterable[str], first: int) -> str:
    """The values of a row, from its first on, as properties."""
    return "{" + ", ".join(f"`{name}`: row[{n}]" for n, name in enumerate((*columns, "hash"), first)) + "}"


def _held_nodes(kind: NodeType) -> str:
    return f"MATCH (n:{kind.label}:{OWNER}) RETURN n.{kind.key} AS key, coalesce(n.hash, 0) AS hash"


def _create_nodes(labels: str, columns: tuple[str, ...]) -> str:
    return f"UNWIND $rows AS row CREATE (n:{labels} {_map(columns, 0)}) RETURN count(n) AS n"


def _find(name: str, label: str, key: str) -> str:
    """One node by its key. The hint keeps a plan made while the database was empty from scanning a full one."""
    return f"MATCH ({name}:{label}:{OWNER} {{{KEYS[label]}: {key}}}) USING INDEX SEEK {name}:{label}({KEYS[label]}) "


def _change_nodes(kind: NodeType, labels: str) -> str:
    off = f"REMOVE n:{':'.join(kind.kinds)} " if kind.kinds else ""
    found = _find("n", kind.label, "row[0]")
    return f"UNWIND $rows AS row {found}{off}SET n:{labels} SET n = row[1] RETURN count(n) AS n"


def _delete_nodes(kind: NodeType) -> str:
    return f"UNWIND $rows AS row {_find('n', kind.label, 'row')}DETACH DELETE n RETURN count(*) AS n"


def _ends(kind: LinkType) -> str:
    return _find("a", kind.source, "row[0]") + _find("b", kind.target, "row[1]")


def _held_links(kind: LinkType) -> str:
    apart = f"r.`{kind.told_apart}`" if kind.told_apart else "null"
    return (
        f"MATCH (a:{kind.source}:{OWNER})-[r:{kind.type}]->(b:{kind.target}:{OWNER}) WHERE r.hash IS NOT NULL "
        f"RETURN [a.{KEYS[kind.source]}, b.{KEYS[kind.target]}, {apart}] AS key, r.hash AS hash"
    )


def _create_links(kind: LinkType, columns: tuple[str, ...]) -> str:
    return f"UNWIND $rows AS row {_ends(kind)}CREATE (a)-[r:{kind.type} {_map(columns, 2)}]->(b) RETURN count(r) AS n"


def _change_links(kind: LinkType) -> str:
    return (
        f"UNWIND $rows AS row {_ends(kind)}MATCH (a)-[r:{kind.type} {{hash: row[3]}}]->(b) "
        "SET r = row[2] RETURN count(r) AS n"
    )


def _delete_links(kind: LinkType) -> str:
    """Looks at every relationship of the type once, by what is in the list."""
    return (
        f"MATCH (:{kind.source}:{OWNER})-[r:{kind.type}]->(:{kind.target}:{OWNER}) WHERE r.hash IN $rows "
        "DELETE r RETURN count(*) AS n"
    )


def _delete_unknown_links() -> str:
    """Relationships of types that the schema once had."""
    return (
        f"MATCH (:{OWNER})-[r]->(:{OWNER}) WHERE r.hash IS NOT NULL AND type(r) IN $rows DELETE r RETURN count(*) AS n"
    )
