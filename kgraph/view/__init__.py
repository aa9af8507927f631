"""What a view shows: actors, the lines between them, and the sentences behind every line."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from kgraph.decisions import Decision
from kgraph.lookup import Actor, Edge, Quote, actors, actors_with, claims_behind, edges, lifted, quotes, quotes_behind
from kgraph.review import Notes, notes
from kgraph.schema import load_schema
from kgraph.trust import DEFAULT, LEVELS, least, level_of

Record = dict[str, Any]
Picture = dict[str, Any]  # title, trust (the level at which it opens), actors, edges and evidence, as the scripts read them

_DERIVED = {edge.type: relation for relation in load_schema().values() for edge in relation.projections}
AROUND = 160  # characters of the article shown before and after a sentence


def picture(
    db: sqlite3.Connection,
    *,
    title: str,
    about: str | None = None,
    hops: int = 1,
    realised: bool = False,
    trust: str = DEFAULT,
    level: str | None = None,
    made: Iterable[Decision] = (),
) -> Picture:
    """The graph, or what is near an actor, with all its sentences and what people decided, as the page reads it.

    It holds all that was read; each line says from which level of trust on it is shown.
    """
    least(trust)
    shown = [edge for edge in edges(db, about=about, hops=hops) if edge.realised or not realised]
    drawn = drawing(db, shown, {actor.id: actor for actor in actors(db, everyone=True)}, level)
    behind, near, said, trusts = quotes(db), _surroundings(db), notes(db, made), _trusts(db)
    kept = {line["id"] for line in drawn["edges"]}
    claims = {edge.id: [quote for claim in edge.claims for quote in behind[claim]] for edge in shown if edge.id in kept}
    for line in drawn["edges"]:
        line["evidence"] = list(dict.fromkeys(quote.id for quote in claims[line["id"]]))
    every = sorted((quote for own in claims.values() for quote in own), key=lambda quote: trusts[quote.claim])
    found = {quote.id: quote_record(quote, near, said, trusts[quote.claim]) for quote in every}  # the surest claim counts
    for actor in drawn["actors"]:
        actor["remarks"] = remark_records(said, actor["id"])
    if about:
        _shut_out(db, drawn["edges"], about, hops)
    return {"title": title, "trust": trust, **drawn, "evidence": found}


def _shut_out(db: sqlite3.Connection, lines: Iterable[Record], about: str, hops: int) -> None:
    """Lines whose ends are near an actor by less sure lines alone are shown where these are."""
    near = {level: {edge.id for edge in edges(db, about=about, hops=hops, trust=trust)} for level, trust in LEVELS.items()}
    for line in lines:
        line["shownAt"] = next(level for level in LEVELS if line["id"] in near[level])


def _trusts(db: sqlite3.Connection, claims: Iterable[str] | None = None) -> dict[str, float]:
    """How far each claim, or each of some, can be trusted."""
    if claims is None:
        return dict(db.execute("SELECT id, trust FROM claim"))
    some = "SELECT id, trust FROM claim WHERE id IN (SELECT value FROM json_each(?))"
    return dict(db.execute(some, (json.dumps([*claims]),)))


def drawing(
    db: sqlite3.Connection, shown: Iterable[Edge], every: Mapping[str, Actor], level: str | None = None
) -> Picture:
    """Some lines and the actors at their ends, without the sentences."""
    lift = lifted(db, level) if level else {}
    shown = list(shown)
    dates = reported(db, shown)
    lines = [edge_record(edge, lift, every, dates) for edge in shown]
    lines = [line for line in lines if line["source"] != line["target"]]
    ends = {end for line in lines for end in (line["source"], line["target"])}
    ties = background(db, ends)
    return {"actors": [actor_record(a, every, ties) for a in every.values() if a.id in ends], "edges": lines}


def actor_record(actor: Actor, every: Mapping[str, Actor], ties: Mapping[str, list[Record]]) -> Record:
    return {
        "id": actor.id,
        "name": actor.name,
        "kind": actor.kind,
        "aliases": list(actor.aliases),
        "country": every[actor.country].name if actor.country and actor.country in every else None,
        "articles": actor.articles,
        "ties": ties.get(actor.id, []),
    }


def edge_record(
    edge: Edge, lift: Mapping[str, str], every: Mapping[str, Actor], dates: Mapping[str, list[str]]
) -> Record:
    relation = _DERIVED[edge.type]
    return {
        "id": edge.id,
        "type": edge.type,
        "label": edge.type.replace("_", " ").lower(),
        "family": relation.family,
        "source": lift.get(edge.source, edge.source),
        "target": lift.get(edge.target, edge.target),
        "directed": not relation.symmetric,
        "status": edge.status,
        "realised": edge.realised,
        "disputed": edge.disputed,
        "articles": edge.articles,
        "origins": edge.origins,
        "firstReported": edge.first_reported,
        "lastReported": edge.last_reported,
        "trust": edge.trust,
        "shownAt": level_of(edge.trust),
        "dates": dates.get(edge.id, []),
        "items": [every[item].name for item in edge.items if item in every],
    }


def quote_record(quote: Quote, near: Mapping[str, tuple[str, str]], said: Notes, trust: float) -> Record:
    """A sentence behind a claim with some trust."""
    verdict = said.verdicts.get(quote.id) or said.verdicts.get(quote.claim)
    return {
        "id": quote.id,
        "sentence": quote.sentence,
        "before": near[quote.id][0],
        "after": near[quote.id][1],
        "status": quote.status,
        "speakers": quote.speakers,
        "shownAt": level_of(trust),
        "reader": quote.reader,
        "score": quote.score,
        "readBy": quote.read_by,
        "marks": quote.marks,
        "title": quote.title,
        "outlet": quote.outlet,
        "published": quote.published,
        "article": quote.path or quote.article,
        "event": [quote.event_from, quote.event_to] if quote.event_from or quote.event_to else None,
        "review": quote.review_status,
        "verdict": verdict.as_json() if verdict else None,
        "remarks": remark_records(said, quote.id, quote.claim),
    }


def remark_records(said: Notes, *ids: str) -> list[Record]:
    """What people remarked on something, the oldest first."""
    found = sorted((remark for id in ids for remark in said.remarks.get(id, ())), key=lambda one: one.when)
    return [
        {"id": one.id, "words": ": ".join(filter(None, (one.value, one.why))), "who": one.who, "when": one.when}
        for one in found
    ]


def evidence(db: sqlite3.Connection, edge: Edge, made: Iterable[Decision] = (), *, trust: float = 0.0) -> list[Record]:
    """The sentences behind the claims of a line, if trusted enough, the oldest article first, with what people decided."""
    claims = claims_behind(db, [edge.id], trust)[edge.id]
    found = quotes_behind(db, claims)
    behind = {quote.id: quote for claim in claims for quote in found[claim]}
    near, said, trusts = _surroundings(db, behind), notes(db, made), _trusts(db, claims)
    return [quote_record(quote, near, said, trusts[quote.claim]) for quote in behind.values()]


def reported(db: sqlite3.Connection, shown: Iterable[Edge]) -> dict[str, list[str]]:
    """For each line the days on which articles reported it, in order."""
    claims = {claim for edge in shown for claim in edge.claims}
    days: dict[str, set[str]] = defaultdict(set)
    rows = db.execute(
        """SELECT DISTINCT ce.claim, a.published FROM json_each(?) AS c JOIN claim_evidence AS ce ON ce.claim = c.value
           JOIN article AS a ON a.key = coalesce((SELECT article FROM evidence WHERE id = ce.evidence),
                                                 (SELECT article FROM added WHERE id = ce.evidence))
           WHERE a.published IS NOT NULL""",
        (json.dumps(sorted(claims)),),
    )
    for claim, day in rows:
        days[claim].add(day)
    return {edge.id: sorted(set().union(*(days[claim] for claim in edge.claims))) for edge in shown}


def background(db: sqlite3.Connection, ids: Iterable[str]) -> dict[str, list[Record]]:
    """What the catalogue says of some actors: offices held, what they are part of, variants."""
    found: dict[str, list[Record]] = defaultdict(list)
    rows = db.execute(
        """SELECT b.source, b.type, a.name, b."from", b."to" FROM json_each(?) AS i JOIN background AS b
           ON b.source = i.value JOIN actor AS a ON a.id = b.target ORDER BY b.source, b.type, b."from", a.name""",
        (json.dumps(sorted(ids)),),
    )
    for actor, type, name, since, until in rows:
        found[actor].append({"label": type.replace("_", " ").lower(), "name": name, "from": since, "to": until})
    return found


def with_countries(db: sqlite3.Connection, ids: Iterable[str]) -> dict[str, Actor]:
    """Some actors by id, with the states that they belong to."""
    found = {actor.id: actor for actor in actors_with(db, ids)}
    states = {actor.country for actor in found.values() if actor.country} - found.keys()
    return found | {actor.id: actor for actor in actors_with(db, states)}


def _surroundings(db: sqlite3.Connection, ids: Iterable[str] | None = None) -> dict[str, tuple[str, str]]:
    """What stands in the article before and after some sentences, or after all."""
    some = "" if ids is None else "WHERE id IN (SELECT value FROM json_each(:ids))"
    rows = db.execute(
        f"""SELECT e.id, substr(a.text, max(1, e.start + 1 - :n), min(:n, e.start)), substr(a.text, e."end" + 1, :n)
           FROM (SELECT id, article, start, "end" FROM evidence {some} UNION ALL
                 SELECT id, article, start, "end" FROM added {some}) AS e CROSS JOIN article AS a ON a.key = e.article""",
        {"n": AROUND, "ids": None if ids is None else json.dumps(sorted(ids))},
    )
    return {id: _in_words(before, after) for id, before, after in rows}


def _in_words(before: str, after: str) -> tuple[str, str]:
    """What stands around a sentence, cut between words; an ellipsis says that there is more."""
    if len(before) == AROUND and " " in before:
        before = "… " + before.split(" ", 1)[1]
    if len(after) == AROUND and " " in after:
        after = after.rsplit(" ", 1)[0] + " …"
    return before, after
