"""kgraph.json: which graph a folder holds, and up to which change it was finished."""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from kgraph.errors import StoreError
from kgraph.files import whole
from kgraph.folder.articles import count_articles
from kgraph.folder.contents import Contents
from kgraph.folder.database import contents_of, get_meta, transaction
from kgraph.folder.digests import row_digest
from kgraph.folder.readings import drop_orphans
from kgraph.records import digest
from kgraph.schema import SCHEMA_VERSION

# A kill can leave these before kgraph.json.
BEFORE_IDENTITY = {"lock.db", "lock.db-journal", "kgraph.json.new", "decisions.lock"}


def check_folder(folder: Contents, *, new: bool = False) -> None:
    """Raises StoreError unless the folder is a graph folder that this kgraph can use (or may become one, if new)."""
    try:
        names = {path.name for path in folder.path.iterdir()} if folder.path.exists() else set()
    except NotADirectoryError as error:
        raise StoreError(f"{folder}: a file, not a graph folder; name another one with -g") from error
    except OSError as error:
        raise StoreError(f"{folder}: cannot be looked into ({error.strerror}); name another one with -g") from error
    if "kgraph.json" in names:
        _check_identity(folder)
    elif "evidence.db" in names:
        raise StoreError(f"{folder.identity}: missing; {_RESTORE.format(folder)}")
    elif not names <= BEFORE_IDENTITY:
        raise StoreError(f"{folder}: not a folder of kgraph (it has no kgraph.json); name another one with -g")
    elif not new:
        raise StoreError(f"{folder}: there is no graph; `kgraph build ARTICLES -g {folder}` makes one")


def _check_identity(folder: Contents) -> None:
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


def load_identity(folder: Contents) -> Identity:
    """Raises StoreError where kgraph.json is damaged."""
    path = folder.identity
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        change, articles, lost = (int(found.get(name, 0)) for name in ("change", "articles", "lost"))
        model, history = (str(found.get(name, "")) for name in ("model", "history"))
        known = Identity(int(found["schemaVersion"]), str(found["graphId"]), change, articles, lost, model, history)
    except (OSError, ValueError, OverflowError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise StoreError(f"{path}: cannot be read ({error}); {_RESTORE.format(folder)}") from error
    is_older = known.schema < FIRST_SIGNED and "digest" not in found
    if known.schema <= SCHEMA_VERSION and not is_older and found != known.as_json():
        raise StoreError(f"{path}: is not as it was written; {_RESTORE.format(folder)}")
    return known


FIRST_SIGNED = 4  # the schema since which kgraph.json has a digest
_RESTORE = "`kgraph rebuild -g {}` writes it anew from the database"


def signed_names(db: sqlite3.Connection) -> dict[str, str]:
    """What a database says that it is, as far as it is as it was written."""
    names = {row[1] for row in db.execute("SELECT * FROM pragma_table_info('meta')")}
    if "digest" not in names:  # of an older kgraph, or none of ours
        return {}
    rows = db.execute("SELECT * FROM main.meta WHERE name IN ('schemaVersion', 'graphId')").fetchall()
    return {row[0]: str(row[1]) for row in rows if row_digest(*row[:2]) == row[-1]}


def find_other(db: sqlite3.Connection, known: Identity) -> str | None:
    """What to say where kgraph.json is of another graph than the database."""
    graph = signed_names(db).get("graphId", known.graph)
    if graph == known.graph:
        return None
    way = "restore the folder; `kgraph rebuild` believes the database"
    return f"kgraph.json is of the graph {known.graph}, the database of {graph}: {way}"


def write_identity(folder: Contents) -> None:
    """Writes kgraph.json where there is none: whole or not at all."""
    if not folder.identity.exists():
        write_whole(folder.identity, Identity(SCHEMA_VERSION, secrets.token_hex(8)))


def write_whole(path: Path, identity: Identity) -> None:
    with whole(path) as new:
        new.write_text(json.dumps(identity.as_json(), indent=2) + "\n", encoding="utf-8")


def note_finished(db: sqlite3.Connection) -> None:
    """Says in kgraph.json up to which change the graph is finished: a damaged journal takes SQLite back without a word."""
    folder = contents_of(db)
    known = load_identity(folder)
    change = last_change(db, known)
    model, history = get_meta(db, "model") or known.model, get_meta(db, "history") or known.history
    if (known.change, known.model, known.history) != (change, model, history):
        fresh = Identity(SCHEMA_VERSION, known.graph, change, count_articles(db), known.lost, model, history)
        write_whole(folder.identity, fresh)


def note_lost(db: sqlite3.Connection, say: Callable[[str], None] | None) -> None:
    """Remembers, before anything is written, that the database is older than what was finished."""
    folder = contents_of(db)
    known = load_identity(folder)
    if other := find_other(db, known):
        raise StoreError(f"{folder}: {other}")
    if found := find_lost(db, known):
        with transaction(db):
            drop_orphans(db)  # else what is gone could not be built again
            db.execute("DELETE FROM main.meta WHERE name = 'causes'")  # so that all that follows is computed
        if not known.lost:
            change = last_change(db, known)
            fresh = replace(known, change=change, articles=count_articles(db), lost=known.change)
            write_whole(folder.identity, fresh)
        if say:
            say(f"{folder}: {found}")


def last_change(db: sqlite3.Connection, known: Identity) -> int:
    """The number of the last change; where it can be read no more (which `check` says), the one that was finished."""
    found = get_meta(db, "changes") or "0"
    return int(found) if found.isdigit() else known.change


def forget_lost(db: sqlite3.Connection) -> None:
    """After a build nothing counts as lost any more: what was to be built again has been."""
    folder = contents_of(db)
    if (known := load_identity(folder)).lost:
        write_whole(folder.identity, replace(known, lost=0))


def find_lost(db: sqlite3.Connection, known: Identity) -> str | None:
    """What to say where the database is older than what was finished."""
    change, count = last_change(db, known), count_articles(db)
    if known.lost or change < known.change:
        return (
            f"the database is older than what was finished: change {known.lost or known.change} is not in it; "
            "build again what came last"
        )
    if change == known.change and change and count != known.articles:
        return f"{count} articles where {known.articles} belong: build again what is missing"
    return None
