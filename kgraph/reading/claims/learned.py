"""The reader `learned`: candidates → the likely ones, by what was learned from annotated articles.

It is a logistic regression over what can be seen of a candidate. A weight stands for a feature and a relation type; the sum
of a candidate's weights gives its probability. The weights are learned by training/learn_claims.py and lie in learned.npz:
`names` of the features, `shared` weights (a column for types with a direction, one for those without), and the few `typed`
ones (row, column, value), all in half precision. There is no chance in it: the same sentence always gets the same figure.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy
from numpy.typing import NDArray

from kgraph.catalogue import Catalogue
from kgraph.reading.actors import Cast, Reference
from kgraph.reading.claims.candidates import Features, Sight, sights
from kgraph.reading.claims.roles import Match, loose_match, scene_of
from kgraph.reading.documents import Document
from kgraph.reading.tokens import Span, Token
from kgraph.schema import load_schema

# The sides of a pair: for types with a direction the first and the second role, for others the earlier and the later word.
WORD, TYPE, FIRST, SECOND, PAIR, BOTH = "w", "t", "1", "2", "=", "&"
LEAST = 0.65  # the probability from which a candidate is a claim


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

    rows: dict[str, dict[str, int]]  # by group
    weights: NDArray[numpy.float32]  # feature × type; the last row is of features that are not known: nothing
    columns: dict[str, int]
    most: list[float]  # what the features of a word and two actors together can add at most, for every type

    def sums(self, group: str, seen: Sequence[Features]) -> list[list[float]]:
        """The summed weights of each of some lists of features, for every type; each list has as many features."""
        rows, nothing = self.rows[group], len(self.weights) - 1
        summed: list[list[float]] = (
            self.weights[[[rows.get(feature, nothing) for feature in features] for features in seen]]
            .sum(axis=1)
            .tolist()
        )
        return summed

    def one(self, group: str, features: Features, column: int) -> float:
        """The summed weights of some features for one type."""
        rows = self.rows[group]
        return sum(float(self.weights[row, column]) for f in features if (row := rows.get(f)) is not None)


@cache
def load_weights() -> Weights:
    """The weights that kgraph comes with."""
    with files("kgraph.reading.claims").joinpath("learned.npz").open("rb") as file, numpy.load(file) as data:
        names = bytes(data["names"]).decode("utf-8").split("\n")
        columns = {name: n for n, name in enumerate(load_schema())}
        types = bytes(data["types"]).decode("utf-8").split()
        undirected = [int(load_schema()[name].symmetric) for name in columns]
        weights = data["shared"].astype(numpy.float32)[:, undirected]
        places = numpy.array([columns[name] for name in types])
        numpy.add.at(weights, (data["typed_row"], places[data["typed_column"]]), data["typed"].astype(numpy.float32))
    rows: dict[str, dict[str, int]] = {group: {} for group in (WORD, TYPE, FIRST, SECOND, PAIR, BOTH)}
    for row, (group, _, feature) in enumerate(name.partition(" ") for name in names):
        rows[group][feature] = row
    both = numpy.maximum(weights[list(rows[BOTH].values())], 0)
    weights = numpy.vstack([weights, numpy.zeros((1, weights.shape[1]), numpy.float32)])
    return Weights(rows, weights, columns, (_TOGETHER * both.max(axis=0)).tolist())


_TOGETHER = 4  # features of a word and two actors together


def find_likely(document: Document, cast: Cast, catalogue: Catalogue, least: float = LEAST) -> Iterator[Match]:
    """What is at least so probable in a document, sentence by sentence."""
    scene = scene_of(document, cast, catalogue)
    for sentence in document.doc.sents:
        for one in weigh(sentence, cast, least):
            yield loose_match("learned", one.type, one.trigger, one.first, one.second, one.probability, scene)


def weigh(sentence: Span, cast: Cast, least: float = LEAST) -> Iterator[Likely]:
    """The candidates of a sentence that are at least so probable."""
    weights, floor = load_weights(), math.log(least / (1 - least))
    pairs: dict[tuple[int, int], list[float]] = {}  # the same around every word of a sentence
    for sight in sights(sentence, cast):
        if new := sight.of_pairs.keys() - pairs.keys():
            pairs |= zip(new, weights.sums(PAIR, [sight.of_pairs[place] for place in new]), strict=True)
        yield from _weigh(sight, floor, weights, pairs)


def _weigh(
    sight: Sight, floor: float, weights: Weights, pairs: Mapping[tuple[int, int], list[float]]
) -> Iterator[Likely]:
    (word,) = weights.sums(WORD, [sight.of_word])
    seen = [*sight.of_ends.values()]
    first, second = (dict(zip(sight.of_ends, weights.sums(group, seen), strict=True)) for group in (FIRST, SECOND))
    for name in sight.types:
        n = weights.columns[name]
        own = word[n] + weights.one(TYPE, sight.of_types[name], n)
        for a, b in sight.pairs[name]:
            score = own + first[a][n] + second[b][n] + pairs[a, b][n]
            if score + weights.most[n] >= floor:
                score += weights.one(BOTH, sight.of_both(a, b), n)
                if score >= floor:
                    likely = 1 / (1 + math.exp(-score))
                    yield Likely(name, sight.trigger, sight.ends[a].reference, sight.ends[b].reference, likely)
