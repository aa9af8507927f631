"""Short forms of names that the article gives in full: surnames and initials that the model missed or mistook."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace

from kgraph.reading.documents import Document
from kgraph.reading.mentions.name import Name
from kgraph.reading.tokens import Doc
from kgraph.records import Kind

_HONORIFICS = frozenset("mr mrs ms dr mr. mrs. ms. dr. gen. gen col. col lt. capt. maj. adm. sgt. sen. rep.".split())


def with_short_forms(document: Document, names: Iterable[Name]) -> Iterator[Name]:
    """The names, with surnames corrected and added; one that two people share stays as it was."""
    names = [*names]
    people = _surnames(document, names)
    taken = {i for name in names for i in range(name.start, name.end)}
    for name in names:
        short = not name.entries and name.end - name.start == 1 and name.source == "model"
        person = short and (document.doc.word(name.start) in people or _is_person(document, name))
        yield replace(name, kind=Kind.PERSON) if person else name
    letters = _with_initials(document, names)
    for i, word in document.doc.words():
        if i not in taken and (word in people or word in letters) and document.doc[i].pos_ == "PROPN":
            yield Name(i, i + 1, letters.get(word, Kind.PERSON), (), "model")


def _with_initials(document: Document, names: Iterable[Name]) -> dict[str, Kind]:
    """The initials of bodies, with their kinds."""
    found = dict[str, Kind]()
    for name in names:
        text = document.doc[name.start : name.end].text
        if name.kind in WITH_INITIALS and " " in text:
            short = in_brackets(document.doc, name)
            found |= dict.fromkeys(filter(None, (short, *initials(text))), name.kind)
    return found


WITH_INITIALS = frozenset((Kind.ORGANIZATION, Kind.GROUP))


def in_brackets(doc: Doc, name: Name) -> str:
    """The letters in brackets after a name: "CMA" of "the Coordination of Azawad Movements (CMA)"."""
    after = doc[name.end : name.end + 3].text.replace(" ", "")
    short = after[1:-1] if after[:1] == "(" and after[-1:] == ")" else ""
    return short if 1 < len(short) < 9 and sum(char.isupper() for char in short) > 1 and short.isalpha() else ""


def initials(text: str) -> set[str]:
    """The initials of a name, with and without its small words."""
    words = [word for word in text.replace("-", " ").split() if word[0].isalpha()]
    every = "".join(word[0] for word in words)
    return {letters for letters in (every.upper(), "".join(c for c in every if c.isupper())) if len(letters) > 2}


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
    before = doc.word(name.start - 1).lower() if name.start else ""
    after = [doc.word(i).lower() for i in range(name.end, min(name.end + 2, len(doc)))]
    return before in _HONORIFICS or after == [",", "who"]
