"""The embedded copy is made when asked for after a change, whole or not at all, and mended when it is damaged."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from synthetic import change_graph, write_graph

from kgraph.errors import StoreError
from kgraph.graph import Limits, open_store
from kgraph.query import ask, find_question

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
    values = "'asserted', 'asserted', 1, 1, 0, 'done', 1, 1, NULL, NULL, NULL, NULL, '[]', '[]'"
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


def test_a_limit_of_time_leaves_nothing_behind(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine is told of it by settings in a folder of links, which goes when the store is closed."""
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    with open_store(folder) as store:
        assert store.ask(COUNT, {}, Limits(seconds=30)).rows == [{"n": 40}]
        assert len(list((tmp_path / "tmp").iterdir())) == 1
    assert not list((tmp_path / "tmp").iterdir())
    assert count(folder) == 40
