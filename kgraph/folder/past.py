"""What was: versions of articles before they changed or went."""

from __future__ import annotations

import sqlite3

from kgraph.folder import digests
from kgraph.folder.digests import find_damaged, signed
from kgraph.folder.tables import Row

_SAID = """SELECT json_group_array(json_object('type', e.type, 'status', e.status, 'sentence', e.sentence, 'actors', json(
    (SELECT json_group_array(DISTINCT f.surface) FROM {home}.filler AS f WHERE f.evidence = e.id))))
    FROM (SELECT * FROM {home}.evidence WHERE article = a.key ORDER BY start, id) AS e"""


def remember(
    db: sqlite3.Connection, home: str, to: str, which: str, values: Row, now: str, *, key: str | None = None
) -> None:
    """Keeps articles of one database as they were, with what they said, before they change or go; not what is damaged.

    They are kept under `key`, if given.
    """
    rows = db.execute(
        f"""SELECT key, version, title, text, published, outlet, url, path, read_at, ?, ({_SAID.format(home=home)})
            FROM {home}.article AS a WHERE {which}""",
        (now, *values),
    ).fetchall()
    damaged = {one.article for one in find_damaged(db, home, [key for key, *_ in rows])}
    marks = ", ".join("?" * len(digests.columns("past_article")))
    whole_ones = signed((key or row[0], *row[1:]) for row in rows if row[0] not in damaged)
    db.executemany(f"INSERT OR REPLACE INTO {to}.past_article VALUES ({marks})", whole_ones)


SIGNED_ANEW = f"key = ?1, digest = row_digest(?1, {', '.join(digests.columns('past_article')[1:-1])})"
