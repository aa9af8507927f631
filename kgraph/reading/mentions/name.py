"""What a finder of names gives."""

from __future__ import annotations

from dataclasses import dataclass

from kgraph.catalogue import Entry
from kgraph.records import Kind


@dataclass(frozen=True, slots=True)
class Name:
    """A stretch of tokens that names an actor."""

    start: int  # tokens of the document
    end: int
    kind: Kind
    entries: tuple[Entry, ...]  # what the catalogue knows by these words, the likeliest first; empty if nothing
    source: str  # catalogue, designation or model
    use: str = "name"  # how the first entry is named: name, demonym ("Syrian"), metonym ("the Kremlin"), capital

    def says_more_than(self, other: Name) -> bool:
        """Whether this longer name is one of which the other is only a part: "University of Aleppo", "Hunter Biden"."""
        longer = self.start <= other.start and other.end <= self.end and self.end - self.start > other.end - other.start
        if not longer:
            return False
        if (
            self.kind is Kind.PERSON
        ):  # a name of somebody else that is a part of this one, or a first name that is a country
            return other.end - other.start == 1
        if (
            self.source == "designation" and not other.entries
        ):  # the model often cuts them: "Ministry of Culture" + "Tourism"
            return True
        return other.kind in (Kind.STATE, Kind.PLACE) or (other.kind is Kind.PERSON and other.end < self.end)
