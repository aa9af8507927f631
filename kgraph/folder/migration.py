"""From the database of an older schema to one of today's."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path

from kgraph.articles.addresses import canonical
from kgraph.articles.register import RESERVED, key_of
from kgraph.copies import find_credit, sign
from kgraph.folder import digests
from kgraph.folder.articles import load_kept
from kgraph.folder.contents import Contents
from kgraph.folder.database import get_meta, open_database, set_meta, transaction
from kgraph.folder.identity import load_identity, write_whole
from kgraph.folder.mending import drop_unreadable
from kgraph.folder.near_copies import sign_articles, tell_all
from kgraph.folder.pending import delete_pending
from kgraph.folder.rows import CITED
from kgraph.folder.tables import FOLLOWS, PAST, READ, columns
from kgraph.folder.tally import carried_over, count_all, counted_before
from kgraph.schema import SCHEMA_VERSION

LEAST = 0.7  # of evidence without a score that no written frame gave: the reader of that time kept nothing below 0.65
# What is in columns that older databases do not have, in terms of those that they have. Of what was kept before there were
# scores nobody knows how surely it is right: what frames gave was taken to be so.
SINCE: dict[str, dict[str, str]] = {
    "evidence": {
        "reader": "iif(frame LIKE '% learned', 'learned', 'frames')",
        "score": f"iif({{reader}} = 'frames', 1.0, {LEAST})",
    },
    "added": {"reader": "'person'", "score": "1.0"},
    **{table: {"trust": str(LEAST)} for table in ("claim", "edge", "past_claim")},  # see _give_trust
}
# The trust of claims, edges and what claims were, from what has come over.
_TRUST = (
    """UPDATE main.claim SET trust = iif(review_status IS NULL, coalesce((
         SELECT max(e.score) FROM main.claim_evidence AS c JOIN main.evidence AS e ON e.id = c.evidence
         WHERE c.claim = claim.id), trust), 1.0)""",
    """UPDATE main.edge SET trust = coalesce((
         SELECT max(c.trust) FROM json_each(edge.claims) AS own JOIN main.claim AS c ON c.id = own.value), trust)
       WHERE json_valid(claims)""",
    """UPDATE main.past_claim SET trust = iif(review_status IS NULL, coalesce((
         SELECT max(e.score) FROM main.claim_evidence AS c JOIN main.evidence AS e ON e.id = c.evidence
         WHERE c.claim = past_claim.claim), trust), 1.0)""",
)


def migrate(folder: Contents, say: Callable[[str], None] | None = None) -> Path | None:
    """Brings the database of an older schema up to date, with the lock held; the old one stays beside it.

    What was read goes over column by column into a new database. What follows from it is all computed by the next `settle`;
    it goes over too where its tables are still the same, so that only what has become otherwise is noted as a change.
    Killed at any point, the old database or the new one is in place, whole.
    """
    path = folder.database
    version = _schema_of(path)
    if version is None or version >= SCHEMA_VERSION:
        return None
    backup, new = folder.backup(version), folder.migrated
    delete_pending(folder)  # what a killed build of the older kgraph had read is read again
    for leftover in (new, Path(f"{new}-wal"), Path(f"{new}-shm"), backup):
        leftover.unlink(missing_ok=True)
    with closing(sqlite3.connect(path, isolation_level=None)) as old:
        old.execute("VACUUM INTO ?", (str(backup),))
    with closing(open_database(new)) as db:
        _copy_read(db, backup)
        db.execute("PRAGMA journal_mode = DELETE")  # so that all of it is in the one file
    for side in ("-wal", "-shm"):
        Path(f"{path}{side}").unlink(missing_ok=True)
    new.replace(path)
    write_whole(folder.identity, replace(load_identity(folder), schema=SCHEMA_VERSION))
    if say:
        say(f"{folder}: brought from schema {version} to {SCHEMA_VERSION}; the old database is {backup.name}")
    return backup


def _schema_of(path: Path) -> int | None:
    """The schema of a database, if there is one with anything in it."""
    if not path.exists() or not path.stat().st_size:
        return None
    with closing(sqlite3.connect(path)) as db:
        if not db.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'meta'").fetchone()[0]:
            return None
        found = get_meta(db, "schemaVersion")
        return int(found) if found and found.isdigit() else None


def _copy_read(db: sqlite3.Connection, old: Path) -> None:
    """Copies what was read, and what was, from an older database: the columns that both have."""
    db.execute("ATTACH ? AS old", (str(old),))
    with transaction(db):
        for table in ("meta", *READ, *PAST):
            _copy(db, table, _found(db, table))
        _copy_what_follows(db)
        if "trust" not in _names_of(db, "past_claim", "old"):
            _give_trust(db)
        _name_articles(db, old_has_ids="given" in _names_of(db, "article", "old"))
        unsigned = db.execute("SELECT key FROM main.article WHERE signature IS NULL AND fingerprint <> ?", (CITED,))
        for (key,) in unsigned.fetchall():
            article = load_kept(db, "main", key)
            signed = (article and find_credit(article), article and sign(article), key)
            db.execute("UPDATE main.article SET credit = ?, signature = ? WHERE key = ?", signed)
        sign_articles(db)
        changed = ((story, key) for key, story in tell_all(db))
        db.executemany("UPDATE main.article SET cluster = ? WHERE key = ?", changed)
        set_meta(db, "schemaVersion", str(SCHEMA_VERSION))
        kept = counted_before(db)
        # So that all that follows is computed, and what was is counted as it has come over.
        db.execute("DELETE FROM main.meta WHERE name IN ('causes', 'history', 'journal')")
        digests.sign_evidence_anew(db)
        digests.sign_readings(db)
        digests.sign_rows(db)
        if kept:
            set_meta(db, "history", carried_over(kept, count_all(db, "old"), count_all(db)))
    db.execute("DETACH old")


def _copy_what_follows(db: sqlite3.Connection) -> None:
    """Copies the tables that follow which an older database has with all their columns, as what the next change is told from.

    A table stays empty, to be filled anew, where its rows hang on some that have not come over, or cannot be read.
    """
    for table in (*FOLLOWS, "decided"):
        found = _found(db, table)
        if len(found) == len(columns(table)):
            with suppress(sqlite3.IntegrityError):
                _copy(db, table, found)
    drop_unreadable(db)


def _give_trust(db: sqlite3.Connection) -> None:
    """Gives the claims and edges of a database without trust what follows from the scores that its evidence got."""
    for statement in _TRUST:
        db.execute(statement)
    digests.sign_past_claims_anew(db)


def _found(db: sqlite3.Connection, table: str) -> dict[str, str]:
    """For the columns of a table what of the older database gives them; without those that nothing gives."""
    there = _names_of(db, table, "old")
    given = {name: f'"{name}"' for name in there} | (SINCE.get(table, {}) if there else {})
    found = {name: given[name].format_map(given) for name in columns(table) if name in given}
    return {f'"{name}"': value for name, value in found.items()}


def _copy(db: sqlite3.Connection, table: str, found: Mapping[str, str]) -> None:
    if found:
        names, values = ", ".join(found), ", ".join(found.values())
        db.execute(f"INSERT INTO main.{table} ({names}) SELECT {values} FROM old.{table}")


def _names_of(db: sqlite3.Connection, table: str, schema: str) -> set[str]:
    """The columns of a table."""
    return {name for (name,) in db.execute("SELECT name FROM pragma_table_info(?, ?)", (table, schema))}


def _name_articles(db: sqlite3.Connection, *, old_has_ids: bool) -> None:
    """Gives articles their addresses and, where an older kgraph kept none, their ids: the keys that are nothing else.

    An article of a feed that had an id and a URL went by the URL. It gets its id when the feed is read again.
    """
    rows = db.execute("SELECT key, url, path, version, given, fingerprint FROM main.article").fetchall()
    for key, url, path, version, given, fingerprint in rows:
        if fingerprint == CITED:
            continue
        is_id = not old_has_ids and key not in (url, path, f"text:{version}")
        db.execute(
            "UPDATE main.article SET given = ?, address = ? WHERE key = ?",
            (key if is_id else given, canonical(url), key),
        )
        if key.startswith(RESERVED) and is_id:
            _rename(db, key, key_of(key))


def _rename(db: sqlite3.Connection, old: str, new: str) -> None:
    """Gives an article another key, with all that was read from it."""
    db.execute("PRAGMA defer_foreign_keys = ON")
    db.execute("UPDATE main.article SET key = ? WHERE key = ?", (new, old))
    db.execute("UPDATE OR REPLACE main.past_article SET key = ? WHERE key = ?", (new, old))
    for table in ("local_actor", "mention", "evidence", "resolution"):
        db.execute(f"UPDATE main.{table} SET article = ? WHERE article = ?", (new, old))
