"""The catalogue: actors that are known before any article is read. One row of a CSV file an actor, checked on load."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path

from kgraph.errors import KnowledgeError
from kgraph.model import Kind

# The files, in the order of loading; a row's kind is its file's unless it has a column `kind`.
FILES = {
    "states.csv": Kind.STATE,
    "groups.csv": Kind.GROUP,
    "organizations.csv": Kind.ORGANIZATION,
    "people.csv": Kind.PERSON,
    "weapons.csv": Kind.WEAPON,
    "places.csv": Kind.PLACE,
}
LISTS = ("aliases", "demonyms", "metonyms", "capital", "country", "offices", "part_of")  # separated by |
COLUMNS = {"id", "name", "kind", "type", "maker", "family", "from", "to", *LISTS}


@dataclass(frozen=True, slots=True)
class Office:
    """A title that a person held, in an actor, from and to (ISO dates or years; empty where unknown or open)."""

    title: str
    target: str
    since: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """An actor of the catalogue."""

    id: str
    name: str
    kind: Kind
    aliases: tuple[str, ...] = ()
    country: tuple[str, ...] = ()  # ids of states
    type: str = ""  # militia, alliance, ministry, fighter aircraft, city, …
    demonyms: tuple[str, ...] = ()  # "Syrian", "Syrians": a state's
    metonyms: tuple[str, ...] = ()  # "the Kremlin", "White House": always the state
    capital: tuple[str, ...] = ()  # "Damascus": the state where it acts, the city where something happens
    offices: tuple[Office, ...] = ()
    part_of: tuple[str, ...] = ()  # id, or id@from@to
    family: str = ""  # a weapon's: the id of what it is a variant of
    maker: str = ""  # a weapon's: id of the state or company
    since: str = ""
    until: str = ""


@dataclass(frozen=True, eq=False)
class Catalogue:
    """All entries, by id and by name."""

    entries: dict[str, Entry]
    names: dict[str, tuple[Entry, ...]] = field(repr=False)  # exact name or alias, folded → entries
    digest: str = ""

    def lookup(self, name: str) -> tuple[Entry, ...]:
        """The entries that go by a name; letters keep their case, accents and quote marks do not matter."""
        return self.names.get(fold(name), ())


def fold(text: str) -> str:
    """The text without accents, with plain quotes and hyphens; every character stays one character."""
    return "".join(map(_plain, text))


_PLAIN = {"’": "'", "‘": "'", "ʼ": "'", "`": "'", "“": '"', "”": '"', "–": "-", "‑": "-", "‐": "-", "ı": "i",
          "ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "\xa0": " "}


@cache
def _plain(char: str) -> str:
    return _PLAIN.get(char) or (char if char.isascii() else unicodedata.normalize("NFKD", char)[0])


def load_catalogue(*extra: Path) -> Catalogue:
    """The shipped catalogue, with the rows of further files; a row with a known id replaces it. Raises KnowledgeError."""
    raise NotImplementedError
