"""Where a text names entries of the catalogue: whole words, longest first, letters in their case."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from kgraph.catalogue import Catalogue, Entry, fold
from kgraph.records import Kind

_WORD = re.compile(r"\w+|[^\w\s]")
# Of several kinds that go by one name the likeliest first: "Lebanon" is the state before a town called so.
_LIKELIEST = {
    kind: rank
    for rank, kind in enumerate((Kind.STATE, Kind.GROUP, Kind.ORGANIZATION, Kind.WEAPON, Kind.PERSON, Kind.PLACE))
}
_USES = ("name", "metonym", "capital", "demonym")
# Before these words "military" says what kind they are: "US military aid" is the state's, not its army's.
_KINDS_OF_MILITARY = frozenset(
    "aid assistance attache attaches help support supplies equipment hardware cooperation ties relations exercise "
    "exercises drill drills budget spending government governments regime junta rule ruler rulers dictatorship industry "
    "technology intervention alliance pact coup solution advisers advisors academy".split()
)
_PLURALS = frozenset((Kind.WEAPON, Kind.GROUP))  # "S-300s", "Houthis"


@dataclass(frozen=True, slots=True)
class Spotted:
    """A stretch of text that names entries."""

    start: int
    end: int
    entries: tuple[Entry, ...]  # the likeliest first
    use: str  # how the first entry is named: name, metonym, capital, demonym


def spot(text: str, catalogue: Catalogue) -> Iterator[Spotted]:
    """The names in a text; they do not overlap."""
    words = [(match.start(), match.end(), match.group()) for match in _WORD.finditer(fold(text))]
    index, i = _index(catalogue), 0
    while i < len(words):
        length, entries = _longest(words, i, index)
        if led := _after_led([word for _, _, word in words[i : i + length]]):
            yield from _spot_one(words[i : i + led - 2], index)
            i, length = i + led, length - led
        if entries:
            used = " ".join(word for _, _, word in words[i : i + length])
            ranked = tuple(sorted(entries, key=lambda e: (_LIKELIEST[e.kind], _USES.index(_use(e, used)), e.id)))
            yield Spotted(words[i][0], words[i + length - 1][1], ranked, _use(ranked[0], used))
        i += length or 1


def _spot_one(words: list[tuple[int, int, str]], index: _Index) -> Iterator[Spotted]:
    """The name that some words are, if they are one: "US" in "US-led coalition"."""
    length, entries = _longest(words, 0, index)
    if entries and length == len(words):
        used = " ".join(word for _, _, word in words)
        yield Spotted(words[0][0], words[-1][1], entries, _use(entries[0], used))


def _after_led(words: list[str]) -> int:
    """Where a name goes on that begins with who leads it ("US-led coalition"): both are named there."""
    return next((n + 1 for n, word in enumerate(words[:-1]) if word == "led" and n > 1 and words[n - 1] == "-"), 0)


_Index = dict[str, tuple[tuple[tuple[str, ...], tuple[Entry, ...]], ...]]


@lru_cache(maxsize=2)
def _index(catalogue: Catalogue) -> _Index:
    """The catalogue's names by their first word, the longest first."""
    names: dict[str, list[tuple[tuple[str, ...], tuple[Entry, ...]]]] = {}
    for name, entries in catalogue.names.items():
        if words := tuple(_WORD.findall(name)):
            names.setdefault(words[0], []).append((words, entries))
    return {first: tuple(sorted(rest, key=lambda item: -len(item[0]))) for first, rest in names.items()}


def _longest(words: list[tuple[int, int, str]], i: int, index: _Index) -> tuple[int, tuple[Entry, ...]]:
    """How many words from the i-th on are a name, and whose; a weapon or a group may stand in the plural."""
    first = words[i][2]
    for key in (first, first[:-1]) if first.endswith("s") else (first,):
        for name, entries in index.get(key, ()):
            here = tuple(word for _, _, word in words[i : i + len(name)])
            if here == name:
                if here[-1] == "military" and _next(words, i + len(name)) in _KINDS_OF_MILITARY:
                    continue
                return len(name), entries
            if len(here) == len(name) and here[-1] == name[-1] + "s" and here[:-1] == name[:-1]:
                plural = tuple(entry for entry in entries if entry.kind in _PLURALS)
                if plural:
                    return len(name), plural
    return 0, ()


def _next(words: list[tuple[int, int, str]], i: int) -> str:
    """The i-th word, empty after the last."""
    return words[i][2] if i < len(words) else ""


@lru_cache(maxsize=100_000)
def _use(entry: Entry, words: str) -> str:
    """In which way some words name an entry."""
    for use, names in (("metonym", entry.metonyms), ("capital", entry.capital), ("demonym", entry.demonyms)):
        if any(" ".join(_WORD.findall(fold(name))) == words for name in names):
            return use
    return "name"
