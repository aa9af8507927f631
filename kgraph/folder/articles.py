"""Which articles a graph holds, by key, id, address or path."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import fields

from kgraph.articles.addresses import canonical
from kgraph.articles.register import Named, key_of, merged
from kgraph.folder.digests import find_damaged, signed
from kgraph.folder.rows import CITED
from kgraph.folder.tables import Row, columns
from kgraph.records import Article


def find_at(db: sqlite3.Connection, address: str) -> list[Named]:
    """The articles of an address, also what became of those that were, and what is read and not yet made seen."""
    sql = """SELECT key, given, ?1, version FROM {0}.article WHERE address = ?1 OR key IN
             (SELECT new FROM main.renamed WHERE address = ?1)"""
    kept, fresh = ([Named(*row) for row in db.execute(sql.format(home), (address,))] for home in ("main", "pending"))
    known = {one.key: one for one in kept}
    return [*(known | {one.key: one._replace(is_new=one.key not in known) for one in fresh}).values()]


def find_moved(db: sqlite3.Connection) -> dict[str, str]:
    """The articles that turn out to be others by what has been read and not yet made seen, where no Register saw it come."""
    pending = "SELECT DISTINCT address FROM pending.article WHERE address IS NOT NULL"
    came = {key for (key,) in db.execute("SELECT key FROM pending.article")}
    found = dict[str, str]()
    for (address,) in db.execute(pending).fetchall():
        found |= merged({one.key: one for one in find_at(db, address)}, came)
    return found


def was(db: sqlite3.Connection, key: str, version: str) -> bool:
    """Whether an article had a text before the one that it has."""
    sql = "SELECT 1 FROM {}.past_article WHERE key = ? AND version = ?"
    return any(db.execute(sql.format(home), (key, version)).fetchone() for home in ("pending", "main"))


def find_today(db: sqlite3.Connection, key: str) -> list[str]:
    """The article of a key; where none has it any more, what it was renamed to, and those of the address that it is."""
    if db.execute("SELECT 1 FROM article WHERE key = ?", (key,)).fetchone():
        return [key]
    new = "SELECT new FROM main.renamed WHERE old = ?1"
    sql = f"SELECT key FROM article WHERE key IN (?2, ({new})) OR address = ?3 ORDER BY key <> ?2, key <> ({new}), key"
    return [found for (found,) in db.execute(sql, (key, key_of(key), canonical(key)))]


def is_citation(db: sqlite3.Connection, key: str) -> bool:
    """Whether what goes by a key is no article but a quotation that a decision cites."""
    return (
        db.execute("SELECT 1 FROM main.article WHERE key = ? AND fingerprint = ?", (key, CITED)).fetchone() is not None
    )


def list_keys(db: sqlite3.Connection) -> list[str]:
    """The keys of all articles, sorted."""
    both = f"SELECT key FROM main.article WHERE fingerprint <> '{CITED}' UNION SELECT key FROM pending.article"
    return [key for (key,) in db.execute(f"{both} ORDER BY key")]


def find_articles(db: sqlite3.Connection, name: str, *, pending: bool = True) -> list[str]:
    """The keys of the articles with a key, id or URL (however spelt), else of those whose path (or key) ends with it."""
    columns = "key, given, url, path, address"
    more = f" UNION SELECT {columns} FROM pending.article" if pending else ""
    both = f"(SELECT {columns} FROM main.article{more})"
    ways = (("key = ?", name), ("? IN (given, url, path)", name), ("address = ?", canonical(name)))
    each = (
        db.execute(f"SELECT DISTINCT key FROM {both} WHERE {which} ORDER BY key", (it,)).fetchall()
        for which, it in ways
    )
    exact = next(filter(None, each), None)
    end = "/" + name.replace("\\", "/")
    like = (
        f"SELECT DISTINCT key FROM {both} WHERE substr(replace(path, char(92), '/'), -length(?1)) = ?1 "
        "OR substr(key, -length(?1)) = ?1 ORDER BY key"
    )
    return [key for (key,) in exact or db.execute(like, (end,))]


def find_stale(db: sqlite3.Connection, fingerprint: str) -> Iterator[str]:
    """The keys of articles that something else has read; one that is read again meanwhile does not come twice."""
    key = ""
    while row := db.execute(f"{STALE} AND key > ? ORDER BY key LIMIT 1", (fingerprint, key)).fetchone():
        key = row[0]
        yield key


# Where an article is in both databases, the pending one counts.
KEPT = f"""(SELECT key, fingerprint FROM pending.article UNION ALL SELECT key, fingerprint FROM main.article
    WHERE fingerprint <> '{CITED}'
    AND NOT EXISTS (SELECT 1 FROM pending.article AS newer WHERE newer.key = main.article.key))"""

STALE = f"SELECT key FROM {KEPT} WHERE fingerprint <> ?"


def count_stale(db: sqlite3.Connection, fingerprint: str) -> int:
    """How many articles something else has read than what reads now."""
    return int(db.execute(f"SELECT count(*) FROM ({STALE})", (fingerprint,)).fetchone()[0])


def count_articles(db: sqlite3.Connection) -> int:
    """How many articles the graph holds."""
    return int(db.execute("SELECT count(*) FROM main.article").fetchone()[0])


def load_article(db: sqlite3.Connection, key: str) -> Article:
    """An article as it was read, text and all."""
    for schema in ("pending", "main"):
        if article := load_kept(db, schema, key):
            return article
    raise KeyError(key)


def load_kept(db: sqlite3.Connection, schema: str, key: str) -> Article | None:
    columns = [field.name for field in fields(Article) if field.compare]
    row = db.execute(f"SELECT {', '.join(columns)} FROM {schema}.article WHERE key = ?", (key,)).fetchone()
    if row is None:
        return None
    values = dict(zip(columns, row, strict=True))
    return Article(**values | {"boilerplate": tuple(map(tuple, json.loads(values["boilerplate"])))})


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
    marks = ", ".join("?" * len(columns("past_article")))
    whole_ones = signed((key or row[0], *row[1:]) for row in rows if row[0] not in damaged)
    db.executemany(f"INSERT OR REPLACE INTO {to}.past_article VALUES ({marks})", whole_ones)


SIGNED_ANEW = f"key = ?1, digest = row_digest(?1, {', '.join(columns('past_article')[1:-1])})"
