"""Decisions taken over: writes revision, added and decided, and finds what a change of decisions touches."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain

from kgraph.decisions import Decision, from_json
from kgraph.folder.tables import Row
from kgraph.projection.actors import Who
from kgraph.projection.judgement import Judged, added_row, judge, revision_row
from kgraph.projection.update.stored import Stored
from kgraph.projection.update.task import Task, first_text


def take_decisions(task: Task, stored: Stored, who: Who) -> Judged:
    """Writes revision and added, notes what the decisions came to, and finds what a change of them touches."""
    judged = judge(task.decisions, stored, who)
    stored.named = frozenset(judged.actors)
    task.write("revision", sorted((revision_row(one) for one in judged.evidence.values()), key=first_text))
    task.write("added", sorted((added_row(row) for row, _ in judged.additions.values()), key=first_text))
    _note_decisions(task, judged, who)
    return judged


def _note_decisions(task: Task, judged: Judged, who: Who) -> None:
    """Keeps the decisions with what they came to; what differs from before is touched."""
    now = [
        (number, json.dumps(decision.as_json(), ensure_ascii=False), *_effect(decision, judged, who))
        for number, decision in enumerate(task.decisions, 1)
    ]
    if task.home == "temp":
        task.db.executemany("INSERT INTO temp.decided VALUES (?, ?, ?, ?)", now)
        return
    before = task.db.execute("SELECT number, decision, evidence, actors FROM main.decided ORDER BY number").fetchall()
    task.stirred = now != before
    if not task.stirred:
        return
    if not task.whole:
        _touch_by_decisions(task, [row[1:] for row in before], [row[1:] for row in now])
    task.db.execute("DELETE FROM main.decided")
    task.db.executemany("INSERT INTO main.decided VALUES (?, ?, ?, ?)", now)


def _effect(decision: Decision, judged: Judged, who: Who) -> tuple[str | None, str]:
    """What a decision came to be about, and whom it names."""
    id = judged.about.get(decision.id) or (decision.id if decision.id in judged.additions else None)
    actors: list[str] = []
    if decision.action == "add" and id:
        actors = [actor for _, actor in judged.additions[id][1]]
    elif decision.field.startswith("role:"):
        actors = [who.final(str(id)) for id in (decision.value, decision.details.get("instead")) if id]
    elif decision.action == "kind":
        actors = [who.final(decision.target)]
    return id, json.dumps(sorted({*actors}), ensure_ascii=False)


def _touch_by_decisions(task: Task, before: Sequence[Row], now: Sequence[Row]) -> None:
    old, new = Counter(before), Counter(now)
    differing = [*(old - new), *(new - old)]
    evidence = {row[1] for row in differing if row[1]}
    for line, about, actors in (*differing, *(row for row in chain(before, now) if row[1] in evidence)):
        task.add("todo_actor", json.loads(str(actors)))
        if about:
            task.add("todo_evidence", [str(about)])
        task.add("todo_claim", [json.loads(str(line))["target"]])  # if it is one


def taken_over(db: sqlite3.Connection) -> list[Decision]:
    """The decisions that the tables follow from as they are."""
    return [from_json(line) for (line,) in db.execute("SELECT decision FROM main.decided ORDER BY number")]


def find_unreadable(db: sqlite3.Connection) -> str | None:
    """What is wrong with the decisions that were taken over, where they are none any more."""
    try:
        taken_over(db)
    except (sqlite3.OperationalError, ValueError, TypeError, RecursionError) as error:
        return f"decided: decisions that cannot be read ({error})"
    return None


def mend_taken_over(db: sqlite3.Connection) -> Iterator[str]:
    """Forgets which decisions were taken over where they cannot be read: all follows from those in the file anew."""
    if wrong := find_unreadable(db):
        db.execute("DELETE FROM main.decided")
        yield f"{wrong}; taken over anew"


def can_follow(db: sqlite3.Connection, decisions: Sequence[Decision]) -> bool:
    """Whether the tables can be brought up to date from what these decisions differ from those taken over.

    Not where an actor was added, which may be anybody in any article, nor where decisions stand in another order.
    """
    before = taken_over(db)
    old, new = [one.id for one in before], [one.id for one in decisions]
    both = {*old} & {*new}
    if [id for id in old if id in both] != [id for id in new if id in both]:
        return False
    return all(one.id in both for one in (*before, *decisions) if one.action == "actor")
