"""The evidence database of a graph folder: what was read from each article, and what follows from all of it.

A reader sees either all of a build or nothing of it. What a build reads goes, one transaction an article, into
`pending.db` beside the database (the same tables), and at the end one transaction takes it over and rewrites what
follows. A build that is killed leaves `pending.db` behind, and the next one goes on from there.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import sqlite3
import time
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from kgraph.articles.addresses import canonical
from kgraph.articles.register import RESERVED, Named, key_of, merged
from kgraph.catalogue.kept import FOLDER as CATALOGUE
from kgraph.catalogue.kept import forget_kept
from kgraph.copies import find_credit, sign
from kgraph.decisions.citations import Citation
from kgraph.errors import StoreError
from kgraph.files import whole
from kgraph.folder import digests, journal, tally
from kgraph.folder.contents import Contents
from kgraph.folder.digests import Damage, find_damaged, row_digest, signed
from kgraph.folder.near_copies import note_stories, sign_articles, tell_all, tell_stories
from kgraph.records import Article, Evidence, Reading, digest
from kgraph.schema import SCHEMA_VERSION

READ = digests.READ
FOLLOWS = (
    "actor", "resolution", "claim", "claim_role", "claim_evidence", "conflict", "edge", "background", "redirect",
    "revision", "added", "outlet", "orphan", "naming", "learnt", "rejected",
)  # fmt: skip
PAST = ("past_article", "renamed", "past_claim")
COUNTED = {"actor": "actors", "claim": "claims", "edge": "edges"}
PATIENCE = 600.0  # seconds that a build waits for another one

Row = digests.Row


@dataclass(frozen=True, slots=True)
class Difference:
    """How many rows of a table came, went, or are now otherwise."""

    added: int = 0
    changed: int = 0
    removed: int = 0

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)


@dataclass(frozen=True, slots=True)
class Known:
    """What is kept of an article, as far as it says whether it must be read again."""

    version: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class SetAside:
    """An article or file that crashed or hung what read it: which version, what read it, why, and how long it had."""

    version: str
    fingerprint: str
    why: str
    seconds: float  # infinite where more time would not help


class ArticleRow(NamedTuple):
    key: str
    version: str
    title: str
    published: str | None
    outlet: str | None
    url: str | None
    path: str | None
    cluster: str
    credit: str | None = None
    given: str | None = None
    address: str | None = None


class LocalActorRow(NamedTuple):
    article: str
    local: str
    name: str
    kind: str
    entry: str | None
    country: str | None
    forms: str  # JSON


class EvidenceRow(NamedTuple):
    id: str
    event: str
    article: str
    type: str
    sentence: str
    start: int
    end: int
    trigger: str
    status: str
    polarity: str
    stage: str
    certainty: str
    hypothetical: int
    voice: str
    event_from: str | None
    event_to: str | None
    date_precision: str | None


class FillerRow(NamedTuple):
    evidence: str
    role: str
    local: str
    surface: str


class SpeakerRow(NamedTuple):
    evidence: str
    depth: int  # 1 is the nearest
    text: str
    local: str | None


# Opening. -------------------------------------------------------------------------------------------------------------


@contextmanager
def open_for_reading(folder: Path) -> Iterator[sqlite3.Connection]:
    """The database of a graph folder, to read from: all that is read inside belongs to one and the same state."""
    check_folder(folder)
    with named_damage(folder), closing(_connect_to_read(folder / "evidence.db")) as db:
        yield db


@contextmanager
def open_as_it_is(folder: Path) -> Iterator[sqlite3.Connection]:
    """The same, whatever kgraph.json says, for who looks for damage."""
    with named_damage(folder), closing(_connect_to_read(folder / "evidence.db")) as db:
        yield db


def check_not_blank(db: sqlite3.Connection, folder: Path) -> None:
    """Raises StoreError for a graph into which nothing was built: its tables would be empty answers."""
    if is_blank(db):
        raise _nothing_built(folder)


def is_blank(db: sqlite3.Connection) -> bool:
    """Whether no article is in a graph, and none ever was."""
    return not any(_has_rows(db, table) for table in ("main.article", "main.past_article"))


def _has_rows(db: sqlite3.Connection, table: str) -> bool:
    return bool(db.execute(f"SELECT EXISTS (SELECT 1 FROM {table})").fetchone()[0])


def _nothing_built(folder: Path) -> StoreError:
    with suppress(StoreError):
        known = load_identity(folder)
        if change := known.lost or known.change:
            return StoreError(
                f"{folder}: its database is gone, with all up to change {change}: restore the folder, or build again"
            )
    return StoreError(f"{folder}: nothing was built into it yet; `kgraph build ARTICLES -g {folder}` does")


def _connect_to_read(path: Path) -> sqlite3.Connection:
    if not path.exists() or not path.stat().st_size:  # a build that was killed at its very start
        raise _nothing_built(path.parent)
    try:
        return _begin(path, "mode=ro")
    except sqlite3.OperationalError as error:
        is_full = getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_IOERR_SHMSIZE
        if os.access(path.parent, os.W_OK) and not (is_full and _is_all_in(path)):
            raise
        # SQLite wants to make its two side files. Where it cannot, nobody is writing either, so it needs none.
        return _begin(path, "immutable=1")


def _is_all_in(path: Path) -> bool:
    """Whether nothing of a database lies beside it."""
    side = Path(f"{os.path.realpath(path)}-wal")
    return not side.exists() or not side.stat().st_size


def _begin(path: Path, how: str) -> sqlite3.Connection:
    uri, folder = f"{path.absolute().as_uri()}?{how}", path.parent
    db = sqlite3.connect(uri, uri=True, isolation_level=None, factory=_Opened)
    db.folder = folder
    try:
        db.execute("BEGIN")
        found = get_meta(db, "schemaVersion") or str(SCHEMA_VERSION)  # from here on the state stands
        if not found.isdigit():
            raise StoreError(f"{folder}: damaged: meta schemaVersion; `kgraph rebuild -g {folder}` writes it anew")
        if (version := int(found)) < SCHEMA_VERSION:
            raise StoreError(
                f"{folder}: written by an older kgraph (schema {version}, this one has {SCHEMA_VERSION}); "
                f"`kgraph rebuild -g {folder}` brings it up to date and keeps a copy of the old database"
            )
    except (sqlite3.Error, StoreError):
        db.close()
        raise
    return db


@contextmanager
def open_for_writing(
    folder: Path,
    *,
    waiting: Callable[[str], None] | None = None,
    patience: float = PATIENCE,
    blank_stays: bool = True,
) -> Iterator[sqlite3.Connection]:
    """The database of a graph folder, to write to, made where there is none. One process at a time: others wait.

    What was made here goes away again if nothing came into it, unless `blank_stays`.
    """
    check_folder(folder, new=True)
    was_there = folder.exists()
    _make(folder)
    with named_damage(folder, FAILED), _lock(folder, waiting, patience), _new_or_blank(folder, was_there, blank_stays):
        _write_identity(folder)
        migrate(folder, waiting)
        with closing(_connect_to_write(folder)) as db:
            _note_lost(db, waiting)
            _attach_pending(db, folder, waiting)
            yield db
            journal.tidy(db)
            with transaction(db):
                _note_counts(db)
            nothing_pending = not has_pending(db)
            _note_finished(db)
        if nothing_pending:
            _delete_pending(folder)


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"{folder}: cannot be made ({error.strerror}); name another folder with -g") from error


def _connect_to_write(folder: Path) -> sqlite3.Connection:
    db = _database(folder / "evidence.db")
    if not db.execute("SELECT count(*) FROM meta").fetchone()[0]:
        with transaction(db):
            set_meta(db, "schemaVersion", str(SCHEMA_VERSION))
            set_meta(db, "graphId", load_identity(folder).graph)
            set_meta(db, "changes", "0")
    is_new_journal = journal.keep(db, get_meta(db, "journal"))
    tally.count_along(db)
    if is_new_journal:
        with transaction(db):
            _note_counts(db)
    return db


def _note_counts(db: sqlite3.Connection) -> None:
    """Remembers how much is noted of what was and of what changed, so that rows which are gone are missed."""
    before = _counted_before(db)
    for name, now in (
        ("history", tally.counted_on(db, before) if before else tally.begin_anew(db)),
        ("journal", journal.measure(db)),
    ):
        if now != get_meta(db, name):
            set_meta(db, name, now)


def _counted_before(db: sqlite3.Connection) -> str | None:
    """How much was noted of what was; where that is gone too, what was so when the graph was finished."""
    kept = db.execute("SELECT name, value, digest FROM main.meta WHERE name = 'history'").fetchone()
    if kept and row_digest(*kept[:2]) == kept[2]:
        return str(kept[1])
    return load_identity(_folder_of(db)).history or None


def migrate(folder: Path, say: Callable[[str], None] | None = None) -> Path | None:
    """Brings the database of an older schema up to date, with the lock held; the old one stays beside it.

    What was read goes over column by column into a new database; what follows from it is computed by the next `settle`.
    Killed at any point, the old database or the new one is in place, whole.
    """
    path = folder / "evidence.db"
    version = _schema_of(path)
    if version is None or version >= SCHEMA_VERSION:
        return None
    backup, new = folder / f"evidence.schema{version}.db", folder / "evidence.db.new"
    _delete_pending(folder)  # what a killed build of the older kgraph had read is read again
    for leftover in (new, Path(f"{new}-wal"), Path(f"{new}-shm"), backup):
        leftover.unlink(missing_ok=True)
    with closing(sqlite3.connect(path, isolation_level=None)) as old:
        old.execute("VACUUM INTO ?", (str(backup),))
    with closing(_database(new)) as db:
        _copy_read(db, backup)
        db.execute("PRAGMA journal_mode = DELETE")  # so that all of it is in the one file
    for side in ("-wal", "-shm"):
        Path(f"{path}{side}").unlink(missing_ok=True)
    new.replace(path)
    _write_whole(folder / "kgraph.json", replace(load_identity(folder), schema=SCHEMA_VERSION))
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
            there = _names_of(db, table, "old")
            columns = ", ".join(name for name in _columns(db, table) if name.strip('"') in there)
            if columns:
                db.execute(f"INSERT INTO main.{table} ({columns}) SELECT {columns} FROM old.{table}")
        _name_articles(db, old_has_ids="given" in _names_of(db, "article", "old"))
        for key in [key for (key,) in db.execute("SELECT key FROM main.article WHERE signature IS NULL")]:
            article = _load_article(db, "main", key)
            signed = (article and find_credit(article), article and sign(article), key)
            db.execute("UPDATE main.article SET credit = ?, signature = ? WHERE key = ?", signed)
        sign_articles(db)
        changed = ((story, key) for key, story in tell_all(db))
        db.executemany("UPDATE main.article SET cluster = ? WHERE key = ?", changed)
        set_meta(db, "schemaVersion", str(SCHEMA_VERSION))
        # So that all that follows is computed, and what was is counted as it has come over.
        db.execute("DELETE FROM main.meta WHERE name IN ('causes', 'history', 'journal')")
        digests.sign_readings(db)
        digests.sign_rows(db)
    db.execute("DETACH old")


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
    for table in ("local_actor", "mention", "evidence"):
        db.execute(f"UPDATE main.{table} SET article = ? WHERE article = ?", (new, old))


def _attach_pending(db: sqlite3.Connection, folder: Path, say: Callable[[str], None] | None = None) -> None:
    """Attaches what was read and is not yet seen; what of it a killed build left damaged is dropped, and read again."""
    try:
        _database(folder / "pending.db").close()
        db.execute("ATTACH ? AS pending", (str(folder / "pending.db"),))
        _drop_damaged(db, folder, say)
        set_meta(db, "graphId", get_meta(db, "graphId") or "", schema="pending")
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF not in DAMAGED:
            raise
        with suppress(sqlite3.OperationalError):
            db.execute("DETACH pending")
        _delete_pending(folder)
        _database(folder / "pending.db").close()
        db.execute("ATTACH ? AS pending", (str(folder / "pending.db"),))
        if say:
            say(f"{folder}: what a build that was broken off had read is another graph's or is damaged; it is read again")


DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR}  # of a file that we alone write


def _drop_damaged(db: sqlite3.Connection, folder: Path, say: Callable[[str], None] | None) -> None:
    """Drops what is damaged of what a build that was broken off had read."""
    if not has_pending(db):
        return
    if db.execute("PRAGMA pending.integrity_check(1)").fetchone()[0] != "ok" or _is_strange(db):
        raise _Damaged
    if get_meta(db, "graphId", schema="pending") not in (None, get_meta(db, "graphId")):
        raise _Damaged  # it is of another graph
    for one in [*find_damaged(db, "pending")]:
        db.execute("DELETE FROM pending.article WHERE key = ?", (one.article,))
        if say:
            say(f"{one.article}: what a build that was broken off had read of it is damaged; it is read again")


def _is_strange(db: sqlite3.Connection) -> bool:
    """Whether what a build noted beside what it read is otherwise than it was written."""
    return any(row_digest(*row[:2]) != row[2] for row in db.execute("SELECT * FROM pending.meta"))


class _Damaged(sqlite3.DatabaseError):
    sqlite_errorcode = sqlite3.SQLITE_CORRUPT


def _delete_pending(folder: Path) -> None:
    for name in ("pending.db-wal", "pending.db-shm", "pending.db"):
        (folder / name).unlink(missing_ok=True)


def _database(path: Path) -> sqlite3.Connection:
    """A connection to a database with the tables of evidence.sql, which are made if they are missing."""
    db = sqlite3.connect(path, isolation_level=None, timeout=60, factory=_Opened)
    db.folder = path.parent
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = NORMAL")  # with WAL: a power cut may cost the last articles, never the database
    db.execute("PRAGMA foreign_keys = ON")
    digests.know_digests(db)
    if not db.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
        db.executescript(f"BEGIN; {digests.script()} COMMIT;")
    return db


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    """All that is done inside, or nothing of it."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")


# The folder. ----------------------------------------------------------------------------------------------------------

# A kill can leave these before kgraph.json.
BEFORE_IDENTITY = {"lock.db", "lock.db-journal", "kgraph.json.new", "decisions.lock"}


def check_folder(folder: Path, *, new: bool = False) -> None:
    """Raises StoreError unless the folder is a graph folder that this kgraph can use (or may become one, if new)."""
    try:
        names = {path.name for path in folder.iterdir()} if folder.exists() else set()
    except NotADirectoryError as error:
        raise StoreError(f"{folder}: a file, not a graph folder; name another one with -g") from error
    except OSError as error:
        raise StoreError(f"{folder}: cannot be looked into ({error.strerror}); name another one with -g") from error
    if "kgraph.json" in names:
        _check_identity(folder)
    elif "evidence.db" in names:
        raise StoreError(f"{folder / 'kgraph.json'}: missing; {_RESTORE.format(folder)}")
    elif not names <= BEFORE_IDENTITY:
        raise StoreError(f"{folder}: not a folder of kgraph (it has no kgraph.json); name another one with -g")
    elif not new:
        raise StoreError(f"{folder}: there is no graph; `kgraph build ARTICLES -g {folder}` makes one")


def _check_identity(folder: Path) -> None:
    found = load_identity(folder)
    if found.schema > SCHEMA_VERSION:
        raise StoreError(
            f"{folder}: written by a newer kgraph (schema {found.schema}, this one knows {SCHEMA_VERSION}); upgrade kgraph"
        )


@dataclass(frozen=True, slots=True)
class Identity:
    """What kgraph.json says: which graph it is, and up to which change it was finished, with how many articles."""

    schema: int
    graph: str
    change: int = 0
    articles: int = 0
    lost: int = 0  # the last change that was finished and is not in the database; until the next build
    model: str = ""  # what reads its articles
    history: str = ""  # how much is noted of what was

    def as_json(self) -> dict[str, object]:
        known = {"schemaVersion": self.schema, "graphId": self.graph, "change": self.change, "articles": self.articles}
        more = {"lost": self.lost, "model": self.model, "history": self.history}
        known |= {name: value for name, value in more.items() if value}
        return known | {"digest": digest(json.dumps(known))}


def load_identity(folder: Path) -> Identity:
    """Raises StoreError where kgraph.json is damaged."""
    path = folder / "kgraph.json"
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        change, articles, lost = (int(found.get(name, 0)) for name in ("change", "articles", "lost"))
        model, history = (str(found.get(name, "")) for name in ("model", "history"))
        known = Identity(
            int(found["schemaVersion"]), str(found["graphId"]), change, articles, lost, model, history
        )
    except (OSError, ValueError, OverflowError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise StoreError(f"{path}: cannot be read ({error}); {_RESTORE.format(folder)}") from error
    is_older = known.schema < FIRST_SIGNED and "digest" not in found
    if known.schema <= SCHEMA_VERSION and not is_older and found != known.as_json():
        raise StoreError(f"{path}: is not as it was written; {_RESTORE.format(folder)}")
    return known


FIRST_SIGNED = 4  # the schema since which kgraph.json has a digest
_RESTORE = "`kgraph rebuild -g {}` writes it anew from the database"


def mend_identity(folder: Path) -> bool:
    """Writes a kgraph.json that is damaged, missing or another graph's anew from the database; says whether it did."""
    path = folder / "evidence.db"
    if not path.exists() or not path.stat().st_size:
        return False
    with named_damage(folder), closing(sqlite3.connect(path)) as db:
        known = _signed_names(db)
    try:
        kept = load_identity(folder).graph
        if kept == known.get("graphId", kept):
            return False
    except StoreError:
        if len(known) < 2:
            raise
    if len(known) == 2:
        _write_whole(folder / "kgraph.json", Identity(int(known["schemaVersion"]), known["graphId"]))
    return len(known) == 2


def _signed_names(db: sqlite3.Connection) -> dict[str, str]:
    """What a database says that it is, as far as it is as it was written."""
    names = {row[1] for row in db.execute("SELECT * FROM pragma_table_info('meta')")}
    if "digest" not in names:  # of an older kgraph, or none of ours
        return {}
    rows = db.execute("SELECT * FROM main.meta WHERE name IN ('schemaVersion', 'graphId')").fetchall()
    return {row[0]: str(row[1]) for row in rows if row_digest(*row[:2]) == row[-1]}


def find_other(db: sqlite3.Connection, known: Identity) -> str | None:
    """What to say where kgraph.json is of another graph than the database."""
    graph = _signed_names(db).get("graphId", known.graph)
    if graph == known.graph:
        return None
    way = "restore the folder; `kgraph rebuild` believes the database"
    return f"kgraph.json is of the graph {known.graph}, the database of {graph}: {way}"


def mend_rows(db: sqlite3.Connection) -> Iterator[str]:
    """Writes anew, or drops, the damaged rows of `meta` and of what was; says which."""
    known = load_identity(_folder_of(db))
    for table, key in [*digests.find_damaged_rows(db)]:
        yield f"{table} {key}: not what was written; {_what_becomes_of(table, key, known)}"
    if gone := _differing_counts(db, _counted_before(db)):
        yield f"{gone}; counted anew"
    with transaction(db):
        orphans = _drop_orphans(db)
        for table in digests.SIGNED:
            digests.drop_damaged_rows(db, table)
        last = max(known.change, *(db.execute("SELECT coalesce(max(change), 0) FROM main.state").fetchone()))
        values = {"schemaVersion": str(SCHEMA_VERSION), "graphId": known.graph, "changes": str(last), "model": known.model}
        for name, value in values.items():
            if value and get_meta(db, name) is None:
                set_meta(db, name, value)
        if get_meta(db, "graphId") != known.graph:
            set_meta(db, "graphId", known.graph)
        set_meta(db, "history", tally.begin_anew(db))
    if orphans:
        yield f"{orphans} rows that belonged to no article; taken out"


def _what_becomes_of(table: str, key: str, known: Identity) -> str:
    """What is done with a row that is damaged."""
    if table != "meta" or key.startswith(SET_ASIDE):
        return "dropped"
    if key == "model" and not known.model:
        return "dropped: the default model reads from now on, unless --model names another"
    return "written anew"


def _write_identity(folder: Path) -> None:
    """Writes kgraph.json where there is none: whole or not at all."""
    if not (folder / "kgraph.json").exists():
        _write_whole(folder / "kgraph.json", Identity(SCHEMA_VERSION, secrets.token_hex(8)))


def _write_whole(path: Path, identity: Identity) -> None:
    with whole(path) as new:
        new.write_text(json.dumps(identity.as_json(), indent=2) + "\n", encoding="utf-8")


def _note_finished(db: sqlite3.Connection) -> None:
    """Says in kgraph.json up to which change the graph is finished: a damaged journal takes SQLite back without a word."""
    folder = _folder_of(db)
    known = load_identity(folder)
    change = _last_change(db, known)
    model, history = get_meta(db, "model") or known.model, get_meta(db, "history") or known.history
    if (known.change, known.model, known.history) != (change, model, history):
        fresh = Identity(SCHEMA_VERSION, known.graph, change, count_articles(db), known.lost, model, history)
        _write_whole(folder / "kgraph.json", fresh)


def _note_lost(db: sqlite3.Connection, say: Callable[[str], None] | None) -> None:
    """Remembers, before anything is written, that the database is older than what was finished."""
    folder = _folder_of(db)
    known = load_identity(folder)
    if other := find_other(db, known):
        raise StoreError(f"{folder}: {other}")
    if found := find_lost(db, known):
        with transaction(db):
            _drop_orphans(db)  # else what is gone could not be built again
            db.execute("DELETE FROM main.meta WHERE name = 'causes'")  # so that all that follows is computed
        if not known.lost:
            change = _last_change(db, known)
            fresh = replace(known, change=change, articles=count_articles(db), lost=known.change)
            _write_whole(folder / "kgraph.json", fresh)
        if say:
            say(f"{folder}: {found}")


# What belongs to something else, and to what; in this order.
BELONGS = (
    *((table, "article", "article", "key") for table in ("signed", "local_actor", "mention", "evidence", "resolution")),
    ("band", "number", "signed", "number"), ("filler", "evidence", "evidence", "id"), ("speaker", "evidence", "evidence", "id"),
)  # fmt: skip


def _drop_orphans(db: sqlite3.Connection) -> int:
    """Takes out the rows of what was read that belong to nothing any more, and says how many."""
    sql = "DELETE FROM main.{} WHERE {} NOT IN (SELECT {} FROM main.{})".format
    return sum(db.execute(sql(table, name, key, parent)).rowcount for table, name, parent, key in BELONGS)


def _last_change(db: sqlite3.Connection, known: Identity) -> int:
    """The number of the last change; where it can be read no more (which `check` says), the one that was finished."""
    found = get_meta(db, "changes") or "0"
    return int(found) if found.isdigit() else known.change


def forget_lost(db: sqlite3.Connection) -> None:
    """After a build nothing counts as lost any more: what was to be built again has been."""
    folder = _folder_of(db)
    if (known := load_identity(folder)).lost:
        _write_whole(folder / "kgraph.json", replace(known, lost=0))


def find_lost(db: sqlite3.Connection, known: Identity) -> str | None:
    """What to say where the database is older than what was finished."""
    change, count = _last_change(db, known), count_articles(db)
    if known.lost or change < known.change:
        return (
            f"the database is older than what was finished: change {known.lost or known.change} is not in it; "
            "build again what came last"
        )
    if change == known.change and change and count != known.articles:
        return f"{count} articles where {known.articles} belong: build again what is missing"
    return None


class _Opened(sqlite3.Connection):
    """A connection that knows its graph folder: the database itself may lie elsewhere, behind a symbolic link."""

    folder: Path


def _folder_of(db: sqlite3.Connection) -> Path:
    assert isinstance(db, _Opened)
    return db.folder


@contextmanager
def _lock(folder: Path, waiting: Callable[[str], None] | None, patience: float) -> Iterator[None]:
    """Holds the folder's lock: SQLite's own, on an empty database, so that it ends with the process on any system.

    Who had it may have taken the folder away, in which nothing was: then the lock is that of the folder made anew.
    """
    while True:
        _make(folder)
        before = _which(folder / "lock.db")
        try:
            opening = closing(sqlite3.connect(folder / "lock.db", isolation_level=None, timeout=0))
        except sqlite3.OperationalError:
            if folder.exists():
                raise
            continue  # taken away just now
        with opening as lock:
            opened = _which(folder / "lock.db")
            try:
                if not _try_lock(lock):
                    if waiting:
                        waiting(f"{folder}: another kgraph is writing to it; waiting")
                    _wait_for_lock(lock, folder, patience)
            except sqlite3.DatabaseError as error:
                if error.sqlite_errorcode == sqlite3.SQLITE_NOTADB:
                    raise StoreError(f"{folder / 'lock.db'}: damaged; nothing is kept in it: delete it") from error
                if opened and _which(folder / "lock.db") == opened:
                    raise
                continue  # SQLite calls it a failure of the disk that its file is gone
            if before in (None, opened) and opened and _which(folder / "lock.db") == opened:
                yield
                return


def _which(path: Path) -> tuple[int, int] | None:
    """Which file lies there, if one does."""
    try:
        about = path.stat()
    except FileNotFoundError:
        return None
    return about.st_dev, about.st_ino


def _wait_for_lock(lock: sqlite3.Connection, folder: Path, patience: float) -> None:
    until = time.monotonic() + patience
    while not _try_lock(lock):
        if time.monotonic() > until:
            raise StoreError(f"{folder}: another kgraph is still writing to it; try again when it is done")
        time.sleep(min(0.1, patience))


def _try_lock(lock: sqlite3.Connection) -> bool:
    try:
        lock.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
            raise
        return False
    return True


# The files of a folder in which nothing is, in the order in which they go: what is left at any point is none, or blank.
_BLANK = ("evidence.db-wal", "evidence.db-shm", "evidence.db", "pending.db-wal", "pending.db-shm", "pending.db",
          "kgraph.json", "decisions.lock-journal", "decisions.lock", "lock.db-journal", "lock.db")  # fmt: skip


@contextmanager
def _new_or_blank(folder: Path, was_there: bool, blank_stays: bool) -> Iterator[None]:
    """Takes away at the end what was made since the beginning, if nothing came into it; with the lock held."""
    is_new = not (folder / "kgraph.json").exists()
    try:
        yield
    finally:
        if is_new and not blank_stays:
            with suppress(OSError, sqlite3.Error):  # then it stays, and says that nothing was built into it
                _take_away(folder, was_there)


def _take_away(folder: Path, was_there: bool) -> None:
    strange = {path.name for path in folder.iterdir()} - {*_BLANK, CATALOGUE}
    if strange or _holds_something(folder):
        return
    forget_kept(folder)
    if (folder / CATALOGUE).exists():  # somebody else's files are in it
        return
    for name in _BLANK:
        (folder / name).unlink(missing_ok=True)
    if not was_there:
        folder.rmdir()


def _holds_something(folder: Path) -> bool:
    """Whether anything was read into a folder, or set aside."""
    if not (folder / "evidence.db").exists():
        return False
    with closing(sqlite3.connect(folder / "evidence.db", isolation_level=None)) as db:
        put_aside = db.execute("SELECT EXISTS (SELECT 1 FROM meta WHERE name LIKE ?)", (f"{SET_ASIDE}%",)).fetchone()[0]
        if put_aside or not is_blank(db):
            return True
    if not (folder / "pending.db").exists():
        return False
    with closing(sqlite3.connect(folder / "pending.db", isolation_level=None)) as db:
        return _has_rows(db, "article")


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


FAILED = (
    sqlite3.Error,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    AssertionError,
    RecursionError,
)  # as values that are none make it


@contextmanager
def named_damage(folder: Path, failures: tuple[type[Exception], ...] = (sqlite3.Error,)) -> Iterator[None]:
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


def _find_damage(folder: Path) -> str | None:
    """What is damaged of a graph folder, if anything is; asked when something has failed."""
    try:
        with closing(_connect_to_read(folder / "evidence.db")) as db:
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
        ours.executescript(digests.script())
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
            yield f"meta {name}: {_MISSING}"


_MISSING = "missing; `kgraph rebuild` writes it anew"


def find_forgotten(db: sqlite3.Connection, known: Identity) -> Iterator[str]:
    """What kgraph.json still knows of a database that the database does not."""
    for name, value in (("model", known.model), ("history", known.history)):
        if value and get_meta(db, name) is None:
            yield f"meta {name}: {_MISSING}"


def _find_missing_rows(db: sqlite3.Connection) -> Iterator[str]:
    """Of what was, and of the journal, more or fewer rows than were written."""
    if found := _differing_counts(db, get_meta(db, "history")):
        yield f"{found}; what is gone cannot be had again: `kgraph rebuild` counts anew"
    measured = get_meta(db, "journal")
    if measured not in (None, journal.measure(db)):
        yield "touched: the journal is not as written; `kgraph rebuild` begins it anew"


def _differing_counts(db: sqlite3.Connection, before: str | None) -> str | None:
    """Which tables of what was hold other rows than were written."""
    try:
        found = tally.differing(before, tally.count_all(db)) if before else []
    except (ValueError, TypeError, LookupError):  # the count itself is damaged, which is named as such
        return None
    return " and ".join(f"{table}: {now} rows where {then} belong" for table, then, now in found) or None


def _find_strange_values(db: sqlite3.Connection) -> Iterator[str]:
    """Of what follows, values of another kind than their column is of."""
    for table in FOLLOWS:
        for name, kind, fixed in digests.kinds(table):
            strange = f"typeof({name}) NOT IN ('{kind}', '{kind if fixed else 'null'}')"
            (count,) = db.execute(f"SELECT count(*) FROM main.{table} WHERE {strange}").fetchone()
            if count:
                yield f"{table}: {count} rows in which {name} is no {kind}; `kgraph rebuild` computes them anew"


STORED: dict[str, Callable[[sqlite3.Connection], Iterator[str]]] = {
    "the database": _find_broken_pages, "its tables": _find_strange_tables, "what was read": _find_damaged_readings,
    "its own rows": _find_damaged_rows, "rows that are gone": _find_missing_rows, "its values": _find_strange_values,
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
    with digests.found_beside(_folder_of(db) / "evidence.db") as found:
        yield
        _refuse(db, (one for one in found() if one.article not in touched), named)


def _refuse(db: sqlite3.Connection, damaged: Iterable[Damage], named: Container[str]) -> None:
    some = [*islice((one for one in damaged if one.article not in named), 100)]
    if some:
        others = f" (and {len(some) - 1}{'+' * (len(some) == 100)} others)" if some[1:] else ""
        raise StoreError(f"{_folder_of(db)}: article {some[0].article}{others}: {said_of(some[0])}")


# Names and values of the graph as a whole. ----------------------------------------------------------------------------


def get_meta(db: sqlite3.Connection, name: str, *, schema: str = "main") -> str | None:
    """A value that the graph remembers: schemaVersion, graphId, model, changes, …"""
    row = db.execute(f"SELECT value FROM {schema}.meta WHERE name = ?", (name,)).fetchone()
    return row and str(row[0])


def set_meta(db: sqlite3.Connection, name: str, value: str, *, schema: str = "main") -> None:
    """Remembers a value; in the schema `pending` until the next `settle`."""
    db.execute(
        f"INSERT OR REPLACE INTO {schema}.meta VALUES (?, ?, ?)",
        (name, value, row_digest(name, value)),
    )


SET_ASIDE = "set aside: "  # before the key of an article


def set_aside(db: sqlite3.Connection, key: str, why: SetAside) -> None:
    """Remembers at once, whatever becomes of this build, that an article or a file crashed or hung what read it."""
    set_meta(db, f"{SET_ASIDE}{key}", json.dumps(asdict(why)))


def find_set_aside(db: sqlite3.Connection, key: str) -> SetAside | None:
    """Why an article was set aside, if it was and has not been read since."""
    found = get_meta(db, f"{SET_ASIDE}{key}")
    return SetAside(**json.loads(found)) if found else None


# What was read. -------------------------------------------------------------------------------------------------------


def find_known(db: sqlite3.Connection, key: str) -> Known | None:
    """What is kept of an article, what this build or a killed one read of it first."""
    for schema in ("pending", "main"):
        row = db.execute(f"SELECT version, fingerprint FROM {schema}.article WHERE key = ?", (key,)).fetchone()
        if row:
            return Known(*row)
    return None


def write_reading(db: sqlite3.Connection, reading: Reading, fingerprint: str) -> None:
    """Keeps what was read from an article, instead of what it said before; `settle` makes it seen."""
    with transaction(db):
        write_rows(db, rows_of(reading, fingerprint))


def write_rows(db: sqlite3.Connection, rows: Mapping[str, Sequence[Row]]) -> None:
    """Keeps the rows of some articles, instead of what they said before; another text of one is part of what was."""
    for key, version, *_ in rows["article"]:
        now = datetime.now(UTC).isoformat()
        _remember(db, "pending", "pending", "key = ? AND version <> ?", (key, version), now)
        db.execute("DELETE FROM pending.article WHERE key = ?", (key,))
        db.execute("DELETE FROM main.meta WHERE name = ?", (f"{SET_ASIDE}{key}",))
    for table in READ:
        _insert(db, table, rows[table])


def rows_of(reading: Reading, fingerprint: str) -> dict[str, list[Row]]:
    """What was read from an article as rows of the tables of evidence.sql; `fingerprint` is what read it."""
    key = reading.article.key
    evidence = list({each.evidence_id: each for each in reversed(reading.evidence)}.values())  # of equal ones the first
    actors = [(key, a.local, a.name, a.kind.value, a.entry, a.country, _json(a.forms)) for a in reading.actors]
    fillers = [(e.evidence_id, f.role, f.local, f.surface, f.start, f.end) for e in evidence for f in e.fillers]
    rows: dict[str, list[Row]] = {
        "local_actor": _unique(actors, 2),
        "mention": _unique([(key, m.local, m.start, m.end, m.text, m.source) for m in reading.mentions], 4),
        "evidence": [_evidence_row(each) for each in evidence],
        "filler": _unique(fillers, 3),
        "speaker": [
            (each.evidence_id, depth, speaker.text, speaker.local)
            for each in evidence
            for depth, speaker in enumerate(each.stance.speakers, start=1)
        ],
    }
    return {"article": [digests.sign(_article_row(reading, fingerprint), rows)], **rows}


def _unique(rows: Iterable[Row], key: int) -> list[Row]:
    """Of rows that begin with the same key the first ("Moscow and the Kremlin" fills a role with Russia once)."""
    found: dict[Row, Row] = {}
    for row in rows:
        found.setdefault(row[:key], row)
    return [*found.values()]


CITED = "cited"  # in the place of what read it: a quotation that a decision cites, which is never read


def _differing_citations(db: sqlite3.Connection, cited: Iterable[Citation] | None) -> dict[str, Row | None]:
    """The rows of the quotations that have come or changed, by their keys; None for those that are gone."""
    if cited is None:
        return {}
    rows = {one.article.key: _cited_row(one) for one in cited}
    known = db.execute(f"SELECT * FROM main.article WHERE key GLOB 'cited:*' AND fingerprint = '{CITED}'")
    there = {row[0]: row for row in known}
    return {key: rows.get(key) for key in sorted(rows.keys() | there.keys()) if there.get(key) != rows.get(key)}


def _cited_row(cited: Citation) -> Row:
    article = cited.article
    row = (
        article.key, article.version, article.title, article.text, article.published, article.outlet, article.url,
        article.path, None, None, article.language, _json(article.boilerplate), article.key, cited.by, None, CITED,
        cited.when, "",
    )  # fmt: skip
    return digests.sign(row, dict.fromkeys(READ, ()))


def _article_row(reading: Reading, fingerprint: str) -> Row:
    article = reading.article
    return (
        article.key, article.version, article.title, article.text, article.published, article.outlet, article.url,
        article.path, article.given, canonical(article.url), article.language, _json(article.boilerplate), article.key,
        reading.credit, reading.signature, fingerprint,
        datetime.now(UTC).isoformat(timespec="seconds"), "",
    )  # fmt: skip


def _evidence_row(each: Evidence) -> Row:
    stance = each.stance
    return (
        each.evidence_id, each.event_id, each.article, each.type, each.sentence, each.start, each.end,
        each.trigger, each.trigger_start, each.trigger_end, each.frame,
        each.status.value, stance.polarity, stance.stage, stance.certainty, int(stance.hypothetical), stance.voice,
        _json(stance.cues), each.event_from, each.event_to, each.date_precision,
    )  # fmt: skip


def _insert(db: sqlite3.Connection, table: str, rows: Sequence[Row]) -> None:
    if rows:
        places = ", ".join("?" * len(rows[0]))
        db.executemany(f"INSERT INTO pending.{table} VALUES ({places}) ON CONFLICT DO NOTHING", rows)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def holds(db: sqlite3.Connection, article: Row) -> bool:
    """Whether this very article is kept. Where its file lies and when it was read does not matter."""
    names = _columns(db, "article")
    telling = [name for name in names if name not in ('"path"', '"cluster"', '"read_at"', '"digest"')]
    values = tuple(value for name, value in zip(names, article, strict=True) if name in telling)
    for schema in ("pending", "main"):
        found = db.execute(f"SELECT {', '.join(telling)} FROM {schema}.article WHERE key = ?", article[:1]).fetchone()
        if found:
            return tuple(found) == values
    return False


def forget_read(db: sqlite3.Connection, keys: Iterable[str]) -> None:
    """Drops what was read of some articles and not yet made seen."""
    with transaction(db):
        for key in keys:
            for table in ("article", "past_article"):
                db.execute(f"DELETE FROM pending.{table} WHERE key = ?", (key,))


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
KEPT = """(SELECT key, fingerprint FROM pending.article UNION ALL SELECT key, fingerprint FROM main.article
    WHERE fingerprint <> 'cited' AND NOT EXISTS (SELECT 1 FROM pending.article AS newer WHERE newer.key = main.article.key))"""
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
        if article := _load_article(db, schema, key):
            return article
    raise KeyError(key)


def _load_article(db: sqlite3.Connection, schema: str, key: str) -> Article | None:
    columns = [field.name for field in fields(Article) if field.compare]
    row = db.execute(f"SELECT {', '.join(columns)} FROM {schema}.article WHERE key = ?", (key,)).fetchone()
    if row is None:
        return None
    values = dict(zip(columns, row, strict=True))
    return Article(**values | {"boilerplate": tuple(map(tuple, json.loads(values["boilerplate"])))})


# What follows. --------------------------------------------------------------------------------------------------------


def has_pending(db: sqlite3.Connection) -> bool:
    """Whether something was read, by this build or a killed one, that `settle` has not yet made seen."""
    return bool(db.execute("SELECT EXISTS (SELECT 1 FROM pending.article)").fetchone()[0])


def is_pending(db: sqlite3.Connection, key: str) -> bool:
    """Whether an article was read and is not yet made seen."""
    return bool(db.execute("SELECT EXISTS (SELECT 1 FROM pending.article WHERE key = ?)", (key,)).fetchone()[0])


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
            _remember(db, "main", "main", f"key IN ({newer})", (), now)
        for key in gone:
            _remember(db, "main", "main", "key = ?", (key,), now)
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
        _note_counts(db)
    _note_finished(db)
    if take_over:
        _forget_pending(db)
    return differences


# What is noted of a change for who computes what follows: each temporary table, with what it holds.
NOTED = {
    "touched": "id PRIMARY KEY", "reclustered": "id PRIMARY KEY", "was_evidence": "id", "was_outlet": "name",
    "was_actor": "article, local, name, kind, entry, country, forms, actor",
}  # fmt: skip


def _note_before(db: sqlite3.Connection, gone: Iterable[str], take_over: bool) -> None:
    """Notes which articles a change touches, and what they were until now."""
    for table, columns in NOTED.items():
        db.execute(f"CREATE TEMP TABLE {table} ({columns})")
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


def forget_pending(db: sqlite3.Connection) -> None:
    """Drops all that was read and not yet made seen."""
    _forget_pending(db)


# What was: versions of articles and states of claims. -----------------------------------------------------------------

_SAID = """SELECT json_group_array(json_object('type', e.type, 'status', e.status, 'sentence', e.sentence, 'actors', json(
    (SELECT json_group_array(DISTINCT f.surface) FROM {home}.filler AS f WHERE f.evidence = e.id))))
    FROM (SELECT * FROM {home}.evidence WHERE article = a.key ORDER BY start, id) AS e"""


def _remember(
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


_SIGNED_ANEW = f"key = ?1, digest = row_digest(?1, {', '.join(digests.columns('past_article')[1:-1])})"


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
        _remember(db, home, "main", fresh, (old, known.version, new, new), now, key=new)
        db.execute(f"UPDATE OR REPLACE {home}.past_article SET {_SIGNED_ANEW} WHERE key = ?2", (new, old))
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
    marks = ", ".join("?" * len(_columns(db, "article")))
    db.executemany(f"INSERT INTO main.article VALUES ({marks})", (row for row in quoted.values() if row))
    return len(quoted)


def _drop(db: sqlite3.Connection, gone: Iterable[str]) -> int:
    return db.executemany("DELETE FROM main.article WHERE key = ?", ((key,) for key in gone)).rowcount


def _columns(db: sqlite3.Connection, table: str, *, key: bool = False) -> list[str]:
    rows = db.execute("SELECT name FROM pragma_table_info(?) WHERE pk OR NOT ?", (table, key))
    return [f'"{name}"' for (name,) in rows]


def _forget_pending(db: sqlite3.Connection) -> None:
    """Empties pending.db by starting a new one. If a kill comes before, the next `settle` does the same once more."""
    folder = _folder_of(db)
    db.execute("DETACH pending")
    _delete_pending(folder)
    _attach_pending(db, folder)


class Folder(Contents):
    """A graph folder: what is in it, and how it is opened."""

    def check(self, *, new: bool = False) -> None:
        """Raises StoreError unless it is a graph folder that this kgraph can use (or may become one, if `new`)."""
        check_folder(self.path, new=new)

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """Its database, to read from: all that is read inside belongs to one and the same state."""
        with open_for_reading(self.path) as db:
            yield db

    @contextmanager
    def write(
        self, *, waiting: Callable[[str], None] | None = None, patience: float = PATIENCE, blank_stays: bool = True
    ) -> Iterator[sqlite3.Connection]:
        """Its database, to write to, made where there is none. One process at a time: others wait."""
        with open_for_writing(self.path, waiting=waiting, patience=patience, blank_stays=blank_stays) as db:
            yield db
