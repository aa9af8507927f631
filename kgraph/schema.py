"""Loads and checks schema.yaml: the relation types, their roles, who may fill them and what identifies a claim."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from kgraph.errors import KnowledgeError
from kgraph.records import Kind

SCHEMA_VERSION = 6


@dataclass(frozen=True, slots=True)
class Projection:
    """An edge that a claim of a type gives: from the filler of one role to the filler of another."""

    type: str
    source: str
    target: str


@dataclass(frozen=True, slots=True)
class RelationType:
    """A relation type: two key roles first, then further roles."""

    name: str
    roles: tuple[str, ...]
    kinds: dict[str, frozenset[Kind]]  # the kinds that may fill each role
    identity: tuple[str, ...]  # the roles whose fillers make the claim
    family: str  # cooperation, support, conflict, structure: its colour
    phrase: str  # how to say it: "{supplier} supplies {recipient} with {item}"
    projections: tuple[Projection, ...]
    lasting: bool  # holds over a time (an alliance), rather than happening (an attack)
    frames: tuple[Mapping[str, object], ...]  # how texts say it: see reading/claims/vocabulary.py
    holds: tuple[tuple[str, str], ...]  # sentences that say it, with the key actors found: "A > B"
    lookalikes: tuple[str, ...]  # sentences that do not

    @property
    def key_roles(self) -> tuple[str, str]:
        return self.roles[0], self.roles[1]

    @property
    def symmetric(self) -> bool:
        return self.roles[0] == self.roles[1]


class _Loader(yaml.SafeLoader):
    """YAML in which `on` and `off` are the prepositions that frames ask for, no truth values."""


_Loader.yaml_implicit_resolvers = {k: v for k, v in yaml.SafeLoader.yaml_implicit_resolvers.items() if k not in "oO"}


@cache
def load_schema() -> dict[str, RelationType]:
    """The relation types by name, in the order of the file."""
    data = yaml.load(files("kgraph").joinpath("schema.yaml").read_text(encoding="utf-8"), _Loader)
    return {name: _relation_type(name, entry) for name, entry in data["relations"].items()}


def _relation_type(name: str, entry: dict[str, object]) -> RelationType:
    try:
        roles = tuple(str(entry["roles"]).split())
        kinds = {role: kinds_of_words(str(entry.get(role, "actor"))) for role in roles}
        edges = [str(line).split() for line in entry.get("edges", [f"{name} {roles[0]} {roles[1]}"])]  # type: ignore[attr-defined]
        return RelationType(
            name,
            roles,
            kinds,
            tuple(str(entry.get("identity", f"{roles[0]} {roles[1]}")).split()),
            str(entry["family"]),
            str(entry["phrase"]),
            tuple(Projection(*edge) for edge in edges),
            bool(entry.get("lasting", False)),
            tuple(entry.get("frames", ())),  # type: ignore[arg-type]
            tuple((str(sentence), str(words)) for sentence, words in dict(entry.get("holds", {})).items()),  # type: ignore[call-overload]
            tuple(map(str, entry.get("not", ()))),  # type: ignore[call-overload]
        )
    except (KeyError, TypeError, ValueError) as error:
        raise KnowledgeError(f"schema.yaml: relation {name}: {error!r}; see the entries beside it") from error


WORDS_FOR_KINDS = {
    "actor": (Kind.STATE, Kind.GROUP, Kind.ORGANIZATION, Kind.PERSON),
    "body": (Kind.STATE, Kind.GROUP, Kind.ORGANIZATION),
    "anything": tuple(Kind),
    "place": (Kind.PLACE, Kind.STATE),
    **{kind.value: (kind,) for kind in Kind},
}


def kinds_of_words(words: str) -> frozenset[Kind]:
    """The kinds for some words: "actor", "body", "place", or kinds by name."""
    return frozenset(kind for word in words.split() for kind in WORDS_FOR_KINDS[word])
