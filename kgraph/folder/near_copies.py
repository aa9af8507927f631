"""Which articles tell one story, kept up to date in the database: a change looks only at what shares a band with it.

Every article has its bands (copies.py) in the table `band`, so that near-copies are found by looking them up. The result is
that of comparing all articles (`copies.cluster`).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from functools import lru_cache

from kgraph.copies import MANY, Signed, bands, cluster, recluster

FEW = 1000  # touched articles that are looked up; of more all articles are compared at once


def note_stories(db: sqlite3.Connection) -> None:
    """Before articles change or go: takes their bands out, and notes what they were copies of in temp.was_story."""
    db.execute("CREATE TEMP TABLE was_story (story PRIMARY KEY)")
    db.execute("CREATE TEMP TABLE was_band (hash PRIMARY KEY)")
    rows = db.execute(
        """SELECT s.number, a.cluster, a.version, a.signature FROM temp.touched AS t
           CROSS JOIN main.article AS a ON a.key = t.id JOIN main.signed AS s ON s.article = a.key"""
    ).fetchall()
    for number, story, version, signature in rows:
        db.execute("INSERT OR IGNORE INTO temp.was_story VALUES (?)", (story,))
        hashes = [(hash,) for hash in bands(version, signature)]
        db.executemany("INSERT OR IGNORE INTO temp.was_band VALUES (?)", hashes)
        db.executemany("DELETE FROM main.band WHERE hash = ? AND number = ?", ((hash, number) for (hash,) in hashes))


def tell_stories(db: sqlite3.Connection) -> None:
    """After articles have changed or gone: gives them their bands, and names every story after the smallest key in it.

    The articles that tell another story than before are then in temp.reclustered.
    """
    sign_articles(db, "SELECT t.id FROM temp.touched AS t CROSS JOIN main.article AS a ON a.key = t.id")
    (count,) = db.execute("SELECT count(*) FROM temp.touched").fetchone()
    stories = tell_all(db) if count > FEW else _tell_some(db)
    for key, story in stories:
        db.execute("UPDATE main.article SET cluster = ? WHERE key = ?", (story, key))
        db.execute("INSERT OR IGNORE INTO temp.reclustered VALUES (?)", (key,))
    for table in ("was_story", "was_band"):
        db.execute(f"DROP TABLE temp.{table}")


def sign_articles(db: sqlite3.Connection, keys: str = "SELECT key FROM main.article") -> None:
    """Writes the bands of the articles whose keys a query gives, in the order of the table."""
    db.execute("CREATE TEMP TABLE fresh_band (hash, number)")
    for key, version, signature in db.execute(
        f"SELECT key, version, signature FROM main.article WHERE key IN ({keys})"
    ).fetchall():
        number = db.execute("INSERT INTO main.signed (article) VALUES (?)", (key,)).lastrowid
        hashes = ((hash, number) for hash in bands(version, signature))
        db.executemany("INSERT INTO temp.fresh_band VALUES (?, ?)", hashes)
    db.execute("INSERT OR IGNORE INTO main.band SELECT hash, number FROM temp.fresh_band ORDER BY 1, 2")
    db.execute("DROP TABLE temp.fresh_band")


def sign_anew(db: sqlite3.Connection) -> None:
    """Writes the bands of all articles, whatever is there."""
    db.execute("BEGIN IMMEDIATE")
    db.execute("DELETE FROM main.signed")
    db.execute("DELETE FROM main.band")
    sign_articles(db)
    db.execute("COMMIT")


def find_strange_bands(db: sqlite3.Connection) -> int:
    """How many bands of articles are missing, or are none of theirs."""
    db.execute("CREATE TEMP TABLE wanted (hash, number)")
    rows = db.execute(
        """SELECT s.number, a.version, a.signature FROM main.article AS a
           JOIN main.signed AS s ON s.article = a.key"""
    )
    for number, version, signature in rows.fetchall():
        db.executemany("INSERT INTO temp.wanted VALUES (?, ?)", ((hash, number) for hash in bands(version, signature)))
    differing = "SELECT count(*) FROM (SELECT {0} FROM {1} EXCEPT SELECT {0} FROM {2})".format
    pairs = (("main.band", "temp.wanted"), ("temp.wanted", "main.band"))
    count = sum(db.execute(differing("hash, number", *pair)).fetchone()[0] for pair in pairs)
    db.execute("DROP TABLE temp.wanted")
    return int(count)


def tell_all(db: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    """The articles that tell another story than is kept, by comparing all."""
    before = dict(db.execute("SELECT key, cluster FROM article"))
    rows = db.execute("SELECT key, published, version, signature FROM article ORDER BY key").fetchall()
    yield from ((key, story) for key, story in cluster(rows).items() if before[key] != story)


def _tell_some(db: sqlite3.Connection) -> list[tuple[str, str]]:
    """The same, by looking at what shares bands with the touched articles, and at the stories that they were in."""
    copies = _Kept(db)
    touched = {key for (key,) in db.execute("SELECT id FROM temp.touched")}
    hashes = {hash for (hash,) in db.execute("SELECT hash FROM temp.was_band")}
    for key in touched:
        if signed := copies.signed(key):
            hashes.update(bands(signed.version, signed.signature))
    seeds = touched | {
        key for (story,) in db.execute("SELECT story FROM temp.was_story") for key in copies.story(story)
    }
    for hash in hashes:  # in a large group, who is compared with whom depends on all who are in it
        group = copies.sharing(hash)
        if len(group) + len(touched) > MANY:
            seeds.update(group)
    found = recluster((key for key in sorted(seeds) if copies.signed(key)), copies)
    return [(key, story) for key, story in found.items() if copies.story_of(key) != story]


class _Kept:
    """Implements copies.Kept."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self.signed = lru_cache(10_000)(self._signed)
        self.sharing = lru_cache(10_000)(self._sharing)

    def _signed(self, key: str) -> Signed | None:
        row = self._db.execute(
            "SELECT published, version, signature FROM main.article WHERE key = ?", (key,)
        ).fetchone()
        return row and Signed(*row)

    def story_of(self, key: str) -> str:
        return str(self._db.execute("SELECT cluster FROM main.article WHERE key = ?", (key,)).fetchone()[0])

    def story(self, story: str) -> list[str]:
        return [key for (key,) in self._db.execute("SELECT key FROM main.article WHERE cluster = ?", (story,))]

    def _sharing(self, hash: int) -> list[str]:
        rows: Iterable[tuple[str]] = self._db.execute(
            """SELECT s.article FROM main.band AS b CROSS JOIN main.signed AS s ON s.number = b.number
               WHERE b.hash = ? ORDER BY s.article""",
            (hash,),
        )
        return [key for (key,) in rows]
