"""Whether a graph folder is whole: its database, its rows, its decisions, and that what follows does follow."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import islice

from kgraph.build.causes import is_up_to_date
from kgraph.build.missing import find_missing, said_of_missing
from kgraph.catalogue.kept import find_spoilt_sources
from kgraph.decisions import list_otherwise, read_all
from kgraph.errors import KgraphError
from kgraph.folder import Folder, Location
from kgraph.folder.damage import STORED, find_forgotten
from kgraph.folder.digests import find_damaged
from kgraph.folder.identity import Identity, find_lost, find_other, load_identity
from kgraph.folder.near_copies import find_strange_bands, tell_all
from kgraph.folder.tables import FOLLOWS
from kgraph.graph.embedded import find_spoilt
from kgraph.projection.update import lay_over
from kgraph.projection.update.decisions import find_unreadable

# Rows that belong to nothing: what they are, and the query that finds them.
ORPHANS = {
    "mention of no actor": "SELECT article FROM mention WHERE (article, local) NOT IN (SELECT article, local FROM local_actor)",
    "role of no actor": """SELECT f.evidence FROM filler AS f JOIN evidence AS e ON e.id = f.evidence
        WHERE (e.article, f.local) NOT IN (SELECT article, local FROM local_actor)""",
    "speaker who is no actor": """SELECT s.evidence FROM speaker AS s JOIN evidence AS e ON e.id = s.evidence
        WHERE s.local IS NOT NULL AND (e.article, s.local) NOT IN (SELECT article, local FROM local_actor)""",
    "local actor that is nobody": """SELECT article FROM local_actor
        WHERE (article, local) NOT IN (SELECT article, local FROM resolution)""",
    "resolution to no actor": "SELECT actor FROM resolution WHERE actor NOT IN (SELECT id FROM actor)",
    "claim without evidence": "SELECT id FROM claim WHERE id NOT IN (SELECT claim FROM claim_evidence)",
    "evidence of a claim that no article gives": """SELECT evidence FROM claim_evidence
        WHERE evidence NOT IN (SELECT id FROM told)""",
    "role of a claim without an actor": "SELECT claim FROM claim_role WHERE actor NOT IN (SELECT id FROM actor)",
    "edge without its ends": """SELECT id FROM edge
        WHERE source NOT IN (SELECT id FROM actor) OR target NOT IN (SELECT id FROM actor)""",
    "edge of no claim": """SELECT edge.id FROM edge, json_each(edge.claims)
        WHERE json_each.value NOT IN (SELECT id FROM claim)""",
    "article without its bands": "SELECT key FROM article WHERE key NOT IN (SELECT article FROM signed)",
    "band of no article": "SELECT hash FROM band WHERE number NOT IN (SELECT number FROM signed)",
    "sentence that is not in its article": """SELECT e.id FROM evidence AS e JOIN article AS a ON a.key = e.article
        WHERE substr(a.text, e.start + 1, e."end" - e.start) <> e.sentence""",
}
STALE = "decisions, catalogue or kgraph changed since this was computed"  # which is no damage


def check(folder: Location) -> list[str]:
    """What is wrong with a graph folder, a line each; nothing where it is whole."""
    folder = Folder(folder)
    if not folder.identity.exists():
        folder.check()  # says what the folder is
    known: list[Identity] = []  # read first: a build that ends meanwhile makes the database newer, never older
    found = [*_guarded(folder.identity.name, partial(_identity, folder, known))]
    found += _guarded("the copy for questions", partial(find_spoilt, folder))
    found += _guarded("the catalogue", partial(find_spoilt_sources, folder.catalogue_files))
    try:
        with folder.read_as_it_is() as db:
            for identity in known:
                found += _guarded(folder.identity.name, partial(_finished, db, identity))
            for what, step in STEPS.items():
                found += _guarded(what, partial(step, db))
    except (KgraphError, sqlite3.Error) as error:
        found.append(str(error))
    return [*dict.fromkeys(" ".join(line.split()) for line in found)]


def _guarded(what: str, step: Callable[[], Iterable[str]]) -> list[str]:
    """What a check finds; where it cannot end, that too is a finding, and the other checks go on."""
    found: list[str] = []
    try:
        for line in step():
            found.append(line)
    except KgraphError as error:
        found.append(str(error))
    except Exception as error:  # of damaged values may come what may
        found.append(f"{what}: cannot be checked ({type(error).__name__}: {error})")
    return found


def _identity(folder: Folder, known: list[Identity]) -> Iterator[str]:
    folder.check()
    known.append(load_identity(folder))
    yield from ()


def _finished(db: sqlite3.Connection, known: Identity) -> Iterator[str]:
    """Whether this is the graph that kgraph.json names, as far as it was finished."""
    if other := find_other(db, known):
        yield other
    if lost := find_lost(db, known):
        yield lost
    yield from find_forgotten(db, known)


def _rows(db: sqlite3.Connection) -> Iterator[str]:
    for what, sql in ORPHANS.items():
        for (key,) in islice(db.execute(sql), 5):
            yield f"{what}: {key}"


def _stories(db: sqlite3.Connection) -> Iterator[str]:
    """Whether near-copies are found by what their texts give, and are those that comparing all gives."""
    if count := find_strange_bands(db):
        yield f"band: {count} rows that the articles do not give; `kgraph rebuild --extract` writes them anew"
    stored = dict(db.execute("SELECT key, cluster FROM article"))
    for key, story in tell_all(db):
        yield f"article {key}: a copy of {story}, not of {stored[key]}; `kgraph rebuild --extract` compares them anew"


def _recomputed(db: sqlite3.Connection) -> Iterator[str]:
    """Whether computing everything again gives the same."""
    folder = Folder.of(db)
    yield from list_otherwise(folder.decisions)
    if wrong := find_unreadable(db):
        yield f"{wrong}; `kgraph rebuild -g {folder}` takes them over anew"
        return
    yield from (said_of_missing(db, one) for one in find_missing(db, read_all(folder.decisions)))
    catalogue, decisions, owners = folder.knowledge()
    if not is_up_to_date(db, catalogue):
        yield f"{STALE}: `kgraph rebuild -g {folder}`"
        return
    if next(find_damaged(db), None):
        return  # from what is damaged follows nothing
    lay_over(db, catalogue, decisions, owners)
    for table in (*FOLLOWS, "decided"):
        wrong, missing = (
            db.execute(
                f"SELECT count(*) FROM (SELECT * FROM {one}.{table} EXCEPT SELECT * FROM {other}.{table})"
            ).fetchone()[0]
            for one, other in (("main", "temp"), ("temp", "main"))
        )
        if wrong or missing:
            yield f"{table}: {wrong} rows that do not follow, {missing} that are missing: `kgraph rebuild -g {folder}`"


STEPS: dict[str, Callable[[sqlite3.Connection], Iterator[str]]] = {
    **STORED, "rows": _rows, "near-copies": _stories, "what follows": _recomputed,
}  # fmt: skip
