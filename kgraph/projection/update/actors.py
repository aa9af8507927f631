"""What actors are called and what the catalogue adds to them: writes background and actor."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from heapq import merge
from itertools import groupby
from operator import itemgetter

from kgraph.catalogue import Catalogue
from kgraph.folder.settling import Difference
from kgraph.folder.tables import Row
from kgraph.projection.actors import Naming, Who, actor_row, find_background, find_name, kinds_decided
from kgraph.projection.judgement import Judged
from kgraph.projection.update.table_writer import Notice
from kgraph.projection.update.task import Task

first = itemgetter(0)


def write_actors(task: Task, judged: Judged, who: Who) -> None:
    """Writes background and actor. Whose name is another now has its claims touched, since they are said with it."""
    others = judged.actors
    if task.whole or task.stirred or _comes_or_goes(task, who.catalogue):
        others = others | _write_background(task, judged, who)
    else:
        others = {
            actor for actor in others if task.query("SELECT 1 FROM temp.todo_actor WHERE id = ?", actor).fetchone()
        }
        task.done["background"] = Difference()
    writer = task.writer("actor", "id IN (SELECT id FROM temp.todo_actor)", notice=_watch_names(task))
    task.close("actor", writer.write(_actors(task, judged, who, others)))


def _watch_names(task: Task) -> Notice | None:
    """Touches the claims of actors whose name has changed."""

    def note(before: Row | None, after: Row | None) -> None:
        if before and after and before[1] != after[1]:
            claims = "INSERT OR IGNORE INTO temp.todo_claim SELECT claim FROM main.claim_role WHERE actor = ?"
            task.db.execute(claims, (after[0],))

    return None if task.whole else note


def _comes_or_goes(task: Task, catalogue: Catalogue) -> bool:
    """Whether articles begin or cease to name somebody whom the catalogue knows."""
    rows = task.query(
        """SELECT t.id, coalesce((SELECT articles FROM home.actor WHERE id = t.id), 0) > 0,
                  EXISTS (SELECT 1 FROM home.naming WHERE actor = t.id) FROM temp.todo_actor AS t"""
    )
    return any(actor in catalogue.entries and before != now for actor, before, now in rows)


def _write_background(task: Task, judged: Judged, who: Who) -> set[str]:
    """Writes background; gives whom it names. All who stand in the graph without an article are touched."""
    named = "SELECT 1 FROM home.naming WHERE actor = ?"
    known = {actor for actor in who.catalogue.entries if task.query(named, actor).fetchone()}
    background = sorted(find_background(known | judged.actors, who.catalogue))
    task.write("background", background)
    above = {str(end) for row in background for end in row[1:3]} & who.catalogue.entries.keys()
    if not task.whole:
        stand = {id for (id,) in task.query("SELECT id FROM home.actor WHERE articles = 0")}
        task.add("todo_actor", stand | above | judged.actors)
    return above


def _actors(task: Task, judged: Judged, who: Who, others: set[str]) -> Iterator[Row]:
    kinds = kinds_decided(who, task.decisions)
    source = "home.naming AS n" if task.whole else "temp.todo_actor AS t CROSS JOIN home.naming AS n ON n.actor = t.id"
    rows = task.query(
        f"SELECT n.actor, n.name, n.kind, n.country, n.forms, n.locals FROM {source} ORDER BY 1, 2, 3, 4, 5"
    )
    named = ((actor, [Naming._make(row[1:]) for row in some]) for actor, some in groupby(rows, first))
    unnamed = ((actor, list[Naming]()) for actor in sorted(others))
    for actor, some in groupby(merge(named, unnamed, key=first), first):
        namings = [naming for _, found in some for naming in found]
        kind = kinds.get(actor) if namings or actor in judged.actors else None
        yield actor_row(actor, find_name(actor, namings, who.catalogue, kind), _count_articles(task, actor, namings))


def _count_articles(task: Task, actor: str, namings: Sequence[Naming]) -> int:
    if sum(naming.locals for naming in namings) < 2:
        return len(namings)
    counted = task.query("SELECT count(DISTINCT article) FROM home.resolution WHERE actor = ?", actor).fetchone()
    return int(counted[0])
