"""What a page shows: actors, the lines between them, and the sentences behind every line."""

from __future__ import annotations

import sqlite3
from typing import Any

from kgraph.schema import load_schema
from kgraph.tables import Edge, actors, edges, lifted, quotes

_DERIVED = {edge.type: relation for relation in load_schema().values() for edge in relation.projections}


def picture(
    db: sqlite3.Connection,
    *,
    title: str,
    about: str | None = None,
    hops: int = 1,
    realised: bool = False,
    level: str | None = None,
) -> dict[str, Any]:
    """The graph, or what is near an actor, as page.js reads it."""
    shown = [edge for edge in edges(db, about=about, hops=hops) if edge.realised or not realised]
    lift = lifted(db, level) if level else {}
    every = {actor.id: actor for actor in actors(db, everyone=True)}
    behind, found = quotes(db), dict[str, dict[str, Any]]()
    lines = [_line(edge, lift, every, behind, found) for edge in shown]
    lines = [line for line in lines if line["source"] != line["target"]]
    ends = {end for line in lines for end in (line["source"], line["target"])}
    return {
        "title": title,
        "edges": lines,
        "evidence": found,
        "actors": [
            {
                "id": actor.id,
                "name": actor.name,
                "kind": actor.kind,
                "aliases": list(actor.aliases),
                "country": every[actor.country].name if actor.country in every else None,
            }
            for actor in every.values()
            if actor.id in ends
        ],
    }


def _line(
    edge: Edge, lift: dict[str, str], every: dict[str, Any], behind: dict[str, Any], found: dict[str, dict[str, Any]]
) -> dict[str, Any]:
    relation = _DERIVED[edge.type]
    keys = dict.fromkeys(quote.id for claim in edge.claims for quote in behind[claim])
    for claim in edge.claims:
        for quote in behind[claim]:
            found[quote.id] = {
                "sentence": quote.sentence,
                "status": quote.status,
                "speakers": quote.speakers,
                "marks": quote.marks,
                "title": quote.title,
                "outlet": quote.outlet,
                "published": quote.published,
            }
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
        "lastReported": edge.last_reported,
        "items": [every[item].name for item in edge.items if item in every],
        "evidence": list(keys),
    }
