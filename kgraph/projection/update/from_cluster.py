"""Takes over tables that follow as they were computed elsewhere, on a cluster."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable

from kgraph.folder.settling import Difference, Touched
from kgraph.folder.tables import FOLLOWS, Row
from kgraph.projection.update.history import History
from kgraph.projection.update.table_writer import Writer, drop_indexes


def follow_ready(
    db: sqlite3.Connection, touched: Touched, ready: Callable[[str], Iterable[Row]]
) -> dict[str, Difference]:
    """Writes what follows as it was computed elsewhere, without decisions; `ready` gives the rows of a table."""
    history, done = History(db, touched.change, touched.at), dict[str, Difference]()
    db.execute("DELETE FROM main.decided")
    for table in FOLLOWS:
        columns = db.execute("SELECT name, pk FROM pragma_table_info(?, 'main')", (table,)).fetchall()
        db.execute(f"CREATE TEMP TABLE ready AS SELECT * FROM main.{table} WHERE FALSE")
        db.executemany(f"INSERT INTO temp.ready VALUES ({', '.join('?' * len(columns))})", ready(table))
        order = ", ".join(f'"{name}"' for name, key in columns if key)
        indexes = drop_indexes(db, "main", table)
        writer = Writer(db, "main", table, notice=history.note if table == "claim" else None)
        done[table] = writer.write(db.execute(f"SELECT * FROM temp.ready ORDER BY {order}"))
        for index in indexes:
            db.execute(index)
        db.execute("DROP TABLE temp.ready")
    history.write()
    return done
