"""Actors lifted to a level: an army to its state, a variant to its family; and claims with actors so lifted."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from kgraph.lookup.names import actors
from kgraph.lookup.records import Actor, Claim

ROLL_UPS = {"state": ("PART_OF", "OFFICE_OF"), "family": ("VARIANT_OF",)}  # along which ties an actor is lifted


def lifted(db: sqlite3.Connection, level: str) -> dict[str, str]:
    """For each actor that stands for another at a level (an army for its state, a variant for its family) that other."""
    kinds = dict(db.execute("SELECT id, kind FROM actor"))
    above: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for type, source, target, until in db.execute(
        'SELECT type, source, target, "to" FROM background ORDER BY source, target'
    ):
        if type in ROLL_UPS[level]:
            above[source].append((until or "9999", target))
    if level == "family":
        return {actor: top for actor in above if (top := _top(actor, above)) != actor}
    return {actor: state for actor in kinds if (state := _state(actor, above, kinds)) and state != actor}


def _top(actor: str, above: dict[str, list[tuple[str, str]]]) -> str:
    seen = {actor}
    while ties := above.get(actor):
        actor = max(ties)[1]
        if actor in seen:
            break
        seen.add(actor)
    return actor


def _state(actor: str, above: dict[str, list[tuple[str, str]]], kinds: dict[str, str], depth: int = 0) -> str | None:
    """The state that an actor belongs to, by its latest office or by what it is part of."""
    if kinds.get(actor) == "State" or depth > 4:
        return actor if kinds.get(actor) == "State" else None
    states = (_state(target, above, kinds, depth + 1) for _, target in sorted(above.get(actor, ()), reverse=True))
    return next(filter(None, states), None)


def roll_up(db: sqlite3.Connection, found: Iterable[Claim], level: str) -> list[Claim]:
    """Claims with their actors lifted; in brackets stands whom the text named."""
    lift = lifted(db, level)
    every = {actor.id: actor for actor in actors(db, everyone=True)}

    def raised(actor: Actor) -> Actor:
        higher = every.get(lift.get(actor.id, ""))
        return replace(higher, name=f"{higher.name} ({actor.name})") if higher else actor

    return [replace(one, roles=tuple((role, raised(actor)) for role, actor in one.roles)) for one in found]
