"""What a person should look at first: weak claims on busy actors, and actors that may be one.

Suggestions only: nothing is ever merged by similarity.
"""

from __future__ import annotations

import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from kgraph.catalogue import fold
from kgraph.decisions import PAIRS, Decision
from kgraph.lookup import Actor, actors
from kgraph.trust import DEFAULT, LEVELS

# Why a claim is doubted, and how much each reason weighs.
REASONS = {
    "disputed": ("disputed", 4),
    "single origin": ("origins = 1", 2),
    "not certain": ("status = 'possible'", 3),
    "unnamed origin": (f"credibility = '6*' AND trust >= {LEVELS[DEFAULT]}", 2),  # below it everything has this digit
    "more deny it than say it": ("credibility = '4*'", 2),
    "hardly or nearly sure enough": ("abs(trust - :least) <= :near AND :least > 0", 3),
}
NEAR = 0.1  # so far from the least trust that is shown a score settles nothing, and a person may
MOST_COMPARED = 300  # names with each
LIKE = 86  # of 100: names that differ in how they are spelt
WORD_LIKE = 70  # of 100: two spellings of one word


@dataclass(frozen=True, slots=True)
class Doubt:
    """A claim, or two actors of a kind, to be judged."""

    what: str  # claim or actors
    one: str  # the claim's id, or an actor's
    other: str  # "" or the other actor's id
    text: str
    why: tuple[str, ...]
    weight: int
    trust: float = 1.0  # of the claim


def doubts(db: sqlite3.Connection, decisions: Iterable[Decision], trust: float = LEVELS[DEFAULT]) -> list[Doubt]:
    """The queue, what matters most first, and of the same weight what is less sure.

    What a person has looked at is not in it, nor what is less sure than `trust` and not near it: nobody is shown that.
    """
    found = [*_weak_claims(db, trust), *likely_same(db, decisions)]
    return sorted(found, key=lambda doubt: (-doubt.weight, doubt.trust, doubt.one, doubt.other))


def _weak_claims(db: sqlite3.Connection, trust: float) -> Iterator[Doubt]:
    """A claim weighs what its reasons do, times the claims that its actors are in."""
    columns = ", ".join(f"({condition})" for condition, _ in REASONS.values())
    rows = db.execute(
        f"""WITH busy AS (SELECT actor, count(*) AS n FROM claim_role GROUP BY actor)
            SELECT c.id, c.text, c.trust,
                   (SELECT sum(n) FROM claim_role AS r JOIN busy ON busy.actor = r.actor WHERE r.claim = c.id), {columns}
            FROM claim AS c WHERE review_status IS NULL AND trust >= :least - :near ORDER BY c.id""",
        {"least": trust, "near": NEAR},
    )
    for id, text, score, busy, *flags in rows:
        why = [name for name, flag in zip(REASONS, flags, strict=True) if flag]
        if why:
            weight = (busy or 1) * sum(REASONS[name][1] for name in why)
            yield Doubt("claim", id, "", text, tuple(why), weight, score)


# Actors that may be one. ----------------------------------------------------------------------------------------------

_DIRECTIONS = frozenset(("north", "south", "east", "west", "northern", "southern", "eastern", "western", "central"))


def likely_same(db: sqlite3.Connection, decisions: Iterable[Decision]) -> Iterator[Doubt]:
    """Pairs of actors whose names are spelt alike and that nothing tells apart, one of them unknown to the catalogue."""
    judged = {frozenset((d.target, d.value)) for d in decisions if d.action in PAIRS}
    known = {id for (id,) in db.execute("SELECT id FROM actor WHERE in_catalogue")}
    everybody = [actor for actor in actors(db) if actor.kind != "State"]
    near = _by_beginnings(everybody)
    seen: set[frozenset[str]] = set()
    for one in everybody:
        for other in () if one.id in known else near(one):
            pair = frozenset((one.id, other.id))
            if one.id != other.id and pair not in seen | judged and is_alike(one, other):
                seen.add(pair)
                first, second = sorted(
                    (one, other), key=lambda actor: (actor.id not in known, -actor.articles, actor.id)
                )
                text = f"{first.name} and {second.name} ({first.kind})"
                yield Doubt("actors", first.id, second.id, text, ("spelt alike",), 2 * (one.articles + other.articles))


_Key = tuple[str, ...]


def _by_beginnings(everybody: Sequence[Actor]) -> _Near:
    near = _Near()
    for actor in everybody:
        for key in near.keys_of(actor):
            near.places[key].append(actor)
    return near


class _Near:
    """Finds the actors of a kind that share the beginning of a word with one, so that not all are compared with all."""

    def __init__(self) -> None:
        self.places: dict[_Key, list[Actor]] = defaultdict(list)

    @staticmethod
    def keys_of(actor: Actor) -> set[_Key]:
        words = _words(actor.name)
        return {(actor.kind, *_marks(words), word[:4]) for word in words if len(word) > 2}

    def __call__(self, actor: Actor) -> list[Actor]:
        """Those who share the rarest beginnings first, the most named first; "Army" alone leads to too many."""
        keys = sorted(self.keys_of(actor), key=lambda key: (len(self.places[key]), key))
        near = ((other.id, other) for key in keys for other in self.places[key])
        return [*dict(islice(near, MOST_COMPARED)).values()]


def is_alike(one: Actor, other: Actor) -> bool:
    """Whether two actors may be one by their names. No word may stand in one name alone, save articles."""
    if (
        one.kind != other.kind
        or one.kind == "State"
        or (one.country and other.country and one.country != other.country)
    ):
        return False
    from rapidfuzz import fuzz

    mine, theirs = _words(one.name), _words(other.name)
    if _marks(mine) != _marks(theirs) or not mine or not theirs:
        return False
    if (
        fuzz.ratio("".join(mine), "".join(theirs)) < LIKE
        and fuzz.token_sort_ratio(" ".join(mine), " ".join(theirs)) < LIKE
    ):
        return False
    if "".join(mine) == "".join(theirs):
        return True
    return _spelt_alike(mine, theirs)


def _spelt_alike(mine: list[str], theirs: list[str]) -> bool:
    from rapidfuzz import fuzz

    alone, others = [w for w in mine if w not in theirs], [w for w in theirs if w not in mine]
    if len(mine) + len(theirs) == 2 and (alone or others):  # Mali and Bali
        return False
    if abs(len("".join(alone)) - len("".join(others))) > 3:
        return False
    return bool(fuzz.ratio("".join(sorted(alone)), "".join(sorted(others))) >= WORD_LIKE) and not (
        len(alone) == len(others) == 1 and alone[0][0] != others[0][0]
    )


def _words(name: str) -> list[str]:
    """The words of a name, without articles; digits are words."""
    return [word for word in re.findall(r"[^\W\d_]+|\d+", fold(name).lower()) if word not in ("the", "al", "el", "of")]


def _marks(words: list[str]) -> list[str]:
    """What must be the same: numbers, directions and single letters."""
    return sorted(word for word in words if word.isdigit() or word in _DIRECTIONS or len(word) == 1)
