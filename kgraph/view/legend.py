"""How kinds, families and statuses look: read by the scripts, the legend and the tests."""

from __future__ import annotations

from typing import Any

from kgraph.records import Status
from kgraph.schema import load_schema
from kgraph.trust import LEVELS

KINDS = {  # colour, and shape as vis-network names it
    "State": ("#3b6fb6", "dot"),
    "Group": ("#c2452d", "triangle"),
    "Organization": ("#6a5acd", "square"),
    "Person": ("#2e8b6f", "star"),
    "WeaponSystem": ("#a07a3b", "diamond"),
    "Place": ("#8a8f98", "hexagon"),
}
FAMILIES = {"cooperation": "#2f7fc1", "support": "#2b9348", "conflict": "#d0253a", "structure": "#80868f"}


def legend() -> dict[str, Any]:
    """What the scripts need to know beside the graph."""
    types = {
        edge.type: {"label": edge.type.replace("_", " ").lower(), "family": relation.family}
        for relation in load_schema().values()
        for edge in relation.projections
    }
    return {
        "kinds": {kind: {"colour": colour, "shape": shape} for kind, (colour, shape) in KINDS.items()},
        "families": FAMILIES,
        "types": types,
        "statuses": [status.value for status in Status],
        "trusts": list(LEVELS),
    }
