"""Article → Reading: everything that kgraph takes from one article, in one function."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from importlib.resources import files

from spacy.language import Language

from kgraph import __version__
from kgraph.actors import find_cast
from kgraph.catalogue import Catalogue
from kgraph.claims import find_claims
from kgraph.documents import DEFAULT_MODEL, load_model, read_document
from kgraph.eventdates import date_evidence
from kgraph.mentions import find_names
from kgraph.model import Article, Reading, digest

__all__ = ["DEFAULT_MODEL", "fingerprint", "load_model", "read"]


def read(article: Article, nlp: Language, catalogue: Catalogue) -> Reading:
    """What an article says: its actors, where it mentions them, and its claims."""
    document = read_document(article, nlp, catalogue)
    names = find_names(document, catalogue)
    cast = find_cast(document, names, catalogue)
    evidence = tuple(date_evidence(document, find_claims(document, cast, catalogue)))
    sentences = sum(1 for _ in document.doc.sents)
    return Reading(article, tuple(cast.actors.values()), cast.mentions, evidence, sentences)


# What reads: these modules and the Python files of these packages. A test holds it against what is really imported.
CODE = (
    "actors", "catalogue", "claims", "mentions", "documents.py", "eventdates.py", "model.py", "reading.py", "schema.py",
)  # fmt: skip
KNOWLEDGE = ("schema.yaml", "descriptions.yaml", "claims/words.yaml", "claims/cues.yaml", "claims/learned.npz")


def fingerprint(nlp: Language, catalogue: Catalogue) -> str:
    """What reads articles now, as one short text: version, model, code and knowledge files, catalogue."""
    model = f"{nlp.meta['lang']}_{nlp.meta['name']}-{nlp.meta['version']}"
    return f"{__version__} {model} {digest(_digest_of_code(), catalogue.digest)}"


@cache
def _digest_of_code() -> str:
    home, found = files("kgraph"), sha256()
    for name in CODE:
        part = home.joinpath(name)
        for file in sorted(part.iterdir(), key=lambda file: file.name) if part.is_dir() else (part,):
            if file.name.endswith(".py"):
                found.update(f"{name} {file.name}\n".encode() + file.read_bytes())
    for name in KNOWLEDGE:
        found.update(home.joinpath(name).read_bytes())
    return found.hexdigest()
