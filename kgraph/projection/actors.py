"""Who is who: which actor of the graph each local actor is, what actors are called, and what the catalogue adds to them.

An actor's base id is the catalogue's, or its own one, made from its name. What a person says of two actors merges base ids.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

from kgraph.catalogue import Catalogue, Entry, fold
from kgraph.decisions import PAIRS, Decision, latest
from kgraph.folder.rows import LocalActorRow
from kgraph.records import Kind, digest

Row = tuple[object, ...]


class Naming(NamedTuple):
    """How some local actors of one actor are named, and how many they are."""

    name: str
    kind: str
    country: str  # "" where no text says it
    forms: str  # JSON
    locals: int


@dataclass(frozen=True, slots=True)
class Name:
    """What an actor is called and what it is."""

    name: str
    kind: str
    aliases: tuple[str, ...]
    country: str | None
    known: bool  # by the catalogue


@dataclass(frozen=True, slots=True)
class Who:
    """Which actor of the graph an id stands for."""

    catalogue: Catalogue
    learnt: Callable[[str], str | None]  # own id → the id by which the catalogue has come to know it
    merged: Mapping[str, str]  # base id → the base id into which a person merged it

    def of(self, base: str) -> str:
        """The actor of a base id."""
        return follow(base, self.merged)

    def leads_to(self, old: str) -> str | None:
        """Where an id that was one leads now: a row of the table redirect."""
        new = self.merged.get(old) or self.learnt(old)
        found = new and self.of(new)
        return found if found != old else None

    def final(self, actor: str) -> str:
        """The actor that any id, as it was once, stands for now."""
        seen = {actor}
        while (new := self.leads_to(actor)) and new not in seen:
            seen.add(actor := new)
        return actor


# Ids. ----------------------------------------------------------------------------------------------------------------


def with_decided(catalogue: Catalogue, decisions: Sequence[Decision]) -> Catalogue:
    """The catalogue with the actors that a person added."""
    made = {target: _decided(decision) for target, decision in latest(decisions, "actor").items()}
    if not made:
        return catalogue
    names = dict(catalogue.names)
    for entry in made.values():
        for name in map(fold, (entry.name, *entry.aliases)):
            others = (other for other in names.get(name, ()) if other.kind is not entry.kind)
            names[name] = (entry, *others)
    return replace(catalogue, entries=catalogue.entries | made, names=names)


def _decided(decision: Decision) -> Entry:
    details = decision.details
    country = (str(details["country"]),) if details.get("country") else ()
    aliases = tuple(map(str, details.get("aliases", ())))
    return Entry(decision.target, str(details["name"]), Kind(details["kind"]), aliases, country)


def base_id(local: LocalActorRow, catalogue: Catalogue, decided: Mapping[str, Decision]) -> str:
    """The id of a local actor before anybody merges it; `decided` are the actors that a person added."""
    return known_id(local.name, local.kind, local.entry, catalogue, decided) or own_id(local)


def known_id(
    name: str, kind: str, fitted: str | None, catalogue: Catalogue, decided: Mapping[str, Decision]
) -> str | None:
    """By what id the catalogue knows an actor: the row that the text fitted, else the only one of that name and kind."""
    if fitted and fitted in catalogue.entries:
        return fitted
    named = catalogue.lookup(name)
    made = [entry for entry in named if entry.id in decided] if decided else []
    if made:  # a person said so: of whatever kind the article took it
        return made[0].id
    fitting = [entry for entry in named if entry.kind.value == kind]
    return fitting[0].id if len(fitting) == 1 else None


def own_id(local: LocalActorRow) -> str:
    """An id for a name that the catalogue lacks; one word alone is nobody outside its article."""
    id, specific = _named(local.name, local.kind)
    return id if specific else f"{id}@{_short(local.article)}"


@lru_cache(100)
def _short(article: str) -> str:
    return digest(article)[:8]


@lru_cache(20_000)
def _named(name: str, kind: str) -> tuple[str, bool]:
    plain = unicodedata.normalize("NFKD", name).casefold()
    slug = re.sub(r"[\W_]+", "-", "".join(c for c in plain if not unicodedata.combining(c))).strip("-")
    prefix = {Kind.WEAPON.value: "weapon"}.get(kind, kind.lower())
    specific = len(name.split()) > 1 or any(char.isdigit() for char in name)
    return f"{prefix}:{slug or 'unnamed'}", specific and bool(slug)


def prevailing(counts: Mapping[str, int]) -> str:
    """The most frequent value, of equally frequent ones the first; "" of none."""
    return min(counts, key=lambda value: (-counts[value], value), default="")


def merge_ids(decisions: Iterable[Decision], learnt: Callable[[str], str | None]) -> dict[str, str]:
    """The id into which each id was merged by a person; "not the same" takes back "same" of the same two.

    Decisions name ids as they were; what the catalogue learnt since is looked up first.
    """
    said: dict[frozenset[str], tuple[str, str]] = {}
    for decision in decisions:
        if decision.action in PAIRS:
            one, other = (learnt(id) or id for id in (decision.target, decision.value))
            said.pop(frozenset((one, other)), None)
            if decision.action == "same":
                said[frozenset((one, other))] = one, other
    merged: dict[str, str] = {}
    for one, other in said.values():
        if follow(one, merged) != follow(other, merged):
            merged[follow(other, merged)] = follow(one, merged)
    return merged


def follow(actor: str, merged: Mapping[str, str]) -> str:
    """The id at the end of a chain of merged ones."""
    while actor in merged:
        actor = merged[actor]
    return actor


# Names. --------------------------------------------------------------------------------------------------------------


def kinds_decided(who: Who, decisions: Iterable[Decision]) -> dict[str, str]:
    """The kinds that a person gave to actors."""
    return {who.final(decision.target): decision.value for decision in decisions if decision.action == "kind"}


def find_name(actor: str, namings: Iterable[Naming], catalogue: Catalogue, kind: str | None = None) -> Name:
    """Name, kind and aliases of an actor: the catalogue's, else the most frequent ones of the articles."""
    found, entry = [*namings], catalogue.entries.get(actor)
    forms = {form for one in found for form in (one.name, *_forms(one.forms))}
    if entry:
        aliases = tuple(sorted({*forms, *entry.aliases} - {entry.name}))
        return Name(entry.name, kind or entry.kind.value, aliases, next(iter(entry.country), None), True)
    name = _most_frequent((one.name, one.locals) for one in found)
    return Name(
        name,
        kind or _most_frequent((one.kind, one.locals) for one in found),
        tuple(sorted(forms - {name})),
        _most_frequent((one.country, one.locals) for one in found if one.country) or None,
        False,
    )


@lru_cache(20_000)
def _forms(text: str) -> tuple[str, ...]:
    return tuple(json.loads(text))


def _most_frequent(values: Iterable[tuple[str, int]]) -> str:
    counts = Counter[str]()
    for value, count in values:
        counts[value] += count
    return prevailing(counts)


def actor_row(actor: str, name: Name, articles: int) -> Row:
    """An actor's row, with the number of articles that name it."""
    aliases = _json(name.aliases)
    return (actor, name.name, name.kind, aliases, name.country, articles, int(name.known))


_json = json.JSONEncoder(ensure_ascii=False).encode


# What the catalogue adds. --------------------------------------------------------------------------------------------


def find_background(actors: Iterable[str], catalogue: Catalogue) -> Iterator[Row]:
    """What the catalogue knows of the graph's actors, and of what they belong to: parts, offices, variants."""
    seen, todo = set[str](), sorted(actors)
    while todo:
        actor = todo.pop()
        entry = catalogue.entries.get(actor)
        if actor in seen or entry is None:
            continue
        seen.add(actor)
        for row in _ties(entry):
            yield row
            todo.append(str(row[2]))


def _ties(entry: Entry) -> Iterator[Row]:
    for part in entry.part_of:
        whole, *dates = part.split("@")
        since, until = (*dates, "", "")[:2]
        yield ("PART_OF", entry.id, whole, since, until)
    for (target, since), until in _offices(entry).items():
        yield ("OFFICE_OF", entry.id, target, since, "" if until == "9999" else until)
    if entry.family:
        yield ("VARIANT_OF", entry.id, entry.family, "", "")


def _offices(entry: Entry) -> dict[tuple[str, str], str]:
    """In what and since when somebody held an office → until when; of several ends the latest, of none 9999."""
    held: dict[tuple[str, str], str] = defaultdict(str)
    for office in entry.offices:
        held[office.target, office.since] = max(office.until or "9999", held[office.target, office.since])
    return held


def in_office(person: str, of: str, catalogue: Catalogue) -> tuple[str | None, str | None]:
    """From when to when somebody held an office of something, by the catalogue."""
    entry = catalogue.entries.get(person)
    held = [(since, until) for (target, since), until in _offices(entry).items() if target == of] if entry else []
    if not held:
        return None, None
    since, until = min(since for since, _ in held), max(until for _, until in held)
    return since or None, None if until == "9999" else until
