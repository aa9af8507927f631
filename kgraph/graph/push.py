"""Making a Neo4j hold what the tables say, writing only what differs.

Everything of ours carries the label KGraph and a hash of its content; the rest of the database is left alone.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, Any, TypeVar

from kgraph.errors import StoreError
from kgraph.folder import Folder, Location
from kgraph.folder.database import get_meta
from kgraph.folder.journal import State, Tie, Touched, find_state, read_tie, touched_since
from kgraph.graph.cypher import known_labels
from kgraph.graph.neo4j import connect, named_failures
from kgraph.graph.nodes import (
    BATCH,
    KEYS,
    META,
    NODE_TYPES,
    OWNER,
    Item,
    Keys,
    Link,
    LinkType,
    Node,
    NodeType,
    Sums,
    Tally,
    batches,
    columns_of,
    iter_links,
    iter_nodes,
    layout,
    link_types,
    number,
    typed,
)
from kgraph.graph.statements import (
    OWN,
    change_links,
    change_nodes,
    count_all,
    create_links,
    create_nodes,
    declarations,
    delete_links,
    delete_links_between,
    delete_nodes,
    delete_unknown_links,
    held_links,
    held_nodes,
    held_some_links,
    held_some_nodes,
    mark,
    safe,
    shown_links,
    shown_nodes,
)
from kgraph.records import Kind
from kgraph.schema import SCHEMA_VERSION

if TYPE_CHECKING:
    import neo4j

SHARE = 5  # where more than one in so many has changed, all is compared


@dataclass(slots=True)
class PushSummary:
    """How many nodes and relationships a push wrote."""

    created: int = 0
    changed: int = 0
    deleted: int = 0


Taken = TypeVar("Taken")
Between = tuple[str, str, int]  # the ends of a relationship, and its hash


def push(folder: Location, url: str, *, user: str, password: str, patience: float = 15, full: bool = False) -> PushSummary:
    """Makes a Neo4j hold the graph of a folder, writing only what differs from what it holds.

    A push that is broken off leaves a part of the new graph; the next one goes on from there. Where the server goes
    away, a step is tried again for `patience` seconds. A `full` one also looks for properties and labels of ours that
    somebody changed there by hand.
    """
    with Folder(folder).read() as db, connect(url, user, password, patience) as driver, named_failures(url):
        with driver.session() as session:
            meta = _claim(session, get_meta(db, "graphId") or "", url)
            return _Push(db, session, meta).run(full=full)


def _claim(session: neo4j.Session, graph: str, url: str) -> dict[str, Any]:
    """Writes whose database this is, on what keys; of two graphs that are pushed at once, one gets it.

    Gives what the meta node says.
    """
    names = {row["name"] for row in session.run("SHOW INDEXES YIELD name WHERE name STARTS WITH 'kgraph_' RETURN name")}
    for statement in declarations():
        if statement.split()[2 + statement.startswith("CREATE FULLTEXT")] not in names:
            session.run(statement).consume()
    meta = _owner(session) or session.execute_write(
        lambda transaction: dict(transaction.run(safe(OWN), graph=graph).single(strict=True)["own"])
    )
    if meta["graphId"] != graph:
        raise StoreError(
            f"{url}: the database belongs to another graph ({meta['graphId']}, this one is {graph}); "
            "push into a database of its own"
        )
    return meta


def _owner(session: neo4j.Session) -> dict[str, Any] | None:
    text = safe(f"MATCH (m:{META}:{OWNER} {{owner: 'kgraph'}}) RETURN properties(m) AS own")
    found = session.execute_read(lambda transaction: transaction.run(text).single())
    return dict(found["own"]) if found else None


Statement = tuple[str, str, list[Any]]  # what its count is a part of, its text, its rows
Held = dict[int, int]  # of what a server holds of a label or type: identity → hash, 0 where somebody took it away


@dataclass(slots=True)
class _Push:
    """One push under way. New nodes come first, then relationships, and what is gone goes last.

    The meta node says, after every push, of which state of the graph the database is, and how much it holds with which
    sums of hashes. Where the server's own sums still say the same, and the graph knows what it has changed since that
    state, only this is looked at; else all is compared.
    """

    db: sqlite3.Connection
    session: neo4j.Session
    meta: Mapping[str, Any]
    summary: PushSummary = field(default_factory=PushSummary)
    tally: Tally = field(default_factory=Tally)  # what the server holds when all is written
    waiting: list[Statement] = field(default_factory=list)
    as_told: bool = True  # whether every statement wrote as much as it should

    def run(self, *, full: bool) -> PushSummary:
        sums = {row["name"]: (row["n"], row["sum"]) for row in self._read(count_all()) if row["n"]}
        touched = None if full else self._touched(sums)
        if touched is None:
            self._compare_all(sums, full=full)
        else:
            self.tally.sums = sums
            self._compare(touched)
        self._sign()
        return self.summary

    def _touched(self, sums: dict[str, Sums]) -> Touched | None:
        """What may differ; None where it may be anything."""
        meta = self.meta
        holds = {name: tuple(each) for name, each in json.loads(meta.get("holds", "{}")).items()}
        if meta.get("layout") != layout() or not meta.get("state") or holds != sums:
            return None
        touched = touched_since(self.db, State(int(meta["change"]), str(meta["state"])))
        few = sum(count for count, _ in sums.values()) / SHARE
        return touched if touched is not None and sum(map(len, touched.values())) <= few else None

    # All of it.

    def _compare_all(self, sums: Mapping[str, Sums], *, full: bool) -> None:
        self.tally = Tally()
        if full:
            for kind in NODE_TYPES:
                self._mark_edited(iter_nodes(self.db, kind), shown_nodes(kind), mark("(x)"))
            for link in link_types():
                self._mark_edited(iter_links(self.db, link), shown_links(link), mark("()-[x]->()"))
            self._flush()
        gone = {kind: self._compare_nodes(kind, there=kind.label in sums) for kind in NODE_TYPES}
        for link in link_types():
            self._compare_links(link, there=link.type in sums)
        if unknown := sorted({*sums} - {kind.type for kind in link_types()} - {*KEYS}):
            self._write("deleted", delete_unknown_links(), unknown)
        for kind, found in gone.items():
            for keys in batches(found):
                self._write("deleted", delete_nodes(kind), keys)

    def _compare_nodes(self, kind: NodeType, *, there: bool) -> list[str]:
        """Creates and changes the nodes of a label; gives the keys of those that are gone."""
        held = self._held(held_nodes(kind)) if there else {}
        for nodes in batches(self.tally.watch(kind.label, iter_nodes(self.db, kind))):
            self._put_nodes(kind, [(node, held.pop(node.identity, None)) for node in nodes])
        return [row["key"] for row in self._read(held_nodes(kind)) if number(row["key"]) in held] if held else []

    def _compare_links(self, kind: LinkType, *, there: bool) -> None:
        """Makes the relationships of a type those of the tables."""
        held = self._held(held_links(kind), delete_links(kind)) if there else {}
        for links in batches(self.tally.watch(kind.type, iter_links(self.db, kind))):
            self._put_links(kind, [(link, held.pop(link.identity, None)) for link in links])
        for hashes in batches(held.values()):
            self._write("deleted", delete_links(kind), hashes)

    def _held(self, text: str, delete: str | None = None) -> Held:
        """What the server holds. Of relationships that stand twice, all go first, and one is written again."""
        held, twice = self._take(_identities, text)
        if twice and delete:
            gone = {held.pop(identity) for identity, _ in twice if identity in held} | {hash for _, hash in twice}
            self._write("deleted", delete, sorted(gone))
        return held

    def _mark_edited(self, items: Iterable[Node | Link], text: str, mark: str) -> None:
        """Takes away the hash of what says something else than its hash does, so that it is written again."""
        wanted = {item.hash: _shown(_labels(item), {**item.properties, "hash": item.hash}) for item in items}

        def edited(result: neo4j.Result) -> list[str]:
            rows = ((row["id"], row["hash"], _shown(row["labels"], row["own"])) for row in result)
            return [id for id, hash, shown in rows if wanted.get(hash, shown) != shown]

        for some in batches([id, -n] for n, id in enumerate(self._take(edited, text), 1)):
            self._write("", mark, some)

    # What may differ.

    def _compare(self, touched: Touched) -> None:
        """Nodes before relationships, which find them by their keys; what is gone goes last."""
        keys = self._keys(touched)
        ties = [read_tie(key) for key in touched.get("tie", ())]
        gone: dict[NodeType, list[str]] = {kind: [] for kind in NODE_TYPES}
        for some in _side_by_side(keys):
            held = self._held_some_nodes(some)
            for kind in NODE_TYPES:
                gone[kind] += self._compare_some_nodes(kind, some[kind.label], held[kind.label])
        for some in _side_by_side({**keys, "Actor": [], "ties": ties}):
            self._compare_some(some.pop("ties"), some)
        for kind, those in gone.items():
            self._write("deleted", delete_nodes(kind), those)

    def _keys(self, touched: Touched) -> dict[str, list[str]]:
        """The keys of nodes that may differ, or what goes out from them. Of an article hang the sentences in it."""
        keys = {kind.label: touched.get(kind.label.lower(), []) for kind in NODE_TYPES}
        if keys["Article"]:
            text = "SELECT id FROM told WHERE article IN (SELECT value FROM json_each(?))"
            told = [id for (id,) in self.db.execute(text, (json.dumps(keys["Article"]),))]
            keys["Evidence"] = sorted({*keys["Evidence"], *told})
        return keys

    def _held_some_nodes(self, some: dict[str, list[Any]]) -> dict[str, dict[str, int]]:
        held: dict[str, dict[str, int]] = {label: {} for label in KEYS}
        for row in self._read(held_some_nodes(), **some):
            held[row["label"]][row["key"]] = row["hash"]
        return held

    def _compare_some_nodes(self, kind: NodeType, some: list[str], held: dict[str, int]) -> Iterable[str]:
        """Creates and changes nodes; gives the keys of those that are gone."""
        if not some:
            return ()
        both = [(node, held.pop(node.key, None)) for node in iter_nodes(self.db, kind, some)]
        self._count(kind.label, both, held.values())
        self._put_nodes(kind, both)
        return held

    def _compare_some(self, ties: list[Tie], some: dict[str, list[Any]]) -> None:
        """Makes the relationships that go out from some nodes those of the tables, and those between some actors."""
        held = self._held_some_links({**some, "ties": [[tie.source, tie.target] for tie in ties]})
        for kind in link_types():
            there = held.get(kind.type, {})
            if some[kind.source]:
                self._compare_some_links(kind, some[kind.source], there)
            elif own := [tie for tie in ties if tie.type == kind.type]:
                ends = {(tie.source, tie.target) for tie in own}
                there = {identity: one for identity, one in there.items() if one[:2] in ends}
                self._compare_some_links(kind, [tie.id or [tie.source, tie.target] for tie in own], there)

    def _held_some_links(self, some: dict[str, list[Any]]) -> dict[str, dict[int, Between]]:
        """By type and identity."""
        apart = {kind.type: kind.told_apart for kind in link_types()}
        found: dict[str, dict[int, Between]] = {}
        for type, source, target, hash, own in map(tuple, self._read(held_some_links(), **some)):
            identity = number(source, target, own.get(apart.get(type)))
            found.setdefault(type, {})[identity] = source, target, hash
        return found

    def _compare_some_links(self, kind: LinkType, some: Keys, held: dict[int, Between]) -> None:
        both = [(link, held.pop(link.identity, (None,))[-1]) for link in iter_links(self.db, kind, some)]
        self._count(kind.type, both, [hash for *_, hash in held.values()])
        self._put_links(kind, both)
        self._write("deleted", delete_links_between(kind), list(map(list, held.values())))

    def _count(self, name: str, both: Iterable[tuple[Item, int | None]], gone: Iterable[int]) -> None:
        """Keeps the tally for what is written of a label or type, and for what goes."""
        for item, old in both:
            if old is not None:
                self.tally.drop(name, old)
            self.tally.add(name, item.hash)
        for hash in gone:
            self.tally.drop(name, hash)

    # Writing.

    def _put_nodes(self, kind: NodeType, both: list[tuple[Node, int | None]]) -> None:
        """Nodes, each with the hash that the server holds, if it holds it."""
        columns = columns_of(self.db, kind)
        for label, rows in _by_kind((node for node, old in both if old is None), kind):
            self._write("created", create_nodes(label, columns), list(map(_row, rows)))
        for label, rows in _by_kind((node for node, old in both if old not in (None, node.hash)), kind):
            self._write("changed", change_nodes(kind, label), list(map(_change, rows)))

    def _put_links(self, kind: LinkType, both: list[tuple[Link, int | None]]) -> None:
        """The same for relationships."""
        columns = columns_of(self.db, kind)
        self._write("created", create_links(kind, columns), [_row(link) for link, old in both if old is None])
        other = [[*_change(link), old] for link, old in both if old not in (None, link.hash)]
        self._write("changed", change_links(kind), other)

    def _sign(self) -> None:
        """Writes into the meta node what the database holds now, and of which state, where it says otherwise."""
        self._flush()
        state = find_state(self.db) if self.as_told else None
        held = self.meta
        ours = dict.fromkeys(held.keys() - {"owner", "graphId"}) | signature(self.tally, state)
        if differs := {name: value for name, value in ours.items() if held.get(name) != value}:
            self._write("", f"UNWIND $rows AS row MATCH (m:{META} {{owner: 'kgraph'}}) SET m += row", [differs])
        self._flush()

    def _read(self, text: str, **parameters: Any) -> list[neo4j.Record]:
        return self._take(list, text, **parameters)

    def _take(self, take: Callable[[neo4j.Result], Taken], text: str, **parameters: Any) -> Taken:
        """What is taken of a statement's records; they are asked for again where the server goes away."""
        return self.session.execute_read(lambda transaction: take(transaction.run(safe(text), parameters)))

    def _write(self, what: str, text: str, rows: list[Any]) -> None:
        """Puts a statement in line; a transaction takes about a batch of rows, of however many statements."""
        if rows:
            self.waiting.append((what, text, rows))
        if sum(len(rows) for _, _, rows in self.waiting) >= BATCH:
            self._flush()

    def _flush(self) -> None:
        if not self.waiting:
            return
        counts = self.session.execute_write(_run, self.waiting)
        for (what, _, rows), count in zip(self.waiting, counts, strict=True):
            if what:
                setattr(self.summary, what, getattr(self.summary, what) + count)
                self.as_told &= count >= len(rows)
        self.waiting = []


def _run(transaction: neo4j.ManagedTransaction, statements: list[Statement]) -> list[int]:
    """How many nodes or relationships each statement wrote."""
    found = [transaction.run(safe(text), rows=rows).single() for _, text, rows in statements]
    return [int(record["n"]) if record else 0 for record in found]


def signature(tally: Tally, state: State | None) -> dict[str, Any]:
    """What the meta node says of a database besides whose it is."""
    return {
        "schemaVersion": SCHEMA_VERSION,
        "layout": layout(),
        "digest": tally.digest,
        "holds": json.dumps(tally.filled),
        "change": state.change if state else None,
        "state": state.name if state else None,
    }


def _identities(result: neo4j.Result) -> tuple[Held, list[tuple[int, int]]]:
    """Records of keys and hashes by identity, and those whose identity came before."""
    held, twice = Held(), []
    for key, hash in map(tuple, result):
        identity = number(*key) if isinstance(key, list) else number(key)
        if identity in held:
            twice.append((identity, hash))
        else:
            held[identity] = hash
    return held, twice


def _side_by_side(lists: dict[str, list[Any]]) -> Iterator[dict[str, list[Any]]]:
    """Lists in batches: the first of each, the second of each, …"""
    for start in range(0, max(map(len, lists.values())), BATCH):
        yield {name: each[start : start + BATCH] for name, each in lists.items()}


def _labels(item: Node | Link) -> list[str]:
    return item.labels if isinstance(item, Node) else []


def _shown(labels: Iterable[str], properties: Mapping[str, Any]) -> int:
    """A hash of what somebody sees; labels that are not ours do not count."""
    return number(sorted(known_labels().intersection(labels)), sorted(properties.items()))


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
        yield ":".join((OWNER, kind.label, *([Kind(second).value] if second else []))), list(group)
