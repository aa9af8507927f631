"""Article → Reading: everything that kgraph takes from one article, in one function."""

from __future__ import annotations

from spacy.language import Language

from kgraph.actors import find_cast
from kgraph.catalogue import Catalogue
from kgraph.claims import find_claims
from kgraph.copies import find_credit, sign
from kgraph.documents import read_document
from kgraph.eventdates import date_evidence
from kgraph.mentions import find_names
from kgraph.model import Article, Reading


def read(article: Article, nlp: Language, catalogue: Catalogue) -> Reading:
    """What an article says: its actors, where it mentions them, its claims, and by what near-copies of it are found."""
    with nlp.memory_zone():  # words that the model meets first here are forgotten again: memory stays flat
        document = read_document(article, nlp, catalogue)
        names = find_names(document, catalogue)
        cast = find_cast(document, names, catalogue)
        evidence = tuple(date_evidence(document, find_claims(document, cast, catalogue)))
        sentences = sum(1 for _ in document.doc.sents)
    actors = tuple(cast.actors.values())
    return Reading(article, actors, cast.mentions, evidence, sentences, find_credit(article), sign(article))
