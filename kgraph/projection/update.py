"""Brings the tables that follow up to date: all of them, or the rows that a change touches, by the same steps.

Rows go in the order of what they are grouped by, sorted by SQLite, from a query through a pure function into a `Writer`, so
that memory does not grow with the corpus. Working tables are temporary. What a change touches is found on the way:

touched articles and decisions → local actors → actors → evidence → claims → edges and conflicts

Each step knows its own rows of before, so that what is gone is touched too.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from heapq import merge
from itertools import chain, groupby
from operator import itemgetter

from kgraph.catalogue import Catalogue
from kgraph.decisions import Decision, from_json, latest, rejected
from kgraph.evidence import FOLLOWS, ArticleRow, Difference, EvidenceRow, LocalActorRow, Row, Touched
from kgraph.projection.actors import (
    Naming,
    Who,
    actor_row,
    base_id,
    find_background,
    find_name,
    follow,
    kinds_decided,
    merge_ids,
    own_id,
    prevailing,
    with_decided,
)
from kgraph.projection.claims import Claim, Sum, claim_row, evidence_rows, identify, reviewed, role_rows
from kgraph.projection.conflicts import conflict_rows, contested, holdings
from kgraph.projection.edges import edge_id, edge_row, ends_between, find_ends
from kgraph.projection.journal import Journal
from kgraph.projection.judgement import Judged, Roles, added_row, judge, orphan_rows, revision_row
from kgraph.projection.said import Said, say, say_added
from kgraph.projection.stored import Stored
from kgraph.projection.writing import Notice, Writer, drop_indexes
from kgraph.schema import load_schema

first = itemgetter(0)


@dataclass(slots=True)
class Task:
    """What is to be brought up to date, from what, and what was done."""

    db: sqlite3.Connection
    catalogue: Catalogue  # with the actors that a person added
    decisions: Sequence[Decision]
    owners: Mapping[str, str]
    touched: Touched | None = None  # all that was read, if None
    home: str = "main"  # where the tables are that follow: temporary ones hide those of the database
    journal: Journal | None = None
    stirred: bool = False  # whether decisions came to something else than before
    done: dict[str, Difference] = field(default_factory=dict)
    indexes: dict[str, list[str]] = field(default_factory=dict)  # to be made when their tables are filled

    @property
    def whole(self) -> bool:
        return self.touched is None

    def query(self, sql: str, *values: object) -> sqlite3.Cursor:
        return self.db.execute(sql.replace("home.", f"{self.home}."), values)

    def writer(
        self, table: str, some: str | None = None, parent: Writer | None = None, also: Notice | None = None
    ) -> Writer:
        """Writes a table; `some` says which of its rows are looked at where not everything is."""
        notices = [notice for notice in (self._watch(table), also) if notice]
        return Writer(self.db, self.home, table, None if self.whole else some, notices, parent)

    def write(self, table: str, rows: Iterable[Row], some: str | None = None) -> None:
        self.close(table, self.writer(table, some).write(rows))

    def close(self, table: str, difference: Difference) -> None:
        """Notes what was done to a table that is written."""
        for index in self.indexes.pop(table, ()):
            self.db.execute(index)
        self.done[table] = difference

    def _watch(self, table: str) -> Notice | None:
        journal = self.journal
        if journal is None or not journal.watches(table):
            return None
        return lambda before, after: journal.note(table, before, after)

    def working(self, table: str, columns: str) -> None:
        """A working table, empty."""
        self.db.execute(f"DROP TABLE IF EXISTS temp.{table}")
        self.db.execute(f"CREATE TEMP TABLE {table} ({columns})")

    def add(self, table: str, ids: Iterable[str]) -> None:
        """Adds ids to a working table of ids."""
        self.db.executemany(f"INSERT OR IGNORE INTO temp.{table} VALUES (?)", ((id,) for id in ids))


WORKING = {
    "todo_actor": "id PRIMARY KEY", "todo_evidence": "id PRIMARY KEY", "todo_claim": "id PRIMARY KEY",
    "todo_edge": "id PRIMARY KEY", "todo_place": "id PRIMARY KEY", "todo_old": "id PRIMARY KEY",
    "more_evidence": "id PRIMARY KEY", "more_claim": "id PRIMARY KEY",
    "moved": "article, local, own, actor, PRIMARY KEY (article, local)",
    "based": "article, local, own, base", "merged": "old PRIMARY KEY, new",
    "facts": "key PRIMARY KEY, published, outlet, cluster, credit",
    "spool": f"claim, identity, {', '.join(name for name in Said._fields)}",
    "holding": "place, date, agent, claim",
}  # fmt: skip


def follow_change(
    db: sqlite3.Connection, touched: Touched, catalogue: Catalogue, decisions: Sequence[Decision],
    owners: Mapping[str, str], *, whole: bool,
) -> dict[str, Difference]:  # fmt: skip
    """What follows from a change of articles or decisions: what it touches, or (`whole`) everything computed anew."""
    journal = Journal(db, touched.change, touched.at, whole=whole)
    known = with_decided(catalogue, decisions)
    done = update(Task(db, known, decisions, owners, None if whole else touched, journal=journal))
    if whole and (touched.articles or any(done.values())):
        journal.begin_anew()
    return done


def lay_over(
    db: sqlite3.Connection, catalogue: Catalogue, decisions: Sequence[Decision], owners: Mapping[str, str]
) -> None:
    """Computes all that follows from the articles that a connection sees into temporary tables, which hide the stored ones."""
    for table in FOLLOWS:
        statements = db.execute("SELECT sql FROM main.sqlite_schema WHERE tbl_name = ? AND sql IS NOT NULL", (table,))
        for (sql,) in statements.fetchall():
            own = sql.replace("CREATE TABLE ", "CREATE TABLE temp.", 1).replace(
                "CREATE INDEX ", "CREATE INDEX temp.", 1
            )
            db.execute(own)
    update(Task(db, with_decided(catalogue, decisions), decisions, owners, home="temp"))


def update(task: Task) -> dict[str, Difference]:
    """All the tables that follow, as they must be now; says how many rows of each came, changed and went."""
    for name, columns in WORKING.items():
        task.working(name, columns)
    task.db.execute("CREATE TEMP TABLE IF NOT EXISTS drawn AS SELECT * FROM main.edge WHERE FALSE")
    task.db.execute("DELETE FROM temp.drawn")
    if task.whole:
        task.indexes = {table: drop_indexes(task.db, task.home, table) for table in FOLLOWS}
    who = _tell_who_is_who(task)
    stored = Stored(task.db, task.home)
    judged = _judge(task, stored, who)
    _write_actors(task, judged, who)
    _find_evidence(task)
    _write_claims(task, judged)
    _write_conflicts(task, judged)
    _write_edges(task, judged)
    _write_outlets(task)
    _write_orphans(task, judged, stored, who)
    if task.journal:
        task.journal.mark("evidence", "SELECT id FROM temp.todo_evidence")
        task.journal.mark("article", "SELECT id FROM temp.touched UNION SELECT id FROM temp.reclustered")
        task.journal.close()
    for name in (*WORKING, "drawn"):
        task.db.execute(f"DROP TABLE temp.{name}")
    return task.done


# Who is who. ---------------------------------------------------------------------------------------------------------


def _tell_who_is_who(task: Task) -> Who:
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
    return lambda local: (own_id(local), base_id(local, task.catalogue, decided))


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
    before = merge_ids(_taken_over(db), find)
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


def _taken_over(db: sqlite3.Connection) -> list[Decision]:
    """The decisions that the tables follow from as they are."""
    return [from_json(line) for (line,) in db.execute("SELECT decision FROM main.decided ORDER BY number")]


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


# What a person made of it. -------------------------------------------------------------------------------------------


def _judge(task: Task, stored: Stored, who: Who) -> Judged:
    """Writes revision and added, notes what the decisions came to, and finds what a change of them touches."""
    judged = judge(task.decisions, stored, who)
    stored.named = frozenset(judged.actors)
    task.write("revision", sorted((revision_row(one) for one in judged.evidence.values()), key=_id))
    task.write("added", sorted((added_row(row) for row, _ in judged.additions.values()), key=_id))
    if task.home == "main":
        _note_decisions(task, judged, who)
    return judged


def _id(row: Row) -> str:
    return str(row[0])


def _note_decisions(task: Task, judged: Judged, who: Who) -> None:
    """Keeps the decisions with what they came to; what differs from before is touched."""
    now = [
        (number, json.dumps(decision.as_json(), ensure_ascii=False), *_effect(decision, judged, who))
        for number, decision in enumerate(task.decisions, 1)
    ]
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


# Actors. -------------------------------------------------------------------------------------------------------------


def _write_actors(task: Task, judged: Judged, who: Who) -> None:
    """Writes background and actor. Whose name is another now has its claims touched, since they are said with it."""
    others = judged.actors
    if task.whole or task.stirred or _comes_or_goes(task, who.catalogue):
        others = others | _write_background(task, judged, who)
    else:
        others = {
            actor for actor in others if task.query("SELECT 1 FROM temp.todo_actor WHERE id = ?", actor).fetchone()
        }
        task.done["background"] = Difference()
    writer = task.writer("actor", "id IN (SELECT id FROM temp.todo_actor)", also=_watch_names(task))
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


# Evidence. -----------------------------------------------------------------------------------------------------------


def _find_evidence(task: Task) -> None:
    """Finds the touched evidence and claims: what has changed, and what names or quotes whom is another actor now."""
    if task.whole:
        return
    for sql in (
        "SELECT id FROM temp.was_evidence",
        "SELECT e.id FROM temp.touched AS t CROSS JOIN main.evidence AS e ON e.article = t.id",
        "SELECT e.id FROM temp.reclustered AS t CROSS JOIN main.evidence AS e ON e.article = t.id",
        """SELECT e.id FROM temp.moved AS m CROSS JOIN main.evidence AS e ON e.article = m.article
           WHERE EXISTS (SELECT 1 FROM main.filler AS f WHERE f.evidence = e.id AND f.local = m.local)
           OR EXISTS (SELECT 1 FROM main.speaker AS s WHERE s.evidence = e.id AND s.local = m.local)""",
        """SELECT a.id FROM main.added AS a
           WHERE a.article IN (SELECT id FROM temp.touched UNION SELECT id FROM temp.reclustered)""",
    ):
        task.db.execute(f"INSERT OR IGNORE INTO temp.todo_evidence {sql}")
    for table in ("claim_evidence", "rejected"):
        task.db.execute(
            f"""INSERT OR IGNORE INTO temp.todo_claim SELECT c.claim
                FROM temp.todo_evidence AS t CROSS JOIN main.{table} AS c ON c.evidence = t.id"""
        )


_ROLES = """(SELECT group_concat(f.role || char(31) || r.actor, char(30)) FROM filler AS f
    CROSS JOIN home.resolution AS r ON r.article = e.article AND r.local = f.local WHERE f.evidence = e.id)"""
_SPEAKERS = """(SELECT group_concat(coalesce(r.actor, ''), char(30)) FROM (
    SELECT local FROM speaker WHERE evidence = e.id ORDER BY depth) AS s
    LEFT JOIN home.resolution AS r ON r.article = e.article AND r.local = s.local)"""
_SAID = f"""SELECT e.id, '', e.article, e.type, '', e.start, 0, '', e.status, e.polarity, e.stage, e.certainty,
    e.hypothetical, '', e.event_from, e.event_to, e.date_precision, a.published, a.outlet, a.cluster, a.credit,
    {_ROLES}, {_SPEAKERS} FROM"""
_ALL = f"{_SAID} evidence AS e CROSS JOIN temp.facts AS a ON a.key = e.article ORDER BY e.id"
_SOME = f"""{_SAID} temp.{{}} AS t CROSS JOIN evidence AS e ON e.id = t.id
    CROSS JOIN article AS a ON a.key = e.article ORDER BY e.id"""


def _say(task: Task, judged: Judged, which: str | None) -> Iterator[tuple[Said, str]]:
    """What all the evidence says, or that in a working table; with its roles as text."""
    rows = task.query(_SOME.format(which) if which else _ALL)
    for values in rows:
        article = ArticleRow(values[2], "", "", values[17], values[18], None, None, values[19], values[20])
        told_by = values[22].split("\x1e") if values[22] is not None else ()
        judgement = judged.evidence.get(values[0])
        row = EvidenceRow._make(values[:17])
        said = say(row, article, _roles(values[21]), told_by, task.owners, judgement)
        if said:
            yield said, values[21] if judgement is None else _text(said.roles)
    for row, roles in judged.additions.values():
        if which is None or task.query(f"SELECT 1 FROM temp.{which} WHERE id = ?", row.id).fetchone():
            said = say_added(row, roles, _article(task, row.article), task.owners)
            yield said, _text(said.roles)


def _article(task: Task, key: str) -> ArticleRow:
    columns = ", ".join(ArticleRow._fields)
    return ArticleRow._make(task.query(f"SELECT {columns} FROM article WHERE key = ?", key).fetchone())


def _roles(text: str | None) -> Roles:
    return tuple([tuple(pair.split("\x1f")) for pair in text.split("\x1e")]) if text else ()  # type: ignore[misc]


def _text(roles: Roles) -> str:
    return "\x1e".join("\x1f".join(pair) for pair in roles)


def _spool(task: Task, judged: Judged, which: str | None = None, only: str | None = None) -> None:
    """Puts what evidence says beside each claim that it is about, or only beside those in a working table."""
    allowed = {id for (id,) in task.query(f"SELECT id FROM temp.{only}")} if only else None
    task.db.executemany(
        f"INSERT INTO temp.spool VALUES ({', '.join('?' * (2 + len(Said._fields)))})",
        (
            (claim, _text(identity), *said[:-1], roles)
            for said, roles in _say(task, judged, which)
            for claim, identity in identify(said)
            if allowed is None or claim in allowed
        ),
    )


def _spool_more(task: Task, judged: Judged, claims: str) -> None:
    """Puts the evidence beside claims of a working table that is not there yet."""
    task.db.execute("DELETE FROM temp.more_evidence")
    for table in ("claim_evidence", "rejected"):
        task.db.execute(
            f"""INSERT OR IGNORE INTO temp.more_evidence SELECT c.evidence
                FROM temp.{claims} AS t CROSS JOIN main.{table} AS c ON c.claim = t.id
                WHERE c.evidence NOT IN (SELECT id FROM temp.todo_evidence)"""
        )
    _spool(task, judged, "more_evidence", claims)


def _spooled(task: Task, which: str | None, sql: str = "ORDER BY claim, id", *values: object) -> Iterator[Claim]:
    """The claims with what is said of them, in the order of their ids."""
    schema = load_schema()
    some = f"WHERE claim IN (SELECT id FROM temp.{which})" if which else ""
    for id, rows in groupby(task.query(f"SELECT * FROM temp.spool {some} {sql}", *values), first):
        found = [*rows]
        said = tuple([Said._make((*row[2:-1], _roles(row[-1]))) for row in found])
        yield Claim(id, schema[found[0][4]], _roles(found[0][1]), said)


# Claims. -------------------------------------------------------------------------------------------------------------


def _write_claims(task: Task, judged: Judged) -> None:
    """Writes claim, claim_role, claim_evidence and rejected; notes what the claims draw and which places they name."""
    if task.whole:
        task.query("INSERT INTO temp.facts SELECT key, published, outlet, cluster, credit FROM article")
        _spool(task, judged)
    else:
        _spool(task, judged, "todo_evidence")
        task.db.execute("INSERT OR IGNORE INTO temp.todo_claim SELECT claim FROM temp.spool")
        _spool_more(task, judged, "todo_claim")
        _touch_drawn(task)
    some = "{} IN (SELECT id FROM temp.todo_claim)".format
    claim = task.writer("claim", some("id"))
    role, evidence = (task.writer(name, some("claim"), claim) for name in ("claim_role", "claim_evidence"))
    rejections = task.writer("rejected", some("claim"))
    drawn, held = list[Row](), list[Row]()
    name_of, ratings, verdicts = _name_of(task), latest(task.decisions, "credibility"), rejected(task.decisions)
    for every in _spooled(task, None if task.whole else "todo_claim"):
        one = reviewed(every, verdicts.get(every.id))
        if one is None:
            for row in evidence_rows(every):
                rejections.put(row[:2])
            continue
        rating = ratings.get(one.id)
        row = claim_row(one, name_of, rating.value if rating else None, task.catalogue)
        claim.put(row)
        for each in role_rows(one):
            role.put(each)
        for each in evidence_rows(one):
            evidence.put(each)
        drawn += (edge_row(ends, [one], task.catalogue, Sum._make(row[3:19])) for ends in find_ends(one))
        if place := contested(one):
            held += ((place, *holding) for holding in holdings(one))
        if len(drawn) + len(held) > 20_000:
            _put_aside(task, drawn, held)
    _put_aside(task, drawn, held)
    for writer in (role, evidence):
        writer.read_out()  # before claims go and take along what hangs on them
    for name, writer in {
        "claim": claim,
        "claim_role": role,
        "claim_evidence": evidence,
        "rejected": rejections,
    }.items():
        task.close(name, writer.close())


def _name_of(task: Task) -> Callable[[str], str]:
    @lru_cache(100_000)
    def name(actor: str) -> str:
        return str(task.query("SELECT name FROM home.actor WHERE id = ?", actor).fetchone()[0])

    return name


def _put_aside(task: Task, drawn: list[Row], held: list[Row]) -> None:
    task.db.executemany(f"INSERT INTO temp.drawn VALUES ({', '.join('?' * 18)})", drawn)
    task.db.executemany("INSERT INTO temp.holding VALUES (?, ?, ?, ?)", held)
    drawn.clear()
    held.clear()


def _touch_drawn(task: Task) -> None:
    """The edges that the touched claims gave until now, and the places that they named."""
    schema = load_schema()
    rows = task.query(
        """SELECT c.id, c.type, r.role, r.actor FROM temp.todo_claim AS t CROSS JOIN main.claim AS c ON c.id = t.id
           CROSS JOIN main.claim_role AS r ON r.claim = c.id ORDER BY 1, 2"""
    )
    for (_, type), some in groupby(rows, itemgetter(0, 1)):
        pairs = [(role, actor) for _, _, role, actor in some]
        task.add("todo_edge", map(edge_id, ends_between(schema[type], pairs)))
        if type == "CONTROLS":
            task.add("todo_place", (actor for role, actor in pairs if role == "target"))


# Conflicts. ----------------------------------------------------------------------------------------------------------


def _write_conflicts(task: Task, judged: Judged) -> None:
    some = None
    if not task.whole:
        some = "claim IN (SELECT id FROM temp.more_claim UNION SELECT id FROM temp.todo_claim)"
        task.db.execute("INSERT OR IGNORE INTO temp.todo_place SELECT place FROM temp.holding")
        task.db.execute(
            """INSERT INTO temp.more_claim SELECT c.id FROM temp.todo_place AS t
               CROSS JOIN main.claim_role AS r ON r.actor = t.id AND r.role = 'target'
               CROSS JOIN main.claim AS c ON c.id = r.claim AND c.type = 'CONTROLS'
               WHERE c.id NOT IN (SELECT id FROM temp.todo_claim)"""
        )
        _spool_more(task, judged, "more_claim")
        verdicts = rejected(task.decisions)
        for every in _spooled(task, "more_claim"):
            one = reviewed(every, verdicts.get(every.id))
            if one and (place := contested(one)):
                _put_aside(task, [], [(place, *holding) for holding in holdings(one)])
    held = groupby(task.query("SELECT place, date, agent, claim FROM temp.holding ORDER BY 1, 2, 3, 4"), first)
    pairs = {pair for _, found in held for pair in conflict_rows({row[1:] for row in found})}
    task.write("conflict", sorted(pairs), some)


# Edges. --------------------------------------------------------------------------------------------------------------


def _write_edges(task: Task, judged: Judged) -> None:
    """Writes edge: an edge of one claim is what that claim draws, others are summed up from all that is said."""
    some = None if task.whole else "id IN (SELECT id FROM temp.todo_edge)"
    if not task.whole:
        _draw_more(task, judged)
    task.db.execute("CREATE INDEX temp.spool_of_claim ON spool(claim)")
    where = f"WHERE {some}" if some else ""
    verdicts = rejected(task.decisions)
    rows = task.query(f"SELECT * FROM temp.drawn {where} ORDER BY id, claims")

    def edges() -> Iterator[Row]:
        for _, found in groupby(rows, first):
            alone = [*found]
            yield alone[0] if len(alone) == 1 else _sum_edge(task, alone, verdicts)

    task.write("edge", edges(), some)


def _sum_edge(task: Task, alone: Sequence[Row], verdicts: Mapping[str, str]) -> Row:
    """An edge from its rows by each claim alone."""
    claims = []
    for row in alone:
        (id,) = json.loads(str(row[-1]))
        (every,) = _spooled(task, None, "WHERE claim = ?", id)
        if one := reviewed(every, verdicts.get(id)):
            claims.append(one)
    return edge_row(tuple(alone[0][1:4]), claims, task.catalogue)  # type: ignore[arg-type]


def _draw_more(task: Task, judged: Judged) -> None:
    """What the other claims of the touched edges draw."""
    task.db.execute("INSERT OR IGNORE INTO temp.todo_edge SELECT id FROM temp.drawn")
    spooled = {id for (id,) in task.query("SELECT DISTINCT claim FROM temp.spool")}
    task.db.execute("DELETE FROM temp.more_claim")
    claims = task.query(
        """SELECT DISTINCT j.value FROM temp.todo_edge AS t CROSS JOIN main.edge AS e ON e.id = t.id
           CROSS JOIN json_each(e.claims) AS j WHERE j.value NOT IN (SELECT id FROM temp.todo_claim)"""
    )
    more = [str(id) for (id,) in claims]
    task.add("more_claim", (id for id in more if id not in spooled))
    _spool_more(task, judged, "more_claim")
    task.add("more_claim", more)
    verdicts = rejected(task.decisions)
    todo = {id for (id,) in task.query("SELECT id FROM temp.todo_edge")}
    for every in _spooled(task, "more_claim"):
        if one := reviewed(every, verdicts.get(every.id)):
            drawn = [ends for ends in find_ends(one) if edge_id(ends) in todo]
            _put_aside(task, [edge_row(ends, [one], task.catalogue) for ends in drawn], [])


# Outlets, and decisions that fit nothing. ----------------------------------------------------------------------------


def _write_outlets(task: Task) -> None:
    """Writes outlet: who brought the articles, with the letters that a person gave."""
    if task.whole:
        counts = dict(task.query("SELECT outlet, count(*) FROM article WHERE outlet <> '' GROUP BY outlet"))
    else:
        found = Counter[str](dict(task.query("SELECT name, articles FROM home.outlet")))
        found.subtract(dict(task.query("SELECT name, count(*) FROM temp.was_outlet GROUP BY name")))
        found.update(
            dict(
                task.query(
                    """SELECT a.outlet, count(*) FROM temp.touched AS t CROSS JOIN main.article AS a ON a.key = t.id
                       WHERE a.outlet <> '' GROUP BY 1"""
                )
            )
        )
        counts = {name: count for name, count in found.items() if count > 0}
    letters = {target.casefold(): decision.value for target, decision in latest(task.decisions, "outlet").items()}
    rows: list[Row] = [
        (name, count, letters.get(name.casefold()), task.owners.get(name.casefold())) for name, count in counts.items()
    ]
    task.write("outlet", sorted(rows, key=_id))


def _write_orphans(task: Task, judged: Judged, stored: Stored, who: Who) -> None:
    rows = {_id(row): row for row in orphan_rows(task.decisions, judged, stored, who)}
    task.write("orphan", [row for _, row in sorted(rows.items())])


# Whether. ------------------------------------------------------------------------------------------------------------

FEW = 1000  # touched articles that are never too many for the steps of a change


def can_follow(db: sqlite3.Connection, decisions: Sequence[Decision]) -> bool:
    """Whether the tables can be brought up to date from what these decisions differ from those taken over.

    Not where an actor was added, which may be anybody in any article, nor where decisions stand in another order.
    """
    before = _taken_over(db)
    old, new = [one.id for one in before], [one.id for one in decisions]
    both = {*old} & {*new}
    if [id for id in old if id in both] != [id for id in new if id in both]:
        return False
    return all(one.id in both for one in (*before, *decisions) if one.action == "actor")


def is_much(db: sqlite3.Connection, touched: Touched) -> bool:
    """Whether a change touches so much that computing everything is quicker."""
    if touched.articles <= FEW:
        return False
    return touched.articles * 4 > int(db.execute("SELECT count(*) FROM main.article").fetchone()[0])
