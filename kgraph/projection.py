"""Evidence, catalogue and decisions → actors, claims and edges: pure functions over sorted rows.

Canonical ids are given here, never before. The same rows give the same result in whatever order they were read.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, combinations, product

from kgraph.catalogue import Catalogue, Entry
from kgraph.decisions import Decision, rejected
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


@dataclass(frozen=True, slots=True)
class Said:
    """One evidence, with all that counts when claims are summed up."""

    row: EvidenceRow
    roles: tuple[tuple[str, str], ...]  # role and canonical actor, in the order of the text
    published: str | None
    origin: str
    verdict: str | None  # accept, reject or disbelieve, where a person has looked

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


def project(rows: EvidenceRows, catalogue: Catalogue, decisions: Sequence[Decision]) -> Projected:
    """All that follows from the evidence."""
    resolution, redirect = _resolve(rows, catalogue, decisions)
    said = [*_said(rows, resolution, decisions)]
    claims = [*_claims(said)]
    names = _names(rows, resolution, catalogue, decisions)
    background = sorted(_background({*resolution.values()}, catalogue))
    return Projected(
        [*_actors(rows, resolution, names, catalogue, background)],
        sorted((article, local, actor) for (article, local), actor in resolution.items()),
        [_claim_row(claim, names) for claim in claims],
        sorted(chain.from_iterable(map(_role_rows, claims))),
        sorted((claim.id, one.row.id, one.origin) for claim in claims for one in claim.said),
        sorted(_conflicts(claims)),
        sorted(_edges(claims), key=lambda row: str(row[0])),
        background,
        sorted(redirect.items()),
    )


# Who is who. ---------------------------------------------------------------------------------------------------------


def _resolve(
    rows: EvidenceRows, catalogue: Catalogue, decisions: Sequence[Decision]
) -> tuple[dict[tuple[str, str], str], dict[str, str]]:
    """Which actor of the graph each local actor is, and which ids lead to which others."""
    merged = _merged(decisions)
    resolution, redirect = dict[tuple[str, str], str](), dict(merged)
    for local in rows.local_actor:
        found = _entry(local, catalogue)
        own = _own_id(local)
        actor = found.id if found else own
        if found and found.id != own:
            redirect[own] = found.id
        resolution[local.article, local.local] = _final(actor, merged)
    return resolution, {old: _final(new, merged) for old, new in redirect.items() if old != new}


def _entry(local: LocalActorRow, catalogue: Catalogue) -> Entry | None:
    """What the catalogue knows an actor as: the row that the text fitted, else the only one of that name and kind."""
    if local.entry and local.entry in catalogue.entries:
        return catalogue.entries[local.entry]
    fitting = [entry for entry in catalogue.lookup(local.name) if entry.kind.value == local.kind]
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


def _merged(decisions: Sequence[Decision]) -> dict[str, str]:
    """The id into which each id was merged by a person; "not the same" takes back "same" of the same two."""
    merged: dict[str, str] = {}
    for decision in decisions:
        one, other = decision.target, decision.value
        if decision.action == "same" and _final(one, merged) != _final(other, merged):
            merged[_final(other, merged)] = _final(one, merged)
        elif decision.action == "not_same":
            merged = {old: new for old, new in merged.items() if {old, new} != {one, other}}
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


def _names(
    rows: EvidenceRows, resolution: Mapping[tuple[str, str], str], catalogue: Catalogue, decisions: Sequence[Decision]
) -> dict[str, _Name]:
    """Name, kind and aliases of every actor: the catalogue's, else the most frequent ones of the articles."""
    locals_of: dict[str, list[LocalActorRow]] = defaultdict(list)
    for local in rows.local_actor:
        locals_of[resolution[local.article, local.local]].append(local)
    kinds = {decision.target: decision.value for decision in decisions if decision.action == "kind"}
    return {actor: _name(actor, found, catalogue, kinds.get(actor)) for actor, found in locals_of.items()}


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


def _actors(
    rows: EvidenceRows,
    resolution: Mapping[tuple[str, str], str],
    names: Mapping[str, _Name],
    catalogue: Catalogue,
    background: Sequence[Row],
) -> Iterator[Row]:
    articles: dict[str, set[str]] = defaultdict(set)
    for (article, _), actor in resolution.items():
        articles[actor].add(article)
    above = {str(end) for row in background for end in row[1:3]} - names.keys()
    for actor in sorted(names.keys() | above):
        entry = catalogue.entries.get(actor)
        name = names.get(actor) or (
            entry
            and _Name(entry.name, entry.kind.value, tuple(sorted(entry.aliases)), next(iter(entry.country), None), True)
        )
        if name:
            yield (
                actor,
                name.name,
                name.kind,
                _json(name.aliases),
                name.country,
                len(articles[actor]),
                int(name.known),
            )


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


# Claims. -------------------------------------------------------------------------------------------------------------


def _said(
    rows: EvidenceRows, resolution: Mapping[tuple[str, str], str], decisions: Sequence[Decision]
) -> Iterator[Said]:
    """The evidence with canonical actors, without what a person has called a bad extraction."""
    articles = {article.key: article for article in rows.article}
    fillers, speakers = _grouped(rows.filler), _grouped(rows.speaker)
    verdicts = rejected(decisions)
    for row in rows.evidence:
        if verdicts.get(row.id) == "reject":
            continue
        roles = tuple((f.role, resolution[row.article, f.local]) for f in fillers.get(row.id, ()))
        article = articles[row.article]
        origin = _origin(article, speakers.get(row.id, ()), resolution)
        yield Said(row, roles, article.published, origin, verdicts.get(row.id))


def _grouped(rows: Iterable[FillerRow] | Iterable[SpeakerRow]) -> dict[str, list]:  # type: ignore[type-arg]
    found: dict[str, list] = defaultdict(list)  # type: ignore[type-arg]
    for row in rows:
        found[row.evidence].append(row)
    return found


def _origin(article: ArticleRow, speakers: Iterable[SpeakerRow], resolution: Mapping[tuple[str, str], str]) -> str:
    """Who it comes from: the deepest named speaker, else the story that the article is a copy of."""
    named = [speaker.local for speaker in sorted(speakers) if speaker.local]
    return resolution.get((article.key, named[-1]), article.cluster) if named else article.cluster


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


def _claim_row(claim: Claim, names: Mapping[str, _Name]) -> Row:
    summary = _sum(claim.said)
    return (claim.id, claim.relation.name, _text(claim, names), *summary[:6], *summary[6:])


def _sum(said: Sequence[Said]) -> tuple[object, ...]:
    """status … review_status of a claim (see the order of columns): what several sentences come to."""
    newest = max(said, key=_age)
    held = [one for one in said if one.holds]
    believed = [one for one in said if one.verdict != "disbelieve"]
    realised = any(one.row.stage != "stopped" and one.verdict != "disbelieve" for one in held)
    current = realised and max((one for one in held), key=_age).row.stage != "stopped"
    affirmed, denied = [one for one in believed if one.affirmed], [one for one in said if one.row.polarity == "denied"]
    negated = [one for one in said if one.row.polarity == "negated"]
    disputed = bool(
        affirmed and (denied or (negated and {o.row.article for o in negated} != {o.row.article for o in affirmed}))
    )
    reported = sorted(filter(None, (one.published for one in said)))
    lasts = bool(held)
    return (
        min((one.row.status for one in said), key=lambda status: _STRONGEST.index(Status(status))),
        newest.row.status,
        int(realised),
        int(current),
        int(disputed),
        _stage(said),
        len({one.row.article for one in said}),
        len({one.origin for one in affirmed}),
        len({one.origin for one in (*denied, *negated)}),
        reported[0] if reported else None,
        reported[-1] if reported else None,
        _least(one.row.event_from for one in said),
        _most(one.row.event_to for one in said),
        _least(one.row.event_from for one in held) if lasts else None,
        _most(one.row.event_to for one in held if one.row.stage == "stopped"),
        next((one.verdict for one in said if one.verdict), None),
    )


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


def _edges(claims: Iterable[Claim]) -> Iterator[Row]:
    """What is drawn: between two actors one line a type, which sums up its claims."""
    found: dict[tuple[str, str, str], list[tuple[Claim, tuple[Said, ...]]]] = defaultdict(list)
    for claim in claims:
        if any(one.affirmed and not one.row.hypothetical for one in claim.said):
            for ends in sorted(set(_ends(claim))):
                found[ends].append((claim, claim.said))
    for (name, source, target), parts in found.items():
        said = sorted({one.row.id: one for _, evidence in parts for one in evidence}.values(), key=_age)
        summary = _sum(said)
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
            *summary[:8],
            *summary[9:11],
            *summary[13:15],
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
