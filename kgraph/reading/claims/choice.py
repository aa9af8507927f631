"""Which of the claims that readers found stand: what says more, once an event, and candidates beside what stands already."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from kgraph.reading.claims.roles import Match
from kgraph.records import Evidence
from kgraph.schema import load_schema

SURER = 0.7  # the probability from which a candidate is a claim beside another type between the same two actors


def one_an_event(matches: Sequence[Match]) -> Iterator[Match]:
    """A sentence's without what only says again, by another word, what one says: "ended its pact with" is no agreement."""
    covering = [match for match in matches if match.type in _COVERED]
    yield from (match for match in matches if not any(_covers(other, match) for other in covering))


def _covers(other: Match, match: Match) -> bool:
    """Whether a match of another type is about the same event and says more of it."""
    if match.type not in _COVERED.get(other.type, ()):
        return False
    if match.type == "POSSESSES":  # "sent Hezbollah drones" is a supply and no more
        return {reference.local for _, reference in other.fillers}.issuperset(match.ends)
    above = match.trigger.head.head if match.trigger.dep_ == "pobj" else match.trigger.head
    return {*match.ends} == {*other.ends} and above.i == other.trigger.i


_COVERED = {
    "SUPPLIES": ("POSSESSES", "SUPPORTS"),
    "DEPLOYS_TO": ("POSSESSES",),
    "SEIZES": ("POSSESSES",),
    "CUTS_TIES_WITH": ("AGREES_WITH", "ALLIED_WITH", "COOPERATES_WITH", "FUNDS", "SUPPORTS", "TRAINS"),
}


def choose(candidates: Iterable[Match], known: Iterable[Match]) -> Iterator[Match]:
    """Of what is likely in a sentence the best for every two actors; a second type only where that is surer.

    `known` is what stands there already.
    """
    taken: dict[frozenset[str], set[str]] = {}
    for match in known:
        taken.setdefault(frozenset(match.ends), set()).add(match.type)
    for likely in sorted(candidates, key=_likeliest):
        types = taken.setdefault(frozenset(likely.ends), set())
        if likely.type not in types and (not types or _probability(likely) >= SURER):
            types.add(likely.type)
            yield likely


def _likeliest(match: Match) -> tuple[float, int, int, int]:
    (_, one), (_, other), *_ = match.fillers
    return -_probability(match), match.trigger.i, one.start, other.start


def _probability(match: Match) -> float:
    return 1.0 if match.probability is None else match.probability


def best(found: Iterable[Evidence]) -> Iterable[Evidence]:
    """Of those that claim the same in one sentence the one that says more."""
    kept: dict[tuple[object, ...], Evidence] = {}
    for evidence in found:
        ends = [filler.local for filler in evidence.fillers[:2]]
        keys = sorted(ends) if load_schema()[evidence.type].symmetric else ends
        known = kept.get(key := (evidence.start, evidence.type, *keys))
        if known is None or len(evidence.fillers) > len(known.fillers):
            kept[key] = evidence
    return kept.values()
