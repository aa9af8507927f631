"""The embedded copy is made when asked for after a change, whole or not at all, and mended when it is damaged."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from synthetic import change_graph, write_graph

from kgraph.errors import StoreError, UsageError
from kgraph.graph import Limits, Store, open_store
from kgraph.graph.embedded import Warm
from kgraph.graph.questions import ask, find_question

COUNT = "MATCH (a:Actor) RETURN count(a) AS n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_graph(tmp_path / "g.kg", 5)
    return tmp_path / "g.kg"


def count(folder: Path, said: list[str] | None = None) -> int:
    with open_store(folder, say=said.append if said is not None else None) as store:
        return int(store.ask(COUNT, {}).rows[0]["n"])


def copies(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "graph").glob("copy-*") if path.is_dir())


def test_made_when_first_asked_and_then_kept(folder: Path) -> None:
    assert not (folder / "graph").exists()
    assert count(folder) == 40
    made = copies(folder)
    assert count(folder) == 40
    assert copies(folder) == made


def test_made_anew_after_a_change(folder: Path) -> None:
    count(folder)
    made = copies(folder)
    change_graph(folder, "INSERT INTO actor VALUES ('group:new', 'New', 'Group', '[]', NULL, 1, 0)")
    assert count(folder) == 41
    assert len(copies(folder)) == 1
    assert copies(folder) != made


def test_readers_keep_their_copy(folder: Path) -> None:
    with open_store(folder) as old:
        change_graph(folder, "INSERT INTO actor VALUES ('group:new', 'New', 'Group', '[]', NULL, 1, 0)")
        with open_store(folder) as new:
            assert [store.ask(COUNT, {}).rows[0]["n"] for store in (old, new)] == [40, 41]
    change_graph(folder, "DELETE FROM actor WHERE id = 'group:new'")
    assert count(folder) == 40
    assert len(copies(folder)) == 1


def empty_the_folder(folder: Path) -> None:
    for path in (folder / "graph" / copies(folder)[0]).iterdir():
        path.unlink()


def cut_the_files(folder: Path) -> None:
    for path in (folder / "graph" / copies(folder)[0]).glob("Claim_*.bucket"):
        path.write_bytes(path.read_bytes()[:100])


def write_over(folder: Path) -> None:
    for path in (folder / "graph" / copies(folder)[0]).glob("schema*.json"):
        path.write_text("{")


def break_pointer(folder: Path) -> None:
    (folder / "graph" / "current").write_text("not JSON")


def name_another_graph(folder: Path) -> None:
    edit(folder, lambda pointer: pointer["origin"].update(graph="someone-else"))


def name_a_folder_elsewhere(folder: Path) -> None:
    edit(folder, lambda pointer: pointer.update(folder="../../elsewhere"))


def miscount(folder: Path) -> None:
    edit(folder, lambda pointer: pointer["counts"].update(Actor=7))


def edit(folder: Path, change) -> None:
    path = folder / "graph" / "current"
    pointer = json.loads(path.read_text())
    change(pointer)
    path.write_text(json.dumps(pointer))


@pytest.mark.parametrize(
    "damage",
    [
        empty_the_folder,
        cut_the_files,
        write_over,
        break_pointer,
        name_another_graph,
        name_a_folder_elsewhere,
        miscount,
    ],
)
def test_damage_is_named_and_mended(folder: Path, damage) -> None:
    count(folder)
    damage(folder)
    said: list[str] = []
    assert count(folder, said) == 40
    assert len(said) == 1
    assert str(folder / "graph") in said[0]
    assert "\n" not in said[0]
    assert count(folder, said) == 40
    assert len(said) == 1


@pytest.mark.parametrize("part", ["engine", "schema", "copy"])
def test_another_version_makes_it_anew_quietly(folder: Path, part: str) -> None:
    count(folder)
    made = copies(folder)
    edit(folder, lambda pointer: pointer["origin"].update({part: -1}))
    said: list[str] = []
    assert count(folder, said) == 40
    assert copies(folder) != made
    assert not said


def test_nothing_else_in_the_folder_is_touched(folder: Path) -> None:
    (folder / "graph").mkdir()
    (folder / "graph" / "notes.txt").write_text("mine")
    assert count(folder) == 40
    assert (folder / "graph" / "notes.txt").read_text() == "mine"


ASK = """import sys; from pathlib import Path; from kgraph.graph import Limits, open_store
with open_store(Path(sys.argv[1])) as store: print(store.ask(sys.argv[2], {}).rows[0]["n"])"""


def test_killed_while_making_it(tmp_path: Path) -> None:
    """Wherever a kill comes, the next question finds the whole graph and leaves nothing lying about."""
    folder = tmp_path / "g.kg"
    write_graph(folder, 5, claims=1500)
    for delay in (0.25, 0.35, 0.5, 0.7):
        change_graph(folder)
        process = subprocess.Popen([sys.executable, "-c", ASK, str(folder), COUNT], stdout=subprocess.DEVNULL)
        time.sleep(delay)
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert count(folder) == 40
        assert len(copies(folder)) == 1
        assert not list((folder / "graph").glob("new-*"))


def test_what_a_kill_left_goes_with_the_next_question(folder: Path) -> None:
    """A kill may come after the new copy was named and before the old one was deleted."""
    count(folder)
    home = folder / "graph"
    shutil.copytree(home / copies(folder)[0], home / "copy-0123456789ab")
    (home / "copy-0123456789ab.lock").touch()
    (home / "new-copy-ba9876543210").touch()
    assert count(folder) == 40
    assert len(copies(folder)) == 1
    assert not [*home.glob("new-*"), *home.glob("copy-0123456789ab*")]


def test_several_processes_ask_at_once(folder: Path) -> None:
    command = [sys.executable, "-c", ASK, str(folder), COUNT]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    for process in processes:
        out, err = process.communicate(timeout=120)
        assert (out.strip(), err) == ("40", "")
    assert len(copies(folder)) == 1


def test_a_folder_that_cannot_be_written_says_so(folder: Path) -> None:
    (folder / "graph").write_text("a file, where the copy's folder should be")
    with pytest.raises(StoreError, match="cannot be written"):
        count(folder)


def test_without_the_engine_it_says_how_to_go_on(folder: Path) -> None:
    """Where there is no wheel, importing the engine fails; everything else is as before."""
    code = f"import sys; sys.modules['arcadedb'] = None\n{ASK}"
    done = subprocess.run([sys.executable, "-c", code, str(folder), COUNT], capture_output=True, text=True)
    assert "StoreError" in done.stderr
    assert "--store bolt://" in done.stderr


def test_rolled_up_copies_name_who_stands_above(tmp_path: Path) -> None:
    folder = tmp_path / "g.kg"
    write_graph(folder, 5, actors=12, claims=4)
    values = "'asserted', 'asserted', 1, 1, 0, 'done', 1, 1, NULL, NULL, NULL, NULL, 1.0, '[]', '[]'"
    change_graph(
        folder,
        "DELETE FROM edge",
        "DELETE FROM background",
        "INSERT INTO background VALUES ('PART_OF', 'group:001', 'state:000', '', '')",
        f"INSERT INTO edge VALUES ('e1', 'SUPPLIES', 'group:001', 'organization:002', {values})",
        f"INSERT INTO edge VALUES ('e2', 'SUPPORTS', 'state:000', 'group:001', {values})",
    )
    text = "MATCH (a:Actor)-[r:SUPPLIES|SUPPORTS]->(b) RETURN a.actorId AS a, b.actorId AS b ORDER BY r.edgeId"
    with open_store(folder, roll_up="state") as lifted, open_store(folder) as plain:
        assert [tuple(row.values()) for row in lifted.ask(text, {}).rows] == [("state:000", "organization:002")]
        assert [tuple(row.values()) for row in plain.ask(text, {}).rows] == [
            ("group:001", "organization:002"),
            ("state:000", "group:001"),
        ]
        question = find_question("supporters")
        assert [row["edge"] for row in ask(lifted, question, {"actor": "organization:002"}, roll_up="state").rows] == [
            "e1"
        ]
        assert len(copies(folder)) == 2


# The engine's own process. --------------------------------------------------------------------------------------------

LONG = "RETURN size([x IN range(1, 1900000) WHERE any(y IN range(1, 1900000) WHERE y = -x)]) AS n"


def engines(of: int | None = None) -> list[int]:
    """The processes of engines that a process has started, or that run at all."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            started_by = int((path / "stat").read_text().rpartition(")")[2].split()[1])
            words = (path / "cmdline").read_bytes()
            if b"graph/engine.py" in words and of in (None, started_by):
                found.append(int(path.name))
    return found


@pytest.fixture
def started() -> Callable[[], list[int]]:
    """Says which engines this process has started since the test began: others may belong to other tests' stores."""
    before = engines(os.getpid())
    return lambda: [each for each in engines(os.getpid()) if each not in before]


linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc")


def gone(pid: int, patience: float = 60) -> bool:
    until = time.monotonic() + patience
    while pid in engines() and time.monotonic() < until:
        time.sleep(0.05)
    return pid not in engines()


@linux
def test_a_question_is_ended_from_outside_and_the_next_is_answered(folder: Path, started: Callable[[], list[int]]) -> None:
    with open_store(folder) as store:
        [first] = started()
        began = time.monotonic()
        with pytest.raises(UsageError, match=r"cut off after 0\.5 s"):
            store.ask(LONG, {}, Limits(seconds=0.5))
        assert time.monotonic() - began < 0.5 + 30
        assert store.ask(COUNT, {}, Limits(seconds=30)).rows == [{"n": 40}]
        [second] = started()
        assert second != first
        assert store.ask(COUNT, {}).rows == [{"n": 40}]
        assert started() == [second]
    assert not started()


@linux
def test_a_killed_engine_is_started_again(folder: Path, started: Callable[[], list[int]]) -> None:
    with open_store(folder) as store:
        [engine] = started()
        os.kill(engine, signal.SIGKILL)
        time.sleep(0.2)
        assert store.ask(COUNT, {}).rows == [{"n": 40}]


LEFT = """import sys, time; from pathlib import Path; from kgraph.graph import Limits, open_store
store = open_store(Path(sys.argv[1])); print(store.ask("MATCH (a:Actor) RETURN count(a) AS n", {}).rows, flush=True)
if sys.argv[2] == "asking": store.ask(sys.argv[3], {})
if sys.argv[2] == "waiting": time.sleep(600)"""


@linux
@pytest.mark.parametrize("what", ["asking", "waiting", "leaving"])
def test_the_engine_ends_with_the_one_who_asks(folder: Path, what: str) -> None:
    """Killed while it asks or waits, or at its own end without having closed anything."""
    command = [sys.executable, "-W", "error", "-c", LEFT, str(folder), what, LONG]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout and process.stdout.readline()
    if what != "leaving":
        [engine] = engines(process.pid)
        time.sleep(0.5)
        process.kill()
        assert gone(engine)
    _, said = process.communicate(timeout=60)
    assert not engines(process.pid)
    assert not said
    assert count(folder) == 40
    assert len(copies(folder)) == 1


def test_what_takes_too_much_memory_ends_in_one_line(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the least that the engine needs to open a copy, so that the test does not take long."""
    monkeypatch.setattr("kgraph.graph.process._heap", lambda: 200 << 20)
    with open_store(folder) as store:
        with pytest.raises(UsageError, match=r"takes more than 0\.2 GB of memory; narrow it") as caught:
            store.ask("RETURN size(reduce(s = 'abcdefgh', x IN range(1, 26) | s + s)) AS n", {}, Limits(60))
        assert "\n" not in str(caught.value)
        assert store.ask(COUNT, {}).rows == [{"n": 40}]


def test_questions_wait_for_one_another(folder: Path) -> None:
    with open_store(folder) as store:
        threads = [threading.Thread(target=suppressed, args=(store,)) for _ in range(2)]
        for thread in threads:
            thread.start()
        time.sleep(0.2)
        with pytest.raises(UsageError, match="another question is still being answered"):
            store.ask(COUNT, {}, Limits(seconds=0.1))
        for thread in threads:
            thread.join()
        assert store.ask(COUNT, {}, Limits(seconds=30)).rows == [{"n": 40}]


def suppressed(store: Store) -> None:
    with suppress(UsageError):
        store.ask(LONG, {}, Limits(seconds=1))


@linux
def test_a_warm_copy_stays_open_until_the_graph_changes(folder: Path, started: Callable[[], list[int]]) -> None:
    warm = Warm()
    try:
        for wanted, change in (
            (40, ""),
            (40, ""),
            (41, "INSERT INTO actor VALUES ('group:new', 'New', 'Group', '[]', NULL, 1, 0)"),
        ):
            if change:
                change_graph(folder, change)
            before = started()
            with warm.lent(folder, 5) as store:
                assert store.ask(COUNT, {}, Limits(seconds=30)).rows == [{"n": wanted}]
            assert len(started()) == 1
            assert not before or (started() == before) is not bool(change)
        with warm.lent(folder, 5) as store, pytest.raises(UsageError, match="cut off"):
            store.ask(LONG, {}, Limits(seconds=0.5))
        with warm.lent(folder, 5) as store:
            assert store.ask(COUNT, {}, Limits(seconds=30)).rows == [{"n": 41}]
            with pytest.raises(UsageError, match="other questions"), warm.lent(folder, 0.1):
                pass
    finally:
        warm.close()
    assert not started()
    assert len(copies(folder)) == 1
