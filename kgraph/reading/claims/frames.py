"""The reader `frames`: which of the frames of schema.yaml (see vocabulary.py) fit around the words of an article."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations, islice, product

from kgraph.catalogue import Catalogue
from kgraph.reading.actors import Cast, Reference
from kgraph.reading.claims.arguments import is_misread_verb
from kgraph.reading.claims.roles import Match, Scene, conditions_hold, distinct, fillers, further, match_of, scene_of
from kgraph.reading.claims.vocabulary import TRIGGERS, Frame, frames
from kgraph.reading.documents import Document
from kgraph.reading.tokens import Span, Token

_JOINED = frozenset(("secretary", "co", "counter", "air", "drone", "missile", "rocket", "cyber"))  # "air-strikes"
_MOST_PAIRS = 5000  # of actors that one word joins: a hundred who sign one pact


def find_matches(document: Document, cast: Cast, catalogue: Catalogue) -> Iterator[Match]:
    """Every frame that fits somewhere in a document, in the order of the text; one match a pair of key actors."""
    scene = scene_of(document, cast, catalogue)
    for sentence in document.doc.sents:
        yield from matches_in(sentence, scene)


def matches_in(sentence: Span, scene: Scene) -> Iterator[Match]:
    """Every frame that fits somewhere in a sentence."""
    index = frames()
    for token in sentence:
        for frame in _frames_for(token, scene.cast, index):
            if _is_triggered(frame, token):
                yield from _matches(frame, token, scene)


def _frames_for(token: Token, cast: Cast, index: Mapping[str, tuple[Frame, ...]]) -> Iterator[Frame]:
    """The frames that a token may trigger: by its lemma, its form, its verb with a particle, or as a name ("*")."""
    named = bool(cast.at.get(token.i)) and cast.at[token.i][0].use == "name"
    for word in dict.fromkeys((token.lemma_.lower(), token.lower_, _with_particle(token), "*" if named else "")):
        yield from index.get(word, ())


def _with_particle(token: Token) -> str:
    return next((f"{token.lemma_.lower()}+{child.lower_}" for child in token.children if child.dep_ == "prt"), "")


def _is_triggered(frame: Frame, token: Token) -> bool:
    if frame.trigger == "hyphen":
        return token.i > 1 and token.nbor(-1).text in "-–" and not token.nbor(-1).whitespace_
    if frame.trigger == "name":
        return True
    hyphened = token.i > 1 and token.nbor(-1).text == "-" and not token.nbor(-1).whitespace_
    if hyphened and token.pos_ == "NOUN" and token.nbor(-2).lower_ in _JOINED:
        hyphened = False
    if frame.trigger == "verb" and token.pos_ == "ADJ" and any(child.dep_ == "dobj" for child in token.children):
        return True  # "to have armed Hezbollah", where the tagger sees an adjective
    if frame.trigger == "verb" and (is_misread_verb(token) or (hyphened and _is_compound_verb(token))):
        return True
    return token.pos_ in TRIGGERS[frame.trigger] and not hyphened


def _is_compound_verb(token: Token) -> bool:
    """ "Test-fired", "air-dropped": a verb for all its hyphen, unless it only describes a noun."""
    return token.pos_ == "VERB" and token.dep_ not in ("amod", "acl", "compound", "nmod")


def _matches(frame: Frame, token: Token, scene: Scene) -> Iterator[Match]:
    if not conditions_hold(frame, token, scene.cast):
        return
    pairs = list(_key_pairs(frame, token, scene))
    more = list(further(frame, token, scene)) if pairs else []
    for one, other in pairs:
        yield match_of("frames", frame, token, one, other, more)


def _key_pairs(frame: Frame, token: Token, scene: Scene) -> Iterator[tuple[Reference, Reference]]:
    """The pairs of actors that a frame joins; nobody is joined with himself."""
    names = ("a", "b") if frame.relation.symmetric else frame.relation.key_roles
    one, other = ([*fillers(frame, name, token, scene)] for name in names)
    pairs: Iterable[tuple[Reference, Reference]] = product(one, other)
    if not (one and other) and "pair" in frame.roles:
        pairs = combinations(distinct(fillers(frame, "pair", token, scene)), 2)
    yield from islice(((a, b) for a, b in pairs if a.local != b.local), _MOST_PAIRS)
