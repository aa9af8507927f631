"""Evidence, catalogue and decisions → actors, claims and edges: pure functions over sorted rows.

Canonical ids are given here, never before. The same rows give the same result in whatever order they were read.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, combinations, product
from typing import Any, NamedTuple

from kgraph.catalogue import Catalogue, Entry, fold
from kgraph.decisions import PAIRS, VERDICTS, Decision, latest, rejected
from kgraph.evidence import ArticleRow, EvidenceRow, EvidenceRows, FillerRow, LocalActorRow, SpeakerRow
from kgraph.model import Kind, Status, digest
from kgraph.schema import RelationType, load_schema

Row = tuple[object, ...]

STAGES = ("requested", "offered", "planned", "agreed", "attempted", "ongoing", "done")  # how far a thing has come
_STRONGEST = list(Status)
_AFFIRMED = ("affirmed",)


@dataclass(frozen=True, slots=True)
class Projected:
    """The rows of the tables that follow, each in the order of its columns in evidence.sql."""

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


@dataclass(frozen=True, slots=True)
class Said:
    """One evidence, with all that counts when claims are summed up."""

    row: EvidenceRow
    roles: tuple[tuple[str, str], ...]  # role and canonical actor, in the order of the text
    published: str | None
    origin: str
    review: str | None = None  # accepted, edited, disbelieved or manual, where a person has looked
    named: bool = True  # whether the origin has a name

    @property
    def disbelieved(self) -> bool:
        return self.review == "disbelieved"

    @property
    def affirmed(self) -> bool:
        return self.row.polarity == "affirmed"

    @property
    def holds(self) -> bool:
        """Whether it says that the thing is or was so."""
        return (
            self.affirmed
            and not self.row.hypothetical
            and self.row.certainty == "certain"
            and self.row.stage in ("ongoing", "done", "stopped")
        )


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim: its type, who identifies it, and the evidence for and against it."""

    id: str
    relation: RelationType
    identity: tuple[tuple[str, str], ...]
    said: tuple[Said, ...]


def project(
    rows: EvidenceRows, catalogue: Catalogue, decisions: Sequence[Decision], owners: Mapping[str, str] | None = None
) -> Projected:
    """All that follows from the evidence; `owners` says to which group an outlet belongs."""
    who = _resolve(rows, _with_decided(catalogue, decisions), decisions)
    judged = _judge(rows, who, decisions)
    said = [*_said(rows, who, judged, owners or {})]
    names = _names(rows, who, decisions, {actor for one in said for _, actor in one.roles})
    every = [*_claims(said)]
    claims = [*_judged_claims(every, decisions)]
    background = sorted(_background({*names}, who.catalogue))
    ratings = {d.target: d.value for d in decisions if d.action == "credibility"}
    return Projected(
        [*_actors(who, names, background)],
        sorted((article, local, actor) for (article, local), actor in who.resolution.items()),
        [_claim_row(claim, names, ratings.get(claim.id), background) for claim in claims],
        sorted(chain.from_iterable(map(_role_rows, claims))),
        sorted((claim.id, one.row.id, one.origin) for claim in claims for one in claim.said),
        sorted(_conflicts(claims)),
        sorted(_edges(claims, background), key=lambda row: str(row[0])),
        background,
        sorted(who.redirect.items()),
        sorted(judged.revisions, key=lambda row: str(row[0])),
        sorted(judged.added, key=lambda row: str(row[0])),
        sorted(_outlets(rows, decisions, owners or {})),
        sorted(_orphans(rows, who, judged, every, names, decisions)),
    )


# Who is who. ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Who:
    """Which actor of the graph each local actor is, and which ids lead to which others."""

    catalogue: Catalogue
    resolution: Mapping[tuple[str, str], str]
    redirect: Mapping[str, str]

    def final(self, actor: str) -> str:
        """The id that an id stands for now."""
        return _final(actor, self.redirect)


def _with_decided(catalogue: Catalogue, decisions: Sequence[Decision]) -> Catalogue:
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


def _resolve(rows: EvidenceRows, catalogue: Catalogue, decisions: Sequence[Decision]) -> Who:
    decided = latest(decisions, "actor")
    found = {(one.article, one.local): _entry(one, catalogue, decided) for one in rows.local_actor}
    learnt = {
        own: entry.id
        for one in rows.local_actor
        if (entry := found[one.article, one.local]) and entry.id != (own := _own_id(one))
    }
    merged = _merged(decisions, learnt)
    resolution = {
        (one.article, one.local): _final(entry.id if entry else _own_id(one), merged)
        for one in rows.local_actor
        for entry in (found[one.article, one.local],)
    }
    redirect = {old: _final(new, merged) for old, new in (learnt | merged).items()}
    return Who(catalogue, resolution, {old: new for old, new in redirect.items() if old != new})


def _entry(local: LocalActorRow, catalogue: Catalogue, decided: Mapping[str, Decision]) -> Entry | None:
    """What the catalogue knows an actor as: the row that the text fitted, else the only one of that name and kind."""
    if local.entry and local.entry in catalogue.entries:
        return catalogue.entries[local.entry]
    named = catalogue.lookup(local.name)
    if made := [
        entry for entry in named if entry.id in decided
    ]:  # a person said so: of whatever kind the article took it
        return made[0]
    fitting = [entry for entry in named if entry.kind.value == local.kind]
    return fitting[0] if len(fitting) == 1 else None


def _own_id(local: LocalActorRow) -> str:
    """An id for a name that the catalogue lacks; one word alone is nobody outside its article."""
    slug = _slug(local.name)
    prefix = {Kind.WEAPON.value: "weapon"}.get(local.kind, local.kind.lower())
    specific = len(local.name.split()) > 1 or any(char.isdigit() for char in local.name)
    return f"{prefix}:{slug}" if specific and slug else f"{prefix}:{slug or 'unnamed'}@{digest(local.article)[:8]}"


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).casefold()
    return re.sub(r"[\W_]+", "-", "".join(c for c in plain if not unicodedata.combining(c))).strip("-")


def _merged(decisions: Sequence[Decision], learnt: Mapping[str, str]) -> dict[str, str]:
    """The id into which each id was merged by a person; "not the same" takes back "same" of the same two.

    Decisions name ids as they were; what the catalogue learnt since is looked up first.
    """
    said: dict[frozenset[str], tuple[str, str]] = {}
    for decision in decisions:
        if decision.action in PAIRS:
            one, other = learnt.get(decision.target, decision.target), learnt.get(decision.value, decision.value)
            said.pop(frozenset((one, other)), None)
            if decision.action == "same":
                said[frozenset((one, other))] = one, other
    merged: dict[str, str] = {}
    for one, other in said.values():
        if _final(one, merged) != _final(other, merged):
            merged[_final(other, merged)] = _final(one, merged)
    return merged


def _final(actor: str, merged: Mapping[str, str]) -> str:
    while actor in merged:
        actor = merged[actor]
    return actor


@dataclass(frozen=True, slots=True)
class _Name:
    name: str
    kind: str
    aliases: tuple[str, ...]
    country: str | None
    known: bool


def _names(rows: EvidenceRows, who: Who, decisions: Sequence[Decision], used: set[str]) -> dict[str, _Name]:
    """Name, kind and aliases of every actor: the catalogue's, else the most frequent ones of the articles."""
    locals_of: dict[str, list[LocalActorRow]] = defaultdict(list)
    for local in rows.local_actor:
        locals_of[who.resolution[local.article, local.local]].append(local)
    kinds = {who.final(decision.target): decision.value for decision in decisions if decision.action == "kind"}
    for actor in used - locals_of.keys():  # only in what a person added
        locals_of[actor] = []
    return {actor: _name(actor, found, who.catalogue, kinds.get(actor)) for actor, found in locals_of.items()}


def _name(actor: str, found: list[LocalActorRow], catalogue: Catalogue, kind: str | None) -> _Name:
    entry = catalogue.entries.get(actor)
    forms = {form for local in found for form in (local.name, *json.loads(local.forms))}
    if entry:
        aliases = {*forms, *entry.aliases} - {entry.name}
        return _Name(
            entry.name, kind or entry.kind.value, tuple(sorted(aliases)), next(iter(entry.country), None), True
        )
    name = _most_frequent(local.name for local in found)
    return _Name(
        name,
        kind or _most_frequent(local.kind for local in found),
        tuple(sorted(forms - {name})),
        _most_frequent(local.country for local in found if local.country) or None,
        False,
    )


def _most_frequent(values: Iterable[str]) -> str:
    counts = Counter(values)
    return min(counts, key=lambda value: (-counts[value], value), default="")


def _actors(who: Who, names: Mapping[str, _Name], background: Sequence[Row]) -> Iterator[Row]:
    articles: dict[str, set[str]] = defaultdict(set)
    for (article, _), actor in who.resolution.items():
        articles[actor].add(article)
    above = {str(end) for row in background for end in row[1:3]} - names.keys()
    for actor in sorted(names.keys() | above):
        name = names.get(actor) or (_name(actor, [], who.catalogue, None) if actor in who.catalogue.entries else None)
        if name:
            count = len(articles[actor])
            yield (actor, name.name, name.kind, _json(name.aliases), name.country, count, int(name.known))


def _background(actors: set[str], catalogue: Catalogue) -> Iterator[Row]:
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
    held: dict[tuple[str, str], str] = {}
    for office in entry.offices:
        held[office.target, office.since] = max(office.until or "9999", held.get((office.target, office.since), ""))
    yield from (
        ("OFFICE_OF", entry.id, target, since, "" if until == "9999" else until)
        for (target, since), until in held.items()
    )
    if entry.family:
        yield ("VARIANT_OF", entry.id, entry.family, "", "")


# What a person made of it. -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Judged:
    """What decisions make of the evidence: rows that differ from what was read, and where their fillers differ."""

    evidence: Mapping[str, EvidenceRow]  # as a person left them
    roles: Mapping[str, Mapping[str, str]]  # evidence → role → the right actor ("" for nobody)
    review: Mapping[str, str]  # evidence → accepted, edited, rejected, disbelieved
    additions: Mapping[str, tuple[EvidenceRow, tuple[tuple[str, str], ...]]]
    revisions: list[Row]
    added: list[Row]
    lost: Mapping[str, str]  # decisions that fit nothing, and why


# What an evidence says that a person calls so.
FIELDS_OF_STATUS: dict[str, dict[str, Any]] = {
    "asserted": {"polarity": "affirmed", "certainty": "certain", "hypothetical": 0, "voice": "author"},
    "reported": {"polarity": "affirmed", "certainty": "certain", "hypothetical": 0, "voice": "attributed"},
    "ended": {"polarity": "affirmed", "stage": "stopped", "hypothetical": 0},
    "planned": {"polarity": "affirmed", "stage": "planned", "hypothetical": 0},
    "possible": {"polarity": "affirmed", "certainty": "possible"},
    "denied": {"polarity": "denied", "voice": "attributed"},
    "negated": {"polarity": "negated", "voice": "author"},
}
_COLUMNS = {"eventFrom": "event_from", "eventTo": "event_to", "datePrecision": "date_precision"}


def _judge(rows: EvidenceRows, who: Who, decisions: Sequence[Decision]) -> Judged:
    """Replays the decisions about evidence, in the order in which they were made."""
    known = {row.id: row for row in rows.evidence}
    find = _finder(rows, who, decisions)
    evidence: dict[str, EvidenceRow] = {}
    roles: dict[str, dict[str, str]] = defaultdict(dict)
    review, lost = dict[str, str](), dict[str, str]()
    for decision in decisions:
        if decision.action not in (*VERDICTS, "edit"):
            continue
        id = decision.target if decision.target in known else find(decision)
        if not id:
            continue
        row = evidence.get(id, known[id])
        evidence[id] = row if decision.action in VERDICTS else _edited(row, decision)
        review[id] = VERDICTS.get(decision.action, "edited")
        if decision.field.startswith("role:"):
            roles[id][decision.field.removeprefix("role:")] = who.final(decision.value) if decision.value else ""
    additions = {}
    for decision in decisions:
        if decision.action == "add":
            made = _addition(decision, rows, who)
            if isinstance(made, str):
                lost[decision.id] = made
            else:
                additions[made[0].id] = made
    revisions = [_revision(row, review[id]) for id, row in evidence.items()]
    return Judged(evidence, roles, review, additions, revisions, [_added(row) for row, _ in additions.values()], lost)


def _edited(row: EvidenceRow, decision: Decision) -> EvidenceRow:
    name, value = decision.field, decision.value
    if name == "status":
        changes = FIELDS_OF_STATUS[value]
        if value in ("asserted", "reported", "possible") and row.stage not in ("ongoing", "done"):
            changes = changes | {"stage": "done"}
        return row._replace(status=value, **changes)
    if name.startswith("role:"):
        return row
    changed: dict[str, Any] = {_COLUMNS.get(name, name): value or None}
    return row._replace(**changed)


def _revision(row: EvidenceRow, review: str) -> Row:
    return (
        row.id, review, row.status, row.polarity, row.stage, row.certainty, row.hypothetical, row.voice,
        row.event_from, row.event_to, row.date_precision,
    )  # fmt: skip


def _finder(rows: EvidenceRows, who: Who, decisions: Sequence[Decision]) -> Callable[[Decision], str | None]:
    """What finds an evidence again whose id an upgrade has changed: by article, sentence, type and actors."""
    if not any(decision.details.get("sentence") for decision in decisions if decision.action in (*VERDICTS, "edit")):
        return lambda decision: None
    fillers = _grouped(rows.filler)
    places: dict[tuple[object, ...], list[str]] = defaultdict(list)
    for row in rows.evidence:
        actors = sorted({who.resolution[row.article, f.local] for f in fillers.get(row.id, ())})
        places[row.article, row.sentence, row.type, tuple(actors)].append(row.id)

    def find(decision: Decision) -> str | None:
        anchor = decision.details
        actors = tuple(sorted({who.final(str(actor)) for actor in anchor.get("actors", ())}))
        found = places.get((anchor.get("article"), anchor.get("sentence"), anchor.get("type"), actors), [])
        return found[0] if len(found) == 1 else None

    return find


def _addition(
    decision: Decision, rows: EvidenceRows, who: Who
) -> tuple[EvidenceRow, tuple[tuple[str, str], ...]] | str:
    """The evidence that a person added, with its actors; else why it fits no longer."""
    details = decision.details
    relation = load_schema().get(str(details["type"]))
    if relation is None:
        return f"there is no relation type {details['type']}"
    if not any(article.key == decision.target for article in rows.article):
        return f"the article {decision.target} is not in the graph"
    mentioned = {*who.resolution.values()}
    roles = tuple((role, who.final(actor)) for role, some in details["roles"].items() for actor in some)
    for role, actor in roles:
        if role not in relation.roles:
            return f"{relation.name} has no role {role}"
        if actor not in mentioned and actor not in who.catalogue.entries:
            return f"there is no actor {actor}"
    start, end = int(details.get("start", 0)), int(details.get("end", 0))
    row = EvidenceRow(
        decision.id, decision.id, decision.target, relation.name, str(details["sentence"]), start, end, "",
        "asserted", "affirmed", "done", "certain", 0, "author",
        details.get("eventFrom"), details.get("eventTo"), details.get("datePrecision"),
    )  # fmt: skip
    return _edited(row, replace(decision, field="status", value=str(details["status"]))), roles


def _added(row: EvidenceRow) -> Row:
    return (
        row.id, row.event, row.article, row.type, row.sentence, row.start, row.end, "", row.start, row.start, "manual",
        row.status, row.polarity, row.stage, row.certainty, row.hypothetical, row.voice, "[]",
        row.event_from, row.event_to, row.date_precision,
    )  # fmt: skip


def _said(rows: EvidenceRows, who: Who, judged: Judged, owners: Mapping[str, str]) -> Iterator[Said]:
    """The evidence with canonical actors, without what a person has called a bad extraction."""
    articles = {article.key: article for article in rows.article}
    fillers, speakers = _grouped(rows.filler), _grouped(rows.speaker)
    for read in rows.evidence:
        if judged.review.get(read.id) == "rejected":
            continue
        row, article = judged.evidence.get(read.id, read), articles[read.article]
        right = judged.roles.get(read.id, {})
        roles = tuple(
            (f.role, who.resolution[row.article, f.local]) for f in fillers.get(row.id, ()) if f.role not in right
        ) + tuple((role, actor) for role, actor in right.items() if actor)
        origin, named = _origin(article, speakers.get(row.id, ()), who, owners)
        yield Said(row, roles, article.published, origin, judged.review.get(row.id), named)
    for row, roles in judged.additions.values():
        origin, named = _origin(articles[row.article], (), who, owners)
        yield Said(row, roles, articles[row.article].published, origin, "manual", named)


def _grouped(rows: Iterable[FillerRow] | Iterable[SpeakerRow]) -> dict[str, list]:  # type: ignore[type-arg]
    found: dict[str, list] = defaultdict(list)  # type: ignore[type-arg]
    for row in rows:
        found[row.evidence].append(row)
    return found


def _origin(
    article: ArticleRow, speakers: Iterable[SpeakerRow], who: Who, owners: Mapping[str, str]
) -> tuple[str, bool]:
    """Who it comes from, and whether that has a name.

    The deepest named speaker, else the agency that the article credits, else the group that owns its outlet, else the
    story that it is a copy of.
    """
    chain_of_speakers = sorted(speakers)
    named = [speaker.local for speaker in chain_of_speakers if speaker.local]
    if named:
        return who.resolution.get((article.key, named[-1]), article.cluster), True
    if article.credit:
        return f"agency:{article.credit}", not chain_of_speakers
    if owner := owners.get((article.outlet or "").casefold()):
        return f"owner:{owner}", not chain_of_speakers
    return article.cluster, bool(article.outlet) and not chain_of_speakers


def _outlets(rows: EvidenceRows, decisions: Sequence[Decision], owners: Mapping[str, str]) -> Iterator[Row]:
    """Who brought the articles, with the letters that a person gave."""
    counts = Counter(article.outlet for article in rows.article if article.outlet)
    letters = {target.casefold(): decision.value for target, decision in latest(decisions, "outlet").items()}
    for name, count in counts.items():
        yield (name, count, letters.get(name.casefold()), owners.get(name.casefold()))


# Decisions that fit nothing. -----------------------------------------------------------------------------------------


def _orphans(
    rows: EvidenceRows,
    who: Who,
    judged: Judged,
    claims: Sequence[Claim],
    names: Mapping[str, _Name],
    decisions: Sequence[Decision],
) -> Iterator[Row]:
    """The decisions whose target is gone, and why; they stay in the file and stand again when it comes back."""
    evidence = {row.id for row in rows.evidence} | judged.additions.keys()
    known_claims, find = {claim.id for claim in claims}, _finder(rows, who, decisions)
    outlets = {article.outlet.casefold() for article in rows.article if article.outlet}
    for decision in decisions:
        if decision.action in (*VERDICTS, "edit"):
            if decision.target not in evidence | known_claims and not find(decision):
                yield (decision.id, "no article says that any more")
        elif decision.action in (*PAIRS, "kind"):
            ends = [decision.target, *([decision.value] if decision.action in PAIRS else [])]
            if gone := [end for end in ends if end not in names and who.final(end) not in names]:
                yield (decision.id, f"no article names {gone[0]} any more")
        elif decision.action == "outlet" and decision.target.casefold() not in outlets:
            yield (decision.id, f"no article comes from {decision.target}")
        elif decision.action == "credibility" and decision.target not in known_claims:
            yield (decision.id, "no article says that any more")
        elif decision.id in judged.lost:
            yield (decision.id, judged.lost[decision.id])


# Claims. -------------------------------------------------------------------------------------------------------------


def _claims(said: Iterable[Said]) -> Iterator[Claim]:
    """The claims, in the order of their ids; an evidence with several fillers of a role makes several."""
    schema, found = load_schema(), defaultdict[tuple[str, tuple[tuple[str, str], ...]], list[Said]](list)
    for one in said:
        for identity in _identities(schema[one.row.type], one.roles):
            found[one.row.type, identity].append(one)
    claims = (
        Claim(digest(name, *chain.from_iterable(identity)), schema[name], identity, tuple(evidence))
        for (name, identity), evidence in found.items()
    )
    yield from sorted(claims, key=lambda claim: claim.id)


def _identities(relation: RelationType, roles: Sequence[tuple[str, str]]) -> Iterator[tuple[tuple[str, str], ...]]:
    """Who identifies the claims of one evidence; nobody relates to himself."""
    by_role: dict[str, list[str]] = defaultdict(list)
    for role, actor in roles:
        by_role[role].append(actor)
    if relation.symmetric:
        role = relation.roles[0]
        yield from (((role, a), (role, b)) for a, b in combinations(sorted(set(by_role[role])), 2))
        return
    first, second = relation.key_roles
    fillers = [by_role.get(role) or [""] for role in relation.identity]
    for chosen in product(*fillers):
        identity = dict(zip(relation.identity, chosen, strict=True))
        if identity[first] != identity[second]:
            yield tuple((role, actor) for role, actor in identity.items() if actor)


def _judged_claims(claims: Iterable[Claim], decisions: Sequence[Decision]) -> Iterator[Claim]:
    """The claims without those that a person rejected; what is said of a claim holds for each of its evidence."""
    verdicts = rejected(decisions)
    for claim in claims:
        verdict = verdicts.get(claim.id)
        if verdict is None:
            yield claim
        elif verdict != "reject":
            yield replace(claim, said=tuple(replace(one, review=VERDICTS[verdict]) for one in claim.said))


class _Sum(NamedTuple):
    """What several sentences come to, with the names of the columns."""

    status: str
    latest_status: str
    realised: int
    current: int
    disputed: int
    stage: str
    articles: int
    origins: int
    denying_origins: int
    first_reported: str | None
    last_reported: str | None
    event_from: str | None
    event_to: str | None
    valid_from: str | None
    valid_to: str | None
    review_status: str | None


def _claim_row(claim: Claim, names: Mapping[str, _Name], rating: str | None, background: Sequence[Row]) -> Row:
    found = _sum(claim.said, claim.relation.lasting, _in_office(claim, background))
    proposed = _credibility(found, claim.said)
    digit = rating or (f"{proposed}*" if proposed else None)
    return (claim.id, claim.relation.name, _text(claim, names), *found, digit)


def _sum(said: Sequence[Said], lasting: bool, office: tuple[str | None, str | None] = (None, None)) -> _Sum:
    newest = max(said, key=_age)
    held = [one for one in said if one.holds and not one.disbelieved]
    realised = any(one.row.stage != "stopped" for one in held)
    current = realised and max(held, key=_age).row.stage != "stopped"
    affirmed = [one for one in said if one.affirmed and not one.disbelieved]
    denied = [one for one in said if one.row.polarity == "denied" and not one.disbelieved]
    negated = [one for one in said if one.row.polarity == "negated" and not one.disbelieved]
    reported = sorted(filter(None, (one.published for one in said)))
    since, until = _validity(held) if lasting else (None, None)
    return _Sum(
        min((one.row.status for one in said), key=lambda status: _STRONGEST.index(Status(status))),
        newest.row.status,
        int(realised),
        int(current),
        int(_disputed(affirmed, denied, negated)),
        _stage(said),
        len({one.row.article for one in said}),
        len({one.origin for one in affirmed}),
        len({one.origin for one in (*denied, *negated)}),
        reported[0] if reported else None,
        reported[-1] if reported else None,
        _least(one.row.event_from for one in said),
        _most(one.row.event_to or one.row.event_from for one in said),
        since or office[0],
        until or office[1],
        next((one.review for one in sorted(said, key=_age, reverse=True) if one.review), None),
    )


def _disputed(affirmed: Sequence[Said], denied: Sequence[Said], negated: Sequence[Said]) -> bool:
    """Somebody affirms it and somebody denies it, or authors of different articles contradict each other."""
    contradicted = negated and {one.row.article for one in negated} != {one.row.article for one in affirmed}
    return bool(affirmed and (denied or contradicted))


def _validity(held: Sequence[Said]) -> tuple[str | None, str | None]:
    """From when to when something lasting holds, by the newest dated sentence; silence is no end."""
    since = _least(one.row.event_from for one in held if one.row.stage != "stopped")
    dated = [one for one in held if one.row.event_from or one.row.event_to]
    if not dated:
        return since, None
    newest = max(dated, key=_age).row
    closes = newest.stage == "stopped" or _spans(newest)
    return since, (newest.event_to or newest.event_from) if closes else None


_WITHIN = {"year": 4, "month": 7, "day": 10}  # as many characters two dates of one unit share


def _spans(row: EvidenceRow) -> bool:
    """Whether an evidence says from when to when, or until when; "in 2015" is one date."""
    if not row.event_to:
        return False
    shared = _WITHIN.get(row.date_precision or "day", 10)
    return row.event_from is None or row.event_from[:shared] != row.event_to[:shared]


def _in_office(claim: Claim, background: Sequence[Row]) -> tuple[str | None, str | None]:
    """From when to when somebody leads what he holds an office of, by the catalogue."""
    if claim.relation.name != "LEADS":
        return None, None
    ends = tuple(actor for _, actor in claim.identity)
    held = [row[3:5] for row in background if row[0] == "OFFICE_OF" and row[1:3] == ends]
    if not held:
        return None, None
    since, until = min(str(one[0]) for one in held), max(str(one[1]) or "9999" for one in held)
    return since or None, None if until == "9999" else until


def _credibility(found: _Sum, said: Sequence[Said]) -> str | None:
    """The Admiralty digit that the counts propose; 5 (improbable) only a person gives."""
    if found.denying_origins and found.denying_origins >= found.origins:
        return "4"
    if found.origins >= 2:
        return "1" if found.realised and not found.denying_origins else "2"
    if found.origins:
        return "3" if any(one.named for one in said if one.affirmed) else "6"
    return None


def _age(one: Said) -> tuple[str, str, int, str]:
    return (one.published or "", one.row.article, one.row.start, one.row.id)


def _stage(said: Sequence[Said]) -> str:
    """How far it has come by its affirmed evidence; else what the newest evidence says."""
    reached = [one.row.stage for one in said if one.affirmed and one.row.stage in STAGES]
    return max(reached, key=STAGES.index) if reached else max(said, key=_age).row.stage


def _least(dates: Iterable[str | None]) -> str | None:
    return min(filter(None, dates), default=None)


def _most(dates: Iterable[str | None]) -> str | None:
    return max(filter(None, dates), default=None)


def _text(claim: Claim, names: Mapping[str, _Name]) -> str:
    """The claim in words, by the phrase of its type; what is not known is left out."""
    fillers: dict[str, list[str]] = defaultdict(list)
    for role, actor in claim.identity:
        fillers[role].append(names[actor].name)
    text = claim.relation.phrase
    if claim.relation.symmetric:
        for name in fillers[claim.relation.roles[0]]:
            text = text.replace("{party}", name, 1)
    else:
        first = claim.relation.roles[0]
        fillers.setdefault(first, ["someone"])
        fillers.setdefault(claim.relation.roles[1], ["someone"])
        for role, found in fillers.items():
            text = text.replace(f"{{{role}}}", " and ".join(found))
    return re.sub(r"\s+(?:\w+\s+)?\{\w+\}", "", text)


def _role_rows(claim: Claim) -> Iterator[Row]:
    """Every actor of a claim with its role, and how many sentences name it there."""
    counts: Counter[tuple[str, str]] = Counter()
    own = set(claim.identity)
    fixed = {role for role, _ in own}
    for one in claim.said:
        counts.update({(role, actor) for role, actor in one.roles if (role, actor) in own or role not in fixed})
    yield from ((claim.id, role, actor, n) for (role, actor), n in counts.items())


def _conflicts(claims: Sequence[Claim]) -> Iterator[Row]:
    """Claims that cannot both hold: two that control or hold the same place, said in articles of one date."""
    holders: dict[tuple[str, str | None], set[tuple[str, str]]] = defaultdict(set)
    for claim in claims:
        if claim.relation.name == "CONTROLS" and (identity := dict(claim.identity)).get("target", "").startswith(
            "place:"
        ):
            for one in claim.said:
                if one.holds and one.row.stage != "stopped" and one.published:
                    holders[identity["target"], one.published].add((identity.get("agent", ""), claim.id))
    pairs = {tuple(sorted((a[1], b[1]))) for found in holders.values() for a, b in combinations(sorted(found), 2)}
    yield from (pair for pair in pairs)


# Edges. --------------------------------------------------------------------------------------------------------------


def _edges(claims: Iterable[Claim], background: Sequence[Row]) -> Iterator[Row]:
    """What is drawn: between two actors one line a type, which sums up its claims."""
    found: dict[tuple[str, str, str], list[tuple[Claim, tuple[Said, ...]]]] = defaultdict(list)
    for claim in claims:
        if any(one.affirmed and not one.row.hypothetical for one in claim.said):
            for ends in sorted(set(_ends(claim))):
                found[ends].append((claim, claim.said))
    for (name, source, target), parts in found.items():
        said = sorted({one.row.id: one for _, evidence in parts for one in evidence}.values(), key=_age)
        found_sum = _sum(said, parts[0][0].relation.lasting, _in_office(parts[0][0], background))
        items = {
            actor
            for claim, _ in parts
            for role, actor in claim.identity
            if role == "item" and actor not in (source, target)
        }
        yield (
            digest(name, source, target),
            name,
            source,
            target,
            *found_sum[:8],
            *found_sum[9:11],
            *found_sum[13:15],
            _json(sorted(items)),
            _json(sorted({claim.id for claim, _ in parts})),
        )


def _ends(claim: Claim) -> Iterator[tuple[str, str, str]]:
    """The edges that a claim gives: type, source and target."""
    if claim.relation.symmetric:
        yield (claim.relation.name, *sorted(actor for _, actor in claim.identity))  # type: ignore[misc]
        return
    by_role: dict[str, set[str]] = defaultdict(set)
    fixed = dict(claim.identity)
    for one in claim.said:
        for role, actor in one.roles:
            if fixed.get(role, actor) == actor:
                by_role[role].add(actor)
    for edge in claim.relation.projections:
        yield from (
            (edge.type, source, target)
            for source in by_role[edge.source]
            for target in by_role[edge.target]
            if source != target
        )


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
