"""Article → Reading: everything that kgraph takes from one article, in one function."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kgraph.reading.readers import DEFAULT_READERS

if TYPE_CHECKING:
    from spacy.language import Language

    from kgraph.catalogue import Catalogue
    from kgraph.records import Article, Reading


def read(
    article: Article,
    nlp: Language,
    catalogue: Catalogue,
    *,
    readers: Sequence[str] = DEFAULT_READERS,
    parse_all: bool = False,
    words_at_once: int | None = None,
) -> Reading:
    """What an article says: its actors, where it mentions them, its claims, and by what near-copies of it are found.

    Its claims are those that `readers` find (see readers.py). Paragraphs that can hold no claim are not parsed, unless
    `parse_all` asks for it. `words_at_once` changes what a long article takes, not what it says.
    """
    # Here, since spaCy takes its time: who only asks what would read an article (fingerprint.py) does without.
    from kgraph.copies import find_credit, sign
    from kgraph.reading.actors import find_cast
    from kgraph.reading.actors.possible import may_hold_claims
    from kgraph.reading.claims import find_claims
    from kgraph.reading.dates import date_evidence
    from kgraph.reading.documents import SLICE, read_document
    from kgraph.reading.mentions import find_names
    from kgraph.records import Reading

    choose = None if parse_all else may_hold_claims
    document = read_document(article, nlp, catalogue, choose, words_at_once or SLICE)
    cast = find_cast(document, find_names(document, catalogue), catalogue)
    evidence = tuple(date_evidence(document, find_claims(document, cast, catalogue, readers)))
    actors = tuple(cast.actors.values())
    sentences = document.doc.count_sentences()
    return Reading(article, actors, cast.mentions, evidence, sentences, find_credit(article), sign(article))
