"""Document → names: the stretches of text that name an actor."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from kgraph.catalogue import Catalogue
from kgraph.reading.documents import Document
from kgraph.reading.mentions.bodies import said_bodies
from kgraph.reading.mentions.catalogue_names import known_names
from kgraph.reading.mentions.designations import designations
from kgraph.reading.mentions.model_names import model_names
from kgraph.reading.mentions.name import Name
from kgraph.reading.mentions.namesakes import without_namesakes
from kgraph.reading.mentions.places import said_places
from kgraph.reading.mentions.short_forms import with_short_forms

__all__ = ["FINDERS", "Name", "find_names"]

# Who finds names, the most trusted first: where two overlap, the earlier keeps its words unless the later says more.
# Each gives, in order, the names that begin in a part of the document.
FINDERS: dict[str, Callable[[Document, Catalogue, range], Iterator[Name]]] = {
    "catalogue": known_names,
    "designation": designations,
    "model": model_names,
    "said body": said_bodies,
    "said place": said_places,
}


def find_names(document: Document, catalogue: Catalogue) -> tuple[Name, ...]:
    """All names in a document, in the order of the text; no two share a token."""
    taken: dict[int, Name] = {}
    for part in document.doc.parts:
        for find in FINDERS.values():
            for name in find(document, catalogue, range(*part)):
                _take(taken, name)
    found = with_short_forms(document, _in_order(taken.values()))
    return tuple(without_namesakes(document, _in_order(found)))


def _take(taken: dict[int, Name], name: Name) -> None:
    rivals = {id(taken[i]): taken[i] for i in range(name.start, name.end) if i in taken}.values()
    if all(name.says_more_than(rival) for rival in rivals):
        for rival in rivals:
            _release(taken, rival)
        taken.update(dict.fromkeys(range(name.start, name.end), name))


def _release(taken: dict[int, Name], name: Name) -> None:
    for i in range(name.start, name.end):
        taken.pop(i, None)


def _in_order(names: Iterable[Name]) -> list[Name]:
    return sorted({id(name): name for name in names}.values(), key=lambda name: name.start)
