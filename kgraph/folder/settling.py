"""A change taken over: what was read becomes seen at once, with what follows from it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from kgraph.decisions.citations import Citation
from kgraph.folder.articles import SIGNED_ANEW, remember
from kgraph.folder.database import get_meta, set_meta, transaction
from kgraph.folder.identity import note_finished
from kgraph.folder.near_copies import note_stories, tell_stories
from kgraph.folder.pending import forget_pending
from kgraph.folder.readings import find_known
from kgraph.folder.rows import CITED, cited_row
from kgraph.folder.tables import READ, Row, columns
from kgraph.folder.tally import note_counts


@dataclass(frozen=True, slots=True)
class Difference:
    """How many rows of a table came, went, or are now otherwise."""

    added: int = 0
    changed: int = 0
    removed: int = 0

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)


def _differing_citations(db: sqlite3.Connection, cited: Iterable[Citation] | None) -> dict[str, Row | None]:
    """The rows of the quotations that have come or changed, by their keys; None for those that are gone."""
    if cited is None:
        return {}
    rows = {one.article.key: cited_row(one) for one in cited}
    known = db.execute(f"SELECT * FROM main.article WHERE key GLOB 'cited:*' AND fingerprint = '{CITED}'")
    there = {row[0]: row for row in known}
    return {key: rows.get(key) for key in sorted(rows.keys() | there.keys()) if there.get(key) != rows.get(key)}


class NotKept(Exception):
    """Raised by who looks at a change before it stands, to leave everything as it was."""


@dataclass(frozen=True, slots=True)
class Touched:
    """A change that is being taken over. Which articles it touches is in temporary tables, as `settle` says."""

    change: int  # its number
    at: str
    articles: int  # how many were read anew or went


def settle(
    db: sqlite3.Connection,
    follow: Callable[[sqlite3.Connection, Touched], Mapping[str, Difference]],
    *,
    gone: Iterable[str] = (),
    moved: Mapping[str, str] | None = None,
    cited: Iterable[Citation] | None = None,
    take_over: bool = True,
    meta: Mapping[str, str] | None = None,
    look: Callable[[sqlite3.Connection], None] | None = None,
) -> Mapping[str, Difference]:
    """Makes all that was read seen at once, drops what is gone, and has what follows from the rest written.

    Articles that turned out to be others are `moved`: what they were is part of what those were.
    Of sources that are no articles, exactly the quotations in `cited` are kept, unless it is None.
    `follow` writes what follows, and says what differs. It finds the keys of the articles that were read anew or went in
    temp.touched, of those that have become or ceased to be copies in temp.reclustered, and what the touched articles were
    before in temp.was_actor (local actors with their actors), temp.was_evidence and temp.was_outlet.
    `look` sees the result before it stands, beside the claims as they were (temp.claims_before).
    """
    gone, now = tuple(gone), datetime.now(UTC).isoformat(timespec="seconds")
    with transaction(db):
        quoted = _differing_citations(db, cited)
        left = [old for old, new in (moved or {}).items() if _move(db, old, new, now)]
        _note_before(db, (*gone, *left, *quoted), take_over)
        if take_over:
            newer = "SELECT key FROM pending.article AS p WHERE p.version <> a.version"
            remember(db, "main", "main", f"key IN ({newer})", (), now)
        for key in gone:
            remember(db, "main", "main", "key = ?", (key,), now)
        touched = (_take_over(db) if take_over else 0) + _drop(db, (*gone, *left)) + _quote(db, quoted)
        tell_stories(db)
        if look:
            db.execute("CREATE TEMP TABLE claims_before AS SELECT * FROM main.claim")
        change = int(get_meta(db, "changes") or 0) + 1
        differences = follow(db, Touched(change, now, touched))
        if touched or any(differences.values()):
            set_meta(db, "changes", str(change))
        for name, value in (meta or {}).items():
            set_meta(db, name, value)
        if look:
            look(db)
            db.execute("DROP TABLE temp.claims_before")
        for table in NOTED:
            db.execute(f"DROP TABLE temp.{table}")
        note_counts(db)
    note_finished(db)
    if take_over:
        forget_pending(db)
    return differences


# What is noted of a change for who computes what follows: each temporary table, with what it holds.
NOTED = {
    "touched": "id PRIMARY KEY", "reclustered": "id PRIMARY KEY", "was_evidence": "id", "was_outlet": "name",
    "was_actor": "article, local, name, kind, entry, country, forms, actor",
}  # fmt: skip


def _note_before(db: sqlite3.Connection, gone: Iterable[str], take_over: bool) -> None:
    """Notes which articles a change touches, and what they were until now."""
    for table, declared in NOTED.items():
        db.execute(f"CREATE TEMP TABLE {table} ({declared})")
    if take_over:
        db.execute("INSERT INTO temp.touched SELECT key FROM pending.article")
    db.executemany("INSERT OR IGNORE INTO temp.touched VALUES (?)", ((key,) for key in gone))
    note_stories(db)
    each = "FROM temp.touched AS t CROSS JOIN main."
    db.execute(f"INSERT INTO temp.was_evidence SELECT e.id {each}evidence AS e ON e.article = t.id")
    db.execute(f"INSERT INTO temp.was_outlet SELECT a.outlet {each}article AS a ON a.key = t.id WHERE a.outlet <> ''")
    db.execute(
        f"""INSERT INTO temp.was_actor SELECT l.article, l.local, l.name, l.kind, l.entry, l.country, l.forms, r.actor
            {each}local_actor AS l ON l.article = t.id
            JOIN main.resolution AS r ON r.article = l.article AND r.local = l.local"""
    )


def _move(db: sqlite3.Connection, old: str, new: str, now: str) -> bool:
    """Makes an article part of what another one was, where that one is there; its row in the database is left to go."""
    known = find_known(db, new)
    if known is None:  # it could not be read
        return False
    there = "SELECT version FROM {}.past_article WHERE key = ?"
    fresh = f"key = ? AND version <> ? AND version NOT IN ({there.format('main')} UNION ALL {there.format('pending')})"
    for home in ("main", "pending"):
        address = db.execute(f"SELECT address FROM {home}.article WHERE key = ?", (old,)).fetchone()
        if address:
            db.execute(
                "INSERT OR REPLACE INTO main.renamed VALUES (?1, ?2, ?3, row_digest(?1, ?2, ?3))", (old, new, *address)
            )
        remember(db, home, "main", fresh, (old, known.version, new, new), now, key=new)
        db.execute(f"UPDATE OR REPLACE {home}.past_article SET {SIGNED_ANEW} WHERE key = ?2", (new, old))
    db.execute("UPDATE main.renamed SET new = ?1, digest = row_digest(old, ?1, address) WHERE new = ?2", (new, old))
    db.execute("DELETE FROM pending.article WHERE key = ?", (old,))
    return True


def _take_over(db: sqlite3.Connection) -> int:
    """Puts what was read into the database, in the place of what the same articles said before; says of how many."""
    db.execute("DELETE FROM main.article WHERE key IN (SELECT key FROM pending.article)")
    for table in READ:
        db.execute(f"INSERT INTO main.{table} SELECT * FROM pending.{table}")
    db.execute("INSERT OR REPLACE INTO main.past_article SELECT * FROM pending.past_article")
    return int(db.execute("SELECT count(*) FROM pending.article").fetchone()[0])


def _quote(db: sqlite3.Connection, quoted: Mapping[str, Row | None]) -> int:
    """Puts quotations in the place of what they were; says how many differ."""
    _drop(db, quoted)
    marks = ", ".join("?" * len(columns("article")))
    db.executemany(f"INSERT INTO main.article VALUES ({marks})", (row for row in quoted.values() if row))
    return len(quoted)


def _drop(db: sqlite3.Connection, gone: Iterable[str]) -> int:
    return db.executemany("DELETE FROM main.article WHERE key = ?", ((key,) for key in gone)).rowcount
