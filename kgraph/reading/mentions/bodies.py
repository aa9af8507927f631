"""Bodies that their own words tell, in full: "the Supreme Council for Border Trade", "Ministry of Culture and Tourism"."""

from __future__ import annotations

from collections.abc import Iterator

from kgraph.catalogue import Catalogue
from kgraph.reading.documents import Document
from kgraph.reading.mentions.kinds import kind_of
from kgraph.reading.mentions.model_names import is_generic
from kgraph.reading.mentions.name import Name
from kgraph.reading.tokens import Doc, Token
from kgraph.records import Kind

_HEADS = frozenset(
    """Council Committee Commission Ministry Department Directorate Agency Authority Office Bureau Command Front Movement
    Party Union Association Organization Organisation Federation Assembly Company Corporation Institute Foundation Center
    Centre Brigade Brigades Battalion Regiment Army Force Forces Guard Guards Corps Service Services Coalition Alliance League
    Network Board Coordination Secretariat Inspectorate Syndicate Industries Airlines""".split()
)
# What a body can be for, joined by "and": "Culture and Tourism".
_FIELDS = frozenset(
    """Affairs Agriculture Antiquities Arts Border Commerce Communication Communications Construction Cooperation Culture
    Customs Defence Defense Development Economy Education Emergency Employment Energy Environment Exchange Exports Finance
    Food Foreign Health Heritage Housing Immigration Industry Industrial Information Infrastructure Innovation Intelligence
    Interior Investment Investments Islamic Justice Labour Labor Liberation Livestock Logistics Media Migration Mines Mining
    Petroleum Planning Power Prevention Public Reconciliation Reconstruction Refugees Religious Research Resources Rural
    Sanctions Science Scientific Security Social Sports Statistics Strategic Studies Supply Technical Technology
    Telecommunications Tourism Trade Training Transport Transportation Urban Water Welfare Women Works Youth""".split()
)
_JOINTS = ("of", "for")
_LONGEST = 10  # tokens of such a name


def said_bodies(document: Document, catalogue: Catalogue, part: range) -> Iterator[Name]:
    """Capitalised words around a word for a body, with what it is of or for."""
    doc = document.doc
    known = {i: k.entries[0].kind for k in document.known_in(part) for i in range(k.start, k.end)}
    done = 0
    for token in doc.between(part.start, part.stop):
        if token.i < done or token.text not in _HEADS or token.i in known or document.is_heading(token):
            continue
        start, end = _first(doc, token, known), _last(doc, token, known)
        span = doc[start:end]
        if end - start < 2 or end - start > _LONGEST or is_generic(span):
            continue
        kind = kind_of(span, Kind.ORGANIZATION)
        if kind in (Kind.ORGANIZATION, Kind.GROUP):
            yield Name(start, end, kind, catalogue.lookup(span.text), "designation")
            done = end


def _first(doc: Doc, head: Token, known: dict[int, Kind]) -> int:
    """Where a body's name begins: at the first capital before it, without titles and the names of others."""
    i = head.i
    while (
        i and not doc[i].is_sent_start and _is_part(doc[i - 1], known) and doc[i - 1].pos_ in ("PROPN", "ADJ", "NOUN")
    ):
        i -= 1
    return i


def _last(doc: Doc, head: Token, known: dict[int, Kind]) -> int:
    """Where it ends: after what it is of or for."""
    end = head.i + 1
    while end < len(doc) and not doc[end].is_sent_start:
        here = end
        if doc[end].lower_ in _JOINTS:
            after = end + 1 + (end + 1 < len(doc) and doc[end + 1].lower_ == "the")
            while after < len(doc) and _is_part(doc[after], known) and not doc[after].is_sent_start:
                after += 1
                here = after
        elif doc[end].lower_ == "and" and doc[end - 1].text in _FIELDS:
            after = end + 1
            while after < len(doc) and doc[after].text in _FIELDS:
                after += 1
                here = after
        if here == end:
            break
        end = here
    return end


def _is_part(token: Token, known: dict[int, Kind]) -> bool:
    """Whether a word may belong to a body's name."""
    return token.i not in known and token.text[:1].isupper() and token.is_alpha and not token.is_stop
