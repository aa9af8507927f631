"""The graph in the words of two exchange formats: STIX 2.1 and FollowTheMoney.

Both say less than kgraph does; what they have no word for goes into an extension (STIX) or is left out (FollowTheMoney).
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from kgraph import lookup
from kgraph.errors import UsageError
from kgraph.records import Kind

SPACE = UUID("6f1d3c52-6a0e-5c0b-9a57-0d8f1b1c7e11")  # our own name space: ids stay the same from export to export
EXTENSION = "extension-definition--5d0f7c0e-3f0c-5a55-8c0f-0e2f6f1b7a11"
MADE = "2000-01-01T00:00:00.000Z"  # STIX wants a time of making; a fixed one keeps exports of one graph equal
CLASSES = {
    Kind.STATE: "organization",
    Kind.GROUP: "group",
    Kind.ORGANIZATION: "organization",
    Kind.PERSON: "individual",
}


# STIX. ----------------------------------------------------------------------------------------------------------------


def write_stix(db: sqlite3.Connection, path: Path, trust: float) -> None:
    """Actors as identities and locations, lines as relationships, claims as groupings, sentences as notes and opinions."""
    try:
        from stix2 import parse
    except ImportError as error:
        raise UsageError("STIX needs a further package: pip install 'kgraph[export]'") from error
    objects = [parse(each, allow_custom=True) for each in _stix(db, trust)]
    bundle = {
        "type": "bundle",
        "id": _id("bundle", "all"),
        "objects": [json.loads(each.serialize()) for each in objects],
    }
    path.write_text(json.dumps(bundle, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _id(type: str, key: str) -> str:
    return f"{type}--{uuid5(SPACE, f'{type} {key}')}"


def _object(type: str, key: str, **values: Any) -> dict[str, Any]:
    known = {name: value for name, value in values.items() if value not in (None, [], ())}
    return {"type": type, "spec_version": "2.1", "id": _id(type, key), "created": MADE, "modified": MADE, **known}


def _ours(**values: Any) -> dict[str, Any]:
    """What STIX has no word for, as an extension."""
    known = {name: value for name, value in values.items() if value is not None}
    return {"extensions": {EXTENSION: {"extension_type": "property-extension", **known}}}


def _stix(db: sqlite3.Connection, trust: float) -> Iterator[dict[str, Any]]:
    refs: dict[str, str] = {}
    maker = _object("identity", "kgraph", name="kgraph", identity_class="system")
    yield maker
    yield {
        **_object("extension-definition", "kgraph"), "id": EXTENSION, "created_by_ref": maker["id"], "name": "kgraph",
        "schema": "docs/formats.md of kgraph", "version": "1.0.0", "extension_types": ["property-extension"],
    }  # fmt: skip
    for actor in lookup.actors(db, everyone=True):
        one = _actor(actor)
        refs[actor.id] = one["id"]
        yield one
    edges = lookup.edges(db, trust=trust)
    behind = lookup.claims_behind(db, [edge.id for edge in edges], trust)
    for edge in edges:
        ends = {"source_ref": refs[edge.source], "target_ref": refs[edge.target]}
        ours = _ours(edge=edge.id, status=edge.status, realised=edge.realised, disputed=edge.disputed, stage=edge.stage,
                     articles=edge.articles, origins=edge.origins, trust=edge.trust,
                     claims=list(behind[edge.id]), items=list(edge.items),
                     first_reported=edge.first_reported, last_reported=edge.last_reported)  # fmt: skip
        yield _object("relationship", edge.id, relationship_type=edge.type.lower().replace("_", "-"), **ends, **ours)
    yield from _stix_claims(db, refs, trust)


def _actor(actor: lookup.Actor) -> dict[str, Any]:
    ours = _ours(id=actor.id, kind=actor.kind, aliases=list(actor.aliases))
    if actor.kind == Kind.PLACE:
        return _object("location", actor.id, name=actor.name, region=actor.name, **ours)
    if actor.kind == Kind.WEAPON:  # STIX has no arms; the extension says what it is
        return _object("infrastructure", actor.id, name=actor.name, aliases=list(actor.aliases), **ours)
    return _object("identity", actor.id, name=actor.name, identity_class=CLASSES[Kind(actor.kind)], **ours)


def _stix_claims(db: sqlite3.Connection, refs: dict[str, str], trust: float) -> Iterator[dict[str, Any]]:
    behind, reports = lookup.quotes(db), dict[str, list[str]]()
    for claim in lookup.claims(db, trust=trust):
        actors = list(dict.fromkeys(refs[actor.id] for _, actor in claim.roles))
        roles = [f"{role} {actor.id}" for role, actor in claim.roles]
        ours = _ours(claim=claim.id, type=claim.type, status=claim.status, realised=claim.realised, trust=claim.trust,
                     roles=roles)  # fmt: skip
        group = _object("grouping", claim.id, name=claim.text, context="unspecified", object_refs=actors, **ours)
        yield group
        for quote in behind[claim.id]:
            reports.setdefault(quote.article, []).append(group["id"])
            ours = _ours(
                evidence=quote.id, status=quote.status, reader=quote.reader, score=quote.score, article=quote.article,
                start=quote.start, end=quote.end,
            )  # fmt: skip
            both = {"object_refs": [group["id"]], "authors": list(quote.speakers), **ours}
            key = f"{claim.id} {quote.id}"
            if quote.polarity in ("denied", "negated"):
                yield _object("opinion", key, opinion="disagree", explanation=quote.sentence, **both)
            else:
                yield _object("note", key, content=quote.sentence, **both)
    for key, title, published, url in db.execute("SELECT key, title, published, url FROM article ORDER BY key"):
        if groups := reports.get(key):
            source = (
                [{"source_name": title or key, "url": url}]
                if url
                else [{"source_name": title or key, "external_id": key}]
            )
            when = f"{published}T00:00:00Z" if published else MADE
            yield _object("report", key, name=title or key, published=when, object_refs=sorted(set(groups)),
                          external_references=source, **_ours(article=key, published=published))  # fmt: skip


# FollowTheMoney. ------------------------------------------------------------------------------------------------------

SCHEMATA = {
    Kind.STATE: "PublicBody", Kind.GROUP: "Organization", Kind.ORGANIZATION: "Organization", Kind.PERSON: "Person",
    Kind.WEAPON: "Asset", Kind.PLACE: "Address",
}  # fmt: skip


def write_ftm(db: sqlite3.Connection, path: Path, trust: float) -> None:
    """Actors, articles, and what is realised as links with their sentences: a link there says that it is so."""
    try:
        from followthemoney import model
    except ImportError as error:
        raise UsageError("FollowTheMoney needs a further package: pip install 'kgraph[export]'") from error
    with path.open("w", encoding="utf-8", newline="\n") as lines:
        for schema, key, values in _ftm(db, trust):
            entity = model.make_entity(schema)
            entity.id = key
            for name, value in values.items():
                entity.add(name, value, cleaned=name in ("subject", "object", "proof"))
            lines.write(json.dumps(entity.to_dict(), ensure_ascii=False) + "\n")


def _ftm(db: sqlite3.Connection, trust: float) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for actor in lookup.actors(db, everyone=True):
        named = {"full": actor.name} if actor.kind == Kind.PLACE else {"name": actor.name, "alias": list(actor.aliases)}
        yield SCHEMATA[Kind(actor.kind)], _key(actor.id), named
    for key, title, published, url in db.execute("SELECT key, title, published, url FROM article ORDER BY key"):
        yield "Article", _key(key), {"title": title, "publishedAt": published, "sourceUrl": url}
    behind, edges = lookup.quotes(db), lookup.edges(db, trust=trust)
    claims = lookup.claims_behind(db, [edge.id for edge in edges], trust)
    for edge in edges:
        if edge.realised:
            quotes = [quote for claim in claims[edge.id] for quote in behind[claim]]
            yield "UnknownLink", _key(edge.id), {
                "subject": _key(edge.source), "object": _key(edge.target), "role": edge.type, "status": edge.status,
                "date": [edge.first_reported, edge.last_reported], "summary": [quote.sentence for quote in quotes],
                "proof": sorted({_key(quote.article) for quote in quotes}), "recordId": edge.id,
                "description": f"trust {edge.trust}",
            }  # fmt: skip


def _key(id: str) -> str:
    """An id that FollowTheMoney takes: ours may be addresses."""
    return f"kgraph-{uuid5(SPACE, id)}"
