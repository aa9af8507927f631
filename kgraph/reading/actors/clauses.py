"""The subjects that govern a word by grammar: of its own clause, then of the clauses around it."""

from __future__ import annotations

from collections.abc import Iterator

from kgraph.reading.actors.scene import SUBJECTS
from kgraph.reading.actors.words import words
from kgraph.reading.tokens import Token

VERBS = ("VERB", "AUX")
_ASKED = frozenset(("on", "for", "to", "with"))  # "called on Iran to"
_ASKING = frozenset(
    ("call", "appeal", "urge", "ask", "press", "push", "order", "force", "warn", "tell", "plead", "allow")
)
_MADE_TO = frozenset(("of", "from", "into", "for"))  # "accused Iran of sending", "kept Iran from sending"


def governing(token: Token) -> Iterator[Token]:
    """Subjects that stand before a word and of which it is no part, the nearest clause first."""
    node = token
    while node.dep_ != "ROOT" and node.head.i != node.i:
        head = node.head
        if node.dep_ == "conj" and token.dep_ == "poss" and node.pos_ in ("NOUN", "PROPN"):
            yield head  # "the US and its allies"
        if head.pos_ in VERBS and node.dep_ in SUBJECTS:  # "Peru is glad, its ministry said"
            said = (c for c in head.children if c.dep_ == "ccomp" and c.i < node.i)
            yield from (s for clause in said for s in subjects_of(clause))
        if head.pos_ in VERBS:
            yield from (s for s in subjects_of(head) if s.i < token.i and s.i != node.i)
        elif node.dep_ in ("acl", "relcl") and node.pos_ in VERBS and not _own(node):
            yield head
        node = head


def subjects_of(verb: Token) -> list[Token]:
    """A verb's own subjects; else who is made or asked to do what it says."""
    if own := _own(verb):
        return own
    matrix, preposition = verb.head, ""
    if verb.dep_ == "pcomp":
        matrix, preposition = verb.head.head, verb.head.lower_
    asked_to = verb.dep_ in ("xcomp", "advcl") and verb.tag_ == "VB" and matrix.lemma_ in _ASKING
    if matrix.pos_ not in VERBS or not (asked_to or verb.dep_ == "xcomp" or preposition in _MADE_TO):
        return []
    objects = [c for c in matrix.children if c.dep_ in ("dobj", "dative") and c.i < verb.i]
    if not objects and asked_to:
        asked = (c for c in matrix.children if c.dep_ == "prep" and c.lower_ in _ASKED and c.i < verb.i)
        objects = [o for prep in asked for o in prep.children if o.dep_ == "pobj"]
    return objects


def _own(verb: Token) -> list[Token]:
    return [child for child in verb.children if child.dep_ in SUBJECTS]


def judged(token: Token) -> Iterator[Token]:
    """Who is judged where a word says for what, the nearest first: "condemned Iran for its attack"."""
    node = token
    while node.dep_ != "ROOT" and node.pos_ not in VERBS:
        head = node.head
        if node.dep_ == "prep" and node.lower_ in ("for", "over") and head.lemma_.lower() in words("judging"):
            yield from reversed([t for t in token.doc[head.i + 1 : node.i] if t.dep_ in ("dobj", "pobj")])
        node = head
