"""Document → names: the stretches of text that name an actor."""

from __future__ import annotations

from dataclasses import dataclass

from kgraph.catalogue import Entry
from kgraph.model import Kind


@dataclass(frozen=True, slots=True)
class Name:
    """A stretch of tokens that names an actor."""

    start: int  # tokens of the document
    end: int
    kind: Kind
    entries: tuple[Entry, ...]  # what the catalogue knows by these words, the likeliest first; empty if nothing
    source: str  # catalogue, designation or model
    use: str = "name"  # how the first entry is named: name, demonym ("Syrian"), metonym ("the Kremlin"), capital
