"""Edges: what is drawn. Between two actors one line a type, which sums up its claims as a claim sums up its evidence."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from kgraph.catalogue import Catalogue
from kgraph.projection.actors import Row
from kgraph.projection.claims import Claim, Sum, sum_up, time_in_office, trust_in
from kgraph.records import digest
from kgraph.schema import RelationType

Ends = tuple[str, str, str]  # type, source and target


def find_ends(claim: Claim) -> list[Ends]:
    """The edges that a claim gives, sorted: none where nobody affirms it, be it as a mere thought."""
    if not any(one.affirmed and not one.hypothetical for one in claim.said):
        return []
    pairs = {pair for one in claim.said for pair in one.roles}
    return ends_between(claim.relation, pairs, claim.identity)


def ends_between(
    relation: RelationType, pairs: Iterable[tuple[str, str]], identity: Sequence[tuple[str, str]] = ()
) -> list[Ends]:
    """The edges between some actors in their roles, sorted; where a role identifies the claim, only who does so counts."""
    if relation.symmetric:
        one, other = sorted({actor for role, actor in identity or pairs if role == relation.roles[0]})
        return [(relation.name, one, other)]
    fixed, by_role = dict(identity), dict[str, list[str]]()
    for role, actor in pairs:
        if fixed.get(role, actor) == actor:
            by_role.setdefault(role, []).append(actor)
    found = [
        (edge.type, source, target)
        for edge in relation.projections
        for source in by_role.get(edge.source, ())
        for target in by_role.get(edge.target, ())
        if source != target
    ]
    return sorted({*found}) if len(found) > 1 else found


def edge_id(ends: Ends) -> str:
    return digest(*ends)


def edge_row(ends: Ends, claims: Sequence[Claim], catalogue: Catalogue, found: Sum | None = None) -> Row:
    """The row of an edge, from all claims that give it, in the order of their ids; `found`: what they come to, if known."""
    if found is None:
        said = {one.id: one for claim in claims for one in claim.said}
        found = sum_up(said.values(), claims[0].relation, time_in_office(claims[0], catalogue))
    items = {
        actor
        for claim in claims
        for role, actor in claim.identity
        if role == "item" and actor not in (ends[1], ends[2])
    }
    return (
        edge_id(ends), *ends, *found[:8], *found[9:11], *found[13:15],
        trust_in(one for claim in claims for one in claim.said), _json(sorted(items)),
        _json(sorted(claim.id for claim in claims)),
    )  # fmt: skip


_json = json.JSONEncoder(ensure_ascii=False).encode
