"""What of a graph folder is not as it was written, and what to do then."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Container, Iterable, Iterator
from contextlib import closing, contextmanager
from itertools import islice

from kgraph.errors import StoreError
from kgraph.folder import digests, journal
from kgraph.folder.connection import connect_to_read
from kgraph.folder.contents import Contents
from kgraph.folder.database import contents_of, get_meta
from kgraph.folder.digests import Damage, find_damaged
from kgraph.folder.identity import Identity
from kgraph.folder.tables import FOLLOWS, kinds, script
from kgraph.folder.tally import differing_counts

# What SQLite may say about a folder that is not our mistake, and what to do then.
FAILURES = {
    sqlite3.SQLITE_FULL: "the disk is full: make room and run the same command again",
    sqlite3.SQLITE_IOERR_SHMSIZE: "the disk is full: make room and run the same command again",
    sqlite3.SQLITE_IOERR: "the disk fails: look after it and run the same command again",
    sqlite3.SQLITE_READONLY: "it cannot be written to: change its permissions or name another folder with -g",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened: change its permissions or name another folder with -g",
    sqlite3.SQLITE_NOTADB: "its database is damaged: restore the folder, or build into another one",
    sqlite3.SQLITE_CORRUPT: "its database is damaged: restore the folder, or build into another one",
    sqlite3.SQLITE_BUSY: "another program holds its database: close it and run the same command again",
}

# As values that are none make it.
FAILED = (sqlite3.Error, ValueError, TypeError, LookupError, AttributeError, AssertionError, RecursionError)


@contextmanager
def named_damage(folder: Contents, failures: tuple[type[Exception], ...] = (sqlite3.Error,)) -> Iterator[None]:
    """Turns what comes of a damaged graph folder into a StoreError: what, where, what next. Our mistakes keep their names.

    Any failure but the database's own may have another cause; only where it is one of `failures` damage is looked for.
    """
    try:
        yield
    except failures as error:
        code = getattr(error, "sqlite_errorcode", 0)
        advice = FAILURES.get(code, FAILURES.get(code & 0xFF))  # the low byte is the primary code
        if advice:
            raise StoreError(f"{folder}: {advice} ({error})") from error
        if found := _find_damage(folder):
            raise StoreError(f"{folder}: damaged: {found}") from error
        raise


def _find_damage(folder: Contents) -> str | None:
    """What is damaged of a graph folder, if anything is; asked when something has failed."""
    try:
        with closing(connect_to_read(folder)) as db:
            found = next(find_damage(db), None)
            return found and f"{found}; `kgraph check -g {folder}` names all"
    except (sqlite3.Error, StoreError, ValueError) as error:
        return f"{error}; restore the folder, or build into another one"


def find_damage(db: sqlite3.Connection) -> Iterator[str]:
    """What of a database is not as it was written, a line each."""
    for step in STORED.values():
        yield from step(db)


def _find_broken_pages(db: sqlite3.Connection) -> Iterator[str]:
    for (words,) in db.execute("PRAGMA integrity_check"):
        if words != "ok":
            yield f"the database is damaged: {words}"
    for table, key, parent, _ in db.execute("PRAGMA foreign_key_check"):
        yield f"{table}: row {key or ''} belongs to no {parent}; `kgraph rebuild` takes it out"


def _find_strange_tables(db: sqlite3.Connection) -> Iterator[str]:
    """Tables, views and triggers that are others than those of this schema."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as ours:
        ours.executescript(script())
        journal.keep(ours)
        wanted, found = _declared(ours), _declared(db)
    for name in sorted(wanted.keys() | found.keys()):
        if wanted.get(name) != found.get(name):
            ours_alone = "`kgraph rebuild` declares it anew" if name.startswith("note_") else ""
            way = ours_alone or "restore the folder, or build into another one"
            yield f"{name}: not declared as this kgraph declares it; {way}"


def _declared(db: sqlite3.Connection) -> dict[str, str]:
    rows = db.execute("SELECT name, sql FROM main.sqlite_schema WHERE sql IS NOT NULL")
    return {name: " ".join(re.sub(r"--[^\n]*", "", sql).split()) for name, sql in rows}


def _find_damaged_readings(db: sqlite3.Connection) -> Iterator[str]:
    return (f"article {one.article}: {said_of(one)}" for one in find_damaged(db))


def _find_damaged_rows(db: sqlite3.Connection) -> Iterator[str]:
    for table, key in digests.find_damaged_rows(db):
        way = (
            "`kgraph rebuild` writes it anew"
            if table == "meta"
            else "it cannot be had again: `kgraph rebuild` drops it"
        )
        yield f"{table} {key}: not what was written; {way}"
    for name in ("schemaVersion", "graphId", "changes"):
        if get_meta(db, name) is None:
            yield f"meta {name}: {MISSING}"


MISSING = "missing; `kgraph rebuild` writes it anew"


def find_forgotten(db: sqlite3.Connection, known: Identity) -> Iterator[str]:
    """What kgraph.json still knows of a database that the database does not."""
    for name, value in (("model", known.model), ("history", known.history)):
        if value and get_meta(db, name) is None:
            yield f"meta {name}: {MISSING}"


def _find_missing_rows(db: sqlite3.Connection) -> Iterator[str]:
    """Of what was, and of the journal, more or fewer rows than were written."""
    if found := differing_counts(db, get_meta(db, "history")):
        yield f"{found}; what is gone cannot be had again: `kgraph rebuild` counts anew"
    measured = get_meta(db, "journal")
    if measured not in (None, journal.measure(db)):
        yield "touched: the journal is not as written; `kgraph rebuild` begins it anew"


def strange_values(db: sqlite3.Connection, tables: Iterable[str] = FOLLOWS) -> Iterator[str]:
    """Of what follows, values of another kind than their column is of."""
    for table in tables:
        for name, kind, fixed in kinds(table):
            strange = f"typeof({name}) NOT IN ('{kind}', '{kind if fixed else 'null'}')"
            (count,) = db.execute(f"SELECT count(*) FROM main.{table} WHERE {strange}").fetchone()
            if count:
                yield f"{table}: {count} rows in which {name} is no {kind}; `kgraph rebuild` computes them anew"


STORED: dict[str, Callable[[sqlite3.Connection], Iterator[str]]] = {
    "the database": _find_broken_pages, "its tables": _find_strange_tables, "what was read": _find_damaged_readings,
    "its own rows": _find_damaged_rows, "rows that are gone": _find_missing_rows, "its values": strange_values,
}  # fmt: skip


def said_of(damage: Damage) -> str:
    """What differs of an article, and what next."""
    parts = " and ".join(_SHOWN[part] for part in damage.parts)
    if damage.article.startswith(CITED_KEYS):
        way = "`kgraph rebuild` takes it from the decision that cites it"
    elif damage.of_source:
        way = "build it again from its source, or remove it"
    else:
        way = "`kgraph rebuild --extract` reads it again"
    return f"{parts} not as written; {way}"


_SHOWN = {
    "source": "text or source", "notes": "notes of its reading", "local_actor": "actors", "mention": "mentions",
    "evidence": "evidence", "filler": "roles", "speaker": "speakers",
}  # fmt: skip


CITED_KEYS = "cited:"
MUCH = 2000  # articles; so many are checked in a process of their own, beside what is done meanwhile


@contextmanager
def checked_readings(db: sqlite3.Connection, named: Container[str] = ()) -> Iterator[None]:
    """Raises StoreError where what was read is damaged, so that nothing that is computed inside is kept.

    Not asked about is what this change has read, which has just come, and what the caller has named already.
    """
    others = "FROM main.article WHERE key NOT IN (SELECT id FROM temp.touched)"
    if db.execute(f"SELECT count(*) {others}").fetchone()[0] <= MUCH:
        _refuse(db, find_damaged(db, keys=(key for (key,) in db.execute(f"SELECT key {others}"))), named)
        yield
        return
    touched = {key for (key,) in db.execute("SELECT id FROM temp.touched")}
    with digests.found_beside(contents_of(db).database) as found:
        yield
        _refuse(db, (one for one in found() if one.article not in touched), named)


def _refuse(db: sqlite3.Connection, damaged: Iterable[Damage], named: Container[str]) -> None:
    some = [*islice((one for one in damaged if one.article not in named), 100)]
    if some:
        others = f" (and {len(some) - 1}{'+' * (len(some) == 100)} others)" if some[1:] else ""
        raise StoreError(f"{contents_of(db)}: article {some[0].article}{others}: {said_of(some[0])}")
