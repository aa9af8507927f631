"""Databases of older schemas: refused to readers with the command that helps, brought up to date by writers."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from kgraph.build import build, rebuild, refresh
from kgraph.build.check import STALE, check
from kgraph.decisions import Decision, add_decision, append, load_decisions
from kgraph.decisions.citations import citations
from kgraph.errors import StoreError
from kgraph.folder import Folder
from kgraph.folder.database import get_meta
from kgraph.folder.digests import find_damaged
from kgraph.folder.identity import load_identity, write_whole
from kgraph.folder.rows import cited_row
from kgraph.folder.settling import NotKept
from kgraph.lookup.changes import Change, compare, states
from kgraph.review import notes
from kgraph.schema import SCHEMA_VERSION

RELEASED = sorted((Path(__file__).parent / "schemas").glob("*.sql"), key=lambda file: int(file.stem))


@pytest.fixture(params=RELEASED, ids=lambda file: f"schema {file.stem}")
def old_graph(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A graph folder as a released kgraph left it."""
    return graph_of(request.param, tmp_path / "old")


def graph_of(schema: Path, folder: Path) -> Path:
    folder.mkdir()
    with closing(sqlite3.connect(folder / "evidence.db")) as db:
        db.executescript(schema.read_text(encoding="utf-8"))
        graph = db.execute("SELECT value FROM meta WHERE name = 'graphId'").fetchone()[0]
    kept = schema.with_suffix(".json")  # kgraph.json says more since schema 4
    identity = json.loads(kept.read_text()) if kept.exists() else {"schemaVersion": int(schema.stem), "graphId": graph}
    (folder / "kgraph.json").write_text(json.dumps(identity))
    return folder


def rows(folder: Path, sql: str) -> list[tuple[object, ...]]:
    with Folder(folder).read() as db:
        return db.execute(sql).fetchall()


def rows_of_any(folder: Path, sql: str) -> list[tuple[object, ...]]:
    """Rows of a database of any schema."""
    with closing(sqlite3.connect(folder / "evidence.db")) as db:
        return db.execute(sql).fetchall()


def test_a_reader_is_told_what_to_do(old_graph: Path) -> None:
    before = (old_graph / "evidence.db").read_bytes()
    with pytest.raises(StoreError, match=r"written by an older kgraph .* `kgraph rebuild -g .*old` brings it up"):
        rows(old_graph, "SELECT 1")
    assert (old_graph / "evidence.db").read_bytes() == before


def test_every_released_schema_migrates(old_graph: Path) -> None:
    with closing(sqlite3.connect(old_graph / "evidence.db")) as db:
        texts = db.execute("SELECT key, text FROM article ORDER BY key").fetchall()
        read = db.execute("SELECT id, sentence FROM evidence ORDER BY id").fetchall()
    said: list[str] = []
    refresh(old_graph, waiting=said.append)
    assert rows(old_graph, "SELECT key, text FROM article ORDER BY key") == texts
    assert rows(old_graph, "SELECT id, sentence FROM evidence ORDER BY id") == read
    assert rows(old_graph, "SELECT count(*) FROM claim WHERE credibility IS NOT NULL") != [(0,)]
    readers = {*rows(old_graph, "SELECT frame LIKE '% learned', reader FROM evidence")}
    assert {(0, "frames")} <= readers <= {(0, "frames"), (1, "learned")}
    assert check(old_graph) == []
    assert rows(old_graph, "PRAGMA foreign_key_check") == [] and rows(old_graph, "PRAGMA integrity_check") == [("ok",)]
    assert json.loads((old_graph / "kgraph.json").read_text())["schemaVersion"] == SCHEMA_VERSION
    assert any("the old database is evidence.schema" in words for words in said)
    (backup,) = old_graph.glob("evidence.schema*.db")
    with closing(sqlite3.connect(backup)) as db:
        assert db.execute("SELECT key, text FROM article ORDER BY key").fetchall() == texts


def test_decisions_outlive_a_migration(old_graph: Path) -> None:
    with closing(sqlite3.connect(old_graph / "evidence.db")) as db:
        (evidence,) = db.execute("SELECT id FROM evidence ORDER BY id").fetchone()
    add_decision(old_graph / "decisions.jsonl", "reject", evidence)
    refresh(old_graph)
    assert rows(old_graph, "SELECT review_status FROM told WHERE id = '" + evidence + "'") == [("rejected",)]
    assert not rows(old_graph, "SELECT * FROM orphan")


def test_a_migration_happens_once(old_graph: Path) -> None:
    refresh(old_graph)
    before = (old_graph / "evidence.db").read_bytes()
    refresh(old_graph)
    assert (old_graph / "evidence.db").read_bytes() == before
    with Folder(old_graph).read() as db:
        assert get_meta(db, "schemaVersion") == str(SCHEMA_VERSION)


@pytest.mark.parametrize("number", [2, 3, 4, 5])
def test_what_stays_as_it_was_is_no_change(number: int, tmp_path: Path) -> None:
    folder, seen = graph_of(RELEASED[number - 1], tmp_path / "old"), list[Change]()
    with closing(sqlite3.connect(folder / "evidence.db")) as db:
        noted = db.execute("SELECT claim, change, what FROM past_claim ORDER BY claim").fetchall()
    summary = rebuild(folder, look=lambda db: seen.extend(compare(states(db, "temp.claims_before"), states(db))))
    assert {what for _, _, what in noted} == ({"new", "gone"} if number == 5 else {"new"})
    assert {*rows(folder, "SELECT claim, change, what FROM past_claim WHERE what <> 'changed'")} == {*noted}
    assert [one.claim.text for one in seen if one.what != "changed"] == []
    assert summary.claims.added == summary.actors.added == summary.edges.added == 0
    assert check(folder) == []


def test_what_follows_comes_over_only_where_it_can(tmp_path: Path) -> None:
    folder = graph_of(RELEASED[3], tmp_path / "old")
    with closing(sqlite3.connect(folder / "evidence.db")) as db:
        db.execute("INSERT INTO resolution VALUES ('no-such-article', 'x', 'state:iran')")
        db.execute("UPDATE claim SET text = 'something else' WHERE type = 'SUPPLIES'")
        db.commit()
    summary = refresh(folder)
    assert summary.claims.changed >= 2 and summary.claims.added == 0
    assert rows(folder, "SELECT count(*) FROM claim WHERE text = 'something else'") == [(0,)] and check(folder) == []


def test_a_graph_is_whole_before_what_follows_is_computed_anew(tmp_path: Path) -> None:
    folder = graph_of(RELEASED[3], tmp_path / "old")
    source = {"sentence": "Russia and Iran are allies.", "roles": {}}
    (cited,) = citations([Decision("add", "cited:https://x.example/a", details=source, when="2024-06-01T00:00:00")])
    columns = "event, 'a.txt', type, sentence, start, end, '', start, start, 'manual', status"
    rest = "polarity, stage, certainty, hypothetical, voice, '[]', event_from, event_to, date_precision"
    with closing(sqlite3.connect(folder / "evidence.db")) as db:
        db.execute(f"INSERT INTO article VALUES ({', '.join('?' * len(cited_row(cited)))})", cited_row(cited))
        db.execute(f"INSERT INTO added SELECT 'mine', {columns}, {rest} FROM evidence LIMIT 1")
        db.execute("INSERT INTO claim_evidence SELECT id, 'mine', 'a.txt' FROM claim LIMIT 1")
        db.commit()
    write_whole(folder / "kgraph.json", replace(load_identity(Folder(folder)), articles=5))

    def refuse(db: sqlite3.Connection) -> None:
        raise NotKept

    before = rows_of_any(folder, "SELECT id, text, credibility FROM claim ORDER BY id")
    with pytest.raises(NotKept):
        rebuild(folder, look=refuse)
    assert rows(folder, "SELECT id, text, credibility FROM claim ORDER BY id") == before
    assert rows(folder, "SELECT reader, review_status FROM told WHERE id = 'mine'") == [("person", "manual")]
    assert [line for line in check(folder) if not line.startswith(STALE)] == []


@pytest.mark.parametrize("spoil", [
    "claim SET text = CAST(x'ff41' AS TEXT)", "resolution SET actor = CAST(x'ff' AS TEXT)", "outlet SET name = x'00ff'",
])  # fmt: skip
def test_what_cannot_be_read_of_what_follows_is_computed_anew(spoil: str, tmp_path: Path) -> None:
    folder = graph_of(RELEASED[3], tmp_path / "old")
    with closing(sqlite3.connect(folder / "evidence.db")) as db:
        db.execute(f"UPDATE {spoil}")
        db.commit()
    refresh(folder)
    assert check(folder) == []


@pytest.mark.parametrize("spoilt", ["'no decision'", "CAST(x'ff' AS TEXT)"])
def test_decisions_taken_over_that_cannot_be_read_are_taken_over_anew(spoilt: str, tmp_path: Path) -> None:
    folder = graph_of(RELEASED[3], tmp_path / "old")
    with closing(sqlite3.connect(folder / "evidence.db")) as db:
        db.execute(f"INSERT INTO decided VALUES (1, {spoilt}, NULL, '[]')")
        db.commit()
    refresh(folder)
    assert check(folder) == []


def test_a_decision_lost_before_a_migration_is_missed(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    folder = graph_of(RELEASED[3], tmp_path / "old")
    lost = {"action": "comment", "target": "state:iran", "value": "hm", "who": "me", "when": "2024-06-01T00:00:01"}
    with closing(sqlite3.connect(folder / "evidence.db")) as db:
        db.execute("INSERT INTO decided VALUES (1, ?, NULL, '[]')", (json.dumps(lost),))
        db.commit()
    refresh(folder)
    assert "(comment) was made and is no longer in decisions.jsonl" in caplog.text


# Schema 4: the id of a feed decides which article a line is. ----------------------------------------------------------

URL, LIVE = "https://news.example/deal?utm_source=rss", "https://news.example/live"
DEAL = (
    "North Korea agreed to send artillery shells to Russia, South Korea's Defense Ministry said. "
    "Turkey supplied drones to Ukraine. Israel attacked Iran on 3 May 2024. The United States condemned Hamas."
)
FEED = [  # what the graph of schema 3 was built from, besides a.txt and b.txt
    {"id": "wire-17", "url": URL, "published": "2024-05-02", "outlet": "The Daily", "text": DEAL},
    {"id": "wire-18", "published": "2024-05-03", "outlet": "The Daily", "text": "Iran supplied missiles to Hezbollah in 2024."},
    {"id": "wire-19", "url": LIVE, "text": "Ukraine attacked Russia on 4 May 2024."},
    {"id": "wire-20", "url": LIVE, "text": "Russia attacked Ukraine on 5 May 2024."},
    {"text": "Syria supplied drones to Hezbollah in 2023."},
]


def test_an_older_graph_gets_ids_and_addresses(tmp_path: Path) -> None:
    folder = graph_of(RELEASED[2], tmp_path / "old")
    refresh(folder)
    assert rows(folder, "SELECT key, given, address FROM article WHERE key NOT LIKE '%.txt' ORDER BY key") == [
        (URL, None, "news.example/deal"), (LIVE, None, "news.example/live"),
        ("text:55ad8979d8f9e229", None, None), ("wire-18", "wire-18", None),
    ]  # fmt: skip
    assert rows(folder, "SELECT DISTINCT given, address FROM article WHERE key LIKE '%.txt'") == [(None, None)]


def old_decisions(folder: Path) -> list[Decision]:
    """Decisions of every kind, as an older kgraph wrote them of an article that went by its URL."""
    with closing(sqlite3.connect(folder / "evidence.db")) as db:
        found = db.execute(
            """SELECT e.id, e.type, e.sentence, (SELECT json_group_array(DISTINCT r.actor) FROM filler AS f
                   JOIN resolution AS r ON r.article = e.article AND r.local = f.local WHERE f.evidence = e.id)
               FROM evidence AS e WHERE e.article IN (?, ?) ORDER BY e.article, e.start""",
            (URL, LIVE),
        ).fetchall()
        articles = [URL] * 4 + [LIVE]
    ids, anchors = [row[0] for row in found], [
        {"article": article, "type": type, "sentence": sentence, "actors": json.loads(actors)}
        for article, (_, type, sentence, actors) in zip(articles, found, strict=True)
    ]  # fmt: skip
    sentence = "Turkey supplied drones to Ukraine."
    start = DEAL.index(sentence)
    added = {"type": "ALLIED_WITH", "roles": {"party": ["state:turkey", "state:ukraine"]}, "status": "asserted"}
    place = {"sentence": sentence, "start": start, "end": start + len(sentence)}
    made = [
        Decision("accept", ids[0], details=anchors[0]), Decision("reject", ids[1], details=anchors[1]),
        Decision("edit", ids[2], "planned", field="status", details=anchors[2]),
        Decision("edit", ids[2], "state:syria", field="role:target", details=anchors[2]),
        Decision("disbelieve", ids[3], details=anchors[3]), Decision("comment", ids[3], "hm", details=anchors[3]),
        Decision("accept", ids[4], details=anchors[4]), Decision("add", URL, details=added | place),
        Decision("comment", URL, "seen"), Decision("comment", LIVE, "seen"),
    ]  # fmt: skip
    return [replace(one, who="me", when=f"2024-06-01T00:00:{n:02}") for n, one in enumerate(made)]


def judged(folder: Path) -> list[tuple[object, ...]]:
    return rows(folder, "SELECT sentence, type, status, review_status FROM told WHERE review_status <> '' ORDER BY 1, 2, 3, 4")


def test_an_older_graph_is_keyed_anew_and_its_decisions_hold(tmp_path: Path) -> None:
    folder, feed = graph_of(RELEASED[2], tmp_path / "old"), tmp_path / "feed.jsonl"
    feed.write_text("".join(json.dumps(line) + "\n" for line in FEED))
    made = old_decisions(folder)
    append(Folder(folder).decisions, made)
    refresh(folder)
    before, orphans = judged(folder), rows(folder, "SELECT * FROM orphan")
    assert len(before) == 6 and orphans == []
    build(folder, [feed])
    keyed = [("a.txt",), ("b.txt",), ("text:55ad8979d8f9e229",), *((f"wire-{n}",) for n in (17, 18, 19, 20))]
    assert rows(folder, "SELECT key FROM article ORDER BY key") == keyed
    assert (judged(folder), rows(folder, "SELECT * FROM orphan"), check(folder)) == (before, [], [])
    assert rows(folder, "SELECT DISTINCT article FROM added") == [("wire-17",)]
    assert rows(folder, "SELECT * FROM past_article") == []
    with Folder(folder).read() as db:
        remarks = notes(db, load_decisions(Folder(folder).decisions)).remarks
        about = [id for (id,) in db.execute("SELECT id FROM evidence")]
    assert {"wire-17", "wire-20"} < remarks.keys() and remarks.keys() - {"wire-17", "wire-20"} <= {*about}
    again = build(folder, [feed])
    assert (again.read, again.unchanged, judged(folder)) == (0, 5, before)


def test_ids_that_look_like_citations_are_keyed_anew(tmp_path: Path) -> None:
    folder = graph_of(RELEASED[2], tmp_path / "old")
    with closing(sqlite3.connect(folder / "evidence.db")) as db:
        db.execute("PRAGMA foreign_keys = OFF")
        for table, column in (("article", "key"), ("local_actor", "article"), ("mention", "article"), ("evidence", "article"),
                              ("resolution", "article"), ("signed", "article")):  # fmt: skip
            db.execute(f"UPDATE {table} SET {column} = 'cited:x' WHERE {column} = 'wire-18'")
        db.commit()
    refresh(folder)
    assert rows(folder, "SELECT key, given FROM article WHERE given = 'cited:x'") == [("id:cited:x", "cited:x")]
    assert rows(folder, "SELECT count(*) FROM evidence WHERE article = 'id:cited:x'") == [(1,)] and not check(folder)


# Schema 5: evidence says which reader gave it. ------------------------------------------------------------------------


def test_older_evidence_gets_its_reader(tmp_path: Path) -> None:
    folder = graph_of(RELEASED[3], tmp_path / "old")
    refresh(folder)
    assert rows(folder, "SELECT reader, count(*) FROM evidence GROUP BY reader") == [("frames", 6), ("learned", 1)]


def test_what_was_damaged_before_a_migration_is_so_after_it(tmp_path: Path) -> None:
    folder = graph_of(RELEASED[3], tmp_path / "old")
    with closing(sqlite3.connect(folder / "evidence.db")) as db:
        db.execute("UPDATE evidence SET status = 'denied' WHERE article = 'a.txt'")
        db.commit()
    with pytest.raises(StoreError, match=r"a\.txt"):
        refresh(folder)
    with Folder(folder).read() as db:
        assert [(one.article, one.parts) for one in find_damaged(db)] == [("a.txt", ("evidence",))]


# Schema 6: evidence carries a score, claims and edges trust. -------------------------------------------------------------


@pytest.mark.parametrize("number", [4, 5])
def test_older_evidence_gets_a_score_and_what_follows_its_trust(number: int, tmp_path: Path) -> None:
    folder = graph_of(RELEASED[number - 1], tmp_path / "old")
    refuse_all(folder)
    for _ in range(2):
        assert rows(folder, "SELECT reader, score, count(*) FROM evidence GROUP BY 1, 2") == [("frames", 1.0, 6), ("learned", 0.7, 1)]
        trusts = rows(folder, "SELECT text, trust FROM claim ORDER BY text")
        assert trusts == [
            ("Hamas attacks Israel", 1.0), ("Iran supplies Hezbollah", 1.0), ("Russia supplies Syria with S-300", 1.0),
            ("Saudi Arabia attacks Houthis", 1.0), ("Turkey supplies Ukraine", 1.0), ("United States attacks Houthis", 0.7),
        ]  # fmt: skip
        lines = rows(folder, "SELECT source, target, trust FROM edge WHERE type = 'ATTACKS' ORDER BY source")
        assert lines == [
            ("group:hamas", "state:israel", 1.0), ("state:saudi-arabia", "group:houthis", 1.0), ("state:united-states", "group:houthis", 0.7),
        ]  # fmt: skip
        gone = [("North Korea supplies Russia", 0.7)] if number == 5 else []  # of which no evidence is left
        assert rows(folder, "SELECT text, trust FROM past_claim WHERE what <> 'gone' ORDER BY text") == sorted([*trusts, *gone])
        refresh(folder)
    assert rows(folder, "SELECT count(*) FROM past_claim WHERE what = 'changed'") == [(0,)] and check(folder) == []


def refuse_all(folder: Path) -> None:
    """Migrates a graph and keeps nothing of what follows anew."""

    def refuse(db: sqlite3.Connection) -> None:
        raise NotKept

    with pytest.raises(NotKept):
        rebuild(folder, look=refuse)


def test_what_a_person_decided_before_there_was_trust_is_sure(tmp_path: Path) -> None:
    folder = graph_of(RELEASED[4], tmp_path / "old")
    with closing(sqlite3.connect(folder / "evidence.db")) as db:
        (learned,) = db.execute("SELECT id FROM evidence WHERE reader = 'learned'").fetchone()
    add_decision(folder / "decisions.jsonl", "accept", learned)
    refresh(folder)
    assert rows(folder, "SELECT score FROM evidence WHERE reader = 'learned'") == [(0.7,)]
    assert rows(folder, "SELECT score FROM told WHERE reader = 'learned'") == [(1.0,)]
    trusts = "SELECT trust, review_status FROM {} WHERE text = 'United States attacks Houthis' ORDER BY 1"
    assert rows(folder, trusts.format("claim")) == [(1.0, "accepted")]
    assert rows(folder, trusts.format("past_claim")) == [(0.7, None), (1.0, "accepted")]


@pytest.mark.parametrize("spoil, words", [
    ("UPDATE past_claim SET text = 'x' WHERE change = 1 AND type = 'ATTACKS' AND text LIKE 'Hamas%'", "past_claim a3818458508a4835 1: not what was written"),
    ("UPDATE past_claim SET text = CAST(x'ff' AS TEXT) WHERE text LIKE 'Hamas%'", "past_claim a3818458508a4835 1: not what was written"),
    ("DELETE FROM past_claim WHERE text LIKE 'Hamas%'", "past_claim: 7 rows where 8 belong"),
])  # fmt: skip
def test_damage_of_what_was_is_damage_after_a_migration(spoil: str, words: str, tmp_path: Path) -> None:
    folder = graph_of(RELEASED[4], tmp_path / "old")
    with closing(sqlite3.connect(folder / "evidence.db")) as db:
        db.execute(spoil)
        db.commit()
    refresh(folder)
    (line,) = check(folder)
    assert line.startswith(words)


def test_a_graph_that_an_older_kgraph_read_is_named_as_such(old_graph: Path) -> None:
    said: list[str] = []
    (articles,) = rows_of_any(old_graph, "SELECT count(*) FROM article")[0]
    summary = rebuild(old_graph, waiting=said.append)
    assert summary.stale == articles
    words = f"{articles} articles were read by another version, catalogue or reader: `kgraph rebuild --extract` reads them again"
    assert said[-1] == f"{old_graph}: {words}"
