"""Which of the claims that readers found in a sentence stand, and how surely: each once, with what says more, once an event.

A claim of a sentence is a type between two actors. Several frames may give it and the encoder may see it, or think it
unlikely; all of that comes to one score (scores.py), whoever is named as its reader. Two readings of a sentence that exclude
each other do not both stand as sure or likely: the weaker is kept below.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kgraph.reading.claims.roles import Match
from kgraph.reading.claims.scores import FLOOR, score_of
from kgraph.schema import load_schema
from kgraph.trust import LEVELS

Ends = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A claim that a sentence may make, by all readers together."""

    match: Match  # the one that says most
    frames: tuple[str, ...]  # that give it
    likely: float | None  # how likely by the encoder; None where it was not asked
    required: float | None

    @property
    def type(self) -> str:
        return self.match.type

    @property
    def ends(self) -> Ends:
        return self.match.ends


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


def candidates(matches: Sequence[Match], weighed: bool) -> list[Candidate]:
    """The claims that the matches of a sentence make; `weighed` says whether the encoder was asked, too."""
    groups = dict[tuple[str, ...], list[Match]]()
    for match in matches:
        groups.setdefault((match.type, *_in_order(match.type, match.ends)), []).append(match)
    return [_candidate(group, weighed) for group in groups.values()]


def _candidate(group: Sequence[Match], weighed: bool) -> Candidate:
    written = [match for match in group if match.likely is None]
    seen = max(
        (match for match in group if match.likely is not None), key=lambda match: match.likely or 0, default=None
    )
    best = max(written, key=lambda match: len(match.fillers)) if written else group[0]
    likely = (seen.likely if seen else 0.0) if weighed else None
    required = (seen.required if seen else None) if weighed else None
    names = tuple(dict.fromkeys(match.frame.name for match in written))
    return Candidate(best, names, likely, required)


def choose(found: Iterable[Candidate]) -> Iterator[tuple[Match, float]]:
    """What stands of the claims that a sentence may make, with its score; the surest first."""
    scored = [(each, score_of(each.frames, each.likely, each.required)) for each in found]
    taken = list[Candidate]()
    for each, score in sorted(scored, key=lambda one: (-one[1], one[0].match.trigger.i, one[0].type, one[0].ends)):
        if score >= FLOOR:
            yield each.match, min(score, _BELOW) if any(_excludes(other, each) for other in taken) else score
            taken.append(each)


_BELOW = LEVELS["likely"] - 0.001


def _excludes(other: Candidate, each: Candidate) -> bool:
    """Whether two claims of one sentence hardly hold together: friends and foes at once, or one thing done both ways."""
    if frozenset(other.ends) != frozenset(each.ends):
        return False
    if other.type == each.type:
        return not load_schema()[each.type].symmetric
    return {_SIDES.get(other.type), _SIDES.get(each.type)} == {"with", "against"}


_SIDES: Mapping[str, str] = {
    **dict.fromkeys("SUPPLIES TRAINS FUNDS SUPPORTS ALLIED_WITH COOPERATES_WITH ACTS_FOR".split(), "with"),
    **dict.fromkeys("ATTACKS FIGHTS SANCTIONS DETAINS THREATENS".split(), "against"),
}


def _in_order(name: str, ends: Ends) -> Sequence[str]:
    return sorted(ends) if load_schema()[name].symmetric else ends
