"""Claims: all that is said of one → its row, its roles and its evidence."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain, combinations, product
from typing import NamedTuple

from kgraph.catalogue import Catalogue
from kgraph.decisions import VERDICTS
from kgraph.projection.actors import Row, in_office
from kgraph.projection.judgement import Roles
from kgraph.projection.statements import Said
from kgraph.records import Status, digest
from kgraph.schema import RelationType, load_schema
from kgraph.trust import DEFAULT, least

STAGES = ("requested", "offered", "planned", "agreed", "attempted", "ongoing", "done")  # how far a thing has come
_STRENGTH = {status.value: rank for rank, status in enumerate(Status)}  # 0 is the strongest
_REACHED = {stage: rank for rank, stage in enumerate(STAGES)}


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim: its type, who identifies it, and the evidence for and against it."""

    id: str
    relation: RelationType
    identity: Roles
    said: tuple[Said, ...]


# Which claims an evidence is about. ----------------------------------------------------------------------------------


def identify(said: Said) -> Iterator[tuple[str, Roles]]:
    """The claims of one evidence, each with its id and who identifies it; several fillers of a role make several."""
    for identity in dict.fromkeys(_identities(load_schema()[said.type], said.roles)):
        yield claim_id(said.type, identity), identity


def claim_id(type: str, identity: Roles) -> str:
    return digest(type, *chain.from_iterable(identity))


def _identities(relation: RelationType, roles: Roles) -> Iterator[Roles]:
    """Who identifies the claims of one evidence; nobody relates to himself."""
    if relation.symmetric:
        role = relation.roles[0]
        parties = sorted({actor for name, actor in roles if name == role})
        yield from (((role, a), (role, b)) for a, b in combinations(parties, 2))
        return
    own = relation.identity
    first, second = map(own.index, relation.key_roles)
    fillers = [[actor for name, actor in roles if name == role] or [""] for role in own]
    for chosen in product(*fillers):
        if chosen[first] != chosen[second]:
            yield tuple([pair for pair in zip(own, chosen, strict=True) if pair[1]])


def reviewed(claim: Claim, verdict: str | None) -> Claim | None:
    """A claim as a person judged it: what is said of a claim holds for each of its evidence; None if it was rejected."""
    if verdict is None:
        return claim
    if verdict == "reject":
        return None
    return replace(claim, said=tuple(one._replace(review=VERDICTS[verdict]) for one in claim.said))


# What it comes to. ---------------------------------------------------------------------------------------------------


class Sum(NamedTuple):
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
    trust: float


def sum_up(said: Iterable[Said], relation: RelationType, office: tuple[str | None, str | None] = (None, None)) -> Sum:
    """What some evidence comes to; `office`: from when to when it holds by the catalogue, where no sentence says so."""
    old_to_new = sorted(said, key=_age)
    one = len(old_to_new) == 1
    return _sum_up_one(old_to_new[0], relation, office) if one else _sum_up_many(old_to_new, relation, office)


def _sum_up_many(old_to_new: Sequence[Said], relation: RelationType, office: tuple[str | None, str | None]) -> Sum:
    held = [one for one in old_to_new if one.holds and not one.disbelieved]
    realised = any(one.stage != "stopped" for one in held)
    believed = [one for one in old_to_new if not one.disbelieved]
    affirmed = [one for one in believed if one.polarity == "affirmed"]
    denied = [one for one in believed if one.polarity == "denied"]
    negated = [one for one in believed if one.polarity == "negated"]
    reported = [one.published for one in old_to_new if one.published]
    since, until = _validity(held) if relation.lasting else (None, None)
    return Sum(
        min([one.status for one in old_to_new], key=_STRENGTH.__getitem__),
        old_to_new[-1].status,
        int(realised),
        int(realised and held[-1].stage != "stopped"),
        int(_disputed(affirmed, denied, negated)),
        _stage(old_to_new),
        len({one.article for one in old_to_new}),
        len({one.origin for one in affirmed}),
        len({one.origin for one in (*denied, *negated)}),
        reported[0] if reported else None,
        reported[-1] if reported else None,
        min([one.event_from for one in old_to_new if one.event_from], default=None),
        max([end for one in old_to_new if (end := one.event_to or one.event_from)], default=None),
        since or office[0],
        until or office[1],
        next((one.review for one in reversed(old_to_new) if one.review), None),
        trust_in(old_to_new),
    )


def _sum_up_one(one: Said, relation: RelationType, office: tuple[str | None, str | None]) -> Sum:
    """The same for one evidence alone, as most claims have it: many times quicker."""
    believed, holds = one.review != "disbelieved", one.holds
    held = believed and holds
    since, until = _validity([one] if held else []) if relation.lasting else (None, None)
    realised = int(held and one.stage != "stopped")
    published, begun = one.published or None, one.event_from or None
    return Sum(
        one.status, one.status, realised, realised, 0, one.stage, 1, int(believed and one.polarity == "affirmed"),
        int(believed and one.polarity in ("denied", "negated")), published, published, begun, one.event_to or begun,
        since or office[0], until or office[1], one.review or None, round(one.trust, 3),
    )  # fmt: skip


def _age(one: Said) -> tuple[str, str, int, str]:
    return one.age


def _disputed(affirmed: Sequence[Said], denied: Sequence[Said], negated: Sequence[Said]) -> bool:
    """Somebody affirms it and somebody denies it, or authors of different articles contradict each other."""
    contradicted = negated and {one.article for one in negated} != {one.article for one in affirmed}
    return bool(affirmed and (denied or contradicted))


def _validity(held: Sequence[Said]) -> tuple[str | None, str | None]:
    """From when to when something lasting holds, by the newest dated sentence; silence is no end."""
    since = min((one.event_from for one in held if one.event_from and one.stage != "stopped"), default=None)
    newest = next((one for one in reversed(held) if one.event_from or one.event_to), None)
    if newest is None:
        return since, None
    closes = newest.stage == "stopped" or _spans(newest)
    return since, (newest.event_to or newest.event_from) if closes else None


_WITHIN = {"year": 4, "month": 7, "day": 10}  # as many characters two dates of one unit share


def _spans(one: Said) -> bool:
    """Whether an evidence says from when to when, or until when; "in 2015" is one date."""
    if not one.event_to:
        return False
    shared = _WITHIN.get(one.date_precision or "day", 10)
    return one.event_from is None or one.event_from[:shared] != one.event_to[:shared]


def _stage(old_to_new: Sequence[Said]) -> str:
    """How far it has come by its affirmed evidence; else what the newest evidence says."""
    reached = [one.stage for one in old_to_new if one.polarity == "affirmed" and one.stage in _REACHED]
    return max(reached, key=_REACHED.__getitem__) if reached else old_to_new[-1].stage


def trust_in(said: Iterable[Said]) -> float:
    """How surely an article says so: as surely as the best of its evidence, rounded so that it is one number everywhere."""
    return round(max(one.trust for one in said), 3)


def time_in_office(claim: Claim, catalogue: Catalogue) -> tuple[str | None, str | None]:
    """From when to when somebody leads what he holds an office of."""
    if claim.relation.name != "LEADS" or len(claim.identity) != 2:
        return None, None
    (_, person), (_, of) = claim.identity
    return in_office(person, of, catalogue)


def _credibility(found: Sum, said: Sequence[Said]) -> str | None:
    """The Admiralty digit that the counts propose; 5 (improbable) only a person gives.

    Of what is not even likely to be said there is nothing to judge.
    """
    if found.trust < least(DEFAULT) and found.origins:
        return "6"
    if found.denying_origins and found.denying_origins >= found.origins:
        return "4"
    if found.origins >= 2:
        return "1" if found.realised and not found.denying_origins else "2"
    if found.origins:
        return "3" if any(one.named for one in said if one.affirmed) else "6"
    return None


# Rows. ---------------------------------------------------------------------------------------------------------------


def claim_row(claim: Claim, name_of: Callable[[str], str], rating: str | None, catalogue: Catalogue) -> Row:
    """A claim's row; `rating` is the digit that a person gave."""
    found = sum_up(claim.said, claim.relation, time_in_office(claim, catalogue))
    proposed = _credibility(found, claim.said)
    digit = rating or (f"{proposed}*" if proposed else None)
    return (claim.id, claim.relation.name, _text(claim, name_of), *found, digit)


def role_rows(claim: Claim) -> list[Row]:
    """Every actor of a claim with its role, and how many sentences name it there; sorted."""
    counts: dict[tuple[str, str], int] = {}
    own = set(claim.identity)
    fixed = {role for role, _ in own}
    for one in claim.said:
        for pair in {pair for pair in one.roles if pair in own or pair[0] not in fixed}:
            counts[pair] = counts.get(pair, 0) + 1
    return [(claim.id, role, actor, count) for (role, actor), count in sorted(counts.items())]


def evidence_rows(claim: Claim) -> list[Row]:
    """The evidence of a claim, with where it comes from; sorted."""
    return sorted((claim.id, one.id, one.origin) for one in claim.said)


def _text(claim: Claim, name_of: Callable[[str], str]) -> str:
    """The claim in words, by the phrase of its type; what is not known is left out."""
    names: dict[str, str] = {}
    for role, actor in claim.identity:
        names[role] = f"{names[role]} and {name_of(actor)}" if role in names else name_of(actor)
    return _phrase(claim.relation.name, tuple(names)).format_map(names)


@lru_cache(1000)
def _phrase(type: str, known: tuple[str, ...]) -> str:
    """The phrase of a type with places for the roles that are known; without a key role somebody takes its place."""
    relation = load_schema()[type]
    phrase = relation.phrase
    if relation.symmetric:
        party = f"{{{relation.roles[0]}}}"
        phrase = phrase.replace(f"{party} and {party}", party)
    for role in relation.roles:
        if role not in known and role in relation.key_roles:
            phrase = phrase.replace(f"{{{role}}}", "someone")
        elif role not in known:
            phrase = re.sub(rf"\s+(?:\w+\s+)?\{{{role}\}}", "", phrase)
    return phrase
