"""Article → Reading: everything that kgraph takes from one article, in one function."""

from __future__ import annotations

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


def fingerprint(nlp: Language, catalogue: Catalogue) -> str:
    """What reads articles now, as one short text: extractor version, model, knowledge files, learned weights, catalogue."""
    knowledge = (
        ("kgraph", "schema.yaml"),
        ("kgraph", "descriptions.yaml"),
        ("kgraph.claims", "words.yaml"),
        ("kgraph.claims", "cues.yaml"),
    )
    learned = files("kgraph.claims").joinpath("learned.npz").read_bytes()
    texts = (files(package).joinpath(name).read_text(encoding="utf-8") for package, name in knowledge)
    model = f"{nlp.meta['lang']}_{nlp.meta['name']}-{nlp.meta['version']}"
    return f"{__version__} {model} {digest(*texts, sha256(learned).hexdigest(), catalogue.digest)}"
