"""What evidence says, put beside the claims that it is about and read again claim by claim."""

from __future__ import annotations

import marshal
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

from kgraph.folder.rows import ArticleRow, EvidenceRow
from kgraph.projection.claims import Claim, identify
from kgraph.projection.judgement import Judged, Roles
from kgraph.projection.statements import UNNAMED, Said, say, say_added
from kgraph.projection.update.task import Task
from kgraph.schema import load_schema

first = itemgetter(0)


def find_touched_evidence(task: Task) -> None:
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
_SPEAKERS = f"""(SELECT group_concat(coalesce(r.actor, '{UNNAMED}' || s.text), char(30)) FROM (
    SELECT local, text FROM speaker WHERE evidence = e.id ORDER BY depth) AS s
    LEFT JOIN home.resolution AS r ON r.article = e.article AND r.local = s.local)"""
_SAID = f"""SELECT e.id, '', e.article, e.type, '', e.start, 0, '', e.score, e.status, e.polarity, e.stage, e.certainty,
    e.hypothetical, '', e.event_from, e.event_to, e.date_precision, a.published, a.outlet, a.cluster, a.credit,
    {_ROLES}, {_SPEAKERS} FROM"""
_OF_EVIDENCE = len(EvidenceRow._fields)  # the first columns
_ALL = f"{_SAID} evidence AS e CROSS JOIN temp.facts AS a ON a.key = e.article ORDER BY e.id"
_SOME = f"""{_SAID} temp.{{}} AS t CROSS JOIN evidence AS e ON e.id = t.id
    CROSS JOIN article AS a ON a.key = e.article ORDER BY e.id"""


def _say(task: Task, judged: Judged, which: str | None) -> Iterator[Said]:
    """What all the evidence says, or that in a working table."""
    rows = task.query(_SOME.format(which) if which else _ALL)
    for values in rows:
        row = EvidenceRow._make(values[:_OF_EVIDENCE])
        published, outlet, cluster, credit, roles, speakers = values[_OF_EVIDENCE:]
        article = ArticleRow(row.article, "", "", published, outlet, None, None, cluster, credit)
        told_by = speakers.split("\x1e") if speakers is not None else ()
        said = say(row, article, _roles(roles), told_by, task.owners, judged.evidence.get(row.id))
        if said:
            yield said
    for row, roles in judged.additions.values():
        if which is None or task.query(f"SELECT 1 FROM temp.{which} WHERE id = ?", row.id).fetchone():
            yield say_added(row, roles, _article(task, row.article), task.owners)


def _article(task: Task, key: str) -> ArticleRow:
    columns = ", ".join(ArticleRow._fields)
    return ArticleRow._make(task.query(f"SELECT {columns} FROM article WHERE key = ?", key).fetchone())


def _roles(text: str | None) -> Roles:
    return tuple([tuple(pair.split("\x1f")) for pair in text.split("\x1e")]) if text else ()  # type: ignore[misc]


def spool(task: Task, judged: Judged, which: str | None = None, only: str | None = None) -> None:
    """Puts what evidence says beside each claim that it is about, or only beside those in a working table."""
    allowed = {id for (id,) in task.query(f"SELECT id FROM temp.{only}")} if only else None
    task.db.executemany(
        "INSERT INTO temp.spool VALUES (?, ?, ?)",
        (
            (claim, said.id, marshal.dumps((identity, tuple(said))))  # quicker than columns
            for said in _say(task, judged, which)
            for claim, identity in identify(said)
            if allowed is None or claim in allowed
        ),
    )


def spool_more(task: Task, judged: Judged, claims: str) -> None:
    """Puts the evidence beside claims of a working table that is not there yet."""
    task.db.execute("DELETE FROM temp.more_evidence")
    for table in ("claim_evidence", "rejected"):
        task.db.execute(
            f"""INSERT OR IGNORE INTO temp.more_evidence SELECT c.evidence
                FROM temp.{claims} AS t CROSS JOIN main.{table} AS c ON c.claim = t.id
                WHERE c.evidence NOT IN (SELECT id FROM temp.todo_evidence)"""
        )
    spool(task, judged, "more_evidence", claims)


def spooled(task: Task, which: str | None, sql: str = "ORDER BY claim, id", *values: object) -> Iterator[Claim]:
    """The claims with what is said of them, in the order of their ids."""
    schema = load_schema()
    some = f"WHERE claim IN (SELECT id FROM temp.{which})" if which else ""
    for id, rows in groupby(task.query(f"SELECT * FROM temp.spool {some} {sql}", *values), first):
        found = [marshal.loads(row[2]) for row in rows]
        said = tuple([Said._make(one) for _, one in found])
        yield Claim(id, schema[said[0].type], found[0][0], said)
