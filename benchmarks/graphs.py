"""Graph folders of a wanted size, for the benchmarks of stores: nothing was read, the tables are filled by number."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from pathlib import Path

from kgraph.folder import Folder
from kgraph.folder.database import transaction

DAY = "2024-{:02}-{:02}"


def write_graph(folder: Path, nodes: int, links: int) -> None:
    """A new graph folder with about so many nodes (a quarter actors and claims each) and relationships."""
    with Folder(folder).write() as db, transaction(db):
        _Numbered(db, nodes).write(links)
        db.execute("UPDATE meta SET value = '1' WHERE name = 'changes'")


class _Numbered:
    """Rows by number, spread over the graph by strides that share no factor with the counts."""

    def __init__(self, db: sqlite3.Connection, nodes: int) -> None:
        self.db, self.quarter, self.articles = db, nodes // 4, nodes // 10
        self.evidence = nodes - 2 * self.quarter - self.articles

    def write(self, links: int) -> None:
        quarter = self.quarter
        self.many("actor", ((f"group:{n:06}", f"Group {n}", "Group", '["G"]', None, n % 9, 0) for n in range(quarter)))
        self.many("article", map(self.article, range(self.articles)))
        self.many("claim", map(self.claim, range(quarter)))
        self.many("claim_role", ((f"c{n:06}", role, self.actor(n * step), 1) for n in range(quarter) for role, step in (("supplier", 7919), ("recipient", 104729))))  # fmt: skip
        self.many("evidence", map(self.sentence, range(self.evidence)))
        self.many("claim_evidence", ((f"c{n % quarter:06}", f"e{n:06}", "origin") for n in range(self.evidence)))
        rest = links - 2 * quarter - 2 * self.evidence
        edges = rest // 2
        self.many("edge", map(self.edge, range(edges)))
        self.mentions(rest - edges)

    def actor(self, number: int) -> str:
        return f"group:{number % self.quarter:06}"

    def article(self, n: int) -> tuple[object, ...]:
        key = f"https://news.example/{n:06}"
        return (key, key, f"Title {n}", "Text.", DAY.format(n % 12 + 1, n % 28 + 1), "The Daily", key, None, "en", "[]", key, None, None, "f", "2024-01-01T00:00:00")  # fmt: skip

    def claim(self, n: int) -> tuple[object, ...]:
        day = DAY.format(n % 12 + 1, n % 28 + 1)
        return (f"c{n:06}", "SUPPLIES", f"Group {n} supplies", "asserted", "asserted", 1, 1, 0, "done", 1, 1, 0, day, day, None, None, None, None, None)  # fmt: skip

    def sentence(self, n: int) -> tuple[object, ...]:
        article = f"https://news.example/{n % self.articles:06}"
        return (f"e{n:06}", f"v{n}", article, "SUPPLIES", f"Group {n} sent rockets to the other group.", 0, 40, "sent", 8, 12, "sent: x", "frames", "asserted", "affirmed", "done", "certain", 0, "author", "[]", None, None, None)  # fmt: skip

    def edge(self, n: int) -> tuple[object, ...]:
        day = DAY.format(n % 12 + 1, n % 28 + 1)
        ends = self.actor(n * 7919), self.actor(n * 104729 + n // self.quarter + 1)
        return (f"d{n:07}", "SUPPLIES", *ends, "asserted", "asserted", 1, 1, 0, "done", 1, 1, day, day, None, None, "[]", json.dumps([f"c{n % self.quarter:06}"]))  # fmt: skip

    def mentions(self, count: int) -> None:
        pairs = [(f"https://news.example/{n % self.articles:06}", self.actor(n * 7919 + n // self.articles)) for n in range(count)]  # fmt: skip
        self.many("local_actor", ((article, actor, actor, "Group", actor, None, "[]") for article, actor in pairs))
        self.many("resolution", ((article, actor, actor) for article, actor in pairs))
        self.many("mention", ((article, actor, n, n + 3, "abc", "catalogue") for n, (article, actor) in enumerate(pairs)))  # fmt: skip

    def many(self, table: str, rows: Iterable[tuple[object, ...]]) -> None:
        columns = [name for _, name, *_ in self.db.execute(f"PRAGMA table_info({table})")]
        for row in rows:
            names = ", ".join(f'"{name}"' for name in columns[: len(row)])
            self.db.execute(f"INSERT OR IGNORE INTO {table} ({names}) VALUES ({', '.join('?' * len(row))})", row)
