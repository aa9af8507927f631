"""Catalogue files that are given to a build: later commands know the same names, whatever the files are called."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from kgraph.build import build, refresh
from kgraph.catalogue.kept import SOURCES, find_kept, learn, name_apart, read_given
from kgraph.errors import KnowledgeError
from kgraph.folder import Folder

TEXT = "The Oban Front attacked the Tolu Army near Kyiv. The Tolu Army attacked the Zeta Guard."
HEADER = "id,name,aliases\n"
OBAN, TOLU, ZETA = "group:oban,Oban Front,\n", "group:tolu,Tolu Army,\n", "group:zeta,Zeta Guard,\n"


def written(home: Path, files: Mapping[str, str]) -> list[Path]:
    for name, rows in files.items():
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(HEADER + rows, encoding="utf-8")
    return [home / name for name in files]


def known(folder: Path) -> set[str]:
    """Whom a later command knows by these files."""
    return {id for id in learn(Folder(folder).catalogue_files).entries if id in ("group:oban", "group:tolu", "group:zeta")}


# The files that are given, each with the number of its actor, and under which names they are kept.
ODD = {"my.txt": 1, "names": 2, "MY.CSV": 3, ".hidden.csv": 4, "old.csv~": 5, "mes actéurs.csv": 6}
GIVEN = {
    "odd names": (ODD, ["my.txt.csv", "names.csv", "MY.CSV.csv", "hidden.csv", "old.csv~.csv", "mes actéurs.csv"], True),
    "one name, at once": ({"a/my.csv": 1, "b/my.csv": 2, "c/my.csv": 3, "d/my": 4}, ["my.csv", "my-2.csv", "my-3.csv", "my-4.csv"], True),
    "one name, one by one": ({"a/my.csv": 1, "b/my.csv": 2, "c/my": 3}, ["my.csv", "my-2.csv", "my-3.csv"], False),
    "a long name": ({f"a/{'é' * 125}.csv": 1, f"b/{'é' * 125}": 2}, [f"{'é' * 100}.csv", f"{'é' * 100}-2.csv"], False),
    "one content": ({"a/my.csv": 1, "b/your.csv": 1}, ["my.csv"], True),
}


@pytest.mark.parametrize("files, kept, at_once", GIVEN.values(), ids=GIVEN)
def test_every_given_file_holds(files: dict[str, int], kept: list[str], at_once: bool, tmp_path: Path) -> None:
    paths, graph = written(tmp_path, {name: f"group:n{n},Front {n},\n" for name, n in files.items()}), tmp_path / "g.kg"
    graph.mkdir()
    for some in [paths] if at_once else [[path] for path in paths]:
        learn(Folder(graph).catalogue_files, read_given(some))
    assert {path.name for path in find_kept(Folder(graph).catalogue_files)} == {*kept}
    assert {f"group:n{n}" for n in files.values()} <= learn(Folder(graph).catalogue_files).entries.keys()
    before = {path: path.read_bytes() for path in (Folder(graph).catalogue_files).iterdir()}
    learn(Folder(graph).catalogue_files, read_given(paths))  # again
    assert before == {path: path.read_bytes() for path in (Folder(graph).catalogue_files).iterdir()}
    sources = json.loads((Folder(graph).catalogue_files / SOURCES).read_text(encoding="utf-8"))
    assert {*sources} == {*kept} and {*sources.values()} <= {str(path) for path in paths}


def test_an_edited_file_replaces_its_older_copy_alone(tmp_path: Path) -> None:
    graph, (one, other) = tmp_path / "g.kg", written(tmp_path, {"a/my.csv": OBAN, "b/my.csv": TOLU})
    graph.mkdir()
    learn(Folder(graph).catalogue_files, read_given([one, other]))
    written(tmp_path, {"b/my.csv": ZETA})
    learn(Folder(graph).catalogue_files, read_given([other]))
    assert known(graph) == {"group:oban", "group:zeta"} and len(find_kept(Folder(graph).catalogue_files)) == 2


def test_what_lies_there_by_hand_is_read_and_stays(tmp_path: Path) -> None:
    graph, told = tmp_path / "g.kg", list[str]()
    written(Folder(graph).catalogue_files, {"my.csv": OBAN, ".my.csv.swp": "x", ".#my.csv": "x", "my.csv~": "x", "my.csv.bak": "x", ".hidden.csv": "x"})
    assert known(graph) == {"group:oban"}
    learn(Folder(graph).catalogue_files, read_given(written(tmp_path, {"my.csv": TOLU})), told.append)
    assert known(graph) == {"group:oban", "group:tolu"}
    (line,) = told
    assert "my-2.csv" in line and "both hold" in line and "delete" in line and "\n" not in line
    learn(Folder(graph).catalogue_files, read_given(written(tmp_path, {"c/my.csv": OBAN + ZETA})), told.append)  # it has all of the older one's
    assert known(graph) == {"group:oban", "group:tolu", "group:zeta"} and len(find_kept(Folder(graph).catalogue_files)) == 2
    (Folder(graph).catalogue_files / SOURCES).write_text("{spoiled")
    assert known(graph) == {"group:oban", "group:tolu", "group:zeta"}


def test_a_pipe_is_kept(tmp_path: Path) -> None:
    graph = tmp_path / "g.kg"
    graph.mkdir()
    for rows in (OBAN, TOLU):
        ours, theirs = os.pipe()
        os.write(theirs, (HEADER + rows).encode())
        os.close(theirs)
        learn(Folder(graph).catalogue_files, read_given([Path(f"/dev/fd/{ours}")]))
        os.close(ours)
    assert known(graph) == {"group:oban", "group:tolu"}


DAMAGED = {
    "no UTF-8": (b"id,name\ngroup:x,\xff\xfe\n", "UTF-8"),
    "UTF-16": ((HEADER + OBAN).encode("utf-16"), "UTF-8"),
    "no header": (b"", "'id' is missing"),
    "another header": (b"a,b\n1,2\n", "unknown column"),
    "a column twice": (b"id,name,name\ngroup:x,X,Y\n", "twice"),
    "NUL": (b"id,name\ngroup:x,X\x00Y\n", "line 2: a NUL"),
    "no row": (b"id,name\ngroup:x\n", "needs a name"),
    "a cell without an end": (b'id,name\ngroup:x,"' + b"x" * 200_000, "field larger"),
    "two rows of one id": (b"id,name\ngroup:x,X\ngroup:x,Y\n", "there already"),
    "an id that does not exist": (b"id,name,country\ngroup:x,X,state:nowhere\n", "which no row has"),
}


@pytest.mark.parametrize("data, words", DAMAGED.values(), ids=DAMAGED)
def test_what_is_damaged_is_named_before_anything_is_made(data: bytes, words: str, tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_bytes(data)
    (tmp_path / "t.txt").write_text(TEXT)
    with pytest.raises(KnowledgeError, match=words) as told:
        build(tmp_path / "g.kg", [tmp_path / "t.txt"], catalogue_files=[*written(tmp_path, {"ok.csv": OBAN}), tmp_path / "own.csv"])
    assert "own.csv" in str(told.value) and "\n" not in str(told.value)
    assert not (tmp_path / "g.kg").exists()


def test_a_folder_is_no_catalogue_file(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError, match="directory"):
        read_given([tmp_path])


@pytest.mark.parametrize("spoiled", [b"\xff\xfe", b"[" * 100_000, b"{", b"[1]", b'{"../../own.csv": 5}'])
def test_files_hold_whatever_became_of_their_sources(spoiled: bytes, tmp_path: Path) -> None:
    graph, files = tmp_path / "g.kg", written(tmp_path, {"a/my.csv": OBAN, "b/my.csv": TOLU})
    graph.mkdir()
    learn(Folder(graph).catalogue_files, read_given(files))
    (Folder(graph).catalogue_files / SOURCES).write_bytes(spoiled)
    assert known(graph) == {"group:oban", "group:tolu"}


def test_later_builds_know_the_names(tmp_path: Path) -> None:
    graph = tmp_path / "g.kg"
    files = written(tmp_path, {"my.txt": OBAN, "a/my.csv": TOLU, "b/my.csv": ZETA})
    (tmp_path / "t.txt").write_text(TEXT)
    build(graph, [tmp_path / "t.txt"], catalogue_files=files)
    with Folder(graph).read() as db:
        assert {"group:oban", "group:tolu", "group:zeta"} <= {id for (id,) in db.execute("SELECT id FROM actor")}
    again = build(graph, [tmp_path / "t.txt"])
    assert (again.unchanged, again.stale) == (1, 0) and not refresh(graph).actors


def test_names_apart(tmp_path: Path) -> None:
    files = written(tmp_path, {"a/my.csv": OBAN, "b/my.csv": TOLU, "c/my.csv": OBAN, "my.txt": ZETA})
    assert {*name_apart(read_given(files))} == {"my.csv", "my-2.csv", "my.txt.csv"}
