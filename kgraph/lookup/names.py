"""The actors of a graph, and which of them a typed name means."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from kgraph.errors import UsageError
from kgraph.lookup.records import Actor


def actors(db: sqlite3.Connection, *, kind: str | None = None, everyone: bool = False) -> list[Actor]:
    """The actors that articles name (with `everyone` also those that only the catalogue adds), the most named first."""
    rows = db.execute(
        """SELECT id, name, kind, aliases, country, articles FROM actor
                         WHERE (articles OR :everyone) AND coalesce(kind = :kind, TRUE) ORDER BY articles DESC, id""",
        {"kind": kind, "everyone": everyone},
    )
    return [actor_of(row) for row in rows]


def actors_with(db: sqlite3.Connection, ids: Iterable[str]) -> list[Actor]:
    """The actors with some ids, the most named first."""
    rows = db.execute(
        """SELECT id, name, kind, aliases, country, articles FROM actor
           WHERE id IN (SELECT value FROM json_each(?)) ORDER BY articles DESC, id""",
        (json.dumps(sorted(set(ids))),),
    )
    return [actor_of(row) for row in rows]


def actor_of(row: Sequence[Any]) -> Actor:
    """An actor from its id, name, kind, aliases, country and number of articles."""
    return Actor(row[0], row[1], row[2], tuple(json.loads(row[3])), row[4], row[5])


# Who is meant. -------------------------------------------------------------------------------------------------------


def resolve(db: sqlite3.Connection, name: str) -> str:
    """The id of the actor that goes by a name: its id, its name or any alias. Raises UsageError with what is near."""
    redirected = db.execute("SELECT new FROM redirect WHERE old = ?", (name,)).fetchone()
    names = _names(db)
    wanted = (redirected[0] if redirected else name).casefold()
    found = names.get(wanted, {})
    if len(best := {actor for actor, rank in found.items() if rank == min(found.values())}) == 1:
        return best.pop()
    if best:
        raise UsageError(f"{name!r} may be {', '.join(sorted(best))}: name one of them by its id")
    from rapidfuzz import process

    near = [shown for shown, _, _ in process.extract(wanted, names.keys(), limit=5, score_cutoff=70)]
    likely = list(dict.fromkeys(_shown(db, names[shown]) for shown in near))[:3]
    hint = f"did you mean {' or '.join(likely)}?" if likely else "`kgraph actors` lists who is in this graph"
    raise UsageError(f"no actor goes by {name!r}; {hint}")


def _names(db: sqlite3.Connection) -> dict[str, dict[str, int]]:
    """Every id, name and alias with the actors that go by it, ranked: a name before an alias, a mentioned one first."""
    names: dict[str, dict[str, int]] = defaultdict(dict)
    for actor in actors(db, everyone=True):
        for rank, words in enumerate(((actor.id,), (actor.name,), actor.aliases)):
            for word in words:
                names[word.casefold()].setdefault(actor.id, rank + (0 if actor.articles else 10))
    return names


def _shown(db: sqlite3.Connection, found: dict[str, int]) -> str:
    return str(db.execute("SELECT name FROM actor WHERE id = ?", (min(found),)).fetchone()[0])
