"""The graph as linked data: JSON-LD with plain nodes, since its syntax for statements about statements is not settled.

Claims are nodes with their roles, evidence is a PROV entity quoted from an article. The plain triple of two actors is
written only where the line is realised, not disputed and likely: a reader of triples sees neither status nor trust.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from kgraph import lookup
from kgraph.graph.nodes import NODE_TYPES, iter_nodes
from kgraph.trust import DEFAULT, least

NAMESPACE = "https://kgraph.invalid/ns#"  # no page: the names are explained in docs/formats.md
THINGS = "https://kgraph.invalid/id/"
CONTEXT = {
    "@vocab": NAMESPACE,
    "kg": NAMESPACE,
    "prov": "http://www.w3.org/ns/prov#",
    "name": "http://www.w3.org/2000/01/rdf-schema#label",
    "aliases": "http://www.w3.org/2004/02/skos/core#altLabel",
    "wasQuotedFrom": {"@id": "prov:wasQuotedFrom", "@type": "@id"},
    "wasAttributedTo": {"@id": "prov:wasAttributedTo"},
    "about": {"@id": "kg:about", "@type": "@id"},
}
CLASSES = {"Claim": "Claim", "Evidence": ["Evidence", "prov:Entity"], "Article": ["Article", "prov:Entity"]}


def write_jsonld(db: sqlite3.Connection, path: Path) -> None:
    text = json.dumps({"@context": CONTEXT, "@graph": list(_nodes(db))}, ensure_ascii=False, indent=1)
    path.write_text(text + "\n", encoding="utf-8")


def _iri(label: str, key: str) -> str:
    return f"{THINGS}{label.lower()}/{quote(key, safe=':')}"


def _nodes(db: sqlite3.Connection) -> Iterator[dict[str, Any]]:
    links = _links(db)
    for kind in NODE_TYPES:
        for node in iter_nodes(db, kind):
            iri = _iri(kind.label, node.key)
            classes = CLASSES.get(kind.label) or [str(node.kind), "Actor"]
            yield {"@id": iri, "@type": classes, **_renamed(node.properties), **links.get(iri, {})}


def _renamed(properties: dict[str, Any]) -> dict[str, Any]:
    return {("wasAttributedTo" if name == "speakers" else name): value for name, value in properties.items()}


def _links(db: sqlite3.Connection) -> dict[str, dict[str, Any]]:
    """For each node what it points to."""
    found: dict[str, dict[str, Any]] = {}

    def link(source: str, name: str, target: str) -> None:
        found.setdefault(source, {}).setdefault(name, []).append({"@id": target})

    for claim, role, actor in db.execute("SELECT claim, role, actor FROM claim_role ORDER BY 1, 2, 3"):
        link(_iri("Claim", claim), role, _iri("Actor", actor))
    for evidence, claim in db.execute("SELECT evidence, claim FROM claim_evidence ORDER BY 1, 2"):
        link(_iri("Evidence", evidence), "about", _iri("Claim", claim))
    for evidence, article in db.execute("SELECT id, article FROM evidence ORDER BY 1"):
        link(_iri("Evidence", evidence), "wasQuotedFrom", _iri("Article", article))
    for edge in lookup.edges(db, trust=least(DEFAULT)):
        if edge.realised and not edge.disputed:
            link(_iri("Actor", edge.source), edge.type, _iri("Actor", edge.target))
    return found
