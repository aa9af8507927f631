"""One offline HTML page: pyvis carries the graph and the drawing library, page.html, .css and .js the rest."""

from __future__ import annotations

import json
import math
import re
from collections import Counter, defaultdict
from importlib.resources import files
from typing import Any

from kgraph.errors import KgraphError

KIND_COLOURS = {
    "State": "#3b6fb6",
    "Group": "#c2452d",
    "Organization": "#6a5acd",
    "Person": "#2e8b6f",
    "WeaponSystem": "#8a6d3b",
    "Place": "#8a8f98",
}
KIND_SHAPES = {
    "State": "dot",
    "Group": "triangle",
    "Organization": "square",
    "Person": "star",
    "WeaponSystem": "diamond",
    "Place": "hexagon",
}
FAMILY_COLOURS = {"cooperation": "#2f7fc1", "support": "#2b9348", "conflict": "#c8102e", "structure": "#80868f"}
MOST_ACTORS = 2000  # above that a canvas is too slow to be of use

# pyvis's page asks two CDNs for Bootstrap, and carries a comment with two more links
_FROM_OUTSIDE = re.compile(
    r"<!--\s*<link.*?-->|<(?:link|script)\b[^>\"'=]*\b(?:rel=\"\w+\"\s+)?(?:href|src)=[^>]*>(?:\s*</script>)?", re.S
)

Picture = dict[str, Any]  # title, actors, edges and evidence, as page.js reads them


def page(picture: Picture) -> str:
    """The page as text. Raises KgraphError for more actors than a page can draw."""
    if len(picture["actors"]) > MOST_ACTORS:
        raise KgraphError(
            f"{len(picture['actors'])} actors are too many for one page (at most {MOST_ACTORS}): "
            "choose some with --about NAME --hops N"
        )
    html = _carrier(picture)
    html = _FROM_OUTSIDE.sub("", html)
    html = html.replace("<html>", '<!doctype html>\n<html lang="en">', 1)
    html = re.sub(r"<center>\s*<h1></h1>\s*</center>", "", html)
    html = html.replace("</head>", f"<style>{_part('page.css')}</style>\n</head>", 1)
    html = html.replace("<body>", f"<body>\n{_part('page.html')}", 1)
    known = {**picture, "kinds": KIND_COLOURS, "families": FAMILY_COLOURS}
    end = (
        f'<script type="application/json" id="kgraph-data">{_embedded(known)}</script>\n'
        f"<script>{_part('page.js')}</script>\n</body>"
    )
    html = end.join(html.rsplit("</body>", 1))
    if outside := _FROM_OUTSIDE.search(html):
        raise KgraphError(
            f"the page would load something from outside ({outside.group()}): another pyvis than 0.3.2 is installed"
        )
    return html


def _carrier(picture: Picture) -> str:
    """pyvis's page of the graph: placed beforehand, without physics, every parallel edge on a curve of its own."""
    from pyvis.network import Network

    net = Network(directed=True, cdn_resources="in_line", height="100%")
    places = _layout(picture)
    degrees = Counter(end for edge in picture["edges"] for end in (edge["source"], edge["target"]))
    net.nodes = [_node(actor, degrees[actor["id"]], places[actor["id"]]) for actor in picture["actors"]]
    net.node_ids = [actor["id"] for actor in picture["actors"]]
    net.edges = list(_edges(picture))
    net.options = _OPTIONS
    return str(net.generate_html(notebook=False))


_OPTIONS: dict[str, Any] = {
    "physics": {"enabled": False},
    "interaction": {
        "hover": True,
        "tooltipDelay": 150,
        "hideEdgesOnDrag": False,
        "keyboard": {"enabled": True, "bindToWindow": False},
    },
    "nodes": {"font": {"size": 17, "strokeWidth": 3}, "scaling": {"label": {"drawThreshold": 3}}},
    "edges": {"arrows": {"to": {"scaleFactor": 0.6}}, "font": {"size": 0}},
}


def _node(actor: dict[str, Any], degree: int, place: tuple[float, float]) -> dict[str, Any]:
    return {
        "id": actor["id"],
        "label": actor["name"],
        "shape": KIND_SHAPES[actor["kind"]],
        "color": KIND_COLOURS[actor["kind"]],
        "size": round(8 + 3 * degree**0.5, 1),
        "x": round(place[0]),
        "y": round(place[1]),
    }


def _edges(picture: Picture) -> list[dict[str, Any]]:
    """The lines; those between the same two actors are fanned out, in which order stays the same."""
    pairs: dict[frozenset[str], list[dict[str, Any]]] = defaultdict(list)
    for edge in picture["edges"]:
        pairs[frozenset((edge["source"], edge["target"]))].append(edge)
    return [_line(edge, number) for pair in pairs.values() for number, edge in enumerate(pair)]


def _line(edge: dict[str, Any], number: int) -> dict[str, Any]:
    # A curve bends to the left of its direction: lines that run the other way must bend the other way to stay apart.
    turn = (number + 1) // 2 * 0.18 * (1 if number % 2 else -1) * (1 if edge["source"] < edge["target"] else -1)
    smooth: dict[str, Any] = {
        "enabled": bool(turn),
        "type": "curvedCW" if turn > 0 else "curvedCCW",
        "roundness": abs(turn),
    }
    return {
        "id": edge["id"],
        "from": edge["source"],
        "to": edge["target"],
        "color": FAMILY_COLOURS[edge["family"]],
        "dashes": not edge["realised"],
        "width": round(1 + min(edge["articles"], 9) ** 0.5, 1),
        "arrows": "to" if edge["directed"] else "",
        "smooth": smooth,
    }


def _layout(picture: Picture) -> dict[str, tuple[float, float]]:
    """Where each actor stands, the same way each time; parts without a tie stand in rows below the largest.

    Source: the force-directed layout of Fruchterman and Reingold (1991), as in networkx.
    """
    import networkx

    graph: networkx.Graph[str] = networkx.Graph()
    graph.add_nodes_from(sorted(actor["id"] for actor in picture["actors"]))
    graph.add_edges_from(sorted((edge["source"], edge["target"]) for edge in picture["edges"]))
    parts = sorted(networkx.connected_components(graph), key=lambda part: (-len(part), min(part)))
    places, left, top, row = dict[str, tuple[float, float]](), 0.0, 0.0, 0.0
    widest = 2 * _reach(len(parts[0])) * _STRETCH if parts else 0.0
    for part in parts:
        reach = _reach(len(part))
        if left and left + 2 * reach * _STRETCH > widest:
            left, top, row = 0.0, top + row, 0.0
        within = networkx.spring_layout(
            graph.subgraph(sorted(part)), k=3.5 / len(part) ** 0.5, iterations=150, seed=1, scale=reach
        )
        places |= {
            actor: (left + (reach + float(x)) * _STRETCH, top + reach + float(y)) for actor, (x, y) in within.items()
        }
        left, row = left + 2 * reach * _STRETCH + 110, max(row, 2 * reach + 70)
    return places


def _reach(actors: int) -> float:
    """How far a part with so many actors reaches from its middle, in pixels."""
    return (22 if actors < 8 else 52) * math.sqrt(actors)


_STRETCH = 1.8  # screens are wide, and so are names


def _part(name: str) -> str:
    return files("kgraph.view").joinpath(name).read_text(encoding="utf-8")


def _embedded(value: object) -> str:
    """JSON that cannot end the script element it stands in, whatever an article says."""
    return (
        json.dumps(value, ensure_ascii=False)
        .replace("<", "\\u003c")
        .replace("\u2028", "\\u2028")
        .replace("\u2029", "\\u2029")
    )
