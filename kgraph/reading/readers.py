"""The readers of claims: each a function that finds the claims of an article, one line in a table.

What reads lies in the module of a reader, which is loaded when something is first read with it, and in what that imports.
This module only names them: another line here makes no graph stale (see reading/fingerprint.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from kgraph.errors import UsageError

if TYPE_CHECKING:
    from kgraph.catalogue import Catalogue
    from kgraph.reading.actors import Cast
    from kgraph.reading.claims.roles import Match
    from kgraph.reading.documents import Document

    Find = Callable[[Document, Cast, Catalogue], Iterable[Match]]


@dataclass(frozen=True, slots=True)
class Reader:
    """Where a reader lies: its function (document, cast, catalogue) → matches, and the files that only it has."""

    module: str
    function: str
    data: tuple[str, ...] = ()  # weights, prompts: beside the module


READERS: Mapping[str, Reader] = {
    "frames": Reader("kgraph.reading.claims.frames", "find_matches"),
    "encoder": Reader("kgraph.reading.claims.encoder.network", "find_scored", ("encoder.onnx", "tokenizer.json")),
}
DEFAULT_READERS = ("frames", "encoder")


@cache
def find_reader(name: str) -> Find:
    """The function of a reader, loaded. Raises UsageError where there is no such reader."""
    check_readers([name])
    found: Find = getattr(import_module(READERS[name].module), READERS[name].function)
    return found


def check_readers(names: Iterable[str]) -> None:
    """Raises UsageError unless there are readers of these names; loads none."""
    for name in names:
        if name not in READERS:
            raise UsageError(f"reader {name}: there is none of that name; choose among {', '.join(READERS)}")
