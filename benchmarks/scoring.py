"""Compares found claims and actors with gold files, article by article; tests/gold/README.md says how gold is written.

A found claim counts once an article. It is right when a gold claim of its article, required or optional, has its type
and its two key actors; a required gold claim is missed when no found claim fits it. All figures are sums over articles.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations, product
from pathlib import Path
from typing import Any

import yaml

from kgraph.records import Kind
from kgraph.schema import load_schema

STATUSES = ("asserted", "reported", "planned", "possible", "denied", "negated", "ended")
KINDS = tuple(kind.value for kind in Kind)
Names = frozenset[str]  # all the names of one actor, reduced to what is compared
Counts = Counter[tuple[str, str]]  # (part, what) → how many, over one article or several


@dataclass(frozen=True, slots=True)
class Actor:
    """An actor of one article."""

    names: Names
    kinds: frozenset[str]
    optional: bool = False
    label: str = ""


@dataclass(slots=True)
class Claim:
    """A claim in one article: in gold with the names that are accepted, when found with those that it has."""

    type: str
    ends: tuple[Names | None, Names | None]
    further: dict[str, list[Names]]
    statuses: list[str]  # gold: those accepted; found: one a sentence, as they stand in the text
    optional: bool = False
    label: str = ""

    @property
    def status(self) -> str:
        """The most frequent one; of equally frequent ones the first."""
        return Counter(self.statuses).most_common(1)[0][0]


@dataclass(slots=True)
class Sheet:
    """What one article has, by its gold file or by what was found."""

    actors: list[Actor] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Miss:
    """One thing that gold and what was found do not share."""

    article: str
    what: str  # "missed claim", "wrong claim", "wrong status", "missed actor", "wrong actor"
    label: str


# Names. --------------------------------------------------------------------------------------------------------------


def reduced(name: str) -> str:
    """A name without case, accents, punctuation, spaces and "the"."""
    letters = [char for char in unicodedata.normalize("NFKD", name).casefold() if not unicodedata.combining(char)]
    return "".join(word for word in re.split(r"[\W_]+", "".join(letters)) if word != "the")


def _fits(one: Names | None, other: Names | None) -> bool:
    return not one and not other if one is None or other is None else not one.isdisjoint(other)


def _names(filler: dict[str, Any], listed: Sequence[Names]) -> Names:
    """A filler's name and aliases; only the name where together they would be several actors of the article."""
    every = frozenset(map(reduced, [filler["name"], *(filler.get("aliases") or ())]))
    several = sum(not every.isdisjoint(names) for names in listed) > 1
    return frozenset({reduced(filler["name"])}) if several else every


# Gold. ---------------------------------------------------------------------------------------------------------------


def gold_sheets(files: Iterable[Path]) -> dict[str, tuple[Sheet, list[Names]]]:
    """By article: its gold, and the names of each actor that the file lists. Raises ValueError, naming the file."""
    sheets = {}
    for path in files:
        try:
            data = yaml.safe_load(path.read_text(encoding="utf-8"))
            sheets[str(data["article"])] = _gold(data)
        except (ValueError, KeyError, TypeError, AttributeError, yaml.YAMLError) as error:
            raise ValueError(f"{path}: {error!r}; see tests/gold/README.md for the format") from error
    return sheets


def _gold(data: dict[str, Any]) -> tuple[Sheet, list[Names]]:
    sheet, known = Sheet(), dict[str, Names]()
    for entry in data["actors"]:
        known[entry["name"]] = names = frozenset(map(reduced, [entry["name"], *entry.get("also", ())]))
        kinds = _known(_several(entry["kind"]), KINDS)
        sheet.actors.append(Actor(names, frozenset(kinds), entry.get("optional", False), entry["name"]))
    listed = list(known.values())
    for entry in data["claims"]:
        claim, accepted = _gold_claim(entry, known)
        sheet.claims.append(claim)
        for name in sorted(accepted - known.keys()):  # named only as another right filler: right if found as an actor
            known[name] = frozenset({reduced(name)})
            sheet.actors.append(Actor(known[name], frozenset(KINDS), True, name))
    return sheet, listed


def _gold_claim(entry: dict[str, Any], known: dict[str, Names]) -> tuple[Claim, set[str]]:
    (kind,) = _known([entry["type"]], load_schema())
    one, other, *further = _roles(kind)
    accepted = {role: _several(entry[role]) for role in entry.keys() - {"type", "status", "words", "optional"}}
    _known(accepted, (one, other, *further))
    names = {role: frozenset[str]().union(*(_of(name, known) for name in some)) for role, some in accepted.items()}
    fillers = ", ".join(f"{role} {'|'.join(accepted[role])}" for role in (one, other, *further) if role in accepted)
    claim = Claim(
        kind,
        (names.get(one), names.get(other)),
        {role: [names[role]] for role in further if role in names},
        _known(_several(entry["status"]), STATUSES),
        entry.get("optional", False),
        f"{kind} {fillers} “{entry.get('words', '')}”",
    )
    return claim, {name for some in accepted.values() for name in some}


def _of(name: str, known: dict[str, Names]) -> Names:
    return known.get(name) or frozenset({reduced(name)})


def _roles(kind: str) -> tuple[str, ...]:
    """The roles as gold writes them: `a` and `b` where a relation has no direction."""
    relation = load_schema()[kind]
    return ("a", "b", *relation.roles[2:]) if relation.symmetric else relation.roles


def _several(value: Any) -> list[str]:
    return list(map(str, value)) if isinstance(value, list) else [str(value)]


def _known(words: Iterable[str], allowed: Iterable[str]) -> list[str]:
    known, asked = set(allowed), list(words)
    if unknown := [word for word in asked if word not in known]:
        raise ValueError(f"{unknown[0]}: none of {', '.join(sorted(known))}")
    return asked


# What was found. -----------------------------------------------------------------------------------------------------


def found_sheets(lines: Iterable[dict[str, Any]], listed: dict[str, list[Names]]) -> dict[str, Sheet]:
    """By article: what lines as `kgraph claims` and `kgraph actors` print them as JSON hold for it."""
    actors: dict[tuple[str, str, str], Actor] = {}
    claims: dict[tuple[str, ...], tuple[str, Claim]] = {}
    for line in lines:
        if "actor" in line:
            for article in map(_base, line["articles"]):
                _add_actor(actors, article, line["actor"], listed.get(article, []))
        else:
            _add_claims(claims, line, listed)
    sheets = {article: Sheet() for article in listed}
    for (article, _, _), actor in actors.items():
        if article in sheets:
            sheets[article].actors.append(actor)
    for article, claim in claims.values():
        if article in sheets:
            sheets[article].claims.append(claim)
    return sheets


def _base(article: str) -> str:
    return article.rsplit("/", 1)[-1]


def _add_actor(
    actors: dict[tuple[str, str, str], Actor], article: str, filler: dict[str, Any], listed: list[Names]
) -> None:
    (kind,) = _known([filler["kind"]], KINDS)
    key = (article, reduced(filler["name"]), kind)
    names = _names(filler, listed) | (actors[key].names if key in actors else frozenset())
    actors[key] = Actor(names, frozenset({kind}), label=f"{filler['name']} ({kind})")


def _add_claims(
    claims: dict[tuple[str, ...], tuple[str, Claim]], line: dict[str, Any], listed: dict[str, list[Names]]
) -> None:
    """Adds the claims of a line: one an article and a pair of key actors, joined with the same one of other lines."""
    kind, roles = line["type"], line["roles"]
    relation = load_schema()[kind]
    further = {role: roles[role] for role in relation.roles[2:] if roles.get(role)}
    for pair, (article, statuses) in product(_pairs(kind, roles), _statuses(line).items()):
        here = listed.get(article, [])
        ends = [reduced(end["name"]) if end else "" for end in pair]
        key = (article, kind, *(sorted(ends) if relation.symmetric else ends))
        one, other = (_names(end, here) if end else None for end in pair)
        label = f"{kind} {' > '.join(end['name'] if end else '?' for end in pair)}"
        _, claim = claims.setdefault(key, (article, Claim(kind, (one, other), {}, [], label=label)))
        claim.statuses.extend(statuses)
        for role, fillers in further.items():
            claim.further.setdefault(role, []).extend(_names(filler, here) for filler in fillers)


def _pairs(kind: str, roles: dict[str, list[dict[str, Any]]]) -> list[tuple[Any, Any]]:
    one, other = load_schema()[kind].key_roles
    if one == other:
        return list(combinations(roles[one], 2))
    nobody: list[Any] = [None]
    return list(product(roles.get(one) or nobody, roles.get(other) or nobody))


def _statuses(line: dict[str, Any]) -> dict[str, list[str]]:
    """By article: the status of each sentence behind a claim, in the order of the text."""
    found: dict[str, list[str]] = {}
    for evidence in sorted(line["evidence"], key=lambda one: one.get("start") or 0):
        status = _known([evidence.get("status") or line["status"]], STATUSES)
        found.setdefault(_base(evidence["article"]), []).extend(status)
    return found


# Comparing. ----------------------------------------------------------------------------------------------------------


def joins(found: Claim, gold: Claim) -> bool:
    """Whether two claims have the same two actors, the right way round."""
    (a, b), (c, d) = found.ends, gold.ends
    undirected = load_schema()[found.type].symmetric or load_schema()[gold.type].symmetric
    return (_fits(a, c) and _fits(b, d)) or (undirected and _fits(a, d) and _fits(b, c))


def matches(found: Claim, gold: Claim) -> bool:
    return found.type == gold.type and joins(found, gold)


def is_actor(found: Actor, gold: Actor) -> bool:
    return _fits(found.names, gold.names) and not found.kinds.isdisjoint(gold.kinds)


def compare(article: str, gold: Sheet, found: Sheet) -> tuple[Counts, list[Miss]]:
    """What an article adds to every figure, and what is wrong or missed there."""
    counts: Counts = Counter()
    misses = [
        *_misses(article, "claim", gold.claims, found.claims, matches),
        *_misses(article, "actor", gold.actors, found.actors, is_actor),
    ]
    _count(counts, "claims", gold.claims, found.claims, matches)
    _count(counts, "types ignored", gold.claims, found.claims, joins)
    _count(counts, "actors", gold.actors, found.actors, is_actor)
    for kind in {claim.type for claim in (*gold.claims, *found.claims)}:
        golds, founds = ([claim for claim in claims if claim.type == kind] for claims in (gold.claims, found.claims))
        _count(counts, f"type {kind}", golds, founds, matches)
    for claim in gold.claims:
        if not claim.optional:
            part = f"status {claim.statuses[0]}"
            counts[part, "required"] += 1
            counts[part, "hit"] += any(matches(one, claim) for one in found.claims)
    for claim in found.claims:
        misses += _judge(counts, article, claim, [one for one in gold.claims if matches(claim, one)])
    return counts, misses


def _count(counts: Counts, part: str, golds: Sequence[Any], founds: Sequence[Any], fits: Any) -> None:
    required = [gold for gold in golds if not gold.optional]
    counts[part, "found"] += len(founds)
    counts[part, "right"] += sum(any(fits(found, gold) for gold in golds) for found in founds)
    counts[part, "required"] += len(required)
    counts[part, "hit"] += sum(any(fits(found, gold) for found in founds) for gold in required)


def _misses(article: str, noun: str, golds: Sequence[Any], founds: Sequence[Any], fits: Any) -> Iterator[Miss]:
    for found in founds:
        if not any(fits(found, gold) for gold in golds):
            yield Miss(article, f"wrong {noun}", found.label)
    for gold in golds:
        if not gold.optional and not any(fits(found, gold) for found in founds):
            yield Miss(article, f"missed {noun}", gold.label)


def _judge(counts: Counts, article: str, claim: Claim, golds: Sequence[Claim]) -> Iterator[Miss]:
    """Counts whether a found claim has the right status and further roles, if it is right at all."""
    part = f"status {claim.status}"
    counts[part, "found"] += 1
    if not golds:
        return
    status = any(claim.status in gold.statuses for gold in golds)
    asked = all(gold.further for gold in golds)
    for row in ("status", part):
        counts[row, "of"] += 1
        counts[row, "share"] += status
    counts["further roles", "of"] += asked
    counts["further roles", "share"] += asked and any(_has_roles(claim, gold) for gold in golds)
    if not status:
        yield Miss(article, "wrong status", f"{claim.status}, not {'/'.join(golds[0].statuses)}: {golds[0].label}")


def _has_roles(claim: Claim, gold: Claim) -> bool:
    return all(
        any(_fits(names, accepted) for names in claim.further.get(role, ()))
        for role, (accepted,) in gold.further.items()
    )


# Figures. ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Scores:
    """The figures of some articles: counts by article, and what is wrong or missed."""

    counts: dict[str, Counts]
    misses: tuple[Miss, ...]

    @property
    def total(self) -> Counts:
        return sum(self.counts.values(), Counter())

    def precision(self, part: str = "claims") -> float:
        return _share(self.total, part, "right", "found")

    def recall(self, part: str = "claims") -> float:
        return _share(self.total, part, "hit", "required")

    def f1(self, part: str = "claims") -> float:
        return _f1(self.total, part)

    def share(self, part: str) -> float:
        """Of the right claims, how many have the right status, or the right further roles."""
        return _share(self.total, part, "share", "of")

    def interval(self, part: str = "claims", draws: int = 1000, seed: int = 0) -> tuple[float, float]:
        """Where F1 lies in 95 of 100 draws of as many articles, each drawn anew from all of them."""
        articles, chance = list(self.counts.values()), random.Random(seed)
        drawn = (sum(chance.choices(articles, k=len(articles)), Counter()) for _ in range(draws))
        values = sorted(_f1(counts, part) for counts in drawn)
        return values[int(draws * 0.025)], values[int(draws * 0.975) - 1]


def scores(files: Iterable[Path], lines: Iterable[dict[str, Any]]) -> Scores:
    """How well the lines of `kgraph claims` and `kgraph actors` fit some gold files."""
    gold = gold_sheets(files)
    found = found_sheets(lines, {article: listed for article, (_, listed) in gold.items()})
    counts, misses = dict[str, Counts](), list[Miss]()
    for article, (sheet, _) in gold.items():
        counts[article], some = compare(article, sheet, found[article])
        misses += some
    return Scores(counts, tuple(misses))


def _share(counts: Counts, part: str, some: str, whole: str) -> float:
    return counts[part, some] / counts[part, whole] if counts[part, whole] else 0.0


def _f1(counts: Counts, part: str) -> float:
    precision, recall = _share(counts, part, "right", "found"), _share(counts, part, "hit", "required")
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0
