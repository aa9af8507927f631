"""Digests of what is kept, so that a value which is otherwise than it was written is seen: by `check`, and before any use.

An article carries one for its source, one for what is noted of its reading, and one for its rows in each table that was
read. Rows that nothing else vouches for (`meta`, what was) carry one of themselves.
"""

from __future__ import annotations

import json
import marshal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from operator import itemgetter
from pathlib import Path
from zlib import crc32

from kgraph.folder.tables import READ, Row, columns, described

SIGNED = ("meta", "past_article", "past_claim", "renamed")  # each row with a digest of itself, in its last column
SOURCE, NOTES = "source", "notes"
PARTS = (SOURCE, NOTES, *READ[1:])  # what an article's digest consists of, in this order
NOTED = ("credit", "signature", "fingerprint", "read_at")  # columns that reading an article gives; the rest is its source
UNSIGNED = ("cluster", "digest")  # columns of an article that its digest is not of: the first follows from all articles


@dataclass(frozen=True, slots=True)
class Damage:
    """An article that is not what was read: which parts of it, of PARTS."""

    article: str
    parts: tuple[str, ...]

    @property
    def of_source(self) -> bool:
        """Whether its stored text (or title, date, …) is not what it was, so that reading it again is no way back."""
        return SOURCE in self.parts


@cache
def _places(*names: str) -> itemgetter[Row]:
    """Takes some columns out of a row of `article`."""
    return itemgetter(*map(columns("article").index, names))


@cache
def _key(table: str) -> itemgetter[Row]:
    """Takes the key out of a row."""
    ordered = sorted((pk, place) for place, (_, pk) in enumerate(described(table)) if pk)
    return itemgetter(*(place for _, place in ordered))



def row_digest(*values: object) -> int:
    """The digest of a row's other values."""
    return crc32(_bytes(values))


def signed(rows: Iterable[Row]) -> Iterator[Row]:
    """Rows with their digests behind them."""
    return ((*row, row_digest(*row)) for row in rows)


def _bytes(values: object) -> bytes:
    """Texts, numbers and None as bytes, the same on every system (the version of marshal is a fixed one)."""
    return marshal.dumps(values, 2)  # type: ignore[arg-type]  # several times as fast as JSON


# Readings. ------------------------------------------------------------------------------------------------------------


def reading_digest(article: Row, rows: Mapping[str, Sequence[Row]]) -> str:
    """The digest of an article: its row, and its rows of the other tables of READ."""
    names = columns("article")
    source = _places(*(name for name in names if name not in (*NOTED, *UNSIGNED)))
    parts = [source(article), _places(*NOTED)(article)]
    return "-".join((*map(_part_digest, parts), *(_table_digest(table, rows[table]) for table in READ[1:])))


def _table_digest(table: str, rows: Iterable[Row]) -> str:
    return _part_digest(sorted(rows, key=_key(table)))


def _part_digest(values: object) -> str:
    return blake2b(_bytes(values), digest_size=6).hexdigest()


def sign(article: Row, rows: Mapping[str, Sequence[Row]]) -> Row:
    """An article's row with its digest, which is its last column."""
    return (*article[:-1], reading_digest(article, rows))


_THEIRS = "SELECT t.* FROM {0}.evidence AS e CROSS JOIN {0}.{1} AS t ON t.evidence = e.id WHERE e.article = ?".format
_OWN = "SELECT * FROM {0}.{1} WHERE article = ?".format


@cache
def _queries(schema: str) -> tuple[tuple[str, str], ...]:
    return tuple((table, (_OWN if "article" in columns(table) else _THEIRS)(schema, table)) for table in READ[1:])


def rows_of(db: sqlite3.Connection, schema: str, key: str) -> dict[str, list[Row]]:
    """The rows of the other tables of READ that were read of an article."""
    return {table: db.execute(sql, (key,)).fetchall() for table, sql in _queries(schema)}


def find_damaged(db: sqlite3.Connection, schema: str = "main", keys: Iterable[str] | None = None) -> Iterator[Damage]:
    """The articles (or those of some keys) that are not what was read, one after the other."""
    for key in _all_keys(db, schema) if keys is None else keys:
        if parts := _differing(db, schema, key):
            yield Damage(key, parts)


def _all_keys(db: sqlite3.Connection, schema: str) -> Iterator[str]:
    """The keys of all articles; of one that is no text any more what can be shown of it."""
    for (key,) in db.execute(f"SELECT CAST(key AS BLOB) FROM {schema}.article ORDER BY key"):
        yield (key or b"").decode("utf-8", "backslashreplace")


def _differing(db: sqlite3.Connection, schema: str, key: str) -> tuple[str, ...]:
    try:
        article = db.execute(f"SELECT * FROM {schema}.article WHERE key = ?", (key,)).fetchone()
        kept = str(article[-1])
        now = reading_digest(article, rows_of(db, schema, key))
    except (sqlite3.DatabaseError, TypeError, ValueError):  # no text, no such row, values that have no order
        return PARTS
    if now == kept:
        return ()
    parts = [*zip(PARTS, now.split("-"), kept.split("-"), strict=False)]
    return tuple(name for name, one, other in parts if one != other) if len(parts) == len(PARTS) else PARTS


def find_damaged_in(rows: Mapping[str, Sequence[Row]]) -> Iterator[str]:
    """The keys of the articles that are not what was read, of the rows of many as they travel."""
    place = {table: columns(table).index("article") for table in ("local_actor", "mention", "evidence")}
    article_of = {row[0]: row[place["evidence"]] for row in rows["evidence"]}
    own: dict[object, dict[str, list[Row]]] = {row[0]: {table: [] for table in READ[1:]} for row in rows["article"]}
    for table in READ[1:]:
        for row in rows[table]:
            key = row[place[table]] if table in place else article_of.get(row[0])
            own.get(key, {}).get(table, []).append(row)
    for article in rows["article"]:
        if reading_digest(article, own[article[0]]) != article[-1]:
            yield str(article[0])


@contextmanager
def found_beside(path: Path) -> Iterator[Callable[[], Iterator[Damage]]]:
    """Looks for damaged articles of a database as it stands, in another process; the call waits for what it found."""
    command = [sys.executable, "-P", "-c", "from kgraph.folder.digests import main; main()", str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8") as process:

        def found() -> Iterator[Damage]:
            assert process.stdout
            for line in process.stdout:
                article, parts = json.loads(line)
                yield Damage(article, tuple(parts))
            if process.wait():  # it could not be looked for there
                with closing(_open(path)) as db:
                    yield from find_damaged(db)

        try:
            yield found
        finally:
            process.kill()


def _open(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)


def main() -> None:
    """Prints the damaged articles of a database, a line each."""
    with closing(_open(Path(sys.argv[1]))) as db:
        for one in find_damaged(db):
            print(json.dumps([one.article, one.parts]), flush=True)


def sign_readings(db: sqlite3.Connection) -> None:
    """Gives every article of a database that has none its digest, from what is there now."""
    for (key,) in db.execute("SELECT key FROM main.article WHERE digest = ''").fetchall():
        article = db.execute("SELECT * FROM main.article WHERE key = ?", (key,)).fetchone()
        digest = reading_digest(article, rows_of(db, "main", key))
        db.execute("UPDATE main.article SET digest = ? WHERE key = ?", (digest, key))


def sign_evidence_anew(db: sqlite3.Connection) -> None:
    """Gives the articles of a database that came out of the attached `old` one the digest that their evidence has now.

    Where the evidence was not what was read, they keep the digest that says so.
    """
    place, own = PARTS.index("evidence"), [_OWN(schema, "evidence") for schema in ("old", "main")]
    for key, kept in db.execute("SELECT key, digest FROM main.article WHERE digest <> ''").fetchall():
        parts = kept.split("-")
        with suppress(sqlite3.DatabaseError, TypeError):  # no text, values that have no order
            was, now = (_table_digest("evidence", db.execute(sql, (key,)).fetchall()) for sql in own)
            if len(parts) == len(PARTS) and parts[place] == was:
                digest = "-".join((*parts[:place], now, *parts[place + 1 :]))
                db.execute("UPDATE main.article SET digest = ? WHERE key = ?", (digest, key))


def sign_past_claims_anew(db: sqlite3.Connection) -> None:
    """Gives what claims were the digest that it has with the trust that it got; what was not as written keeps the old one."""
    place, found = columns("past_claim").index("trust"), list[tuple[object, ...]]()
    with readable(db):
        for row in db.execute("SELECT * FROM main.past_claim WHERE digest <> 0"):
            if row_digest(*row[:place], *row[place + 1 : -1]) == row[-1]:
                found.append((row_digest(*row[:-1]), *row[:2]))
    db.executemany("UPDATE main.past_claim SET digest = ? WHERE claim = ? AND change = ?", found)


def sign_rows(db: sqlite3.Connection) -> None:
    """Gives every row of SIGNED that has none its digest."""
    for table in SIGNED:
        *names, last = (f'"{name}"' for name in columns(table))
        rows = f"row_digest({', '.join(names)})"
        db.execute(f"UPDATE main.{table} SET {last} = {rows} WHERE {last} = 0")


def find_damaged_rows(db: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    """The rows of SIGNED that are not what was written: their table, and what can be shown of their key."""
    with readable(db):
        for table in SIGNED:
            for row in db.execute(f"SELECT * FROM main.{table}"):
                if row_digest(*row[:-1]) != row[-1]:
                    yield table, " ".join(map(str, _key(table)(row) if len(_keys(table)) > 1 else row[:1]))


def drop_damaged_rows(db: sqlite3.Connection, table: str) -> None:
    """Deletes the rows of a table of SIGNED that are not what was written."""
    with readable(db):
        rows = db.execute(f"SELECT * FROM main.{table} ORDER BY {', '.join(_keys(table))}")
        places = [place for place, row in enumerate(rows) if row_digest(*row[:-1]) != row[-1]]
    for place in reversed(places):  # by their places: the bytes of a key may be no text any more
        keys = ", ".join(_keys(table))
        found = f"SELECT {keys} FROM main.{table} ORDER BY {keys} LIMIT 1 OFFSET {place}"
        db.execute(f"DELETE FROM main.{table} WHERE ({keys}) = ({found})")


def _keys(table: str) -> list[str]:
    return [f'"{name}"' for name, pk in described(table) if pk]


@contextmanager
def readable(db: sqlite3.Connection) -> Iterator[None]:
    """Lets a connection read texts whose bytes are none any more, too."""
    before, db.text_factory = db.text_factory, lambda raw: raw.decode("utf-8", "backslashreplace")
    try:
        yield
    finally:
        db.text_factory = before


def know_digests(db: sqlite3.Connection) -> None:
    """Lets a connection compute the digests of rows."""
    db.create_function("row_digest", -1, row_digest, deterministic=True)
