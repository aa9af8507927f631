"""Looking at a graph folder: claims, the sentences behind them, and edges, as records or as JSON objects."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import fields
from itertools import groupby
from operator import itemgetter
from typing import Any

from kgraph.errors import UsageError
from kgraph.lookup.levels import lifted, roll_up
from kgraph.lookup.names import actor_of, actors, actors_with, resolve
from kgraph.lookup.records import Actor, Claim, Edge, Quote, Sentences
from kgraph.schema import load_schema

__all__ = [
    "Actor", "Claim", "Edge", "Opened", "Quote", "actor_lines", "actors", "actors_with", "articles_of", "claim", "claims",
    "claims_behind", "edges", "edges_among", "edges_with", "lifted", "quotes", "quotes_behind", "resolve", "roll_up",
    "sentences_of",
]  # fmt: skip


Opened = Callable[[], AbstractContextManager[sqlite3.Connection]]  # opens the graph, as often as it is asked


# Claims. -------------------------------------------------------------------------------------------------------------

_CLAIMS = """SELECT id, type, text, status, latest_status, realised, current, disputed, stage, articles, origins,
                    denying_origins, first_reported, last_reported, event_from, event_to, valid_from, valid_to,
                    review_status, credibility, trust
             FROM claim AS c
             WHERE (:about IS NULL OR EXISTS (SELECT 1 FROM claim_role WHERE claim = c.id AND actor = :about))
               AND (:type IS NULL OR type = :type) AND (:status IS NULL OR status = :status)
               AND (realised OR NOT :realised) AND trust >= :trust AND (:id IS NULL OR substr(id, 1, length(:id)) = lower(:id))
             ORDER BY coalesce(last_reported, '') DESC, type, text, id"""


def claims(
    db: sqlite3.Connection,
    *,
    about: str | None = None,
    type: str | None = None,
    status: str | None = None,
    realised: bool = False,
    trust: float = 0.0,
    id: str | None = None,
    opened: Opened | None = None,
) -> list[Claim]:
    """The claims that fit, the newest first; `about` is an actor's id, `id` the beginning of a claim's, `trust` the least.

    Their sentences are looked up when they are asked for: in `db`, or in what is `opened` then.
    """
    asked = {"about": about, "type": type, "status": status, "realised": realised, "trust": trust, "id": id}
    rows = db.execute(_CLAIMS, asked).fetchall()
    roles = _roles(db)
    behind = sentences_of([row[0] for row in rows], opened or (lambda: nullcontext(db)), trust)
    return [Claim(**_values(Claim, row), roles=roles.get(row[0], ()), sentences=behind) for row in rows]


def _values(record: type[Any], row: Sequence[Any]) -> dict[str, Any]:
    """The first fields of a record from a row of a table, with yes and no as such."""
    named = zip((field.name for field in fields(record)), row, strict=False)
    return {name: bool(value) if name in ("realised", "current", "disputed") else value for name, value in named}


def _roles(db: sqlite3.Connection) -> dict[str, tuple[tuple[str, Actor], ...]]:
    order = {name: relation.roles for name, relation in load_schema().items()}
    found: dict[str, list[tuple[int, str, Actor]]] = defaultdict(list)
    rows = db.execute("""SELECT r.claim, c.type, r.role, a.id, a.name, a.kind, a.aliases, a.country, a.articles
                         FROM claim_role AS r JOIN actor AS a ON a.id = r.actor JOIN claim AS c ON c.id = r.claim
                         ORDER BY r.claim, r.evidence DESC, a.id""")
    for claim, type, role, *actor in rows:
        place = order[type].index(role) if role in order[type] else len(order[type])  # a role of an older schema
        found[claim].append((place, role, actor_of(actor)))
    return {
        claim: tuple((role, actor) for _, role, actor in sorted(some, key=lambda one: one[0]))
        for claim, some in found.items()
    }


def claim(db: sqlite3.Connection, id: str, *, opened: Opened | None = None) -> Claim:
    """The claim whose id begins like this. Raises UsageError where there is none or more than one."""
    found = claims(db, id=id, opened=opened) if id else []
    if len(found) != 1:
        raise UsageError(
            f"{len(found) or 'no'} claim{'s have' if len(found) > 1 else ' has'} an id that "
            f"begins with {id!r}; `kgraph claims` prints the ids"
        )
    return found[0]


# Sentences. ----------------------------------------------------------------------------------------------------------

SHOWN = "coalesce(a.path, iif(a.given IS NULL, NULL, a.url))"  # where a person finds an article: better than a feed's id
_QUOTES = """SELECT e.id, ce.claim, a.key, a.title, a.outlet, a.published, {shown}, e.sentence, e.start, e."end", e.status,
                    e.polarity, e.stage, e.certainty, e.voice, e.cues, e.frame, e.reader, e.score, e.trigger_start,
                    e.trigger_end, e.event_from, e.event_to, e.date_precision, e.review_status, ce.origin
             FROM (SELECT * FROM told WHERE id {some}) AS e
             JOIN claim_evidence AS ce ON ce.evidence = e.id JOIN article AS a ON a.key = e.article
             ORDER BY ce.claim, coalesce(a.published, ''), a.key, e.start, e.id"""


def sentences_of(claims: Sequence[str], opened: Opened, trust: float = 0.0) -> Sentences:
    """The sentences behind some claims that say them so surely, to be looked up later, in what is opened then."""

    def look() -> dict[str, list[Quote]]:
        with opened() as db:
            behind = quotes_behind(db, claims)
        # a claim that a person accepted as such may have none: then all are shown
        return {claim: [q for q in quotes if q.score >= trust] or quotes for claim, quotes in behind.items()}

    return Sentences(look)


def quotes(db: sqlite3.Connection, claim: str | None = None) -> dict[str, list[Quote]]:
    """The sentences behind a claim, or behind each of all claims, the oldest article first."""
    return _quotes(db) if claim is None else quotes_behind(db, (claim,))


AT_ONCE = 5000  # sentences that are looked up by their ids


def quotes_behind(db: sqlite3.Connection, claims: Sequence[str]) -> dict[str, list[Quote]]:
    """The sentences behind some claims; where they are many of the graph's, all are read, which is quicker."""
    twice = len(claims) * 2  # counting all claims takes its time, too
    if twice > AT_ONCE and twice > db.execute("SELECT count(*) FROM claim").fetchone()[0] > AT_ONCE:
        return _quotes(db)
    rows = db.execute(
        """SELECT claim, evidence FROM claim_evidence WHERE claim IN (SELECT value FROM json_each(?)) ORDER BY claim""",
        (json.dumps([*claims]),),
    )
    found, ids, wanted = defaultdict[str, list[Quote]](list), list[str](), set[str]()
    for claim, some in groupby(rows, itemgetter(0)):
        ids += (id for _, id in some)
        wanted.add(claim)
        if len(ids) > AT_ONCE:
            found |= _quotes(db, ids, wanted)
            ids, wanted = [], set()
    found |= _quotes(db, ids, wanted)
    return found


def _quotes(
    db: sqlite3.Connection, ids: Sequence[str] | None = None, claims: Collection[str] = ()
) -> dict[str, list[Quote]]:
    """The sentences with some ids, by the claims that they are behind, or all sentences of all claims."""
    # Where few are wanted SQLite looks them up, however large the graph is, if their ids stand in the query as values
    # (it does not look into a view for those of a subquery).
    some = "IS NOT NULL" if ids is None else f"IN ({', '.join('?' * len(ids))})"
    ids = ids or ()
    speakers = defaultdict[str, list[str]](list)
    for evidence, text in db.execute(
        f"SELECT evidence, text FROM speaker WHERE evidence {some} ORDER BY evidence, depth", ids
    ):
        speakers[evidence].append(text)
    places = defaultdict[str, set[tuple[int, int]]](set)
    for evidence, start, end in db.execute(f'SELECT evidence, start, "end" FROM filler WHERE evidence {some}', ids):
        places[evidence].add((start, end))
    found = defaultdict[str, list[Quote]](list)
    for row in db.execute(_QUOTES.format(shown=SHOWN, some=some), ids):
        if not claims or row[1] in claims:
            found[row[1]].append(_quote(row, tuple(speakers[row[0]]), places[row[0]] | {(row[19], row[20])}))
    return found


def _quote(row: Sequence[Any], speakers: tuple[str, ...], places: Iterable[tuple[int, int]]) -> Quote:
    start, end = row[8], row[9]
    marks = tuple(sorted((a - start, b - start) for a, b in places if start <= a < b <= end))
    rest: dict[str, Any] = {"cues": tuple(json.loads(row[15])), "trigger": (row[19] - start, row[20] - start)}
    rest |= dict(zip(("event_from", "event_to", "date_precision", "review_status", "origin"), row[21:26], strict=True))
    return Quote(**_values(Quote, row[:19]) | rest | {"speakers": speakers, "marks": marks})


# Edges. --------------------------------------------------------------------------------------------------------------

_EDGES = """SELECT id, type, source, target, status, latest_status, realised, current, disputed, stage, articles, origins,
                   first_reported, last_reported, trust, items, claims FROM edge
            WHERE trust >= :trust AND {only} ORDER BY source, target, type"""


def edges(db: sqlite3.Connection, *, about: str | None = None, hops: int = 1, trust: float = 0.0) -> list[Edge]:
    """The lines of the graph with at least some trust, or those between the actors at most some steps away from one."""
    found = [_edge(row) for row in db.execute(_EDGES.format(only="TRUE"), {"trust": trust})]
    if about is None:
        return found
    near, before = {about}, 0
    while hops > 0 and len(near) > before:  # until nobody comes any more, however many steps are asked for
        hops, before = hops - 1, len(near)
        near |= {
            end for edge in found if edge.source in near or edge.target in near for end in (edge.source, edge.target)
        }
    return [edge for edge in found if edge.source in near and edge.target in near]


def edges_among(
    db: sqlite3.Connection, actors: Iterable[str], touching: Iterable[str] | None = None, *, trust: float = 0.0
) -> list[Edge]:
    """The lines between some actors (with an end among others): quick for few actors, however large the graph is."""
    some, ends = ("(SELECT value FROM json_each(:some))", "(SELECT value FROM json_each(:ends))")
    text = _EDGES.format(only=f"((source IN {ends} AND +target IN {some}) OR (target IN {ends} AND +source IN {some}))")
    near = sorted(set(actors))
    touched = near if touching is None else sorted(set(touching))
    asked = {"trust": trust, "some": json.dumps(near), "ends": json.dumps(touched)}
    return [_edge(row) for row in db.execute(text, asked)]


def edges_with(db: sqlite3.Connection, ids: Iterable[str]) -> list[Edge]:
    """The lines with some ids, whatever their trust."""
    text = _EDGES.format(only="id IN (SELECT value FROM json_each(:ids))")
    return [_edge(row) for row in db.execute(text, {"trust": 0.0, "ids": json.dumps(sorted(set(ids)))})]


def claims_behind(db: sqlite3.Connection, edges: Iterable[str], trust: float = 0.0) -> dict[str, tuple[str, ...]]:
    """For each of some lines, by their ids, those of its claims that are trusted enough, in the order of their ids."""
    found: dict[str, tuple[str, ...]] = dict.fromkeys(edges, ())
    rows = db.execute(
        """SELECT e.id, c.id FROM edge AS e, json_each(e.claims) AS behind JOIN claim AS c ON c.id = behind.value
           WHERE e.id IN (SELECT value FROM json_each(?)) AND c.trust >= ? ORDER BY e.id, c.id""",
        (json.dumps(sorted(found)), trust),
    )
    for edge, some in groupby(rows, itemgetter(0)):
        found[edge] = tuple(claim for _, claim in some)
    return found


def _edge(row: Sequence[Any]) -> Edge:
    lists = {"items": tuple(json.loads(row[15])), "claims": tuple(json.loads(row[16]))}
    return Edge(**_values(Edge, row) | lists)


# As JSON. ------------------------------------------------------------------------------------------------------------


def actor_lines(db: sqlite3.Connection, found: Iterable[Actor]) -> Iterator[dict[str, Any]]:
    """Actors as JSON objects, each with the articles that name it."""
    articles = articles_of(db)
    for actor in found:
        if actor.id in articles:
            yield {"actor": actor.as_json(), "articles": articles[actor.id]}


def articles_of(db: sqlite3.Connection) -> dict[str, list[str]]:
    """For each actor the articles that name it, by their paths (or URLs, or keys)."""
    found: dict[str, list[str]] = defaultdict(list)
    rows = db.execute(f"""SELECT DISTINCT r.actor, coalesce({SHOWN}, a.key) FROM resolution AS r
                         JOIN mention AS m ON m.article = r.article AND m.local = r.local
                         JOIN article AS a ON a.key = r.article ORDER BY 1, 2""")
    for actor, article in rows:
        found[actor].append(article)
    return found
