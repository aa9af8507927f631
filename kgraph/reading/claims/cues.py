"""The words that change what a sentence says of a claim: cues.yaml, checked on load."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import yaml

from kgraph.errors import KnowledgeError

Effect = Mapping[str, Any]

# What a stance may be set to; every effect in cues.yaml stays within this.
FIELDS: dict[str, tuple[str | bool, ...]] = {
    "polarity": ("affirmed", "denied", "negated", "unobserved"),
    "stage": (
        "requested",
        "offered",
        "planned",
        "agreed",
        "attempted",
        "ongoing",
        "done",
        "stopped",
        "failed",
        "threatened",
    ),
    "certainty": ("certain", "probable", "possible"),
    "hypothetical": (False, True),
    "voice": ("author", "attributed", "quoted"),
}
# What the classes of `own` and `preposition` do; those of the same name under `governing` do it as well.
EFFECTS: dict[str, Effect] = {
    "planned": {"stage": "planned"},
    "offered": {"stage": "offered"},
    "threatened": {"stage": "threatened"},
    "attempted": {"stage": "attempted"},
    "requested": {"stage": "requested", "hypothetical": True},
    "possible": {"certainty": "possible"},
    "reported": {"voice": "attributed"},
    "stopped": {"stage": "stopped"},
    "negated": {"polarity": "negated"},
    "hypothetical": {"hypothetical": True},
}
_LISTS = (
    "light",
    "occurring",
    "factive",
    "agreements",
    "relational",
    "spoken",
    "counting",
    "meetings",
    "speaking",
    "sources",
    "mouthpieces",
)


@dataclass(frozen=True, slots=True)
class Cue:
    """A class of governing words: what they do to a claim under them, and what they do when negated themselves."""

    name: str
    effect: Effect
    negated: Effect


def load(text: str) -> tuple[dict[tuple[str, str], Cue], dict[str, dict[str, str]], dict[str, frozenset[str]]]:
    """The governing cues by word and kind, the classes of words beside a claim, and the lists. Raises KnowledgeError."""
    try:
        data = yaml.safe_load(text)
        governing = _governing(data["governing"])
        own = {kind: _classes(kind, entry) for kind, entry in data["own"].items()}
        own["preposition"] = _classes("preposition", data["preposition"])
        return governing, own, {name: frozenset(data[name].split()) for name in _LISTS}
    except (KeyError, AttributeError, TypeError, yaml.YAMLError) as error:
        needs = f"it needs governing, own, preposition and the lists {', '.join(_LISTS)}"
        raise KnowledgeError(f"claims/cues.yaml: {error!r}; {needs}") from error


def _governing(classes: Mapping[str, Mapping[str, Any]]) -> dict[tuple[str, str], Cue]:
    index: dict[tuple[str, str], Cue] = {}
    for name, entry in classes.items():
        cue = Cue(name, _effect(name, entry["effect"]), _effect(name, entry["not"]))
        for kind, words in entry.items():
            for word in words.split() if kind not in ("effect", "not") else ():
                _add(index, (word, kind), cue)
    return index


def _add(governing: dict[tuple[str, str], Cue], key: tuple[str, str], cue: Cue) -> None:
    if (known := governing.setdefault(key, cue)) is not cue:
        raise KnowledgeError(f"claims/cues.yaml: {key[0]} ({key[1]}) is both {known.name} and {cue.name}; keep one")


def _effect(name: str, effect: Effect) -> Effect:
    for field, value in effect.items():
        if value not in FIELDS.get(field, ()):
            raise KnowledgeError(
                f"claims/cues.yaml: {name}: {field}: {value} is no effect; known: "
                + ", ".join(f"{known} ({' '.join(map(str, values))})" for known, values in FIELDS.items())
            )
    return effect


def _classes(kind: str, entry: Mapping[str, str]) -> dict[str, str]:
    if unknown := set(entry) - set(EFFECTS):
        raise KnowledgeError(f"claims/cues.yaml: own {kind}: unknown class {min(unknown)}; known: {', '.join(EFFECTS)}")
    return {word: name for name, words in entry.items() for word in words.split()}


def read_cues() -> str:
    """The text of cues.yaml."""
    return files("kgraph.reading.claims").joinpath("cues.yaml").read_text(encoding="utf-8")


GOVERNING, OWN, WORDS = load(read_cues())
