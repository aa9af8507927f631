"""The statements by which a push reads and writes a Neo4j: plain Cypher 5, values as parameters only.

What is put into a statement are labels, types and keys of our own schema.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import LiteralString

from kgraph.graph.nodes import KEYS, META, MODULUS, NODE_TYPES, OWNER, LinkType, NodeType
from kgraph.schema import SCHEMA_VERSION


def safe(text: str) -> LiteralString:
    """A statement, made of labels, types and keys of our own schema, never of values; or a text that somebody asks."""
    return text


OWN = (
    f"MERGE (m:{META} {{owner: 'kgraph'}}) ON CREATE SET m:{OWNER}, m.graphId = $graph, "
    f"m.schemaVersion = {SCHEMA_VERSION} RETURN properties(m) AS own"
)


def declarations() -> Iterator[LiteralString]:
    """Constraints and indexes, before any data."""
    for label, key in {**KEYS, META: "owner"}.items():
        yield safe(f"CREATE CONSTRAINT kgraph_{label.lower()} IF NOT EXISTS FOR (n:{label}) REQUIRE n.{key} IS UNIQUE")
    yield "CREATE INDEX kgraph_actor_name IF NOT EXISTS FOR (a:Actor) ON (a.name)"
    yield "CREATE INDEX kgraph_claim_type IF NOT EXISTS FOR (c:Claim) ON (c.type)"
    yield "CREATE FULLTEXT INDEX kgraph_names IF NOT EXISTS FOR (a:Actor) ON EACH [a.name, a.aliases]"


def count_all() -> str:
    """How much there is of each label and type, and the sum of its hashes; what has none counts as 0."""
    total = f"count(*) AS n, coalesce(sum(toInteger(x.hash) % {MODULUS}), 0) AS sum"
    nodes = [f"MATCH (x:{kind.label}:{OWNER}) RETURN '{kind.label}' AS name, {total}" for kind in NODE_TYPES]
    links = f"MATCH (:{OWNER})-[x]->(:{OWNER}) WHERE x.hash IS NOT NULL RETURN type(x) AS name, {total}"
    return " UNION ALL ".join((*nodes, links))


def _map(columns: Iterable[str], first: int) -> str:
    """The values of a row, from its first on, as properties."""
    return "{" + ", ".join(f"`{name}`: row[{n}]" for n, name in enumerate((*columns, "hash"), first)) + "}"


def held_nodes(kind: NodeType) -> str:
    return f"MATCH (n:{kind.label}:{OWNER}) RETURN n.{kind.key} AS key, coalesce(n.hash, 0) AS hash"


def held_some_nodes() -> str:
    """The nodes with some keys, which are a parameter for each label: one statement, since planning takes the time."""
    return " UNION ALL ".join(
        f"UNWIND ${kind.label} AS row {_find('n', kind.label, 'row')}"
        f"RETURN '{kind.label}' AS label, row AS key, coalesce(n.hash, 0) AS hash"
        for kind in NODE_TYPES
    )


def held_some_links() -> str:
    """The relationships that go out from some nodes, by their keys, and those between some pairs of actors."""
    between = "WHERE r.hash IS NOT NULL RETURN type(r) AS type, "
    other = f"coalesce({', '.join(f'b.{key}' for key in KEYS.values())}) AS target, r.hash AS hash, {_APART} AS own"
    outward = [
        f"UNWIND ${kind.label} AS row {_find('a', kind.label, 'row')}MATCH (a)-[r]->(b:{OWNER}) {between}row AS source, {other}"
        for kind in NODE_TYPES
        if kind.label != "Actor"
    ]
    pairs = _find("a", "Actor", "row[0]") + _find("b", "Actor", "row[1]")
    ties = f"UNWIND $ties AS row {pairs}MATCH (a)-[r]->(b) {between}row[0] AS source, {other}"
    return " UNION ALL ".join((*outward, ties))


_APART = "{depth: r.depth, edgeId: r.edgeId, `from`: r.`from`}"  # by one of these, links between the same ends differ


def shown_nodes(kind: NodeType) -> str:
    return (
        f"MATCH (n:{kind.label}:{OWNER}) WHERE n.hash IS NOT NULL "
        "RETURN elementId(n) AS id, n.hash AS hash, labels(n) AS labels, properties(n) AS own"
    )


def shown_links(kind: LinkType) -> str:
    return (
        f"MATCH (:{kind.source}:{OWNER})-[r:{kind.type}]->(:{kind.target}:{OWNER}) WHERE r.hash IS NOT NULL "
        "RETURN elementId(r) AS id, r.hash AS hash, [] AS labels, properties(r) AS own"
    )


def mark(pattern: str) -> str:
    """Gives some nodes or relationships a hash that nothing has."""
    return f"UNWIND $rows AS row MATCH {pattern} WHERE elementId(x) = row[0] SET x.hash = row[1] RETURN count(*) AS n"


def create_nodes(labels: str, columns: tuple[str, ...]) -> str:
    return f"UNWIND $rows AS row CREATE (n:{labels} {_map(columns, 0)}) RETURN count(n) AS n"


def _find(name: str, label: str, key: str) -> str:
    """One node by its key. The hint keeps a plan made while the database was empty from scanning a full one."""
    return f"MATCH ({name}:{label}:{OWNER} {{{KEYS[label]}: {key}}}) USING INDEX SEEK {name}:{label}({KEYS[label]}) "


def change_nodes(kind: NodeType, labels: str) -> str:
    off = f"REMOVE n:{':'.join(kind.kinds)} " if kind.kinds else ""
    found = _find("n", kind.label, "row[0]")
    return f"UNWIND $rows AS row {found}{off}SET n:{labels} SET n = row[1] RETURN count(n) AS n"


def delete_nodes(kind: NodeType) -> str:
    return f"UNWIND $rows AS row {_find('n', kind.label, 'row')}DETACH DELETE n RETURN count(*) AS n"


def _ends(kind: LinkType) -> str:
    return _find("a", kind.source, "row[0]") + _find("b", kind.target, "row[1]")


def held_links(kind: LinkType) -> str:
    apart = f"r.`{kind.told_apart}`" if kind.told_apart else "null"
    return (
        f"MATCH (a:{kind.source}:{OWNER})-[r:{kind.type}]->(b:{kind.target}:{OWNER}) WHERE r.hash IS NOT NULL "
        f"RETURN [a.{KEYS[kind.source]}, b.{KEYS[kind.target]}, {apart}] AS key, r.hash AS hash"
    )


def create_links(kind: LinkType, columns: tuple[str, ...]) -> str:
    return f"UNWIND $rows AS row {_ends(kind)}CREATE (a)-[r:{kind.type} {_map(columns, 2)}]->(b) RETURN count(r) AS n"


def change_links(kind: LinkType) -> str:
    return (
        f"UNWIND $rows AS row {_ends(kind)}MATCH (a)-[r:{kind.type} {{hash: row[3]}}]->(b) "
        "SET r = row[2] RETURN count(r) AS n"
    )


def delete_links_between(kind: LinkType) -> str:
    return (
        f"UNWIND $rows AS row {_ends(kind)}MATCH (a)-[r:{kind.type} {{hash: row[2]}}]->(b) "
        "DELETE r RETURN count(*) AS n"
    )


def delete_links(kind: LinkType) -> str:
    """Looks at every relationship of the type once, by what is in the list."""
    return (
        f"MATCH (:{kind.source}:{OWNER})-[r:{kind.type}]->(:{kind.target}:{OWNER}) WHERE r.hash IN $rows "
        "DELETE r RETURN count(*) AS n"
    )


def delete_unknown_links() -> str:
    """Relationships of types that the schema once had."""
    return (
        f"MATCH (:{OWNER})-[r]->(:{OWNER}) WHERE r.hash IS NOT NULL AND type(r) IN $rows DELETE r RETURN count(*) AS n"
    )
