"""The graph that people query, as rows from the tables: nodes by label, links by type, each with a hash of its content.

Every store is filled from here, so that all of them hold the same graph.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from hashlib import blake2b
from itertools import islice
from typing import Any, TypeVar

from kgraph.records import Kind
from kgraph.schema import SCHEMA_VERSION, load_schema

Properties = dict[str, Any]

BATCH = 5000  # rows that go to a store at once
OWNER = "KGraph"  # the label of every node that kgraph made
MODULUS = 2**31 - 1  # what is summed of a hash, so that no sum is too large for Cypher
META = "Meta"  # the label of the one node that says which graph this is


@dataclass(frozen=True, slots=True)
class NodeType:
    """A label, the property that names its nodes, and the query whose columns are their properties.

    A query has a place where it can be narrowed to some rows.
    """

    label: str
    key: str
    sql: str
    by: str  # what of its rows names them
    kinds: tuple[str, ...] = ()  # further labels, of which each node has the one in its property `kind`


@dataclass(frozen=True, slots=True)
class LinkType:
    """A relationship type between two labels; the first two columns of its query are the ends."""

    type: str
    source: str
    target: str
    sql: str
    by: str  # what of its rows names the source; actors have many links, so of theirs it names one, or both ends
    parameters: tuple[str, ...] = ()
    told_apart: str | None = None  # the property that tells links between the same two ends apart


@dataclass(frozen=True, slots=True)
class Node:
    """A row of a label's table; its properties are made when they are asked for, since most rows are only compared."""

    label: str
    key: str
    kind: str | None
    identity: int  # of what makes it this node
    hash: int  # of all it says
    columns: tuple[str, ...]
    values: tuple[Any, ...]

    @property
    def labels(self) -> list[str]:
        return [OWNER, self.label, *([self.kind] if self.kind else [])]

    @property
    def properties(self) -> Properties:
        return _properties(self.columns, self.values)


@dataclass(frozen=True, slots=True)
class Link:
    """A row of a type's table, with the keys of its ends."""

    source: str
    target: str
    identity: int
    hash: int
    columns: tuple[str, ...]
    values: tuple[Any, ...]

    @property
    def properties(self) -> Properties:
        return _properties(self.columns, self.values)


Item = TypeVar("Item", Node, Link)
Thing = TypeVar("Thing")

ACTORS = "SELECT id AS actorId, name, kind, aliases, country, articles FROM actor WHERE TRUE{some} ORDER BY id"
CLAIMS = """
SELECT id AS claimId, type, text, status, latest_status AS latestStatus, realised, current, disputed, stage, articles,
       origins, denying_origins AS denyingOrigins, first_reported AS firstReported, last_reported AS lastReported,
       event_from AS eventFrom, event_to AS eventTo, valid_from AS validFrom, valid_to AS validTo,
       review_status AS reviewStatus, trust, credibility
FROM claim WHERE TRUE{some} ORDER BY id"""
EVIDENCE = """
SELECT e.id AS evidenceId, e.event AS eventId, e.sentence, e.start, e."end", e.status, e.polarity, e.stage, e.certainty,
       e.hypothetical, e.voice, e.cues AS cue, e.frame, e.reader, e.score, a.published AS reportedOn,
       e.event_from AS eventFrom, e.event_to AS eventTo, e.date_precision AS datePrecision, e.review_status AS reviewStatus,
       (SELECT json_group_array(text) FROM (SELECT text FROM speaker WHERE evidence = e.id ORDER BY depth)) AS speakers,
       (SELECT min(origin) FROM claim_evidence WHERE evidence = e.id) AS origin
FROM told AS e JOIN article AS a ON a.key = e.article WHERE TRUE{some} ORDER BY e.id"""
ARTICLES = """
SELECT key AS articleKey, title, published AS publishedOn, outlet, url, path, cluster FROM article
WHERE TRUE{some} ORDER BY key"""

ROLES = "SELECT claim, actor, evidence AS n FROM claim_role WHERE role = ?{some} ORDER BY claim, actor"
ABOUT = "SELECT evidence, claim FROM claim_evidence WHERE TRUE{some} ORDER BY evidence, claim"
FOUND_IN = "SELECT id, article FROM told WHERE TRUE{some} ORDER BY id"
SAID_BY = """
SELECT s.evidence, r.actor, s.depth
FROM speaker AS s JOIN evidence AS e ON e.id = s.evidence
JOIN resolution AS r ON r.article = e.article AND r.local = s.local
WHERE TRUE{some} ORDER BY s.evidence, s.depth"""
MENTIONS = """
SELECT m.article, r.actor, count(*) AS n
FROM mention AS m JOIN resolution AS r ON r.article = m.article AND r.local = m.local
WHERE TRUE{some} GROUP BY m.article, r.actor ORDER BY m.article, r.actor"""
CONFLICTS = "SELECT claim, other FROM conflict WHERE TRUE{some} ORDER BY claim, other"
EDGES = """
SELECT source, target, id AS edgeId, status, latest_status AS latestStatus, realised, current, disputed, stage,
       articles, origins, first_reported AS firstReported, last_reported AS lastReported, valid_from AS validFrom,
       valid_to AS validTo, trust, items, claims AS claimIds
FROM edge WHERE type = ?{some} ORDER BY id"""
BACKGROUND = """
SELECT source, target, "from", nullif("to", '') AS "to"
FROM background AS b WHERE type = ?{some} ORDER BY source, target, b."from" """

ENDS = "(source, target)"
BACKGROUND_TYPES = ("PART_OF", "OFFICE_OF", "VARIANT_OF")

# What SQLite keeps otherwise than a graph does.
READ_AS: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys(("aliases", "items", "claimIds", "speakers"), json.loads),
    **dict.fromkeys(("realised", "current", "disputed", "hypothetical"), bool),
    "cue": lambda cues: ", ".join(json.loads(cues)) or None,
}

NODE_TYPES = (
    NodeType("Actor", "actorId", ACTORS, "id", tuple(kind.value for kind in Kind)),
    NodeType("Claim", "claimId", CLAIMS, "id"),
    NodeType("Evidence", "evidenceId", EVIDENCE, "e.id"),
    NodeType("Article", "articleKey", ARTICLES, "key"),
)
KEYS = {node.label: node.key for node in NODE_TYPES}


@cache
def link_types() -> tuple[LinkType, ...]:
    """All relationship types; those of roles and edges come from the schema."""
    relations = load_schema().values()
    roles = sorted({role for relation in relations for role in relation.roles})
    edges = sorted({edge.type for relation in relations for edge in relation.projections})
    return (
        *(LinkType(role.upper(), "Claim", "Actor", ROLES, "claim", (role,)) for role in roles),
        LinkType("ABOUT", "Evidence", "Claim", ABOUT, "evidence"),
        LinkType("FOUND_IN", "Evidence", "Article", FOUND_IN, "id"),
        LinkType("SAID_BY", "Evidence", "Actor", SAID_BY, "s.evidence", told_apart="depth"),
        LinkType("MENTIONS", "Article", "Actor", MENTIONS, "m.article"),
        LinkType("CONFLICTS_WITH", "Claim", "Claim", CONFLICTS, "claim"),
        *(LinkType(edge, "Actor", "Actor", EDGES, "id", (edge,), told_apart="edgeId") for edge in edges),
        *(LinkType(name, "Actor", "Actor", BACKGROUND, ENDS, (name,), told_apart="from") for name in BACKGROUND_TYPES),
    )


Keys = Iterable[str | list[str]]  # what the column `by` of a label or type says


def iter_nodes(db: sqlite3.Connection, kind: NodeType, some: Keys | None = None) -> Iterator[Node]:
    """The nodes of a label, or some of them, in the order of their keys."""
    cursor = db.execute(*select(kind, some))
    columns = _columns(cursor)
    key, second = columns.index(kind.key), columns.index("kind") if kind.kinds else None
    for values in cursor:
        own = values[key]
        kept = values[second] if second else None
        yield Node(kind.label, own, kept, number(own), number(columns, values), columns, values)


def iter_links(db: sqlite3.Connection, kind: LinkType, some: Keys | None = None) -> Iterator[Link]:
    """The links of a type, or some of them, in the order of their ends."""
    cursor = db.execute(*select(kind, some))
    columns = _columns(cursor)[2:]
    apart = columns.index(kind.told_apart) + 2 if kind.told_apart else None
    for row in cursor:
        identity = number(row[0], row[1], row[apart] if apart else None)
        yield Link(row[0], row[1], identity, number(columns, row), columns, row[2:])


def select(kind: NodeType | LinkType, some: Keys | None = None) -> tuple[str, tuple[str, ...]]:
    """The query for a label or type, and its parameters."""
    parameters = kind.parameters if isinstance(kind, LinkType) else ()
    if some is None:
        return kind.sql.format(some=""), parameters
    listed = "json_extract(value, '$[0]'), json_extract(value, '$[1]')" if kind.by == ENDS else "value"
    text = kind.sql.format(some=f" AND {kind.by} IN (SELECT {listed} FROM json_each(?))")
    return text, (*parameters, json.dumps(list(some)))


def columns_of(db: sqlite3.Connection, kind: NodeType | LinkType) -> tuple[str, ...]:
    """The properties that nodes of a label or links of a type can have, in the order of their rows' values."""
    text, parameters = select(kind)
    found = _columns(db.execute(f"SELECT * FROM ({text}) LIMIT 0", parameters))
    return found if isinstance(kind, NodeType) else found[2:]


def _columns(cursor: sqlite3.Cursor) -> tuple[str, ...]:
    return tuple(column for column, *_ in cursor.description)


def typed(columns: Iterable[str], values: Iterable[Any]) -> list[Any]:
    """Values as a graph keeps them."""
    return [
        READ_AS[name](value) if name in READ_AS and value is not None else value
        for name, value in zip(columns, values, strict=True)
    ]


def _properties(columns: tuple[str, ...], values: tuple[Any, ...]) -> Properties:
    """The properties that have a value: in a graph, what is unknown is not there."""
    return {name: value for name, value in zip(columns, typed(columns, values), strict=True) if value is not None}


def number(*parts: object) -> int:
    """A hash of 62 bits; Cypher can add such numbers up, which it cannot do with texts."""
    return int.from_bytes(blake2b(repr(parts).encode(), digest_size=8).digest(), "big") >> 2


ROLLED_UP = """
CREATE TEMP VIEW claim_role AS
SELECT r.claim, r.role, coalesce(l.higher, r.actor) AS actor, sum(r.evidence) AS evidence
FROM main.claim_role AS r LEFT JOIN temp.lift AS l ON l.actor = r.actor GROUP BY 1, 2, 3;
CREATE TEMP VIEW edge AS
SELECT e.id, e.type, coalesce(s.higher, e.source) AS source, coalesce(t.higher, e.target) AS target, e.status,
       e.latest_status, e.realised, e.current, e.disputed, e.stage, e.articles, e.origins, e.first_reported,
       e.last_reported, e.valid_from, e.valid_to, e.trust, e.items, e.claims
FROM main.edge AS e LEFT JOIN temp.lift AS s ON s.actor = e.source LEFT JOIN temp.lift AS t ON t.actor = e.target
WHERE coalesce(s.higher, e.source) <> coalesce(t.higher, e.target);"""


def roll_up(db: sqlite3.Connection, higher: Mapping[str, str]) -> None:
    """From now on, on this connection, roles and edges name for some actors those that stand above them.

    The views hide the tables of the same names. Edges stay as many as they are, so that each keeps its own status.
    """
    db.execute("CREATE TEMP TABLE lift (actor TEXT PRIMARY KEY, higher TEXT NOT NULL)")
    db.executemany("INSERT INTO temp.lift VALUES (?, ?)", higher.items())
    text = ROLLED_UP
    for table in ("claim_role", "edge"):
        if db.execute("SELECT 1 FROM temp.sqlite_schema WHERE name = ?", (table,)).fetchone():  # of a period
            db.execute(f"ALTER TABLE temp.{table} RENAME TO {table}_of_period")
            text = text.replace(f"main.{table}", f"temp.{table}_of_period")
    for statement in text.split(";")[:-1]:
        db.execute(statement)


Sums = tuple[int, int]  # how many, and the sum of their hashes


@dataclass(slots=True)
class Tally:
    """How much there is of each label and type, and the sum of its hashes, which is the same in any order."""

    sums: dict[str, Sums] = field(default_factory=dict)

    def watch(self, name: str, items: Iterable[Item]) -> Iterator[Item]:
        """The same items, counted under a label or type."""
        self.sums.setdefault(name, (0, 0))
        for item in items:
            self.add(name, item.hash)
            yield item

    def add(self, name: str, hash: int) -> None:
        """One more of this hash."""
        count, total = self.sums.get(name, (0, 0))
        self.sums[name] = count + 1, total + hash % MODULUS

    def drop(self, name: str, hash: int) -> None:
        """One fewer."""
        count, total = self.sums.get(name, (0, 0))
        self.sums[name] = count - 1, total - hash % MODULUS

    @property
    def counts(self) -> dict[str, int]:
        return {name: count for name, (count, _) in self.sums.items()}

    @property
    def filled(self) -> dict[str, Sums]:
        """Without the labels and types of which there is nothing, in the order of their names."""
        return {name: sums for name, sums in sorted(self.sums.items()) if sums[0]}

    @property
    def digest(self) -> str:
        """The same for equal graphs."""
        return blake2b(repr(self.filled).encode(), digest_size=8).hexdigest()


def layout() -> str:
    """A name for how graphs are laid out: graphs of different layouts have different hashes for the same content."""
    parts = [(kind.sql, kind.key) for kind in NODE_TYPES], [(kind.type, kind.sql) for kind in link_types()]
    return blake2b(repr((parts, sorted(READ_AS), SCHEMA_VERSION)).encode(), digest_size=8).hexdigest()


def batches(items: Iterable[Thing], size: int = BATCH) -> Iterator[list[Thing]]:
    """The items in lists of a size."""
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch
