"""The folder object: what is in a graph folder, and that nobody else joins its paths."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest

from kgraph.errors import StoreError
from kgraph.folder import Contents, Folder
from kgraph.folder.database import get_meta

PACKAGE = Path(str(files("kgraph")))
ELSEWHERE = [path for path in sorted(PACKAGE.rglob("*.py")) if path.parent != PACKAGE / "folder"]
# Names that stand elsewhere too: of files by which a folder is known as a graph among articles, of evidence as Parquet.
KNOWN_BY = {"articles/places.py": {"evidence.db", "kgraph.json"}, "cluster/parquet.py": {"evidence.db", "kgraph.json"}}


@pytest.mark.parametrize("given", [str, Path, Folder, lambda path: Folder(Folder(str(path)))])
def test_a_folder_goes_by_any_name_of_its_place(sample_graph: Path, given: object) -> None:
    folder = Folder(given(sample_graph))  # type: ignore[operator]
    assert folder == Folder(sample_graph) and hash(folder) == hash(Folder(sample_graph)) and {folder: 1}[Folder(str(sample_graph))] == 1
    assert os.fspath(folder) == str(folder) == f"{folder}" == str(sample_graph) and folder.title == sample_graph.stem
    assert folder.database == sample_graph / "evidence.db" and folder.decisions == sample_graph / "decisions.jsonl"
    with folder.read() as db:
        assert Folder.of(db) == folder and get_meta(db, "graphId")
    assert folder.catalogue().digest == Folder(sample_graph).catalogue().digest


def test_what_is_no_graph_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="there is no graph"):
        Folder(tmp_path / "g").check()
    Folder(tmp_path / "g").check(new=True)
    with pytest.raises(StoreError, match="there is no graph"), Folder(str(tmp_path / "g")).read():
        pass
    assert not (tmp_path / "g").exists()


def test_writing_makes_the_folder_and_reading_finds_it(tmp_path: Path) -> None:
    folder = Folder(str(tmp_path / "deep" / "g"))
    with folder.write() as db:
        made = get_meta(db, "graphId")
    with folder.read() as db, folder.read_as_it_is() as other:
        assert get_meta(db, "graphId") == get_meta(other, "graphId") == made


def own_names() -> set[str]:
    """The names of the files in a graph folder."""
    folder = Folder("x")
    places = (getattr(folder, name) for name, value in vars(Contents).items() if isinstance(value, property))
    return {place.name for place in places if isinstance(place, Path) and place.suffix}


def joined(path: Path) -> Iterator[str]:
    known = KNOWN_BY.get(path.relative_to(PACKAGE).as_posix(), set())
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and node.value in own_names() - known:
            yield f"{path.name}:{node.lineno}: {node.value}"


def test_no_other_module_joins_the_paths_of_a_folder() -> None:
    assert {"evidence.db", "decisions.jsonl", "owners.csv", "lock.db"} <= own_names()
    assert not [found for path in ELSEWHERE for found in joined(path)]


def test_no_other_module_passes_a_folder_beside_its_connection() -> None:
    both = [
        f"{path.name}:{node.lineno}: {node.name}"
        for path in ELSEWHERE
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and {"db", "folder"} <= {one.arg for one in (*node.args.args, *node.args.kwonlyargs)}
    ]
    assert not both
