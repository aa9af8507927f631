"""Evidence as Parquet: the columns of the tables, parts that count only when whole, and back into a graph folder."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from kgraph.cluster import load
from kgraph.cluster.parquet import (
    Follows,
    Parquet,
    Part,
    Run,
    begin,
    copy_catalogue,
    find_part,
    prune,
    save_follows,
    save_run,
    write_part,
)
from kgraph.errors import StoreError, UsageError
from kgraph.export import canonical_lines
from kgraph.folder import Folder
from kgraph.folder.database import get_meta
from kgraph.folder.digests import columns, rows_of, sign
from kgraph.folder.tables import FOLLOWS, READ


def lines(folder: Path) -> list[str]:
    with Folder(folder).read() as db:
        return [*canonical_lines(db)]


def copied(graph: Path, place: Parquet) -> Run:
    """Writes the evidence of a graph folder as two parts of a run, as a cluster would."""
    begin(place)
    with Folder(graph).read() as db:
        keys = [key for (key,) in db.execute("SELECT key FROM article ORDER BY key")]
        for name, some in (("a", keys[::2]), ("b", keys[1::2])):
            write_part(place, Part(name, len(some), 0, ()), _rows(db, some))
        reader = db.execute("SELECT fingerprint FROM article").fetchone()[0]
        run = Run(("a", "b"), len(keys), str(get_meta(db, "model")), reader, "")
    save_run(place, run)
    return run


def _rows(db: sqlite3.Connection, keys: list[str]) -> dict[str, list[tuple[object, ...]]]:
    marks = ", ".join("?" * len(keys))
    of = {"article": f"key IN ({marks})", "local_actor": f"article IN ({marks})"}
    of |= {"mention": of["local_actor"], "evidence": of["local_actor"]}
    of |= dict.fromkeys(("filler", "speaker"), f"evidence IN (SELECT id FROM evidence WHERE article IN ({marks}))")
    return {table: db.execute(f"SELECT * FROM {table} WHERE {of[table]}", keys).fetchall() for table in READ}


@pytest.fixture(params=["folder", "memory"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Parquet:
    return Parquet(tmp_path / "evidence" if request.param == "folder" else f"memory://{tmp_path.name}")


def test_evidence_comes_back_as_it_was(sample_graph: Path, place: Parquet, tmp_path: Path) -> None:
    run = copied(sample_graph, place)
    summary = load(tmp_path / "g", place.url)
    assert (summary.read, summary.unchanged, summary.failed) == (run.articles, 0, 0)
    assert lines(tmp_path / "g") == lines(sample_graph)
    before = (tmp_path / "g" / "evidence.db").read_bytes()
    again = load(tmp_path / "g", place.url)
    assert (again.read, again.unchanged) == (0, run.articles) and not again.claims
    assert (tmp_path / "g" / "evidence.db").read_bytes() == before


def test_only_what_is_new_or_changed_is_taken_in(sample_graph: Path, tmp_path: Path) -> None:
    place = Parquet(tmp_path / "evidence")
    run = copied(sample_graph, place)
    shutil.copytree(sample_graph, tmp_path / "g")
    title = [(*row[:2], "Another title", *row[3:]) for row in place.read("article", "a")]
    with Folder(sample_graph).read() as db:
        fresh = sign(title[0], rows_of(db, "main", str(title[0][0])))
    place.write("article", "a", [fresh, *place.read("article", "a")[1:]])
    summary = load(tmp_path / "g", place.url)
    assert (summary.read, summary.unchanged) == (1, run.articles - 1)
    with Folder(tmp_path / "g").read() as db:
        assert db.execute("SELECT key FROM article WHERE title = 'Another title'").fetchall() == [(title[0][0],)]


def test_a_part_counts_only_when_its_last_file_is_there(sample_graph: Path, place: Parquet) -> None:
    copied(sample_graph, place)
    assert find_part(place, "a") and place.names("part", ".json") == ["a", "b"]
    place.drop("part/a.json")
    assert find_part(place, "a") is None and place.names("part", ".json") == ["b"]


def test_parts_that_no_run_needs_can_be_deleted(sample_graph: Path, place: Parquet) -> None:
    run = copied(sample_graph, place)
    assert prune(place, run) == 0
    assert prune(place, Run(("a",), 0, run.model, run.reader, "")) == 1
    assert all(place.names(table, ".parquet") == ["a"] for table in READ)


@pytest.mark.parametrize("table", [*READ, *FOLLOWS])
def test_columns_are_those_of_sqlite(table: str, sample_graph: Path, tmp_path: Path) -> None:
    place = Parquet(tmp_path / "evidence")
    with Folder(sample_graph).read() as db:
        found = db.execute(f"SELECT * FROM {table}")
        names, rows = [column[0] for column in found.description], found.fetchall()
    for some in (rows, []):
        place.write(table, "x", some)
        assert place.read(table, "x") == some and place.read(table, "x", names[::-1]) == [row[::-1] for row in some]


def damage(place: Parquet) -> None:
    place.drop("evidence/b.parquet")


def other_schema(place: Parquet) -> None:
    place.put_json("kgraph.json", {"evidence": 1})


def other_status(place: Parquet) -> None:
    status = columns("evidence").index("status")
    first, *others = place.read("evidence", "b")
    place.write("evidence", "b", [(*first[:status], "negated", *first[status + 1 :]), *others])


@pytest.mark.parametrize(
    "harm, error, words",
    [
        (damage, StoreError, "evidence/b.parquet: missing"),
        (other_schema, StoreError, "written by another kgraph"),
        (
            other_status,
            StoreError,
            "part b: what was read of .* is not as written; delete .*/part/b.json and build again",
        ),
    ],
)
def test_evidence_that_is_not_whole_is_refused(
    harm: Callable[[Parquet], None], error: type[Exception], words: str, sample_graph: Path, tmp_path: Path
) -> None:
    place = Parquet(tmp_path / "evidence")
    copied(sample_graph, place)
    harm(place)
    with pytest.raises(error, match=words):
        load(tmp_path / "g", place.url)


def test_a_place_without_evidence(sample_graph: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no evidence; `kgraph build … --engine ray"):
        load(tmp_path / "g", tmp_path / "nothing")
    with pytest.raises(StoreError, match="a graph folder, no place for evidence"):
        begin(Parquet(sample_graph))
    with pytest.raises(UsageError, match="cannot be reached"):
        Parquet("nowhere://x")


def test_catalogue_files_travel_with_the_evidence(place: Parquet, tmp_path: Path) -> None:
    place.put("catalogue/own.v2.csv", b"id,name\n")
    (copy,) = copy_catalogue(place, tmp_path)
    assert (copy.name, copy.read_bytes()) == ("own.v2.csv", b"id,name\n")


@pytest.mark.parametrize("is_of_these", [True, False])
def test_what_follows_is_taken_where_it_is_of_the_same_articles(
    is_of_these: bool, sample_graph: Path, tmp_path: Path
) -> None:
    place = Parquet(tmp_path / "evidence")
    run = copied(sample_graph, place)
    with Folder(sample_graph).read() as db:
        for table in FOLLOWS:
            rows = db.execute(f"SELECT * FROM {table}").fetchall()[::-1]
            place.write(table, "all", rows, folder="follows-x/")
        causes, (claim, *_), *_ = get_meta(db, "causes"), *db.execute("SELECT * FROM claim LIMIT 1")
    changed = [
        (id, type, "elsewhere" if id == claim else text, *rest)
        for id, type, text, *rest in place.read("claim", "all", folder="follows-x/")
    ]
    place.write("claim", "all", changed, folder="follows-x/")
    of = run.id if is_of_these else "another run"
    save_follows(place, Follows("x", of, str(causes), run.articles, dict.fromkeys(FOLLOWS, ("all",))))
    summary = load(tmp_path / "g", place.url)
    with Folder(tmp_path / "g").read() as db:
        assert db.execute("SELECT text = 'elsewhere' FROM claim WHERE id = ?", (claim,)).fetchone() == (is_of_these,)
        assert db.execute("SELECT count(*) FROM past_claim").fetchone() == (summary.claims.added,)
    others = [line for line in lines(tmp_path / "g") if claim not in line]
    assert others == [line for line in lines(sample_graph) if claim not in line]
    assert not load(tmp_path / "g", place.url).claims
