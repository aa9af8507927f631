"""Article → Reading: everything that kgraph takes from one article, in one function."""

from __future__ import annotations

from spacy.language import Language

from kgraph.actors import find_cast
from kgraph.actors.possible import may_hold_claims
from kgraph.catalogue import Catalogue
from kgraph.claims import find_claims
from kgraph.copies import find_credit, sign
from kgraph.documents import read_document
from kgraph.eventdates import date_evidence
from kgraph.mentions import find_names
from kgraph.model import Article, Reading


def read(article: Article, nlp: Language, catalogue: Catalogue, *, parse_all: bool = False) -> Reading:
    """What an article says: its actors, where it mentions them, its claims, and by what near-copies of it are found.

    Paragraphs that can hold no claim are not parsed, unless `parse_all` asks for it.
    """
    with nlp.memory_zone():  # words that the model meets first here are forgotten again: memory stays flat
        document = read_document(article, nlp, catalogue, None if parse_all else may_hold_claims)
        names = find_names(document, catalogue)
        cast = find_cast(document, names, catalogue)
        evidence = tuple(date_evidence(document, find_claims(document, cast, catalogue)))
        sentences = sum(1 for _ in document.doc.sents)
    actors = tuple(cast.actors.values())
    return Reading(article, actors, cast.mentions, evidence, sentences, find_credit(article), sign(article))
