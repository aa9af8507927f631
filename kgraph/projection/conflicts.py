"""Conflicts: claims that cannot both hold. So far two that control or hold one place, said in articles of one date."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations

from kgraph.projection.actors import Row
from kgraph.projection.claims import Claim

Holding = tuple[str, str, str]  # a date, who holds the place then, and by which claim


def contested(claim: Claim) -> str | None:
    """The place that a claim says somebody controls."""
    target = dict(claim.identity).get("target", "") if claim.relation.name == "CONTROLS" else ""
    return target if target.startswith("place:") else None


def holdings(claim: Claim) -> set[Holding]:
    """When a claim says that somebody controls a place, and who."""
    agent = dict(claim.identity).get("agent", "")
    return {
        (one.published, agent, claim.id) for one in claim.said if one.holds and one.stage != "stopped" and one.published
    }


def conflict_rows(found: Iterable[Holding]) -> Iterator[Row]:
    """The pairs of claims that conflict over one place; sorted."""
    by_date: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for date, agent, claim in found:
        by_date[date].add((agent, claim))
    pairs = (combinations(sorted(claim for _, claim in some), 2) for some in by_date.values())
    yield from sorted({pair for some in pairs for pair in some})
