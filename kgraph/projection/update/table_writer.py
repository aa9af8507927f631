"""Sorted rows in, a table that holds exactly them: rows that stay the same are not touched."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence

from kgraph.folder.database import get_meta
from kgraph.folder.settling import Difference
from kgraph.folder.tables import Row

Notice = Callable[[Row | None, Row | None], None]  # a row as it was and as it is

BATCH = 20_000  # rows that are kept in memory before they are written


class Writer:
    """Makes a table hold the rows that are put, which must come in the order of its key.

    `some` narrows the rows of the table that are compared: a condition, which the rows that are put fulfil too. Rows may
    refer to rows of a `parent`, which is closed first.
    """

    def __init__(
        self, db: sqlite3.Connection, home: str, table: str, some: str | None = None, notice: Notice | None = None,
        parent: Writer | None = None,
    ) -> None:  # fmt: skip
        self._db, self._table, self._notice, self._parent = db, f"{home}.{table}", notice, parent
        rows = db.execute("SELECT name, pk FROM pragma_table_info(?, ?)", (table, home)).fetchall()
        self._columns = [f'"{name}"' for name, _ in rows]
        self._keys = sum(bool(pk) for _, pk in rows)  # the first columns
        self._fresh: list[Row] = []
        self._gone: list[Row] = []
        self._spilt = False
        self._added = self._changed = self._removed = 0
        empty = not db.execute(f"SELECT EXISTS (SELECT 1 FROM {self._table})").fetchone()[0]
        self._old: Iterator[Row] = iter(()) if empty else self._select(some)
        self._at = next(self._old, None)
        self._direct = empty and not some

    def _select(self, some: str | None) -> Iterator[Row]:
        order = ", ".join(self._columns[: self._keys])
        where = f"WHERE {some} " if some else ""
        return self._db.execute(f"SELECT * FROM {self._table} {where}ORDER BY {order}")

    def put(self, row: Row) -> None:
        """A row that the table shall hold."""
        at = self._at
        if at is None:
            self._take(None, row)
            return
        keys = self._keys
        while at is not None and at != row and at[:keys] < row[:keys]:
            self._remove(at)
            at = self._at = next(self._old, None)
        if at == row:
            self._at = next(self._old, None)
            return
        before = at if at is not None and at[:keys] == row[:keys] else None
        if before is not None:
            self._at = next(self._old, None)
        self._take(before, row)

    def _take(self, before: Row | None, row: Row) -> None:
        if before is None:
            self._added += 1
        else:
            self._changed += 1
        if self._notice:
            self._notice(before, row)
        self._fresh.append(row)
        if len(self._fresh) >= BATCH:
            self.flush()

    def _remove(self, row: Row) -> None:
        self._removed += 1
        if self._notice:
            self._notice(row, None)
        self._gone.append(row[: self._keys])

    def write(self, rows: Iterable[Row]) -> Difference:
        """All rows of the table, in the order of its key."""
        if self._direct and not self._notice:
            self._added = self._insert(rows)
        else:
            for row in rows:
                self.put(row)
        return self.close()

    def put_all(self, rows: Sequence[Row]) -> None:
        """Some rows that the table shall hold."""
        if self._at is not None or self._notice:
            for row in rows:
                self.put(row)
            return
        self._added += len(rows)  # nothing is left to compare with
        self._fresh += rows
        if len(self._fresh) >= BATCH:
            self.flush()

    def flush(self) -> None:
        """Writes what has come so far, or puts it aside while the table is still being read."""
        if self._parent:
            self._parent.flush()  # so that every row finds the one that it refers to
        if self._direct:
            self._insert(self._fresh)
        elif self._fresh:
            self._spill()
        self._fresh = []

    def _spill(self) -> None:
        aside = self._table.partition(".")[2]
        if not self._spilt:
            self._db.execute(f"CREATE TEMP TABLE fresh_{aside} AS SELECT * FROM {self._table} WHERE FALSE")
            self._spilt = True
        self._db.executemany(f"INSERT INTO temp.fresh_{aside} VALUES ({self._marks()})", self._fresh)

    def read_out(self) -> None:
        """Takes the rest of the table as gone. Nothing may be written to it before."""
        while self._at is not None:
            self._remove(self._at)
            self._at = next(self._old, None)

    def close(self) -> Difference:
        """Writes all that differs."""
        self.read_out()
        if self._gone:
            keys = " AND ".join(f"{name} = ?" for name in self._columns[: self._keys])
            self._db.executemany(f"DELETE FROM {self._table} WHERE {keys}", self._gone)
        if self._spilt:
            self._spill()
            aside = f"temp.fresh_{self._table.partition('.')[2]}"
            self._db.execute(f"INSERT INTO {self._table} SELECT * FROM {aside} WHERE TRUE {self._conflict()}")
            self._db.execute(f"DROP TABLE {aside}")
        else:
            self._insert(self._fresh)
        return Difference(self._added, self._changed, self._removed)

    def _insert(self, rows: Iterable[Row]) -> int:
        conflict = "" if self._direct else self._conflict()
        return self._db.executemany(f"INSERT INTO {self._table} VALUES ({self._marks()}) {conflict}", rows).rowcount

    def _marks(self) -> str:
        return ", ".join("?" * len(self._columns))

    def _conflict(self) -> str:
        key, rest = self._columns[: self._keys], self._columns[self._keys :]
        change = f"UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in rest)}" if rest else "NOTHING"
        return f"ON CONFLICT ({', '.join(key)}) DO {change}"


def drop_indexes(db: sqlite3.Connection, home: str, table: str) -> list[str]:
    """Drops the indexes of a table if it is empty; gives the statements that make them again, from sorted values.

    So do its triggers where no state of the graph is known yet from which a journal could say what changed.
    """
    if db.execute(f"SELECT EXISTS (SELECT 1 FROM {home}.{table})").fetchone()[0]:
        return []
    kinds = "'index', 'trigger'" if get_meta(db, "changes") == "0" else "'index'"
    found = db.execute(
        f"SELECT type, name, sql FROM {home}.sqlite_schema WHERE type IN ({kinds}) AND tbl_name = ? AND sql IS NOT NULL",
        (table,),
    ).fetchall()
    for kind, name, _ in found:
        db.execute(f"DROP {kind} {home}.{name}")
    return [sql.replace("CREATE INDEX ", f"CREATE INDEX {home}.", 1) for _, _, sql in found]
