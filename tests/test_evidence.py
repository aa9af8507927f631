"""Keeping: a graph folder holds what its articles say, whatever happens while it is written."""

from __future__ import annotations

import json
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plain_projection import load_rows

from kgraph.build import rebuild
from kgraph.build.check import check
from kgraph.errors import StoreError
from kgraph.folder import Folder
from kgraph.folder.articles import count_stale, find_articles, find_stale, load_article
from kgraph.folder.database import get_meta
from kgraph.folder.readings import Known, find_known, forget_read, write_reading
from kgraph.folder.settling import Difference, Touched, settle
from kgraph.folder.tables import FOLLOWS, READ
from kgraph.projection.update.table_writer import Writer
from kgraph.records import (
    Article,
    Evidence,
    Filler,
    Kind,
    LocalActor,
    Mention,
    Reading,
    Speaker,
    Stance,
    Status,
    digest,
)

NAMES = ("Syria", "Russia", "Iran", "Hezbollah", "Wagner Group")


def made_reading(key: str, *pairs: tuple[str, str], copy_of: str | None = None) -> Reading:
    """What an article says that consists of sentences "A attacked B."; `copy_of` gives it another article's version."""
    sentences = [f"{a} attacked {b}." for a, b in pairs]
    text = " ".join(sentences)
    actors = tuple(LocalActor(name, name, Kind.STATE, forms=(name,)) for name in sorted({n for p in pairs for n in p}))
    evidence, mentions, start = [], [], 0
    for (a, b), sentence in zip(pairs, sentences, strict=True):
        at = start + len(f"{a} attacked ")
        fillers = (Filler("agent", a, a, start, start + len(a)), Filler("target", b, b, at, at + len(b)))
        mentions += [Mention(f.local, f.start, f.end, f.surface, "catalogue") for f in fillers]
        stance = Stance(voice="attributed", speakers=(Speaker("officials"), Speaker(a, a)), cues=("said",))
        evidence.append(
            Evidence(
                digest(sentence, "ATTACKS", a, b, key), digest(key, str(start)), key, "ATTACKS", fillers, sentence,
                start, start + len(sentence), "attacked", start + len(a) + 1, start + len(a) + 9, "attack", "frames",
                1.0, Status.REPORTED, stance,
            )
        )  # fmt: skip
        start += len(sentence) + 1
    article = Article(key, digest(copy_of or text), f"On {key}", text, path=f"/news/{key}.txt", boilerplate=((0, 2),))
    return Reading(article, actors, tuple(mentions), tuple(evidence), len(pairs))


def follow(db: sqlite3.Connection, touched: Touched) -> dict[str, Difference]:
    """A projection in small: an actor a name, a claim a pair of names."""
    rows = load_rows(db)
    tables: dict[str, list[tuple[object, ...]]] = {table: [] for table in FOLLOWS}
    tables["resolution"] = [(each.article, each.local, each.name) for each in rows.local_actor]
    for name in {each.name for each in rows.local_actor}:
        articles = sum(each.name == name for each in rows.local_actor)
        tables["actor"].append((name, name, "State", "[]", None, articles, 1))
    pairs: dict[tuple[str, ...], list[str]] = {}
    for each in rows.evidence:
        pairs.setdefault(tuple(f.local for f in rows.filler if f.evidence == each.id), []).append(each.id)
    for pair, ids in pairs.items():
        claim = digest(*pair)
        counts = (1, 1, 0, "done", len(ids), len(ids), 0, None, None, None, None, None, None, None, 1.0, None)
        tables["claim"].append((claim, "ATTACKS", " ".join(pair), "reported", "reported", *counts))
        roles = zip(("agent", "target"), pair, strict=True)
        tables["claim_role"] += [(claim, role, name, len(ids)) for role, name in roles]
        tables["claim_evidence"] += [(claim, each, "officials") for each in ids]
    return {table: Writer(db, "main", table).write(sorted(some)) for table, some in tables.items()}


def everything(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    """All rows that readers see, without the times of reading (and digests, which are of them too)."""
    with Folder(folder).read() as db:
        assert not db.execute("PRAGMA foreign_key_check").fetchall()
        rows = {table: sorted(db.execute(f"SELECT * FROM {table}"), key=repr) for table in (*READ, *FOLLOWS)}
    return rows | {"article": [row[:-2] for row in rows["article"]]}


def build(folder: Path, *readings: Reading, gone: Iterable[str] = ()) -> dict[str, Difference]:
    with Folder(folder).write() as db:
        for reading in readings:
            write_reading(db, reading, "reader 1")
        return settle(db, follow, gone=gone)


def changes(folder: Path) -> int:
    with Folder(folder).read() as db:
        return int(get_meta(db, "changes") or 0)


A = made_reading("a", ("Syria", "Iran"), ("Russia", "Syria"))
B = made_reading("b", ("Syria", "Iran"), ("Iran", "Hezbollah"))


def test_a_reading_comes_back_as_it_was_written(tmp_path: Path) -> None:
    build(tmp_path / "g", A)
    with Folder(tmp_path / "g").write() as db:
        assert load_article(db, "a") == A.article
        assert find_known(db, "a") == Known(A.article.version, "reader 1")
        assert find_known(db, "b") is None
        rows = load_rows(db)
    assert [each.local for each in rows.local_actor] == ["Iran", "Russia", "Syria"]
    assert {(each.sentence, each.status, each.trigger) for each in rows.evidence} == {
        ("Syria attacked Iran.", "reported", "attacked"), ("Russia attacked Syria.", "reported", "attacked")
    }  # fmt: skip
    assert [each.text for each in rows.speaker if each.depth == 1] == ["officials", "officials"]
    for table in ("evidence", "mention"):
        for row in everything(tmp_path / "g")[table]:
            sentence, start, end = (row[4], row[5], row[6]) if table == "evidence" else (row[4], row[2], row[3])
            assert A.article.text[start:end] == sentence  # type: ignore[misc]


def test_writing_twice_changes_nothing(tmp_path: Path) -> None:
    first = build(tmp_path / "g", A, B)
    before, count = everything(tmp_path / "g"), changes(tmp_path / "g")
    assert (first["actor"], first["claim"]) == (Difference(added=4), Difference(added=3))
    assert not any(build(tmp_path / "g").values())
    assert changes(tmp_path / "g") == count
    again = build(tmp_path / "g", A, B)
    assert not any(again[table] for table in ("actor", "claim", "edge"))
    assert everything(tmp_path / "g") == before


def test_order_does_not_matter(tmp_path: Path) -> None:
    build(tmp_path / "ab", A, B)
    build(tmp_path / "b then a", B)
    build(tmp_path / "b then a", A)
    assert everything(tmp_path / "ab") == everything(tmp_path / "b then a")


def test_a_changed_article_is_replaced(tmp_path: Path) -> None:
    build(tmp_path / "g", A, B)
    changed = made_reading("a", ("Syria", "Iran"), ("Wagner Group", "Syria"))
    differences = build(tmp_path / "g", changed)
    assert differences["actor"] == Difference(added=1, changed=0, removed=1)  # Wagner Group instead of Russia
    assert differences["claim"] == Difference(added=1, changed=0, removed=1)
    build(tmp_path / "anew", changed, B)
    assert everything(tmp_path / "g") == everything(tmp_path / "anew")


def test_what_is_counted_as_changed(tmp_path: Path) -> None:
    build(tmp_path / "g", A)
    differences = build(tmp_path / "g", B)
    assert differences["actor"] == Difference(added=1, changed=2)  # Syria and Iran stand in one article more
    assert differences["claim"] == Difference(added=1, changed=1)
    assert differences["conflict"] == Difference()


def test_removal_takes_exactly_what_an_article_said(tmp_path: Path) -> None:
    build(tmp_path / "g", A, B)
    before = changes(tmp_path / "g")
    assert build(tmp_path / "g", gone=["a"])["actor"] == Difference(changed=2, removed=1)
    assert changes(tmp_path / "g") == before + 1
    build(tmp_path / "b", B)
    assert everything(tmp_path / "g") == everything(tmp_path / "b")


def test_articles_with_one_text_are_a_cluster(tmp_path: Path) -> None:
    copies = [made_reading(key, ("Syria", "Iran")) for key in ("y", "x", "z")]
    build(tmp_path / "g", copies[0])
    build(tmp_path / "g", copies[1], copies[2])
    with Folder(tmp_path / "g").read() as db:
        assert db.execute("SELECT DISTINCT cluster FROM article").fetchall() == [("x",)]
    build(tmp_path / "g", gone=["x"])
    with Folder(tmp_path / "g").read() as db:
        assert db.execute("SELECT DISTINCT cluster FROM article").fetchall() == [("y",)]


def test_one_sentence_twice_is_one_row(tmp_path: Path) -> None:
    build(tmp_path / "g", made_reading("a", ("Syria", "Iran"), ("Syria", "Iran")))
    rows = everything(tmp_path / "g")
    assert len(rows["evidence"]) == 1 and rows["evidence"][0][5] == 0  # the first of them
    assert len(rows["mention"]) == 4 and len(rows["filler"]) == 2


def test_stale_articles_are_found_and_come_once(tmp_path: Path) -> None:
    build(tmp_path / "g", A, B)
    with Folder(tmp_path / "g").write() as db:
        assert count_stale(db, "reader 1") == 0
        assert count_stale(db, "reader 2") == 2
        seen = []
        for key in find_stale(db, "reader 2"):
            seen.append(key)
            write_reading(db, {"a": A, "b": B}[key], "reader 2")
        assert seen == ["a", "b"]
        assert count_stale(db, "reader 2") == 0


@pytest.mark.parametrize(
    ("name", "keys"),
    [("a", ["a"]), ("/news/a.txt", ["a"]), ("a.txt", ["a"]), ("news/b.txt", ["b"]), ("txt", []), ("%", []), ("", [])],
)
def test_articles_by_name(tmp_path: Path, name: str, keys: list[str]) -> None:
    build(tmp_path / "g", A, B)
    with Folder(tmp_path / "g").write() as db:
        assert find_articles(db, name) == keys


# The folder. ----------------------------------------------------------------------------------------------------------


def test_a_folder_that_is_no_graph(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"there is no graph; `kgraph build ARTICLES -g .*missing` makes one"):
        everything(tmp_path / "missing")
    (tmp_path / "notes.txt").write_text("mine")
    for use in (everything, build):
        with pytest.raises(StoreError, match="not a folder of kgraph"):
            use(tmp_path)
        with pytest.raises(StoreError, match="a file, not a graph folder"):
            use(tmp_path / "notes.txt")
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_a_build_killed_at_its_very_start(tmp_path: Path) -> None:
    build(tmp_path, A)
    (tmp_path / "evidence.db").write_bytes(b"")
    with pytest.raises(StoreError, match="its database is gone, with all up to change 1"):
        everything(tmp_path)
    with pytest.raises(StoreError, match="its database is gone, with all up to change 1"):
        rebuild(tmp_path)
    build(tmp_path, A)
    assert len(everything(tmp_path)["article"]) == 1


def test_a_newer_graph_is_refused(tmp_path: Path) -> None:
    build(tmp_path, A)
    identity = json.loads((tmp_path / "kgraph.json").read_text())
    assert sorted(identity) == ["articles", "change", "digest", "graphId", "history", "schemaVersion"]
    (tmp_path / "kgraph.json").write_text(json.dumps(identity | {"schemaVersion": 999}))
    for use in (everything, build):
        with pytest.raises(StoreError, match=r"written by a newer kgraph .*; upgrade"):
            use(tmp_path)


def test_a_damaged_graph_is_named(tmp_path: Path) -> None:
    build(tmp_path, A)
    (tmp_path / "evidence.db").write_bytes(b"no database at all" * 400)
    for use in (everything, build):
        with pytest.raises(StoreError, match="its database is damaged"):
            use(tmp_path)
    (tmp_path / "kgraph.json").write_text("{")
    with pytest.raises(StoreError, match=r"kgraph\.json: cannot be read"):
        everything(tmp_path)


def test_a_mistake_of_ours_keeps_its_name(tmp_path: Path) -> None:
    with pytest.raises(sqlite3.OperationalError, match="no such table"), Folder(tmp_path / "g").write() as db:
        db.execute("SELECT * FROM unheard")


def test_a_folder_holds_little_beside_its_database(tmp_path: Path) -> None:
    build(tmp_path / "new" / "graph.kg", A)
    assert sorted(path.name for path in (tmp_path / "new" / "graph.kg").iterdir()) == [
        "evidence.db", "kgraph.json", "lock.db"
    ]  # fmt: skip


def test_a_database_may_lie_elsewhere(tmp_path: Path) -> None:
    """On a larger disk, say, behind a symbolic link in the folder."""
    build(tmp_path / "g", A)
    (tmp_path / "large").mkdir()
    (tmp_path / "g" / "evidence.db").rename(tmp_path / "large" / "evidence.db")
    (tmp_path / "g" / "evidence.db").symlink_to(tmp_path / "large" / "evidence.db")
    build(tmp_path / "g", B)
    rebuild(tmp_path / "g")
    with Folder(tmp_path / "g").read() as db:
        assert db.execute("SELECT count(*) FROM article").fetchone() == (2,)
    assert not check(tmp_path / "g")


# Several at once. -----------------------------------------------------------------------------------------------------


def test_a_second_writer_waits_and_says_so(tmp_path: Path) -> None:
    words: list[str] = []
    with Folder(tmp_path / "g").write():
        with (
            pytest.raises(StoreError, match="another kgraph is still writing to it; try again"),
            Folder(tmp_path / "g").write(waiting=words.append, patience=0.2),
        ):
            pass
    assert len(words) == 1 and "another kgraph is writing" in words[0]
    build(tmp_path / "g", A)


def test_readers_see_all_of_a_build_or_nothing(tmp_path: Path) -> None:
    build(tmp_path / "g", A)
    before = everything(tmp_path / "g")
    with Folder(tmp_path / "g").write() as db:
        write_reading(db, made_reading("a", ("Iran", "Russia")), "reader 1")
        write_reading(db, B, "reader 1")
        assert everything(tmp_path / "g") == before
        with Folder(tmp_path / "g").read() as reader:
            settle(db, follow)
            assert [key for (key,) in reader.execute("SELECT key FROM article")] == ["a"]  # its state stands
        assert [row[0] for row in everything(tmp_path / "g")["article"]] == ["a", "b"]


def test_readers_cannot_write(tmp_path: Path) -> None:
    build(tmp_path / "g", A)
    with pytest.raises(StoreError, match="cannot be written"), Folder(tmp_path / "g").read() as db:
        db.execute("DELETE FROM article")


# Any order of operations. ---------------------------------------------------------------------------------------------

pairs = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)).filter(lambda p: p[0] != p[1]), max_size=3)
readings = st.builds(lambda key, pairs: made_reading(key, *pairs), st.sampled_from("abcd"), pairs)
operations = st.lists(st.one_of(readings, st.sampled_from("abcd"), st.sampled_from(["settle", "stop"])), max_size=12)


@settings(max_examples=40, deadline=None)
@given(operations)
def test_any_history_equals_a_build_of_what_is_left(history: list[Reading | str]) -> None:
    with TemporaryDirectory() as name:
        left: dict[str, Reading] = {}
        steps = iter([*history, "settle"])
        while not _session(Path(name, "lived"), steps, left):
            pass
        build(Path(name, "anew"), *left.values())
        assert everything(Path(name, "lived")) == everything(Path(name, "anew"))


def _session(folder: Path, steps: Iterator[Reading | str], left: dict[str, Reading]) -> bool:
    """Works until the history is over, or a stop leaves what was read pending."""
    with Folder(folder).write() as db:
        for step in steps:
            if isinstance(step, Reading):
                write_reading(db, step, "reader 1")
                left[step.article.key] = step
            elif step == "stop":
                return False
            elif step == "settle":
                settle(db, follow)
            else:
                forget_read(db, [step])
                settle(db, follow, gone=[step], take_over=False)
                left.pop(step, None)
    return True


# Kills. ---------------------------------------------------------------------------------------------------------------

WORKER = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from test_evidence import follow, many
from kgraph.folder import Folder
from kgraph.folder.readings import Known, find_known, write_reading
from kgraph.folder.settling import settle
with Folder(Path(sys.argv[1])).write() as db:
    for reading in many():
        if find_known(db, reading.article.key) != Known(reading.article.version, "reader 1"):
            write_reading(db, reading, "reader 1")
            print(reading.article.key, flush=True)
    settle(db, follow)
"""


def many() -> Iterator[Reading]:
    """As many articles as keep a process busy for a while."""
    choice = random.Random(1)
    for n in range(120):
        yield made_reading(f"article {n:03}", *((a, b) for a, b in (choice.sample(NAMES, 2) for _ in range(4))))


def worker(folder: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WORKER, str(folder), str(Path(__file__).parent)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def finish(process: subprocess.Popen[str]) -> list[str]:
    """The keys of the articles that a worker has read before its end."""
    return process.communicate()[0].splitlines()


OLDER = [made_reading(f"article {n:03}", ("Wagner Group", "Hezbollah")) for n in range(0, 120, 7)]


def test_kills_lose_nothing(tmp_path: Path) -> None:
    for name in ("whole", "killed"):
        build(tmp_path / name, *OLDER)
    before, begun = everything(tmp_path / "whole"), time.monotonic()
    finish(worker(tmp_path / "whole"))
    duration, whole = time.monotonic() - begun, everything(tmp_path / "whole")
    chance = random.Random(seed := random.randrange(10**6))
    seen, kills = [], 0
    for moment in sorted(chance.uniform(0.2, 1.0) for _ in range(8)):  # what ends before it is killed leaves nothing to do
        process = worker(tmp_path / "killed")
        time.sleep(moment * duration)
        process.send_signal(signal.SIGKILL)
        finish(process)
        kills += process.returncode == -signal.SIGKILL
        seen.append(everything(tmp_path / "killed"))
    assert kills, f"seed {seed}"
    assert all(state in (before, whole) for state in seen), f"seed {seed}: something between two builds was seen"
    finish(worker(tmp_path / "killed"))
    assert everything(tmp_path / "killed") == whole, f"seed {seed}"


def test_after_a_kill_only_the_article_in_work_is_read_again(tmp_path: Path) -> None:
    process = worker(tmp_path / "g")
    assert process.stdout
    first = [process.stdout.readline().strip() for _ in range(60)]
    process.send_signal(signal.SIGKILL)
    first += finish(process)
    again = finish(worker(tmp_path / "g"))
    assert not set(first) & set(again)
    assert len(first) + len(again) in (119, 120)  # one may have been kept and not yet named
    assert len(everything(tmp_path / "g")["article"]) == 120


def test_two_builds_at_once(tmp_path: Path) -> None:
    both = [worker(tmp_path / "g"), worker(tmp_path / "g")]
    keys = [finish(process) for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert sorted(map(len, keys)) == [0, 120]  # the second one finds all of it read
    assert len(everything(tmp_path / "g")["article"]) == 120
