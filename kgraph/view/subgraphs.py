"""Parts of a graph, however large it is: the busiest actors, neighbours, paths, what is new. Every question is bounded."""

from __future__ import annotations

import json
import sqlite3
import unicodedata
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate, chain, islice

from kgraph.errors import UsageError
from kgraph.folder.database import get_meta
from kgraph.lookup import Edge, edges_among, edges_with
from kgraph.view import Picture, Record, drawing, with_countries
from kgraph.view.layout import communities, places

MOST_ACTORS = 1000  # that are ever drawn at once
MOST_NEIGHBOURS = 40
MOST_HITS = 12
MOST_PATHS = 100
MOST_STEPS = 8


# The whole graph, looked at once for each of its states. ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Survey:
    """What search needs of all actors: their names."""

    changes: str | None
    actors: list[str]  # ids, the most named first
    names: str  # all their folded names in that order, each between line ends: one text is searched in milliseconds
    starts: list[int]  # where in it the names of each actor begin


def survey(db: sqlite3.Connection) -> Survey:
    rows = db.execute("SELECT id, name, aliases FROM actor ORDER BY articles DESC, id").fetchall()
    texts = ["\n" + folded("\n".join((name, *json.loads(aliases), id))) for id, name, aliases in rows]
    starts = [0, *accumulate(map(len, texts))][: len(texts)]
    known = [id for id, *_ in rows]
    return Survey(get_meta(db, "changes"), known, "".join(texts) + "\n", starts)


def folded(text: str) -> str:
    """Words without case and accents, so that "turkiye" finds Türkiye."""
    if not text.isascii():
        text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return text.lower()


def search(db: sqlite3.Connection, known: Survey, words: str) -> list[Record]:
    """The actors with a name or alias that has these words: whole names first, then beginnings, then any part."""
    wanted = folded(words.strip())
    if not wanted or "\n" in wanted:
        return []
    fitting = chain.from_iterable(_places(known, form) for form in _forms(wanted))
    hits = [known.actors[n] for n in islice(dict.fromkeys(fitting), MOST_HITS)]
    found = with_countries(db, hits)
    return [
        {"id": a.id, "name": a.name, "kind": a.kind, "via": _via((a.name, *a.aliases, a.id), wanted)}
        for a in (found[id] for id in hits if id in found)
    ]


def _forms(wanted: str) -> tuple[str, ...]:
    """How words may stand among names, the best first: a whole name, its beginning, the beginning of a word, anywhere."""
    return f"\n{wanted}\n", f"\n{wanted}", f" {wanted}", wanted


def _places(known: Survey, form: str) -> Iterator[int]:
    """The first actors that have a form among their names, the most named first."""
    at = known.names.find(form)
    for _ in range(MOST_HITS):
        if at < 0:
            return
        n = bisect_right(known.starts, at) - 1
        yield n
        at = known.names.find(form, known.starts[n + 1]) if n + 1 < len(known.starts) else -1


def _rank(names: str, wanted: str) -> int:
    return next((rank for rank, form in enumerate(_forms(wanted)) if form in names), len(_forms(wanted)))


def _via(names: Iterable[str], wanted: str) -> str:
    fitting = [name for name in names if wanted in folded(name)]
    return min(fitting, key=lambda name: _rank(f"\n{folded(name)}\n", wanted))


# Pictures. -----------------------------------------------------------------------------------------------------------


def start(db: sqlite3.Connection, count: int, trust: float = 0.0) -> Picture:
    """The busiest actors and the lines between them, laid out."""
    busiest = db.execute(
        """SELECT actor FROM (SELECT source AS actor FROM edge WHERE trust >= :trust UNION ALL
                              SELECT target FROM edge WHERE trust >= :trust)
           GROUP BY actor ORDER BY count(*) DESC, actor LIMIT :count""",
        {"trust": trust, "count": count},
    )
    return among(db, [id for (id,) in busiest], trust)


def among(db: sqlite3.Connection, ids: Collection[str], trust: float = 0.0) -> Picture:
    """Some actors, the lines between them that are trusted enough, and a place and community for each."""
    drawn = _drawn(db, ids, edges_among(db, ids, trust=trust))
    pairs = {(edge["source"], edge["target"]) for edge in drawn["edges"]}
    known = [actor["id"] for actor in drawn["actors"]]
    groups = communities(known, pairs)
    at = places(known, pairs, groups)
    actors = [actor | {"place": at[actor["id"]], "community": groups[actor["id"]]} for actor in drawn["actors"]]
    return {**drawn, "actors": actors}


def expand(db: sqlite3.Connection, id: str, drawn: Collection[str], trust: float = 0.0) -> Picture:
    """An actor's strongest neighbours that are not drawn yet, with their lines to each other and to what is drawn."""
    new = neighbours(db, id, but=drawn, trust=trust)
    inside = {*new, id, *drawn}
    touched = {*new, id}
    return {
        **_drawn(db, touched, edges_among(db, inside, touched, trust=trust)),
        "left": max(0, count_neighbours(db, id, but={*drawn, *new}, trust=trust)),
    }


def _drawn(db: sqlite3.Connection, ids: Collection[str], shown: Iterable[Edge]) -> Picture:
    from kgraph.view import actor_record, background

    shown = list(shown)
    ends = {end for edge in shown for end in (edge.source, edge.target)}
    every = with_countries(db, {*ids, *ends, *(item for edge in shown for item in edge.items)})
    ties = background(db, ids)
    actors = [actor_record(every[id], every, ties) for id in sorted(set(ids)) if id in every]
    return {"actors": actors, "edges": drawing(db, shown, every)["edges"]}


_NEAR = """FROM (SELECT target AS other, articles FROM edge WHERE source = :id AND trust >= :trust UNION ALL
                 SELECT source, articles FROM edge WHERE target = :id AND trust >= :trust)
           WHERE other <> :id AND other NOT IN (SELECT value FROM json_each(:but))"""


def neighbours(
    db: sqlite3.Connection, id: str, *, but: Collection[str] = (), trust: float = 0.0, most: int = MOST_NEIGHBOURS
) -> list[str]:
    """Who is tied to an actor, the most reported ties first."""
    asked = {"id": id, "but": json.dumps(sorted(but)), "trust": trust, "most": most}
    text = f"SELECT other {_NEAR} GROUP BY other ORDER BY sum(articles) DESC, other LIMIT :most"
    return [other for (other,) in db.execute(text, asked)]


def count_neighbours(db: sqlite3.Connection, id: str, *, but: Collection[str] = (), trust: float = 0.0) -> int:
    asked = {"id": id, "but": json.dumps(sorted(but)), "trust": trust}
    return int(db.execute(f"SELECT count(DISTINCT other) {_NEAR}", asked).fetchone()[0])


def dossier(db: sqlite3.Connection, id: str, trust: float = 0.0, most: int = 300) -> Record:
    """An actor and its lines, the most reported first, with the other actors' names."""
    asked = {"id": id, "trust": trust, "most": most}
    ends = """FROM (SELECT id, articles FROM edge WHERE source = :id AND trust >= :trust UNION
                    SELECT id, articles FROM edge WHERE target = :id AND trust >= :trust)"""
    (total,) = db.execute(f"SELECT count(*) {ends}", asked).fetchone()
    own = db.execute(f"SELECT id {ends} ORDER BY articles DESC, id LIMIT :most", asked)
    found = edges_with(db, [edge for (edge,) in own])
    drawn = _drawn(db, {id, *(end for edge in found for end in (edge.source, edge.target))}, found)
    actor = next((actor for actor in drawn["actors"] if actor["id"] == id), None)
    if actor is None:
        raise UsageError(f"no actor has the id {id!r}; search for it by a name")
    return {**drawn, "actor": actor, "more": total - len(found)}


def since(db: sqlite3.Connection, day: str, trust: float = 0.0) -> Picture:
    """The lines first reported since a day, the newest first, and the actors at their ends."""
    new, asked = "FROM edge WHERE first_reported >= :day AND trust >= :trust", {"day": day, "trust": trust}
    rows = db.execute(f"SELECT id {new} ORDER BY first_reported DESC, articles DESC, id LIMIT 300", asked)
    found = edges_with(db, [id for (id,) in rows])
    ends = sorted({end for edge in found for end in (edge.source, edge.target)})
    (total,) = db.execute(f"SELECT count(*) {new}", asked).fetchone()
    return {**among(db, ends, trust), "new": [edge.id for edge in found], "total": total}


# Paths. --------------------------------------------------------------------------------------------------------------


def paths(db: sqlite3.Connection, one: str, other: str, trust: float = 0.0) -> list[list[str]]:
    """All shortest ways from one actor to another, along trusted lines of any direction; at most a hundred.

    Grows a ring of neighbours around each until the rings meet, so that few actors are looked at.
    """
    if one == other:
        raise UsageError("a path needs two different actors")
    sides: tuple[_Side, _Side] = ({one: set()}, {other: set()})
    rings = [{one}, {other}]
    for _ in range(MOST_STEPS):
        n = 0 if len(rings[0]) <= len(rings[1]) else 1
        rings[n] = _grow(db, rings[n], sides[n], trust)
        if met := sides[0].keys() & sides[1].keys():
            ways = (
                [*before, *after[-2::-1]]
                for middle in sorted(met)
                for before in _ways(middle, sides[0])
                for after in _ways(middle, sides[1])
            )
            return sorted(islice(ways, MOST_PATHS))
        if not rings[n]:
            break
    raise UsageError(f"no path of at most {MOST_STEPS} ties joins {one} and {other}")


_Side = dict[str, set[str]]  # for each actor that was reached those before it


def _grow(db: sqlite3.Connection, ring: set[str], side: _Side, trust: float) -> set[str]:
    tied = "FROM json_each(:ring) AS r JOIN edge AS e ON e.trust >= :trust AND"
    rows = db.execute(
        f"""SELECT e.source, e.target {tied} e.source = r.value UNION
            SELECT e.target, e.source {tied} e.target = r.value""",
        {"ring": json.dumps(sorted(ring)), "trust": trust},
    )
    found: _Side = {}
    for before, actor in rows:
        if actor not in side:
            found.setdefault(actor, set()).add(before)
    side |= found
    return set(found)


def _ways(actor: str, side: _Side) -> Iterable[list[str]]:
    """The ways by which an actor was reached, from the end."""
    if not side[actor]:
        yield [actor]
    for before in sorted(side[actor]):
        for way in _ways(before, side):
            yield [*way, actor]
