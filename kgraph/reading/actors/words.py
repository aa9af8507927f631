"""descriptions.yaml: the nouns that stand for an actor who is named elsewhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from kgraph.errors import KnowledgeError
from kgraph.reading.tokens import Token
from kgraph.records import Kind

_LISTS = (
    "owned",
    "pairs",
    "crowds",
    "home",
    "favours",
    "people",
    "companions",
    "women",
    "judging",
    "hostile",
    "evaluations",
    "somebody",
)
_TABLES = ("descriptions", "suits", "states", "regions", "services", "peoples", "presumed")


def words(name: str) -> frozenset[str]:
    """One of the lists of descriptions.yaml."""
    return _read()[0][name]


def table(name: str) -> Mapping[str, frozenset[str]]:
    """One of the tables of descriptions.yaml."""
    return _read()[1][name]


@cache
def all_words() -> frozenset[str]:
    """Every word of every list and table: whatever may stand for an actor is among them."""
    lists, tables = _read()
    keys = {key for found in tables.values() for key in found}
    return frozenset().union(keys, *lists.values(), *(values for found in tables.values() for values in found.values()))


def kinds_described(token: Token) -> frozenset[Kind]:
    """The kinds of actor that a noun can describe; none for other words."""
    return _kinds().get(token.lemma_.lower(), frozenset()) if token.pos_ in ("NOUN", "PROPN") else frozenset()


@cache
def _kinds() -> dict[str, frozenset[Kind]]:
    found: dict[str, set[Kind]] = defaultdict(set)
    for kind, nouns in table("descriptions").items():
        for noun in nouns:
            found[noun].add(Kind(kind))
    return {noun: frozenset(kinds) for noun, kinds in found.items()}


@cache
def _read() -> tuple[dict[str, frozenset[str]], dict[str, dict[str, frozenset[str]]]]:
    try:
        found: Any = yaml.safe_load(files("kgraph.reading.actors").joinpath("descriptions.yaml").read_text(encoding="utf-8"))
        lists = {name: frozenset(found[name].split()) for name in _LISTS}
        tables = {name: {key: frozenset(v.split()) for key, v in found[name].items()} for name in _TABLES}
    except (KeyError, TypeError, AttributeError, yaml.YAMLError) as error:
        needed = ", ".join((*_LISTS, *_TABLES))
        raise KnowledgeError(f"descriptions.yaml: {error!r}; it needs {needed}") from error
    return lists, tables
