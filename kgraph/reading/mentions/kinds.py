"""What kind of actor an unknown name is, by its own words and those beside it; the model's label is only a guess."""

from __future__ import annotations

from kgraph.reading.tokens import Span
from kgraph.records import Kind

# The last word of a place's name, the first of another's: "Tiyas Military Airfield", "Camp Aguinaldo".
_PLACE_ENDS = frozenset(
    """airfield airport airbase base dam mountain mountains river hospital bridge island islands valley province district
    street square strait sea bay shoal governorate region camp city crossing lake desert peninsula port harbour harbor road
    highway prison stadium oasis heights hills hill corridor county oblast canal coast ridge pass plateau reef town
    village""".split()
)
_PLACE_STARTS = frozenset("camp fort mount lake port cape gulf strait bay jabal jebel wadi fort tel tall deir".split())
_PLACE_NOUNS = frozenset("town village city district province suburb neighbourhood neighborhood island port".split())
_BODY_ENDS = frozenset(
    """ministry agency council committee commission company corporation corp corp. inc inc. ltd association union university
    institute foundation party court department office bureau bank group times post news news. command corps brigade division
    regiment battalion battery authority organization organisation board press network service center centre ltd.
    airlines airways holdings industries shipping""".split()
)
_GROUP_NOUNS = frozenset("militia militias rebels militants fighters insurgents gang cartel guerrillas".split())
_GROUP_ADJECTIVES = frozenset(
    "rebel militant insurgent jihadist terrorist armed islamist separatist paramilitary".split()
)
_GROUP_ENDS = frozenset("front brigades mujahideen militia militias cartel guerrillas guerrilla fedayeen".split())
# Names of texts, deals, events and decorations: no actors.
_NO_ACTOR_ENDS = frozenset(
    """agreement treaty act accord accords law medal pact edge initiative plan statement deal resolution summit conference
    protocol convention constitution declaration charter award star prize doctrine war battle operation exercise festival
    revolution spring day week year amendment bill programme program project report review strategy process campaign cup
    championship olympics games era ceasefire truce memorandum index crisis moves fight talks""".split()
)
_ROLES = frozenset(
    """spokesman spokeswoman spokesperson minister president general colonel ambassador senator commander captain admiral
    lieutenant adviser advisor professor sheikh mullah journalist activist prosecutor""".split()
)
_NEARBY = frozenset(("near", "outside"))


def kind_of(span: Span, guess: Kind) -> Kind | None:
    """The kind of actor that a name is of, None if it names no actor."""
    words = [token.lower_ for token in span if token.is_alpha or token.text.endswith(".")]
    if not words or (words[-1] in _NO_ACTOR_ENDS and len(words) > 1):
        return None
    beside = _beside(span)
    if len(span) == 1 and 1 < len(span.text) < 7 and span.text.isupper() and guess in (Kind.PERSON, Kind.PLACE):
        return None if _is_label(span) else Kind.ORGANIZATION
    if len(words) > 1 and (words[-1] in _PLACE_ENDS or words[0] in _PLACE_STARTS):
        return Kind.PLACE if guess is not Kind.ORGANIZATION or words[-1] not in _BODY_ENDS else guess
    if len(words) > 1 and words[-1] in _BODY_ENDS:
        return Kind.ORGANIZATION
    if len(words) > 1 and words[-1] in _GROUP_ENDS:
        return Kind.GROUP
    return beside or guess


def _beside(span: Span) -> Kind | None:
    """What the words around a name call it: "the village of X", "the rebel group X", "X fighters"."""
    doc, start, end = span.doc, span.start, span.end
    before = [token.lower_ for token in doc[max(0, start - 2) : start]]
    after = doc[end].lower_ if end < len(doc) else ""
    if len(before) == 2 and before[1] == "of" and before[0] in _PLACE_NOUNS:
        return Kind.PLACE
    if before and before[-1] in _NEARBY and span.label_ == "PERSON":
        return Kind.PLACE
    if before and before[-1] in _ROLES and span.label_ in ("ORG", "GPE", "FAC"):
        return Kind.PERSON
    if before and before[-1] == "group" and before[0] in _GROUP_ADJECTIVES:
        return Kind.GROUP
    if after in _GROUP_NOUNS and span.label_ in ("ORG", "PERSON", "NORP"):
        return Kind.GROUP
    return None


def _is_label(span: Span) -> bool:
    """Whether capitals only say whose turn it is to speak: "SMITH: We agree"."""
    return span.end < len(span.doc) and span.doc[span.end].text == ":" and span[0].is_sent_start is True
