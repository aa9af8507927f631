"""The frames of schema.yaml, by the words that trigger them: who stands in which role around such a word.

A frame stands beside the relation that it gives. It names its trigger words by kind (verb, noun, adj, name, or hyphen for
the second part of "Iran-backed"), and for every role the slots (see arguments.py) where its filler may stand, the likeliest
first: the first slot whose filler has the right kind wins. `a` and `b` are the two sides of a relation without direction,
`pair` a slot that holds both. `if` and `unless` ask what stands in a slot: a class of words.yaml, a kind of actor, "named"
(some actor) or "empty". `kinds` narrows who may fill a role, `stage` says that the words themselves put the relation in a
stage ("lifted sanctions": stopped).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from kgraph.errors import KnowledgeError
from kgraph.reading.claims.words import CLASSES
from kgraph.records import Kind
from kgraph.schema import RelationType, kinds_of_words, load_schema

TRIGGERS = {"verb": ("VERB", "AUX"), "noun": ("NOUN", "PROPN"), "adj": ("ADJ", "ADV", "VERB"), "hyphen": (), "name": ()}
_OPTIONS = {"if", "unless", "kinds", "stage", *TRIGGERS}
_TESTS = {"named", "empty", *CLASSES, *(kind.value for kind in Kind)}


@dataclass(frozen=True, slots=True)
class Frame:
    """One way to say a relation."""

    name: str
    relation: RelationType
    trigger: str
    words: tuple[str, ...]
    roles: Mapping[str, tuple[str, ...]]
    wanted: tuple[tuple[tuple[str, ...], frozenset[str]], ...] = ()
    unwanted: tuple[tuple[tuple[str, ...], frozenset[str]], ...] = ()
    kinds: Mapping[str, frozenset[Kind]] = field(default_factory=dict)
    stage: str | None = None


@cache
def frames() -> dict[str, tuple[Frame, ...]]:
    """All frames by trigger word."""
    index: dict[str, list[Frame]] = {}
    for relation in load_schema().values():
        for number, entry in enumerate(relation.frames, 1):
            frame = _frame(relation, number, entry)
            for word in frame.words:
                index.setdefault(word, []).append(frame)
    return {word: tuple(found) for word, found in index.items()}


@cache
def loose_frame(name: str, reader: str) -> Frame:
    """The frame of a claim that a reader finds without one: its further roles stand where any frame has them."""
    relation = load_schema()[name]
    own = [_frame(relation, number, entry) for number, entry in enumerate(relation.frames, 1) if "hyphen" not in entry]
    slots = {role: [slot for frame in own for slot in frame.roles.get(role, ())] for role in relation.roles[2:]}
    return Frame(f"{name} {reader}", relation, reader, (), {role: tuple(dict.fromkeys(s)) for role, s in slots.items()})


def _frame(relation: RelationType, number: int, entry: Mapping[str, object]) -> Frame:
    where = f"schema.yaml: {relation.name}, frame {number}"
    triggers = [key for key in entry if key in TRIGGERS]
    roles = {key: tuple(str(value).split()) for key, value in entry.items() if key not in _OPTIONS}
    known = {*relation.roles, "a", "b", "pair"} if relation.symmetric else {*relation.roles}
    if len(triggers) != 1 or roles.keys() - known:
        raise KnowledgeError(
            f"{where}: has triggers {triggers} and roles {sorted(roles)}; "
            f"it needs one of {', '.join(TRIGGERS)} and roles among {', '.join(sorted(known))}"
        )
    words = tuple(str(entry[triggers[0]]).split())
    kinds = {str(role): kinds_of_words(str(value)) for role, value in _mapping(entry.get("kinds")).items()}
    return Frame(
        f"{relation.name} {triggers[0]} {number}",
        relation,
        triggers[0],
        words,
        roles,
        _tests(entry.get("if"), where),
        _tests(entry.get("unless"), where),
        kinds,
        str(entry["stage"]) if "stage" in entry else None,
    )


def _tests(entry: object, where: str) -> tuple[tuple[tuple[str, ...], frozenset[str]], ...]:
    tests = tuple((tuple(slots.split()), frozenset(str(words).split())) for slots, words in _mapping(entry).items())
    if unknown := {test for _, words in tests for test in words} - _TESTS:
        raise KnowledgeError(f"{where}: unknown test {sorted(unknown)[0]!r}; known: {', '.join(sorted(_TESTS))}")
    return tests


def _mapping(entry: object) -> Mapping[str, object]:
    return entry if isinstance(entry, Mapping) else {}
