"""Short forms of names that the article gives in full: surnames that the model missed or took for something else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace

from kgraph.documents import Document
from kgraph.mentions.name import Name
from kgraph.model import Kind

_HONORIFICS = frozenset("mr mrs ms dr mr. mrs. ms. dr. gen. gen col. col lt. capt. maj. adm. sgt. sen. rep.".split())


def with_short_forms(document: Document, names: Iterable[Name]) -> Iterator[Name]:
    """The names, with surnames corrected and added; one that two people share stays as it was."""
    names = [*names]
    people = _surnames(document, names)
    taken = {i for name in names for i in range(name.start, name.end)}
    for name in names:
        word = document.doc[name.start]
        short = not name.entries and name.end - name.start == 1 and name.source == "model"
        yield replace(name, kind=Kind.PERSON) if short and (word.text in people or _is_person(document, name)) else name
    for token in document.doc:
        if token.i not in taken and token.pos_ == "PROPN" and token.text in people:
            yield Name(token.i, token.i + 1, Kind.PERSON, (), "model")


def _surnames(document: Document, names: Iterable[Name]) -> frozenset[str]:
    """The last words of the names of people that consist of several, where they tell one person only."""
    people: dict[str, set[str]] = defaultdict(set)
    for name in names:
        text = document.doc[name.start : name.end].text
        words = text.split()
        if name.kind is Kind.PERSON and len(words) > 1 and len(words[-1]) > 3 and words[-1][0].isupper():
            people[words[-1]].add(name.entries[0].id if name.entries else text)
    return frozenset(surname for surname, named in people.items() if len(named) == 1)


def _is_person(document: Document, name: Name) -> bool:
    """Whether the words around a name say that it is somebody's: "Mr X", "X, who"."""
    doc = document.doc
    before = doc[name.start - 1].lower_ if name.start else ""
    after = [token.lower_ for token in doc[name.end : name.end + 2]]
    return before in _HONORIFICS or after == [",", "who"]
