"""Classes of nouns and verbs that say little: words.yaml, checked on load."""

from __future__ import annotations

from importlib.resources import files

import yaml

from kgraph.errors import KnowledgeError

_LISTS = (
    "transparent",
    "ditransitive",
    "giving",
    "taking",
    "mediating",
    "subject_control",
    "object_control_prepositions",
)

try:
    _data = yaml.safe_load(files("kgraph.reading.claims").joinpath("words.yaml").read_text(encoding="utf-8"))
    CLASSES: dict[str, frozenset[str]] = {name: frozenset(words.split()) for name, words in _data["classes"].items()}
    TRANSPARENT, DITRANSITIVE, GIVING, TAKING, MEDIATING, SUBJECT_CONTROL, OBJECT_CONTROL_PREPOSITIONS = (
        frozenset(_data[name].split()) for name in _LISTS
    )
    STAGES: dict[str, str] = {word: stage for stage, words in _data["stages"].items() for word in words.split()}
except (KeyError, AttributeError, yaml.YAMLError) as error:
    raise KnowledgeError(
        f"claims/words.yaml: {error!r}; it needs classes, stages and the lists {', '.join(_LISTS)}"
    ) from error
