"""The catalogue: actors that are known before any article is read. One row of a CSV file an actor, checked on load."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path

import yaml

from kgraph.errors import KnowledgeError
from kgraph.model import Kind, digest

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


_PLAIN = {
    "’": "'",
    "‘": "'",
    "ʼ": "'",
    "`": "'",
    "“": '"',
    "”": '"',
    "–": "-",
    "‑": "-",
    "‐": "-",
    "ı": "i",
    "ł": "l",
    "Ł": "L",
    "ø": "o",
    "Ø": "O",
    "đ": "d",
    "Đ": "D",
    "\xa0": " ",
}


@cache
def _plain(char: str) -> str:
    return _PLAIN.get(char) or (char if char.isascii() else unicodedata.normalize("NFKD", char)[0])


def load_catalogue(*extra: Path) -> Catalogue:
    """The shipped catalogue with the rows of further files, which replace those of the same id.

    Raises KnowledgeError, naming file and line, for an unknown column or kind, a doubled id, an alias that two entries of
    a kind share, dates in the wrong order and an id that does not exist.
    """
    texts = [
        (name, files("kgraph.catalogue").joinpath(name).read_text(encoding="utf-8"), kind)
        for name, kind in FILES.items()
    ]
    own = [(path.name, path.read_text(encoding="utf-8"), None) for path in extra]
    entries: dict[str, Entry] = {}
    for name, text, kind in texts:
        for line, entry in _entries(name, text, kind):
            if entry.id in entries:
                raise KnowledgeError(
                    f"{name}, line {line}: {entry.id} is there already; give it another id or merge the rows"
                )
            entries[entry.id] = entry
    for name, text, _ in own:
        entries |= {entry.id: entry for _, entry in _entries(name, text, None)}
    entries = {entry.id: entry for entry in _services(entries)} | entries
    _check_references(entries)
    names = _names(entries)
    return Catalogue(entries, names, digest(*(text for _, text, _ in (*texts, *own))))


def _entries(name: str, text: str, kind: Kind | None) -> Iterator[tuple[int, Entry]]:
    rows = csv.DictReader(text.splitlines())
    if unknown := set(rows.fieldnames or ()) - COLUMNS:
        raise KnowledgeError(
            f"{name}, line 1: unknown column {sorted(unknown)[0]!r}; known: {', '.join(sorted(COLUMNS))}"
        )
    for row in rows:
        try:
            yield rows.line_num, _entry({key: value or "" for key, value in row.items()}, kind)
        except (KeyError, ValueError, TypeError) as error:
            raise KnowledgeError(f"{name}, line {rows.line_num}: {row.get('id')}: {error}") from error


def _entry(row: dict[str, str], kind: Kind | None) -> Entry:
    lists = {key: tuple(part.strip() for part in row.get(key, "").split("|") if part.strip()) for key in LISTS}
    since, until = row.get("from", ""), row.get("to", "")
    if not row["id"] or not row["name"] or ":" not in row["id"]:
        raise ValueError("a row needs a name and an id like group:hezbollah")
    return Entry(
        row["id"],
        row["name"],
        Kind(row.get("kind") or kind or KINDS_OF_IDS[row["id"].partition(":")[0]]),
        lists["aliases"],
        lists["country"],
        row.get("type", ""),
        lists["demonyms"],
        lists["metonyms"],
        lists["capital"],
        tuple(map(_office, lists["offices"])),
        lists["part_of"],
        row.get("family", ""),
        row.get("maker", ""),
        *_in_order(since, until),
    )


KINDS_OF_IDS = {
    "state": Kind.STATE,
    "group": Kind.GROUP,
    "organization": Kind.ORGANIZATION,
    "person": Kind.PERSON,
    "weapon": Kind.WEAPON,
    "place": Kind.PLACE,
}


def _office(text: str) -> Office:
    title, target, *dates = text.split("@")
    return Office(title, target, *_in_order(*(*dates, "", "")[:2]))


def _in_order(since: str, until: str) -> tuple[str, str]:
    for date in filter(None, (since, until)):
        if not _DATE.fullmatch(date):
            raise ValueError(f"{date!r} is no date; write 2024, 2024-05 or 2024-05-17")
    if since and until and since[: len(until)] > until:
        raise ValueError(f"from {since} is after to {until}")
    return since, until


_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")


def _services(entries: dict[str, Entry]) -> Iterator[Entry]:
    """The services that every state has, by the patterns of services.yaml."""
    patterns = yaml.safe_load(files("kgraph.catalogue").joinpath("services.yaml").read_text(encoding="utf-8"))
    named = {
        name for entry in entries.values() if entry.kind is Kind.ORGANIZATION for name in (entry.name, *entry.aliases)
    }
    for state in entries.values():
        if state.kind is Kind.STATE and state.demonyms:
            for service, pattern in patterns.items():
                words = {"adj": state.demonyms[0], "state": state.name}
                if named & {name.format(**words) for name in (pattern["name"], *pattern["aliases"])}:
                    continue  # a row says it better: the Israel Defense Forces
                slug = re.sub(r"[^a-z0-9]+", "-", fold(state.demonyms[0]).lower()).strip("-")
                yield Entry(
                    f"organization:{slug}-{service}",
                    pattern["name"].format(**words),
                    Kind.ORGANIZATION,
                    tuple(alias.format(**words) for alias in pattern["aliases"]),
                    (state.id,),
                    pattern["type"],
                    part_of=(state.id,),
                )


def _check_references(entries: dict[str, Entry]) -> None:
    """Every id that a row names exists."""
    for entry in entries.values():
        named = [
            *entry.country,
            entry.family,
            entry.maker,
            *(office.target for office in entry.offices),
            *(part.partition("@")[0] for part in entry.part_of),
        ]
        if missing := [name for name in named if name and name not in entries]:
            raise KnowledgeError(
                f"catalogue: {entry.id} names {missing[0]}, which no row has; add it or correct the id"
            )


def _names(entries: dict[str, Entry]) -> dict[str, tuple[Entry, ...]]:
    """Who goes by each name, folded."""
    names: dict[str, list[Entry]] = {}
    for entry in entries.values():
        for name in dict.fromkeys(
            map(fold, (entry.name, *entry.aliases, *entry.demonyms, *entry.metonyms, *entry.capital))
        ):
            names.setdefault(name, []).append(entry)
    return {name: tuple(found) for name, found in names.items()}
