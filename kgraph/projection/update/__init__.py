"""Brings the tables that follow up to date: all of them, or the rows that a change touches, by the same steps.

Rows go in the order of what they are grouped by, sorted by SQLite, from a query through a pure function into a `Writer`, so
that memory does not grow with the corpus. Working tables are temporary. What a change touches is found on the way:

touched articles and decisions → local actors → actors → evidence → claims → edges and conflicts

Each step knows its own rows of before, so that what is gone is touched too.
"""

from __future__ import annotations

import marshal
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import groupby
from operator import itemgetter

from kgraph.catalogue import Catalogue
from kgraph.decisions import Decision, latest, rejected
from kgraph.folder.settling import Difference, Touched
from kgraph.folder.tables import FOLLOWS, Row
from kgraph.projection.actors import Who, with_decided
from kgraph.projection.claims import Claim, Sum, claim_row, evidence_rows, reviewed, role_rows
from kgraph.projection.conflicts import conflict_rows, contested, holdings
from kgraph.projection.edges import Ends, edge_id, edge_row, ends_between, find_ends
from kgraph.projection.judgement import Judged, orphan_rows
from kgraph.projection.update.actors import write_actors
from kgraph.projection.update.decisions import take_decisions
from kgraph.projection.update.evidence import find_touched_evidence, spool, spool_more, spooled
from kgraph.projection.update.history import History
from kgraph.projection.update.resolution import tell_who_is_who
from kgraph.projection.update.stored import Stored
from kgraph.projection.update.table_writer import drop_indexes
from kgraph.projection.update.task import WORKING, Task, first_text
from kgraph.schema import load_schema

first = itemgetter(0)
CACHES = {"main": 64, "temp": 16}  # MB of pages that are kept in memory, since ids are looked up in any order
FEW = 1000  # touched articles that are never too many for the steps of a change


def follow_change(
    db: sqlite3.Connection, touched: Touched, catalogue: Catalogue, decisions: Sequence[Decision],
    owners: Mapping[str, str], *, whole: bool,
) -> dict[str, Difference]:  # fmt: skip
    """What follows from a change of articles or decisions: what it touches, or (`whole`) everything computed anew."""
    known, history = with_decided(catalogue, decisions), History(db, touched.change, touched.at)
    done = update(Task(db, known, decisions, owners, None if whole else touched, history=history))
    history.write()
    return done


def lay_over(
    db: sqlite3.Connection, catalogue: Catalogue, decisions: Sequence[Decision], owners: Mapping[str, str]
) -> None:
    """Computes all that follows from the articles that a connection sees into temporary tables, which hide the stored ones."""
    for table in (*FOLLOWS, "decided"):
        statements = db.execute(
            "SELECT sql FROM main.sqlite_schema WHERE tbl_name = ? AND type IN ('table', 'index') AND sql IS NOT NULL",
            (table,),
        )
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
    if task.whole:
        for name, size in CACHES.items():
            task.db.execute(f"PRAGMA {name}.cache_size = {-size * 1024}")
        task.indexes = {table: drop_indexes(task.db, task.home, table) for table in FOLLOWS}
    who = tell_who_is_who(task)
    stored = Stored(task.db, task.home)
    judged = take_decisions(task, stored, who)
    write_actors(task, judged, who)
    find_touched_evidence(task)
    _write_claims(task, judged)
    _write_conflicts(task, judged)
    _write_edges(task, judged)
    _write_outlets(task)
    _write_orphans(task, judged, stored, who)
    for name in WORKING:
        task.db.execute(f"DROP TABLE temp.{name}")
    return task.done


def is_much(db: sqlite3.Connection, touched: Touched) -> bool:
    """Whether a change touches so much that computing everything is quicker."""
    if touched.articles <= FEW:
        return False
    return touched.articles * 4 > int(db.execute("SELECT count(*) FROM main.article").fetchone()[0])


# Claims. -------------------------------------------------------------------------------------------------------------


def _write_claims(task: Task, judged: Judged) -> None:
    """Writes claim, claim_role, claim_evidence and rejected; notes what the claims draw and which places they name."""
    if task.whole:
        task.query("INSERT INTO temp.facts SELECT key, published, outlet, cluster, credit FROM article")
        spool(task, judged)
    else:
        spool(task, judged, "todo_evidence")
        task.db.execute("INSERT OR IGNORE INTO temp.todo_claim SELECT claim FROM temp.spool")
        spool_more(task, judged, "todo_claim")
        _touch_drawn(task)
    some = "{} IN (SELECT id FROM temp.todo_claim)".format
    claim = task.writer("claim", some("id"), notice=task.history.note if task.history else None)
    role, evidence = (task.writer(name, some("claim"), claim) for name in ("claim_role", "claim_evidence"))
    rejections = task.writer("rejected", some("claim"))
    drawn, held = list[Row](), list[Row]()
    name_of, ratings, verdicts = _name_of(task), latest(task.decisions, "credibility"), rejected(task.decisions)
    for every in spooled(task, None if task.whole else "todo_claim"):
        one = reviewed(every, verdicts.get(every.id))
        if one is None:
            for row in evidence_rows(every):
                rejections.put(row[:2])
            continue
        rating = ratings.get(one.id)
        row = claim_row(one, name_of, rating.value if rating else None, task.catalogue)
        claim.put(row)
        role.put_all(role_rows(one))
        evidence.put_all(evidence_rows(one))
        if ends := find_ends(one):
            drawn += _draw(one, ends, task.catalogue, Sum._make(row[3:-1]))
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


def _draw(claim: Claim, ends: Sequence[Ends], catalogue: Catalogue, found: Sum | None = None) -> list[Row]:
    """The edges that a claim gives, as they would be if it alone gave them."""
    rows = [edge_row(each, [claim], catalogue, found) for each in ends]
    return [(row[0], claim.id, marshal.dumps(row)) for row in rows]  # type: ignore[arg-type]


def _put_aside(task: Task, drawn: list[Row], held: list[Row]) -> None:
    task.db.executemany("INSERT INTO temp.drawn VALUES (?, ?, ?)", drawn)
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
        spool_more(task, judged, "more_claim")
        verdicts = rejected(task.decisions)
        for every in spooled(task, "more_claim"):
            one = reviewed(every, verdicts.get(every.id))
            if one and (place := contested(one)):
                _put_aside(task, [], [(place, *holding) for holding in holdings(one)])
    held = groupby(task.query("SELECT place, date, agent, claim FROM temp.holding ORDER BY 1, 2, 3, 4"), first)
    pairs = (pair for _, found in held for pair in conflict_rows({row[1:] for row in found}))
    task.db.executemany("INSERT INTO temp.pair VALUES (?, ?)", pairs)
    task.write("conflict", task.query("SELECT * FROM temp.pair ORDER BY 1, 2"), some)


# Edges. --------------------------------------------------------------------------------------------------------------


def _write_edges(task: Task, judged: Judged) -> None:
    """Writes edge: an edge of one claim is what that claim draws, others are summed up from all that is said."""
    some = None if task.whole else "id IN (SELECT id FROM temp.todo_edge)"
    if not task.whole:
        _draw_more(task, judged)
    task.db.execute("CREATE INDEX temp.spool_of_claim ON spool(claim)")
    where = f"WHERE {some}" if some else ""
    verdicts = rejected(task.decisions)
    rows = task.query(f"SELECT id, claim, alone FROM temp.drawn {where} ORDER BY id, claim")

    def edges() -> Iterator[Row]:
        for _, found in groupby(rows, first):
            (_, claim, row), *others = found
            alone: Row = marshal.loads(row)
            ends = tuple(alone[1:4])
            yield _sum_edge(task, ends, [claim, *(other[1] for other in others)], verdicts) if others else alone  # type: ignore[arg-type]

    task.write("edge", edges(), some)


def _sum_edge(task: Task, ends: Ends, ids: Iterable[str], verdicts: Mapping[str, str]) -> Row:
    """An edge that several claims give."""
    claims = (reviewed(every, verdicts.get(id)) for id in ids for every in spooled(task, None, "WHERE claim = ?", id))
    return edge_row(ends, [claim for claim in claims if claim], task.catalogue)


def _draw_more(task: Task, judged: Judged) -> None:
    """What the other claims of the touched edges draw."""
    task.db.execute("INSERT OR IGNORE INTO temp.todo_edge SELECT id FROM temp.drawn")
    there = {id for (id,) in task.query("SELECT DISTINCT claim FROM temp.spool")}
    task.db.execute("DELETE FROM temp.more_claim")
    claims = task.query(
        """SELECT DISTINCT j.value FROM temp.todo_edge AS t CROSS JOIN main.edge AS e ON e.id = t.id
           CROSS JOIN json_each(e.claims) AS j WHERE j.value NOT IN (SELECT id FROM temp.todo_claim)"""
    )
    more = [str(id) for (id,) in claims]
    task.add("more_claim", (id for id in more if id not in there))
    spool_more(task, judged, "more_claim")
    task.add("more_claim", more)
    verdicts = rejected(task.decisions)
    todo = {id for (id,) in task.query("SELECT id FROM temp.todo_edge")}
    for every in spooled(task, "more_claim"):
        if one := reviewed(every, verdicts.get(every.id)):
            ends = [each for each in find_ends(one) if edge_id(each) in todo]
            _put_aside(task, _draw(one, ends, task.catalogue), [])


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
    task.write("outlet", sorted(rows, key=first_text))


def _write_orphans(task: Task, judged: Judged, stored: Stored, who: Who) -> None:
    rows = {first_text(row): row for row in orphan_rows(task.decisions, judged, stored, who)}
    task.write("orphan", [row for _, row in sorted(rows.items())])
