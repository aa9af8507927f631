"""What is to be brought up to date, from what, what was done, and the working tables that the steps share."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kgraph.catalogue import Catalogue
from kgraph.decisions import Decision
from kgraph.folder.settling import Difference, Touched
from kgraph.folder.tables import Row
from kgraph.projection.update.history import History
from kgraph.projection.update.table_writer import Notice, Writer


@dataclass(slots=True)
class Task:
    """What is to be brought up to date, from what, and what was done."""

    db: sqlite3.Connection
    catalogue: Catalogue  # with the actors that a person added
    decisions: Sequence[Decision]
    owners: Mapping[str, str]
    touched: Touched | None = None  # all that was read, if None
    home: str = "main"  # where the tables are that follow: temporary ones hide those of the database
    history: History | None = None
    stirred: bool = False  # whether decisions came to something else than before
    done: dict[str, Difference] = field(default_factory=dict)
    indexes: dict[str, list[str]] = field(default_factory=dict)  # to be made when their tables are filled

    @property
    def whole(self) -> bool:
        return self.touched is None

    def query(self, sql: str, *values: object) -> sqlite3.Cursor:
        return self.db.execute(sql.replace("home.", f"{self.home}."), values)

    def writer(
        self, table: str, some: str | None = None, parent: Writer | None = None, notice: Notice | None = None
    ) -> Writer:
        """Writes a table; `some` says which of its rows are looked at where not everything is."""
        return Writer(self.db, self.home, table, None if self.whole else some, notice, parent)

    def write(self, table: str, rows: Iterable[Row], some: str | None = None) -> None:
        self.close(table, self.writer(table, some).write(rows))

    def close(self, table: str, difference: Difference) -> None:
        """Notes what was done to a table that is written."""
        for index in self.indexes.pop(table, ()):
            self.db.execute(index)
        self.done[table] = difference

    def working(self, table: str, columns: str) -> None:
        """A working table, empty."""
        self.db.execute(f"DROP TABLE IF EXISTS temp.{table}")
        self.db.execute(f"CREATE TEMP TABLE {table} ({columns})")

    def add(self, table: str, ids: Iterable[str]) -> None:
        """Adds ids to a working table of ids."""
        self.db.executemany(f"INSERT OR IGNORE INTO temp.{table} VALUES (?)", ((id,) for id in ids))


WORKING = {
    "todo_actor": "id PRIMARY KEY", "todo_evidence": "id PRIMARY KEY", "todo_claim": "id PRIMARY KEY",
    "todo_edge": "id PRIMARY KEY", "todo_place": "id PRIMARY KEY", "todo_old": "id PRIMARY KEY",
    "more_evidence": "id PRIMARY KEY", "more_claim": "id PRIMARY KEY",
    "moved": "article, local, own, actor, PRIMARY KEY (article, local)",
    "based": "article, local, own, base", "merged": "old PRIMARY KEY, new",
    "facts": "key PRIMARY KEY, published, outlet, cluster, credit",
    "spool": "claim, id, said", "drawn": "id, claim, alone",
    "holding": "place, date, agent, claim", "pair": "claim, other",
}  # fmt: skip


def first_text(row: Row) -> str:
    return str(row[0])
