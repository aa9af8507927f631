"""What a graph notes of its changes names everything that is otherwise afterwards, whoever wrote it."""

from __future__ import annotations

import random
import shutil
import sqlite3
from pathlib import Path

import pytest
from synthetic import change_graph, write_graph

from kgraph import build
from kgraph.folder import Folder, journal
from kgraph.folder.database import transaction
from kgraph.folder.journal import State, Touched, find_state, read_tie, touched_since
from kgraph.graph.nodes import NODE_TYPES, iter_links, iter_nodes, link_types

Thing = tuple[str, ...]  # what a journal would name: of a node its key, of a link its source, of a tie both ends
TABLES = ("actor", "claim", "claim_role", "claim_evidence", "conflict", "edge", "background", "evidence", "speaker",
          "revision", "added", "article", "mention", "resolution")  # fmt: skip


def things(folder: Path) -> set[tuple[Thing, int]]:
    """Every node and link with the hash of what it says."""
    with Folder(folder).read() as db:
        nodes = [((kind.label.lower(), node.key), node.hash) for kind in NODE_TYPES for node in iter_nodes(db, kind)]
        links = [(name_of(kind, link), link.hash) for kind in link_types() for link in iter_links(db, kind)]
    return {*nodes, *links}


def name_of(kind, link) -> Thing:
    if kind.source == kind.target == "Actor":
        return "tie", kind.type, link.source, link.target
    return kind.source.lower(), link.source


def now(folder: Path) -> State:
    with Folder(folder).read() as db:
        state = find_state(db)
    assert state
    return state


def touched(folder: Path, state: State) -> set[Thing] | None:
    with Folder(folder).read() as db:
        found = touched_since(db, state)
        return None if found is None else named(db, found)


def named(db: sqlite3.Connection, found: Touched) -> set[Thing]:
    ties = {("tie", *read_tie(key)[:3]) for key in found.pop("tie", [])}
    told = {("evidence", id) for article in found.get("article", []) for (id,) in db.execute("SELECT id FROM told WHERE article = ?", (article,))}
    return ties | told | {(what, key) for what, keys in found.items() for key in keys}


def some_change(db: sqlite3.Connection, chance: random.Random) -> None:
    """A row of some table goes, says something else, or comes again with another key."""
    table = chance.choice(TABLES)
    columns = [(name, type, pk) for _, name, type, _, _, pk in db.execute(f"PRAGMA table_info({table})")]
    keys = [f'"{name}"' for name, _, pk in columns if pk]
    row = db.execute(f"SELECT {', '.join(keys)} FROM {table} ORDER BY random() LIMIT 1").fetchone()
    if row is None:
        return
    where = " AND ".join(f"{key} = ?" for key in keys)
    if chance.random() < 0.3:
        db.execute(f"DELETE FROM {table} WHERE {where}", row)
        return
    name, type, _ = chance.choice([each for each in columns if each[0] not in ("aliases", "items", "claims", "cues")])
    value = f'"{name}" + 1' if type == "INTEGER" else f"'x' || coalesce(\"{name}\", '')"
    db.execute(f'UPDATE OR REPLACE {table} SET "{name}" = {value} WHERE {where}', row)


@pytest.mark.parametrize("seed", range(12))
def test_whatever_changes_is_noted(tmp_path: Path, seed: int) -> None:
    folder, chance = tmp_path / "g.kg", random.Random(seed)
    write_graph(folder, seed, actors=20, claims=40)
    state, before = now(folder), things(folder)
    for _ in range(4):
        with Folder(folder).write() as db:
            db.execute("PRAGMA foreign_keys = OFF")
            with transaction(db):
                for _ in range(chance.randint(1, 12)):
                    some_change(db, chance)
                db.execute("UPDATE meta SET value = value + 1 WHERE name = 'changes'")
        differs = {name for name, _ in things(folder) ^ before}
        found = touched(folder, state)
        assert found is not None
        assert differs <= found, differs - found


def test_what_a_build_and_a_removal_change_is_noted(sample_graph: Path, tmp_path: Path) -> None:
    folder = tmp_path / "g.kg"
    shutil.copytree(sample_graph, folder)
    with Folder(folder).read() as db:
        gone = [key for (key,) in db.execute("SELECT key FROM article ORDER BY key LIMIT 2")]
    state, before = now(folder), things(folder)
    build.remove(folder, gone)
    found = touched(folder, state)
    assert found is not None
    differs = {name for name, _ in things(folder) ^ before}
    assert len(differs) > 10
    assert differs <= found
    assert len(found) < len({name for name, _ in before}) / 2  # and not everything is


def test_only_what_came_after_a_state_is_told(tmp_path: Path) -> None:
    write_graph(tmp_path / "g.kg", 1)
    assert touched(tmp_path / "g.kg", now(tmp_path / "g.kg")) == set()
    change_graph(tmp_path / "g.kg", "UPDATE actor SET articles = articles + 1 WHERE id = 'state:000'")
    state = now(tmp_path / "g.kg")
    change_graph(tmp_path / "g.kg", "UPDATE actor SET articles = articles + 1 WHERE id = 'person:003'")
    assert touched(tmp_path / "g.kg", state) == {("actor", "person:003")}


def test_a_state_of_another_past_is_not_known(tmp_path: Path) -> None:
    """A folder that was restored from a backup counts its changes from there, but they are others."""
    folder, backup = tmp_path / "g.kg", tmp_path / "backup.kg"
    write_graph(folder, 1)
    first = now(folder)
    shutil.copytree(folder, backup)
    change_graph(folder, "DELETE FROM edge")
    lost = now(folder)
    change_graph(backup, "DELETE FROM conflict")
    assert lost.change == now(backup).change
    assert touched(backup, lost) is None
    assert touched(backup, first)


def test_a_graph_that_noted_nothing_begins_when_it_is_written_to(tmp_path: Path) -> None:
    """As those of an older kgraph."""
    folder = tmp_path / "g.kg"
    write_graph(folder, 1)
    state = now(folder)
    with sqlite3.connect(folder / "evidence.db") as db:
        for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
            db.execute(f"DROP TRIGGER {name}")
        db.execute("DROP TABLE touched")
        db.execute("DROP TABLE state")
    with Folder(folder).read() as db:
        assert find_state(db) is None
    assert touched(folder, state) is None
    change_graph(folder, "DELETE FROM conflict")
    assert touched(folder, state) is None
    assert now(folder).change == 2


def test_too_many_notes_are_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "g.kg"
    write_graph(folder, 1)
    state = now(folder)
    monkeypatch.setattr(journal, "MOST", 10)
    change_graph(folder, "UPDATE claim SET articles = articles + 1")
    assert touched(folder, state) is None
    assert touched(folder, now(folder)) == set()
