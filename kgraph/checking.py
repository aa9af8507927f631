"""Whether a graph folder is whole: its database, its rows, its decisions, and that what follows does follow."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from kgraph.decisions import list_otherwise, read_all
from kgraph.errors import DecisionError
from kgraph.evidence import FOLLOWS, open_for_reading
from kgraph.pipeline import DECISIONS, is_up_to_date, load_knowledge
from kgraph.projection.decided import taken_over
from kgraph.projection.update import lay_over
from kgraph.stories import tell_all

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
    "sentence that is not in its article": """SELECT e.id FROM told AS e JOIN article AS a ON a.key = e.article
        WHERE substr(a.text, e.start + 1, e."end" - e.start) <> e.sentence""",
}


def check(folder: Path) -> list[str]:
    """What is wrong with a graph folder, a line each; nothing where it is whole."""
    with open_for_reading(folder) as db:
        return [*_database(db), *_rows(db), *_recomputed(db, folder)]


def _database(db: sqlite3.Connection) -> Iterator[str]:
    for (words,) in db.execute("PRAGMA integrity_check"):
        if words != "ok":
            yield f"the database is damaged: {words}"
    for table, key, parent, _ in db.execute("PRAGMA foreign_key_check"):
        yield f"{table}: row {key} belongs to no {parent}"


def _rows(db: sqlite3.Connection) -> Iterator[str]:
    for what, sql in ORPHANS.items():
        for (key,) in islice(db.execute(sql), 5):
            yield f"{what}: {key}"


def _recomputed(db: sqlite3.Connection, folder: Path) -> Iterator[str]:
    """Whether computing everything again gives the same."""
    try:
        yield from list_otherwise(folder / DECISIONS)
        made = {decision.id for decision in read_all(folder / DECISIONS)}
    except DecisionError as error:
        yield str(error)
        return
    for gone in [decision for decision in taken_over(db) if decision.id not in made]:
        yield f"decision {gone.id[:8]} ({gone.action}) stood and is no longer in {DECISIONS}: restore the file"
    catalogue, decisions, owners = load_knowledge(folder)
    if not is_up_to_date(db, folder, catalogue):
        yield f"decisions, catalogue or kgraph changed since this was computed: `kgraph rebuild -g {folder}`"
        return
    stored = dict(db.execute("SELECT key, cluster FROM article"))
    for key, story in tell_all(db):
        yield f"article {key}: a copy of {story}, not of {stored[key]}"
    lay_over(db, catalogue, decisions, owners)
    for table in FOLLOWS:
        wrong, missing = (
            db.execute(
                f"SELECT count(*) FROM (SELECT * FROM {one}.{table} EXCEPT SELECT * FROM {other}.{table})"
            ).fetchone()[0]
            for one, other in (("main", "temp"), ("temp", "main"))
        )
        if wrong or missing:
            yield f"{table}: {wrong} rows that do not follow, {missing} that are missing"
