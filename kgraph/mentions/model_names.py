"""Names that the model finds and the catalogue lacks, with the words trimmed that do not belong to them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from spacy.tokens import Span, Token

from kgraph.catalogue import Catalogue
from kgraph.documents import Document
from kgraph.mentions.name import Name
from kgraph.model import Kind

KINDS = {"PERSON": Kind.PERSON, "ORG": Kind.ORGANIZATION, "GPE": Kind.PLACE, "LOC": Kind.PLACE, "FAC": Kind.PLACE}
_TITLES = frozenset(
    """mr mrs ms dr sir lord president prime minister general gen. colonel col. major lieutenant captain
    admiral commander king queen prince crown sheikh ayatollah secretary chancellor senator sen. rep. ambassador foreign
    defence defense interior spokesman spokeswoman chief leader brigadier sergeant marshal emir sultan pope judge minister
    former then-president deputy acting interim vice""".split()
)
_EDGE = frozenset("POS DET PUNCT SPACE PART CCONJ ADP AUX PRON".split())
_SENTENCE_WORDS = frozenset(("VERB", "AUX", "PRON", "SCONJ"))
_NO_NAME = re.compile(r"[\W\d_]+|[a-z][\w .'’-]*")
# What the model takes for a body or a place but names nobody in particular.
_GENERIC = frozenset(
    """parliament congress senate cabinet government army navy air force police court supreme house state
    council ministry treasury armed forces security forces foreign defence defense east west north south coast guard
    eastern western northern southern middle western islam islamist christian muslim sunni shia god covid covid-19
    internet twitter facebook telegram x youtube instagram whatsapp google monday tuesday wednesday thursday friday
    saturday sunday read more advertisement republican democrat republicans democrats left right""".split()
)


def model_names(document: Document, catalogue: Catalogue) -> Iterator[Name]:
    """The model's people, bodies and places."""
    for entity in document.doc.ents:
        if entity.label_ in KINDS and (span := _trimmed(entity)) and _is_name(span):
            yield Name(span.start, span.end, KINDS[entity.label_], catalogue.lookup(span.text), "model")


def _trimmed(span: Span) -> Span | None:
    """The span without articles, titles, possessive endings and punctuation at its edges."""
    while len(span) and (span[0].pos_ in _EDGE or span[0].lower_ in _TITLES or _is_small(span[0])):
        span = span[1:]
    while len(span) and (span[-1].pos_ in _EDGE or span[-1].text in ("'s", "’s", "'", "’") or _is_small(span[-1])):
        span = span[:-1]
    return span if len(span) else None


def _is_small(token: Token) -> bool:
    return not token.text[:1].isupper() and not token.text[:1].isdigit()


def _is_name(span: Span) -> bool:
    """Whether a span can be a name: capitals, no sentence, no word that names nobody in particular."""
    words = [token for token in span if token.is_alpha]
    if _NO_NAME.fullmatch(span.text) or not words or all(token.lower_ in _GENERIC for token in words):
        return False
    if len(span) > 7 or any(token.pos_ in _SENTENCE_WORDS for token in span):
        return False
    return not any(token.is_sent_start for token in span[1:]) and (len(span.text) > 2 or span.text.isupper())
