"""Which actor of the graph each local actor is: writes resolution, learnt, redirect and naming."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from heapq import merge
from itertools import groupby
from operator import itemgetter

from kgraph.decisions import latest
from kgraph.folder.rows import LocalActorRow
from kgraph.folder.tables import Row
from kgraph.projection.actors import Who, follow, known_id, merge_ids, own_id, prevailing
from kgraph.projection.update.decisions import taken_over
from kgraph.projection.update.task import Task

first = itemgetter(0)


def tell_who_is_who(task: Task) -> Who:
    """Writes learnt, resolution, redirect and naming."""
    return _everybody(task) if task.whole else _somebody(task)


def _learnt(task: Task) -> Callable[[str], str | None]:
    """Under which id the catalogue knows an own id now."""

    @lru_cache(10_000)
    def find(old: str) -> str | None:
        return prevailing(dict(task.query("SELECT new, locals FROM home.learnt WHERE old = ?", old))) or None

    return find


def _ids(task: Task) -> Callable[[LocalActorRow], tuple[str, str]]:
    """What gives the own and the base id of a local actor."""
    decided = latest(task.decisions, "actor")

    @lru_cache(20_000)
    def known(name: str, kind: str, fitted: str | None) -> str | None:
        return known_id(name, kind, fitted, task.catalogue, decided)

    def ids(local: LocalActorRow) -> tuple[str, str]:
        own = own_id(local)
        return own, known(local.name, local.kind, local.entry) or own

    return ids


_LOCALS = "l.article, l.local, l.name, l.kind, l.entry, l.country, l.forms"


def _everybody(task: Task) -> Who:
    ids = _ids(task)
    locals_ = map(LocalActorRow._make, task.query(f"SELECT {_LOCALS} FROM local_actor AS l ORDER BY 1, 2"))
    task.db.executemany(
        "INSERT INTO temp.based VALUES (?, ?, ?, ?)", ((one.article, one.local, *ids(one)) for one in locals_)
    )
    counts = "SELECT own, base, count(*) FROM temp.based WHERE own <> base GROUP BY own, base ORDER BY 1, 2"
    task.write("learnt", task.query(counts))
    find = _learnt(task)
    who = Who(task.catalogue, find, merge_ids(task.decisions, find))
    task.db.executemany("INSERT INTO temp.merged VALUES (?, ?)", ((old, who.of(old)) for old in who.merged))
    actors = """SELECT article, local, coalesce(m.new, b.base) FROM temp.based AS b
                LEFT JOIN temp.merged AS m ON m.old = b.base ORDER BY b.rowid"""
    task.write("resolution", task.query(actors))
    learnt = groupby(task.query("SELECT old, new, locals FROM home.learnt ORDER BY old, new"), first)
    known = ((old, prevailing({new: count for _, new, count in some})) for old, some in learnt)
    task.write("redirect", _redirects(known, who))
    names = """SELECT r.actor, l.name, l.kind, coalesce(l.country, ''), l.forms, count(*)
               FROM home.resolution AS r CROSS JOIN local_actor AS l ON l.article = r.article AND l.local = r.local
               GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5"""
    task.write("naming", task.query(names))
    return who


def _redirects(known: Iterable[tuple[str, str]], who: Who) -> Iterator[Row]:
    """Where ids lead that were some once, from what the catalogue has learnt and what was merged; sorted."""
    ids = merge(known, ((old, new) for old, new in sorted(who.merged.items())), key=first)
    for old, some in groupby(ids, first):
        new = who.of(who.merged.get(old) or next(some)[1])
        if new != old:
            yield (old, new)


def _somebody(task: Task) -> Who:
    """The same for the local actors of the touched articles, and for those that a decision moves to another actor."""
    db, ids, find = task.db, _ids(task), _learnt(task)
    before = merge_ids(taken_over(db), find)
    was = db.execute(f"SELECT {_LOCALS}, l.actor FROM temp.was_actor AS l").fetchall()
    gone = [(LocalActorRow._make(row[:7]), str(row[7])) for row in was]
    read = db.execute(f"SELECT {_LOCALS} FROM temp.touched AS t CROSS JOIN main.local_actor AS l ON l.article = t.id")
    come = [*map(LocalActorRow._make, read)]
    pairs = Counter[tuple[str, str]]()
    for change, locals_ in ((-1, [local for local, _ in gone]), (1, come)):
        for local in locals_:
            pairs[ids(local)] += change
    _count(db, "learnt", ((own, base, count) for (own, base), count in pairs.items() if own != base))
    find.cache_clear()  # type: ignore[attr-defined]
    who = Who(task.catalogue, find, merge_ids(task.decisions, find))
    moved = [*_moved(task, before, who, ids)]
    now = [(local, who.of(ids(local)[1])) for local in come]
    after = [(local, who.of(ids(local)[1])) for local, _ in moved]
    rows = ((local.article, local.local, ids(local)[0], actor) for local, actor in after)
    db.executemany("INSERT INTO temp.moved VALUES (?, ?, ?, ?)", rows)
    namings = Counter[Row]()
    for change, some in ((-1, gone), (1, now), (-1, moved), (1, after)):
        for local, actor in some:
            namings[actor, local.name, local.kind, local.country or "", local.forms] += change
            task.add("todo_actor", [actor])
    _count(db, "naming", ((*key, count) for key, count in namings.items()))
    _write_resolution(task, now, after)
    olds = {own for own, base in pairs if own != base} | {ids(local)[0] for local, _ in moved} | {*before, *who.merged}
    task.add("todo_old", olds)
    redirects = ((old, new) for old in sorted(olds) if (new := who.leads_to(old)))
    task.write("redirect", redirects, "old IN (SELECT id FROM temp.todo_old)")
    return who


def _moved(
    task: Task, before: Mapping[str, str], who: Who, ids: Callable[[LocalActorRow], tuple[str, str]]
) -> Iterator[tuple[LocalActorRow, str]]:
    """The local actors of other articles whose actor is merged otherwise than before, with the actor that they were."""
    for base in sorted({*before, *who.merged}):
        actor = follow(base, before)
        if actor == who.of(base):
            continue
        rows = task.query(
            f"""SELECT {_LOCALS} FROM main.resolution AS r CROSS JOIN main.local_actor AS l
                ON l.article = r.article AND l.local = r.local
                WHERE r.actor = ? AND r.article NOT IN (SELECT id FROM temp.touched)""",
            actor,
        )
        yield from ((local, actor) for local in map(LocalActorRow._make, rows.fetchall()) if ids(local)[1] == base)


def _count(db: sqlite3.Connection, table: str, changes: Iterable[Row]) -> None:
    """Adds to the numbers in the last column of a table; rows that come to nothing go."""
    some = [row for row in changes if row[-1]]
    if not some:
        return
    columns = [name for (name,) in db.execute("SELECT name FROM pragma_table_info(?)", (table,))]
    keys, marks = ", ".join(columns[:-1]), ", ".join("?" * len(columns))
    db.executemany(
        f"INSERT INTO main.{table} VALUES ({marks}) ON CONFLICT ({keys}) DO UPDATE SET locals = locals + excluded.locals",
        some,
    )
    where = " AND ".join(f"{name} = ?" for name in columns[:-1])
    db.executemany(f"DELETE FROM main.{table} WHERE {where} AND locals <= 0", (row[:-1] for row in some))


def _write_resolution(
    task: Task, now: Iterable[tuple[LocalActorRow, str]], after: Iterable[tuple[LocalActorRow, str]]
) -> None:
    """The resolution of touched articles went with them; moved actors are changed where they stand."""
    rows = sorted((local.article, local.local, actor) for local, actor in (*now, *after))
    some = """(article, local) IN (SELECT article, local FROM temp.moved)"""
    task.write("resolution", rows, some)
