"""The catalogue: actors that are known before any article is read. One row of a CSV file an actor, checked on load."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from importlib.resources import files
from itertools import combinations
from pathlib import Path
from typing import Any

import yaml

from kgraph.errors import KnowledgeError
from kgraph.records import Kind, digest
from kgraph.safe_text import as_said

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
    return text.replace("`", "'") if text.isascii() else "".join(map(_plain, text))


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

    Raises KnowledgeError, naming file and line, for an unknown column or kind, a doubled id, a name that two entries
    share at the same time (of kinds that may not), dates in the wrong order and an id that does not exist.
    """
    return load_texts((str(path), _text(path)) for path in extra)


def load_texts(own: Iterable[tuple[str, str]]) -> Catalogue:
    """The same with what some files say, each with its name."""
    folder = files("kgraph.catalogue")
    shipped = tuple((name, folder.joinpath(name).read_text(encoding="utf-8"), kind) for name, kind in FILES.items())
    texts = tuple((name, text, None) for name, text in own)
    return _catalogue(shipped, texts, folder.joinpath("services.yaml").read_text(encoding="utf-8"))


Text = tuple[str, str, Kind | None]  # a file's name, what it says, and the kind of its rows


@lru_cache(maxsize=2)  # an explorer asks for the same one at every decision
def _catalogue(shipped: tuple[Text, ...], own: tuple[Text, ...], patterns: str) -> Catalogue:
    rows = _rows(shipped) | _rows(own)
    entries = {entry.id: entry for _, entry in rows.values()}
    wheres = {entry.id: where for where, entry in rows.values()}
    entries = _with_services(entries, patterns)
    _check_references(entries, wheres)
    names = _names(entries)
    _check_shared(names, wheres)
    return Catalogue(entries, names, digest(patterns, *(text for _, text, _ in (*shipped, *own))))


LONGEST = 20_000  # characters of a cell, whatever the limit of Python's reader is


def _text(path: Path) -> str:
    """What a user's file says."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise KnowledgeError(f"{path}: cannot be read: {error}; a catalogue file is CSV in UTF-8") from error
    return decode(str(path), data)


def decode(name: str, data: bytes) -> str:
    """The text of a user's file."""
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        raise KnowledgeError(f"{name}: cannot be read: {error}; a catalogue file is CSV in UTF-8") from error
    if "\x00" in text:
        line = text[: text.index("\x00")].count("\n") + 1
        raise KnowledgeError(f"{name}, line {line}: a NUL character; a catalogue file is CSV in UTF-8")
    return text


def check_rows(name: str, text: str) -> None:
    """Raises KnowledgeError for a row that is wrong by itself."""
    ids_of(name, text)


def ids_of(name: str, text: str) -> set[str]:
    """The ids of the actors of a file."""
    return {*_rows([(name, text, None)])}


def _rows(texts: Iterable[Text]) -> dict[str, tuple[str, Entry]]:
    """The entries of some files by id, each with where it stands; no id stands there twice."""
    rows: dict[str, tuple[str, Entry]] = {}
    for name, text, kind in texts:
        for line, entry in _checked(name, text, kind):
            if entry.id in rows:
                raise KnowledgeError(
                    f"{name}, line {line}: {entry.id} is there already ({rows[entry.id][0]}); "
                    "give it another id or merge the rows"
                )
            rows[entry.id] = f"{name}, line {line}", entry
    return rows


def _checked(name: str, text: str, kind: Kind | None) -> Iterator[tuple[int, Entry]]:
    try:
        yield from _entries(name, text, kind)
    except csv.Error as error:
        raise KnowledgeError(f"{name}: {error}; a catalogue file is CSV in UTF-8") from error


def _entries(name: str, text: str, kind: Kind | None) -> Iterator[tuple[int, Entry]]:
    rows = csv.DictReader(io.StringIO(text, newline=""))  # what ends a line in CSV, and no other sign, ends one here
    try:
        yield from _read_entries(name, rows, kind)
    except csv.Error as error:
        raise KnowledgeError(f"{name}, line {rows.line_num + 1}: {error}; the file is CSV in UTF-8") from error


def _read_entries(name: str, rows: csv.DictReader[str], kind: Kind | None) -> Iterator[tuple[int, Entry]]:
    if unknown := set(rows.fieldnames or ()) - COLUMNS:
        raise KnowledgeError(
            f"{name}, line 1: unknown column {sorted(unknown)[0]!r}; known: {', '.join(sorted(COLUMNS))}"
        )
    if missing := {"id", "name"} - set(rows.fieldnames or ()):
        raise KnowledgeError(f"{name}, line 1: the column {sorted(missing)[0]!r} is missing")
    if doubled := [name for name in rows.fieldnames or () if (rows.fieldnames or []).count(name) > 1]:
        raise KnowledgeError(f"{name}, line 1: the column {doubled[0]!r} is there twice")
    for row in rows:
        try:
            if None in row:
                raise ValueError("more cells than columns; put a cell that contains a comma in double quotes")
            if long := [column for column, cell in row.items() if len(cell or "") > LONGEST]:
                raise ValueError(f"{long[0]}: field larger than {LONGEST:,} characters; close its double quotes")
            if broken := [column for column, cell in row.items() if "\n" in (cell or "") or "\r" in (cell or "")]:
                raise ValueError(f"{broken[0]} goes on in the next line; close its double quotes")
            yield rows.line_num, _entry({key: as_said(value or "") for key, value in row.items()}, kind)
        except (KeyError, ValueError, TypeError) as error:
            raise KnowledgeError(f"{name}, line {rows.line_num}: {row.get('id')}: {error}") from error


def _entry(row: dict[str, str], kind: Kind | None) -> Entry:
    lists = {key: tuple(part.strip() for part in row.get(key, "").split("|") if part.strip()) for key in LISTS}
    if not row["id"] or not row["name"]:
        raise ValueError("a row needs a name and an id like group:hezbollah")
    return Entry(
        row["id"],
        row["name"],
        _kind(row, kind),
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
        *_in_order(row.get("from", ""), row.get("to", "")),
    )


def _kind(row: dict[str, str], kind: Kind | None) -> Kind:
    """The kind that a row says, else its file's, else its id's."""
    prefix = row["id"].partition(":")[0]
    if prefix not in KINDS_OF_IDS or prefix == row["id"]:
        raise ValueError(f"an id begins with a kind, one of {', '.join(f'{name}:' for name in KINDS_OF_IDS)}")
    said = Kind(row["kind"]) if row.get("kind") else kind or KINDS_OF_IDS[prefix]
    if said is not KINDS_OF_IDS[prefix]:
        raise ValueError(f"an id that begins with {prefix}: is no {said}")
    return said


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


def _with_services(entries: dict[str, Entry], patterns: str) -> dict[str, Entry]:
    """The entries with the services that every state has, by the patterns of services.yaml.

    A row of the same country and type that goes by one of a pattern's names, or any row that goes by its first, takes its
    other names (the Israel Defense Forces are "Israel's army"); a name that another row has stays there.
    """
    known = yaml.safe_load(patterns)
    owners = {
        name: entry
        for entry in entries.values()
        if entry.kind is Kind.ORGANIZATION
        for name in (entry.name, *entry.aliases)
    }
    services: dict[str, Entry] = {}
    for state in [entry for entry in entries.values() if entry.kind is Kind.STATE and entry.demonyms]:
        adjectives = known["adjectives"].get(state.id, state.demonyms[:1])
        for service, pattern in known["services"].items():
            if state.id not in pattern.get("without", ()):
                entry = _service(state, service, pattern, adjectives, owners)
                services[entry.id] = entry
                owners |= dict.fromkeys((entry.name, *entry.aliases), entry)
    return {id: entry for id, entry in services.items() if id not in entries} | {
        id: services.get(id, entry) for id, entry in entries.items()
    }


def _service(
    state: Entry, service: str, pattern: dict[str, Any], adjectives: Sequence[str], owners: dict[str, Entry]
) -> Entry:
    """A state's service: the row that says it better, with the pattern's names too, or one by the pattern alone."""
    names = _expanded((pattern["name"], *pattern["aliases"]), adjectives, state.name)
    fitting = (
        owner
        for name in names
        if (owner := owners.get(name))
        and state.id in owner.country
        and (owner.type == pattern["type"] or name == names[0])
    )
    free = tuple(name for name in names if name not in owners)
    if row := next(fitting, None):
        return replace(row, aliases=row.aliases + free)
    slug = re.sub(r"[^a-z0-9]+", "-", fold(state.demonyms[0]).lower()).strip("-")
    return Entry(
        f"organization:{slug}-{service}",
        names[0],
        Kind.ORGANIZATION,
        tuple(name for name in free if name != names[0]),
        (state.id,),
        pattern["type"],
        part_of=(state.id,),
    )


def _expanded(patterns: Sequence[str], adjectives: Sequence[str], state: str) -> list[str]:
    """The names by some patterns, each once."""
    return [*dict.fromkeys(pattern.format(adj=adj, state=state) for adj in adjectives for pattern in patterns)]


def _check_references(entries: dict[str, Entry], wheres: dict[str, str]) -> None:
    """Every id that a row names exists, and its countries are states."""
    for entry in entries.values():
        where = wheres.get(entry.id, "services.yaml")
        named = [
            *entry.country,
            entry.family,
            entry.maker,
            *(office.target for office in entry.offices),
            *(part.partition("@")[0] for part in entry.part_of),
        ]
        if missing := [name for name in named if name and name not in entries]:
            raise KnowledgeError(f"{where}: {entry.id} names {missing[0]}, which no row has; add it or correct the id")
        if strange := [name for name in entry.country if entries[name].kind is not Kind.STATE]:
            raise KnowledgeError(f"{where}: {entry.id} has the country {strange[0]}, which is no state")


def _check_shared(names: dict[str, tuple[Entry, ...]], wheres: dict[str, str]) -> None:
    """No two entries go by one name at the same time, unless their kinds may: a reader could not tell which is meant."""
    for name, entries in names.items():
        for one, other in combinations(entries, 2) if len(entries) > 1 else ():
            if _at_once(one, other) and frozenset((one.kind, other.kind)) not in _SHARING:
                where, there = (wheres.get(entry.id, "services.yaml") for entry in (other, one))
                raise KnowledgeError(
                    f"{where}: {other.id} and {one.id} ({there}) both go by {name!r}; "
                    "leave it to one of them or give both dates that do not overlap"
                )


# Kinds that may share a name: a capital is its state where it acts, a movement is a party and its fighters, an authority
# is its state.
_SHARING = {
    frozenset((Kind.STATE, Kind.PLACE)),
    frozenset((Kind.GROUP, Kind.ORGANIZATION)),
    frozenset((Kind.STATE, Kind.ORGANIZATION)),
}


def _at_once(one: Entry, other: Entry) -> bool:
    """Whether two entries may have existed at the same time."""
    return not (
        (one.until and other.since and one.until <= other.since)
        or (other.until and one.since and other.until <= one.since)
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
