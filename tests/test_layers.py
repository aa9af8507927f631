"""Imports point one way, down the flow."""

from __future__ import annotations

import ast
from importlib.resources import files
from pathlib import Path

import pytest

# From the bottom up; a module imports only from lines before its own, or from its own package.
ORDER = """errors processes safe_text files records schema catalogue articles samples copies reading decisions folder projection
    lookup graph build cluster review queries export view serve cli""".split()
MODULES = sorted(Path(str(files("kgraph"))).rglob("*.py"))


def layer(module: str) -> str:
    return module.split(".")[1] if "." in module else "errors"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_imports_point_down(path: Path) -> None:
    parts = path.relative_to(Path(str(files("kgraph")))).with_suffix("").parts
    if parts == ("__init__",):
        return
    imported = [
        node.module
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("kgraph.")
    ]
    above = [name for name in imported if ORDER.index(layer(name)) > ORDER.index(parts[0])]
    assert not above, f"{path.name} imports from further up the flow: {above}"
