"""Every notebook runs from top to bottom, and shows what it promises."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from conftest import Neo4j

if TYPE_CHECKING:
    from nbformat import NotebookNode

FOLDER = Path(__file__).parent.parent / "notebooks"
pytestmark = pytest.mark.filterwarnings("ignore")  # of the kernel's own libraries


def run(name: str, folder: Path) -> dict[str, NotebookNode]:
    """The outputs of the cells of a notebook that is run in a folder, by cell; fails where a cell does."""
    import nbformat
    from nbclient import NotebookClient

    notebook = nbformat.read(FOLDER / name, as_version=4)
    NotebookClient(notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": folder}}).execute()
    return {cell.id: cell.outputs for cell in notebook.cells if cell.cell_type == "code"}


def printed(outputs: list[NotebookNode]) -> str:
    return "".join(output.text for output in outputs if output.output_type == "stream" and output.name == "stdout")


def kinds(outputs: list[NotebookNode]) -> set[str]:
    return {kind for output in outputs for kind in output.get("data", ())}


def test_the_tour_runs(tmp_path: Path) -> None:
    cells = run("tour.ipynb", tmp_path)
    assert "15 articles" in printed(cells["build"])
    assert "MultiDiGraph" in printed(cells["graph"])
    assert "# Russia - Iran" in printed(cells["path"]) and "Iran SUPPLIES Hezbollah" in printed(cells["path"])
    assert "image/png" in kinds(cells["picture"]) and "text/html" in kinds(cells["page"])
    assert all(printed(cells[each]) for each in ("claims", "sentences", "question", "central", "brokers"))


def test_the_one_on_neo4j_runs(tmp_path: Path, empty_neo4j: Neo4j, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KGRAPH_NEO4J_URL", empty_neo4j.url)
    monkeypatch.setenv("KGRAPH_NEO4J_USER", empty_neo4j.user)
    monkeypatch.setenv("KGRAPH_NEO4J_PASSWORD", empty_neo4j.password)
    cells = run("neo4j.ipynb", tmp_path)
    first, second = printed(cells["push"]).splitlines()
    assert "created=0" not in first and second == "PushSummary(created=0, changed=0, deleted=0)"
    assert "Patriot" in printed(cells["ask"]) and printed(cells["compare"]) == "the same rows: True\n"
    assert "image/png" in kinds(cells["picture"])


def test_no_notebook_is_left_out_or_stored_with_large_outputs() -> None:
    names = {path.name: path.stat().st_size for path in FOLDER.glob("*.ipynb")}
    assert names.keys() == {"tour.ipynb", "neo4j.ipynb"} and max(names.values()) < 50_000
