"""Change: what differs between two dates or graphs, what was, reading again, and whether a graph is whole."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from kgraph.build import build, remove
from kgraph.cli import main
from kgraph.folder import Folder
from kgraph.folder.digests import sign_readings
from kgraph.review import decide

NEWS = {
    "1": ("2024-05-01", "Russia agreed to deliver S-300 missiles to Syria. Turkey is allied with Qatar."),
    "2": ("2024-05-06", "Russia delivered S-300 missiles to Syria. Hamas attacked Israel."),
    "3": ("2024-05-12", "Turkey and Qatar are no longer allies. Hamas denied that it attacked Israel."),
}


def feed(folder: Path, **changed: tuple[str, str]) -> Path:
    lines = [{"id": id, "published": day, "text": text} for id, (day, text) in (NEWS | changed).items()]
    (folder / "feed.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    return folder / "feed.jsonl"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built")
    build(folder / "g", [feed(folder)], readers=("frames",))
    return folder / "g"


@pytest.fixture
def graph(built: Path, tmp_path: Path) -> Path:
    shutil.copytree(built, tmp_path / "g")
    return tmp_path / "g"


def run(*arguments: str, graph: Path, code: int = 0, stdin: str = "") -> str:
    done = CliRunner().invoke(main, [*arguments, "-g", str(graph)], input=stdin)
    assert done.exit_code == code, done.output
    return done.stdout


def test_what_is_new_and_changed_between_two_dates(graph: Path) -> None:
    note = run("diff", "2024-05-02", "2024-05-13", graph=graph)
    assert note.startswith(
        "From 2024-05-02 to 2024-05-13\n\nNew\n- Hamas attacks Israel: asserted, disputed (2024-05-12, 2"
    )
    assert "- Russia supplies Syria with S-300: planned became done (2024-05-06, 2 articles, 2 origins" in note
    assert "Nothing changed." in run("diff", "2024-05-13", "2024-05-14", graph=graph)
    lines = [
        json.loads(line)
        for line in run("diff", "2024-05-06", "2024-05-13", "--format", "jsonl", graph=graph).splitlines()
    ]
    assert ("changed", ["now denied"]) in [(line["what"], line["how"]) for line in lines]
    backwards = run("diff", "2024-05-13", "2024-05-02", "--about", "Hamas", graph=graph)
    assert "Gone\n- Hamas attacks Israel" in backwards and "Russia" not in backwards


def test_what_differs_between_two_graphs(graph: Path, built: Path) -> None:
    decide(graph, "reject", claim(graph, "Hamas attacks Israel"))
    assert "Gone\n- Hamas attacks Israel" in run("diff", str(built), str(graph), graph=graph)
    assert "neither a graph folder nor a date" in CliRunner().invoke(main, ["diff", "x", "y"]).output


def claim(folder: Path, text: str) -> str:
    with Folder(folder).read() as db:
        return str(db.execute("SELECT id FROM claim WHERE text = ?", (text,)).fetchone()[0])


def test_a_corrected_article_replaces_what_it_said_and_stays_in_history(graph: Path, tmp_path: Path) -> None:
    id = claim(graph, "Hamas attacks Israel")
    build(graph, [feed(tmp_path, **{"2": ("2024-05-06", "Correction: Hamas attacked Egypt.")})])
    remove(graph, ["3"])
    assert [line.split()[1] for line in run("history", id, graph=graph).splitlines()[1:]] == ["new", "changed", "gone"]
    versions = run("history", "2", graph=graph)
    assert "no longer counts" in versions and "2 sentences of evidence" in versions and "1 sentences" in versions
    assert "gone" in run("history", "Hamas", graph=graph)
    assert "no longer counts" in run("history", "3", graph=graph)
    run("check", graph=graph)


def test_reading_again_names_gains_and_losses_before_they_are_kept(graph: Path) -> None:
    id = claim(graph, "Hamas attacks Israel")
    with closing(sqlite3.connect(graph / "evidence.db", isolation_level=None)) as db:  # as an older extractor left it
        db.execute("PRAGMA foreign_keys = ON")
        db.execute("DELETE FROM evidence WHERE type = 'ATTACKS'")
        db.execute("UPDATE article SET digest = ''")
        sign_readings(db)
    run("rebuild", graph=graph)
    said = run("rebuild", "--extract", "--dry-run", graph=graph)
    assert said.startswith("1 gained, 0 changed, 0 lost") and "Hamas attacks Israel" in said
    with Folder(graph).read() as db:
        assert not db.execute("SELECT 1 FROM claim WHERE id = ?", (id,)).fetchall()
    run("rebuild", "--extract", "--yes", graph=graph)
    assert claim(graph, "Hamas attacks Israel") == id
    run("check", graph=graph)


def test_where_nobody_can_be_asked_reading_again_keeps_nothing_unless_told(graph: Path) -> None:
    before = (graph / "evidence.db").read_bytes()
    said = CliRunner().invoke(main, ["rebuild", "--extract", "-g", str(graph)])
    assert said.exit_code == 2 and "--yes or --dry-run" in said.stderr and not said.stdout
    assert (graph / "evidence.db").read_bytes() == before


def test_decisions_survive_reading_again_and_deleting_all_that_follows(graph: Path) -> None:
    decide(graph, "reject", claim(graph, "Hamas attacks Israel"))
    decide(graph, "same", "Turkey", "Qatar")
    exports = [run("export", str(graph / "one.jsonl"), graph=graph), (graph / "one.jsonl").read_text()]
    for _ in range(2):
        with closing(sqlite3.connect(graph / "evidence.db", isolation_level=None)) as db:
            for table in ("actor", "resolution", "claim", "edge", "background", "redirect", "revision", "orphan"):
                db.execute(f"DELETE FROM {table}")
        shutil.rmtree(graph / "graph", ignore_errors=True)
        run("rebuild", "--extract", "--yes", graph=graph)
        run("export", str(graph / "two.jsonl"), graph=graph)
        assert (graph / "two.jsonl").read_text() == exports[1]


DAMAGE = [
    ("DELETE FROM claim_evidence", "claim without evidence"),
    ("UPDATE evidence SET sentence = 'What?'", "sentence that is not in its article"),
    ("DELETE FROM actor WHERE id = 'state:syria'", "resolution to no actor: state:syria"),
    ("UPDATE edge SET claims = '[\"none\"]'", "edge of no claim"),
    ("UPDATE claim SET status = 'denied'", "rows that do not follow"),
    ("UPDATE article SET cluster = 'x'", "a copy of"),
]


@pytest.mark.parametrize("sql, words", DAMAGE)
def test_damage_is_found(graph: Path, sql: str, words: str) -> None:
    run("check", graph=graph)
    with closing(sqlite3.connect(graph / "evidence.db", isolation_level=None)) as db:
        db.execute(sql)
    assert words in run("check", graph=graph, code=1)


def test_what_is_older_than_its_decisions_is_named(graph: Path) -> None:
    decide(graph, "reject", claim(graph, "Hamas attacks Israel"), settle=False)
    assert "kgraph rebuild" in run("check", graph=graph, code=1)
    run("rebuild", graph=graph)
    run("check", graph=graph)
