"""What follows from evidence, all in memory: the same functions as in kgraph, led together in the plainest way."""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from typing import TypeVar

from kgraph.articles.addresses import canonical
from kgraph.articles.register import key_of
from kgraph.catalogue import Catalogue
from kgraph.decisions import Decision, latest, rejected
from kgraph.folder import ArticleRow, EvidenceRow, FillerRow, LocalActorRow, SpeakerRow
from kgraph.projection.actors import (
    Name,
    Naming,
    Row,
    Who,
    actor_row,
    base_id,
    find_background,
    find_name,
    kinds_decided,
    merge_ids,
    own_id,
    prevailing,
    with_decided,
)
from kgraph.projection.claims import Claim, claim_row, evidence_rows, identify, reviewed, role_rows
from kgraph.projection.conflicts import Holding, conflict_rows, contested, holdings
from kgraph.projection.edges import Ends, edge_row, find_ends
from kgraph.projection.judgement import Judged, Roles, added_row, judge, orphan_rows, revision_row
from kgraph.projection.statements import UNNAMED, Said, say, say_added
from kgraph.schema import load_schema

Key = TypeVar("Key")
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class EvidenceRows:
    """All that was read, as far as anything follows from it, each table in the order of its key."""

    article: list[ArticleRow]
    local_actor: list[LocalActorRow]
    evidence: list[EvidenceRow]
    filler: list[FillerRow]
    speaker: list[SpeakerRow]
    texts: Mapping[str, str] = field(default_factory=dict)  # by the keys of the articles
    renamed: Mapping[str, str] = field(default_factory=dict)


def load_rows(db: sqlite3.Connection) -> EvidenceRows:
    """What the projection needs."""
    return EvidenceRows(
        _load(db, "article", ArticleRow, "key"),
        _load(db, "local_actor", LocalActorRow, "article, local"),
        _load(db, "evidence", EvidenceRow, "id"),
        _load(db, "filler", FillerRow, "evidence, role, local"),
        _load(db, "speaker", SpeakerRow, "evidence, depth"),
        dict(db.execute("SELECT key, text FROM main.article")),
        dict(db.execute("SELECT old, new FROM main.renamed")),
    )


AnyRow = TypeVar("AnyRow", ArticleRow, LocalActorRow, EvidenceRow, FillerRow, SpeakerRow)


def _load(db: sqlite3.Connection, table: str, record: type[AnyRow], order: str) -> list[AnyRow]:
    columns = ", ".join(f'"{name}"' for name in record._fields)
    once: dict[object, object] = {}  # most values stand in many rows: one object for all takes half the memory
    rows = db.execute(f"SELECT {columns} FROM main.{table} ORDER BY {order}")
    return [record._make([once.setdefault(value, value) for value in row]) for row in rows]


@dataclass(frozen=True, slots=True)
class Projected:
    """The rows of the tables that follow for whoever reads a graph, each in the order of its columns in evidence.sql."""

    actor: list[Row]
    resolution: list[Row]
    claim: list[Row]
    claim_role: list[Row]
    claim_evidence: list[Row]
    conflict: list[Row]
    edge: list[Row]
    background: list[Row]
    redirect: list[Row]
    revision: list[Row]
    added: list[Row]
    outlet: list[Row]
    orphan: list[Row]


def project(
    rows: EvidenceRows, catalogue: Catalogue, decisions: Sequence[Decision], owners: Mapping[str, str] | None = None
) -> Projected:
    """All that follows from the evidence; `owners` says to which group an outlet belongs."""
    catalogue, owners = with_decided(catalogue, decisions), owners or {}
    base = {(one.article, one.local): base_id(one, catalogue, latest(decisions, "actor")) for one in rows.local_actor}
    learnt = _learn(rows.local_actor, base)
    who = Who(catalogue, learnt.get, merge_ids(decisions, learnt.get))
    resolution = {key: who.of(id) for key, id in base.items()}
    kept = _Kept(rows, resolution)
    judged = judge(decisions, kept, who)
    said = [*_say(rows, resolution, judged, owners)]
    every = [*_claims(said)]
    verdicts = rejected(decisions)
    ratings = {target: decision.value for target, decision in latest(decisions, "credibility").items()}
    claims = [claim for one in every if (claim := reviewed(one, verdicts.get(one.id)))]
    names = _names(rows.local_actor, resolution, judged, who, kinds_decided(who, decisions))
    background = sorted(find_background(names, catalogue))
    kept.know(names, (claim.id for claim in every))
    return Projected(
        [*_actors(names, background, resolution, catalogue)],
        sorted((*key, actor) for key, actor in resolution.items()),
        [claim_row(one, lambda actor: names[actor].name, ratings.get(one.id), catalogue) for one in claims],
        [*chain.from_iterable(map(role_rows, claims))],
        [*chain.from_iterable(map(evidence_rows, claims))],
        [*_conflicts(claims)],
        sorted(_edges(claims, catalogue), key=_first),
        background,
        sorted((old, new) for old in learnt.keys() | who.merged.keys() if (new := who.leads_to(old))),
        sorted(map(revision_row, judged.evidence.values()), key=_first),
        sorted((added_row(row) for row, _ in judged.additions.values()), key=_first),
        sorted(_outlets(rows, decisions, owners)),
        sorted(orphan_rows(decisions, judged, kept, who)),
    )


def _first(row: Row) -> str:
    return str(row[0])


def _grouped(pairs: Iterable[tuple[Key, Value]]) -> dict[Key, list[Value]]:
    found: dict[Key, list[Value]] = defaultdict(list)
    for key, value in pairs:
        found[key].append(value)
    return found


# Actors. -------------------------------------------------------------------------------------------------------------


def _learn(locals_: Iterable[LocalActorRow], base: Mapping[tuple[str, str], str]) -> dict[str, str]:
    """Under which id the catalogue knows the actors of each own id."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for one in locals_:
        own, known = own_id(one), base[one.article, one.local]
        if own != known:
            found[own][known] += 1
    return {own: prevailing(counts) for own, counts in found.items()}


def _names(
    locals_: Iterable[LocalActorRow], resolution: Mapping[tuple[str, str], str], judged: Judged, who: Who,
    kinds: Mapping[str, str],
) -> dict[str, Name]:  # fmt: skip
    """What every actor is called whom an article names or a decision."""
    namings: dict[str, list[Naming]] = {actor: [] for actor in judged.actors}
    for one in locals_:
        naming = Naming(one.name, one.kind, one.country or "", one.forms, 1)
        namings.setdefault(resolution[one.article, one.local], []).append(naming)
    return {actor: find_name(actor, some, who.catalogue, kinds.get(actor)) for actor, some in namings.items()}


def _actors(
    names: Mapping[str, Name],
    background: Iterable[Row],
    resolution: Mapping[tuple[str, str], str],
    catalogue: Catalogue,
) -> Iterator[Row]:
    articles = _grouped((actor, article) for (article, _), actor in resolution.items())
    above = {str(end) for row in background for end in row[1:3]} & catalogue.entries.keys()
    for actor in sorted(names.keys() | above):
        yield actor_row(actor, names.get(actor) or find_name(actor, (), catalogue), len({*articles.get(actor, ())}))


# Evidence. -----------------------------------------------------------------------------------------------------------


def _say(
    rows: EvidenceRows, resolution: Mapping[tuple[str, str], str], judged: Judged, owners: Mapping[str, str]
) -> Iterator[Said]:
    """What all the evidence says."""
    articles = {article.key: article for article in rows.article}
    fillers, speakers = _grouped((f.evidence, f) for f in rows.filler), _grouped((s.evidence, s) for s in rows.speaker)

    for row in rows.evidence:
        roles = tuple((f.role, resolution[row.article, f.local]) for f in fillers.get(row.id, ()))
        told_by = [resolution[row.article, s.local] if s.local else UNNAMED + s.text for s in speakers.get(row.id, ())]
        if said := say(row, articles[row.article], roles, told_by, owners, judged.evidence.get(row.id)):
            yield said
    for row, roles in judged.additions.values():
        yield say_added(row, roles, articles[row.article], owners)


def _outlets(rows: EvidenceRows, decisions: Sequence[Decision], owners: Mapping[str, str]) -> Iterator[Row]:
    """Who brought the articles, with the letters that a person gave."""
    counts = Counter(article.outlet for article in rows.article if article.outlet)
    letters = {target.casefold(): decision.value for target, decision in latest(decisions, "outlet").items()}
    for name, count in counts.items():
        yield (name, count, letters.get(name.casefold()), owners.get(name.casefold()))


class _Kept:
    """Where decisions are looked up. Implements judgement.Kept."""

    def __init__(self, rows: EvidenceRows, resolution: Mapping[tuple[str, str], str]) -> None:
        self._rows, self._resolution = rows, resolution
        self._evidence = {row.id: row for row in rows.evidence}
        self._outlets = {article.outlet.casefold() for article in rows.article if article.outlet}
        self._mentioned, self._actors, self._claims = {*resolution.values()}, set[str](), set[str]()

    def know(self, actors: Iterable[str], claims: Iterable[str]) -> None:
        """What has followed meanwhile."""
        self._actors, self._claims = {*actors}, {*claims}

    @cached_property
    def _alike(self) -> dict[tuple[str, str, str], list[tuple[str, set[str]]]]:
        fillers = _grouped((filler.evidence, filler.local) for filler in self._rows.filler)
        found: dict[tuple[str, str, str], list[tuple[str, set[str]]]] = defaultdict(list)
        for row in self._rows.evidence:
            actors = {self._resolution[row.article, local] for local in fillers.get(row.id, ())}
            found[row.article, row.sentence, row.type].append((row.id, actors))
        return found

    def evidence(self, id: str) -> EvidenceRow | None:
        return self._evidence.get(id)

    def evidence_of(self, article: str, sentence: str, type: str) -> Iterable[tuple[str, set[str]]]:
        return self._alike.get((article, sentence, type), ())

    def articles(self, key: str) -> Sequence[str]:
        if key in self._rows.texts:
            return [key]
        there = [one.key for one in self._rows.article if one.address and one.address == canonical(key)]
        likely = [name for name in (key_of(key), self._rows.renamed.get(key)) if name in self._rows.texts]
        return [*dict.fromkeys([*likely, *there])]

    def find(self, article: str, words: str, start: int) -> int:
        text = self._rows.texts[article]
        return start if text.startswith(words, start) else text.find(words)

    def has_outlet(self, name: str) -> bool:
        return name in self._outlets

    def is_mentioned(self, actor: str) -> bool:
        return actor in self._mentioned

    def is_actor(self, actor: str) -> bool:
        return actor in self._actors

    def is_claim(self, claim: str) -> bool:
        return claim in self._claims


# Claims and edges. ---------------------------------------------------------------------------------------------------


def _claims(said: Iterable[Said]) -> Iterator[Claim]:
    """The claims, in the order of their ids."""
    schema = load_schema()
    found: dict[tuple[str, str, Roles], list[Said]] = defaultdict(list)
    for one in said:
        for id, identity in identify(one):
            found[id, one.type, identity].append(one)
    for (id, type, identity), some in sorted(found.items(), key=lambda item: item[0]):
        yield Claim(id, schema[type], identity, tuple(some))


def _conflicts(claims: Iterable[Claim]) -> list[Row]:
    places: dict[str, set[Holding]] = defaultdict(set)
    for claim in claims:
        if place := contested(claim):
            places[place] |= holdings(claim)
    return sorted({pair for some in places.values() for pair in conflict_rows(some)})


def _edges(claims: Iterable[Claim], catalogue: Catalogue) -> Iterator[Row]:
    found: dict[Ends, list[Claim]] = defaultdict(list)
    for claim in claims:
        for ends in find_ends(claim):
            found[ends].append(claim)
    for ends, some in found.items():
        yield edge_row(ends, some, catalogue)
