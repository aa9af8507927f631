"""Databases of older schemas: refused to readers with the command that helps, brought up to date by writers."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from kgraph.decisions import add_decision
from kgraph.errors import StoreError
from kgraph.evidence import get_meta, open_for_reading
from kgraph.pipeline import refresh
from kgraph.schema import SCHEMA_VERSION

RELEASED = sorted((Path(__file__).parent / "schemas").glob("*.sql"), key=lambda file: int(file.stem))


@pytest.fixture(params=RELEASED, ids=lambda file: f"schema {file.stem}")
def old_graph(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A graph folder as a released kgraph left it."""
    folder = tmp_path / "old"
    folder.mkdir()
    with closing(sqlite3.connect(folder / "evidence.db")) as db:
        db.executescript(request.param.read_text(encoding="utf-8"))
        graph = db.execute("SELECT value FROM meta WHERE name = 'graphId'").fetchone()[0]
    identity = {"schemaVersion": int(request.param.stem), "graphId": graph}
    (folder / "kgraph.json").write_text(json.dumps(identity))
    return folder


def rows(folder: Path, sql: str) -> list[tuple[object, ...]]:
    with open_for_reading(folder) as db:
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
    with open_for_reading(old_graph) as db:
        assert get_meta(db, "schemaVersion") == str(SCHEMA_VERSION)
