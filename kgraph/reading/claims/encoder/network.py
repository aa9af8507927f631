"""The reader `encoder`: windows of an article → the claims that the network sees in them, each with how likely it is one.

The network (encoder.onnx, made by training/, see docs/training.md) reads a window in one go and answers for every pair of
places: for each type how likely it is a claim and how likely a careful reader would require it, and which words make it. It
runs on one core, a window at a time, in whole numbers of seven bits: a text gets the same figures whatever is read beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import numpy
from numpy.typing import NDArray

from kgraph.catalogue import Catalogue
from kgraph.reading.actors import Cast
from kgraph.reading.claims.encoder.windows import KINDS, USES, Place, Window, windows
from kgraph.reading.claims.roles import Match, Scene, loose_match, scene_of
from kgraph.reading.documents import Document
from kgraph.reading.tokens import Token
from kgraph.schema import load_schema

LEAST = 0.02  # what is less likely is not looked at
_ASKED = ("claims", "required", "look")


def find_scored(document: Document, cast: Cast, catalogue: Catalogue, least: float = LEAST) -> Iterator[Match]:
    """What is at least so likely a claim in a document, window by window; of one pair in one sentence the likeliest place."""
    scene = scene_of(document, cast, catalogue)
    for window in windows(document, cast):
        yield from _claims(window, scene, least)


def _claims(window: Window, scene: Scene, least: float) -> Iterator[Match]:
    claims, required, look = run(window)
    kinds = [KINDS.index(place.kind) for place in window.places]
    first, second = ([kinds[pair[side]] for pair in window.pairs] for side in (0, 1))
    likely = _probability(claims) * fitting()[first, second]
    found = dict[tuple[object, ...], tuple[float, int, int]]()
    for row, column in zip(*map(numpy.ndarray.tolist, numpy.nonzero(likely >= least)), strict=True):
        key = _key(window, row, column)
        if key not in found or found[key][0] < likely[row, column]:
            found[key] = float(likely[row, column]), row, column
    for probability, row, column in found.values():
        one, other = (window.places[n] for n in window.pairs[row])
        trigger = _trigger(window, look[row], one, other)
        if trigger is not None:
            name = _types()[column]
            needed = float(_probability(required[row, column]))
            yield loose_match("encoder", name, trigger, one.reference, other.reference, probability, needed, scene)


def _key(window: Window, row: int, column: int) -> tuple[object, ...]:
    one, other = (window.places[n] for n in window.pairs[row])
    ends = [one.reference.local, other.reference.local]
    return (
        column,
        one.sentence,
        other.sentence,
        *(sorted(ends) if load_schema()[_types()[column]].symmetric else ends),
    )


def _trigger(window: Window, look: NDArray[numpy.float32], one: Place, other: Place) -> Token | None:
    """The word of the places' sentences that makes the claim most: one that names neither, if there is another."""
    spans = [range(place.reference.start, place.reference.end) for place in (one, other)]
    starts = {one.token.sent.start, other.token.sent.start}
    words = window.words
    fit = [
        n
        for n, word in enumerate(words)
        if word is not None and word.sent.start in starts and any(c.isalnum() for c in word.text)
    ]
    outside = [n for n in fit if not any(words[n].i in span for span in spans)]  # type: ignore[union-attr]
    best = max(outside or fit, key=lambda n: look[n], default=None)
    return None if best is None else words[best]


def run(window: Window) -> tuple[NDArray[numpy.float32], ...]:
    """What the network says of the pairs of a window, as logits: claims and required (pair × type), look (pair × piece)."""
    pairs = numpy.array(window.pairs, numpy.int64)
    sentences = [place.sentence for place in window.places]
    given: dict[str, Sequence[int]] = {
        "pieces": window.pieces,
        "markers": window.markers,
        "starts": window.starts,
        "ends": window.ends,
        "uses": [USES.index(place.reference.use) for place in window.places],
        "sentences": sentences,
    }
    feed = {name: numpy.array(values, numpy.int64) for name, values in given.items()}
    answers: list[NDArray[numpy.float32]] = _session().run(_ASKED, feed | {"first": pairs[:, 0], "second": pairs[:, 1]})
    return tuple(answers)


def _probability(logits: NDArray[numpy.float32]) -> NDArray[numpy.float32]:
    return (1 / (1 + numpy.exp(-logits))).astype(numpy.float32)


@cache
def _types() -> tuple[str, ...]:
    return tuple(load_schema())


@cache
def fitting() -> NDArray[numpy.bool_]:
    """first kind × second kind × type: whether two such actors may stand in a claim of the type."""
    table = numpy.zeros((len(KINDS), len(KINDS), len(_types())), bool)
    for n, relation in enumerate(load_schema().values()):
        one, other = ("party", "party") if relation.symmetric else relation.key_roles
        for a, first in enumerate(KINDS):
            for b, second in enumerate(KINDS):
                table[a, b, n] = first in relation.kinds[one] and second in relation.kinds[other]
    return table


@cache
def _session() -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    weights = files("kgraph.reading.claims.encoder").joinpath("encoder.onnx").read_bytes()
    return onnxruntime.InferenceSession(weights, options, providers=["CPUExecutionProvider"])
