"""Where actors stand in a picture and which of them belong together: the same graph gives the same picture."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import networkx

Place = tuple[int, int]
MOST_AT_ONCE = 1000  # of more actors each community is laid out for itself
_STRETCH = 1.4  # screens are wide, and so are names
_APART = 44.0  # pixels between the middles of neighbours, about


def communities(actors: Iterable[str], pairs: Iterable[tuple[str, str]]) -> dict[str, int]:
    """For each actor the number of its community, the largest first.

    Source: the method of Blondel et al. (2008), known as Louvain, as in networkx.
    """
    import networkx

    graph = _graph(actors, pairs)
    found = networkx.community.louvain_communities(graph, seed=1)
    ordered = sorted(found, key=lambda some: (-len(some), min(some)))
    return {actor: number for number, some in enumerate(ordered) for actor in some}


def places(actors: Iterable[str], pairs: Iterable[tuple[str, str]], groups: dict[str, int]) -> dict[str, Place]:
    """Where each actor stands; parts without a tie stand in rows below the largest."""
    import networkx

    graph = _graph(actors, pairs)
    if len(graph) > MOST_AT_ONCE:
        parts = _parts_of(groups)
    else:
        parts = sorted(networkx.connected_components(graph), key=lambda part: (-len(part), min(part)))
    return {actor: place for actor, place in _rows(graph, parts)}


def _graph(actors: Iterable[str], pairs: Iterable[tuple[str, str]]) -> networkx.Graph[str]:
    import networkx

    graph: networkx.Graph[str] = networkx.Graph()
    graph.add_nodes_from(sorted(actors))
    graph.add_edges_from(sorted(pairs))
    return graph


def _parts_of(groups: dict[str, int]) -> list[set[str]]:
    parts: list[set[str]] = [set() for _ in range(max(groups.values()) + 1)]
    for actor, group in groups.items():
        parts[group].add(actor)
    return parts


def _rows(graph: networkx.Graph[str], parts: list[set[str]]) -> Iterator[tuple[str, Place]]:
    # A row is as wide as the largest part, or as a square of all parts would be.
    area = sum((2 * _reach(len(part)) + 70) ** 2 for part in parts)
    widest = max(2 * _reach(len(parts[0])) if parts else 0.0, area**0.5) * _STRETCH
    left, top, row = 0.0, 0.0, 0.0
    for part in parts:
        reach = _reach(len(part))
        if left and left + 2 * reach * _STRETCH > widest:
            left, top, row = 0.0, top + row, 0.0
        for actor, (x, y) in _within(graph, sorted(part), reach).items():
            yield actor, (round(left + (reach + x) * _STRETCH), round(top + reach + y))
        left, row = left + 2 * reach * _STRETCH + 110, max(row, 2 * reach + 70)


def _reach(actors: int) -> float:
    """How far a part with so many actors reaches from its middle, in pixels."""
    return _APART * (math.sqrt(actors) + 0.7)


def _within(graph: networkx.Graph[str], part: list[str], reach: float) -> dict[str, tuple[float, float]]:
    if len(part) > MOST_AT_ONCE:
        return dict(zip(part, islice(_spiral(reach, len(part)), len(part)), strict=True))
    return _by_force(graph, part, reach)


def _spiral(reach: float, count: int) -> Iterator[tuple[float, float]]:
    """Places as the seeds of a sunflower have them: even, and quick to compute for any number."""
    for number in range(count):
        far, turn = reach * math.sqrt((number + 0.5) / count), number * math.pi * (3 - math.sqrt(5))
        yield far * math.cos(turn), far * math.sin(turn)


def _by_force(graph: networkx.Graph[str], part: list[str], reach: float) -> dict[str, tuple[float, float]]:
    """Ties pull, all others push: one step for the whole part at once.

    Source: Fruchterman and Reingold (1991). networkx has it too, but needs SciPy for more than 500 actors.
    """
    import numpy

    number = {actor: n for n, actor in enumerate(part)}
    tied = numpy.zeros((len(part), len(part)), dtype=numpy.float32)
    for one, other in graph.subgraph(part).edges:
        tied[number[one], number[other]] = tied[number[other], number[one]] = 1
    at = numpy.array(list(islice(_spiral(1.0, len(part)), len(part))), dtype=numpy.float32)
    ideal, rounds = 1.8 / math.sqrt(len(part)), 120
    for step in range(rounds):
        across, down = (at[:, None, axis] - at[None, :, axis] for axis in (0, 1))
        far = numpy.sqrt(across * across + down * down).clip(0.01)
        force = ideal * ideal / (far * far) - tied * far / ideal
        pull = numpy.stack([(across * force).sum(1), (down * force).sum(1)], axis=1) - at * 0.2
        length = numpy.sqrt((pull * pull).sum(1, keepdims=True)).clip(0.01)
        at += pull / length * numpy.minimum(length, 0.2 * (1 - step / rounds) ** 1.5 + 0.002)
    at -= (at.max(0) + at.min(0)) / 2
    far_out = numpy.sqrt((at * at).sum(1))
    # what stands far out moves in, so that the middle need not be small
    at *= (far_out.clip(0.01) ** -0.25)[:, None]
    at *= reach / max(float(numpy.abs(at).max()), 0.01)
    return {actor: (float(at[n, 0]), float(at[n, 1])) for actor, n in number.items()}
