"""Candidates → the likely ones: a logistic regression over what can be seen of them, learned from annotated articles.

A weight stands for a feature and a relation type; the sum of a candidate's weights gives its probability. The weights are
learned by training/learn_claims.py and lie in learned.npz: `names` of the features, `shared` weights (a column for types
with a direction, one for those without), and the few `typed` ones (row, column, value), all in half precision. There is no
chance in it: the same sentence always gets the same figure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy
from numpy.typing import NDArray
from spacy.tokens import Span, Token

from kgraph.actors import Cast, Reference
from kgraph.claims.candidates import Features, Sight, sights
from kgraph.schema import load_schema

# The sides of a pair: for types with a direction the first and the second role, for others the earlier and the later word.
WORD, TYPE, FIRST, SECOND, PAIR, BOTH = "w", "t", "1", "2", "=", "&"
LEAST = 0.6  # the probability from which a candidate is a claim
SURER = 0.7  # ... and from which it is one beside another type between the same two actors in its sentence


@dataclass(frozen=True, slots=True)
class Likely:
    """A candidate with its probability."""

    type: str
    trigger: Token
    first: Reference
    second: Reference
    probability: float


@dataclass(frozen=True, slots=True)
class Weights:
    """What was learned: the row of every feature, and its weight for every type."""

    rows: dict[str, int]
    weights: NDArray[numpy.float32]  # feature × type
    columns: dict[str, int]

    def sum(self, group: str, features: Features) -> Any:
        """The summed weights of some features for every type."""
        known = [row for feature in features if (row := self.rows.get(f"{group} {feature}")) is not None]
        return self.weights[known].sum(axis=0)


@cache
def load_weights() -> Weights:
    """The weights that kgraph comes with."""
    with files("kgraph.claims").joinpath("learned.npz").open("rb") as file, numpy.load(file) as data:
        names = bytes(data["names"]).decode("utf-8").split("\n")
        columns = {name: n for n, name in enumerate(load_schema())}
        types = bytes(data["types"]).decode("utf-8").split()
        undirected = [int(load_schema()[name].symmetric) for name in columns]
        weights = data["shared"].astype(numpy.float32)[:, undirected]
        places = numpy.array([columns[name] for name in types])
        numpy.add.at(weights, (data["typed_row"], places[data["typed_column"]]), data["typed"].astype(numpy.float32))
    return Weights({name: row for row, name in enumerate(names)}, weights, columns)


def weigh(sentence: Span, cast: Cast, least: float = LEAST) -> Iterator[Likely]:
    """The candidates of a sentence that are at least so probable."""
    for sight in sights(sentence, cast):
        yield from _weigh(sight, least, load_weights())


def _weigh(sight: Sight, least: float, weights: Weights) -> Iterator[Likely]:
    word = weights.sum(WORD, sight.of_word)
    first = [weights.sum(FIRST, seen) for seen in sight.of_ends]
    second = [weights.sum(SECOND, seen) for seen in sight.of_ends]
    typed = {name: float(weights.sum(TYPE, seen)[weights.columns[name]]) for name, seen in sight.of_types.items()}
    floor = numpy.log(least / (1 - least))
    for (a, b), both in sight.of_both.items():
        score = word + first[a] + second[b] + weights.sum(PAIR, sight.of_pairs[a, b]) + weights.sum(BOTH, both)
        for name in fitting(sight, a, b):
            if (value := float(score[weights.columns[name]]) + typed[name]) >= floor:
                likely = 1 / (1 + numpy.exp(-value))
                yield Likely(name, sight.trigger, sight.ends[a].reference, sight.ends[b].reference, float(likely))


def fitting(sight: Sight, a: int, b: int) -> Iterator[str]:
    """The types of a word that two of its actors may fill: kinds agree; without a direction the earlier comes first."""
    for name in sight.types:
        relation = load_schema()[name]
        one, other = (relation.kinds[role] for role in relation.key_roles)
        if sight.ends[a].kind in one and sight.ends[b].kind in other and not (relation.symmetric and a > b):
            yield name


def choose(found: Iterable[Likely], known: Iterable[tuple[str, str, str]]) -> Iterator[Likely]:
    """Of what is likely in a sentence the best for every two actors; a second type only where that is surer.

    `known` are the claims that frames gave there already: type and the two actors.
    """
    taken: dict[frozenset[str], set[str]] = {}
    for name, one, other in known:
        taken.setdefault(frozenset((one, other)), set()).add(name)
    for likely in sorted(
        found, key=lambda each: (-each.probability, each.trigger.i, each.first.start, each.second.start)
    ):
        types = taken.setdefault(frozenset((likely.first.local, likely.second.local)), set())
        if likely.type not in types and (not types or likely.probability >= SURER):
            types.add(likely.type)
            yield likely
