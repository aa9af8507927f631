"""Names that are another's in their place: "Savannah, Georgia" is no country, "Social Democrats" no Americans."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise

from kgraph.reading.documents import Document
from kgraph.reading.mentions.name import Name
from kgraph.records import Kind

_ELSEWHERE = frozenset(("state:georgia",))  # states whose name a region of another state bears


def without_namesakes(document: Document, names: Iterable[Name]) -> Iterator[Name]:
    """The names; after a town that is not the state's, its namesake is only a place; other Democrats are nobody's."""
    names = [name for name in names if not (_is_other_party(document, name) or _is_descent(document, name))]
    towns = {after.start for town, after in pairwise(names) if _is_elsewhere(document, town, after)}
    for name in names:
        yield replace(name, kind=Kind.PLACE, entries=(), source="model") if name.start in towns else name


def _is_elsewhere(document: Document, town: Name, after: Name) -> bool:
    """Whether a name stands after a town of another state: "Savannah, Georgia"."""
    if not after.entries or after.entries[0].id not in _ELSEWHERE or after.use != "name":
        return False
    beside = after.start == town.end + 1 and document.doc[town.end].text == ","
    own = any(after.entries[0].id in entry.country for entry in town.entries)
    return beside and town.kind in (Kind.PLACE, Kind.PERSON, Kind.ORGANIZATION) and not own


def _is_descent(document: Document, name: Name) -> bool:
    """Whether "American" only ends the name of a people: "African Americans", "South American"."""
    doc, i = document.doc, name.start - 1
    if name.use != "demonym" or not doc.word(name.start).startswith("American") or i < 0:
        return False
    joined = doc[i].text in ("-", "–") and i > 0
    before = doc[i - 1] if joined else doc[i]
    if joined and doc[name.start].text == "Americans":  # "Cuban-Americans"
        return True
    return before.text in _DESCENTS and before.sent == doc[name.start].sent


_DESCENTS = frozenset(
    "African Native Asian Latin South North Central Mexican Arab Muslim Jewish Chinese Korean Hispanic Japanese Iraqi".split()
)


def _is_other_party(document: Document, name: Name) -> bool:
    """Whether a party's plural belongs to the word before it: "Christian Democrats", "Left Republicans"."""
    if document.doc.word(name.start) not in ("Democrats", "Republicans") or not name.start:
        return False
    word, before = document.doc[name.start], document.doc[name.start - 1]
    if name.start == word.sent.start:
        return False
    return before.text[:1].isupper() and before.text not in _CHAMBERS and before.i != word.sent.start


_CHAMBERS = frozenset(("House", "Senate", "Congressional", "US", "U.S.", "American"))
