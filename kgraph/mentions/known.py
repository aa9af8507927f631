"""Names that the catalogue knows: whole words, longest first, letters in their case."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from kgraph.catalogue import Catalogue, Entry, fold
from kgraph.documents import Document
from kgraph.mentions.name import Name
from kgraph.model import Kind

_WORD = re.compile(r"\w+|[^\w\s]")
# Of several kinds that go by one name the likeliest first: "Lebanon" is the state before a town called so.
_LIKELIEST = {kind: rank for rank, kind in enumerate(
    (Kind.STATE, Kind.GROUP, Kind.ORGANIZATION, Kind.WEAPON, Kind.PERSON, Kind.PLACE))}
_USES = ("name", "metonym", "capital", "demonym")
_PLURALS = frozenset((Kind.WEAPON, Kind.GROUP))


@dataclass(frozen=True)
class _Index:
    """The catalogue's names by their first word, the longest first."""

    names: dict[str, tuple[tuple[tuple[str, ...], tuple[Entry, ...]], ...]]


def known_names(document: Document, catalogue: Catalogue) -> Iterator[Name]:
    """The names of catalogue entries in a document; they do not overlap."""
    doc, index = document.doc, _index(catalogue)
    text = fold(doc.text)
    words = [(match.start(), match.end(), match.group()) for match in _WORD.finditer(text)]
    begins = [token.idx for token in doc]
    i = 0
    while i < len(words):
        length, entries = _longest(words, i, index)
        if not entries:
            i += 1
            continue
        start = bisect_right(begins, words[i][0]) - 1
        end = bisect_right(begins, words[i + length - 1][1] - 1)
        if doc[start].is_sent_start is None or all(not token.is_sent_start for token in doc[start + 1:end]):
            yield _name(start, end, " ".join(w for _, _, w in words[i:i + length]), entries)
        i += length


def _name(start: int, end: int, words: str, entries: tuple[Entry, ...]) -> Name:
    ranked = sorted(entries, key=lambda entry: (_LIKELIEST[entry.kind], _USES.index(use_of(entry, words)), entry.id))
    return Name(start, end, ranked[0].kind, tuple(ranked), "catalogue", use_of(ranked[0], words))


@lru_cache(maxsize=100_000)
def use_of(entry: Entry, words: str) -> str:
    """In which way some words name an entry."""
    for use, names in (("metonym", entry.metonyms), ("capital", entry.capital), ("demonym", entry.demonyms)):
        if any(" ".join(_WORD.findall(fold(name))) == words for name in names):
            return use
    return "name"


@lru_cache(maxsize=4)
def _indexed(catalogue: Catalogue) -> _Index:
    names: dict[str, list[tuple[tuple[str, ...], tuple[Entry, ...]]]] = {}
    for name, entries in catalogue.names.items():
        if words := tuple(_WORD.findall(name)):
            names.setdefault(words[0], []).append((words, entries))
    return _Index({first: tuple(sorted(rest, key=lambda item: -len(item[0]))) for first, rest in names.items()})


_by_identity: dict[int, tuple[Catalogue, _Index]] = {}


def _index(catalogue: Catalogue) -> _Index:
    """The index of a catalogue, made once (a catalogue holds a dictionary, so it is known by identity)."""
    if id(catalogue) not in _by_identity:
        _by_identity.clear()
        _by_identity[id(catalogue)] = (catalogue, _indexed.__wrapped__(catalogue))
    return _by_identity[id(catalogue)][1]


def _longest(words: list[tuple[int, int, str]], i: int, index: _Index) -> tuple[int, tuple[Entry, ...]]:
    """How many words from the i-th on are a name, and whose; a weapon or a group may stand in the plural."""
    for first in {words[i][2], words[i][2].removesuffix("s")}:
        for name, entries in index.names.get(first, ()):
            here = [word for _, _, word in words[i:i + len(name)]]
            if len(here) == len(name) and here[:-1] == list(name[:-1]):
                if here[-1] == name[-1]:
                    return len(name), entries
                plural = tuple(e for e in entries if e.kind in _PLURALS)
                if here[-1] == name[-1] + "s" and plural:
                    return len(name), plural
    return 0, ()
