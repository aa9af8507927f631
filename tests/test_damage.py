"""Damage: whatever is changed in a graph folder behind kgraph's back is named, and never becomes the truth."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner
from corruption import Made, ask, content, make, trial

from kgraph.build import build, rebuild, refresh
from kgraph.build.check import check
from kgraph.cli import main
from kgraph.decisions import add_decision
from kgraph.errors import StoreError
from kgraph.folder import Folder, damage, digests
from kgraph.folder.damage import find_damage
from kgraph.folder.digests import READ
from kgraph.folder.identity import Identity
from kgraph.folder.tables import FOLLOWS
from kgraph.graph.embedded import open_embedded
from kgraph.schema import SCHEMA_VERSION

WHAT_WAS_READ = {  # how a row is changed, and what `check` and `rebuild` say of it
    "evidence": ("UPDATE evidence SET status = 'denied' WHERE id = (SELECT min(id) FROM evidence)", "evidence not as"),
    "a role": ("UPDATE filler SET role = 'target' WHERE role = 'agent'", "roles not as written"),
    "a role that is gone": ("DELETE FROM filler WHERE role = 'supplier'", "roles not as written"),
    "a name": ("UPDATE local_actor SET name = 'Mali' WHERE name = 'Russia'", "actors not as written"),
    "a mention": ("UPDATE mention SET start = start - 1 WHERE surface = 'Iran'", "mentions not as written"),
    "a speaker": ("UPDATE speaker SET text = 'Mali' WHERE depth = 1", "speakers not as written"),
    "what read it": ("UPDATE article SET fingerprint = 'x' || fingerprint", "notes of its reading not as written"),
    "when": ("UPDATE article SET read_at = '1999-01-01T00:00:00+00:00'", "notes of its reading not as written"),
    "no JSON": ("UPDATE local_actor SET forms = '[' || forms", "actors not as written"),
    "no text": ("UPDATE evidence SET sentence = CAST(x'fffe' AS TEXT)", "evidence .* not as written"),
    "a number": ("UPDATE evidence SET start = 'here'", "evidence not as written"),
}  # fmt: skip
REST = {
    "meta": ("UPDATE meta SET value = 'x' WHERE name = 'model'", "meta model: not what was written"),
    "a missing name": ("DELETE FROM meta WHERE name = 'graphId'", "meta graphId: missing"),
    "a past claim": ("UPDATE past_claim SET status = 'denied' WHERE change = 1", "past_claim .* 1: not"),
    "a past article": ("UPDATE past_article SET text = text || '!'", "past_article .*: not what was written"),
    "a claim": ("UPDATE claim SET status = 'denied'", "claim: .* rows that do not follow"),
    "a decision taken over": ("UPDATE decided SET evidence = 'x'", "decided: .* rows that do not follow"),
    "a band": ("DELETE FROM band", "band: .* rows that the articles do not give"),
    "a trigger": ("DROP TRIGGER note_claim_of_claim_update", "note_claim_of_claim_update: not declared as"),
    "a kind": ("UPDATE edge SET articles = 'many'", 'edge: .* rows in which "articles" is no integer'),
    "a past claim that is gone": ("DELETE FROM past_claim WHERE change = 2", "past_claim: [0-9]+ rows where [0-9]+ belong"),
    "the journal": ("DELETE FROM touched WHERE what = 'claim'", "touched: the journal is not as written"),
    "an article": ("DELETE FROM article WHERE key LIKE '%copy.txt'", "articles where . belong"),
}  # fmt: skip
SOURCE = {  # of which article what is changed
    "arms": "UPDATE article SET text = replace(text, 'Iran', 'Iraq')",
    "war": "UPDATE article SET published = '2001-01-01'",
    "copy": "UPDATE article SET boilerplate = '['",
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return make(tmp_path_factory.mktemp("damage"))


@pytest.fixture
def graph(made: Made, tmp_path: Path) -> Path:
    """A graph at rest, without its copy for questions."""
    shutil.copytree(made.folders[0], tmp_path / "g", ignore=shutil.ignore_patterns("graph"))
    return tmp_path / "g"


@pytest.fixture
def asked(made: Made, tmp_path: Path) -> Path:
    """The same, with its copy for questions."""
    shutil.copytree(made.folders[0], tmp_path / "g")
    return tmp_path / "g"


def change(graph: Path, sql: str) -> None:
    """Changes rows as another program would."""
    with closing(sqlite3.connect(graph / "evidence.db")) as db, db:
        for line in sql.split(";"):
            db.execute(line)


def named(graph: Path, *words: str) -> None:
    """What `check` says."""
    found = check(graph)
    assert not [each for each in words if not any(re.search(each, line) for line in found)], found


def kept(graph: Path) -> dict[str, list[tuple[object, ...]]]:
    """What was read and what follows, without the times of reading."""
    rows = content(graph, (*READ, *FOLLOWS))
    return rows | {"article": [row[:-2] for row in rows["article"]]}


def test_the_folders_are_whole(made: Made) -> None:
    assert [check(folder) for folder in made.folders] == [[], [], []]


@pytest.mark.parametrize(("sql", "words"), WHAT_WAS_READ.values(), ids=WHAT_WAS_READ.keys())
def test_a_changed_reading_is_named_and_never_computed_from(graph: Path, sql: str, words: str) -> None:
    before = content(graph, ("claim", "edge", "actor"))
    change(graph, sql)
    with Folder(graph).read_as_it_is() as db:
        found = [*find_damage(db)]
    assert any(re.search(words, line) for line in found), found
    with pytest.raises(StoreError, match=words):
        rebuild(graph)
    assert content(graph, ("claim", "edge", "actor")) == before


def test_reading_again_is_the_way_back(graph: Path) -> None:
    before = kept(graph)
    for sql, _ in (
        WHAT_WAS_READ[name] for name in ("evidence", "a name", "what read it", "a role that is gone", "no JSON")
    ):
        change(graph, sql)
    change(graph, "UPDATE claim SET status = 'denied'; DELETE FROM band; UPDATE signed SET number = number + 7")
    way = "not as written; `kgraph rebuild --extract` reads it again"
    named(
        graph, f"article .*/arms.txt: notes of its reading and actors and .*roles {way}", f"article .*evidence.* {way}"
    )
    assert rebuild(graph, extract=True).failed == 0
    assert kept(graph) == before and check(graph) == []


def test_a_damaged_text_is_left_and_its_source_mends_it(made: Made, graph: Path) -> None:
    before, names = kept(graph), [f"{name}.txt" for name in SOURCE]
    for name, sql in SOURCE.items():
        change(graph, f"{sql} WHERE key LIKE '%{name}.txt'")
    named(graph, *(f"{name}: text or source not as written; build it again from its source" for name in names))
    summary = rebuild(graph, extract=True)
    assert [problem.where.rpartition("/")[2] for problem in summary.problems] == sorted(names)
    with Folder(graph).read_as_it_is() as db:
        assert sum("text or source not as written" in line for line in find_damage(db)) == len(names)
    assert build(graph, [made.news]).read == len(names)
    assert kept(graph) == before and check(graph) == []


def test_any_other_changed_row_is_named(graph: Path) -> None:
    for sql, _ in REST.values():
        change(graph, sql)
    named(graph, *(words for _, words in REST.values()))


def test_a_rebuild_mends_what_it_can_and_says_what_it_drops(graph: Path) -> None:
    for name in (
        "meta",
        "a missing name",
        "a past claim",
        "a past article",
        "a past claim that is gone",
        "the journal",
        "a claim",
        "a decision taken over",
        "a trigger",
    ):
        change(graph, REST[name][0])
    said: list[str] = []
    rebuild(graph, waiting=said.append)
    assert check(graph) == []
    assert any("past_claim" in line and "dropped" in line for line in said)


def test_the_model_that_reads_is_never_forgotten(graph: Path) -> None:
    right = [row for row in content(graph, ("meta",))["meta"] if row[0] == "model"]
    for sql, words in (
        ("UPDATE meta SET value = 'x' WHERE name = 'model'", "model: not what was written"),
        ("DELETE FROM meta WHERE name = 'model'", "model: missing"),
        ("DELETE FROM meta WHERE name = 'history'", "history: missing"),
    ):
        change(graph, sql)
        named(graph, words)
        rebuild(graph)
        assert [row for row in content(graph, ("meta",))["meta"] if row[0] == "model"] == right and check(graph) == []


def test_what_was_is_missed_whatever_is_built_since(made: Made, graph: Path) -> None:
    change(graph, "DELETE FROM past_article; DELETE FROM renamed")
    (made.news / "more.txt").write_text("Ukraine attacked Russia.")
    build(graph, [made.news])
    (made.news / "more.txt").unlink()
    named(graph, "past_article: [0-9]+ rows where [0-9]+ belong; what is gone cannot be had again")


def test_a_claim_that_somebody_added_to_a_text_which_was_corrected_since_is_no_damage(graph: Path) -> None:
    roles = {"agent": ["state:iran"], "target": ["state:russia"]}
    ((key,),) = [row[:1] for row in content(graph, ("article",))["article"] if str(row[0]).endswith("arms.txt")]
    more = {"type": "CONDEMNS", "roles": roles, "sentence": "It was said once.", "status": "asserted"}
    add_decision(Folder(graph).decisions, "add", str(key), details=more)
    refresh(graph)
    assert check(graph) == []


def test_what_is_not_there_or_no_json_at_all_is_named(graph: Path) -> None:
    right = (graph / "kgraph.json").read_bytes()
    (graph / "catalogue").mkdir()
    for path, wrong, words in (
        ("catalogue/sources.json", b"[" * 100_000, "sources.json: cannot be read .*; delete it"),
        ("catalogue/sources.json", b'{"own.csv": null}', "sources.json: cannot be read .*; delete it"),
        ("kgraph.json", right.replace(b'"articles": ', b'"articles": 1e999, "x": '), "kgraph.json: cannot be read"),
        ("graph/current", b'{"origin": 5}', "current: the copy for questions is damaged"),
    ):
        (graph / path).parent.mkdir(exist_ok=True)
        (graph / path).write_bytes(wrong)
        named(graph, words)
        rebuild(graph)
        if path != "kgraph.json":
            (graph / path).unlink()
        assert check(graph) == []
    (graph / "kgraph.json").unlink()
    with pytest.raises(StoreError, match=r"kgraph\.json: missing; `kgraph rebuild -g .*` writes it anew"):
        check(graph)
    rebuild(graph)
    assert (graph / "kgraph.json").read_bytes() == right and check(graph) == []


@pytest.mark.parametrize("wrong", ["'x'", "'null'", "CAST(x'ff' AS TEXT)", "replace(hex(zeroblob(60000)), '0', '[')"])
def test_what_cannot_be_read_at_all_is_named_and_computed_anew(graph: Path, wrong: str) -> None:
    before = content(graph, FOLLOWS)
    change(graph, f"UPDATE decided SET decision = {wrong}")
    change(graph, "UPDATE actor SET aliases = replace(hex(zeroblob(60000)), '0', '[')")
    change(graph, "UPDATE meta SET value = 'x' WHERE name IN ('history', 'journal', 'undone')")
    named(graph, "decided: decisions that cannot be read .* `kgraph rebuild -g .*` takes them over anew", "meta history: not")
    done = CliRunner().invoke(main, ["claims", "-g", str(graph)])
    assert isinstance(done.exception, SystemExit) and "damaged: " in done.output
    rebuild(graph)
    assert content(graph, FOLLOWS) == before and check(graph) == []


def test_an_article_that_is_gone_in_part_can_be_built_again(made: Made, graph: Path) -> None:
    before = kept(graph)
    change(graph, "DELETE FROM article WHERE key LIKE '%arms.txt'")  # another program leaves what belongs to it
    named(graph, "local_actor: row .*belongs to no article; `kgraph rebuild` takes it out", "articles where . belong")
    build(graph, [made.news])
    assert kept(graph) == before and check(graph) == []


def test_much_is_verified_in_another_process(graph: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(damage, "MUCH", 0)
    rebuild(graph)
    change(graph, WHAT_WAS_READ["evidence"][0])
    with pytest.raises(StoreError, match=r"evidence not as written; `kgraph rebuild --extract`"):
        rebuild(graph)
    rebuild(graph, extract=True)
    assert check(graph) == []


def test_a_lost_change_stays_named_until_something_is_built(made: Made, tmp_path: Path) -> None:
    graph = tmp_path / "g"
    shutil.copytree(made.folders[1], graph, ignore=shutil.ignore_patterns("graph"))
    (graph / "evidence.db-wal").write_bytes((graph / "evidence.db-wal").read_bytes()[:1000])
    named(graph, "older than what was finished: change . is not in it; build again what came last")
    said: list[str] = []
    refresh(graph, waiting=said.append)
    assert "older than what was finished" in said[0]
    named(graph, "older than what was finished")
    build(graph, [made.news])
    assert check(graph) == []


def test_what_a_killed_build_read_is_verified_before_it_counts(made: Made, tmp_path: Path) -> None:
    for number, sql in enumerate(("UPDATE evidence SET status = 'denied'", "UPDATE meta SET value = 'x'")):
        graph = tmp_path / str(number)
        shutil.copytree(made.folders[2], graph, ignore=shutil.ignore_patterns("graph"))
        with closing(sqlite3.connect(graph / "pending.db")) as db, db:
            db.execute(sql)
        said: list[str] = []
        build(graph, [made.news], waiting=said.append)
        assert any("is damaged; it is read again" in line for line in said)
        assert check(graph) == []


def test_a_damaged_identity_is_named_and_written_anew(graph: Path) -> None:
    path = graph / "kgraph.json"
    right = path.read_text()
    for wrong in (
        right.replace('"change": ', '"change": 1'),
        right[:40],
        right.replace('"graphId": "', '"graphId": "0'),
        "[]",
    ):
        path.write_text(wrong)
        named(graph, r"kgraph\.json: .*; `kgraph rebuild -g .*` writes it anew")
        with pytest.raises(StoreError, match=r"kgraph\.json"), Folder(graph).read():
            pass
        rebuild(graph)
        assert path.read_text() == right and check(graph) == []
    path.write_text(json.dumps(Identity(SCHEMA_VERSION, "of another").as_json()))
    named(graph, "kgraph.json is of the graph of another, the database of")
    with pytest.raises(StoreError, match="rebuild` believes the database"):
        refresh(graph)
    rebuild(graph)
    assert path.read_text() == right and check(graph) == []


def test_what_a_killed_build_of_another_graph_read_is_not_taken_over(made: Made, graph: Path) -> None:
    before = content(graph, ("article",))
    for name in ("pending.db", "pending.db-wal"):
        if (made.folders[2] / name).exists():
            shutil.copy(made.folders[2] / name, graph)
    with closing(sqlite3.connect(graph / "pending.db")) as db, db:
        digest = digests.row_digest("graphId", "of another")
        db.execute("INSERT OR REPLACE INTO meta VALUES ('graphId', 'of another', ?)", (digest,))
    said: list[str] = []
    build(graph, [made.news / "copy.txt"], waiting=said.append)
    assert any("another graph's" in line for line in said)
    assert [*map(len, before.values())] == [*map(len, content(graph, ("article",)).values())]


def test_changed_bytes_of_the_copy_are_never_answered_from(asked: Path) -> None:
    graph = asked
    right = ask(graph)
    (bucket,) = graph.glob("graph/copy-*/Claim_0.*.bucket")
    before, data = bucket.stat(), bucket.read_bytes()
    assert data.count(b"Hamas") and check(graph) == []
    bucket.write_bytes(data.replace(b"Hamas", b"Samah"))
    os.utime(bucket, ns=(before.st_atime_ns, before.st_mtime_ns))
    named(graph, r"current: the copy for questions is damaged \(Claim_0.* is not what was written\); `kgraph query`")
    said: list[str] = []
    open_embedded(graph, said.append).close()
    assert len(said) == 1 and "making it anew" in said[0]
    assert ask(graph) == right and check(graph) == []


def test_a_copied_or_touched_copy_is_read_once_and_kept(asked: Path) -> None:
    graph = asked
    pointer = graph / "graph" / "current"
    ask(graph)
    before = json.loads(pointer.read_text())
    for path in graph.glob("graph/copy-*/*.bucket"):
        path.touch()
    ask(graph)
    after = json.loads(pointer.read_text())
    assert after["folder"] == before["folder"] and after["stamps"] != before["stamps"]


@pytest.mark.parametrize("command", [("claims",), ("show", "Russia"), ("stats",), ("view", "-o", "x.html"), ("export", "x.graphml")], ids=" ".join)  # fmt: skip
def test_reading_commands_end_in_one_line(graph: Path, tmp_path: Path, command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    for sql in (
        "UPDATE edge SET claims = '[', items = '{'; UPDATE actor SET aliases = 'x'; UPDATE claim SET type = 'WHAT'",
        "UPDATE claim SET text = CAST(x'ff' AS TEXT); UPDATE actor SET name = CAST(x'ff' AS TEXT)",
    ):
        change(graph, sql)
        done = CliRunner().invoke(main, [*command, "-g", str(graph)])
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        assert done.exit_code in (0, 1) and "Traceback" not in done.output


def test_digests_are_the_same_everywhere() -> None:
    assert digests.row_digest("a", 1, None, "ä") == 3684871352  # what is hashed must not depend on the Python


def test_damage_by_chance(made: Made, tmp_path: Path) -> None:
    chance = random.Random(seed := random.randrange(10**6))
    found = [trial(made, tmp_path, chance, full=False) for _ in range(8)]
    assert not [one for one in found if one[1]], f"seed {seed}"
