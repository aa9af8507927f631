"""Sample articles, written for kgraph, on well-known matters."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path


def samples() -> Path:
    """The folder of the sample articles."""
    return Path(str(files("kgraph.samples")))
