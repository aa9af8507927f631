"""Which article each one that comes is: by its key, and by its address where feed, page and file bring the same one.

A feed's `id` decides where it is given, then the URL, then path or text. An article without an id that comes from the address
of another one is that one. What is decided depends on what a graph holds and on what came before in the same build, so that
the local build and a cluster decide alike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from typing import NamedTuple

RESERVED = ("cited:", "text:", "id:")  # begin keys that kgraph makes: no id, URL or path of a source is one of them


def key_of(name: str) -> str:
    """The key of an article by its id, URL or path."""
    return f"id:{name}" if name.startswith(RESERVED) else name


def id_of(key: str) -> str:
    """The id that gave an article its key."""
    return key.removeprefix("id:")


class Named(NamedTuple):
    """What identity needs of an article."""

    key: str
    given: str | None  # the id that a feed gave it
    address: str | None
    version: str
    is_new: bool = False  # at this address: no graph that stands has it there


class Taken(NamedTuple):
    """What an article is that comes: its key and id, and which places of this build it repeats or corrects."""

    key: str
    given: str | None
    repeats: str | None = None  # where the same text came before: it is not read
    corrects: str | None = None  # where another text of the same article came before: this one stands
    is_known: bool = False  # by its address, with this very text: the graph has it from elsewhere


class Moved(NamedTuple):
    """An article that turned out to be another: its key is given up for that one's."""

    old: str
    new: str
    corrected: tuple[str, str] | None  # where the text came that no longer stands, and where the one that does


@dataclass(frozen=True, slots=True)
class _Came:
    """What came last of an article in this build."""

    named: Named
    where: str


class Register:
    """Which article each one is, as they come. `at` gives the articles of a graph by their address."""

    def __init__(self, at: Callable[[str], Iterable[Named]] = lambda address: ()) -> None:
        self._at = at
        self._last = dict[str, _Came]()  # by key
        self._first = dict[str, tuple[str, str]]()  # version → the key that it came under, and where
        self._keys = dict[str, tuple[str, ...]]()  # address → the keys that came from there
        self._shared = dict[str, None]()  # the addresses from which several articles came
        self._open = dict[str, dict[str, Named]]()  # the addresses that wait, with the articles with ids that do
        self._waiting = dict[str, _Came]()  # the first of each text that waits, where: others repeat it
        self._kept_back = set[str]()  # the keys of all that must wait with them

    def must_wait(self, one: Named, where: str) -> bool:
        """Whether what an article is can be said only when all have come; then `take` is to be asked, in their order.

        So it is with another text from the address of one article with an id: there may be a second one.
        """
        there = self._there(one.address)
        if one.key not in self._kept_back and one.address not in self._open and not _may_be_another(one, there):
            return False
        self._kept_back.update(key for key in (one.key, *there) if one.given is not None or key != one.key)
        before = self._first.get(one.version)
        if before is None:
            self._waiting.setdefault(one.version, _Came(one, where))
        if one.address is not None:
            waiting = self._open.setdefault(one.address, {})
            if one.given is not None and not self._will_repeat(one, before, there):
                waiting[one.key] = one._replace(is_new=one.key not in there or there[one.key].is_new)
        return True

    def _will_repeat(self, one: Named, before: tuple[str, str] | None, there: Mapping[str, Named]) -> bool:
        """Whether an article with an id that waits has the text of another one, so that it will be skipped."""
        first = there.get(before[0]) if before else self._waiting[one.version].named
        if first is None:
            return before is not None and before[0] != one.key
        return first.key != one.key and (first.given is not None or first.address != one.address)

    def take(self, one: Named, where: str) -> Taken:
        """Says which article comes, and remembers it."""
        there = self._there(one.address)
        key, given = _find(one, there)
        first, last, waits = self._first.get(one.version), self._last.get(key), self._waiting.get(one.version)
        if waits and waits.where != where:
            return Taken(key, given, repeats=waits.where)
        self._waiting.pop(one.version, None)
        may_be_known = not first and not last and one.given is None and one.address not in self._open
        if may_be_known and given is not None and _has(there[key], one):
            self._first[one.version] = key, where
            return Taken(key, given, is_known=True)
        if first and not self._is_news(one, key, there.get(first[0])):
            return Taken(key, given, repeats=first[1])
        self._first[one.version] = key, where
        is_new = key not in there or there[key].is_new
        self._last[key] = _Came(Named(key, given, one.address, one.version, is_new), where)
        if one.address is not None:
            self._keys[one.address] = tuple(dict.fromkeys((*self._keys.get(one.address, ()), key)))
            if there.keys() - {key}:
                self._shared[one.address] = None
        return Taken(key, given, corrects=last.where if last and last.named.version != one.version else None)

    def _is_news(self, one: Named, key: str, before: Named | None) -> bool:
        """Whether a text that came already says something: that its outlet went back to it, or which article it is of."""
        last, first = self._last.get(key), self._first[one.version][0]
        if last and last.named.version == one.version:
            return False
        return first == key or (before is not None and before.given is None)

    def _there(self, address: str | None) -> dict[str, Named]:
        """The articles of an address by their keys, what came in this build in the place of what a graph holds."""
        if address is None:
            return {}
        came = {key: self._last[key].named for key in self._keys.get(address, ())}
        return {each.key: each for each in self._at(address)} | self._open.get(address, {}) | came

    def moved(self) -> Iterator[Moved]:
        """When all have come: the articles that turned out to be others."""
        for address in self._shared:
            there = self._there(address)
            for old, new in merged(there, self._last.keys()).items():
                yield Moved(old, new, self._corrected(old, new))

    def _corrected(self, old: str, new: str) -> tuple[str, str] | None:
        before, after = self._last.get(old), self._last.get(new)
        if before and after and before.named.version != after.named.version:
            return before.where, after.where
        return None


def _has(known: Named, one: Named) -> bool:
    """Whether a graph has the text of an article that comes."""
    return known.version == one.version and not known.is_new


def _may_be_another(one: Named, there: Mapping[str, Named]) -> bool:
    """Whether an article without an id comes from where there is just one with an id, and another text."""
    named = [each for each in there.values() if each.given is not None]
    return one.given is None and len(named) == 1 and named[0].version != one.version and named[0].key != one.key


def _find(one: Named, there: Mapping[str, Named]) -> tuple[str, str | None]:
    """The key and the id of an article that comes, by what has its address."""
    if one.given is not None or one.address is None:
        return one.key, one.given
    named = {key: each for key, each in there.items() if each.given is not None}
    alike = sorted(key for key, each in named.items() if each.version == one.version)
    if one.key in named:
        return one.key, named[one.key].given
    if len(named) == 1 or alike:
        key = alike[0] if alike else next(iter(named))
        return key, named[key].given
    return min({one.key} | (there.keys() - named.keys())), None


def merged(there: Mapping[str, Named], came: Set[str]) -> dict[str, str]:
    """Of the articles of an address those that are others: without an id, and there is one that they can be.

    Of several with ids it is the one with the same text; or a new one, where a graph held it under its URL and it did not come.
    """
    named = {key: each for key, each in there.items() if each.given is not None}
    nameless = sorted(there.keys() - named.keys())
    if not named:
        return dict.fromkeys(nameless[1:], nameless[0]) if nameless else {}
    if len(named) == 1:
        return dict.fromkeys(nameless, next(iter(named)))
    found = dict[str, str]()
    for key in nameless:
        alike = [other for other, each in named.items() if each.version == there[key].version]
        fresh = [other for other, each in named.items() if each.is_new and key not in came]
        if alike or fresh:
            found[key] = min(alike or fresh)
    return found
