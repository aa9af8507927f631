"""What `kgraph push` costs beside a minimal loader and beside row-by-row MERGE, on a real Neo4j started for it.

    python benchmarks/push_speed.py [--nodes 10000] [--links 20000] [--runs 3]

All loaders get the same rows from the same graph folder, use the same driver and the same server, and start with an
empty database; they take turns, and the medians count. The minimal loader declares the keys and sends
`UNWIND $rows CREATE` in batches, without hashes, owner, retry or comparison. A server keeps the plans of statements: the first
push after a change makes it plan those that no push had before, later ones do not. Row by row sends one MERGE a node and one a
relationship, of a twentieth of the rows, and is multiplied. Needs Java 17 and Maven, as the tests do.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent.parent / "tests")]

from conftest import Neo4j, class_path, started
from graphs import write_graph
from neo4j import GraphDatabase, Session

from kgraph.folder import Folder
from kgraph.folder.database import transaction
from kgraph.graph.nodes import KEYS, NODE_TYPES, LinkType, batches, iter_links, iter_nodes, link_types
from kgraph.graph.push import push

SHARE = 20  # of the rows, one in so many goes row by row


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--nodes", type=int, default=10_000)
    options.add_argument("--links", type=int, default=20_000)
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--no-rows", action="store_true", help="leave out row by row, which takes the longest")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place, "g.kg")
        write_graph(folder, chosen.nodes, chosen.links)
        home = Path(place, "neo4j")
        home.mkdir()
        with started(home, class_path(home)) as server:
            compare(server, folder, chosen.runs, rows=not chosen.no_rows)


def compare(server: Neo4j, folder: Path, runs: int, *, rows: bool) -> None:
    took: dict[str, list[float]] = {name: [] for name in ("minimal", "push", "second", "change", "again", "rows")}
    for run in range(runs + 1):  # the first warms the server up and does not count
        once = {
            "minimal": timed(server, lambda: minimal(server, folder), clear=True),
            **({"rows": SHARE * timed(server, lambda: row_by_row(server, folder), clear=True)} if rows else {}),
            "push": timed(server, lambda: pushed(server, folder), clear=True),
            "second": timed(server, lambda: pushed(server, folder), clear=False),
        }
        for name in ("change", "again"):
            change(folder)
            once[name] = timed(server, lambda: pushed(server, folder), clear=False)
        print("  ".join(f"{name} {seconds:.2f} s" for name, seconds in once.items()), "" if run else "(warming up)")
        for name, seconds in once.items():
            took[name] += [seconds] if run else []
    middle = {name: statistics.median(seconds) for name, seconds in took.items() if seconds}
    print(f"push / minimal loader: {middle['push'] / middle['minimal']:.2f}")
    if rows:
        print(f"row by row / push: {middle['rows'] / middle['push']:.1f}")
    print(f"second push / push: {middle['second'] / middle['push']:.3f}")
    print(f"first push after a change of 1 % / push: {middle['change'] / middle['push']:.3f} (the server plans its statements)")
    print(f"later push after a change of 1 % / push: {middle['again'] / middle['push']:.3f}")


def timed(server: Neo4j, act: Callable[[], object], *, clear: bool) -> float:
    if clear:
        server.clear()
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def pushed(server: Neo4j, folder: Path) -> None:
    print("   ", push(folder, server.url, **server.login))


def minimal(server: Neo4j, folder: Path) -> None:
    with GraphDatabase.driver(server.url, auth=(server.user, server.password)) as driver, driver.session() as session:
        for label, key in KEYS.items():
            session.run(f"CREATE CONSTRAINT FOR (n:{label}) REQUIRE n.{key} IS UNIQUE").consume()
        with Folder(folder).read() as db:
            for kind in NODE_TYPES:
                for nodes in batches(iter_nodes(db, kind)):
                    rows = [node.properties for node in nodes]
                    session.run(f"UNWIND $rows AS row CREATE (n:{kind.label}) SET n = row", rows=rows).consume()
            for link in link_types():
                for links in batches(iter_links(db, link)):
                    session.run(
                        f"UNWIND $rows AS row MATCH (a:{link.source} {{{KEYS[link.source]}: row.a}}) "
                        f"MATCH (b:{link.target} {{{KEYS[link.target]}: row.b}}) CREATE (a)-[r:{link.type}]->(b) SET r = row.p",
                        rows=[{"a": each.source, "b": each.target, "p": each.properties} for each in links],
                    ).consume()


def row_by_row(server: Neo4j, folder: Path) -> None:
    with GraphDatabase.driver(server.url, auth=(server.user, server.password)) as driver, driver.session() as session:
        for label, key in KEYS.items():
            session.run(f"CREATE CONSTRAINT FOR (n:{label}) REQUIRE n.{key} IS UNIQUE").consume()
        with Folder(folder).read() as db:
            for kind in NODE_TYPES:
                for node in list(iter_nodes(db, kind))[::SHARE]:
                    text = f"MERGE (n:{kind.label} {{{kind.key}: $key}}) SET n += $row"
                    session.run(text, key=node.key, row=node.properties).consume()
            for link in link_types():
                for each in list(iter_links(db, link))[::SHARE]:
                    merge_link(session, link, each.source, each.target, each.properties)


def merge_link(session: Session, link: LinkType, source: str, target: str, row: dict[str, object]) -> None:
    text = (
        f"MERGE (a:{link.source} {{{KEYS[link.source]}: $a}}) MERGE (b:{link.target} {{{KEYS[link.target]}: $b}}) "
        f"MERGE (a)-[r:{link.type}]->(b) SET r += $row"
    )
    session.run(text, a=source, b=target, row=row).consume()


def change(folder: Path) -> None:
    """One in a hundred nodes and relationships says something else afterwards."""
    with Folder(folder).write() as db, transaction(db):
        for table in ("actor", "claim", "edge"):
            db.execute(f"UPDATE {table} SET articles = articles + 1 WHERE id LIKE '%17'")
        db.execute("UPDATE evidence SET stage = stage || '!' WHERE id LIKE '%17'")
        db.execute("UPDATE article SET title = title || '!' WHERE key LIKE '%17'")
        db.execute("UPDATE claim_role SET evidence = evidence + 1 WHERE claim LIKE '%18' OR claim LIKE '%19'")
        db.execute("UPDATE meta SET value = value + 1 WHERE name = 'changes'")


if __name__ == "__main__":
    main()
