"""Takes over tables that follow as they were computed elsewhere, on a cluster."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable

from kgraph.evidence import FOLLOWS, Difference, Row, Touched
from kgraph.projection.journal import Journal
from kgraph.projection.writing import Notice, Writer, drop_indexes


def follow_ready(
    db: sqlite3.Connection, touched: Touched, ready: Callable[[str], Iterable[Row]]
) -> dict[str, Difference]:
    """Writes what follows as it was computed elsewhere, without decisions; `ready` gives the rows of a table."""
    journal, done = Journal(db, touched.change, touched.at, whole=True), dict[str, Difference]()
    db.execute("DELETE FROM main.decided")
    for table in FOLLOWS:
        columns = db.execute("SELECT name, pk FROM pragma_table_info(?, 'main')", (table,)).fetchall()
        db.execute(f"CREATE TEMP TABLE ready AS SELECT * FROM main.{table} WHERE FALSE")
        db.executemany(f"INSERT INTO temp.ready VALUES ({', '.join('?' * len(columns))})", ready(table))
        order = ", ".join(f'"{name}"' for name, key in columns if key)
        indexes = drop_indexes(db, "main", table)
        notices: list[Notice] = [lambda *rows: journal.note("claim", *rows)] if table == "claim" else []
        writer = Writer(db, "main", table, notices=notices)
        done[table] = writer.write(db.execute(f"SELECT * FROM temp.ready ORDER BY {order}"))
        for index in indexes:
            db.execute(index)
        db.execute("DROP TABLE temp.ready")
    journal.close()
    journal.begin_anew()
    return done
