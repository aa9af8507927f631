"""Names that the model finds and the catalogue lacks, with the words trimmed that do not belong to them."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator

from kgraph.catalogue import Catalogue, Entry
from kgraph.reading.documents import Document
from kgraph.reading.mentions.kinds import kind_of
from kgraph.reading.mentions.name import Name
from kgraph.reading.tokens import Doc, Span, Token
from kgraph.records import Kind

KINDS = {"PERSON": Kind.PERSON, "ORG": Kind.ORGANIZATION, "GPE": Kind.PLACE, "LOC": Kind.PLACE, "FAC": Kind.PLACE}
_TITLES = frozenset(
    """mr mrs ms dr sir lord president prime minister general gen. colonel col. major lieutenant captain admiral
    commander king queen prince crown sheikh ayatollah secretary chancellor senator sen. rep. ambassador
    foreign defence defense interior spokesman spokeswoman chief leader brigadier sergeant marshal emir sultan
    pope judge minister former then-president deputy acting interim vice capt capt. lt lt. maj maj. sgt sgt.
    cmdr cmdr. adm adm. brig brig. cpl cpl. spc spc. pvt rear gen col rep sen gov gov. getty reuters afp epa
    twitter facebook flickr navy senior petty officer staff corporal private specialist
    spokesperson undersecretary archbishop bishop special adviser advisor director chairman""".split()
)
_RANKS = frozenset(
    "mr mr. mrs mrs. dr dr. gen gen. col col. capt capt. getty reuters afp epa twitter facebook flickr president".split()
)
_BEFORE = frozenset(("near", "outside", "in", "at", "from", "around"))  # "Near Palmyra" at the head of a line
_EDGE = frozenset("POS DET PUNCT SPACE PART CCONJ ADP AUX PRON".split())
_SENTENCE_WORDS = frozenset(("VERB", "AUX", "PRON", "SCONJ"))
_NO_NAME = re.compile(r"[\W\d_]+|[a-z][\w .'’-]*")
# What the model takes for a body or a place but names nobody in particular.
_GENERIC = frozenset(
    """parliament congress senate cabinet government army navy air force police court supreme house state council
    ministry treasury armed forces security forces foreign defence defense east west north south coast guard
    eastern western northern southern middle western islam islamist christian muslim sunni shia god covid
    covid-19 internet twitter facebook telegram x youtube instagram whatsapp monday tuesday wednesday thursday
    friday saturday sunday read more advertisement takfiri takfiris shias sunnis shiites salafi salafis
    caliphate kurds motherland manpads isil-held jihad unofficial verbal north-east north-west south- east
    south-west republican democrat republicans democrats left right
    uav uavs vbied vbieds ied ieds ngo ngos mp mps pow pows ceo ceos tv suv suvs pac gmt hq wmd wmds icbm icbms pmc pmcs
    question answer moderator idp idps apb dna gdp gps""".split()
)


def model_names(document: Document, catalogue: Catalogue, part: range) -> Iterator[Name]:
    """The model's people, bodies and places; two people without a comma between them are one."""
    for entity in _joined(document.doc, part):
        if entity.label_ not in KINDS or not (span := _trimmed(entity)) or not _is_name(span):
            continue
        entries = catalogue.lookup(span.text) or _respelt(span, catalogue)
        kind = entries[0].kind if entries else kind_of(span, KINDS[entity.label_])
        if kind and (entries or not _is_only_headline(document, span)):
            yield Name(
                span.start, span.end, kind, entries, "model", "capital" if _is_capital(span, entries) else "name"
            )


def _joined(doc: Doc, part: range) -> Iterator[Span]:
    """The model's spans, those of one person in one piece: "Abd Rabbuh" + "Mansur Hadi"."""
    spans = deque(entity for entity in doc.ents_in(part) if entity.label_ in KINDS)
    while spans:
        span = spans.popleft()
        if spans and span.label_ == spans[0].label_ == "PERSON" and span.end == spans[0].start and len(span) < 4:
            after = spans.popleft()
            span = Span(doc, span.start, after.end, label="PERSON")
        if span.label_ == "PERSON" and 1 < len(span) < 4 and span.end < len(doc) and _goes_on(span):
            span = Span(doc, span.start, span.end + 1, label="PERSON")
        yield _once(span)


def _once(span: Span) -> Span:
    """A name that a page repeats, once: "Ada Kell Ada Kell"."""
    half = len(span) // 2
    twice = half > 1 and all(span[n + half].text.startswith(span[n].text) for n in range(half))
    return span[:half] if twice else span


def _goes_on(span: Span) -> bool:
    """Whether the word after a person's name is a part of it that the model left out: "Ahmed Kamil" + "Murad"."""
    after = span.doc[span.end]
    free = not after.ent_type_ and after.pos_ == "PROPN" and after.is_alpha and after.text.istitle()
    return free and not after.is_sent_start and span[-1].head == after


def _respelt(span: Span, catalogue: Catalogue) -> tuple[Entry, ...]:
    """What the catalogue knows a name in other capitals as: "MOSCOW", "Nato", "Government of Iraq"."""
    text = span.text
    if text.isupper() and len(text) > 4:
        return catalogue.lookup(text.title())
    if text.isalpha() and text.istitle() and 3 < len(text) < 8:
        return catalogue.lookup(text.upper())
    _, _, whose = text.partition(" of ")
    return catalogue.lookup(whose) if span[0].text in ("Government", "Governments", "Republic", "Kingdom") else ()


def _is_capital(span: Span, entries: tuple[Entry, ...]) -> bool:
    return bool(entries and span.text.title() in entries[0].capital)


def _is_only_headline(document: Document, span: Span) -> bool:
    """Whether a span stands in a headline with Capitals Everywhere and nowhere else: it may be any words."""
    if not document.is_heading(span[0]):
        return False
    line = [token for token in span.sent if token.is_alpha and len(token) > 3]
    loud = len(line) > 3 and sum(token.text[0].isupper() for token in line) > 0.8 * len(line)
    return loud and document.article.text.count(span[-1].text) < 2


def _trimmed(span: Span) -> Span | None:
    """The span without articles, titles, possessive endings and punctuation at its edges."""
    ranks = (_TITLES if span.label_ == "PERSON" else _RANKS) | _BEFORE
    while len(span) and (span[0].pos_ in _EDGE or span[0].lower_ in ranks or _is_small(span[0])):
        span = span[1:]
    while len(span) and (span[-1].pos_ in _EDGE or span[-1].text in ("'s", "’s", "'", "’") or _is_cut(span)):
        span = span[:-1]
    return span if len(span) else None


def _is_cut(span: Span) -> bool:
    """Whether a span's last word is none of a name's, as "taek" of "Jung-taek" is."""
    return _is_small(span[-1]) and not (len(span) > 2 and span[-2].text == "-" and not span[-2].whitespace_)


def _is_small(token: Token) -> bool:
    return not token.text[:1].isupper() and not token.text[:1].isdigit()


def is_generic(span: Span) -> bool:
    """Whether the words of a span name nobody in particular: "the Foreign Ministry"."""
    return all(token.lower_ in _GENERIC for token in span if token.is_alpha)


def _is_name(span: Span) -> bool:
    """Whether a span can be a name: capitals, no sentence, no word that names nobody in particular."""
    if _NO_NAME.fullmatch(span.text) or is_generic(span):
        return False
    if len(span) > 7 or any(token.pos_ in _SENTENCE_WORDS for token in span):
        return False
    return not any(token.is_sent_start for token in span[1:]) and (len(span.text) > 2 or span.text.isupper())
